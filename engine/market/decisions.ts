/**
 * Decisions (section 3.2): every startup observes and acts. The default decision is taken for all; startups with
 * a strategy of their own then change what it decides, within the scenario's bounds.
 */
import { clamp, each, list, max, min, num, only, step, where, type List, type Num } from '../trace/index.ts'
import { RivalryError } from '../errors.ts'
import { ledger } from './ledger.ts'
import { ATTRIBUTES, plans, plansOf, startups, world, type Plan, type Startup, type World } from './model.ts'
import type { Shape } from './shape.ts'

/** What a strategy may change; what it leaves out is as the default decides. Numbers outside bounds are clamped. */
export interface Actions {
  /** R&D budget, money a month. */
  readonly rd?: Num
  /** Marketing budget, money a month. */
  readonly marketing?: Num
  /** Multiple of the list price of each plan; asked for paid plans only. */
  readonly priceMultiplier?: (plan: Plan) => Num
  /** Ads a request, for plans that carry ads. */
  readonly adLoad?: (plan: Plan) => Num
  /** Cap of free plans, requests a month before its growth. */
  readonly freeCap?: (plan: Plan) => Num
  readonly takeRate?: Num
  readonly outShare?: Num
}

/** What a strategy sees when it decides. */
export interface Situation {
  readonly market: World
  /** The startup's own books and state; money columns are in ledger units, see `amount`. */
  readonly startup: Startup
  /** Cash over burn, months. */
  readonly runway: Num
  /** What the default strategy would spend. */
  readonly usual: { readonly rd: Num; readonly marketing: Num }
  /** A ledger column as currency. */
  readonly amount: (posting: Num) => Num
  /** The strategy's settings. */
  readonly setting: (name: string) => Num
}

/** A decision rule, traced once per market and run inside the kernel. */
export interface TracedStrategy {
  readonly name: string
  /** One sentence. */
  readonly meaning: string
  /** Settings with unit, default and bounds. */
  readonly settings: Readonly<Record<string, { readonly default: number; readonly unit: string; readonly meaning: string; readonly low: number; readonly high: number }>>
  /** Which actions it takes: decides what may differ by replication. */
  readonly acts: readonly (keyof Actions)[]
  readonly decide: (situation: Situation) => Actions
}

const followersByStrategy = new Map<string, List<never, never>>()

/** The startups that follow a strategy. */
export function followersOf(strategy: string): List<Record<string, never>, (typeof startups)['declare']['columns']> {
  const known = followersByStrategy.get(strategy) ?? (list(`followers of ${strategy}`, world, startups) as unknown as List<never, never>)
  followersByStrategy.set(strategy, known)
  return known as never
}

export const decisions = (shape: Shape, strategies: readonly TracedStrategy[]) => step('decisions', () => {
  const m = only(world)
  const { amount } = ledger(shape.books)
  each(plans, (j) => {
    j.adLoadNow = j.adLoad
    j.capNow = j.cap
  })
  each(startups, (f) => {
    f.runway = runwayOf(m, amount(f.cash), f.burn)
    const budget = where(f.alive, where(f.runway.isBelow(m.cutBelowRunway), m.cutFactor, 1), 0)
    const profit = max(f.grossProfit, 0)
    f.rdBudget = f.rd.plus(f.rdShare.times(profit)).times(budget)
    f.marketingBudget = f.marketing.plus(f.marketingShare.times(profit)).times(budget)
    f.take = f.takeRate
    f.out = f.outShare
    f.efficiencyMix = f.efficiencyShare
    for (const a of ATTRIBUTES) {
      const mix = f.mix.at(a).times(num(1).minus(f.efficiencyMix))
      f.mixGain.set(a, m.rdGain.times(mix.times(3).squareRoot()))
    }
    f.efficiencyGain = m.rdGain.times(f.efficiencyMix.times(3).squareRoot())
  })
  for (const strategy of strategies) {
    each(followersOf(strategy.name)(m as never), (f) => act(shape, m, f as Startup, strategy))
  }
})

/** Cash over burn; a startup that burns nothing lasts for ever, stated as a large number. */
export function runwayOf(m: World, cash: Num, burn: Num): Num {
  return where(burn.isAbove(0), cash.over(max(burn, m.burnLeast)), m.runwayWithoutBurn)
}

function act(shape: Shape, m: World, f: Startup, strategy: TracedStrategy): void {
  const { amount } = ledger(shape.books)
  const actions = strategy.decide({
    market: m, startup: f, runway: f.runway, amount,
    usual: { rd: f.rdBudget, marketing: f.marketingBudget },
    setting: (name) => {
      const position = Object.keys(strategy.settings).indexOf(name)
      if (position < 0) throw new RivalryError(`strategy ${strategy.name} has no setting called ${name}`, { code: 'unknown-setting' })
      return f.settings.at(position)
    },
  })
  const living = (value: Num): Num => where(f.alive, value, 0)
  const budget = { low: 0, high: m.budgetHigh }
  if (actions.rd) f.rdBudget = living(clamp(actions.rd, budget))
  if (actions.marketing) f.marketingBudget = living(clamp(actions.marketing, budget))
  if (actions.takeRate) f.take = clamp(actions.takeRate, { low: 0, high: m.takeRateHigh })
  if (actions.outShare) f.out = clamp(actions.outShare, { low: 0, high: m.outShareHigh })
  const { priceMultiplier, adLoad, freeCap } = actions
  if (!priceMultiplier && !adLoad && !freeCap) return
  each(plansOf(f), (j) => {
    const free = j.isFree
    if (priceMultiplier) {
      const wanted = clamp(priceMultiplier(j), { low: m.priceMultiplierLow, high: m.priceMultiplierHigh })
      j.multiplier = where(free, 1, wanted)
    }
    if (adLoad) j.adLoadNow = where(j.adLoad.isAbove(0), clamp(adLoad(j), { low: 0, high: m.adLoadHigh }), 0)
    if (freeCap) j.capNow = where(free, min(max(freeCap(j), 1e-6), j.cap), j.cap)
  })
}
