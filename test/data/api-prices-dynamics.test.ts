/**
 * The market of real offers, played for its two years by the naive executor: shares and margins are such as prices
 * and scores explain. Bounds are wide, since a dozen replications leave shares uncertain by some hundredths.
 */
import { expect, test } from 'vitest'
import { seededDraws } from '../naive/draws.ts'
import { simulateNaive } from '../naive/month.ts'
import { offersOf, sum } from '../naive/state.ts'
import { mean } from './least-squares.ts'
import { market } from './offers.ts'

const runs = Array.from({ length: 12 }, (_, seed) => simulateNaive(market, seededDraws(seed + 1)))
const lastMonths = runs.map(({ flows }) => flows.at(-1)!)
const shown = offersOf(market)
const startups = market.startups.map(({ id }, f) => ({ id, f }))

/** Mean over replications of each startup's share of the revenue of the last month. */
const revenueShares = startups.map(({ f }) =>
  mean(lastMonths.map(({ books }) => books.revenue[f]! / sum(books.revenue))),
)

/** Share of last month's revenue that is left after compute, support and fees, over all replications. */
const grossMargins = startups.map(({ f }) => {
  const revenue = sum(lastMonths.map(({ books }) => books.revenue[f]!))
  const costs = lastMonths.flatMap(({ books }) => Object.values(books.direct).map((cost) => cost[f]!))
  return 1 - sum(costs) / revenue
})

/** Mean share of all customers that a plan has in the last month. */
function customerShare(plan: string): number {
  return mean(
    lastMonths.map(({ choice }) => {
      const all = choice.customers.map(sum)
      return sum(all.filter((_, o) => shown[o]!.plan.id === plan)) / sum(all)
    }),
  )
}

test('the best model leads, with less than half of the revenue', () => {
  const leader = revenueShares.indexOf(Math.max(...revenueShares))
  expect(market.startups[leader]!.id).toBe('openai')
  expect(revenueShares[leader]).toBeGreaterThan(0.25)
  expect(revenueShares[leader]).toBeLessThan(0.5)
})

test('the provider furthest behind has the least revenue', () => {
  const last = revenueShares.indexOf(Math.min(...revenueShares))
  expect(market.startups[last]!.id).toBe('mistral')
  expect(revenueShares[last]).toBeGreaterThan(0.001)
})

test('no other provider has over a third', () => {
  for (const { id, f } of startups) if (id !== 'openai') expect(revenueShares[f], id).toBeLessThan(1 / 3)
})

test('every provider has a gross margin between .3 and .95', () => {
  for (const { id, f } of startups) {
    expect(grossMargins[f], id).toBeGreaterThan(0.3)
    expect(grossMargins[f], id).toBeLessThan(0.95)
  }
})

test('dear models have few customers at high margins, cheap ones many at low', () => {
  const marginOf = (id: string) => grossMargins[startups.find((startup) => startup.id === id)!.f]!
  expect(customerShare('claude-opus-4-1')).toBeLessThan(0.02)
  expect(customerShare('qwen3-thinking')).toBeGreaterThan(0.05)
  expect(marginOf('anthropic')).toBeGreaterThan(marginOf('together') + 0.2)
})

test('every plan has customers', () => {
  for (const startup of market.startups) {
    for (const { id } of startup.plans) expect(customerShare(id), id).toBeGreaterThan(1e-4)
  }
})

test('all are alive after two years, and on average within a tenth of the quality they began with', () => {
  for (const { state } of runs) expect(state.alive).toEqual(market.startups.map(() => true))
  for (const { id, f } of startups) {
    const quality = mean(runs.map(({ state }) => mean(state.quality[f]!)))
    expect(Math.abs(quality - market.startups[f]!.quality[0]), id).toBeLessThan(0.1)
  }
})

test('a bill for the same requests falls by 1.32 a year', () => {
  const [first, last] = [0, 23].map((month) => runs[0]!.flows[month]!.choice.terms)
  shown.forEach(({ s }, o) => {
    const growth = (market.segments[s]!.usageGrowth / 1.32) ** (23 / 12)
    // Rounding of f64 only.
    first![o]!.usageBill.forEach((bill, h) => {
      expect(last![o]!.usageBill[h]! / (bill * growth)).toBeCloseTo(1, 10)
    })
  })
})
