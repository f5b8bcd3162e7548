/**
 * Owns an independent solver of price equilibria in logit and nested logit markets: what the engine's static
 * limit cases are checked against. It shares no code with the engine.
 */

/**
 * A market of differentiated products with logit or nested logit demand and an outside good of its own nest.
 *
 * Utility of product j net of its taste shock is `quality[j] - priceSensitivity * price[j]`. All arrays have one
 * entry per product, except `dissimilarity`.
 */
export interface LogitMarket {
  readonly quality: readonly number[]
  /** Utils per currency unit, above 0. */
  readonly priceSensitivity: number
  /** Marginal cost, currency units. */
  readonly cost: readonly number[]
  /** Utility of the outside good; 0 where absent. */
  readonly outside?: number
  /** The nest of each product, from 0; every product is a nest of its own where absent, which is plain logit. */
  readonly nest?: readonly number[]
  /** Per nest, lambda = 1 - sigma in (0, 1]; 1 where absent. */
  readonly dissimilarity?: readonly number[]
  /** The startup that sets each product's price; every product has its own where absent. */
  readonly owner?: readonly number[]
}

/** Prices that satisfy everyone's first-order condition, with what follows from them per chooser. */
export interface PriceEquilibrium {
  readonly prices: number[]
  readonly shares: number[]
  readonly outsideShare: number
  /** Per product: (price - cost) * share, currency units per chooser. */
  readonly profits: number[]
  /** ln of the inclusive value over that of the outside good alone, divided by priceSensitivity. */
  readonly consumerSurplus: number
  /** Rounds of best responses until no price moved. */
  readonly rounds: number
}

interface Demand {
  readonly shares: number[]
  readonly withinNest: number[]
  readonly outsideShare: number
  /** ln(exp(outside) + sum of nest weights) - outside. */
  readonly inclusiveValue: number
}

const MAXIMUM_ROUNDS = 10_000

/**
 * Shares at given prices: s_j|g = exp(d_j / lambda_g) / sum in g, s_g = (sum)^lambda_g / (exp(outside) + all such).
 *
 * Source: McFadden (1978), Modelling the choice of residential location; in the form of Berry (1994).
 */
export function logitShares(market: LogitMarket, prices: readonly number[]): Demand {
  const nest = nestsOf(market)
  const outside = market.outside ?? 0
  const utility = prices.map((price, j) => market.quality[j]! - market.priceSensitivity * price)
  const withinNest = utility.map(() => 0)
  const nestValue = new Map<number, number>()
  for (const g of new Set(nest)) {
    const lambda = market.dissimilarity?.[g] ?? 1
    const members = utility.flatMap((_, j) => (nest[j] === g ? [j] : []))
    // Measured from the best of the nest, so that no exponential overflows and the sum is at least 1.
    const best = Math.max(...members.map((j) => utility[j]!))
    const sizes = members.map((j) => Math.exp((utility[j]! - best) / lambda))
    const sum = sizes.reduce((total, size) => total + size, 0)
    members.forEach((j, i) => (withinNest[j] = sizes[i]! / sum))
    nestValue.set(g, best + lambda * Math.log(sum))
  }
  const top = Math.max(outside, ...nestValue.values())
  let everything = Math.exp(outside - top)
  for (const value of nestValue.values()) everything += Math.exp(value - top)
  return {
    withinNest,
    shares: withinNest.map((share, j) => (share * Math.exp(nestValue.get(nest[j]!)! - top)) / everything),
    outsideShare: Math.exp(outside - top) / everything,
    inclusiveValue: Math.log(everything) + top - outside,
  }
}

/**
 * The Bertrand-Nash equilibrium by best responses in turn: each price in its order solves its owner's
 * first-order condition given all others, until no price moves by more than 1e-15 of itself.
 *
 * @throws Error when prices still move after 10,000 rounds.
 */
export function nashPrices(market: LogitMarket): PriceEquilibrium {
  const owner = market.owner ?? market.cost.map((_, j) => j)
  const prices = market.cost.map((cost) => cost + 1 / market.priceSensitivity)
  for (let round = 1; round <= MAXIMUM_ROUNDS; round++) {
    let moved = 0
    for (let j = 0; j < prices.length; j++) {
      const answer = bestPrice(market, owner, prices, j)
      moved = Math.max(
        moved,
        Math.abs(answer - prices[j]!) / Math.max(Math.abs(answer), 1 / market.priceSensitivity),
      )
      prices[j] = answer
    }
    if (moved < 1e-15) return equilibriumAt(market, prices, round)
  }
  throw new Error(`best responses did not settle within ${MAXIMUM_ROUNDS} rounds: ${prices.join(', ')}`)
}

/**
 * The prices that maximise the sum of all profits: one markup m = 1 / (priceSensitivity * s_0) on every product.
 *
 * The rule holds for logit and nested logit alike, because there the outside share falls with price j by
 * priceSensitivity * s_0 * s_j, so all first-order conditions are the same one. s_0 falls as m falls, so the
 * markup is found by bisection.
 */
export function jointPrices(market: LogitMarket): PriceEquilibrium {
  const at = (markup: number) => market.cost.map((cost) => cost + markup)
  const excess = (markup: number) =>
    markup - 1 / (market.priceSensitivity * logitShares(market, at(markup)).outsideShare)
  let high = 1 / market.priceSensitivity
  while (excess(high) < 0) high *= 2
  return equilibriumAt(market, at(bisect(excess, 0, high)), 1)
}

/** The derivative of share k to price j, `slopes[k][j]`, per currency unit. */
export function shareSlopes(market: LogitMarket, prices: readonly number[]): number[][] {
  const nest = nestsOf(market)
  const { shares, withinNest } = logitShares(market, prices)
  return shares.map((share, k) =>
    shares.map((other, j) => {
      const lambda = market.dissimilarity?.[nest[j]!] ?? 1
      const own = k === j ? 1 / lambda : 0
      const nearby = nest[k] === nest[j] ? (1 - 1 / lambda) * withinNest[j]! : 0
      return -market.priceSensitivity * share * (own + nearby - other)
    }),
  )
}

/** The price of product j that maximises its owner's profit, the other prices given. */
function bestPrice(
  market: LogitMarket,
  owner: readonly number[],
  prices: readonly number[],
  j: number,
): number {
  // Divided by the share, so that the condition keeps its sign where the share is tiny.
  const condition = (price: number) => {
    const trial = prices.map((other, k) => (k === j ? price : other))
    const slopes = shareSlopes(market, trial)
    let sum = logitShares(market, trial).shares[j]!
    trial.forEach((other, k) => {
      if (owner[k] === owner[j]) sum += (other - market.cost[k]!) * slopes[k]![j]!
    })
    return -sum / logitShares(market, trial).shares[j]!
  }
  // Selling at a loss can pay only to feed a sister product, never below what the sister earns.
  const sisters = prices.map((price, k) => (owner[k] === owner[j] ? Math.abs(price - market.cost[k]!) : 0))
  const low = market.cost[j]! - Math.max(...sisters)
  let step = 1 / market.priceSensitivity
  while (condition(low + step) < 0) step *= 2
  return bisect(condition, low, low + step)
}

/** The zero of a function that is negative at `low` and not at `high`, to the last bit. */
function bisect(excess: (x: number) => number, low: number, high: number): number {
  for (;;) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) return high
    if (excess(middle) < 0) low = middle
    else high = middle
  }
}

function equilibriumAt(market: LogitMarket, prices: number[], rounds: number): PriceEquilibrium {
  const { shares, outsideShare, inclusiveValue } = logitShares(market, prices)
  return {
    prices,
    shares,
    outsideShare,
    profits: shares.map((share, j) => (prices[j]! - market.cost[j]!) * share),
    consumerSurplus: inclusiveValue / market.priceSensitivity,
    rounds,
  }
}

function nestsOf(market: LogitMarket): readonly number[] {
  return market.nest ?? market.cost.map((_, j) => j)
}
