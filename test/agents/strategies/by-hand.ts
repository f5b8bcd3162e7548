/**
 * Owns the packaged strategies a second time, reckoned by hand: plain arithmetic over the naive month's state
 * and the scenario's figures, without the engine's tracer, its relations or its numerics.
 */
import type { MarketDefinition, PlanDefinition } from '../../../engine/market/definition.ts'
import { runwayOf, type Actions, type NaiveStrategy } from '../../naive/decisions.ts'
import { type MarketMonth, type NaiveState, customersOf, offersOf, sum } from '../../naive/state.ts'

/** What a rule looks at, for one startup in one month. */
interface Seen {
  readonly definition: MarketDefinition
  readonly f: number
  readonly state: NaiveState
  readonly market: MarketMonth
  /** Multiples of list prices in the month before, by plan. */
  readonly last: readonly number[]
  readonly setting: (name: string) => number
}

/** A rule changes what startup f does; its plans are those from `first` on. */
type Rule = (seen: Seen, actions: Actions, first: number) => void

const rules: Record<string, Rule> = {
  hold({ definition, f }, actions) {
    actions.rd[f] = definition.startups[f]!.rd
    actions.marketing[f] = definition.startups[f]!.marketing
  },

  'cost-plus'(seen, actions, first) {
    paidPlans(seen).forEach(({ plan, k }) => {
      const wanted = costMultiple(seen, plan) * (1 + seen.setting('markup'))
      actions.priceMultiplier[first + k] = Math.min(
        Math.max(wanted, seen.setting('floor')),
        seen.setting('ceiling'),
      )
    })
  },

  undercut(seen, actions, first) {
    paidPlans(seen).forEach(({ plan, k }) => {
      const below = rivalMultiple(seen, plan) * (1 - seen.setting('by'))
      const floor = costMultiple(seen, plan) * (1 + seen.setting('margin'))
      actions.priceMultiplier[first + k] = Math.max(floor, Math.min(below, seen.setting('ceiling')))
    })
  },

  'penetrate-then-raise'(seen, actions, first) {
    const { definition, state, market, last, setting } = seen
    const offers = offersOf(definition)
    const customers = customersOf(state)
    paidPlans(seen).forEach(({ plan, k }) => {
      const here = definition.segments.flatMap(({ id }, s) => (plan.offeredTo.includes(id) ? [s] : []))
      const mine = sum(
        offers.map(({ f, s }, o) => (f === seen.f && here.includes(s) ? sum(customers[o]!) : 0)),
      )
      const share = mine / sum(here.map((s) => market.potential[s]!))
      const entry = Math.max(setting('entry'), definition.parameters.priceMultiplierLow)
      // Months count from the plan's opening.
      const age = market.month - plan.opens
      const before = age <= 0 ? entry : last[first + k]!
      const raises = age >= 0 && (before > entry || age >= setting('months') || share >= setting('share'))
      actions.priceMultiplier[first + k] = raises
        ? Math.min(before * (1 + setting('step')), Math.max(setting('ceiling'), entry))
        : entry
    })
  },

  'runway-discipline'({ definition, f, state, setting }, actions) {
    const { rd, rdShare, marketing, marketingShare, fixed, split } = definition.startups[f]!
    const profit = Math.max(state.grossProfit[f]!, 0)
    const planned = { rd: rd + rdShare * profit, marketing: marketing + marketingShare * profit }
    const targeted = sum(definition.segments.map(({ id, cost }) => (split[id]! > 0 ? cost : 0)))
    const overhead = definition.parameters.overheadShare * (state.history.at(-1)?.revenue[f] ?? 0)
    const affordable =
      state.cash[f]! / setting('months') + state.grossProfit[f]! - fixed - targeted - overhead
    const factor = Math.min(
      Math.max(affordable / (planned.rd + planned.marketing), setting('least')),
      setting('most'),
    )
    actions.rd[f] = planned.rd * factor
    actions.marketing[f] = planned.marketing * factor
  },

  'match-quality-leader'({ definition, f, state, market, setting }, actions) {
    const { parameters: p, startups } = definition
    const { rdMix, efficiencyShare } = startups[f]!
    const present = ({ plans, split }: MarketDefinition['startups'][number]) =>
      definition.segments.filter(
        ({ id }) => split[id]! > 0 || plans.some((plan) => plan.offeredTo.includes(id)),
      )
    const meets = startups.map((other) =>
      present(other).some((segment) => present(startups[f]!).includes(segment)),
    )
    const mean = state.quality.map((attributes) => sum(attributes) / 3)
    const best = Math.max(0, ...mean.filter((_, g) => g !== f && state.alive[g] && meets[g]))
    // q' = q + e gain - delta (q - floor), for the mean over the attributes.
    const gain =
      sum(
        rdMix.map(
          (share, a) => p.rdGain * Math.sqrt(3 * share * (1 - efficiencyShare)) * (1 - state.quality[f]![a]!),
        ),
      ) / 3
    const rise =
      Math.max(best - mean[f]!, 0) / setting('months') + p.qualityDecay * (mean[f]! - p.qualityFloor)
    const scale = p.rdScale * p.rdInflationPerYear ** market.years
    const needed = scale * (Math.max(rise, 0) / gain) ** 2
    actions.rd[f] = Math.min(
      needed,
      Math.max(state.cash[f]! * setting('cashShare'), state.grossProfit[f]! * setting('profitShare')),
    )
  },

  'free-first'({ definition, f, market, setting }, actions, first) {
    const { plans } = definition.startups[f]!
    const isLate = market.month >= setting('months')
    plans.forEach((plan, k) => {
      if (!isFree(plan)) actions.open[first + k]! &&= isLate || !plans.some(isFree)
      else if (isLate) {
        actions.cap[first + k] = setting('cap')
        actions.qualityShare[first + k] = setting('quality')
      }
    })
  },

  'learn-by-doing'(seen, actions, first) {
    const { definition, f, state, market, setting } = seen
    const { split, plans } = definition.startups[f]!
    const { segments } = definition
    const customers = customersOf(state)
    const paid = segments.map((_, s) =>
      sum(
        offersOf(definition).map((offer, o) =>
          offer.f === f && offer.s === s
            ? sum(customers[o]!) * offer.plan.price * market.fall ** offer.plan.passThrough
            : 0,
        ),
      ),
    )
    const follow = sum(paid) > 0 ? setting('follow') : 0
    actions.split[f] = segments.map(
      ({ id }, s) => split[id]! * (1 - follow) + (follow > 0 ? (follow * paid[s]!) / sum(paid) : 0),
    )
    actions.rdMix[f] = state.quality[f]!.map(
      (quality, a) => (sum(segments.map(({ id, needs }) => split[id]! * needs[a]!)) * (1 - quality)) ** 2,
    )
    if (state.serviceRatio[f]! < 1) actions.reserved[f] = state.reserved[f]! * setting('reserve')
    if (runwayOf(definition, state, f) > setting('months'))
      plans.forEach((_, k) => (actions.hiring[first + k] = setting('hire')))
  },
}

/** Every startup's strategy by hand; rules see what rivals charged last month, not what they decide now. */
export function strategyByHand(
  definition: MarketDefinition,
  defaults: (strategy: string, setting: string) => number,
): NaiveStrategy {
  const { priceMultiplierLow: low, priceMultiplierHigh: high } = definition.parameters
  let last = definition.startups.flatMap(({ plans }) => plans.map(() => 1))
  return (state, market, actions) => {
    let first = 0
    definition.startups.forEach(({ plans, strategy: { name, settings } }, f) => {
      const setting = (key: string): number => settings[key] ?? defaults(name, key)
      rules[name]?.({ definition, f, state, market, last, setting }, actions, first)
      first += plans.length
    })
    last = actions.priceMultiplier.map((wanted) => Math.min(Math.max(wanted, low), high))
  }
}

function isFree({ price, usagePrice }: PlanDefinition): boolean {
  return price === 0 && usagePrice === 0
}

function paidPlans({ definition, f }: Seen): { plan: PlanDefinition; k: number }[] {
  return definition.startups[f]!.plans.map((plan, k) => ({ plan, k })).filter(({ plan }) => !isFree(plan))
}

/** What a plan costs to serve over what it earns at list prices, where that is highest. */
function costMultiple(seen: Seen, plan: PlanDefinition): number {
  const {
    definition: { parameters: p, segments },
    f,
    state,
    market,
  } = seen
  const quality = (plan.qualityShare * sum(state.quality[f]!)) / 3
  const request =
    market.computePrice * quality ** p.qualityCostElasticity * (1 - p.efficiencySaving * state.efficiency[f]!)
  const ratios = segments.map((segment, s) => {
    if (!plan.offeredTo.includes(segment.id)) return 0
    return (request * sum(answered(seen, plan, s)) + segment.support + plan.labour) / bill(seen, plan, s)
  })
  return Math.max(...ratios)
}

/** What the cheapest rival charges over what the plan does, where that is lowest. */
function rivalMultiple(seen: Seen, plan: PlanDefinition): number {
  const {
    definition: { segments, startups },
    state,
    market: { month },
    last,
  } = seen
  const ratios = segments.flatMap(({ id }, s) => {
    if (!plan.offeredTo.includes(id)) return []
    let j = 0
    const charged = startups.flatMap(({ plans }, g) =>
      plans.flatMap((other) => {
        const multiple = last[j++]!
        const sells =
          g !== seen.f &&
          state.alive[g] &&
          other.offeredTo.includes(id) &&
          month >= other.opens &&
          month < (other.closes ?? Infinity)
        return sells && !isFree(other) ? [bill(seen, other, s) * multiple] : []
      }),
    )
    return [Math.min(...charged) / bill(seen, plan, s)]
  })
  return Math.min(...ratios)
}

/** Requests that a customer of each type gets answered, by their weights. */
function answered({ definition: { types }, market }: Seen, plan: PlanDefinition, s: number): number[] {
  const cap = (plan.cap ?? Infinity) * plan.allowanceGrowth ** market.years
  return market.usage[s]!.map((usage, h) => types.weights[h]! * Math.min(usage, cap))
}

/** What the mean customer pays at list prices. */
function bill({ definition: { types }, market }: Seen, plan: PlanDefinition, s: number): number {
  const growth = plan.allowanceGrowth ** market.years
  const billed = market.usage[s]!.map(
    (usage, h) =>
      types.weights[h]! *
      Math.max(0, Math.min(usage, (plan.cap ?? Infinity) * growth) - plan.included * growth),
  )
  return (plan.price + plan.usagePrice * sum(billed)) * market.fall ** plan.passThrough
}
