/**
 * Owns the learners of one session: a table of values for each startup, and the periods in which all set prices at
 * once, earn, and update one value each (Watkins and Dayan 1992, Machine Learning 8; as played in Calvano et al. 2020).
 */
import { plainFunction } from '../../engine/backends/javascript.ts'
import { assert } from '../../engine/errors.ts'
import { exp } from '../../engine/numerics/exponential.ts'
import { routine } from '../../engine/trace/routine.ts'
import { Tracer, withTracer } from '../../engine/trace/tracer.ts'
import { fillWords, type WordsAddress } from '../../engine/numerics/words.ts'
import { streamId } from '../../engine/numerics/streams.ts'
import { type LearningSettings, stateCountOf } from './settings.ts'
import type { StageGame } from './stage-game.ts'

/** Periods whose random words are made at once; a multiple of four, so that they are whole blocks. */
const PERIODS_AT_ONCE = 256
const WORD_RANGE = 2 ** 32

const STREAM = streamId('q-learning')
/** What words of a session are for: two purposes never share any. */
const PURPOSE = { firstState: 0, exploration: 1 } as const

/** Which session of a study. */
export interface SessionAddress {
  /** The study's key: four words, of `seedKeyOf`. */
  readonly key: readonly number[]
  /** Number of the session, from 0. */
  readonly session: number
}

/** What one period is, as `QLearners.playGiven` is told. */
export interface Period {
  /** State in which prices are set. */
  readonly state: number
  /** Price of each startup, as a position in its grid. */
  readonly actions: ArrayLike<number>
}

/**
 * Learners that play a game against each other. A state is the combination of prices of the last period; with longer
 * memory, the sum over past periods of combination * combinations^(age - 1).
 *
 * A value starts at what a price would earn for ever if rivals set all prices equally often. Of prices of equal value
 * the one that was greedy stays so.
 */
export class QLearners {
  readonly game: StageGame
  readonly settings: LearningSettings
  readonly stateCount: number
  readonly #address: SessionAddress
  readonly #tables: Tables
  readonly #words: Uint32Array
  readonly #actions: Int32Array
  readonly #decay: number
  #epsilon = 1
  #state: number
  #period = 0
  #unchanged = 0

  /** @throws RivalryError `out-of-range` when the tables would not fit. */
  constructor(game: StageGame, settings: LearningSettings, address: SessionAddress) {
    const count = game.startups.length
    this.game = game
    this.settings = settings
    this.stateCount = stateCountOf(game, settings.memoryPeriods)
    this.#address = address
    const rows = count * this.stateCount
    this.#tables = {
      values: firstValues(game, this.stateCount, settings.discountFactor),
      best: new Float64Array(rows),
      bound: new Float64Array(rows),
      greedy: new Uint8Array(rows),
    }
    for (let row = 0; row < rows; row++) rank(this.#tables, row, game.priceCount)
    this.#words = new Uint32Array(PERIODS_AT_ONCE * count)
    this.#actions = new Int32Array(count)
    this.#decay = plainExp(-settings.explorationDecay)
    const first = new Uint32Array(4)
    fillWords(first, { ...wordsOf(address), purpose: PURPOSE.firstState, firstBlock: 0 })
    this.#state = Math.floor((first[0]! / WORD_RANGE) * this.stateCount)
  }

  /** Periods played so far. */
  get period(): number {
    return this.#period
  }

  /** The state in which the next prices are set. */
  get state(): number {
    return this.#state
  }

  /** The probability with which a startup explores in the next period. */
  get epsilon(): number {
    return this.#epsilon
  }

  /** Whether no greedy price has changed for as long as the settings ask. */
  get hasConverged(): boolean {
    return this.#unchanged >= this.settings.convergencePeriods
  }

  /** The price of largest value, as a position in the startup's grid. */
  greedyAction(startup: number, state: number): number {
    return this.#tables.greedy[this.#row(startup, state)]!
  }

  /** The value of a price: discounted profit from now on, currency. */
  value(startup: number, state: number, action: number): number {
    return this.#tables.values[this.#row(startup, state) * this.game.priceCount + action]!
  }

  #row(startup: number, state: number): number {
    return state * this.game.startups.length + startup
  }

  /** The state that follows when these prices are set in a state. */
  nextState(state: number, actions: ArrayLike<number>): number {
    const combination = combinationOf(actions, this.game.priceCount)
    const { memoryPeriods } = this.settings
    if (memoryPeriods <= 1) return memoryPeriods * combination
    const combinations = this.game.profits.length / this.game.startups.length
    return (state * combinations + combination) % this.stateCount
  }

  /** Plays until the session has converged or `mostPeriods` have been played, `periods` more at most. */
  play(periods: number = Infinity): void {
    const { convergencePeriods, mostPeriods } = this.settings
    const end = Math.min(mostPeriods, this.#period + periods)
    while (this.#period < end && this.#unchanged < convergencePeriods) {
      const start = this.#period - (this.#period % PERIODS_AT_ONCE)
      fillWords(this.#words, {
        ...wordsOf(this.#address),
        purpose: PURPOSE.exploration,
        firstBlock: (start / 4) * this.game.startups.length,
      })
      this.#playPeriods(start, Math.min(end, start + PERIODS_AT_ONCE))
    }
  }

  /** Plays one period in a given state with given prices instead of those that the learners would set. */
  playGiven({ state, actions }: Period): void {
    this.#state = state
    this.#playPeriods(this.#period, this.#period + 1, actions)
  }

  /**
   * The periods up to `end`, of the words that start with period `start`. One function with everything in local
   * variables: a third faster than one that asks others for an action and an update.
   */
  #playPeriods(start: number, end: number, given?: ArrayLike<number>): void {
    const { learningRate, discountFactor, convergencePeriods, memoryPeriods } = this.settings
    const { profits, priceCount } = this.game
    const { values, best, bound, greedy } = this.#tables
    const actions = this.#actions
    const words = this.#words
    const decay = this.#decay
    const states = this.stateCount
    const count = actions.length
    const combinations = profits.length / count
    const kept = 1 - learningRate
    let state = this.#state
    let epsilon = this.#epsilon
    let unchanged = this.#unchanged
    let period = this.#period
    for (; period < end && unchanged < convergencePeriods; period++) {
      // One word says whether a startup explores, and if it does, where it stands below the limit says the price.
      const limit = Math.floor(epsilon * WORD_RANGE)
      const first = (period - start) * count
      let combination = 0
      for (let i = count - 1; i >= 0; i--) {
        let action = 0
        if (given === undefined) {
          const word = words[first + i]!
          action = word < limit ? ((word * priceCount) / limit) | 0 : greedy[state * count + i]!
        } else action = given[i]!
        actions[i] = action
        combination = combination * priceCount + action
      }
      epsilon *= decay
      const next =
        memoryPeriods === 1
          ? combination
          : memoryPeriods === 0
            ? 0
            : (state * combinations + combination) % states

      let hasChanged = false
      for (let i = 0; i < count; i++) {
        const action = actions[i]!
        const row = state * count + i
        const at = row * priceCount + action
        const worth = profits[combination * count + i]! + discountFactor * best[next * count + i]!
        const value = kept * values[at]! + learningRate * worth
        values[at] = value
        if (action === greedy[row]) {
          if (value >= bound[row]!) best[row] = value
          else {
            // Another price may have become better: look at all of them.
            rank(this.#tables, row, priceCount)
            if (greedy[row] !== action) hasChanged = true
          }
        } else if (value > best[row]!) {
          bound[row] = best[row]!
          best[row] = value
          greedy[row] = action
          hasChanged = true
        } else if (value > bound[row]!) bound[row] = value
      }
      unchanged = hasChanged ? 0 : unchanged + 1
      state = next
    }
    this.#state = state
    this.#epsilon = epsilon
    this.#unchanged = unchanged
    this.#period = period
  }
}

/**
 * What learners remember. A row is a state and a startup, `state * startups + startup`: a period reads what all know of
 * one state, and with four startups the tables are larger than most caches.
 */
interface Tables {
  /** Q: `[row * prices + action]`. */
  readonly values: Float64Array
  /** Largest value of a row. */
  readonly best: Float64Array
  /** What no value of a row exceeds but the largest. */
  readonly bound: Float64Array
  /** The price of largest value. */
  readonly greedy: Uint8Array
}

/** Finds the largest value of a row and the next one; the greedy price stays if no other has a larger value. */
function rank({ values, best, bound, greedy }: Tables, row: number, priceCount: number): void {
  const first = row * priceCount
  const before = greedy[row]!
  let largest = values[first + before]!
  let nextLargest = -Infinity
  let action = before
  for (let other = 0; other < priceCount; other++) {
    if (other === before) continue
    const value = values[first + other]!
    if (value > largest) {
      nextLargest = largest
      largest = value
      action = other
    } else if (value > nextLargest) nextLargest = value
  }
  best[row] = largest
  bound[row] = nextLargest
  greedy[row] = action
}

/** The combination of prices that actions make: the sum of action * priceCount^startup. */
export function combinationOf(actions: ArrayLike<number>, priceCount: number): number {
  let combination = 0
  for (let i = actions.length - 1; i >= 0; i--) combination = combination * priceCount + actions[i]!
  return combination
}

/** Mean profit of each price over all prices of the rivals, for ever: the same in every state. */
function firstValues(game: StageGame, stateCount: number, discountFactor: number): Float64Array {
  const { priceCount, profits, startups } = game
  const count = startups.length
  const combinations = profits.length / count
  assert(Number.isInteger(combinations), 'every startup has a profit at every combination', profits.length)
  const row = new Float64Array(count * priceCount)
  startups.forEach((_, i) => {
    const digit = combinationOf([...Array<number>(i).fill(0), 1], priceCount)
    for (let combination = 0; combination < combinations; combination++)
      row[i * priceCount + (Math.floor(combination / digit) % priceCount)]! +=
        profits[combination * count + i]!
  })
  for (let at = 0; at < row.length; at++) row[at]! /= (combinations / priceCount) * (1 - discountFactor)
  const values = new Float64Array(row.length * stateCount)
  for (let state = 0; state < stateCount; state++) values.set(row, state * row.length)
  return values
}

/** The engine's exponential function as a plain one: the same bits everywhere. */
const plainExp = withTracer(
  new Tracer({ laneParameters: new Set(), laneFlows: new Set(), written: new Set() }),
  () => plainFunction(routine('exp', ['num'], (x) => exp(x)) as never),
)

/** Where the random words of a session stand. */
function wordsOf({ key, session }: SessionAddress): Pick<WordsAddress, 'key' | 'stream' | 'index'> {
  return { key, stream: STREAM, index: session }
}
