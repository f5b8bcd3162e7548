/** Owns the strategy "penetrate-then-raise". */
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { max, min, month, where } from '../../engine/trace/index.ts'
import { shareOf } from './observations.ts'

/**
 * Sells each paid plan at an entry price until it has been open for some months, or until enough of its
 * segments' people are customers; then raises it step by step, and never goes back.
 *
 * Good: with network effects, word of mouth and switching costs, which make early customers worth more than
 * they pay. Bad: when cash runs out before the raise, or customers who compare leave with it.
 * Source: Dean 1950, "Pricing policies for new products", Harvard Business Review 28(6); bargains, then
 * rip-offs: Farrell and Klemperer 2007, Handbook of Industrial Organization 3.
 */
export const penetrateThenRaise: TracedStrategy = {
  name: 'penetrate-then-raise',
  meaning: 'cheap until some month or share, then dearer step by step',
  // oxfmt-ignore
  settings: {
    entry: { default: 0.5, unit: 'factor', low: 0, high: 1,
      meaning: 'multiple of the list price at entry' },
    months: { default: 18, unit: 'months', low: 0, high: 600,
      meaning: 'months from its opening to the first raise, at the latest' },
    share: { default: 0.1, unit: 'share', low: 0, high: 1,
      meaning: "share of its segments' people that ends the entry price" },
    step: { default: 0.05, unit: 'share a month', low: 0, high: 1,
      meaning: 'raise of each month' },
    ceiling: { default: 1, unit: 'factor', low: 0, high: 100,
      meaning: 'multiple of the list price at which raises end' },
  },
  acts: ['priceMultiplier'],
  decide: ({ market, setting }) => {
    const entry = max(setting('entry'), market.priceMultiplierLow)
    return {
      priceMultiplier: (plan) => {
        const age = month().toNum().minus(plan.opens)
        const last = where(age.isAtMost(0), entry, plan.multiplier)
        const raises = last
          .isAbove(entry)
          .or(age.isAtLeast(setting('months')))
          .or(shareOf(plan).isAtLeast(setting('share')))
        const raised = min(last.times(setting('step').plus(1)), max(setting('ceiling'), entry))
        return where(age.isBelow(0).or(raises.not()), entry, raised)
      },
    }
  },
}
