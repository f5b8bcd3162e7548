/** Owns the law that money has no natural unit: all of it, scaled together, scales the books and nothing else. */
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type Demography,
  type MarketDefinition,
  planTable,
  segmentTable,
  startupTable,
} from '../../engine/market/definition.ts'
import { noticeCountOf } from '../../engine/market/populate.ts'
import { parameterTable } from '../../engine/market/parameters.ts'
import { anyMarket } from '../market/any-market.ts'
import { property } from '../market/property.ts'
import { record } from './outcomes.ts'
import { inOtherMoney } from './other-money.ts'

/** Recorded columns in currency, which scale; all others stay as they are. */
const money = new Set([
  ...['profit', 'revenue', 'cash', 'raised', 'debt', 'lateRevenue', 'lateDirectCost'].map(
    (name) => `startups.${name}`,
  ),
  ...[
    'revenue',
    'subscriptions',
    'usage',
    'ads',
    'take',
    'compute',
    'directCost',
    'operatingCost',
    'profit',
    'cashFlow',
    'raised',
    'cash',
    'deferred',
    'receivable',
    'support',
    'labour',
    'receiptFees',
    'thirdParties',
    'privacy',
    'compliance',
    'rd',
    'marketing',
    'fixed',
    'segmentCosts',
    'overhead',
    'tax',
    'receipts',
    'trade',
  ].map((name) => `months.${name}`),
  ...['price', 'usagePrice', 'recurring', 'usage', 'compute', 'support', 'labour'].map(
    (name) => `plans.${name}`,
  ),
  'segments.surplus',
  ...['rd', 'marketing', 'reward'].map((name) => `decisions.${name}`),
  'notices.amount',
])

describe.each(['expected', 'integer'] as const)('in %s demography', (demography: Demography) => {
  const markets = anyMarket({ demography, books: 'exact', months: 15 })

  property(
    `scaling all money by a power of two scales every bit of the books and moves no other (${demography})`,
    20,
    fc.tuple(markets, fc.constantFrom(-6, -1, 1, 3, 10)),
    ([market, power]) => {
      const factor = 2 ** power
      const [here, there] = [record(market, 4), record(inOtherMoney(market, factor), 4)]
      for (const [name, values] of here) {
        // What happened is told in money, and in -1 or 1 where the climate turned, a startup entered, a shock began.
        const isMoney = (i: number): boolean =>
          money.has(name) && !(name === 'notices.amount' && !isOfMoney(i % noticeCountOf(market), market))
        values.forEach((value, i) => {
          const expected = isMoney(i) ? value * factor : value
          if (!Object.is(there.get(name)![i]! + 0, expected + 0))
            expect.fail(`${name}[${i}] is ${there.get(name)![i]}, expected ${expected}`)
        })
      }
    },
  )
})

property(
  'scaling all money by any factor scales the books, to rounding',
  25,
  fc.tuple(anyMarket({ months: 15 }), fc.constantFrom(0.01, 0.9, 7.7, 655.957)),
  ([market, factor]) => {
    const [here, there] = [record(market, 4), record(inOtherMoney(market, factor), 4)]
    const largest = Math.max(
      ...market.startups.map(({ cash, rd, marketing }) => cash + rd + marketing),
      ...[...here.get('months.revenue')!].map(Math.abs),
    )
    for (const [name, values] of here) {
      if (!money.has(name) || name === 'notices.amount') continue
      const slack = name.endsWith('rice') ? 0 : 1e-11 * largest
      values.forEach((value, i) => {
        const gap = Math.abs(there.get(name)![i]! / factor - value)
        if (!(gap <= Math.max(1e-9 * Math.abs(value), slack)))
          expect.fail(`${name}[${i}] is ${there.get(name)![i]! / factor}, expected ${value}`)
      })
    }
    expect(there.get('startups.alive')).toEqual(here.get('startups.alive'))
  },
)

test('the tables declare as money what docs/model.md, section 7.8, lists', () => {
  const marked = (table: Readonly<Record<string, { readonly money?: 1 | -1 }>>): string[] =>
    Object.entries(table)
      .flatMap(([name, { money: power }]) => (power === undefined ? [] : [power === 1 ? name : `1/${name}`]))
      .sort()
  // c0, eCPM, V, floors, 1e5, 1,000, 2,000, R50; with them what a runway divides by, and bounds stated in money.
  expect(marked(parameterTable)).toEqual([
    'budgetHigh',
    'burnLeast',
    'computePrice',
    'firstFloor',
    'growthOffset',
    'priceCeiling',
    'rdScale',
    'revenuePerThousandAds',
    'roundLeast',
    'smallRevenue',
    'userValueBoom',
    'userValueWinter',
  ])
  // kA, support, trade, segment costs, 1/alpha.
  expect(marked(segmentTable)).toEqual(['1/alpha', 'awarenessCost', 'compliance', 'cost', 'support', 'trade'])
  // Every startup's cash, budgets and fixed costs; its prices and labour.
  expect(marked(startupTable)).toEqual(['cash', 'fixed', 'marketing', 'privacyCost', 'rd'])
  expect(marked(planTable)).toEqual(['labour', 'price', 'usagePrice'])
})

/** Rounds and exits come after the climate and before entries and shocks. */
function isOfMoney(notice: number, { startups }: MarketDefinition): boolean {
  return notice >= 1 && notice <= 2 * startups.length
}
