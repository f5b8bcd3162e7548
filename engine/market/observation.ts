/**
 * What strategies outside the kernel see and do, as arrays that both sides share: [record][field][replication]. The
 * observation is taken at the moment of decision; actions are read right after it.
 */
import { each, inputOf, only, recordRow, step, sum, type Num, type RecordTable } from '../trace/index.ts'
import type { Shape } from './shape.ts'
import { runwayOf, type TracedStrategy } from './decisions.ts'
import { ledger } from './ledger.ts'
import {
  marketOffersOf,
  offersOf,
  plans,
  presenceOf,
  startups,
  world,
  type Offer,
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
  field('usualRd', 'currency/month', 'R&D budget of the default strategy'),
  field('usualMarketing', 'currency/month', 'marketing budget of the default strategy'),
] as const

/** What a startup decides for itself. */
export const startupActions = [
  field('rd', 'currency/month', 'R&D budget'),
  field('marketing', 'currency/month', 'marketing budget'),
] as const

/** What a startup sees of a plan. */
export const planFields = [
  field('listPrice', 'currency/month', 'price at multiplier 1 this month'),
  field('multiplier', 'factor', 'price multiplier of the month before'),
  field('customers', 'customers', 'customers at the end of the month before'),
] as const

/** What a startup decides for a plan. */
export const planActions = [field('priceMultiplier', 'factor', 'price over the list price')] as const

const table = (
  name: string,
  dimension: typeof startups | typeof plans,
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
/** All tables that are shared with code outside. */
export const exchangeTables = [startupObservation, startupAction, planObservation, planAction] as const

/** Writes the observations of the month. */
export const observe = (shape: Shape) =>
  step('observe', () => {
    const m = only(world)
    const { amount } = ledger(shape.books)
    each(startups, (f) => recordRow(startupObservation, f, observationOf(m, f, amount)))
    each(plans, (j) =>
      recordRow(planObservation, j, {
        listPrice: j.price.times(j.slide),
        multiplier: j.multiplier,
        customers: sum(marketOffersOf(j), customersOf),
      }),
    )
  })

function observationOf(
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
    acts: ['rd', 'marketing', 'priceMultiplier'],
    decide: ({ startup }) => ({
      rd: inputOf(startupAction, startup, 'rd'),
      marketing: inputOf(startupAction, startup, 'marketing'),
      priceMultiplier: (plan: Plan) => inputOf(planAction, plan, 'priceMultiplier'),
    }),
  }
  outsideStrategies.set(name, strategy)
  return strategy
}

const outsideStrategies = new Map<string, TracedStrategy>()
