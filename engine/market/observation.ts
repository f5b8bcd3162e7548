/**
 * What strategies outside the kernel see and do, as arrays that both sides share: [record][field][replication]. The
 * observation is taken at the moment of decision; actions are read right after it.
 */
import {
  each,
  inputOf,
  only,
  recordRow,
  step,
  sum,
  type Num,
  type NumLike,
  type RecordTable,
} from '../trace/index.ts'
import type { Shape } from './shape.ts'
import { actionNames, openFrontierOf } from './actions.ts'
import { runwayOf, type TracedStrategy } from './decisions.ts'
import { ledger } from './ledger.ts'
import {
  marketOffersOf,
  offersOf,
  pairs,
  plans,
  presenceOf,
  segmentOf,
  startups,
  world,
  type Offer,
  type Pair,
  type Plan,
  type Startup,
  type World,
} from './model.ts'

/** A field with its unit and meaning. */
export interface Field {
  readonly name: string
  readonly unit: string
  readonly meaning: string
}

const field = <const Name extends string>(
  name: Name,
  unit: string,
  meaning: string,
): Field & { readonly name: Name } => ({ name, unit, meaning })

/** What a startup sees of itself and of the market. */
export const startupFields = [
  field('alive', '0 or 1', 'whether it is in business'),
  field('boom', '0 or 1', 'whether investors are in a boom'),
  field('runway', 'months', 'cash over burn'),
  field('cash', 'currency', 'cash'),
  field('burn', 'currency/month', 'smoothed net outflow'),
  field('grossProfit', 'currency/month', 'revenue less direct cost in the month before'),
  field('users', 'customers', 'customers at the end of the month before'),
  field('accuracy', '1', 'accuracy relative to the frontier'),
  field('scalability', '1', 'scalability relative to the frontier'),
  field('responsiveness', '1', 'responsiveness relative to the frontier'),
  field('serviceRatio', 'share', 'share of requests served in the month before'),
  field('openness', 'share', 'how open its models are'),
  field('efficiency', 'share', 'progress towards cheaper serving'),
  field('stock', 'share', 'third-party stock'),
  field('trust', 'share', 'trust of customers'),
  field('reserved', 'requests/month', 'compute that the default reserves for the month'),
  field('usage', 'requests/month', 'requests asked for in the month before'),
  field('deferred', 'currency', 'paid by customers and not yet earned'),
  field('rounds', 'rounds', 'funding rounds so far'),
  field('compute', 'currency/request', 'compute price at the frontier'),
  field('openFrontier', '1', 'quality of open models that a customer can host'),
  field('usualRd', 'currency/month', 'R&D budget of the default strategy'),
  field('usualMarketing', 'currency/month', 'marketing budget of the default strategy'),
] as const

/** What rivals see of a startup. */
export const publicFields = ['alive', 'accuracy', 'scalability', 'responsiveness', 'openness'] as const

/** What a startup decides for itself. */
export const startupActions = [
  field('rd', 'currency/month', 'R&D budget'),
  field('marketing', 'currency/month', 'marketing budget'),
  field('rdAccuracy', 'weight', 'weight of accuracy in R&D'),
  field('rdScalability', 'weight', 'weight of scalability in R&D'),
  field('rdResponsiveness', 'weight', 'weight of responsiveness in R&D'),
  field('efficiencyShare', 'share', 'share of R&D into cheaper serving'),
  field('reservation', 'factor', 'reserved compute over what the default reserves'),
  field('takeRate', 'share', 'share of trade kept'),
  field('outShare', 'share', 'share of revenue paid out to third parties'),
] as const

/** What a startup sees of a plan. */
export const planFields = [
  field('listPrice', 'currency/month', 'price at multiplier 1 this month'),
  field('listUsagePrice', 'currency/request', 'price of a request above the included ones, likewise'),
  field('multiplier', 'factor', 'price multiplier of the month before'),
  field('open', '0 or 1', 'whether it took customers in the month before, or as scheduled'),
  field('cap', 'requests/month', 'most requests served this month by the scenario; Infinity is no cap'),
  field('included', 'requests/month', 'requests that the price covers this month'),
  field('qualityShare', 'share', "quality served over the startup's own by the scenario"),
  field('adLoad', 'ads/request', 'ads a request by the scenario'),
  field('customers', 'customers', 'customers at the end of the month before'),
] as const

/** What a startup decides for a plan. */
export const planActions = [
  field('priceMultiplier', 'factor', 'price over the list price'),
  field('open', '0 or 1', 'whether the plan takes new customers'),
  field('adLoad', 'ads/request', 'advertising, where the plan carries some'),
  field('freeCap', 'requests/month', 'cap of a free plan before its growth; Infinity is none'),
  field('freeQuality', 'share', 'quality share of a free plan'),
  field('hiring', 'factor', 'hire rate over the usual one, for plans with labour'),
] as const

/** What a startup sees of a segment where it sells or advertises. */
export const segmentFields = [
  field('potential', 'customers', 'customers who could adopt this month'),
  field('readiness', 'share', 'share of the potential that is ready to choose'),
  field('customers', 'customers', 'its customers at the end of the month before'),
  field('awareness', 'share', 'share of the segment that knows it'),
  field('fit', 'share', 'its industry fit'),
] as const

/** What a startup decides for a segment. */
export const segmentActions = [
  field('split', 'weight', 'weight of the segment in marketing; 0 is not targeted'),
] as const

const table = (
  name: string,
  dimension: typeof startups | typeof plans | typeof pairs,
  fields: readonly Field[],
): RecordTable => ({
  name,
  dimension,
  everyMonth: false,
  byRecord: true,
  columns: fields.map((f) => ({ name: f.name, type: 'f64' as const })),
})

/** What startups see, shared with code outside. */
export const startupObservation = table('startup observation', startups, startupFields)
/** What startups do, shared with code outside. */
export const startupAction = table('startup action', startups, startupActions)
/** What startups see of their plans, shared with code outside. */
export const planObservation = table('plan observation', plans, planFields)
/** What startups do with their plans, shared with code outside. */
export const planAction = table('plan action', plans, planActions)
/** What startups see of their segments, shared with code outside. */
export const segmentObservation = table('segment observation', pairs, segmentFields)
/** What startups do in their segments, shared with code outside. */
export const segmentAction = table('segment action', pairs, segmentActions)
/** All tables that are shared with code outside. */
export const exchangeTables = [
  startupObservation,
  startupAction,
  planObservation,
  planAction,
  segmentObservation,
  segmentAction,
] as const

/** Writes the observations of the month. */
export const observe = (shape: Shape) =>
  step('observe', () => {
    const m = only(world)
    const { amount } = ledger(shape.books)
    each(startups, (f) => recordRow(startupObservation, f, observationOf(shape, m, f, amount)))
    each(plans, (j) =>
      recordRow(planObservation, j, {
        listPrice: j.price.times(j.slide),
        listUsagePrice: j.usagePrice.times(j.slide),
        multiplier: j.multiplier,
        open: j.openNow.toNum(),
        cap: j.cap.times(j.allowance),
        included: j.included.times(j.allowance),
        qualityShare: j.qualityShare,
        adLoad: j.adLoad,
        customers: sum(marketOffersOf(j), customersOf),
      } satisfies Record<(typeof planFields)[number]['name'], NumLike>),
    )
    each(pairs, (p) =>
      recordRow(segmentObservation, p, {
        potential: segmentOf(p).potentialNow,
        readiness: segmentOf(p).readiness,
        customers: sum(offersOf(p), customersOf),
        awareness: p.awareness,
        fit: p.fit,
      } satisfies Record<(typeof segmentFields)[number]['name'], NumLike>),
    )
  })

function observationOf(
  shape: Shape,
  m: World,
  f: Startup,
  amount: (posting: Num) => Num,
): Record<(typeof startupFields)[number]['name'], Num> {
  return {
    alive: f.alive.toNum(),
    boom: m.boom.toNum(),
    runway: runwayOf(m, amount(f.cash), f.burn),
    cash: amount(f.cash),
    burn: f.burn,
    grossProfit: f.grossProfit,
    users: sum(presenceOf(f), (p) => sum(offersOf(p), customersOf)),
    accuracy: f.quality.at(0),
    scalability: f.quality.at(1),
    responsiveness: f.quality.at(2),
    serviceRatio: f.serviceRatio,
    openness: f.openness,
    efficiency: f.efficiency,
    stock: f.stock,
    trust: f.trust,
    reserved: f.reserved,
    usage: f.usage,
    deferred: amount(f.deferred),
    rounds: f.rounds,
    compute: m.compute,
    openFrontier: openFrontierOf(shape, m),
    usualRd: f.rdBudget,
    usualMarketing: f.marketingBudget,
  }
}

function customersOf(o: Offer): Num {
  return o.customers.at(0).plus(o.customers.at(1)).plus(o.customers.at(2))
}

/** A strategy outside the kernel as the kernel sees it: its actions come from the shared arrays. */
export function outsideStrategy(name: string): TracedStrategy {
  const known = outsideStrategies.get(name)
  if (known) return known
  const strategy: TracedStrategy = {
    name,
    meaning: 'decided outside the kernel',
    settings: {},
    acts: actionNames,
    decide: ({ startup }) => {
      const own = (action: (typeof startupActions)[number]['name']): Num =>
        inputOf(startupAction, startup, action)
      const of = (plan: Plan, action: (typeof planActions)[number]['name']): Num =>
        inputOf(planAction, plan, action)
      return {
        rd: own('rd'),
        marketing: own('marketing'),
        takeRate: own('takeRate'),
        outShare: own('outShare'),
        rdMix: [own('rdAccuracy'), own('rdScalability'), own('rdResponsiveness')],
        efficiencyShare: own('efficiencyShare'),
        reservation: own('reservation'),
        split: (pair: Pair) => inputOf(segmentAction, pair, 'split'),
        priceMultiplier: (plan) => of(plan, 'priceMultiplier'),
        open: (plan) => of(plan, 'open').isAtLeast(0.5),
        adLoad: (plan) => of(plan, 'adLoad'),
        freeCap: (plan) => of(plan, 'freeCap'),
        freeQuality: (plan) => of(plan, 'freeQuality'),
        hiring: (plan) => of(plan, 'hiring'),
      }
    },
  }
  outsideStrategies.set(name, strategy)
  return strategy
}

const outsideStrategies = new Map<string, TracedStrategy>()
