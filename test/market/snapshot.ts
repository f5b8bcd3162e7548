/**
 * Owns the view of a running market in the words and axes of the month vectors and of the naive executor: states by
 * name, flows by step. Letters are axes: f startup, o offer in the order of startups, plans and segments, s segment,
 * h customer type.
 */
import { assert } from '../../engine/errors.ts'
import type { Column } from '../../engine/trace/index.ts'
import { offersOf } from '../naive/state.ts'
import { type MarketRun, column } from './market-run.ts'

/**
 * Stands where the engine keeps nothing: a startup that neither sells nor advertises in a segment, and what customers
 * think of one that is out of business.
 */
export const absent = Symbol('absent')

/** Numbers nested by axis, or groups of them by name. */
export type Seen = number | typeof absent | readonly Seen[] | { readonly [name: string]: Seen }

/** A step of the month as the vectors name them: `choice` includes terms and enrolment, `capital` includes exits. */
export type SeenStep = 'events' | 'decisions' | 'choice' | 'service' | 'books' | 'capital' | 'learning'

/** The engine's steps in which each of them ends. */
export const lastStepOf: Readonly<Record<SeenStep, string>> = {
  events: 'events',
  decisions: 'decisions',
  choice: 'enrolment',
  service: 'service',
  books: 'books',
  capital: 'exits',
  learning: 'learning',
}

/** Sees one replication of a run, which stands in a lane of block 0. */
export class Snapshot {
  private readonly run: MarketRun
  private readonly lane: number
  private readonly offers: readonly number[]
  /** Booked units in one unit of currency. */
  private readonly unit: number

  constructor(run: MarketRun, lane: number) {
    this.run = run
    this.lane = lane
    this.unit = run.market.books === 'cents' ? 100 : 1
    this.offers = offersOf(run.market).map(({ j, s }) => {
      const at = run.index.offers.findIndex(({ plan, segment }) => plan === j && segment === s)
      assert(at >= 0, 'the engine has every offer', { plan: j, segment: s })
      return at
    })
  }

  /** Everything that lasts from month to month, as it stands now; money in currency, `prepaid` in booked units. */
  state(): Record<string, Seen> {
    const { run, lane } = this
    const { world, segments, startups, offers, cohorts } = column
    const cash = this.money('cash')
    const writtenOff = this.money('writtenOffCash')
    const cohortsOf = (o: number): number[] => {
      const first = run.firstCohort(o)
      return Array.from({ length: run.termOf(run.index.offers[o]!.plan) }, (_, slot) => first + slot)
    }
    return {
      boom: run.read(world.boom, 0, { lane }),
      taste: this.perLivingPair(column.pairs.taste),
      quality: run.market.startups.map((_, f) => run.readAll(startups.quality, f, lane)),
      efficiency: run.perStartup('efficiency', lane),
      fit: this.perLivingPair(column.pairs.fit),
      awareness: this.perLivingPair(column.pairs.awareness),
      stock: run.perStartup('stock', lane),
      trust: run.perStartup('trust', lane),
      readiness: this.perSegment(segments.readiness),
      orphans: this.perSegment(segments.orphans),
      reserved: run.perStartup('reserved', lane),
      usage: run.perStartup('usage', lane),
      serviceRatio: run.perStartup('serviceRatio', lane),
      // The engine books the debt of a failed startup as written off; the others leave it in cash.
      cash: cash.map((amount, f) => amount - writtenOff[f]!),
      alive: run.perStartup('alive', lane),
      grossProfit: run.perStartup('grossProfit', lane),
      burn: run.perStartup('burn', lane),
      rounds: run.perStartup('rounds', lane),
      lastRound: run.perStartup('lastRound', lane),
      founderStake: run.perStartup('founderStake', lane),
      cohorts: this.offers.map((o) => cohortsOf(o).map((c) => run.readAll(cohorts.customers, c, lane))),
      prepaid: this.offers.map((o) => cohortsOf(o).map((c) => run.read(cohorts.monthly, c, { lane }))),
      customers: this.perOffer(offers.customers),
    }
  }

  /** What a step has computed, right after it. */
  flow(step: SeenStep): Record<string, Seen> {
    const { run, lane } = this
    const { world, segments, plans, pairs, offers } = column
    switch (step) {
      case 'events':
        return {
          computePrice: run.read(world.compute, 0, { lane }),
          usage: this.perSegment(segments.usageOfType),
          usageGrowth: this.perSegment(segments.usageFactor),
          potential: this.perSegment(segments.potentialNow),
        }
      case 'decisions':
        return { rd: run.perStartup('rdBudget', lane), marketing: run.perStartup('marketingBudget', lane) }
      case 'choice':
        return {
          terms: this.offers.map((o) => ({
            price: run.read(plans.priceNow, run.index.offers[o]!.plan, { lane }),
            requests: run.readAll(offers.answered, o, lane),
            usageBill: run.readAll(offers.usageBill, o, lane),
          })),
          weight: this.perPair(pairs.pull),
          shoppers: this.perSegment(segments.shoppers),
          newcomers: this.perOffer(offers.newcomers),
          leaving: this.perPair(pairs.leaving),
          usersBefore: this.perPair(pairs.users),
          // Those whose term starts this month are the cohort of the month.
          renewed: this.offers.map((o) =>
            run.readAll(
              column.cohorts.customers,
              run.firstCohort(o) + (run.month % run.termOf(run.index.offers[o]!.plan)),
              lane,
            ),
          ),
          customers: this.perOffer(offers.customers),
        }
      case 'service':
        return {
          requests: this.perOffer(offers.requests),
          fullCompute: run.perStartup('fullCompute', lane),
          ratio: run.perStartup('serviceRatio', lane),
          compute: run.perStartup('computeCost', lane),
          idle: run.perStartup('idleCost', lane),
        }
      case 'books':
        return {
          subscriptions: this.money('subscriptions'),
          usageRevenue: this.money('usageRevenue'),
          ads: this.money('adRevenue'),
          take: this.money('takeRevenue'),
          revenue: this.money('revenue'),
          receipts: this.money('receipts'),
          direct: {
            compute: this.money('compute'),
            idle: this.money('idle'),
            support: this.money('supportCost'),
            labour: this.money('labourCost'),
            receiptFees: this.money('receiptFees'),
            thirdParties: this.money('thirdPartyCost'),
            privacy: this.ifUsed('privacy'),
          },
          operating: {
            rd: this.money('rdCost'),
            marketing: this.money('marketingCost'),
            fixed: this.money('fixedCost'),
            segmentCost: this.money('segmentCosts'),
            overhead: this.money('overhead'),
            compliance: this.ifUsed('complianceCost'),
          },
          tax: this.money('tax'),
          cashFlow: this.money('cashFlow'),
          profit: this.money('profit'),
          deferred: this.money('deferred'),
          users: run.perStartup('users', lane),
        }
      case 'capital':
        return {
          raised: this.money('raised'),
          insolvent: run.perStartup('exits', lane),
          askedForMoney: run.perStartup('asked', lane),
        }
      case 'learning':
        return {}
    }
  }

  /** A posting that only some mechanism makes. */
  private ifUsed(name: 'privacy' | 'complianceCost'): Seen {
    return this.run.instance.keeps(column.startups[name]) ? this.money(name) : absent
  }

  private money(name: Parameters<MarketRun['perStartup']>[0]): number[] {
    return this.run.perStartup(name, this.lane).map((booked) => booked / this.unit)
  }

  private perSegment(of: Column): Seen[] {
    return this.run.market.segments.map((_, s) => this.one(of, s))
  }

  private perOffer(of: Column): Seen[] {
    return this.offers.map((o) => this.one(of, o))
  }

  /** [f][s]. */
  private perPair(of: Column): Seen[] {
    const { startups, segments } = this.run.market
    return startups.map((_, f) =>
      segments.map((_, s) => {
        const at = this.run.pairOf(f, s)
        return at < 0 ? absent : this.one(of, at)
      }),
    )
  }

  private perLivingPair(of: Column): Seen[] {
    const alive = this.run.perStartup('alive', this.lane)
    return this.perPair(of).map((row, f) => (alive[f] ? row : absent))
  }

  private one(of: Column, record: number): Seen {
    return of.length > 1
      ? this.run.readAll(of, record, this.lane)
      : this.run.read(of, record, { lane: this.lane })
  }
}

/** Whether two numbers are as close as they must be. */
export type Close = (actual: number, expected: number, path: string) => boolean

/** Close by the larger of a share of the expected number and an absolute gap. */
export const within =
  (relative: number, absolute = 0): Close =>
  (actual, expected) =>
    actual === expected || Math.abs(actual - expected) <= Math.max(relative * Math.abs(expected), absolute)

/**
 * All differences between what was computed and what is expected, as lines of text. `expected` says what to compare;
 * booleans count as 0 and 1, and what the engine does not keep is passed over.
 */
export function differences(actual: unknown, expected: unknown, path: string, close: Close): string[] {
  if (actual === absent) return []
  if (typeof expected === 'number' || typeof expected === 'boolean') {
    const fits = typeof actual === 'number' || typeof actual === 'boolean'
    return fits && close(Number(actual), Number(expected), path)
      ? []
      : [`${path}: ${String(actual)}, expected ${expected}`]
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return [`${path}: not ${expected.length} values`]
    return expected.flatMap((value, i) => differences(actual[i], value, `${path}[${i}]`, close))
  }
  return Object.entries(expected as object).flatMap(([key, value]) =>
    differences((actual as Record<string, unknown>)[key], value, `${path}.${key}`, close),
  )
}
