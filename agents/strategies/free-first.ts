/** Owns the strategy "free-first". */
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { month, where } from '../../engine/trace/index.ts'

/**
 * Serves its free plans in full until some month, then narrows them to a small cap, so that those who need
 * more pay. Paid plans need `opens: <that month>` in the scenario to be charged for no earlier.
 *
 * Good: with network effects and word of mouth, if it charges early: serving free users costs compute every
 * month.
 * Bad: when it charges late, or not at all: narrowing without a paid plan to go to drives customers away.
 * Source: docs/model.md, section 2, "free first, charge later"; Shapiro and Varian 1998, "Information Rules",
 * chapter 6.
 */
export const freeFirst: TracedStrategy = {
  name: 'free-first',
  meaning: 'serves free plans in full until some month, then narrows them',
  // oxfmt-ignore
  settings: {
    months: { default: 12, unit: 'months', low: 0, high: 600,
      meaning: 'month from which free plans are narrow' },
    cap: { default: 60, unit: 'requests a month', low: 1, high: 1e9,
      meaning: 'cap of free plans from then on, before its growth' },
  },
  acts: ['freeCap'],
  decide: ({ setting }) => ({
    freeCap: (plan) => where(month().toNum().isBelow(setting('months')), plan.cap, setting('cap')),
  }),
}
