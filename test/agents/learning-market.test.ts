/** The game that learners play is the engine's market: its profits are those of the logit formula, its grid the published. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type StageGame, stageGame, withEqualStartups } from '../../agents/learning/index.ts'
import { StaticMarket } from '../../agents/learning/static-market.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { loadScenario, setPath } from '../../scenarios/index.ts'
import { productMarket } from '../validation/price-game.ts'

const { benchmarks, parameters } = JSON.parse(
  readFileSync(new URL('../reference/calvano.json', import.meta.url), 'utf8'),
)
const duopoly = loadScenario('duopoly')

/** Profits by the formula of Calvano et al. (2020): logit demand of goods of quality a, against an outside good. */
function logitProfits(prices: readonly number[], costs: readonly number[]): number[] {
  const { a, a_0, mu } = parameters
  const pulls = prices.map((price) => Math.exp((a - price) / mu))
  const all = pulls.reduce((sum, pull) => sum + pull, Math.exp(a_0 / mu))
  return prices.map((price, i) => ((price - costs[i]!) * pulls[i]!) / all)
}

/** The largest difference between a game's table and the formula. */
function worstDifference(
  { startups, priceCount, prices, profits }: StageGame,
  costs: readonly number[],
): number {
  let worst = 0
  for (let combination = 0; combination < profits.length / startups.length; combination++) {
    const asked = prices.map((grid, i) => grid[Math.floor(combination / priceCount ** i) % priceCount]!)
    logitProfits(asked, costs).forEach((profit, i) => {
      worst = Math.max(worst, Math.abs(profits[combination * startups.length + i]! - profit))
    })
  }
  return worst
}

/** Slopes are known to about 1e-10, the curvature of profits is of order one: prices to 1e-9, grids likewise. */
const EIGHT_DIGITS = 1e-8

function near(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(EIGHT_DIGITS))
}

describe('the tabulated market', () => {
  test.each([2, 3, 4])(
    'of %d startups pays what the logit formula says, at all prices of the grid',
    (count) => {
      const game = stageGame(withEqualStartups(duopoly, count))
      expect(game.profits.length).toBe(count * 15 ** count)
      expect(worstDifference(game, Array<number>(count).fill(1))).toBeLessThan(1e-9)
    },
  )

  test.each(['n2', 'n3', 'n2_c2_0.5'])('%s: Nash, joint profit and the ends of the grid', (name) => {
    const { cost, nash, joint, grid15_endpoints: ends } = benchmarks[name]
    // Utility divided by mu: quality a / mu = 8, price sensitivity 4.
    const market = productMarket(
      cost.map((each: number) => [{ quality: 8, cost: each }]),
      { sensitivity: 4 },
    )
    const game = stageGame(market)
    near(game.nash.prices, nash.prices)
    near(game.nash.profits, nash.profits)
    near(game.joint.prices, joint.prices)
    near(game.joint.profits, joint.profits)
    game.prices.forEach((grid, i) => {
      near([grid[0]!, grid[14]!], ends[i])
      const spacing = (ends[i][1] - ends[i][0]) / 14
      for (let action = 1; action < 15; action++) near([grid[action]! - grid[action - 1]!], [spacing])
    })
    expect(worstDifference(game, cost)).toBeLessThan(1e-9)
  })

  test('of four startups has the Nash price at which price less cost is mu / (1 - share)', () => {
    const { nash, joint } = stageGame(withEqualStartups(duopoly, 4), { priceCount: 2 })
    const share = nash.profits[0]! / (nash.prices[0]! - 1)
    near([nash.prices[0]! - 1], [parameters.mu / (1 - share)])
    // Joint profit: markup mu over the share of the outside good.
    const sold = (4 * joint.profits[0]!) / (joint.prices[0]! - 1)
    near([joint.prices[0]! - 1], [parameters.mu / (1 - sold)])
  })

  test('grids have the size and reach that are asked for', () => {
    const { nash, joint, prices } = stageGame(duopoly, { priceCount: 5, extension: 0.25 })
    const distance = joint.prices[0]! - nash.prices[0]!
    near(
      prices[0]!,
      [-0.25, 0.125, 0.5, 0.875, 1.25].map((at) => nash.prices[0]! + at * distance),
    )
  })

  test('answers do not depend on what else is asked', () => {
    const market = new StaticMarket(duopoly)
    const prices = [1.2, 1.4, 1.6, 1.8, 2, 2.2, 1.3, 1.9, 1.1, 1.5]
    const together = market.profitsAt(prices)
    for (let row = 0; row < 5; row++)
      expect([...market.profitsAt(prices.slice(2 * row, 2 * row + 2))]).toEqual([
        ...together.subarray(2 * row, 2 * row + 2),
      ])
  })
})

describe('markets and grids that learners cannot play are refused', () => {
  const twoPlans: MarketDefinition = {
    ...duopoly,
    startups: duopoly.startups.map((startup) => ({
      ...startup,
      plans: startup.plans.flatMap((plan) => [plan, { ...plan, id: 'second', name: 'Second' }]),
    })),
  }
  test.each([
    ['several plans', twoPlans, {}, 'several-plans', '2 plans'],
    ['luck', setPath(duopoly, 'parameters.tasteSd', 0.1), {}, 'not-static', 'second month'],
    ['habit', setPath(duopoly, 'segments.buyers.sigma', 1), {}, 'not-static', 'second month'],
    ['one price', duopoly, { priceCount: 1 }, 'out-of-range', 'priceCount is 1'],
    ['a fractional number of prices', duopoly, { priceCount: 2.5 }, 'out-of-range', 'priceCount is 2.5'],
    ['more prices than a byte', duopoly, { priceCount: 256 }, 'out-of-range', 'priceCount is 256'],
    ['a negative reach', duopoly, { extension: -0.1 }, 'out-of-range', 'extension is -0.1'],
    ['six startups', withEqualStartups(duopoly, 6), {}, 'out-of-range', '11390625 combinations'],
  ])('%s', (_, market, options, code, says) => {
    let caught: unknown
    try {
      stageGame(market, options)
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({ name: 'RivalryError', code })
    expect((caught as Error).message).toContain(says)
  })

  test('a startup alone', () => {
    expect(() => withEqualStartups(duopoly, 1)).toThrow('count is 1')
    const alone = { ...duopoly, startups: duopoly.startups.slice(0, 1) }
    expect(() => stageGame(alone)).toThrow('the number of startups is 1')
  })
})
