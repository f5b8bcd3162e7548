import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { payersOf, plansByPrice } from '../../engine/metrics/customers.ts'
import { health, profitability, sustainability } from '../../engine/metrics/health.ts'
import { marginOf } from '../../engine/metrics/profitability.ts'
import { recordsOf, type ReplicationRecord } from '../../engine/metrics/records.ts'
import { replicationsOf } from '../../engine/metrics/replications.ts'
import { metricsOf } from '../../engine/metrics/registry.ts'
import type { ColumnName, StartupRecord } from '../../engine/metrics/series.ts'
import { arrowSource, columnBatches } from '../../engine/tables/read.ts'
import { businessModels } from '../../agents/business-models/index.ts'
import { parseScenario, simulate } from '../../index.ts'
import { inFolder } from '../run/runs.ts'

// Every business model, long enough for prepaid years and licences to end and startups to fail.
const MODELS = businessModels.map(({ name }) => name)
const MARKET = `
months: 40
currency: EUR
segments:
  consumer: { kind: consumer, potential: 3_000_000 }
  smb: { kind: smallBusiness, potential: 150_000 }
  developer: { kind: developer, potential: 40_000 }
  retail: { kind: enterprise, potential: 4_000, trade: 20_000 }
startups:
${MODELS.map((name) => `  ${name}-1: { model: ${name} }`).join('\n')}
`
const REPLICATIONS = 3

const records: ReplicationRecord[] = []
/** Runway that startups saw when they decided: rows by month and startup, of each replication. */
const runways: Float64Array[] = []

beforeAll(async () => {
  await inFolder(async (folder) => {
    const market = parseScenario(MARKET)
    await simulate(market, { replications: REPLICATIONS, recording: 'months', workers: 0, folder })
    const source = (name: string): ReturnType<typeof columnBatches> =>
      columnBatches(arrowSource(readFileSync(join(folder, `${name}.arrow`))))
    const sources = {
      startups: source('startups'),
      months: source('months'),
      plans: source('plans'),
      segments: source('segments'),
    }
    for await (const record of recordsOf(sources)) records.push(record)
    for await (const { values } of replicationsOf(source('decisions'))) runways.push(values.get('runway')!)
  })
}, 60_000)

/** What holds for every startup in every replication. */
function forEachStartup(check: (startup: StartupRecord, name: string) => void): void {
  expect(records).toHaveLength(REPLICATIONS)
  for (const { replication, startups } of records) {
    expect(startups.length).toBe(MODELS.length)
    for (const startup of startups) check(startup, `${startup.id} in replication ${replication}`)
  }
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((all, value) => all + value, 0)

describe('the books of a run', () => {
  test('customers at the start, those who joined and those who left make those at the end', () => {
    forEachStartup(({ plans, business }, name) => {
      const of = (column: ColumnName, month: number): number =>
        month < 0 ? 0 : sum(plans.map((plan) => plan.of(column)[month]!))
      for (let month = 0; month < business.to; month++) {
        const balance = of('plans.customers', month - 1) + of('plans.joined', month) - of('plans.left', month)
        expect(of('plans.customers', month), `${name}, month ${month}`).toBe(balance)
      }
    })
  })

  test('paying customers lost are those who left and those who went back to a free plan', () => {
    let downgraded = 0
    let converted = 0
    forEachStartup((startup, name) => {
      const payers = payersOf(startup)
      const { paid, free } = plansByPrice(startup)
      for (let month = 0; month < startup.business.to; month++) {
        const left = sum(paid.map((plan) => plan.of('plans.left')[month]!))
        const back = free.length === 0 ? 0 : sum(paid.map((plan) => plan.of('plans.downgraded')[month]!))
        // Conversions are quotients of counts below 1e7: roundings stay far below a thousandth of a customer.
        expect(payers.lost[month], `${name}, month ${month}`).toBeCloseTo(left + back, 3)
        downgraded += back
        converted += payers.converted[month]!
      }
    })
    expect(downgraded).toBeGreaterThan(0)
    expect(converted).toBeGreaterThan(0)
  })

  test('users by price are those of the months', () => {
    forEachStartup((startup, name) => {
      const { paid, free } = plansByPrice(startup)
      const users = (plans: StartupRecord['plans'], month: number): number =>
        sum(plans.map((plan) => plan.of('plans.customers')[month]!))
      const last = startup.business.to - 1
      if (last < 0 || free.length === 0) return
      expect(users(paid, last), name).toBe(startup.of('months.paidUsers')[last])
      expect(users(free, last), name).toBe(startup.of('months.freeUsers')[last])
    })
  })

  test('recurring revenue is the revenue from subscriptions where there are no licences', () => {
    let compared = 0
    forEachStartup((startup, name) => {
      const recurring = sum(
        startup.plans.map((plan) => plan.of('plans.recurring')[startup.business.to - 1] ?? 0),
      )
      if (recurring === 0) return
      compared++
      const subscriptions = startup.of('months.subscriptions')[startup.business.to - 1]!
      // Whole cents that do not divide by the months of a term are earned at once: below 36 cents a row.
      expect(Math.abs(subscriptions - recurring), name).toBeLessThan(10)
    })
    expect(compared).toBeGreaterThan(20)
  })

  test('the costs of plans are those of the startup', () => {
    forEachStartup((startup, name) => {
      for (const column of ['support', 'labour'] as const) {
        for (let month = 0; month < startup.business.to; month++) {
          const plans = sum(startup.plans.map((plan) => plan.of(`plans.${column}`)[month]!))
          // The startup's are whole cents; sums of up to 1e8 round by far less.
          expect(plans, `${name}, ${column} of month ${month}`).toBeCloseTo(
            startup.of(`months.${column}`)[month]!,
            1,
          )
        }
      }
    })
  })
})

describe('the metrics of a run', () => {
  test('are finite numbers or none', () => {
    forEachStartup((startup, name) => {
      for (const metric of metricsOf('startup')) {
        const value = metric.value(startup, { annualRate: 0.1 })
        expect(value === null || Number.isFinite(value), `${metric.name} of ${name} is ${value}`).toBe(true)
      }
    })
    for (const record of records)
      for (const metric of metricsOf('market'))
        expect(metric.value(record, { annualRate: 0.1 })).not.toBeNull()
  })

  test('agree with what the run itself says of health', () => {
    forEachStartup((startup, name) => {
      const late = (column: ColumnName): number => sum(startup.of(column).subarray(-24))
      const margin = marginOf(
        late('months.revenue'),
        late('months.directCost') + late('months.operatingCost'),
      )
      // Sums of 24 months of cents, in another order.
      expect(profitability(margin), name).toBeCloseTo(startup.atEnd('startups.healthProfit')!, 10)
      const principles = (['Profit', 'Sustain', 'Users'] as const).map(
        (principle) => startup.atEnd(`startups.health${principle}`) ?? 0,
      )
      const [first, second, third] = principles as [number, number, number]
      expect(health([first, second, third]), name).toBeCloseTo(startup.atEnd('startups.health')!, 12)
    })
  })

  test('sustainability follows from the runway that startups see', () => {
    let exact = 0
    records.forEach(({ startups }, replication) =>
      startups.forEach((startup, at) => {
        const { business, monthCount } = startup
        // What a startup sees when it decides is how the month before has ended; the last end nobody sees.
        const seen = runways[replication]!.filter((_, row) => row % startups.length === at).slice(1)
        const recorded = startup.atEnd('startups.healthSustain')!
        const found = sustainability(seen.subarray(0, business.to), monthCount)
        if (business.to < monthCount) {
          expect(found, startup.id).toBeCloseTo(recorded, 12)
          exact++
        } else {
          expect(recorded, startup.id).toBeGreaterThanOrEqual(found - 1e-12)
          expect(recorded, startup.id).toBeLessThanOrEqual(found + 1 / monthCount + 1e-12)
        }
      }),
    )
    expect(exact).toBeGreaterThan(0)
  })

  test('value all cash flows', () => {
    const discounted = metricsOf('startup').find(({ name }) => name === 'discountedValue')!
    forEachStartup((startup, name) => {
      const flows = startup.of('months.cashFlow')
      const textbook = flows.reduce((total, flow, month) => total + flow / 1.1 ** ((month + 1) / 12), 0)
      // Amounts up to 1e9, some roundings each.
      expect(discounted.value(startup, { annualRate: 0.1 }), name).toBeCloseTo(textbook, 3)
      expect(discounted.value(startup, { annualRate: 0 }), name).toBeCloseTo(sum(flows), 3)
    })
  })
})
