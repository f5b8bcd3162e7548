/** Owns step 3.1 of the naive month: climate, taste, compute price, usage and potential. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { type Draws, type MarketMonth, type NaiveState, sum } from './state.ts'

/** Moves climate and taste, and says what the month is like for everyone. Entries and shocks are not in it. */
export function events(
  definition: MarketDefinition,
  state: NaiveState,
  draws: Draws,
  month: number,
): MarketMonth {
  const { parameters: p, segments, types } = definition
  const years = month / 12
  // The climate switches at the start of every month, month 0 included (3.8).
  state.boom = state.boom ? draws.climate(month) >= p.boomToWinter : draws.climate(month) < p.winterToBoom
  state.taste = state.taste.map((row, f) =>
    row.map((taste, s) => {
      const shock = p.tasteSd * draws.taste(month, f, s)
      // Month 0 draws from the stationary law.
      return month === 0 ? shock : p.tastePersistence * taste + Math.sqrt(1 - p.tastePersistence ** 2) * shock
    }),
  )
  const fall = p.computeFallPerYear ** -years
  return {
    month,
    years,
    fall,
    computePrice: p.computePrice * fall,
    usageGrowth: segments.map((segment) => segment.usageGrowth ** years),
    usage: segments.map((segment) => {
      const spread = types.nodes.map((z) => Math.exp(segment.tau * z))
      const mean = sum(spread.map((value, h) => value * types.weights[h]!))
      return spread.map((value) => (segment.usage * segment.usageGrowth ** years * value) / mean)
    }),
    potential: segments.map((segment) => segment.potential * (1 + segment.growth) ** years),
  }
}
