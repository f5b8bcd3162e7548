/**
 * Owns the check that each strategy does what it says: month by month as reckoned by hand, on both back ends.
 */
import { describe, expect, test } from 'vitest'
import { strategies } from '../../../agents/strategies/index.ts'
import type { MarketDefinition } from '../../../engine/market/definition.ts'
import { compare, reckonMonths } from './reckoning.ts'
import { marketWith, smallMarket } from './small-market.ts'
import { playMonths } from './strategic-run.ts'

const backends = ['wasm', 'javascript'] as const
const variants: [string, MarketDefinition][] = [
  ...strategies.map(({ name }): [string, MarketDefinition] => [
    `${name} with its default settings`,
    marketWith(name),
  ]),
  ['cost-plus with a small markup', marketWith('cost-plus', { markup: 0.4, floor: 0.05, ceiling: 3 })],
  ['undercut down to cost', marketWith('undercut', { by: 0.6, margin: 0 })],
  [
    'undercut beside a free rival',
    marketWith('undercut', {}, 'startups.own.plans.monthly.offeredTo=[people]'),
  ],
  ['undercut that may raise prices', marketWith('undercut', { by: 0.1, ceiling: 5 })],
  [
    'penetrate-then-raise that ends at a share',
    marketWith('penetrate-then-raise', { entry: 0.2, share: 0.002, months: 600, ceiling: 1.5 }),
  ],
  [
    'penetrate-then-raise that drives its share away',
    marketWith(
      'penetrate-then-raise',
      { entry: 0.2, share: 0.002, months: 600, step: 1, ceiling: 50 },
      'startups.own.plans.monthly.offeredTo=[firms]',
    ),
  ],
  [
    'penetrate-then-raise that ends at once',
    marketWith('penetrate-then-raise', { months: 0, step: 0.2, ceiling: 50 }),
  ],
  [
    'penetrate-then-raise below the least multiplier',
    marketWith('penetrate-then-raise', { entry: 0, months: 5 }),
  ],
  ['runway-discipline in need', marketWith('runway-discipline', { months: 12 }, 'startups.own.cash=3e6')],
  ['match-quality-leader with much cash', marketWith('match-quality-leader', { months: 3, cashShare: 1 })],
  ['match-quality-leader that lives on its profit', marketWith('match-quality-leader', { cashShare: 0 })],
  [
    'match-quality-leader whose leader fails',
    marketWith('match-quality-leader', {}, 'startups.brief.quality=[0.9, 0.9, 0.9]'),
  ],
  ['free-first in month 3', marketWith('free-first', { months: 3, cap: 40 })],
  [
    'free-first without a cap before',
    marketWith('free-first', { months: 10 }, 'startups.own.plans.free.cap=null'),
  ],
  [
    'free-first that narrows quality to nothing',
    marketWith('free-first', { months: 6, quality: 0 }, 'startups.own.plans.monthly.opens=9'),
  ],
  [
    'learn-by-doing that follows only its customers, in want of compute and staff',
    marketWith(
      'learn-by-doing',
      { follow: 1, months: 0, hire: 6, reserve: 3 },
      'parameters.reservedMinimum=10',
      'parameters.reserveHeadroom=1',
      'startups.own.plans.yearly.offeredTo=[people, firms]',
    ),
  ],
  ['learn-by-doing with a short runway', marketWith('learn-by-doing', { months: 99 })],
  [
    'penetrate-then-raise of a plan that opens later',
    marketWith('penetrate-then-raise', { months: 4 }, 'startups.own.plans.monthly.opens=10'),
  ],
  ['two undercutters', marketWith('undercut', { by: 0.2 }, 'startups.late.strategy=undercut')],
  [
    'different strategies beside each other',
    smallMarket(
      'startups.own.strategy=undercut',
      'startups.metered.strategy=cost-plus',
      'startups.brief.strategy=runway-discipline',
      'startups.late.strategy=penetrate-then-raise',
    ),
  ],
]

describe.each(variants)('%s', (_, market) => {
  const reckoned = reckonMonths(market)

  test.each(backends)('decides month by month as reckoned by hand: %s', (backend) => {
    compare(playMonths(market, { backend }), reckoned, market)
  })
})

test('the small market tells the rules apart: a rival fails, prices change, and no strategy does the same as another', () => {
  const own = (market: MarketDefinition) =>
    JSON.stringify(
      reckonMonths(market).map(({ rd, marketing, price, cap }) => [
        rd[0],
        marketing[0],
        price.slice(0, 3),
        cap[0],
      ]),
    )
  expect(reckonMonths(smallMarket()).at(-1)!.alive).toEqual([true, true, false, true])
  expect(new Set([smallMarket(), ...variants.map(([, market]) => market)].map(own)).size).toBe(
    variants.length + 1,
  )
})
