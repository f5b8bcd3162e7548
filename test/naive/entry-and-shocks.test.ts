/** Owns the checks of entry, shocks and regulation in the naive month, each against its equation worked out by hand. */
import { describe, expect, test } from 'vitest'
import { type ShockDefinition, defaultShock } from '../../engine/market/definition.ts'
import { calmDraws, seededDraws } from './draws.ts'
import { smallMarket, smallPlan } from './markets.ts'
import { simulateNaive } from './month.ts'
import { type Draws, sum } from './state.ts'

const draws = calmDraws()
const rich = { cash: 1e9, awarenessTargeted: 1 }
/** Spends some 6e5 a month, and nobody knows it. */
const poor = { cash: 5e6, awarenessTargeted: 0, rd: 4e5 }

const shock = (
  id: string,
  changes: Partial<ShockDefinition> & Pick<ShockDefinition, 'kind'>,
): ShockDefinition => ({
  ...defaultShock,
  id,
  segment: null,
  startup: null,
  ...changes,
})

/** One rich startup in one segment, with shocks. */
const shaken = (...shocks: ShockDefinition[]) => ({
  ...smallMarket({ segment: { compliance: 5e3 }, startups: { s: { ...rich, privacyCost: 0.25 } } }),
  shocks,
})

describe('a startup that enters in month 5', () => {
  const late = { ...rich, entry: 5, cash: 4e6, quality: [0.7, 0.6, 0.8] as const }
  const { flows, state } = simulateNaive(smallMarket({ startups: { early: rich, late } }), seededDraws(3), {
    months: 9,
    watch(step, month, now) {
      if (month !== 5 || step !== 'events') return
      // Just as it would stand before month 0.
      expect(now.quality[1]).toEqual([0.7, 0.6, 0.8])
      expect([now.awareness[1]![0], now.efficiency[1], now.stock[1], now.trust[1]]).toEqual([1, 0, 0, 1])
      expect(now.cash[1]).toBeCloseTo(4e6 * seededDraws(3).cash(1), 6)
    },
  })

  test('sells, spends and owns nothing before, and has customers in its month of entry', () => {
    for (const { books, decisions, choice } of flows.slice(0, 5)) {
      expect([books.revenue[1], books.users[1], decisions.rd[1], decisions.marketing[1]]).toEqual([
        0, 0, 0, 0,
      ])
      expect(
        sum([...Object.values(books.direct), ...Object.values(books.operating)].map((cost) => cost[1]!)),
      ).toBe(0)
      expect(choice.weight[1]![0]).toEqual([0, 0, 0])
    }
    expect(flows[5]!.books.users[1]).toBeGreaterThan(0)
    expect(state.enteredAt).toEqual([0, 5])
  })

  test('cannot raise capital before the third month after its entry', () => {
    const needy = { ...late, ...poor }
    const asked = simulateNaive(smallMarket({ startups: { early: rich, needy } }), calmDraws(0), {
      months: 9,
    }).flows.map(({ capital }) => capital.askedForMoney[1])
    expect(asked.slice(0, 8)).toEqual([false, false, false, false, false, false, false, false])
    expect(asked[8]).toBe(true)
  })
})

test('entrants by chance enter at their first lucky month, and in booms only where they wait for one', () => {
  const lucky: Draws = {
    ...draws,
    entry: (month) => (month === 3 || month === 6 ? 0.1 : 0.9),
    // Boom ends in month 2 and returns in month 5.
    climate: (month) => (month === 2 || month === 5 ? 0 : 0.999),
  }
  const { state } = simulateNaive(
    smallMarket({
      startups: {
        early: rich,
        chance: { ...rich, entryChance: 0.2 },
        later: { ...rich, entry: 4, entryChance: 0.2 },
        booming: { ...rich, entryChance: 0.2, entryInBoom: 1 },
        never: { ...rich, entryChance: 0.05 },
      },
    }),
    lucky,
    { months: 9 },
  )
  expect(state.enteredAt).toEqual([0, 3, 6, 6, -1])
  expect(state.alive).toEqual([true, true, true, true, false])
})

describe('shocks', () => {
  const plain = simulateNaive(shaken(), draws, { months: 8 }).flows

  test('to the compute price multiply it while they last, and prices follow by their pass-through', () => {
    const glut = shock('glut', { kind: 'computePrice', month: 2, duration: 3, size: 0.5 })
    const market = shaken(glut, shock('more', { kind: 'computePrice', month: 4, size: 0.5 }))
    const { flows } = simulateNaive(market, draws, { months: 8 })
    const factors = flows.map(({ events }, month) => events.computePrice / plain[month]!.events.computePrice)
    expect(factors).toEqual([1, 1, 0.5, 0.5, 0.25, 0.5, 0.5, 0.5].map((factor) => expect.closeTo(factor, 12)))
    const prices = flows.map(
      ({ choice }, month) => choice.terms[0]!.price / plain[month]!.choice.terms[0]!.price,
    )
    const { passThrough } = market.startups[0]!.plans[0]!
    expect(prices[2]).toBeCloseTo(0.5 ** passThrough, 12)
    expect(prices[4]).toBeCloseTo(0.25 ** passThrough, 12)
  })

  test('to demand change who shops and not who holds a contract', () => {
    const { flows } = simulateNaive(
      shaken(shock('d', { kind: 'demand', month: 1, duration: 1, size: 0.5 })),
      draws,
      {
        months: 3,
      },
    )
    expect(sum(flows[1]!.choice.shoppers[0]!) / sum(plain[1]!.choice.shoppers[0]!)).toBeCloseTo(0.5, 12)
    expect(flows[1]!.choice.leaving).toEqual(plain[1]!.choice.leaving)
    // Those who did not shop still can.
    expect(sum(flows[2]!.choice.shoppers[0]!)).toBeGreaterThan(sum(plain[2]!.choice.shoppers[0]!))
  })

  test('to regulation multiply the fixed duty and the cost of handling data', () => {
    const { flows } = simulateNaive(shaken(shock('r', { kind: 'regulation', month: 2, size: 3 })), draws, {
      months: 3,
    })
    expect(flows.map(({ books }) => books.operating.compliance[0])).toEqual([5e3, 5e3, 15e3])
    flows.forEach(({ books }, month) =>
      expect(books.direct.privacy[0]).toBeCloseTo(0.25 * books.users[0]! * (month === 2 ? 3 : 1), 9),
    )
  })

  test('to open models add up and stay within [0, 1]', () => {
    const open = (size: number) =>
      simulateNaive(
        shaken(shock('a', { kind: 'openFrontier', size }), shock('b', { kind: 'openFrontier', size })),
        draws,
        {
          months: 1,
        },
      ).flows[0]!.events.openFrontier
    const { openFrontier } = shaken().parameters
    expect([open(0.1), open(-0.5), open(0.9)]).toEqual([expect.closeTo(openFrontier + 0.2, 12), 0, 1])
  })

  test('to funding multiply the odds of a round', () => {
    const needy = smallMarket({ startups: { s: poor } })
    const succeeds = (size: number, luck: number) =>
      simulateNaive({ ...needy, shocks: [shock('f', { kind: 'funding', size })] }, calmDraws(luck), {
        months: 4,
      }).flows.some(({ capital }) => capital.raised[0]! > 0)
    // Odds x to 1 are a chance of x / (1 + x): found by halving, then multiplied.
    let [low, high] = [0, 1]
    for (let i = 0; i < 40; i++) {
      const middle = (low + high) / 2
      if (succeeds(1, middle)) low = middle
      else high = middle
    }
    const odds = (low / (1 - low)) * 0.4
    const chance = odds / (1 + odds)
    expect(low).toBeGreaterThan(0)
    expect([succeeds(0.4, chance * (1 - 1e-6)), succeeds(0.4, chance * (1 + 1e-6))]).toEqual([true, false])
  })

  test('of climate force it while they last, winters before booms, and it goes on from there', () => {
    const booms = (...shocks: ShockDefinition[]): boolean[] => {
      const seen: boolean[] = []
      simulateNaive(shaken(...shocks), draws, {
        months: 6,
        watch: (step, _month, state) => void (step === 'events' && seen.push(state.boom)),
      })
      return seen
    }
    const winter = shock('w', { kind: 'winter', month: 1, duration: 3 })
    expect(booms()).toEqual([true, true, true, true, true, true])
    expect(booms(winter)).toEqual([true, false, false, false, false, false])
    expect(booms(winter, shock('b', { kind: 'boom', month: 3 }))).toEqual([
      true,
      false,
      false,
      false,
      true,
      true,
    ])
  })

  test('that are outages cost the trust of those they hit', () => {
    const market = smallMarket({
      parameters: { trustWeight: 1, reservedMinimum: 1e12 },
      startups: { hit: { ...rich, plans: [smallPlan('only')] }, spared: rich },
    })
    const { state } = simulateNaive(
      {
        ...market,
        shocks: [shock('o', { kind: 'outage', startup: 'hit', month: 1, duration: 1, size: 0.4 })],
      },
      draws,
      { months: 3 },
    )
    // Lost .4 in month 1, of which 5% came back in month 2.
    expect(state.trust).toEqual([expect.closeTo(1 - 0.4 * 0.95, 12), 1])
  })

  test('with a chance begin by luck, from their month on, and not while they last', () => {
    const luck: Draws = { ...draws, shock: (month) => ([0, 3, 4, 7].includes(month) ? 0.01 : 0.99) }
    const random = shock('x', { kind: 'computePrice', month: 2, chance: 0.1, duration: 3, size: 2 })
    const { flows } = simulateNaive(shaken(random), luck, { months: 8 })
    const factors = flows.map(({ events }, month) => events.computePrice / plain[month]!.events.computePrice)
    expect(factors.map(Math.round)).toEqual([1, 1, 1, 2, 2, 2, 1, 2])
  })
})
