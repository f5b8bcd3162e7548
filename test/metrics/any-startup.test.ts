import { fc, test as property } from '@fast-check/vitest'
import { expect } from 'vitest'
import { metricsOf } from '../../engine/metrics/registry.ts'
import { livedMonths, type MarketRecord } from '../../engine/metrics/series.ts'
import { freemium, startupRecord, type StartupColumns } from './startup-record.ts'

/** Cents, and whole customers; zeros are frequent. */
const money = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 1e11 }).map((cents) => cents / 100),
)
const loss = fc.integer({ min: -1e11, max: 1e11 }).map((cents) => cents / 100)
const customers = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e7 }))
const COUNTS = ['customers', 'joined', 'left', 'converted', 'downgraded', 'freeUsers', 'paidUsers']
const SIGNED = ['profit', 'cashFlow', 'cash', 'satisfaction']

/** Any startup over the same number of months, consistent or not, that enters and fails at any time or never. */
function anyStartup(monthCount: number): fc.Arbitrary<StartupColumns> {
  const series = (name: string): fc.Arbitrary<number[]> => {
    const value = COUNTS.includes(name) ? customers : SIGNED.includes(name) ? loss : money
    return fc.array(value, { minLength: monthCount, maxLength: monthCount })
  }
  const columns = (names: readonly string[]): fc.Arbitrary<Record<string, number[]>> =>
    fc.record(Object.fromEntries(names.map((name) => [name, series(name)])))
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  return fc
    .record({
      months: columns([...Object.keys(freemium.months), 'overhead']),
      plans: fc.array(columns(Object.keys(freemium.plans[0]!)), { minLength: 1, maxLength: 3 }),
      entry: fc.nat({ max: monthCount }),
      exit: fc.nat({ max: monthCount }),
      end: fc.record({
        founderStake: share,
        healthProfit: share,
        healthSustain: share,
        healthUsers: fc.option(share),
      }),
    })
    .map(({ months, plans, entry, exit, end }) => ({
      months: {
        ...months,
        alive: Array.from({ length: monthCount }, (_, month) => (month >= entry && month < exit ? 1 : 0)),
      },
      plans,
      end,
    }))
}

const anyMarket = fc
  .integer({ min: 1, max: 20 })
  .chain((monthCount) => fc.array(anyStartup(monthCount), { minLength: 1, maxLength: 3 }))

property.prop([anyMarket, fc.double({ min: -0.5, max: 3, noNaN: true })])(
  'whatever a startup did, a metric is a finite number or none, and shares are shares',
  (startups, annualRate) => {
    const records = startups.map(startupRecord)
    const market: MarketRecord = { startups: records, segments: [], monthCount: records[0]!.monthCount }
    for (const record of records) {
      const values = new Map(
        metricsOf('startup').map(({ name, value }) => [name, value(record, { annualRate })]),
      )
      for (const [name, value] of values) {
        expect(value === null || Number.isFinite(value), `${name} is ${value}`).toBe(true)
        if (value === null)
          expect(metricsOf('startup').find((metric) => metric.name === name)!.undefinedWhen).toBeDefined()
      }
      for (const name of ['userChurn', 'logoChurn', 'arpu', 'cac', 'fullCac', 'peakFunding', 'health'])
        expect(values.get(name) ?? 0, name).toBeGreaterThanOrEqual(0)
      const [cac, fullCac] = [values.get('cac'), values.get('fullCac')]
      if (cac != null) expect(fullCac).toBeGreaterThanOrEqual(cac)
      expect(values.get('grossMargin') ?? 0).toBeLessThanOrEqual(1)
      if (livedMonths(record) === 0) expect(values.get('mrr')).toBeNull()
    }
    for (const { name, value } of metricsOf('market').filter(({ needs }) =>
      needs.every((column) => !column.startsWith('segments.')),
    )) {
      const found = value(market, { annualRate })
      expect(found === null || Number.isFinite(found), name).toBe(true)
      // Sums of three squares of shares.
      if (name === 'hhi' && found !== null) expect(found).toBeGreaterThanOrEqual(1 / startups.length - 1e-14)
    }
  },
)
