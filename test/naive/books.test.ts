/** Owns the checks of the naive books: double entry, whole cents, prepaid terms, payment delay, write-offs. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { readFlagship, readMonthVectors, vectorReplications } from '../reference/vectors.ts'
import { calmDraws, seededDraws, vectorDraws } from './draws.ts'
import { trialBalance } from './ledger.ts'
import { smallMarket, smallPlan } from './markets.ts'
import { simulateNaive } from './month.ts'
import { sum } from './state.ts'

const flagship = readFlagship()
const vectors = readMonthVectors()
const inCents = { ...flagship, books: 'cents' } as const

const zeros = flagship.startups.map(() => 0)

describe.each(vectorReplications)('whole-cent books of the flagship, replication %i', (replication) => {
  const draws = vectorDraws(vectors, replication)

  test('balance to exactly zero for every startup after every step that posts', () => {
    let exits = 0
    simulateNaive(inCents, draws, {
      months: 36,
      watch(step, _month, state, flow) {
        if (step !== 'books' && step !== 'capital') return
        expect(trialBalance(state)).toEqual(zeros)
        for (const balance of state.ledger.flatMap((accounts) => Object.values(accounts))) {
          expect(Number.isSafeInteger(balance)).toBe(true)
        }
        if (step === 'capital') exits += flow.capital!.insolvent.filter(Boolean).length
      },
    })
    expect(exits).toBeGreaterThan(0)
  })

  test('cash is the ledger, and an exited startup has nothing left but write-offs', () => {
    const { state } = simulateNaive(inCents, draws, { months: 36 })
    state.ledger.forEach((accounts, f) => {
      if (state.alive[f]) {
        expect(state.cash[f]).toBe(accounts.cash / 100)
        return
      }
      expect([accounts.cash, accounts.receivable, accounts.deferred]).toEqual([0, 0, 0])
      expect(accounts.writtenOffCash).toBe(Math.round(state.cash[f]! * 100))
    })
    expect(state.alive).toContain(false)
    // Partners fail with prepaid years in replication 0; those who fail in replication 1 sell none.
    expect(state.ledger.some((accounts) => accounts.writtenOffDeferred < 0)).toBe(replication === 0)
  })

  test('stay within a few currency units of the exact books', () => {
    const exact = simulateNaive(flagship, draws, { months: 36 }).state
    const cents = simulateNaive(inCents, draws, { months: 36 }).state
    expect(cents.alive).toEqual(exact.alive)
    // 40 rows a month err by up to half a cent for 36 months: 7.2. A month's revenue errs by up to 5 cents, of which
    // each of 3 rounds can make 120 x 3/7 as much: 7.7.
    cents.cash.forEach((cash, f) => expect(Math.abs(cash - exact.cash[f]!)).toBeLessThan(15))
  })
})

const anyMarket = fc.record({
  seed: fc.integer(),
  months: fc.integer({ min: 1, max: 20 }),
  cash: fc.integer({ min: 1e5, max: 3e6 }),
  paymentDelay: fc.integer({ min: 0, max: 4 }),
  takeRate: fc.double({ min: 0, max: 0.5, noNaN: true }),
  outShare: fc.double({ min: 0, max: 0.9, noNaN: true }),
  profitTax: fc.double({ min: 0, max: 1, noNaN: true }),
  plans: fc.array(
    fc.record({
      term: fc.constantFrom(1, 3, 12),
      price: fc.double({ min: 0, max: 30, noNaN: true }),
      usagePrice: fc.double({ min: 0, max: 0.1, noNaN: true }),
      adLoad: fc.double({ min: 0, max: 1, noNaN: true }),
      recognition: fc.constantFrom('rateable' as const, 'start' as const),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

describe('in any market', () => {
  test.prop([anyMarket], { numRuns: 60 })(
    'cents balance, deferred is never negative, and equity moves by profit and money raised',
    ({ seed, months, cash, paymentDelay, takeRate, outShare, profitTax, plans }) => {
      const definition = smallMarket({
        books: 'cents',
        segment: { paymentDelay },
        parameters: { profitTax, tasteSd: 0.6 },
        startups: {
          a: { cash, takeRate, outShare, plans: plans.map((plan, i) => smallPlan(`plan-${i}`, plan)) },
          b: { cash },
        },
      })
      let [earned, raised] = [0, 0]
      simulateNaive(definition, seededDraws(seed), {
        months,
        watch(step, _month, state, flow) {
          if (step !== 'capital') return
          expect(trialBalance(state)).toEqual([0, 0])
          const accounts = state.ledger[0]!
          expect(accounts.deferred).toBeLessThanOrEqual(0)
          expect(accounts.receivable).toBeGreaterThanOrEqual(0)
          if (!state.alive[0]) return
          earned += Math.round(flow.books!.profit[0]! * 100)
          raised += Math.round(flow.capital!.raised[0]! * 100)
          const start = Math.floor(cash * seededDraws(seed).cash(0) * 100 + 0.5)
          expect(accounts.cash + accounts.receivable + accounts.deferred).toBe(start + raised + earned)
        },
      })
    },
  )
})

describe('prepaid terms', () => {
  /** Sells in month 0 only: the plan closes in month 1, and holders leave when their term ends. */
  const soldOnce = (books: 'cents' | 'exact', recognition: 'rateable' | 'start', price = 11.41) =>
    smallMarket({
      books,
      parameters: { askBelowRunway: 0 },
      startups: {
        seller: { cash: 1e8, plans: [smallPlan('year', { term: 12, price, closes: 1, recognition })] },
      },
    })

  test('the deferred balance of a year reaches exactly zero cents, month 0 taking the remainder', () => {
    const remainders = Array.from({ length: 12 }, (_, i) => {
      const { flows, state } = simulateNaive(soldOnce('cents', 'rateable', 11.4 + i / 100), calmDraws(), {
        months: 13,
      })
      const recognised = flows.map(({ books }) => Math.round(books.subscriptions[0]! * 100))
      const received = Math.round(flows[0]!.books.receipts[0]! * 100)
      const each = Math.floor(received / 12)
      expect(recognised).toEqual([received - 11 * each, ...Array.from({ length: 11 }, () => each), 0])
      expect(flows[10]!.books.deferred[0]).toBe(each / 100)
      expect(flows[11]!.books.deferred[0]).toBe(0)
      expect(state.ledger[0]!.deferred).toBe(0)
      return received % 12
    })
    // Remainders on both sides of a half, so that rounding down is told from rounding to nearest.
    expect(Math.max(...remainders)).toBeGreaterThan(6)
    expect(remainders.some((cents) => cents > 0 && cents < 6)).toBe(true)
  })

  test('cash leads revenue by exactly the deferred balance', () => {
    const { flows } = simulateNaive(soldOnce('cents', 'rateable'), calmDraws(), { months: 13 })
    let lead = 0
    for (const { books } of flows) {
      lead += Math.round(books.receipts[0]! * 100) - Math.round(books.revenue[0]! * 100)
      expect(lead).toBe(Math.round(books.deferred[0]! * 100))
    }
  })

  test('a licence is recognised when it is sold and defers nothing', () => {
    const { flows } = simulateNaive(soldOnce('cents', 'start'), calmDraws(), { months: 13 })
    expect(flows.map(({ books }) => books.deferred[0])).toEqual(flows.map(() => 0))
    expect(flows[0]!.books.subscriptions[0]).toBe(flows[0]!.books.receipts[0])
    expect(sum(flows.slice(1).map(({ books }) => books.subscriptions[0]!))).toBe(0)
  })

  test('a free plan earns no subscription revenue', () => {
    const { flows } = simulateNaive(soldOnce('cents', 'rateable', 0), calmDraws(), { months: 3 })
    expect(flows.map(({ books }) => books.subscriptions[0])).toEqual([0, 0, 0])
    expect(flows[0]!.books.users[0]).toBeGreaterThan(0)
  })
})

describe('payment delay', () => {
  test("moves customers' bills by its months, while ads are paid at once", () => {
    const market = (paymentDelay: number) =>
      smallMarket({
        books: 'cents',
        segment: { paymentDelay },
        parameters: { askBelowRunway: 0 },
        startups: {
          late: {
            cash: 1e8,
            plans: [smallPlan('a', { usagePrice: 0.01 }), smallPlan('b', { price: 0, adLoad: 1 })],
          },
        },
      })
    const now = simulateNaive(market(0), calmDraws(), { months: 8 }).flows.map(({ books }) => books)
    const late = simulateNaive(market(3), calmDraws(), { months: 8 }).flows.map(({ books }) => books)
    expect(sum(now.map(({ ads }) => ads[0]!))).toBeGreaterThan(0)
    expect(late.slice(0, 3).map(({ receipts }) => receipts)).toEqual(late.slice(0, 3).map(({ ads }) => ads))
    // Month 0 is the same in both, because nothing was received before it; its bills come in with month 3.
    const billed = Math.round((now[0]!.receipts[0]! - now[0]!.ads[0]!) * 100)
    expect(billed).toBeGreaterThan(0)
    expect(Math.round((late[3]!.receipts[0]! - late[3]!.ads[0]!) * 100)).toBe(billed)
    // Fees are paid on cash received, overhead on revenue (3.8).
    expect(Math.abs(late[3]!.direct.receiptFees[0]! - 0.03 * late[3]!.receipts[0]!)).toBeLessThanOrEqual(
      0.005 + 1e-9,
    )
    expect(Math.abs(late[3]!.operating.overhead[0]! - 0.06 * late[3]!.revenue[0]!)).toBeLessThanOrEqual(
      0.005 + 1e-9,
    )
  })
})
