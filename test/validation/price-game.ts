/**
 * Owns a market in which prices are the only thing that is decided: what the engine says that customers do and
 * startups earn at given prices, and the equilibria of that, found from nothing but these answers.
 */
import type { MarketDefinition, PlanDefinition, StartupDefinition } from '../../engine/market/definition.ts'
import { indexMarket, pointValuesOf } from '../../engine/market/populate.ts'
import { loadScenario, setPath } from '../../scenarios/index.ts'
import { MarketRun, column } from '../market/market-run.ts'

/** A product of a logit market: utility is `quality - sensitivity * price`. */
export interface Product {
  readonly quality: number
  /** Marginal cost, currency a customer and month. */
  readonly cost: number
}

const duopoly = loadScenario('duopoly')
const [buyers] = duopoly.segments
const [seller] = duopoly.startups
const [plan] = seller!.plans

/**
 * The packaged duopoly with other startups: each has the given products as its plans, which are a nest of
 * dissimilarity `nest`. Marginal cost is staff cost, whose hiring limit of two customers is beyond the mass of one.
 */
export function productMarket(
  startups: readonly (readonly Product[])[],
  { sensitivity, nest = 1 }: { readonly sensitivity: number; readonly nest?: number },
): MarketDefinition {
  const best = Math.max(...startups.flat().map(({ quality }) => quality))
  return {
    ...duopoly,
    months: 1,
    parameters: { ...duopoly.parameters, nest },
    // Quality 1, of which each plan gives a share: beta times that share is the product's quality.
    segments: [{ ...buyers!, beta: best, alpha: sensitivity, support: 0 }],
    startups: startups.map((products, f): StartupDefinition => ({
      ...seller!,
      id: `startup-${f}`,
      name: `startup-${f}`,
      quality: [1, 1, 1],
      plans: products.map(({ quality, cost }, k): PlanDefinition => ({
        ...plan!,
        id: `plan-${k}`,
        name: `plan-${k}`,
        qualityShare: quality / best,
        labour: cost,
        price: cost,
      })),
    })),
  }
}

/** What the engine answers at some prices: of every plan its share of all customers, of every startup its monthly profit. */
export interface Answer {
  readonly shares: readonly number[]
  readonly profits: readonly number[]
  /** Weight of each startup to those who know it, W. */
  readonly weights: readonly number[]
}

/** A market whose plans' prices are chosen anew for each question; plans are counted through all startups. */
export class PriceGame {
  private market: MarketDefinition
  private readonly run: MarketRun
  readonly paths: readonly string[]

  constructor(market: MarketDefinition) {
    this.market = { ...market, months: 1 }
    this.run = new MarketRun(this.market)
    this.paths = market.startups.flatMap(({ id, plans }) =>
      plans.map((each) => `startups.${id}.plans.${each.id}`),
    )
  }

  /** Sets a figure of the market for all later questions. */
  set(path: string, value: number): void {
    this.market = setPath(this.market, path, value)
  }

  /** Simulates a month at these prices. */
  ask(prices: readonly number[]): Answer {
    const { run, paths } = this
    const market = prices.reduce(
      (changed, price, j) => setPath(changed, `${paths[j]}.price`, price),
      this.market,
    )
    run.instance.setPoint(pointValuesOf(market, indexMarket(market)))
    run.start()
    run.months(0, 1)
    const held = paths.map(() => 0)
    run.index.offers.forEach((offer, o) => {
      held[offer.plan]! += run.readAll(column.offers.customers, o).reduce((a, b) => a + b, 0)
    })
    return {
      shares: held.map((count) => count / market.segments[0]!.potential),
      profits: run.perStartup('profit'),
      // In this market all customers are of the middle type.
      weights: market.startups.map((_, f) => run.read(column.pairs.pull, run.pairOf(f, 0), { component: 1 })),
    }
  }
}

/**
 * The slope of a smooth function by five points: error h^4 / 30 times the fifth derivative, and rounding 1e-16 / h.
 */
export function slope(of: (x: number) => number, x: number, h = 1e-3): number {
  return (8 * (of(x + h) - of(x - h)) - (of(x + 2 * h) - of(x - 2 * h))) / (12 * h)
}

/** Where a smooth function is highest, near `start`: the root of its slope, by the secant method. */
export function peak(of: (x: number) => number, start: number): number {
  let [before, x] = [start, start + 1e-3]
  let [slopeBefore, here] = [slope(of, before), slope(of, x)]
  for (let step = 0; step < 60; step++) {
    if (here === slopeBefore) return x
    const moved = (here * (x - before)) / (here - slopeBefore)
    // Far from the peak the curve may bend the wrong way: never more than a unit at once, always uphill.
    const next = x - (Math.abs(moved) > 0.5 || moved * here > 0 ? -Math.sign(here) * 0.1 : moved)
    if (Math.abs(next - x) < 1e-12) return next
    ;[before, slopeBefore, x] = [x, here, next]
    here = slope(of, x)
  }
  return x
}

/** Where a function with one peak in [low, high] is highest, to about 1e-8 of the range: a golden section, no slopes. */
export function goldenPeak(of: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2
  let [a, b] = [low, high]
  while (b - a > 1e-9 * (high - low)) {
    const [c, d] = [b - ratio * (b - a), a + ratio * (b - a)]
    if (of(c) > of(d)) b = d
    else a = c
  }
  return (a + b) / 2
}

/** Best responses in turn, each plan's price by its own objective, until no price moves by 1e-11. */
export function bestResponses(
  start: readonly number[],
  objective: (prices: readonly number[], j: number) => number,
): number[] {
  const prices = [...start]
  for (let round = 0; round < 500; round++) {
    let moved = 0
    for (let j = 0; j < prices.length; j++) {
      const answer = peak(
        (price) =>
          objective(
            prices.map((other, k) => (k === j ? price : other)),
            j,
          ),
        prices[j]!,
      )
      moved = Math.max(moved, Math.abs(answer - prices[j]!))
      prices[j] = answer
    }
    if (moved < 1e-11) return prices
  }
  throw new Error(`best responses did not settle: ${prices.join(', ')}`)
}
