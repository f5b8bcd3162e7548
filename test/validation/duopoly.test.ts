/**
 * Owns the limit cases of price competition: the engine's own profits, asked for price by price, have the equilibria that
 * are published for logit and nested logit markets.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadScenario } from '../../scenarios/index.ts'
import { MarketRun } from '../market/market-run.ts'
import { type LogitMarket, jointPrices, logitShares, nashPrices } from '../naive/equilibrium.ts'
import { PriceGame, type Product, bestResponses, goldenPeak, peak, productMarket } from './price-game.ts'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../reference/${name}`, import.meta.url), 'utf8'))
const calvano = read('calvano.json').benchmarks
const bertrand = read('bertrand.json')

/** Slopes are known to about 1e-11, the curvature of profits is of order one: prices to 1e-9, well within 8 digits. */
const EIGHT_DIGITS = 1e-8

function near(actual: readonly number[], expected: readonly number[], gap: number): void {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) =>
    expect(Math.abs(value - expected[i]!), `${value}, expected ${expected[i]}`).toBeLessThan(gap),
  )
}

describe('the packaged duopoly', () => {
  const game = new PriceGame(loadScenario('duopoly'))
  const profitOf = (f: number) => (prices: readonly number[]) => game.ask(prices).profits[f]!

  test('earns the published profits at the Nash and at the joint-profit price', () => {
    const { nash, joint } = calvano.n2
    near(game.ask(nash.prices).profits, nash.profits, 1e-12)
    near(game.ask(nash.prices).shares, nash.shares, 1e-12)
    near(game.ask(joint.prices).profits, joint.profits, 1e-12)
  })

  test('earns the same every month', () => {
    const run = new MarketRun(loadScenario('duopoly'))
    run.start()
    for (let month = 0; month < 24; month++) {
      run.months(month, month + 1)
      near(run.perStartup('profit'), calvano.n2.nash.profits, 1e-12)
    }
  })

  test('has best responses that lead to the Nash price 1.47293, by golden section from far away', () => {
    let prices = [2.9, 1.1]
    for (let round = 0; round < 30; round++) {
      for (const f of [0, 1])
        prices = prices.map((price, k) =>
          k === f
            ? goldenPeak((x) => profitOf(f)(prices.map((other, i) => (i === f ? x : other))), 1, 3)
            : price,
        )
    }
    // A golden section cannot see changes of profit below 1e-16 of it: prices are known to about 1e-7.
    near(prices, [1.47293, 1.47293], 5e-5)
    near(prices, calvano.n2.nash.prices, 1e-6)
  })

  test('has its highest joint profit at 1.92498', () => {
    const together = (price: number): number => game.ask([price, price]).profits.reduce((a, b) => a + b, 0)
    expect(goldenPeak(together, 1, 3)).toBeCloseTo(1.92498, 4)
    expect(Math.abs(peak(together, 1.5) - calvano.n2.joint.prices[0])).toBeLessThan(EIGHT_DIGITS)
  })

  test('lets nobody gain by another price than Nash, on a grid from cost to twice the monopoly price', () => {
    const [own, other] = calvano.n2.nash.prices as [number, number]
    const best = profitOf(0)([own, other])
    for (let price = 1; price <= 4; price += 0.01)
      expect(profitOf(0)([price, other])).toBeLessThanOrEqual(best)
  })
})

/** The engine's equilibrium in prices of a market in which every startup has one product, and the solver's. */
function single(
  products: readonly Product[],
  sensitivity: number,
): { game: PriceGame; prices: number[]; solver: LogitMarket } {
  const game = new PriceGame(
    productMarket(
      products.map((product) => [product]),
      { sensitivity },
    ),
  )
  const prices = bestResponses(
    products.map(({ cost }) => cost + 1 / sensitivity),
    (trial, j) => game.ask(trial).profits[j]!,
  )
  return {
    game,
    prices,
    solver: {
      quality: products.map(({ quality }) => quality),
      cost: products.map(({ cost }) => cost),
      priceSensitivity: sensitivity,
    },
  }
}

describe('logit competition', () => {
  // Calvano et al.: a = 2 and mu = 1/4, so utility is (2 - price) / mu.
  test.each([
    ['n2', 'two startups'],
    ['n3', 'three startups'],
    ['n2_c2_0.5', 'two startups of unequal cost'],
  ])('%s: the published Nash and joint prices of %s', (name) => {
    const { cost, nash, joint } = calvano[name]
    const { game, prices, solver } = single(
      cost.map((c: number) => ({ quality: 8, cost: c })),
      4,
    )
    near(prices, nash.prices, EIGHT_DIGITS)
    near(game.ask(nash.prices).profits, nash.profits, 1e-12)
    near(prices, nashPrices(solver).prices, EIGHT_DIGITS)
    near(game.ask(joint.prices).profits, joint.profits, 1e-12)
    // Joint profit rises in no direction from there.
    const together = (trial: readonly number[]): number => game.ask(trial).profits.reduce((a, b) => a + b, 0)
    joint.prices.forEach((_: number, j: number) =>
      expect(
        Math.abs(
          peak(
            (price) => together(joint.prices.map((other: number, k: number) => (k === j ? price : other))),
            joint.prices[j],
          ) - joint.prices[j],
        ),
      ).toBeLessThan(EIGHT_DIGITS),
    )
  })

  test('four startups, equal or of four different costs and qualities: the prices of the independent solver', () => {
    for (const products of [
      [1, 1, 1, 1].map((cost) => ({ quality: 8, cost })),
      [0.6, 0.9, 1, 1.3].map((cost, i) => ({ quality: 7 + i / 2, cost })),
    ]) {
      const { game, prices, solver } = single(products, 4)
      near(prices, nashPrices(solver).prices, EIGHT_DIGITS)
      near(game.ask(jointPrices(solver).prices).profits, jointPrices(solver).profits, 1e-12)
    }
  })

  test('price less cost is mu / (1 - share) for a symmetric market of any size', () => {
    for (const n of [1, 2, 5]) {
      const { game, prices } = single(
        Array.from({ length: n }, () => ({ quality: 8, cost: 1 })),
        4,
      )
      const { shares } = game.ask(prices)
      prices.forEach((price, j) =>
        expect(Math.abs(price - 1 - 0.25 / (1 - shares[j]!))).toBeLessThan(EIGHT_DIGITS),
      )
    }
  })

  test('the 8-digit equilibrium and the share checkpoint of market A', () => {
    const {
      inputs,
      prices: published,
      shares,
      firm_profits: profits,
      outside_share: outside,
    } = bertrand.A_logit_single
    const { game, prices } = single(
      inputs.a.map((quality: number, j: number) => ({ quality, cost: inputs.cost[j] })),
      inputs.alpha,
    )
    near(prices, published, EIGHT_DIGITS)
    const answer = game.ask(published)
    near(answer.shares, shares, EIGHT_DIGITS)
    near([1 - answer.shares.reduce((a, b) => a + b, 0)], [outside], EIGHT_DIGITS)
    near(
      answer.profits.map((profit) => profit * inputs.market_size),
      profits,
      EIGHT_DIGITS * inputs.market_size,
    )
    const [checkpoint] = bertrand.share_checkpoints
    near(game.ask(checkpoint.prices).shares, checkpoint.shares, EIGHT_DIGITS)
    // No profitable deviation anywhere on a grid.
    published.forEach((price: number, j: number) => {
      for (let other = inputs.cost[j]; other < 3 * price; other += 0.02) {
        expect(
          game.ask(published.map((p: number, k: number) => (k === j ? other : p))).profits[j]!,
        ).toBeLessThanOrEqual(answer.profits[j]!)
      }
    })
  })
})

describe('nested logit competition', () => {
  const products: readonly (readonly Product[])[] = [
    [
      { quality: 2.5, cost: 1 },
      { quality: 2, cost: 0.7 },
    ],
    [
      { quality: 3.2, cost: 1.6 },
      { quality: 1.1, cost: 0.4 },
    ],
  ]
  const solverOf = (nest: number, owner: readonly number[]): LogitMarket => ({
    quality: products.flat().map(({ quality }) => quality),
    cost: products.flat().map(({ cost }) => cost),
    priceSensitivity: 1,
    nest: [0, 0, 1, 1],
    dissimilarity: [nest, nest],
    owner,
  })
  const costs = products.flat().map(({ cost }) => cost)

  test.each([1, 0.7, 0.5, 0.25])('shares at lambda = %d are those of the independent solver', (nest) => {
    const game = new PriceGame(productMarket(products, { sensitivity: 1, nest }))
    for (const prices of [[2, 1.5, 2.5, 1], [1.1, 3, 0.4, 2.2], costs])
      near(game.ask(prices).shares, logitShares(solverOf(nest, [0, 1, 2, 3]), prices).shares, 1e-12)
  })

  test.each([0.7, 0.5])(
    'startups that price both their plans have the equilibrium of multi-product owners at lambda = %d',
    (nest) => {
      const game = new PriceGame(productMarket(products, { sensitivity: 1, nest }))
      const prices = bestResponses(
        costs.map((cost) => cost + 1),
        (trial, j) => game.ask(trial).profits[j < 2 ? 0 : 1]!,
      )
      near(prices, nashPrices(solverOf(nest, [0, 0, 1, 1])).prices, EIGHT_DIGITS)
    },
  )

  test.each([0.7, 0.5])(
    'plans that price each for themselves have the equilibrium of single products at lambda = %d',
    (nest) => {
      const game = new PriceGame(productMarket(products, { sensitivity: 1, nest }))
      const prices = bestResponses(
        costs.map((cost) => cost + 1),
        (trial, j) => (trial[j]! - costs[j]!) * game.ask(trial).shares[j]!,
      )
      near(prices, nashPrices(solverOf(nest, [0, 1, 2, 3])).prices, EIGHT_DIGITS)
    },
  )

  test('the 8-digit equilibrium of market B, whose nests differ in lambda', () => {
    // The model has one lambda, so each nest gets a market of its own in which the other nest stands as one free plan
    // of the same weight W: that is all that a nest sees of another.
    const { prices: published, shares, outside_share: outside } = bertrand.B_nested_single
    const lambdas = (bertrand.B_nested_single.inputs.sigma as number[]).map((sigma) => 1 - sigma)
    const games = products.map(
      (nest, g) =>
        new PriceGame(
          productMarket([nest, [{ quality: 3.2, cost: 0 }]], { sensitivity: 1, nest: lambdas[g]! }),
        ),
    )
    let prices = costs.map((cost) => cost + 1)
    const beta = 3.2
    const facing = (g: number, own: readonly number[]): readonly number[] => [...own, 0]
    const weightOf = (g: number): number =>
      games[g]!.ask(facing(g, prices.slice(2 * g, 2 * g + 2))).weights[0]!
    const meet = (g: number): void => {
      const best = Math.max(...products[g]!.map(({ quality }) => quality), beta)
      games[g]!.set('startups.startup-1.plans.plan-0.qualityShare', Math.log(weightOf(1 - g)) / best)
    }
    for (let round = 0; round < 40; round++) {
      const before = prices
      for (const g of [0, 1]) {
        meet(g)
        const own = bestResponses(
          prices.slice(2 * g, 2 * g + 2),
          (trial, j) => (trial[j]! - costs[2 * g + j]!) * games[g]!.ask(facing(g, trial)).shares[j]!,
        )
        prices = prices.map((price, k) => (Math.floor(k / 2) === g ? own[k - 2 * g]! : price))
      }
      if (Math.max(...prices.map((price, k) => Math.abs(price - before[k]!))) < 1e-11) break
    }
    near(prices, published, EIGHT_DIGITS)
    prices = published
    for (const g of [0, 1]) {
      meet(g)
      const answer = games[g]!.ask(facing(g, published.slice(2 * g, 2 * g + 2))).shares
      near(answer.slice(0, 2), shares.slice(2 * g, 2 * g + 2), EIGHT_DIGITS)
      near([1 - answer.reduce((a, b) => a + b, 0)], [outside], EIGHT_DIGITS)
    }
    const [, checkpoint] = bertrand.share_checkpoints
    prices = checkpoint.prices
    for (const g of [0, 1]) {
      meet(g)
      near(
        games[g]!.ask(facing(g, prices.slice(2 * g, 2 * g + 2))).shares.slice(0, 2),
        checkpoint.shares.slice(2 * g, 2 * g + 2),
        EIGHT_DIGITS,
      )
    }
  })
})
