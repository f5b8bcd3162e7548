/** Owns the strategy "undercut". */
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { max, min, num } from '../../engine/trace/index.ts'
import { costMultiples, rivalMultiples } from './observations.ts'

/**
 * Offers each paid plan a little below the cheapest rival that charged in its segments last month, as the
 * mean customer pays it; above the list price never, unless the floor is: cost plus a margin.
 *
 * Good: when customers compare often and products are alike. Bad: against another undercutter, with whom it
 * goes down to cost step by step, and where the cheapest rival sells something else for much less.
 * Source: Bertrand 1883, Journal des Savants; the price war step by step is Maskin and Tirole 1988, "A theory
 * of dynamic oligopoly II", Econometrica 56(3).
 */
export const undercut: TracedStrategy = {
  name: 'undercut',
  meaning: 'stays below the cheapest rival that charges, above cost',
  // oxfmt-ignore
  settings: {
    by: { default: 0.05, unit: 'share', low: 0, high: 0.9,
      meaning: 'how far below the cheapest rival' },
    margin: { default: 0.1, unit: 'share', low: 0, high: 100,
      meaning: 'least markup on the cost of serving' },
    ceiling: { default: 1, unit: 'factor', low: 0.1, high: 100,
      meaning: 'highest multiple of the list price above the floor' },
  },
  acts: ['priceMultiplier'],
  decide: (situation) => {
    const { setting } = situation
    const costMultiple = costMultiples(situation)
    const rivalMultiple = rivalMultiples(situation)
    return {
      priceMultiplier: (plan) => {
        const below = rivalMultiple(plan).times(num(1).minus(setting('by')))
        const floor = costMultiple(plan).times(setting('margin').plus(1))
        return max(floor, min(below, setting('ceiling')))
      },
    }
  },
}
