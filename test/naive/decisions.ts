/** Owns step 3.2 of the naive month: the default strategy, a user's changes to it, and their bounds. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { type MarketMonth, type NaiveState, clip } from './state.ts'

/** What every startup does this month; one entry per startup [f] or per plan [j]. */
export interface Actions {
  /** R&D budget, currency, [f]. */
  rd: number[]
  /** Marketing budget, currency, [f]. */
  marketing: number[]
  /** Weights of attributes in R&D, before the efficiency share is taken off, [f][3]; used as shares of their sum. */
  rdMix: number[][]
  /** Share of R&D that goes into cheaper serving, [f]. */
  efficiencyShare: number[]
  /** Weights of segments in marketing, [f][s], used as shares of their sum; above 0 means targeted. */
  split: number[][]
  takeRate: number[]
  outShare: number[]
  /** Requests reserved for this month, [f]; null keeps what last month's usage suggested. */
  reserved: (number | null)[]
  /** Multiple of the hire rate of a plan with labour, [j]. */
  hiring: number[]
  /** On price and usage price alike, [j]. */
  priceMultiplier: number[]
  adLoad: number[]
  /** Requests at the allowance of month 0, [j]; Infinity is no cap. */
  cap: number[]
  qualityShare: number[]
  open: boolean[]
}

/** Changes the default actions in place, seeing the state and the month. */
export type NaiveStrategy = (state: NaiveState, market: MarketMonth, actions: Actions) => void

/**
 * The actions of the month: R&D and marketing follow gross profit and are cut when the runway is short; all
 * else stays as defined, unless `strategy` changes it. What it changed is clamped to the market's bounds; what is
 * as defined is not, because the bounds limit choices, not definitions.
 *
 * @throws Error naming month, action and index of startup or plan when a chosen number is not finite.
 */
export function decisions(
  definition: MarketDefinition,
  state: NaiveState,
  market: MarketMonth,
  strategy?: NaiveStrategy,
): Actions {
  const { parameters: p, segments, startups } = definition
  const plans = startups.flatMap((startup) => startup.plans)
  const budget = (base: number, share: number, f: number) => {
    if (!state.alive[f]) return 0
    const cut = runwayOf(definition, state, f) < p.cutBelowRunway ? p.cutFactor : 1
    return (base + share * Math.max(state.grossProfit[f]!, 0)) * cut
  }
  const usual: Actions = {
    rd: startups.map((startup, f) => budget(startup.rd, startup.rdShare, f)),
    marketing: startups.map((startup, f) => budget(startup.marketing, startup.marketingShare, f)),
    rdMix: startups.map((startup) => [...startup.rdMix]),
    efficiencyShare: startups.map((startup) => startup.efficiencyShare),
    split: startups.map((startup) => segments.map(({ id }) => startup.split[id]!)),
    takeRate: startups.map((startup) => startup.takeRate),
    outShare: startups.map((startup) => startup.outShare),
    reserved: startups.map(() => null),
    hiring: plans.map(() => 1),
    priceMultiplier: plans.map(() => 1),
    adLoad: plans.map((plan) => plan.adLoad),
    cap: plans.map((plan) => plan.cap ?? Infinity),
    qualityShare: plans.map((plan) => plan.qualityShare),
    open: plans.map((plan) => plan.opens <= market.month && market.month < (plan.closes ?? Infinity)),
  }
  if (!strategy) return usual
  const chosen = structuredClone(usual)
  strategy(state, market, chosen)
  const bounded = (
    name: keyof Actions,
    values: number[],
    unchanged: readonly unknown[],
    low: number,
    high: number,
  ) =>
    values.map((value, i) => {
      if (value === unchanged[i]) return value
      if (!Number.isFinite(value)) {
        throw new Error(`month ${market.month}: ${name}[${i}] is ${value}, not a finite number`)
      }
      return clip(value, low, high)
    })
  type Numbers = 'rd' | 'marketing' | 'efficiencyShare' | 'hiring' | 'priceMultiplier'
  const within = (name: Numbers, low: number, high: number) =>
    bounded(name, chosen[name], usual[name], low, high)
  const living = (values: number[]) => values.map((value, f) => (state.alive[f] ? value : 0))
  // What the scenario itself has is never out of bounds.
  const upTo = (name: 'takeRate' | 'outShare' | 'adLoad' | 'qualityShare', high: number) =>
    chosen[name].map((value, i) => {
      const own = usual[name][i]!
      return bounded(name, [value], [own], 0, Math.max(high, own))[0]!
    })
  // Shares of the sum; of no weight at all, `none`.
  const shares = (name: 'rdMix' | 'split', none: (f: number) => readonly number[]) =>
    chosen[name].map((row, f) => {
      if (row.every((weight, i) => weight === usual[name][f]![i])) return row
      const weights = bounded(name, row, [], 0, Infinity)
      const total = weights.reduce((a, b) => a + b)
      return total > 0 ? weights.map((weight) => weight / total) : [...none(f)]
    })
  const split = shares('split', () => segments.map(() => 0))
  return {
    rd: living(within('rd', 0, p.budgetHigh)),
    // Marketing without a segment to go to is not spent.
    marketing: living(within('marketing', 0, p.budgetHigh)).map((budget, f) =>
      split[f]!.some((share) => share > 0) ? budget : 0,
    ),
    rdMix: shares('rdMix', (f) => usual.rdMix[f]!),
    efficiencyShare: within('efficiencyShare', 0, 1),
    split,
    takeRate: upTo('takeRate', p.takeRateHigh),
    outShare: upTo('outShare', p.outShareHigh),
    reserved: chosen.reserved.map((requests, f) => {
      if (requests === null) return null
      const own = state.reserved[f]!
      const [low, high] = [Math.min(p.reservedLow, own), Math.max(p.reservedHigh, own)]
      return bounded('reserved', [requests], [], low, high)[0]!
    }),
    hiring: within('hiring', 0, p.hiringHigh),
    priceMultiplier: within('priceMultiplier', p.priceMultiplierLow, p.priceMultiplierHigh),
    adLoad: upTo('adLoad', p.adLoadHigh),
    // A cap can be narrowed, not widened.
    cap: chosen.cap.map((cap, j) => bounded('cap', [cap], [usual.cap[j]], 1e-6, usual.cap[j]!)[0]!),
    // Quality likewise, so that only the scenario's own is the bound.
    qualityShare: upTo('qualityShare', 0),
    open: chosen.open,
  }
}

/** Months until the cash is burnt, of startup f. */
export function runwayOf({ parameters: p }: MarketDefinition, state: NaiveState, f: number): number {
  const burn = state.burn[f]!
  return burn > 0 ? state.cash[f]! / Math.max(burn, p.burnLeast) : p.runwayWithoutBurn
}
