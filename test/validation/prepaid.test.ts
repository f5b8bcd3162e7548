/** Owns the limit of perpetual prepaid terms: cash leads revenue by exactly what is paid and not yet earned. */
import { describe, expect, test } from 'vitest'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { MarketRun, column } from '../market/market-run.ts'
import { oneSeller, threeTypes } from './one-seller.ts'

const lanes = [0, 1, 2, 3]
const cash = (run: MarketRun, lane: number): number => run.read(column.startups.cash, 0, { lane })
const deferred = (run: MarketRun, lane: number): number => run.read(column.startups.deferred, 0, { lane })

/** Cash received over revenue earned since month 0, cents: everything else is paid in the month in which it is spent. */
function lead(run: MarketRun, lane: number): number {
  const earned = run.read(column.startups.profitTotal, 0, { lane })
  return cash(run, lane) - run.read(column.startups.startingCash, 0, { lane }) - earned
}

/** Calls `look` after every month of a market. */
function everyMonth(market: MarketDefinition, look: (run: MarketRun, month: number) => void): void {
  const run = new MarketRun(market)
  run.start()
  for (let month = 0; month < market.months; month++) {
    run.months(month, month + 1)
    look(run, month)
  }
}

describe('a startup that sells by the month, quarter, year and three years', () => {
  const market = oneSeller({
    months: 150,
    demography: 'integer',
    books: 'cents',
    types: threeTypes,
    // Prices that no number of months divides into whole cents, customers who come and go with taste, and every cost.
    segment: {
      potential: 3000,
      alpha: 0.2,
      beta: 2,
      omega: 0.7,
      phi: 0.4,
      sigma: 1,
      shop: 0.3,
      support: 0.31,
    },
    parameters: { nest: 0.5, tasteSd: 0.8, receiptFee: 0.03, overheadShare: 0.06, profitTax: 0.2 },
    startup: { cash: 1e7, fixed: 123.45, rd: 10, rdShare: 0.1 },
    plans: [
      { price: 7.07 },
      { price: 6.83, term: 3 },
      { price: 6.01, term: 12, passThrough: 0.1 },
      { price: 5.29, term: 36 },
    ],
  })

  test('has exactly the deferred balance more cash than it has earned, in cents, every month', () => {
    const leads: number[] = []
    everyMonth(market, (run) =>
      lanes.forEach((lane) => {
        expect(lead(run, lane)).toBe(deferred(run, lane))
        leads.push(lead(run, lane))
      }),
    )
    expect(Math.min(...leads)).toBeGreaterThan(0)
    expect(new Set(leads).size).toBeGreaterThan(500)
  })

  test('owes of every cohort what each has paid for the months to come', () => {
    everyMonth(market, (run, month) =>
      lanes.forEach((lane) => {
        let owed = 0
        run.index.offers.forEach(({ plan }, o) => {
          const term = run.termOf(plan)
          for (let slot = 0; slot < term; slot++) {
            // A slot renews in months that leave it as remainder; until then that many months are paid.
            const left = (((slot - month - 1) % term) + term) % term
            owed += left * run.read(column.cohorts.monthly, run.firstCohort(o) + slot, { lane })
          }
        })
        expect(deferred(run, lane)).toBe(owed)
      }),
    )
  })
})

/** A market in which whoever has the plan keeps it for ever. */
const forever = (changes: Parameters<typeof oneSeller>[0]): MarketDefinition =>
  oneSeller({
    months: 120,
    books: 'cents',
    ...changes,
    segment: { u0: -60, phi: 0, alpha: 0.1, ...changes.segment },
  })

describe('one customer for ever', () => {
  test('by the year: 100.00 paid, 8.33 earned a month and 8.37 in the first, and eleven months to go', () => {
    // 8.333 a month are 99.996 a year, posted as 10,000 cents; 833 a month leave 4 over.
    everyMonth(forever({ plan: { price: 8.333, term: 12 } }), (run, month) => {
      const into = month % 12
      expect(run.perStartup('revenue')).toEqual([into === 0 ? 837 : 833])
      expect(run.perStartup('receipts')).toEqual([into === 0 ? 10_000 : 0])
      expect(deferred(run, 0)).toBe(833 * (11 - into))
      expect(lead(run, 0)).toBe(833 * (11 - into))
    })
  })

  test('by the month: cash and revenue are one', () => {
    everyMonth(forever({ plan: { price: 8.333 } }), (run) => {
      expect(run.perStartup('revenue')).toEqual([833])
      expect([lead(run, 0), deferred(run, 0)]).toEqual([0, 0])
    })
  })

  test('by licences earned at the start: nothing is owed, whatever was prepaid', () => {
    everyMonth(forever({ plan: { price: 8.333, term: 36, recognition: 'start' } }), (run, month) => {
      expect(run.perStartup('revenue')).toEqual([month % 36 === 0 ? 29_999 : 0])
      expect([lead(run, 0), deferred(run, 0)]).toEqual([0, 0])
    })
  })
})

test.each([
  [3, 1],
  [12, 5.5],
  [36, 17.5],
])(
  'customers for ever, whose terms of %d months end evenly, are owed %d months of revenue',
  (term, months) => {
    const market = forever({
      months: 3 * term,
      segment: { shop: 0, potential: 1000 },
      plan: { price: 10, term },
    })
    const run = new MarketRun(market)
    run.start()
    // Seven customers renew in every month; (0 + 1 + ... + term - 1) / term months are still to come on average.
    for (const lane of lanes) {
      run.instance.write(column.offers.customers, 7 * term, { record: 0, component: 1, lane })
      for (let slot = 0; slot < term; slot++)
        run.instance.write(column.cohorts.customers, 7, { record: slot, component: 1, lane })
    }
    run.months(0, term)
    const before = lead(run, 0)
    for (let month = term; month < market.months; month++) {
      run.months(month, month + 1)
      expect(run.perStartup('revenue')).toEqual([7 * term * 1000])
      expect(deferred(run, 0)).toBe(months * 7 * term * 1000)
      expect(lead(run, 0)).toBe(before)
    }
    expect(before).toBe(months * 7 * term * 1000)
  },
)
