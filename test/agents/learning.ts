/**
 * Owns what tests of learners compare with: games of a few figures, and Q-learning written out from its definition with
 * nothing clever about it.
 */
import type { LearningSettings, StageGame } from '../../agents/learning/index.ts'
import { streamId } from '../../engine/numerics/streams.ts'
import { threefryRoutine } from '../../engine/numerics/threefry.ts'
import { plain } from '../numerics/evaluate.ts'

/** Prices 1 and 2: both high earn 3, both low earn 1, a low price against a high one earns `temptation`, the other 0. */
export function dilemma(temptation: number): StageGame {
  return {
    startups: ['left', 'right'],
    priceCount: 2,
    prices: [
      [1, 2],
      [1, 2],
    ],
    // Combinations: both low; left high; right high; both high.
    profits: Float64Array.of(1, 1, 0, temptation, temptation, 0, 3, 3),
    nash: { prices: [1, 1], profits: [1, 1] },
    joint: { prices: [2, 2], profits: [3, 3] },
  }
}

/** Threefry of the engine: a block of four words. */
export const threefryBlock: (...words: number[]) => number[] = plain(threefryRoutine)

/** What a session of the plain learners comes to. */
export interface PlainSession {
  readonly periods: number
  /** `[startup][state][action]` */
  readonly values: readonly (readonly (readonly number[])[])[]
  /** Actions of everybody in each remembered period, the last one first. */
  readonly remembered: readonly (readonly number[])[]
}

/**
 * Q-learning by the definition: whole tables, every greedy price found anew among all prices, exploration by e^(-beta t).
 * Only the words are the engine's: word w of a session is lane w mod 4 of a block.
 */
export function plainSession(
  game: StageGame,
  { learningRate, explorationDecay, discountFactor, memoryPeriods, convergencePeriods }: LearningSettings,
  { key, session, periods }: { key: readonly number[]; session: number; periods: number },
): PlainSession {
  const count = game.startups.length
  const m = game.priceCount
  const combinations = m ** count
  const states = combinations ** memoryPeriods
  const block = (purpose: number, number: number): number[] =>
    threefryBlock(...key, session, streamId('q-learning'), purpose, number)
  const profit = (actions: readonly number[], i: number): number =>
    game.profits[actions.reduce((sum, action, j) => sum + action * m ** j, 0) * count + i]!
  const actionsOf = (combination: number): number[] =>
    Array.from({ length: count }, (_, i) => Math.floor(combination / m ** i) % m)
  const every = Array.from({ length: combinations }, (_, combination) => actionsOf(combination))

  const values = game.startups.map((_, i) =>
    Array.from({ length: states }, () =>
      Array.from({ length: m }, (__, action) => {
        const against = every.filter((actions) => actions[i] === action)
        return (
          against.reduce((sum, actions) => sum + profit(actions, i), 0) /
          against.length /
          (1 - discountFactor)
        )
      }),
    ),
  )
  let firstState = Math.floor((block(0, 0)[0]! / 2 ** 32) * states)
  let remembered = Array.from({ length: memoryPeriods }, () => {
    const actions = actionsOf(firstState % combinations)
    firstState = Math.floor(firstState / combinations)
    return actions
  })
  const stateOf = (past: readonly (readonly number[])[]): number =>
    past.reduce(
      (sum, actions, age) =>
        sum + actions.reduce((low, action, i) => low + action * m ** i, 0) * combinations ** age,
      0,
    )
  const greedy = (i: number, state: number): number =>
    values[i]![state]!.indexOf(Math.max(...values[i]![state]!))

  let unchanged = 0
  let period = 0
  for (; period < periods && unchanged < convergencePeriods; period++) {
    const state = stateOf(remembered)
    const limit = Math.floor(Math.exp(-explorationDecay * period) * 2 ** 32)
    const actions = game.startups.map((_, i) => {
      const w = period * count + i
      const word = block(1, Math.floor(w / 4))[w % 4]!
      return word < limit ? Math.floor((word * m) / limit) : greedy(i, state)
    })
    const past = [actions, ...remembered].slice(0, memoryPeriods)
    const next = stateOf(past)
    const before = game.startups.map((_, i) => greedy(i, state))
    const targets = game.startups.map(
      (_, i) => profit(actions, i) + discountFactor * Math.max(...values[i]![next]!),
    )
    targets.forEach((target, i) => {
      const row = values[i]![state]!
      row[actions[i]!] = (1 - learningRate) * row[actions[i]!]! + learningRate * target
    })
    unchanged = before.every((action, i) => action === greedy(i, state)) ? unchanged + 1 : 0
    remembered = past
  }
  return { periods: period, values, remembered }
}
