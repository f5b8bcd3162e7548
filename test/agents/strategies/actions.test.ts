/**
 * Owns what each action does: as the naive executor reckons it, on both back ends, inside the bounds and beyond them;
 * and that acting as by default changes no bit.
 */
import { describe, expect, test } from 'vitest'
import { actionNames, type Actions } from '../../../engine/market/actions.ts'
import type { Situation, TracedStrategy } from '../../../engine/market/decisions.ts'
import type { MarketDefinition } from '../../../engine/market/definition.ts'
import { compileMarket } from '../../../engine/market/market.ts'
import { segmentOf, type Pair, type Plan } from '../../../engine/market/model.ts'
import { indexOf, month, where, type Bool, type Num, type NumLike } from '../../../engine/trace/index.ts'
import type { NaiveStrategy } from '../../naive/decisions.ts'
import { anyMarket } from '../../market/any-market.ts'
import { widestShape } from '../../market/market-run.ts'
import { property } from '../../market/property.ts'
import { compare, reckonMonths } from './reckoning.ts'
import { marketWith, smallMarket } from './small-market.ts'
import { bytesOf, playMonths, recordAll } from './strategic-run.ts'

const backends = ['wasm', 'javascript'] as const

/** A strategy called hold, which the small market may name. */
const doing = (decide: (situation: Situation) => Actions, ...acts: (keyof Actions)[]): TracedStrategy => ({
  name: 'hold',
  meaning: 'does as told',
  settings: {},
  acts,
  decide,
})

// Own sells plans free 0, monthly 1 and yearly 2 to people 0 and firms 1.
const [free, monthly, yearly] = [0, 1, 2]
const isPlan = (plan: Plan, k: number): Bool => indexOf(plan).equals(k)
const bySegment = (people: NumLike, firms: NumLike) => (pair: Pair) =>
  where(indexOf(segmentOf(pair)).equals(0), people, firms)
const from = (start: number, then: NumLike, before: NumLike): Num =>
  where(month().toNum().isAtLeast(start), then, before)

interface Case {
  readonly action: keyof Actions
  readonly wanted: string
  readonly decide: (situation: Situation) => Actions
  readonly byHand: NaiveStrategy
  readonly set?: readonly string[]
}

const short = ['parameters.reservedMinimum=10', 'parameters.reserveHeadroom=1']
const cases: Case[] = [
  {
    action: 'rdMix',
    wanted: 'weights of any sum',
    decide: () => ({ rdMix: [3, 0, 1] }),
    byHand: (_s, _m, actions) => (actions.rdMix[0] = [3, 0, 1]),
  },
  {
    action: 'rdMix',
    wanted: 'a negative weight, which counts as none',
    decide: () => ({ rdMix: [-5, 1, 1] }),
    byHand: (_s, _m, actions) => (actions.rdMix[0] = [0, 1, 1]),
  },
  {
    action: 'rdMix',
    wanted: 'no weight at all, which is the mix of the scenario',
    decide: () => ({ rdMix: [0, 0, 0] }),
    byHand: () => {},
  },
  {
    action: 'efficiencyShare',
    wanted: 'a share that changes',
    decide: () => ({ efficiencyShare: from(9, 0.7, 0.1) }),
    byHand: (_s, { month: now }, actions) => (actions.efficiencyShare[0] = now >= 9 ? 0.7 : 0.1),
  },
  {
    action: 'efficiencyShare',
    wanted: 'more than all',
    decide: () => ({ efficiencyShare: 5 }),
    byHand: (_s, _m, actions) => (actions.efficiencyShare[0] = 1),
    set: ['startups.own.efficiencyShare=0'],
  },
  {
    action: 'split',
    wanted: 'another weight in month 12',
    decide: () => ({ split: bySegment(from(12, 1, 3), 2) }),
    byHand: (_s, { month: now }, actions) => (actions.split[0] = now >= 12 ? [1, 2] : [3, 2]),
    set: ['startups.own.openness=0.5', 'startups.own.ecoAwareness=0.1', 'startups.own.outShare=0.2'],
  },
  {
    action: 'split',
    wanted: 'no people for a while',
    decide: () => ({ split: bySegment(from(6, from(15, 1, 0), 1), 1) }),
    byHand: (_s, { month: now }, actions) => (actions.split[0] = [now >= 6 && now < 15 ? 0 : 1, 1]),
    set: ['startups.own.openness=0.5'],
  },
  {
    action: 'split',
    wanted: 'no segment',
    decide: () => ({ split: () => -1 }),
    byHand: (_s, _m, actions) => (actions.split[0] = [0, 0]),
  },
  {
    action: 'reservation',
    wanted: 'half as much again',
    decide: () => ({ reservation: 1.5 }),
    byHand: (state, _m, actions) => (actions.reserved[0] = state.reserved[0]! * 1.5),
    set: short,
  },
  {
    action: 'reservation',
    wanted: 'less than nothing',
    decide: () => ({ reservation: -2 }),
    byHand: (state, _m, actions) => (actions.reserved[0] = Math.min(40, state.reserved[0]!)),
    set: [...short, 'parameters.reservedLow=40'],
  },
  {
    action: 'reservation',
    wanted: 'more than may be',
    decide: () => ({ reservation: 1e300 }),
    byHand: (state, _m, actions) => (actions.reserved[0] = Math.max(5e4, state.reserved[0]!)),
    set: [...short, 'parameters.reservedHigh=5e4'],
  },
  {
    action: 'hiring',
    wanted: 'five times the rate, for customers who come',
    decide: () => ({ hiring: () => 5 }),
    byHand: (_s, _m, actions) => (actions.hiring[yearly] = 5),
    set: ['startups.own.plans.yearly.price=4', 'startups.own.plans.yearly.term=1'],
  },
  {
    action: 'hiring',
    wanted: 'nobody',
    decide: () => ({ hiring: () => -1 }),
    byHand: (_s, _m, actions) => (actions.hiring[yearly] = 0),
    set: ['startups.own.plans.yearly.price=4'],
  },
  {
    action: 'hiring',
    wanted: 'more staff than may be, for customers who do not come',
    decide: () => ({ hiring: () => 1e6 }),
    byHand: (_s, _m, actions) => (actions.hiring[yearly] = 7),
    set: ['parameters.hiringHigh=7', 'parameters.hireBase=50'],
  },
  {
    action: 'open',
    wanted: 'one plan from month 4, another for a while',
    decide: ({ usual }) => ({
      open: (plan) =>
        usual
          .isOpen(plan)
          .and(isPlan(plan, monthly).not().or(month().isBelow(4).not()))
          .and(isPlan(plan, free).not().or(month().isBelow(10)).or(month().isBelow(20).not())),
    }),
    byHand: (_s, { month: now }, actions) => {
      actions.open[monthly] = now >= 4
      actions.open[free] = now < 10 || now >= 20
    },
  },
  {
    action: 'open',
    wanted: 'nothing at all, with more staff for nobody',
    decide: () => ({ open: () => month().isBelow(8), hiring: () => 9 }),
    byHand: (_s, { month: now }, actions) => {
      for (const k of [free, monthly, yearly]) actions.open[k] = now < 8
      actions.hiring[yearly] = 9
    },
  },
  {
    action: 'freeQuality',
    wanted: 'less from month 5',
    decide: () => ({ freeQuality: () => from(5, 0.3, 0.8) }),
    byHand: (_s, { month: now }, actions) => (actions.qualityShare[free] = now >= 5 ? 0.3 : 0.8),
  },
  {
    action: 'freeQuality',
    wanted: 'more than the scenario has',
    decide: () => ({ freeQuality: () => 0.95 }),
    byHand: () => {},
  },
  {
    action: 'adLoad',
    wanted: 'more than may be',
    decide: () => ({ adLoad: () => 50 }),
    byHand: (_s, _m, actions) => (actions.adLoad[free] = 3),
  },
  {
    action: 'outShare',
    wanted: 'partners where the scenario has none',
    decide: () => ({ outShare: 0.3 }),
    byHand: (_s, _m, actions) => (actions.outShare[0] = 0.3),
  },
  {
    action: 'takeRate',
    wanted: 'more than may be from month 7',
    decide: () => ({ takeRate: from(7, 0.9, 0.1) }),
    byHand: (_s, { month: now }, actions) => (actions.takeRate[0] = now >= 7 ? 0.4 : 0.1),
    set: ['startups.own.takeRate=0.2', 'startups.own.ecoUtility=1', 'parameters.takeRateHigh=0.4'],
  },
]

describe.each(cases)('$action that wants $wanted', ({ action, decide, byHand, set = [] }) => {
  const market = marketWith('hold', {}, ...set)
  const reckoned = reckonMonths(market, byHand)
  const strategies = [doing(decide, action, 'hiring')]

  test.each(backends)('does as reckoned by hand: %s', (backend) => {
    compare(playMonths(market, { backend, strategies }), reckoned, market)
  })
})

test('each action changes what happens, unless it wants what is out of bounds anyway', () => {
  const told = (market: MarketDefinition, byHand: NaiveStrategy) =>
    JSON.stringify(reckonMonths(market, byHand))
  const idle = cases.flatMap(({ action, wanted, byHand, set = [] }) => {
    const market = smallMarket(...set)
    return told(market, byHand) === told(market, () => {}) ? [`${action}: ${wanted}`] : []
  })
  expect(idle).toEqual([
    'rdMix: no weight at all, which is the mix of the scenario',
    'freeQuality: more than the scenario has',
  ])
})

test('a segment without a share of marketing costs nothing, and costs again when it has one', () => {
  const strategy = doing(() => ({ split: bySegment(from(6, from(15, 1, 0), 1), 1) }), 'split')
  const costs = playMonths(marketWith('hold'), { strategies: [strategy] }).map(
    ({ segmentCost }) => segmentCost[0],
  )
  expect(costs).toEqual(costs.map((_, now) => (now >= 6 && now < 15 ? 10_000 : 20_000)))
})

test('staff beyond the usual rate costs its labour in the month it is hired, though nobody comes', () => {
  const set = [
    'startups.own.plans.yearly.price=1e5',
    'parameters.hireBase=100',
    'parameters.priceCeiling=1e6',
  ]
  const labour = (hiring: number) => {
    const strategy = doing(() => ({ hiring: () => hiring }), 'hiring')
    return playMonths(marketWith('hold', {}, ...set), { strategies: [strategy] }).map(
      ({ labour: costs }) => costs[0]!,
    )
  }
  // Without customers the rate is of nothing: what the base takes on is usual, whatever the multiple.
  expect(labour(10)).toEqual(labour(1))
  const strategy = doing(() => ({ hiring: () => 10 }), 'hiring')
  const market = marketWith('hold', {}, 'parameters.hireBase=100')
  const played = playMonths(market, { strategies: [strategy] })
  const usual = playMonths(smallMarket('parameters.hireBase=100'))
  const dearer = played.filter(({ labour: costs }, now) => costs[0]! > usual[now]!.labour[0]!)
  expect(dearer.length).toBeGreaterThan(20)
})

describe('a plan that a strategy closes in month 10', () => {
  const close = (k: number) =>
    doing(
      ({ usual }) => ({
        open: (plan) => usual.isOpen(plan).and(isPlan(plan, k).not().or(month().isBelow(10))),
      }),
      'open',
    )
  const tables = (k: number, demography: string) => {
    const books = demography === 'integer' ? 'cents' : 'exact'
    const market = marketWith('hold', {}, `demography=${demography}`, `books=${books}`)
    const recorded = recordAll(market, { backend: 'wasm', strategies: [close(k)], replications: 1 })
    const plans = market.startups.reduce((sum, startup) => sum + startup.plans.length, 0)
    const of = (column: string) => (now: number, plan: number) =>
      new Float64Array(recorded.get(`plans ${column}`)!.buffer)[now * plans + plan]!
    return { joined: of('joined'), customers: of('customers') }
  }

  test.each(['expected', 'integer'])('takes no customers from then on (%s)', (demography) => {
    for (const k of [monthly, yearly]) {
      const { joined } = tables(k, demography)
      expect(joined(9, k)).toBeGreaterThan(0)
      for (let now = 10; now < 30; now++) expect(joined(now, k)).toBe(0)
    }
  })

  test('loses all holders of a monthly term at once, some of them to a sister plan', () => {
    const { customers } = tables(monthly, 'expected')
    const usual = tables(99, 'expected').customers
    expect(customers(9, monthly)).toBeGreaterThan(100)
    expect(customers(10, monthly)).toBe(0)
    expect(customers(10, yearly)).toBeGreaterThan(usual(10, yearly))
    expect(customers(10, free)).toBeGreaterThan(usual(10, free))
  })

  test('keeps holders of a yearly term until it ends', () => {
    const { customers } = tables(yearly, 'expected')
    const held = Array.from({ length: 30 }, (_, now) => customers(now, yearly))
    expect(held[10]).toBeGreaterThan(0)
    for (let now = 10; now < 30; now++) expect(held[now]).toBeLessThanOrEqual(held[now - 1]! * (1 + 1e-12))
    expect(held[20]).toBeGreaterThan(0)
    // The last joined in month 9, so the last term ends in month 21; what is left of fractions is rounding.
    for (let now = 21; now < 30; now++) expect(held[now]).toBeLessThan(1e-9 * held[9]!)
  })
})

/** Acts on everything, as the scenario has it. */
const neutral: TracedStrategy = {
  name: 'neutral',
  meaning: 'acts on everything as by default',
  settings: {},
  acts: actionNames,
  decide: ({ startup, usual }) => ({
    rd: usual.rd,
    marketing: usual.marketing,
    priceMultiplier: () => 1,
    adLoad: (plan) => plan.adLoad,
    freeCap: (plan) => plan.cap,
    takeRate: startup.takeRate,
    outShare: startup.outShare,
    rdMix: [startup.mix.at(0), startup.mix.at(1), startup.mix.at(2)],
    efficiencyShare: startup.efficiencyShare,
    split: (pair) => pair.share,
    reservation: 1,
    hiring: () => 1,
    open: usual.isOpen,
    freeQuality: (plan) => plan.qualityShare,
  }),
}

property(
  'a startup that acts on everything as the scenario has it gives the same bits as one that does not act',
  25,
  anyMarket({ months: 15 }),
  (market) => {
    const acting = {
      ...market,
      startups: market.startups.map((startup) => ({
        ...startup,
        strategy: { name: 'neutral', settings: {} },
      })),
    }
    const shape = widestShape(market)
    const bytes = (of: MarketDefinition, strategies: readonly TracedStrategy[]) =>
      bytesOf(
        of,
        compileMarket(of, {
          recording: 'months',
          strategies,
          shape: { ...shape, strategies: strategies.map(({ name }) => name) },
        }),
        { backend: 'wasm', replications: 4 },
      )
    const [with_, without] = [bytes(acting, [neutral]), bytes(market, [])]
    for (const [column, expected] of without)
      expect(Buffer.compare(with_.get(column)!, expected), column).toBe(0)
  },
)
