/**
 * Owns what learners do once they have learnt: the cycle of greedy prices that they end in, and how they answer when one
 * of them is made to set another price for one period. Nobody explores or learns any more.
 */
import { type QLearners, combinationOf } from './q-learners.ts'

/** Periods for which prices after a deviation are reported, that of the deviation included. */
export const RESPONSE_PERIODS = 16
/** Later profits are left out when their weight is below this. */
const NEGLIGIBLE = 1e-10
/** Profits that differ by less than this share of the undisturbed ones are equal. */
const EQUAL = 1e-9

/** Startups that set prices by what they see: learners, or anything else of fixed rules. */
export type GreedyPlay = Pick<QLearners, 'game' | 'settings' | 'state' | 'greedyAction' | 'nextState'>

/** The prices that learners repeat for ever. */
export interface LimitCycle {
  /** States in which prices are set, in order. */
  readonly states: readonly number[]
  /** Mean price over the cycle by startup, currency a month. */
  readonly prices: readonly number[]
  /** Mean profit over the cycle by startup, currency a month. */
  readonly profits: readonly number[]
}

/** The prices that follow a deviation, as ratios to what they would have been without it, by period from that of the deviation. */
export interface PriceResponse {
  readonly deviator: readonly number[]
  /** Mean over the rivals. */
  readonly rivals: readonly number[]
}

/**
 * How learners answer deviations for one period to the best response on the grid to what rivals set in that period:
 * by every startup in every state of the limit cycle, where that is another price than its own.
 *
 * Source: Calvano et al. (2020).
 */
export interface DeviationResponse {
  /** How many deviations there are; all below are 0 where there are none. */
  readonly deviations: number
  /** Share of them that earn the deviator less than no deviation, discounted. */
  readonly unprofitableShare: number
  /** Share of them after which rivals' mean price is lower in the next period than it would have been. */
  readonly punishedShare: number
  /** Share of them after which all prices are as they would have been, at the end of the reported periods. */
  readonly forgottenShare: number
  /** Mean over deviations. */
  readonly prices: PriceResponse
}

/** Greedy prices of all startups in a state, as positions in their grids. */
export function greedyActions(learners: GreedyPlay, state: number): number[] {
  return learners.game.startups.map((_, i) => learners.greedyAction(i, state))
}

/** The cycle that greedy prices lead to from the state in which the learners are. */
export function limitCycle(learners: GreedyPlay): LimitCycle {
  const { game } = learners
  const visitedAt = new Map<number, number>()
  const path: number[] = []
  let { state } = learners
  while (!visitedAt.has(state)) {
    visitedAt.set(state, path.length)
    path.push(state)
    state = learners.nextState(state, greedyActions(learners, state))
  }
  const states = path.slice(visitedAt.get(state))
  const mean = (of: (startup: number, actions: readonly number[]) => number): number[] =>
    game.startups.map(
      (_, i) => states.reduce((sum, each) => sum + of(i, greedyActions(learners, each)), 0) / states.length,
    )
  return {
    states,
    prices: mean((i, actions) => game.prices[i]![actions[i]!]!),
    profits: mean((i, actions) => profitOf(learners, i, actions)),
  }
}

/** What every possible deviation from a limit cycle leads to. */
export function deviationResponse(learners: GreedyPlay, { states }: LimitCycle): DeviationResponse {
  const outcomes = states.flatMap((state) =>
    learners.game.startups.flatMap((_, deviator) => {
      const actions = greedyActions(learners, state)
      const best = bestResponse(learners, deviator, actions)
      return best === actions[deviator] ? [] : [afterDeviation(learners, { state, deviator, action: best })]
    }),
  )
  const mean = (of: (outcome: Outcome) => number): number =>
    outcomes.length === 0 ? 0 : outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / outcomes.length
  const periods = Array.from({ length: RESPONSE_PERIODS }, (_, period) => period)
  return {
    deviations: outcomes.length,
    unprofitableShare: mean(({ gain }) => (gain < 0 ? 1 : 0)),
    punishedShare: mean(({ rivals }) => (rivals[1]! < 1 ? 1 : 0)),
    forgottenShare: mean(({ isForgotten }) => (isForgotten ? 1 : 0)),
    prices: {
      deviator: periods.map((period) => mean((outcome) => outcome.deviator[period]!)),
      rivals: periods.map((period) => mean((outcome) => outcome.rivals[period]!)),
    },
  }
}

interface Outcome {
  /** Ratios to the undisturbed prices, by period. */
  readonly deviator: readonly number[]
  readonly rivals: readonly number[]
  /** Discounted profit of the deviator above the undisturbed one; 0 where they are equal but for rounding. */
  readonly gain: number
  readonly isForgotten: boolean
}

/** The price of the grid that earns a startup most in one period, given the others' prices. */
function bestResponse(learners: GreedyPlay, startup: number, actions: readonly number[]): number {
  let best = 0
  let most = -Infinity
  for (let action = 0; action < learners.game.priceCount; action++) {
    const profit = profitOf(learners, startup, actions.with(startup, action))
    if (profit > most) [best, most] = [action, profit]
  }
  return best
}

function afterDeviation(
  learners: GreedyPlay,
  { state, deviator, action }: { state: number; deviator: number; action: number },
): Outcome {
  const { game, settings } = learners
  const others = game.startups.flatMap((_, i) => (i === deviator ? [] : [i]))
  const meanPrice = (startups: readonly number[], actions: readonly number[]): number =>
    startups.reduce((sum, i) => sum + game.prices[i]![actions[i]!]!, 0) / startups.length
  const ratios: { deviator: number[]; rivals: number[] } = { deviator: [], rivals: [] }
  let [disturbed, undisturbed] = [state, state]
  let gain = 0
  let usual = 0
  let isForgotten = false
  let weight = 1
  for (let period = 0; period < RESPONSE_PERIODS || weight > NEGLIGIBLE; period++) {
    const would = greedyActions(learners, undisturbed)
    const does = period === 0 ? would.with(deviator, action) : greedyActions(learners, disturbed)
    gain += weight * (profitOf(learners, deviator, does) - profitOf(learners, deviator, would))
    usual += weight * Math.abs(profitOf(learners, deviator, would))
    if (period < RESPONSE_PERIODS) {
      ratios.deviator.push(meanPrice([deviator], does) / meanPrice([deviator], would))
      ratios.rivals.push(meanPrice(others, does) / meanPrice(others, would))
      isForgotten = does.every((each, i) => each === would[i])
    }
    disturbed = learners.nextState(disturbed, does)
    undisturbed = learners.nextState(undisturbed, would)
    // Two paths that have met stay together.
    if (disturbed === undisturbed && period >= RESPONSE_PERIODS) break
    weight *= settings.discountFactor
  }
  return { ...ratios, gain: Math.abs(gain) <= EQUAL * usual ? 0 : gain, isForgotten }
}

function profitOf({ game }: GreedyPlay, startup: number, actions: readonly number[]): number {
  return game.profits[combinationOf(actions, game.priceCount) * game.startups.length + startup]!
}
