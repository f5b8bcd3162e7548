/**
 * Owns the checks of the naive month that the vectors cannot make: the laws of docs/model.md, section 8, and the
 * conventions of 3.8 that the flagship never meets.
 */
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import {
  type MarketDefinition,
  planTable,
  segmentTable,
  startupTable,
} from '../../engine/market/definition.ts'
import { parameterTable } from '../../engine/market/parameters.ts'
import { readFlagship } from '../reference/vectors.ts'
import type { NaiveStrategy } from './decisions.ts'
import { calmDraws, seededDraws } from './draws.ts'
import { logitShares } from './equilibrium.ts'
import { smallMarket, smallPlan } from './markets.ts'
import { type NaiveFlow, naiveMonth, simulateNaive } from './month.ts'
import { type Draws, customersOf, naiveStart, offersOf, sum } from './state.ts'

const flagship = readFlagship()

/** f64 rounding of sums taken in another order, grown over two years of feedback. */
const ROUNDING = 1e-9

/** The limit in which a month is one static choice: everyone knows all, all compare, all are alike. */
const plain = { omega: 0, tau: 0, shop: 1, phi: 1, sigma: 0, nu: 0, theta: 0, growth: 0 }
const known = { awarenessTargeted: 1 }

function sharesOfShoppers({ choice }: NaiveFlow): number[] {
  const shoppers = sum(choice.shoppers.flat())
  return choice.newcomers.map((row) => sum(row) / shoppers)
}

function firstMonth(definition: MarketDefinition, strategy?: NaiveStrategy): NaiveFlow {
  const draws = calmDraws()
  return naiveMonth(definition, naiveStart(definition, draws), draws, 0, { strategy })
}

describe('the choice step', () => {
  test('is the logit of the independent solver where everyone knows everything', () => {
    const prices = [14, 9, 20]
    const quality = [0.65, 0.5, 0.9]
    const definition = smallMarket({
      segment: plain,
      parameters: { capCurvature: 1 },
      startups: Object.fromEntries(
        prices.map((price, i) => [
          `startup-${i}`,
          {
            ...known,
            quality: [quality[i]!, quality[i]!, quality[i]!] as const,
            plans: [smallPlan('p', { price, cap: null })],
          },
        ]),
      ),
    })
    const segment = definition.segments[0]!
    const expected = logitShares(
      {
        quality: quality.map((q) => segment.beta * q),
        priceSensitivity: segment.alpha,
        cost: prices,
        outside: segment.u0 + segment.beta * segment.psi * definition.parameters.openFrontier,
      },
      prices,
    )
    sharesOfShoppers(firstMonth(definition)).forEach((share, f) =>
      expect(share).toBeCloseTo(expected.shares[f]!, 12),
    )
  })

  test('raises a share of .333 to .414 when one of three equal plans is split in two at lambda = .5', () => {
    // One plan as good as doing without, beside a rival of the same worth.
    const offering = (...ids: string[]) => ({
      ...known,
      plans: ids.map((id) => smallPlan(id, { price: 0, cap: null })),
    })
    const market = (startups: Record<string, ReturnType<typeof offering>>) =>
      firstMonth(smallMarket({ segment: { ...plain, psi: 0, u0: 0.65 * 4.8 }, startups }))
    const whole = sharesOfShoppers(market({ rival: offering('one'), startup: offering('one') }))
    expect(whole).toEqual([expect.closeTo(1 / 3, 12), expect.closeTo(1 / 3, 12)])
    const split = sharesOfShoppers(
      market({ rival: offering('one'), startup: offering('half', 'other-half') }),
    )
    expect(split[1]! + split[2]!).toBeCloseTo(Math.SQRT2 / (2 + Math.SQRT2), 12)
  })

  test.prop([fc.integer(), fc.integer({ min: 1, max: 16 })], { numRuns: 25 })(
    'conserves customers, never counts below zero, and gives no one more than its awareness',
    (seed, months) => {
      const offers = offersOf(flagship)
      let before: number[][] = []
      let awareness: number[][] = []
      let orphans = 0
      simulateNaive(flagship, seededDraws(seed), {
        months,
        watch(step, _month, state, flow) {
          if (step === 'events') {
            before = customersOf(state)
            awareness = structuredClone(state.awareness)
          }
          if (step === 'capital') {
            orphans = sum(state.orphans.flat())
            const gone = flow.capital!.insolvent
            const theirs = sum(offers.map(({ f }, o) => (gone[f] ? sum(flow.choice!.customers[o]!) : 0)))
            expect(orphans).toBeCloseTo(theirs, 6)
          }
          if (step !== 'choice') return
          const { customers, newcomers, leaving, shoppers } = flow.choice!
          flagship.segments.forEach((_, s) =>
            flagship.types.nodes.forEach((_, h) => {
              const here = (rows: number[][]) => sum(rows.map((row, o) => (offers[o]!.s === s ? row[h]! : 0)))
              const left = sum(leaving.map((row) => row[s]![h]!))
              const after = here(before) + here(newcomers) - left
              expect(Math.abs(here(customers) - after)).toBeLessThanOrEqual(ROUNDING * (1 + after))
              expect(Math.min(...customers.map((row) => row[h]!), left)).toBeGreaterThanOrEqual(0)
              flagship.startups.forEach((_, f) => {
                const mine = sum(
                  newcomers.map((row, o) => (offers[o]!.f === f && offers[o]!.s === s ? row[h]! : 0)),
                )
                const asked = shoppers[s]![h]! + left
                expect(mine).toBeLessThanOrEqual(awareness[f]![s]! * asked * (1 + ROUNDING))
              })
            }),
          )
        },
      })
    },
  )

  test('lets holders of a closed plan stay on a sister plan, and all of them compare', () => {
    const definition = smallMarket({
      segment: { ...plain, phi: 0, sigma: 30 },
      startups: {
        seller: { ...known, plans: [smallPlan('old', { closes: 1 }), smallPlan('new', { opens: 1 })] },
      },
    })
    const { flows } = simulateNaive(definition, calmDraws(), { months: 2 })
    const [sold, closed] = flows.map(({ choice }) => choice.customers.map(sum))
    expect(sold![0]).toBeGreaterThan(0)
    expect(closed![0]).toBe(0)
    // A switching cost of 30 loses about e^-30 U0 / W of 45,000 customers, less than 1e-4.
    expect(closed![1]! - sum(flows[1]!.choice.newcomers[1]!)).toBeCloseTo(sold![0]!, 4)
  })

  test('limits newcomers of a plan with labour over all its segments together', () => {
    const project = { ...flagship.startups[4]!, awarenessTargeted: 1 }
    const definition = {
      ...flagship,
      startups: [project],
      parameters: { ...flagship.parameters, readinessStart: 1 },
    }
    const { choice } = firstMonth(definition)
    expect(offersOf(definition).length).toBe(3)
    expect(choice.newcomers.every((row) => sum(row) > 0)).toBe(true)
    expect(sum(choice.newcomers.flat())).toBeCloseTo(definition.parameters.hireBase, 12)
  })
})

describe('actions', () => {
  const two = smallMarket({ startups: { here: known, there: known } })

  test('that are not finite stop the run and name action, startup and month', () => {
    expect(() => firstMonth(two, (_state, _market, actions) => (actions.rd[1] = NaN))).toThrow(
      'month 0: rd[1] is NaN',
    )
  })

  test('are clamped to the bounds of the market where a strategy chose them, not where they are defined', () => {
    const loud = smallMarket({ startups: { s: { takeRate: 0.9, plans: [smallPlan('p', { adLoad: 50 })] } } })
    const { decisions } = firstMonth(loud, (_state, _market, actions) => {
      actions.priceMultiplier[0] = 1e9
      actions.outShare[0] = -1
      actions.rd[0] = 1e20
      actions.cap[0] = 1e20
    })
    const { priceMultiplierHigh, budgetHigh } = loud.parameters
    expect(decisions).toMatchObject({
      priceMultiplier: [priceMultiplierHigh],
      outShare: [0],
      rd: [budgetHigh],
      cap: [loud.startups[0]!.plans[0]!.cap],
      takeRate: [0.9],
      adLoad: [50],
    })
  })

  test('of an exited startup have no effect: it has no flows', () => {
    const definition = smallMarket({ startups: { gone: { cash: 1 }, there: known } })
    const strategy: NaiveStrategy = (_state, _market, actions) => (actions.rd = actions.rd.map(() => 5e5))
    const { flows } = simulateNaive(definition, calmDraws(), { months: 3, strategy })
    expect(flows[0]!.capital.insolvent).toEqual([true, false])
    const { books, service } = flows[2]!
    const amounts = [
      books.revenue,
      books.receipts,
      books.profit,
      books.cashFlow,
      books.users,
      service.ratio.map((r) => r - 1),
    ]
    expect(amounts.map((row) => row[0]! + 0)).toEqual(amounts.map(() => 0))
    expect(books.operating.rd).toEqual([0, 5e5])
  })

  test('that narrow a cap state its month-0 value, which grows with the allowance', () => {
    const strategy: NaiveStrategy = (_state, _market, actions) => (actions.cap[0] = 10)
    const { flows } = simulateNaive(two, calmDraws(), { months: 13, strategy })
    const heaviest = flows.map(({ choice }) => choice.terms[0]!.requests[2]!)
    expect(heaviest[0]).toBe(10)
    expect(heaviest[12]).toBeCloseTo(12, 12)
  })

  test('that raise a price lower the demand of that month', () => {
    const at = (multiplier: number) =>
      sum(
        firstMonth(two, (_s, _m, actions) => (actions.priceMultiplier[0] = multiplier)).choice.newcomers[0]!,
      )
    expect(at(1.2)).toBeLessThan(at(1))
  })
})

describe('exit and imitation', () => {
  test('cash of exactly 0 survives the month and a cent less does not', () => {
    const spend = (cash: number) =>
      smallMarket({
        books: 'cents',
        parameters: { cashSd: 0, cutBelowRunway: 0 },
        segment: { cost: 0 },
        startups: { s: { cash, rd: 100, marketing: 0, fixed: 0, awarenessTargeted: 0 } },
      })
    expect(simulateNaive(spend(100), calmDraws(), { months: 1 }).state).toMatchObject({
      cash: [0],
      alive: [true],
    })
    expect(simulateNaive(spend(99.99), calmDraws(), { months: 1 }).state).toMatchObject({
      cash: [-0.01],
      alive: [false],
    })
  })

  test('of two equal leaders the first by id is copied, in whatever order they are listed', () => {
    const leader = { quality: [0.9, 0.9, 0.9], rd: 0, rdShare: 0 } as const
    const startups = {
      z: { ...leader, imitability: 0.5 },
      a: { ...leader, imitability: 0.1 },
      follower: { ...leader, quality: [0.5, 0.5, 0.5] as const },
    }
    const definition = smallMarket({ startups })
    const { state } = simulateNaive(definition, calmDraws(), { months: 1 })
    const { qualityDecay, qualityFloor } = definition.parameters
    expect(state.quality[2]![0]).toBeCloseTo(0.5 - qualityDecay * (0.5 - qualityFloor) + 0.1 * 0.4, 12)
  })
})

describe('two years of the flagship', () => {
  const months = 24

  test.prop([fc.integer()], { numRuns: 5 })(
    'are the same market when startups and segments are listed backwards',
    (seed) => {
      const [F, S] = [flagship.startups.length, flagship.segments.length]
      const luck = seededDraws(seed)
      const reversed: Draws = {
        ...luck,
        ability: (f) => luck.ability(F - 1 - f),
        cash: (f) => luck.cash(F - 1 - f),
        taste: (month, f, s) => luck.taste(month, F - 1 - f, S - 1 - s),
        funding: (month, f) => luck.funding(month, F - 1 - f),
      }
      const backwards = {
        ...flagship,
        startups: flagship.startups.toReversed(),
        segments: flagship.segments.toReversed(),
      }
      const forth = simulateNaive(flagship, luck, { months }).state
      const back = simulateNaive(backwards, reversed, { months }).state
      expect(back.alive.toReversed()).toEqual(forth.alive)
      back.cash.toReversed().forEach((cash, f) => {
        expect(Math.abs(cash - forth.cash[f]!)).toBeLessThanOrEqual(ROUNDING * flagship.startups[f]!.cash)
      })
    },
  )

  test.prop([fc.integer(), fc.double({ min: 0.01, max: 100, noNaN: true })], { numRuns: 5 })(
    'have books scaled by any factor on all money, price sensitivity by its inverse',
    (seed, factor) => {
      const scaled = inOtherMoney(flagship, factor)
      const here = simulateNaive(flagship, seededDraws(seed), { months })
      const there = simulateNaive(scaled, seededDraws(seed), { months })
      expect(there.state.alive).toEqual(here.state.alive)
      here.state.cash.forEach((cash, f) => {
        const gap = Math.abs(there.state.cash[f]! / factor - cash)
        expect(gap).toBeLessThanOrEqual(ROUNDING * flagship.startups[f]!.cash)
      })
      const [users, others] = [here, there].map(({ state }) => sum(customersOf(state).flat()))
      expect(Math.abs(others! - users!)).toBeLessThanOrEqual(ROUNDING * users!)
    },
  )
})

/** The market with every figure that its tables declare as money multiplied by a power of `factor`. */
function inOtherMoney(definition: MarketDefinition, factor: number): MarketDefinition {
  const scale = <Item extends object>(
    item: Item,
    table: Readonly<Record<string, { readonly money?: 1 | -1 }>>,
  ): Item =>
    Object.fromEntries(
      Object.entries(item).map(([name, value]) => {
        const power = table[name]?.money
        return [name, power === undefined || typeof value !== 'number' ? value : value * factor ** power]
      }),
    ) as Item
  return {
    ...definition,
    parameters: scale(definition.parameters, parameterTable),
    segments: definition.segments.map((segment) => scale(segment, segmentTable)),
    startups: definition.startups.map((startup) => ({
      ...scale(startup, startupTable),
      plans: startup.plans.map((plan) => scale(plan, planTable)),
    })),
  }
}
