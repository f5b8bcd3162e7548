/**
 * The tables that a run of the market leaves: each column is declared once, with unit, meaning and the traced
 * expression that gives it. The declaration drives what the kernel records and the Arrow schema.
 */
import {
  TYPES, marketOffersOf, notices, offersOf, ownerOf, pairOf, pairsOf, planOf, plans, presenceOf, segmentOf, segments, startups, world, type Offer, type Plan, type Segment, type Startup,
} from './model.ts'
import { log } from '../numerics/logarithm.ts'
import { power } from '../numerics/power.ts'
import { clamp, each, indexOf, max, min, month, num, only, recordRow, replication, step, sum, sums, where, type BoolLike, type NumLike, type RecordTable, type StepDeclaration,type Dimension } from '../trace/index.ts'
import type { ColumnDeclaration, TableDeclaration } from '../tables/declaration.ts'
import { EXIT_CAUSES } from './capital.ts'
import type { MarketDefinition } from './definition.ts'
import { ledger } from './ledger.ts'
import { shapeOf, type Shape } from './shape.ts'
import { utilityOf } from './weights.ts'

/** A column with the expression that gives it and, if it may lack a value, when it has one. */
interface Recorded<E> extends ColumnDeclaration {
  readonly value: (record: E) => NumLike | BoolLike
  readonly known?: (record: E) => BoolLike
}

/** A table as recorded by the kernel and as exported. */
export interface MarketTable {
  readonly declaration: TableDeclaration
  readonly record: RecordTable
  readonly step: StepDeclaration
  /** Name of the recorded companion column of each nullable column. */
  readonly companionOf: (column: string) => string
}

/** What to record: rows at the end of each replication only, or also every month. */
export type Recording = 'summary' | 'months'

/** The tables that a recording leaves, in the order of their files. */
export function marketTables(market: MarketDefinition, shape: Shape, recording: Recording): MarketTable[] {
  const { amount, post } = ledger(shape.books)
  const context = { market, shape, money: amount, post, currency: market.currency }
  const summary = [startupsTable(context)]
  if (recording === 'summary') return summary
  return [...summary, monthsTable(context), plansTable(context), segmentsTable(context), decisionsTable(context)]
}

interface Context {
  readonly market: MarketDefinition
  readonly shape: Shape
  readonly money: ReturnType<typeof ledger>['amount']
  readonly post: ReturnType<typeof ledger>['post']
  readonly currency: string
}

const companionOf = (column: string): string => `${column} known`

function tableOf<E extends { readonly [key: symbol]: unknown }>(
  name: string, meaning: string, dimension: Dimension & { entity(node: never): E }, everyMonth: boolean, columns: readonly Recorded<E>[],
): MarketTable {
  const record: RecordTable = {
    name, dimension, everyMonth,
    columns: columns.flatMap(({ name: column, type, nullable }) => [
      { name: column, type: type === 'text' ? 'i32' as const : type },
      ...(nullable ? [{ name: companionOf(column), type: 'u8' as const }] : []),
    ]),
  }
  return {
    record, companionOf,
    declaration: { name, meaning, columns: columns.map(({ value: _value, known: _known, ...declared }) => declared) },
    step: step(`record ${name}`, () => each(dimension as never, (entity) => {
      const row = columns.flatMap(({ name: column, value, known, nullable }) => {
        const isKnown = nullable ? (known as (record: E) => BoolLike)(entity as never) : undefined
        const given = value(entity as never)
        if (isKnown === undefined) return [[column, given]]
        // A cell without a value holds 0: no undefined number ever reaches memory.
        return [[column, where(isKnown, given as NumLike, 0)], [companionOf(column), isKnown]]
      })
      recordRow(record, entity as never, Object.fromEntries(row) as Record<string, NumLike | BoolLike>)
    })),
  }
}

// ------------------------------------------------------------------------------------ columns in common

const replicationColumn = { name: 'replication', type: 'i32' as const, unit: '1', meaning: 'number of the replication', value: () => replication().toNum() }
const monthColumn = { name: 'month', type: 'i32' as const, unit: 'month', meaning: 'month, from 0', value: () => month().toNum() }
const startupColumn = <E>(market: MarketDefinition, of: (record: E) => Startup): Recorded<E> => ({
  name: 'startup', type: 'text', unit: '', meaning: 'id of the startup', dictionary: market.startups.map(({ id }) => id), value: (e) => indexOf(of(e)).toNum(),
})

/** What the kernel notes every month for the table of events: an amount that is not 0 where something happened. */
export const noticesRecord: RecordTable = { name: 'notices', dimension: notices, everyMonth: true, perBlock: true, columns: [{ name: 'amount', type: 'f64' }, { name: 'cause', type: 'u8' }] }

/** What can be an event, in the order of the dictionary; the last two where a scenario has startups that enter, or shocks. */
export const EVENT_KINDS = ['boom', 'winter', 'round', 'exit', 'entry', 'shock'] as const
/** How many kinds of events every market has. */
const USUAL_KINDS = 4

/** The table of events: made from the notices after a batch, since most months have none. */
export function eventsDeclaration(market: MarketDefinition, shape: Shape = shapeOf(market)): TableDeclaration {
  const shocks = market.shocks ?? []
  const isUsual = shocks.length === 0 && !shape.entry
  return {
    name: 'events', meaning: 'one row per event of a replication, in order of month', columns: [
      { name: 'replication', type: 'i32', unit: '1', meaning: 'number of the replication' },
      { name: 'month', type: 'i32', unit: 'month', meaning: 'month, from 0' },
      { name: 'kind', type: 'text', unit: '', meaning: `boom and winter: the funding climate turned; round: capital raised; exit: insolvent${isUsual ? '' : '; entry: a startup entered; shock: one began'}`, dictionary: isUsual ? EVENT_KINDS.slice(0, USUAL_KINDS) : EVENT_KINDS },
      { name: 'startup', type: 'text', unit: '', meaning: 'id of the startup, none for events of the whole market', nullable: true, dictionary: market.startups.map(({ id }) => id) },
      { name: 'amount', type: 'f64', unit: market.currency, meaning: 'capital raised in a round, debt left at an exit', nullable: true },
      { name: 'cause', type: 'text', unit: '', meaning: 'what gross profit did not cover in about the year before an exit: see exitCause in startups', nullable: true, dictionary: EXIT_CAUSES },
      ...(shocks.length === 0 ? [] : [{ name: 'shock', type: 'text' as const, unit: '', meaning: 'id of the shock that began', nullable: true, dictionary: shocks.map(({ id }) => id) }]),
    ],
  }
}

function startupsTable({ market, shape, money, currency }: Context): MarketTable {
  const sustain = (f: Startup): ReturnType<typeof num> => {
    const { horizon } = only(world)
    return f.healthSustain.over(shape.entry ? horizon.minus(max(f.entryMonth, 0)) : horizon)
  }
  // What has never entered is not in business either, and has not failed.
  const hasFailed = (f: Startup): BoolLike => (shape.entry ? f.exitMonth.isAtLeast(0) : f.alive.not())
  const late = `of the last ${Math.min(24, market.months)} months`
  return tableOf<Startup>('startups', 'one row per replication and startup, at the end of the run', startups, false, [
    replicationColumn,
    startupColumn(market, (f) => f),
    { name: 'alive', type: 'u8', unit: '0 or 1', meaning: 'whether it is in business at the end', value: (f) => f.alive },
    { name: 'exitMonth', type: 'i32', unit: 'month', meaning: 'month in which it failed', nullable: true, value: (f) => f.exitMonth, known: hasFailed },
    ...(shape.entry ? [{ name: 'entryMonth', type: 'i32' as const, unit: 'month', meaning: 'month in which it entered, null if it never did', nullable: true,
      value: (f: Startup) => f.entryMonth, known: (f: Startup) => f.entryMonth.isAtLeast(0) }] : []),
    { name: 'exitCause', type: 'text', unit: '', nullable: true, dictionary: EXIT_CAUSES,
      meaning: 'the first that gross profit did not cover in about the year before it failed: service (direct cost above revenue), structure (fixed and segment costs, overhead, tax), then what it chose to spend on research or marketing, whichever was more',
      value: (f) => f.exitCause, known: hasFailed },
    { name: 'exitInWinter', type: 'u8', unit: '0 or 1', meaning: 'whether the funding climate was winter when it failed', nullable: true, value: (f) => f.exitInWinter, known: hasFailed },
    ...(shape.shocks ? [{ name: 'shocksAtExit', type: 'i32' as const, unit: 'shocks', meaning: 'shocks that lasted when it failed', nullable: true,
      value: (f: Startup) => f.shocksAtExit, known: hasFailed }] : []),
    { name: 'refused', type: 'i32', unit: 'rounds', meaning: 'rounds refused since it last raised capital, up to its exit or the end', value: (f) => f.refused },
    { name: 'profit', type: 'f64', unit: currency, meaning: 'profit after tax, cumulative', value: (f) => money(f.profitTotal) },
    { name: 'revenue', type: 'f64', unit: currency, meaning: 'revenue, cumulative', value: (f) => money(f.revenueTotal) },
    { name: 'share', type: 'f64', unit: 'share', meaning: 'share of the revenue of all startups in the last month', nullable: true,
      value: (f) => f.revenue.over(max(only(world).marketRevenue, 1e-300)), known: () => only(world).marketRevenue.isAbove(0) },
    { name: 'freeUsers', type: 'f64', unit: 'customers', meaning: 'customers on free plans at the end', value: (f) => f.freeUsers },
    { name: 'paidUsers', type: 'f64', unit: 'customers', meaning: 'customers on paid plans at the end', value: (f) => f.paidUsers },
    { name: 'cash', type: 'f64', unit: currency, meaning: 'cash at the end', value: (f) => money(f.cash) },
    { name: 'raised', type: 'f64', unit: currency, meaning: 'capital raised in rounds', value: (f) => money(f.raisedTotal) },
    { name: 'rounds', type: 'i32', unit: 'rounds', meaning: 'funding rounds', value: (f) => f.rounds },
    { name: 'founderStake', type: 'f64', unit: 'share', meaning: "founders' stake at the end", value: (f) => f.founderStake },
    { name: 'debt', type: 'f64', unit: currency, meaning: 'debt written off at exit', value: (f) => money(f.writtenOffCash) },
    { name: 'lateRevenue', type: 'f64', unit: currency, meaning: `revenue ${late}`, value: (f) => money(f.lateRevenue) },
    { name: 'lateDirectCost', type: 'f64', unit: currency, meaning: `direct cost ${late}`, value: (f) => money(f.lateDirectCost) },
    { name: 'grossMargin', type: 'f64', unit: 'share', meaning: `gross margin ${late}, of startups alive at the end`, nullable: true,
      value: (f) => num(1).minus(f.lateDirectCost.over(max(f.lateRevenue, 1e-300))), known: (f) => f.alive.and(f.lateRevenue.isAbove(0)) },
    { name: 'healthProfit', type: 'f64', unit: 'share', meaning: `profitability: operating margin ${late}, (margin + 0.2) / 0.4 held in [0, 1]`, value: healthProfit },
    { name: 'healthSustain', type: 'f64', unit: 'share', meaning: `sustainability: mean of runway / 18 months held in [0, 1] over the months since it was there, 0 after exit${shape.entry ? ', from its entry on' : ''}`,
      value: sustain },
    { name: 'healthUsers', type: 'f64', unit: 'share', nullable: true, meaning: 'user value: what customers gain over doing without, over what they would at frontier quality and cost price; none if it never had a customer when this was judged',
      value: healthUsers, known: (f) => f.idealValueSum.isAbove(0) },
    { name: 'health', type: 'f64', unit: 'share', meaning: 'geometric mean of the three principles of health, 0 without user value', value: (f) =>
      power(healthProfit(f).times(sustain(f)).times(healthUsers(f)), 1 / 3) },
  ])
}

function healthProfit(f: Startup): ReturnType<typeof num> {
  const operating = f.lateRevenue.minus(f.lateDirectCost).minus(f.lateOperatingCost)
  const margin = where(f.lateRevenue.isAbove(0), operating.over(max(f.lateRevenue, 1e-300)), -1)
  return clamp(margin.plus(0.2).over(0.4), { low: 0, high: 1 })
}

function healthUsers(f: Startup): ReturnType<typeof num> {
  return where(f.idealValueSum.isAbove(0), min(1, f.userValueSum.over(max(f.idealValueSum, 1e-300))), 0)
}

function monthsTable({ market, shape, money, currency }: Context): MarketTable {
  const flow = (name: string, meaning: string, value: (f: Startup) => ReturnType<typeof num>): Recorded<Startup> =>
    ({ name, type: 'f64', unit: `${currency}/month`, meaning, value: (f) => money(value(f)) })
  const number = (name: string, unit: string, meaning: string, value: (f: Startup) => ReturnType<typeof num>): Recorded<Startup> =>
    ({ name, type: 'f64', unit, meaning, value })
  return tableOf<Startup>('months', 'one row per replication, month and startup, at the end of the month', startups, true, [
    replicationColumn, monthColumn, startupColumn(market, (f) => f),
    { name: 'alive', type: 'u8', unit: '0 or 1', meaning: 'whether it is in business', value: (f) => f.alive },
    flow('revenue', 'revenue', (f) => f.revenue),
    flow('subscriptions', 'revenue from subscriptions and licences', (f) => f.subscriptions),
    flow('usage', 'revenue from billed usage', (f) => f.usageRevenue),
    flow('ads', 'revenue from advertising', (f) => f.adRevenue),
    flow('take', 'revenue from trade', (f) => f.takeRevenue),
    flow('compute', 'compute, idle reservations included', (f) => f.compute.plus(f.idle)),
    flow('directCost', 'direct cost', (f) => f.directCost),
    flow('operatingCost', 'operating cost', (f) => f.operatingCost),
    flow('support', 'support, in direct cost', (f) => f.supportCost),
    flow('labour', 'labour for customers, in direct cost', (f) => f.labourCost),
    flow('receiptFees', 'fees on receipts, in direct cost', (f) => f.receiptFees),
    flow('thirdParties', 'paid to third parties, in direct cost', (f) => f.thirdPartyCost),
    flow('rd', 'R&D, in operating cost', (f) => f.rdCost),
    flow('marketing', 'marketing, in operating cost', (f) => f.marketingCost),
    flow('fixed', 'fixed cost, in operating cost', (f) => f.fixedCost),
    flow('segmentCosts', 'cost of the segments it targets, in operating cost', (f) => f.segmentCosts),
    flow('overhead', 'overhead, in operating cost', (f) => f.overhead),
    ...(shape.compliance ? [
      flow('privacy', 'handling data lawfully, in direct cost', (f) => f.privacy),
      flow('compliance', 'complying with regulation, in operating cost', (f) => f.complianceCost),
    ] : []),
    flow('tax', 'profit tax', (f) => f.tax),
    flow('receipts', 'cash received', (f) => f.receipts),
    { name: 'trade', type: 'f64', unit: `${currency}/month`, meaning: 'trade of its customers with third parties, before the take rate', value: (f) => f.tradeNow },
    flow('profit', 'profit after tax', (f) => f.profit),
    flow('cashFlow', 'receipts less payments, before rounds', (f) => f.cashFlow),
    flow('raised', 'capital raised', (f) => f.raised),
    { name: 'cash', type: 'f64', unit: currency, meaning: 'cash', value: (f) => money(f.cash) },
    { name: 'deferred', type: 'f64', unit: currency, meaning: 'paid by customers and not yet earned', value: (f) => money(f.deferred) },
    { name: 'receivable', type: 'f64', unit: currency, meaning: 'billed to customers and not yet paid', value: (f) => money(f.receivable) },
    number('freeUsers', 'customers', 'customers on free plans', (f) => f.freeUsers),
    number('paidUsers', 'customers', 'customers on paid plans', (f) => f.paidUsers),
    { name: 'satisfaction', type: 'f64', unit: 'utils', nullable: true, meaning: 'mean over its customers of systematic utility less u0: negative is normal, since the taste of those who chose it is left out', value: satisfaction, known: (f) => f.freeUsers.plus(f.paidUsers).isAbove(0) },
    number('requests', 'requests/month', 'requests asked for', (f) => f.usage),
    number('serviceRatio', 'share', 'share of requests that reserved compute could serve', (f) => f.serviceRatio),
    number('accuracy', '1', 'accuracy relative to the frontier', (f) => f.quality.at(0)),
    number('scalability', '1', 'scalability relative to the frontier', (f) => f.quality.at(1)),
    number('responsiveness', '1', 'responsiveness relative to the frontier', (f) => f.quality.at(2)),
  ])
}

/** Mean of u - u0 over the customers of a startup, 0 where it has none. */
function satisfaction(f: Startup): ReturnType<typeof num> {
  const m = only(world)
  const { total, customers } = sums(presenceOf(f), (p) => sums(offersOf(p), (o) => {
    const terms = TYPES.map((h) => o.customers.at(h).times(utilityOf(m, o, h, p.merit, p.appeal).minus(segmentOf(p).u0)))
    return { total: terms.reduce((a, b) => a.plus(b)), customers: TYPES.map((h) => o.customers.at(h)).reduce((a, b) => a.plus(b)) }
  }))
  return total.over(max(customers, 1e-300))
}

function plansTable({ market, currency, money, post }: Context): MarketTable {
  const flow = (name: string, meaning: string, value: (j: Plan) => ReturnType<typeof num>): Recorded<Plan> =>
    ({ name, type: 'f64', unit: `${currency}/month`, meaning, value: (j) => money(value(j)) })
  const ids = market.startups.flatMap((startup) => startup.plans.map((plan) => `${startup.id}/${plan.id}`))
  const total = (j: Plan, value: (o: Offer) => ReturnType<typeof num>) => sum(marketOffersOf(j), value)
  return tableOf<Plan>('plans', 'one row per replication, month and plan', plans, true, [
    replicationColumn, monthColumn, startupColumn(market, (j) => ownerOf(j)),
    { name: 'plan', type: 'text', unit: '', meaning: 'startup and plan', dictionary: ids, value: (j) => indexOf(j).toNum() },
    { name: 'price', type: 'f64', unit: `${currency}/month`, meaning: 'price', value: (j) => j.priceNow },
    { name: 'usagePrice', type: 'f64', unit: `${currency}/request`, meaning: 'price of a request above the included ones', value: (j) => j.usagePriceNow },
    { name: 'customers', type: 'f64', unit: 'customers', meaning: 'customers at the end of the month', value: (j) => total(j, (o) => o.customers.at(0).plus(o.customers.at(1)).plus(o.customers.at(2))) },
    { name: 'joined', type: 'f64', unit: 'customers/month', meaning: 'customers who joined the startup on this plan', value: (j) => total(j, (o) => o.newcomers.at(0).plus(o.newcomers.at(1)).plus(o.newcomers.at(2))) },
    { name: 'left', type: 'f64', unit: 'customers/month', meaning: 'customers of this plan who left the startup when their term ended', value: (j) => total(j, (o) => o.left) },
    { name: 'converted', type: 'f64', unit: 'customers/month', meaning: "customers of the startup's free plans who compared and settled on this paid plan, expected given who compared", value: (j) => where(j.isFree, 0, total(j, (o) => moved(o, 'here'))) },
    { name: 'downgraded', type: 'f64', unit: 'customers/month', meaning: 'customers of this paid plan who compared and settled on a free plan of the startup, expected given who compared', value: (j) => where(j.isFree, 0, total(j, (o) => moved(o, 'away'))) },
    { name: 'requests', type: 'f64', unit: 'requests/month', meaning: 'requests asked for', value: (j) => total(j, (o) => o.requests) },
    flow('recurring', 'what customers in their term pay a month, licences apart', (j) => total(j, (o) => o.earned)),
    flow('usage', 'revenue from billed usage', (j) => total(j, (o) => post(o.billed))),
    { name: 'compute', type: 'f64', unit: `${currency}/month`, meaning: 'compute of the requests served, idle reservations excluded', value: (j) => ownerOf(j).unitCost.times(j.qualityCost).times(ownerOf(j).serviceRatio).times(total(j, (o) => o.requests)) },
    { name: 'support', type: 'f64', unit: `${currency}/month`, meaning: 'support of its customers', value: (j) => j.supportShare.times(total(j, (o) => o.users.times(segmentOf(pairOf(o)).support))) },
    { name: 'labour', type: 'f64', unit: `${currency}/month`, meaning: 'labour for its customers', value: (j) => j.labour.times(total(j, (o) => o.users)) },
  ])
}

/**
 * Of the customers of a startup in a segment who compared and stay: those who came from free plans and settle here, or
 * those who came from here and settle on a free plan, if all who stay settle alike.
 */
function moved(offer: Offer, way: 'here' | 'away'): ReturnType<typeof num> {
  const p = pairOf(offer)
  return TYPES.map((h) => {
    const { kept, keptFree, settledFree } = sums(offersOf(p), (o) => {
      const free = planOf(o).isFree
      return { kept: o.kept.at(h), keptFree: where(free, o.kept.at(h), 0), settledFree: where(free, o.settled.at(h), 0) }
    })
    const part = way === 'here' ? keptFree.times(offer.settled.at(h)) : offer.kept.at(h).times(settledFree)
    return part.over(max(kept, 1e-300))
  }).reduce((a, b) => a.plus(b))
}

function segmentsTable({ market }: Context): MarketTable {
  const ids = market.segments.map(({ id }) => id)
  return tableOf<Segment>('segments', 'one row per replication, month and segment', segments, true, [
    replicationColumn, monthColumn,
    { name: 'segment', type: 'text', unit: '', meaning: 'id of the segment', dictionary: ids, value: (s) => indexOf(s).toNum() },
    { name: 'potential', type: 'f64', unit: 'customers', meaning: 'customers who could adopt', value: (s) => s.potentialNow },
    { name: 'readiness', type: 'f64', unit: 'share', meaning: 'share of the potential that is ready to choose, after the month', value: (s) => s.readiness },
    { name: 'customers', type: 'f64', unit: 'customers', meaning: 'customers of all startups at the end of the month', value: (s) => s.adopters },
    { name: 'shoppers', type: 'f64', unit: 'customers/month', meaning: 'customers who looked for an offer', value: (s) => TYPES.map((h) => s.shoppers.at(h)).reduce((a, b) => a.plus(b)) },
    { name: 'surplus', type: 'f64', unit: `${market.currency}/month`, meaning: 'consumer surplus of the shoppers, ln(D / U0) / alpha each, awareness included (Small and Rosen 1981)', value: (s) => TYPES.map((h) =>
      where(s.alphaOfType.at(h).isAbove(0), s.shoppers.at(h).times(log(s.everyone.at(h).over(s.outside))).over(max(s.alphaOfType.at(h), 1e-300)), 0)).reduce((a, b) => a.plus(b)) },
    { name: 'switched', type: 'f64', unit: 'customers/month', meaning: 'customers who left their startup when their term ended', value: (s) => sum(pairsOf(s), (p) => p.leaving.at(0).plus(p.leaving.at(1)).plus(p.leaving.at(2))) },
    { name: 'orphans', type: 'f64', unit: 'customers', meaning: 'customers of startups that failed this month', value: (s) => TYPES.map((h) => s.orphans.at(h)).reduce((a, b) => a.plus(b)) },
  ])
}

function decisionsTable({ market, currency, money }: Context): MarketTable {
  return tableOf<Startup>('decisions', 'one row per replication, month and startup: what it saw, what it did, what it earned', startups, true, [
    replicationColumn, monthColumn, startupColumn(market, (f) => f),
    { name: 'runway', type: 'f64', unit: 'months', meaning: 'observed: cash over burn when it decided', value: (f) => f.runway },
    { name: 'boom', type: 'u8', unit: '0 or 1', meaning: 'observed: whether investors are in a boom', value: () => only(world).boom },
    { name: 'rd', type: 'f64', unit: `${currency}/month`, meaning: 'action: R&D budget', value: (f) => f.rdBudget },
    { name: 'marketing', type: 'f64', unit: `${currency}/month`, meaning: 'action: marketing budget', value: (f) => f.marketingBudget },
    { name: 'takeRate', type: 'f64', unit: 'share', meaning: 'action: take rate', value: (f) => f.take },
    { name: 'outShare', type: 'f64', unit: 'share', meaning: 'action: share of revenue paid to third parties', value: (f) => f.out },
    { name: 'reward', type: 'f64', unit: `${currency}/month`, meaning: 'profit of the month', value: (f) => money(f.profit) },
  ])
}

