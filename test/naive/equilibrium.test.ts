/** Owns the checks of the independent price equilibrium solver against figures computed elsewhere. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { jointPrices, logitShares, nashPrices, shareSlopes, type LogitMarket } from './equilibrium.ts'

interface Outcome {
  prices: number[]
  shares: number[]
  profits: number[]
  consumer_surplus_per_consumer: number
  outside_share: number
}

interface BertrandCase {
  inputs: {
    a: number[]
    alpha: number
    cost: number[]
    ownership: number[]
    nests?: number[]
    sigma?: number[]
  }
  prices: number[]
  shares: number[]
  outside_share: number
  consumer_surplus_per_consumer: number
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), 'utf8'))
const calvano = read('calvano') as {
  parameters: { a: number; a_0: number; mu: number }
  benchmarks: Record<string, { cost: number[]; nash: Outcome; joint: Outcome }>
}
const bertrand = read('bertrand') as Record<'A_logit_single' | 'B_nested_single', BertrandCase> & {
  share_checkpoints: { market: 'A_logit_single' | 'B_nested_single'; prices: number[]; shares: number[] }[]
}

/** 8 digits is what the reference figures promise. */
const TOLERANCE = 1e-8

/** Calvano et al. divide utility by mu: quality a / mu, price sensitivity 1 / mu. */
function calvanoMarket(cost: readonly number[]): LogitMarket {
  const { a, a_0, mu } = calvano.parameters
  return { quality: cost.map(() => a / mu), priceSensitivity: 1 / mu, cost, outside: a_0 / mu }
}

function bertrandMarket({ inputs }: BertrandCase): LogitMarket {
  const market = {
    quality: inputs.a,
    priceSensitivity: inputs.alpha,
    cost: inputs.cost,
    owner: inputs.ownership,
  }
  if (inputs.nests === undefined || inputs.sigma === undefined) return market
  return { ...market, nest: inputs.nests, dissimilarity: inputs.sigma.map((sigma) => 1 - sigma) }
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance = TOLERANCE): void {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) =>
    expect(Math.abs(value - expected[i]!), `${value} and ${expected[i]}`).toBeLessThan(tolerance),
  )
}

describe('prices in the market of Calvano et al.', () => {
  test.each(Object.keys(calvano.benchmarks))(
    'agree with the published benchmarks to 8 digits for %s',
    (name) => {
      const { cost, nash, joint } = calvano.benchmarks[name]!
      const market = calvanoMarket(cost)
      for (const [found, expected] of [
        [nashPrices(market), nash],
        [jointPrices(market), joint],
      ] as const) {
        expectClose(found.prices, expected.prices)
        expectClose(found.shares, expected.shares)
        expectClose(found.profits, expected.profits)
        expectClose(
          [found.outsideShare, found.consumerSurplus],
          [expected.outside_share, expected.consumer_surplus_per_consumer],
        )
      }
    },
  )
})

describe('price equilibria of logit and nested logit', () => {
  test.each(['A_logit_single', 'B_nested_single'] as const)(
    'agree with the reference to 8 digits: %s',
    (name) => {
      const expected = bertrand[name]
      const found = nashPrices(bertrandMarket(expected))
      expectClose(found.prices, expected.prices)
      expectClose(found.shares, expected.shares)
      expectClose(
        [found.outsideShare, found.consumerSurplus],
        [expected.outside_share, expected.consumer_surplus_per_consumer],
      )
    },
  )

  test('shares at given prices agree with the reference checkpoints', () => {
    for (const { market, prices, shares } of bertrand.share_checkpoints) {
      expectClose(logitShares(bertrandMarket(bertrand[market]), prices).shares, shares)
    }
  })

  test.each([2, 3, 4])('%i symmetric startups ask cost plus mu / (1 - share)', (n) => {
    const market = calvanoMarket(Array.from({ length: n }, () => 1))
    const { prices, shares } = nashPrices(market)
    for (let j = 0; j < n; j++) {
      expect(prices[j]).toBeCloseTo(prices[0]!, 12)
      expect(prices[j]).toBeCloseTo(1 + calvano.parameters.mu / (1 - shares[j]!), 10)
    }
  })

  test('a startup that owns a whole nest asks the same markup 1 / (sensitivity (1 - its share)) on every plan', () => {
    const market: LogitMarket = {
      quality: [4, 3, 3.5],
      priceSensitivity: 0.3,
      cost: [2, 0.5, 1],
      outside: 1,
      nest: [0, 0, 1],
      dissimilarity: [0.5, 0.5],
      owner: [0, 0, 1],
    }
    const { prices, shares } = nashPrices(market)
    const markup = 1 / (0.3 * (1 - shares[0]! - shares[1]!))
    expectClose([prices[0]! - 2, prices[1]! - 0.5], [markup, markup])
    expectClose([prices[2]! - 1], [1 / (0.3 * (1 - shares[2]!))])
  })

  test('one owner of everything sets the joint-profit prices', () => {
    const nested = bertrandMarket(bertrand.B_nested_single)
    const monopoly = nashPrices({ ...nested, owner: nested.cost.map(() => 0) })
    expectClose(monopoly.prices, jointPrices(nested).prices)
  })

  test('nobody gains by another price, at Nash alone and jointly at the joint prices', () => {
    const market = bertrandMarket(bertrand.B_nested_single)
    const earned = (prices: readonly number[]) => {
      const { shares } = logitShares(market, prices)
      return shares.map((share, j) => (prices[j]! - market.cost[j]!) * share)
    }
    const total = (profits: readonly number[]) => profits.reduce((sum, profit) => sum + profit, 0)
    const nash = nashPrices(market).prices
    const joint = jointPrices(market).prices
    for (let j = 0; j < market.cost.length; j++) {
      for (let step = -40; step <= 40; step++) {
        const moved = (prices: readonly number[]) =>
          prices.map((price, k) => (k === j ? price + step * 0.05 : price))
        expect(earned(moved(nash))[j]).toBeLessThanOrEqual(earned(nash)[j]! + 1e-15)
        expect(total(earned(moved(joint)))).toBeLessThanOrEqual(total(earned(joint)) + 1e-15)
      }
    }
  })

  test('analytic slopes of shares match central differences', () => {
    const market = bertrandMarket(bertrand.B_nested_single)
    const prices = [2, 1.5, 2.5, 1]
    const slopes = shareSlopes(market, prices)
    const step = 1e-5
    for (let j = 0; j < prices.length; j++) {
      const at = (change: number) =>
        logitShares(
          market,
          prices.map((p, k) => (k === j ? p + change : p)),
        ).shares
      const [up, down] = [at(step), at(-step)]
      // A central difference errs by about step squared and by rounding over the step.
      expectClose(
        slopes.map((row) => row[j]!),
        up.map((share, k) => (share - down[k]!) / (2 * step)),
        1e-9,
      )
    }
  })

  test('a nest of tiny dissimilarity and distant products has finite shares that sum to 1', () => {
    const market = {
      quality: [0, -900],
      priceSensitivity: 1,
      cost: [0, 0],
      nest: [0, 1],
      dissimilarity: [0.01, 0.01],
    }
    const { shares, outsideShare, withinNest } = logitShares(market, [1, 1])
    expect([...shares, ...withinNest].every(Number.isFinite)).toBe(true)
    expect(shares[0]! + shares[1]! + outsideShare).toBeCloseTo(1, 14)
  })
})
