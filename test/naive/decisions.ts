/** Owns step 3.2 of the naive month: the default strategy, a user's changes to it, and their bounds. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { type MarketMonth, type NaiveState, clip } from './state.ts'

/** What every startup does this month; one entry per startup [f] or per plan [j]. */
export interface Actions {
  /** R&D budget, currency, [f]. */
  rd: number[]
  /** Marketing budget, currency, [f]. */
  marketing: number[]
  /** Shares of R&D by attribute, summing to one before the efficiency share is taken off, [f][3]. */
  rdMix: number[][]
  /** Share of R&D that goes into cheaper serving, [f]. */
  efficiencyShare: number[]
  /** Shares of marketing by segment, [f][s]; above 0 means targeted. */
  split: number[][]
  takeRate: number[]
  outShare: number[]
  /** Requests reserved for this month, [f]; null keeps what last month's usage suggested. */
  reserved: (number | null)[]
  /** Growth limit of plans with labour, share a month, [f]. */
  hireRate: number[]
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
    hireRate: startups.map(() => p.hireRate),
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
  type Numbers =
    | 'rd'
    | 'marketing'
    | 'efficiencyShare'
    | 'takeRate'
    | 'outShare'
    | 'hireRate'
    | 'priceMultiplier'
  const within = (name: Numbers | 'adLoad' | 'qualityShare', low: number, high: number) =>
    bounded(name, chosen[name], usual[name], low, high)
  const living = (values: number[]) => values.map((value, f) => (state.alive[f] ? value : 0))
  const shares = (name: 'rdMix' | 'split') =>
    chosen[name].map((row, f) => bounded(name, row, usual[name][f]!, 0, 1))
  return {
    rd: living(within('rd', 0, p.budgetHigh)),
    marketing: living(within('marketing', 0, p.budgetHigh)),
    rdMix: shares('rdMix'),
    efficiencyShare: within('efficiencyShare', 0, 1),
    split: shares('split'),
    takeRate: within('takeRate', 0, p.takeRateHigh),
    outShare: within('outShare', 0, p.outShareHigh),
    reserved: chosen.reserved.map((requests, f) =>
      requests === null ? null : bounded('reserved', [requests], [usual.reserved[f]], 0, p.reservedHigh)[0]!,
    ),
    hireRate: within('hireRate', 0, Infinity),
    priceMultiplier: within('priceMultiplier', p.priceMultiplierLow, p.priceMultiplierHigh),
    adLoad: within('adLoad', 0, p.adLoadHigh),
    // A cap can be narrowed, not widened.
    cap: chosen.cap.map((cap, j) => bounded('cap', [cap], [usual.cap[j]], 1e-6, usual.cap[j]!)[0]!),
    qualityShare: within('qualityShare', 0, 1),
    open: chosen.open,
  }
}

/** Months until the cash is burnt, of startup f. */
export function runwayOf({ parameters: p }: MarketDefinition, state: NaiveState, f: number): number {
  const burn = state.burn[f]!
  return burn > 0 ? state.cash[f]! / Math.max(burn, p.burnLeast) : p.runwayWithoutBurn
}
