/**
 * Owns the two benchmarks of a game in prices, found by asking the market: Bertrand-Nash prices, at which nobody gains
 * by another price, and joint-profit prices, at which the sum of profits is highest.
 */
import { RivalryError } from '../../engine/errors.ts'
import type { StaticMarket } from './static-market.ts'

/** Prices and what they earn, by startup, currency a month. */
export interface PricePoint {
  readonly prices: readonly number[]
  readonly profits: readonly number[]
}

/** A price is found when a step would move it by less than this share of the first price. */
const STEP = 1e-12
/** Best responses have settled when a round moves no price by more than this share of the first price. */
const SETTLED = 1e-11

/** Bertrand-Nash prices of a market with smooth profits of one peak: best responses in turn until they settle. */
export function nashPoint(market: StaticMarket): PricePoint {
  return settle(market, (profits, i) => profits[i]!)
}

/** The prices of highest joint profit of a market with smooth profits of one peak: one price after the other. */
export function jointPoint(market: StaticMarket): PricePoint {
  return settle(market, (profits) => profits.reduce((sum, profit) => sum + profit, 0))
}

type Objective = (profits: Float64Array, startup: number) => number

/** @throws RivalryError `no-equilibrium` when prices do not settle. */
function settle(market: StaticMarket, objective: Objective): PricePoint {
  const prices = market.market.startups.map(({ plans }) => plans[0]!.price)
  const scales = prices.map((price) => Math.max(Math.abs(price), 1e-6))
  for (let round = 0; round < 1000; round++) {
    let moved = 0
    prices.forEach((before, i) => {
      const price = peak(market, objective, { prices, startup: i, scale: scales[i]! })
      moved = Math.max(moved, Math.abs(price - before) / scales[i]!)
      prices[i] = price
    })
    if (moved <= SETTLED) return { prices, profits: [...market.profitsAt(prices)] }
  }
  throw new RivalryError(`prices of ${market.startups.join(', ')} do not settle: ${prices.join(', ')}`, {
    code: 'no-equilibrium',
    hint: 'the market needs profits with one peak in every price; start its list prices nearer to it',
  })
}

/** Where a startup's price makes the objective highest: the root of its slope, by the secant method. */
function peak(
  market: StaticMarket,
  objective: Objective,
  { prices, startup, scale }: { prices: readonly number[]; startup: number; scale: number },
): number {
  const slope = (price: number): number => slopeAt(market, objective, { prices, startup, price, scale })
  let before = prices[startup]!
  let price = before + 1e-3 * scale
  let slopeBefore = slope(before)
  let here = slope(price)
  for (let step = 0; step < 100 && here !== slopeBefore; step++) {
    const moved = (here * (price - before)) / (here - slopeBefore)
    // Far from the peak the curve may bend the wrong way: always uphill, and never far at once.
    const isWild = Math.abs(moved) > 0.3 * scale || moved * here > 0
    const next = price - (isWild ? -Math.sign(here) * 0.1 * scale : moved)
    if (Math.abs(next - price) <= STEP * scale) return next
    ;[before, slopeBefore, price] = [price, here, next]
    here = slope(price)
  }
  return price
}

/** The slope by five points, whose error is of the fourth power of their distance, asked in one block of four. */
function slopeAt(
  market: StaticMarket,
  objective: Objective,
  {
    prices,
    startup,
    price,
    scale,
  }: { prices: readonly number[]; startup: number; price: number; scale: number },
): number {
  const width = 1e-3 * scale
  const asked = [2, 1, -1, -2].flatMap((steps) =>
    prices.map((other, i) => (i === startup ? price + steps * width : other)),
  )
  const profits = market.profitsAt(asked)
  const [far, near, nearBelow, farBelow] = [0, 1, 2, 3].map((row) =>
    objective(profits.subarray(row * prices.length, (row + 1) * prices.length), startup),
  ) as [number, number, number, number]
  return (8 * (near - nearBelow) - (far - farBelow)) / (12 * width)
}
