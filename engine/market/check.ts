/** The rules of a market that concern more than one figure at a time. */
import {
  type MarketDefinition,
  type PlanDefinition,
  type SegmentDefinition,
  type ShockDefinition,
  type StartupDefinition,
  shockKinds,
} from './definition.ts'
import type { ParameterName } from './parameters.ts'
import { type Path, type Problem, dotted, shown } from './problem.ts'

/** How far a list of weights may be from summing to one: rounding of a few written decimals. */
const weightTolerance = 1e-9
/** Population of a segment up to which counts and their sums stay exact. */
const mostCustomers = 1e12

/** Pairs of parameters of which the first may not exceed the second. */
const orderedParameters: readonly (readonly [ParameterName, ParameterName])[] = [
  ['utilityLow', 'utilityHigh'],
  ['reserveGrowthLow', 'reserveGrowthHigh'],
  ['marginLow', 'marginHigh'],
  ['fundingGrowthLow', 'fundingGrowthHigh'],
  ['preMarginLow', 'preMarginHigh'],
  ['qualityLow', 'qualityHigh'],
  ['priceMultiplierLow', 'priceMultiplierHigh'],
]

/**
 * Every broken rule of a resolved market: weights that do not sum to one, names used twice, a startup without
 * a plan, prices above the ceiling, populations and sums of money too large to stay exact.
 */
export function checkMarket(market: MarketDefinition): Problem[] {
  const problems: Problem[] = []
  if (market.segments.length === 0) problems.push(noSegment(['segments']))
  if (market.startups.length === 0) problems.push(noStartup(['startups']))
  for (const [low, high] of orderedParameters) {
    const { [low]: least, [high]: most } = market.parameters
    if (least <= most) continue
    const message = `${low} is ${shown(least)}, above ${high}, ${shown(most)}`
    problems.push(problem('out-of-order', ['parameters', low], message, 'exchange them, or widen the range'))
  }
  problems.push(...weights(market.types.weights, ['types', 'weights']))
  problems.push(...duplicates(market.segments, ['segments']), ...duplicates(market.startups, ['startups']))
  for (const segment of market.segments) problems.push(...checkSegment(segment, market))
  for (const startup of market.startups) problems.push(...checkStartup(startup, market))
  for (const shock of market.shocks ?? []) problems.push(...checkShock(shock))
  return problems
}

function checkSegment(segment: SegmentDefinition, market: MarketDefinition): Problem[] {
  const at: Path = ['segments', segment.id]
  const problems = weights(segment.needs, [...at, 'needs'])
  const most = Math.max(segment.potential, potentialAtEnd(segment, market.months))
  if (most > mostCustomers) {
    const message = `${segment.id} grows to ${rounded(most)} customers in ${market.months} months`
    const hint = `at most ${shown(mostCustomers)} can be counted exactly; lower potential, growth or months`
    problems.push(problem('out-of-bounds', [...at, 'growth'], message, hint))
  }
  return problems
}

function checkStartup(startup: StartupDefinition, market: MarketDefinition): Problem[] {
  const { parameters } = market
  const at: Path = ['startups', startup.id]
  const problems = weights(startup.rdMix, [...at, 'rdMix'])
  const above = (field: Path, value: number, bound: ParameterName) => {
    if (value <= parameters[bound]) return
    const message = `${field.at(-1)} of ${dotted([...at, ...field.slice(0, -1)])} is ${shown(value)}, above ${bound}`
    problems.push(problem('out-of-bounds', [...at, ...field], message, highest(bound, parameters[bound])))
  }
  if (startup.plans.length === 0) {
    const message = `startup '${startup.id}' has no plan that any segment is offered`
    const modelled = startup.businessModel !== 'none'
    const hint = modelled
      ? `no segment is of a kind that ${startup.businessModel} serves; add a plan with offeredTo`
      : 'name a model, or add one under plans: with offeredTo'
    problems.push({ ...problem('no-plan', at, message, hint), on: 'key' })
  }
  startup.quality.forEach((quality, attribute) => {
    const { qualityLow, qualityHigh } = parameters
    if (quality >= qualityLow && quality <= qualityHigh) return
    const message = `quality of ${dotted(at)} is ${shown(quality)}, not from qualityLow to qualityHigh`
    const hint = `from ${shown(qualityLow)} to ${shown(qualityHigh)}, or change these parameters`
    problems.push(problem('out-of-bounds', [...at, 'quality', attribute], message, hint))
  })
  above(['takeRate'], startup.takeRate, 'takeRateHigh')
  above(['outShare'], startup.outShare, 'outShareHigh')
  above(['rd'], startup.rd, 'budgetHigh')
  above(['marketing'], startup.marketing, 'budgetHigh')
  problems.push(...duplicates(startup.plans, [...at, 'plans']))
  for (const plan of startup.plans) {
    above(['plans', plan.id, 'adLoad'], plan.adLoad, 'adLoadHigh')
    problems.push(...checkPlan(plan, [...at, 'plans', plan.id], market))
  }
  return problems
}

/** The size of a shock is within the bounds of its kind. */
function checkShock({ id, kind, size }: ShockDefinition): Problem[] {
  const { low, high, meaning } = shockKinds[kind]
  if (size >= low && size <= high) return []
  if (low === high) {
    const message = `size of shocks.${id} is ${shown(size)}, and a ${kind} has none`
    return [problem('out-of-bounds', ['shocks', id, 'size'], message, 'leave it out')]
  }
  const message = `size of shocks.${id} is ${shown(size)}, out of bounds for a shock of kind ${kind}`
  const hint = `${meaning}; from ${shown(low)} to ${shown(high)}`
  return [problem('out-of-bounds', ['shocks', id, 'size'], message, hint)]
}

function checkPlan(plan: PlanDefinition, at: Path, market: MarketDefinition): Problem[] {
  const problems: Problem[] = []
  const { priceCeiling } = market.parameters
  if (plan.price > priceCeiling) {
    const message = `price of ${dotted(at)} is ${shown(plan.price)}, above the ceiling of ${shown(priceCeiling)} a month`
    problems.push(
      problem('price-above-ceiling', [...at, 'price'], message, highest('priceCeiling', priceCeiling)),
    )
  } else if (market.books === 'cents') {
    const most = mostMoney(plan, market)
    if (most * 100 > Number.MAX_SAFE_INTEGER) {
      const message = `${dotted(at)} could take in ${rounded(most)} at once, more than can be booked in whole cents`
      problems.push(
        problem('too-much-money', at, message, 'set books: exact, or lower prices, usage or potential'),
      )
    }
  }
  if (plan.closes !== null && plan.closes <= plan.opens) {
    const message = `${dotted(at)} closes in month ${plan.closes}, and opens in month ${plan.opens}`
    problems.push(
      problem('out-of-order', [...at, 'closes'], message, 'close it after it opens, or leave it out'),
    )
  }
  return problems
}

/** The most that one month's bills of a plan can come to at its listed prices: every customer, end of the horizon. */
function mostMoney(plan: PlanDefinition, market: MarketDefinition): number {
  const years = market.months / 12
  return market.segments
    .filter((segment) => plan.offeredTo.includes(segment.id))
    .reduce((sum, segment) => {
      const usage = segment.usage * Math.max(1, segment.usageGrowth ** years)
      const allowance = (plan.cap ?? Infinity) * Math.max(1, plan.allowanceGrowth ** years)
      const bill = plan.price * plan.term + plan.usagePrice * Math.min(usage, allowance)
      return sum + Math.max(segment.potential, potentialAtEnd(segment, market.months)) * bill
    }, 0)
}

function potentialAtEnd(segment: SegmentDefinition, months: number): number {
  return segment.potential * (1 + segment.growth) ** (months / 12)
}

function weights(values: readonly number[], at: Path): Problem[] {
  const sum = values.reduce((total, value) => total + value, 0)
  if (Math.abs(sum - 1) <= weightTolerance) return []
  const message = `${at.at(-1)} of ${dotted(at.slice(0, -1))} sums to ${Number(sum.toPrecision(12))}, not to 1`
  return [problem('weights', at, message, 'weights sum to one')]
}

function duplicates(things: readonly { readonly id: string; readonly name: string }[], at: Path): Problem[] {
  const first = new Map<string, string>()
  return things.flatMap(({ id, name }) => {
    const other = first.get(name)
    if (other === undefined) {
      first.set(name, id)
      return []
    }
    const message = `'${other}' and '${id}' in ${dotted(at)} have the same name, ${shown(name)}`
    return [
      problem('duplicate-name', [...at, id, 'name'], message, 'names tell them apart in reports; change one'),
    ]
  })
}

function highest(name: ParameterName, value: number): string {
  return `at most ${shown(value)}, or raise parameters.${name}`
}

function rounded(value: number): string {
  return shown(Number(value.toPrecision(3)))
}

function problem(code: string, at: Path, message: string, hint: string): Problem {
  return { code, at, on: 'value', message, hint }
}

/** The problem of a market without segments. */
export function noSegment(at: Path): Problem {
  return {
    code: 'no-segment',
    at,
    on: 'key',
    message: 'the scenario has no segment',
    hint: 'add one under segments:',
  }
}

/** The problem of a market without startups. */
export function noStartup(at: Path): Problem {
  return {
    code: 'no-startup',
    at,
    on: 'key',
    message: 'the scenario has no startup',
    hint: 'add one under startups:',
  }
}
