/**
 * Owns the plain data of the naive market month: one replication, arrays of numbers, named as in
 * `../reference/month-vectors.json`. Letters in comments are axes: f startup, j plan, o offer, s segment,
 * h customer type.
 *
 * This is a second reading of docs/model.md, section 7, in expected demography, written without the engine's tracer,
 * numerics and code, so that both back ends can be checked against something that shares none of their mistakes.
 */
import type { MarketDefinition, PlanDefinition } from '../../engine/market/definition.ts'
import { type Ledger, emptyLedger, postingOf } from './ledger.ts'

/** Every random number of one replication; lognormal ones come as factors, already exponentiated. */
export interface Draws {
  /** R&D ability, median 1. */
  ability(f: number): number
  /** Starting cash over its mean, mean 1. */
  cash(f: number): number
  /** Speed of readiness, mean 1. */
  readiness(): number
  /** Standard normal. */
  taste(month: number, f: number, s: number): number
  /** Uniform in [0, 1). */
  climate(month: number): number
  /** Uniform in [0, 1). */
  funding(month: number, f: number): number
  /** Uniform in [0, 1), for whether startup f enters; asked for in markets with late startups only. */
  entry?(month: number, f: number): number
  /** Uniform in [0, 1), for whether shock k begins; asked for in markets with random shocks only. */
  shock?(month: number, k: number): number
}

/** A plan shown to one segment; plans that a segment is not offered do not exist for it. */
export interface Offer {
  readonly f: number
  readonly j: number
  readonly s: number
  readonly plan: PlanDefinition
}

/** Everything that lasts from one month to the next. Money in currency units unless it says booked. */
export interface NaiveState {
  boom: boolean
  /** xi[f][s], utils. */
  taste: number[][]
  /** quality[f][accuracy, scalability, responsiveness], before the service ratio. */
  quality: number[][]
  efficiency: number[]
  /** fit[f][s]. */
  fit: number[][]
  /** awareness[f][s]. */
  awareness: number[][]
  /** Third-party stock K[f]. */
  stock: number[]
  trust: number[]
  /** readiness[s]. */
  readiness: number[]
  /** Customers of exited startups, [s][h]. */
  orphans: number[][]
  /** Requests reserved for the month to come, [f]. */
  reserved: number[]
  /** Requests asked last month, [f]. */
  usage: number[]
  serviceRatio: number[]
  /** Cash[f]; of an exited startup, the negative cash it failed with. */
  cash: number[]
  alive: boolean[]
  grossProfit: number[]
  burn: number[]
  rounds: number[]
  lastRound: number[]
  founderStake: number[]
  /** Customers by renewal, [o][slot][h]: slot = month of renewal mod term. */
  cohorts: number[][][]
  /** Booked revenue that each later month of a term gets from the renewal in a slot, [o][slot]; 0 for licences. */
  prepaid: number[][]
  /** Booked bills by the month they fall due, [month mod (longest delay + 1)][f]. */
  receivable: number[][]
  /** Booked balances of all accounts, [f]. */
  ledger: Ledger[]
  /** Month of entry[f], -1 before it. */
  enteredAt: number[]
  /** First month in which shock k no longer lasts, [k]. */
  shockEnds: number[]
  /** Revenue and users of each month so far, for the growth that investors look at. */
  history: { revenue: number[]; users: number[] }[]
}

/** What is the same for every startup this month. */
export interface MarketMonth {
  readonly month: number
  readonly years: number
  /** D^-y. */
  readonly fall: number
  /** Per request at the frontier. */
  readonly computePrice: number
  /** ug_s^y, [s]. */
  readonly usageGrowth: number[]
  /** Requests a month, [s][h]. */
  readonly usage: number[][]
  /** N_s, [s]. */
  readonly potential: number[]
  /** Share of ready non-customers who shop, [s]. */
  readonly shop: number[]
  /** Factor on the cost of complying with regulation, [s]. */
  readonly regulation: number[]
  /** Quality of open models. */
  readonly openFrontier: number
  /** Factor on the odds of a funding round. */
  readonly fundingOdds: number
  /** Trust lost to outages, [f]. */
  readonly outage: number[]
}

/** Customers held per offer and type, [o][h]: the sum of the cohorts. */
export function customersOf(state: NaiveState): number[][] {
  return state.cohorts.map((slots) => slots[0]!.map((_, h) => sum(slots.map((slot) => slot[h]!))))
}

/** All offers, in the order of startups, their plans, and the market's segments. */
export function offersOf(definition: MarketDefinition): Offer[] {
  const offers: Offer[] = []
  let j = 0
  definition.startups.forEach((startup, f) => {
    for (const plan of startup.plans) {
      definition.segments.forEach(({ id }, s) => {
        if (plan.offeredTo.includes(id)) offers.push({ f, j, s, plan })
      })
      j++
    }
  })
  return offers
}

/** The state before month 0. */
export function naiveStart(definition: MarketDefinition, draws: Draws): NaiveState {
  const { parameters: p, segments, startups } = definition
  const perStartup = (value: number) => startups.map(() => value)
  const offers = offersOf(definition)
  const post = postingOf(definition.books)
  const cash = startups.map((startup, f) => post(startup.cash * draws.cash(f)))
  const ledger = startups.map(emptyLedger)
  const isThere = startups.map(
    ({ entry, entryChance, entryInBoom }) => entry === 0 && entryChance === 1 && entryInBoom === 0,
  )
  ledger.forEach((accounts, f) => {
    if (!isThere[f]) return
    accounts.cash += cash[f]!
    accounts.equity -= cash[f]!
  })
  return {
    boom: p.startInBoom > 0,
    taste: startups.map(() => segments.map(() => 0)),
    quality: startups.map((startup) => [...startup.quality]),
    efficiency: perStartup(0),
    fit: startups.map((startup) => segments.map(({ id }) => startup.fit[id]!)),
    awareness: startups.map((startup) =>
      segments.map(({ id }) =>
        startup.split[id]! > 0 ? startup.awarenessTargeted : startup.awarenessElsewhere,
      ),
    ),
    stock: perStartup(0),
    trust: perStartup(p.trustStart),
    readiness: segments.map(() => p.readinessStart),
    orphans: segments.map(() => definition.types.nodes.map(() => 0)),
    reserved: perStartup(p.reservedMinimum),
    usage: perStartup(0),
    serviceRatio: perStartup(1),
    cash: cash.map((amount, f) => (isThere[f] ? amount / post.unit : 0)),
    alive: [...isThere],
    grossProfit: perStartup(0),
    burn: startups.map((startup) => {
      const targeted = segments.filter(({ id }) => startup.split[id]! > 0)
      return startup.rd + startup.marketing + startup.fixed + sum(targeted.map((segment) => segment.cost))
    }),
    rounds: perStartup(0),
    lastRound: perStartup(-p.monthsBetweenRounds),
    founderStake: perStartup(1),
    cohorts: offers.map(({ plan }) =>
      Array.from({ length: plan.term }, () => definition.types.nodes.map(() => 0)),
    ),
    prepaid: offers.map(({ plan }) => Array.from({ length: plan.term }, () => 0)),
    receivable: Array.from({ length: Math.max(...segments.map((s) => s.paymentDelay)) + 1 }, () =>
      perStartup(0),
    ),
    ledger,
    enteredAt: isThere.map((there) => (there ? 0 : -1)),
    shockEnds: (definition.shocks ?? []).map(() => 0),
    history: [],
  }
}

/** The sum, from the first to the last. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** `value`, or the bound that it passes. */
export function clip(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
