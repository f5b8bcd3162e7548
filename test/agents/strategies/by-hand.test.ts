/**
 * Owns the check that each strategy does what it says: month by month as reckoned by hand, on both back ends.
 */
import { describe, expect, test } from 'vitest'
import { strategies } from '../../../agents/strategies/index.ts'
import type { MarketDefinition } from '../../../engine/market/definition.ts'
import { calmDraws } from '../../naive/draws.ts'
import { type NaiveFlow, simulateNaive } from '../../naive/month.ts'
import { strategyByHand } from './by-hand.ts'
import { marketWith, smallMarket } from './small-market.ts'
import { type Decided, playMonths } from './strategic-run.ts'

const backends = ['wasm', 'javascript'] as const
const defaultOf = (name: string, setting: string): number =>
  strategies.find((s) => s.name === name)!.settings[setting]!.default

/**
 * The same months by the naive executor with strategies by hand; cash and life are those at the end of the
 * month.
 */
function reckonMonths(market: MarketDefinition): Decided[] {
  const months: Decided[] = []
  const plans = market.startups.flatMap((startup) => startup.plans)
  simulateNaive(market, calmDraws(), {
    strategy: strategyByHand(market, defaultOf),
    watch: (step, _month, state, flow) => {
      if (step !== 'learning') return
      const { decisions, events } = flow as NaiveFlow
      const factor = plans.map((plan, j) => decisions.priceMultiplier[j]! * events.fall ** plan.passThrough)
      months.push({
        alive: [...state.alive],
        rd: decisions.rd,
        marketing: decisions.marketing,
        cash: [...state.cash],
        multiplier: decisions.priceMultiplier,
        price: plans.map((plan, j) => plan.price * factor[j]!),
        usagePrice: plans.map((plan, j) => plan.usagePrice * factor[j]!),
        cap: decisions.cap,
      })
    },
  })
  return months
}

/**
 * Fails with the first numbers that are further apart than rounding over the months of the run explains: 1e-9
 * of a number, and of cash, from which sums cancel, 1e-9 of what a startup began with.
 */
function compare(played: readonly Decided[], reckoned: readonly Decided[], market: MarketDefinition): void {
  const found: string[] = []
  reckoned.forEach((month, m) => {
    const [lives, shouldLive] = [played[m]!.alive.join(), month.alive.join()]
    if (lives !== shouldLive) found.push(`month ${m}: alive is ${lives}, by hand ${shouldLive}`)
    for (const [name, values] of Object.entries(month) as [keyof Decided, number[]][]) {
      if (name === 'alive') continue
      values.forEach((value, i) => {
        // Of a startup that has failed nothing is left to compare.
        if (name === 'cash' && !month.alive[i]) return
        const actual = played[m]![name][i] as number
        const close = 1e-9 * Math.max(Math.abs(value), name === 'cash' ? market.startups[i]!.cash : 0)
        if (actual !== value && !(Math.abs(actual - value) <= close))
          found.push(`month ${m}: ${name}[${i}] is ${actual}, by hand ${value}`)
      })
    }
  })
  expect(found.slice(0, 8)).toEqual([])
}

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
