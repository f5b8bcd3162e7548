/** Owns the limit of equal startups: their price by the formula, and the one that the engine's profits lead to. */
import { type Answer, PriceGame, bestResponses, productMarket } from './price-game.ts'

/** Equal startups, each with equal plans in a nest of dissimilarity `nest`. */
export interface EqualStartups {
  readonly n: number
  readonly plans: number
  readonly nest: number
}

/** Of every plan, as in Calvano et al. (2020): a = 2, cost 1 and mu = 1/4, so that utility is 8 - 4 price. */
const QUALITY = 8
const COST = 1
/** Utils per currency unit, 1 / mu. */
const SENSITIVITY = 4

/** mu, currency units. */
export const MU = 1 / SENSITIVITY

/**
 * The price at which price - cost = mu / (1 - share), where a startup weighs plans^lambda e^((a - price) / mu) against 1
 * for doing without. By bisection: the left side rises in the price, the right side falls.
 *
 * Source: Anderson, de Palma and Thisse (1992), "Discrete choice theory of product differentiation", chapter 7.
 */
export function symmetricPrice({ n, plans, nest }: EqualStartups): { price: number; share: number } {
  const shareAt = (price: number): number => {
    const weight = plans ** nest * Math.exp(QUALITY - SENSITIVITY * price)
    return weight / (1 + n * weight)
  }
  let [low, high] = [COST, COST + 10]
  for (let i = 0; i < 80; i++) {
    const price = (low + high) / 2
    if (price < COST + MU / (1 - shareAt(price))) low = price
    else high = price
  }
  return { price: low, share: shareAt(low) }
}

/** Prices from which nobody can gain, found by asking the engine for profits, and what it answers there. */
export function enginePrices({
  n,
  plans,
  nest,
}: EqualStartups): Answer & { readonly prices: readonly number[] } {
  const startup = Array.from({ length: plans }, () => ({ quality: QUALITY, cost: COST }))
  const game = new PriceGame(
    productMarket(
      Array.from({ length: n }, () => startup),
      { sensitivity: SENSITIVITY, nest },
    ),
  )
  const prices = bestResponses(
    Array.from({ length: n * plans }, () => COST + MU),
    (trial, j) => game.ask(trial).profits[Math.floor(j / plans)]!,
  )
  return { prices, ...game.ask(prices) }
}
