/** Owns the strategy "free-first". */
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { maximum, month, where, whereBool } from '../../engine/trace/index.ts'
import { plansOf } from '../../engine/market/model.ts'

/**
 * Serves its free plans in full and charges nobody until some month; then opens its paid plans and narrows the
 * free ones, in requests and in quality, so that those who want more pay. A startup without a free plan charges
 * from the start.
 *
 * Good: with network effects and word of mouth, if it charges early: serving free users costs compute every
 * month.
 * Bad: when it charges late, or not at all: narrowing without a paid plan to go to drives customers away.
 * Source: docs/model.md, section 2, "free first, charge later"; Shapiro and Varian 1998, "Information Rules",
 * chapter 6.
 */
export const freeFirst: TracedStrategy = {
  name: 'free-first',
  meaning: 'free in full until some month, then opens its paid plans and narrows the free ones',
  // oxfmt-ignore
  settings: {
    months: { default: 12, unit: 'months', low: 0, high: 600,
      meaning: 'month from which it charges' },
    cap: { default: 60, unit: 'requests a month', low: 1, high: 1e9,
      meaning: 'cap of free plans from then on, before its growth' },
    quality: { default: 0.75, unit: 'share', low: 0, high: 1,
      meaning: 'quality share of free plans from then on' },
  },
  acts: ['open', 'freeCap', 'freeQuality'],
  decide: ({ startup, usual, setting }) => {
    const isLate = month().toNum().isAtLeast(setting('months'))
    const hasFree = maximum(plansOf(startup), 0, (plan) => plan.isFree.toNum()).isAbove(0)
    const charges = isLate.or(hasFree.not())
    return {
      open: (plan) => usual.isOpen(plan).and(whereBool(plan.isFree, true, charges)),
      freeCap: (plan) => where(isLate, setting('cap'), plan.cap),
      freeQuality: (plan) => where(isLate, setting('quality'), plan.qualityShare),
    }
  },
}
