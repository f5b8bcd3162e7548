import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  acquisitionCost,
  conversionRate,
  lifetimeValue,
  paybackMonths,
} from '../../engine/metrics/acquisition.ts'
import { netBurn, peakFundingNeed, runwayMonths } from '../../engine/metrics/cash.ts'
import { customerChurn, revenueChurn } from '../../engine/metrics/churn.ts'
import { herfindahl } from '../../engine/metrics/concentration.ts'
import { lostCustomers } from '../../engine/metrics/customers.ts'
import { cubeRoot, health, profitability, sustainability, userValue } from '../../engine/metrics/health.ts'
import { breakEvenMonth, marginOf } from '../../engine/metrics/profitability.ts'
import { netRevenueRetention, revenuePerUser } from '../../engine/metrics/revenue.ts'
import { discountedValue, monthlyFactor } from '../../engine/metrics/value.ts'
import { meanOverUsers, producerSurplus, thirdPartyIncome } from '../../engine/metrics/welfare.ts'

/** Cents, so that sums of a few are exact to far below a cent. */
const money = fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100)
const flows = fc.array(money, { minLength: 1, maxLength: 60 })
const sizes = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 20 })

describe('discounted value', () => {
  test('of 110 after a year at ten percent is 100', () => {
    expect(discountedValue([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 110], 0.1)).toBeCloseTo(100, 10)
  })

  test('of three flows by hand', () => {
    // 12.682503% a year is 1% a month: -100/1.01 + 60/1.0201 + 60/1.030301 = -99.009901 + 58.817763 + 58.235409.
    expect(discountedValue([-100, 60, 60], 1.01 ** 12 - 1)).toBeCloseTo(18.043271, 6)
  })

  property.prop([flows])('at rate 0 is the sum', (cashFlow) => {
    const sum = cashFlow.reduce((all, flow) => all + flow, 0)
    // 60 sums of at most 1e7: their roundings are below 1e-6.
    expect(discountedValue(cashFlow, 0)).toBeCloseTo(sum, 6)
  })

  property.prop([flows, fc.double({ min: -0.9, max: 10, noNaN: true })])(
    'is the textbook sum',
    (cashFlow, rate) => {
      const textbook = cashFlow.reduce((sum, flow, month) => sum + flow / (1 + rate) ** ((month + 1) / 12), 0)
      const size = cashFlow.reduce(
        (sum, flow, month) => sum + Math.abs(flow) / (1 + rate) ** ((month + 1) / 12),
        0,
      )
      // 60 products, each with roundings of a few times 1e-16 of its size.
      expect(Math.abs(discountedValue(cashFlow, rate) - textbook)).toBeLessThanOrEqual(1e-12 * size)
    },
  )

  property.prop([fc.double({ min: -0.999999, max: 1e6, noNaN: true })])(
    'has a monthly factor whose twelfth power is a year',
    (rate) => {
      // Twelve products and the last step of Newton's method: some roundings.
      expect(Math.abs(monthlyFactor(rate) ** 12 / (1 + rate) - 1)).toBeLessThan(2e-14)
    },
  )
})

describe('the Herfindahl-Hirschman index', () => {
  test.each([
    [[1], 1],
    [[30, 30, 20, 20], 0.26], // .09 + .09 + .04 + .04
    [[5, 0, 0], 1],
    [[2, 2, 2, 2], 0.25],
  ])('of %j is %d', (revenues, index) => expect(herfindahl(revenues)).toBeCloseTo(index, 15))

  test('of nothing has no value', () => {
    expect(herfindahl([0, 0])).toBeNull()
    expect(herfindahl([])).toBeNull()
  })

  property.prop([sizes])('lies between 1/n and 1, is the same in any order and unit', (revenues) => {
    const index = herfindahl(revenues)
    if (revenues.every((revenue) => revenue === 0)) return expect(index).toBeNull()
    // Sums of twenty squares: some roundings.
    expect(index!).toBeGreaterThanOrEqual(1 / revenues.length - 1e-14)
    expect(index!).toBeLessThanOrEqual(1 + 1e-14)
    expect(herfindahl(revenues.toReversed())).toBeCloseTo(index!, 13)
    expect(herfindahl(revenues.map((revenue) => revenue / 7))).toBeCloseTo(index!, 13)
  })
})

describe('break-even', () => {
  test.each([
    [[-5, 3, 3, 1], 2], // -5, -2, 1, 2
    [[-5, 6, -2, 3], 3], // -5, 1, -1, 2: the black of month 1 does not last
    [[1, 2], 0],
    [[0, 0], 0],
    [[-1, 1], 1],
    [[-1, 0.5], null],
    [[2, -3], null],
    [[], null],
  ])('of profits %j is in month %j', (profits, month) => expect(breakEvenMonth(profits)).toBe(month))

  property.prop([fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 24 })])(
    'is the first month from which the cumulative profit stays at zero or above',
    (profits) => {
      let sum = 0
      const cumulative = profits.map((profit) => (sum += profit))
      const first = cumulative.findIndex((_, month) => cumulative.slice(month).every((value) => value >= 0))
      expect(breakEvenMonth(profits)).toBe(first === -1 ? null : first)
    },
  )
})

describe('cash', () => {
  test('burn is the mean outflow, and lasts cash over burn', () => {
    expect(netBurn([-10, -20])).toBe(15)
    expect(runwayMonths(60, 15)).toBe(4)
    expect(netBurn([])).toBeNull()
    expect(runwayMonths(60, -1)).toBeNull()
    expect(runwayMonths(60, null)).toBeNull()
  })

  property.prop([flows])(
    'the peak funding need is the least that keeps cash from falling below zero',
    (cashFlow) => {
      const need = peakFundingNeed(cashFlow)
      let cash = need
      let least = need
      for (const flow of cashFlow) least = Math.min(least, (cash += flow))
      expect(need).toBeGreaterThanOrEqual(0)
      expect(Object.is(need, -0)).toBe(false)
      // Sums of at most 60 amounts below 1e7.
      expect(least).toBeGreaterThanOrEqual(-1e-6)
      if (need > 0) expect(least).toBeLessThanOrEqual(1e-6)
    },
  )
})

describe('customers', () => {
  test('are lost where more came than are there', () => {
    expect([...lostCustomers([10, 5, 0], [10, 12, 12])]).toEqual([0, 3, 0])
    // A balance that misses zero by a rounding is none.
    expect([...lostCustomers([0.1 + 0.2], [0.3000000000000001])]).toEqual([0])
  })

  test('churn is weighted by those who are there', () => {
    // 1 of 10 and 30 of 100: not the mean of 10% and 30%.
    expect(customerChurn({ atStart: [10, 100], lost: [1, 30] })).toBeCloseTo(31 / 110, 15)
    expect(customerChurn({ atStart: [0, 0], lost: [0, 0] })).toBeNull()
    expect(customerChurn({ atStart: [], lost: [] })).toBeNull()
  })

  test('take along the revenue of the plan they held', () => {
    // 10 of 100 at 5, 1 of 10 at 200: 50 + 200 of 500 + 2000.
    const plans = [
      { customers: [100], lost: [10], revenue: [500] },
      { customers: [10], lost: [1], revenue: [2000] },
    ]
    expect(revenueChurn(plans)).toBeCloseTo(0.1, 15)
    expect(revenueChurn([{ customers: [0], lost: [0], revenue: [0] }])).toBeNull()
    expect(revenueChurn([])).toBeNull()
  })

  test('cost, and are worth, by hand', () => {
    expect(acquisitionCost(5000, 40)).toBe(125)
    expect(acquisitionCost(5000, 0)).toBeNull()
    // 20 a month at a margin of 80%, of whom 4% leave: 25 months of 16.
    expect(lifetimeValue({ revenue: 20, margin: 0.8, churn: 0.04 })).toBeCloseTo(400, 12)
    expect(lifetimeValue({ revenue: 20, margin: 0.8, churn: 0 })).toBeNull()
    expect(lifetimeValue({ revenue: null, margin: 0.8, churn: 0.04 })).toBeNull()
    expect(paybackMonths(125, { revenue: 20, margin: 0.8 })).toBeCloseTo(7.8125, 12)
    expect(paybackMonths(125, { revenue: 20, margin: -0.1 })).toBeNull()
    expect(paybackMonths(null, { revenue: 20, margin: 0.8 })).toBeNull()
    expect(conversionRate({ converted: [2, 3], freeAtStart: [100, 150] })).toBe(0.02)
    expect(conversionRate({ converted: [0], freeAtStart: [0] })).toBeNull()
  })

  property.prop([
    fc.double({ min: 0.01, max: 1e6, noNaN: true }),
    fc.double({ min: 0.01, max: 1, noNaN: true }),
    fc.double({ min: 0.001, max: 0.999, noNaN: true }),
  ])('a lifetime value is the sum over months of what those still there bring', (revenue, margin, churn) => {
    let [sum, there] = [0, 1]
    for (; there > 1e-18; there *= 1 - churn) sum += there * revenue * margin
    // Up to 41,000 terms, each rounded.
    expect(lifetimeValue({ revenue, margin, churn })! / sum).toBeCloseTo(1, 9)
  })
})

describe('revenue', () => {
  test('per user is all revenue over all users', () => {
    expect(revenuePerUser([100, 300], [10, 30])).toBe(10)
    expect(revenuePerUser([0], [5])).toBe(0)
    expect(revenuePerUser([0], [0])).toBeNull()
  })

  test('is retained net of new customers, month by month', () => {
    // (200 - 130) / 100 and (270 - 100) / 200: .7 x .85.
    const months = { atStart: [100, 200], atEnd: [200, 270], fromNew: [130, 100] }
    expect(netRevenueRetention(months)).toBeCloseTo(0.595, 15)
    // Expansion beyond churn: above 1.
    expect(netRevenueRetention({ atStart: [100], atEnd: [130], fromNew: [10] })).toBe(1.2)
    expect(netRevenueRetention({ ...months, atStart: [0, 200] })).toBeNull()
    expect(netRevenueRetention({ atStart: [], atEnd: [], fromNew: [] })).toBeNull()
  })

  test('leaves a margin', () => {
    expect(marginOf(200, 50)).toBe(0.75)
    expect(marginOf(200, 300)).toBe(-0.5)
    expect(marginOf(0, 50)).toBeNull()
  })
})

describe('welfare', () => {
  test('producers gain revenue less what varies with it, third parties what they are paid and sell', () => {
    expect(
      producerSurplus(
        [100, 100],
        [
          [30, 20],
          [6, 6],
        ],
      ),
    ).toBe(138)
    expect(thirdPartyIncome({ paid: [10, 0], trade: [100, 50], take: [12, 6] })).toBe(142)
  })

  test('satisfaction is a mean over users, whatever stands in months without', () => {
    expect(meanOverUsers([1, 4, 99], [10, 30, 0])).toBe(3.25)
    expect(meanOverUsers([1], [0])).toBeNull()
  })
})

describe('health', () => {
  test.each([
    [-0.3, 0],
    [-0.2, 0],
    [0, 0.5],
    [0.1, 0.75],
    [0.2, 1],
    [0.5, 1],
    [null, 0], // as a margin of -1
  ])('an operating margin of %j is a profitability of %d', (margin, value) =>
    expect(profitability(margin)).toBeCloseTo(value, 15),
  )

  test('sustainability is runway over 18 months, and 0 after failure', () => {
    // 1/2, 1, 1 and a month out of business.
    expect(sustainability([9, 18, 99], 4)).toBe(0.625)
    expect(sustainability([], 3)).toBe(0)
  })

  test('user value is a share of what could be', () => {
    expect(userValue(30, 40)).toBe(0.75)
    expect(userValue(50, 40)).toBe(1)
    expect(userValue(0, 0)).toBe(0)
  })

  const share = fc.integer({ min: 1, max: 1e6 }).map((millionths) => millionths / 1e6)

  property.prop([fc.tuple(share, share, share)])(
    'is the geometric mean: between the least and the greatest, and 0 if one is',
    (principles) => {
      const value = health(principles)
      // Some roundings of the last bit.
      expect(value).toBeGreaterThanOrEqual(Math.min(...principles) * (1 - 1e-14))
      expect(value).toBeLessThanOrEqual(Math.max(...principles) * (1 + 1e-14))
      expect(health([0, principles[1], principles[2]])).toBe(0)
      expect(Math.abs(cubeRoot(principles[0]) ** 3 / principles[0] - 1)).toBeLessThan(4e-15)
    },
  )
})
