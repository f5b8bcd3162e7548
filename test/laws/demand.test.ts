/** Owns the laws on choice: own price and own demand, plans as rivals of each other, network effects. */
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { MarketDefinition, PlanDefinition } from '../../engine/market/definition.ts'
import { pointValuesOf } from '../../engine/market/populate.ts'
import { smallMarket, smallPlan } from '../naive/markets.ts'
import { anyMarket } from '../market/any-market.ts'
import { MarketRun, column } from '../market/market-run.ts'
import { property } from '../market/property.ts'
import { lanes, sumOver, types } from './walk.ts'

/** Customers of a plan, or of a startup's every plan. */
function demand(
  run: MarketRun,
  lane: number,
  of: { readonly plan?: number; readonly startup?: number },
): number {
  return sumOver(run.index.offers, ({ plan }, o) =>
    plan === of.plan || run.ownerOf(o) === of.startup
      ? sumOver(types, (h) => run.read(column.offers.customers, o, { lane, component: h }))
      : 0,
  )
}

/** The market with plan j priced at a multiple. */
function dearer(market: MarketDefinition, j: number, factor: number): MarketDefinition {
  let at = 0
  return {
    ...market,
    startups: market.startups.map((startup) => ({
      ...startup,
      plans: startup.plans.map((plan): PlanDefinition =>
        at++ === j ? { ...plan, price: plan.price * factor, usagePrice: plan.usagePrice * factor } : plan,
      ),
    })),
  }
}

describe('in one month from one state', () => {
  const cases = fc.tuple(anyMarket({ months: 12 }), fc.nat(), fc.nat(11), fc.constantFrom(1.001, 1.1, 2, 50))

  property(
    'a plan has no more customers at a higher price, nor has its startup unless staff was the limit',
    60,
    cases,
    ([market, pick, month, factor]) => {
      const paid = market.startups
        .flatMap(({ plans }) => plans)
        .flatMap(({ price, usagePrice }, j) => (price + usagePrice > 0 ? [j] : []))
      fc.pre(paid.length > 0)
      const j = paid[pick % paid.length]!
      const raised = dearer(market, j, factor)
      const after = (chosen: MarketDefinition): MarketRun => {
        const run = new MarketRun(market)
        run.start()
        if (month > 0) run.months(0, month)
        // The state is that of the old price; only this month's prices differ.
        run.instance.setPoint(pointValuesOf(chosen, run.index))
        run.month = month
        run.steps({ to: 'enrolment' })
        return run
      }
      const [cheap, dear] = [after(market), after(raised)]
      const owner = cheap.index.plans[j]!.startup
      const limited = market.startups[owner]!.plans.some(({ labour }) => labour > 0)
      for (const lane of lanes) {
        // Rounding of sums, of the customers of the whole startup.
        const slack = 1e-12 * demand(cheap, lane, { startup: owner })
        const [before, now] = [demand(cheap, lane, { plan: j }), demand(dear, lane, { plan: j })]
        if (!(now <= before + slack))
          expect.fail(`plan ${j} has ${now} customers at ${factor} times the price, ${before} before`)
        if (limited) continue
        const [all, fewer] = [cheap, dear].map((run) => demand(run, lane, { startup: owner }))
        if (!(fewer! <= all! + slack))
          expect.fail(`startup ${owner} has ${fewer} customers at ${factor} times the price, ${all} before`)
      }
    },
  )
})

/** The limit in which a month is one static choice: everyone knows all, all compare, all are alike. */
const plain = { omega: 0, tau: 0, shop: 1, phi: 1, sigma: 0, nu: 0, theta: 0, growth: 0 }
const known = { awarenessTargeted: 1 }

/** Shares of all shoppers that the startups get in month 0. */
function shares(market: MarketDefinition): number[] {
  const run = new MarketRun(market)
  run.start()
  run.steps({ to: 'enrolment' })
  const choosing = sumOver(types, (h) => run.read(column.segments.shoppers, 0, { component: h }))
  return market.startups.map((_, f) => demand(run, 0, { startup: f }) / choosing)
}

describe('splitting one plan in two equal ones', () => {
  // One plan as good as doing without, beside a rival of the same worth.
  const offering = (...ids: string[]) => ({
    ...known,
    plans: ids.map((id) => smallPlan(id, { price: 0, cap: null })),
  })
  const market = (nest: number, ...ids: string[]) =>
    smallMarket({
      segment: { ...plain, psi: 0, u0: 0.65 * 4.8 },
      parameters: { nest },
      startups: { rival: offering('one'), startup: offering(...ids) },
    })

  test('raises its startup from a share of .333 to .414 at lambda = .5', () => {
    expect(shares(market(0.5, 'one'))[1]).toBeCloseTo(1 / 3, 12)
    expect(shares(market(0.5, 'half', 'other-half'))[1]).toBeCloseTo(Math.SQRT2 / (2 + Math.SQRT2), 12)
  })

  test('raises it to two of four equals at lambda = 1, and not at all as lambda goes to 0', () => {
    expect(shares(market(1, 'half', 'other-half'))[1]).toBeCloseTo(1 / 2, 12)
    expect(shares(market(0.05, 'half', 'other-half'))[1]).toBeCloseTo(2 ** 0.05 / (2 + 2 ** 0.05), 12)
  })
})

describe('a symmetric duopoly with network effects, started 51 to 49', () => {
  // Hardly anyone does without, and everybody chooses anew each month, so shares follow x' = 1 / (1 + e^(nu (1 - 2 x))).
  const still = {
    ...known,
    cash: 1e9,
    rd: 0,
    rdShare: 0,
    marketing: 0,
    marketingShare: 0,
    plans: [smallPlan('only', { price: 0, cap: null })],
  }
  const shareAfter = (nu: number, months: number): number => {
    const market = smallMarket({
      segment: { ...plain, nu, psi: 0, u0: -40, q: 0 },
      startups: { first: still, second: still },
      parameters: { wordOfMouth: 0, forgetting: 0, computePrice: 0 },
    })
    const run = new MarketRun({ ...market, months })
    run.start()
    run.index.offers.forEach((_, o) => {
      const held = market.segments[0]!.potential * (run.ownerOf(o) === 0 ? 0.51 : 0.49)
      for (const lane of lanes)
        for (const h of types)
          for (const [of, record] of [
            [column.offers.customers, o],
            [column.cohorts.customers, run.firstCohort(o)],
          ] as const) {
            run.instance.write(of, held * market.types.weights[h]!, { record, component: h, lane })
          }
    })
    run.months(0, months)
    return demand(run, 0, { startup: 0 }) / (demand(run, 0, { startup: 0 }) + demand(run, 0, { startup: 1 }))
  }
  const iterated = (nu: number, months: number): number => {
    let share = 0.51
    for (let month = 0; month < months; month++) share = 1 / (1 + Math.exp(nu * (1 - 2 * share)))
    return share
  }

  test('stays near one half at nu = .5', () => {
    expect(Math.abs(shareAfter(0.5, 60) - 0.5)).toBeLessThan(0.001)
  })

  test('tips beyond .9 at nu = 4', () => {
    expect(shareAfter(4, 60)).toBeGreaterThan(0.9)
  })

  test.each([0.5, 1.9, 2.1, 4])('moves as the closed recursion says at nu = %d', (nu) => {
    // Doing without weighs e^-40 against startups of about 1: shares are off by less than 1e-15 a month.
    for (const months of [1, 5, 20]) expect(shareAfter(nu, months)).toBeCloseTo(iterated(nu, months), 10)
  })
})
