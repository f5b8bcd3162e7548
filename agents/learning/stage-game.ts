/**
 * Owns the game that learners repeat: a grid of prices for each startup, everybody's profit at every combination of
 * them, and the prices with which collusion is measured. Plain data, since it crosses threads.
 */
import { RivalryError } from '../../engine/errors.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { type PricePoint, jointPoint, nashPoint } from './equilibrium.ts'
import { StaticMarket } from './static-market.ts'

/** Most combinations of prices that are tabulated: 15 prices of five startups, or 1000 of two. */
const MOST_COMBINATIONS = 1_000_000
/** Most prices of a grid: an action is a byte. */
const MOST_PRICES = 255

/** One period of the repeated game. */
export interface StageGame {
  /** Ids, in the order of everything below. */
  readonly startups: readonly string[]
  /** How many prices each startup chooses among. */
  readonly priceCount: number
  /** Ascending, currency a month: `prices[startup][action]`. */
  readonly prices: readonly (readonly number[])[]
  /**
   * Currency a month: `profits[combination * startups + startup]`, where a combination is the sum over startups of
   * action * priceCount^startup.
   */
  readonly profits: Float64Array
  /** Bertrand-Nash prices. */
  readonly nash: PricePoint
  /** Prices of highest joint profit. */
  readonly joint: PricePoint
}

/** How prices are made into a grid. */
export interface StageGameOptions {
  /** Prices of each startup; 15 by default. */
  readonly priceCount?: number
  /** How far the grid reaches beyond the Nash and the joint-profit price, as a share of their distance; .1 by default. */
  readonly extension?: number
}

/**
 * Tabulates a market: prices are equally spaced from a little below a startup's Nash price to a little above its
 * joint-profit price, and profits are what the compiled market pays.
 *
 * Source: Calvano, Calzolari, Denicolò and Pastorello (2020), American Economic Review 110(10).
 *
 * @throws RivalryError `out-of-range` for a grid that is too small or too large, and as `StaticMarket` and
 *   `nashPoint` do.
 */
export function stageGame(
  definition: MarketDefinition,
  { priceCount = 15, extension = 0.1 }: StageGameOptions = {},
): StageGame {
  const count = definition.startups.length
  let combinations = 1
  for (let i = 0; i < count; i++) combinations *= priceCount
  checkRange('the number of startups', count, { isFine: count >= 2, hint: 'a game needs two or more' })
  checkRange('priceCount', priceCount, {
    isFine: Number.isInteger(priceCount) && priceCount >= 2 && priceCount <= MOST_PRICES,
    hint: `it must be a whole number from 2 to ${MOST_PRICES}`,
  })
  checkRange('extension', extension, {
    isFine: extension >= 0 && Number.isFinite(extension),
    hint: 'it must be 0 or more',
  })
  if (combinations > MOST_COMBINATIONS) {
    throw new RivalryError(`${priceCount} prices of ${count} startups make ${combinations} combinations`, {
      code: 'out-of-range',
      hint: `at most ${MOST_COMBINATIONS} are tabulated: use fewer prices or startups`,
    })
  }
  const market = new StaticMarket(definition)
  const nash = nashPoint(market)
  const joint = jointPoint(market)
  const prices = nash.prices.map((low, i) => {
    const distance = joint.prices[i]! - low
    const first = low - extension * distance
    const spacing = ((1 + 2 * extension) * distance) / (priceCount - 1)
    return Array.from({ length: priceCount }, (_, action) => first + action * spacing)
  })
  return {
    startups: market.startups,
    priceCount,
    prices,
    profits: tabulated(market, prices, combinations),
    nash,
    joint,
  }
}

/** The market with `count` startups that are all like its first. */
export function withEqualStartups(market: MarketDefinition, count: number): MarketDefinition {
  const [first] = market.startups
  checkRange('count', count, {
    isFine: Number.isInteger(count) && count >= 2,
    hint: 'it must be a whole number from 2',
  })
  const startups = Array.from({ length: count }, (_, i) => ({
    ...first!,
    id: `startup-${i + 1}`,
    name: `Startup ${i + 1}`,
  }))
  return { ...market, startups }
}

/**
 * Collusion on a scale from 0, Bertrand-Nash, to 1, highest joint profit: the mean profit of the startups above that of
 * the Nash prices, as a share of what the joint-profit prices would add. Calvano et al. (2020).
 */
export function profitGain({ nash, joint }: StageGame, profits: readonly number[]): number {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return (sum(profits) - sum(nash.profits)) / (sum(joint.profits) - sum(nash.profits))
}

function tabulated(
  market: StaticMarket,
  grid: readonly (readonly number[])[],
  combinations: number,
): Float64Array {
  const count = grid.length
  const asked = new Float64Array(combinations * count)
  for (let combination = 0; combination < combinations; combination++) {
    let rest = combination
    grid.forEach((prices, i) => {
      asked[combination * count + i] = prices[rest % prices.length]!
      rest = Math.floor(rest / prices.length)
    })
  }
  return market.profitsAt(asked)
}

/** @throws RivalryError `out-of-range` naming the value, unless it is fine. */
export function checkRange(
  name: string,
  value: number,
  { isFine, hint }: { isFine: boolean; hint: string },
): void {
  if (isFine) return
  throw new RivalryError(`${name} is ${value}`, { code: 'out-of-range', hint })
}
