/** Owns the strategy "hold". */
import type { TracedStrategy } from '../../engine/market/decisions.ts'

/**
 * Never changes prices or budgets: list prices as the scenario has them, R&D and marketing as in month 0
 * whatever the profit or the runway.
 *
 * Good: as a yardstick for the others, and where rivals do the same: firms reprice about once a year.
 * Bad: when cash runs short, and when profit could buy quality or reach.
 * Source: Blinder, Canetti, Lebow and Rudd 1998, "Asking About Prices".
 */
export const hold: TracedStrategy = {
  name: 'hold',
  meaning: 'never changes prices or budgets',
  settings: {},
  acts: ['rd', 'marketing'],
  decide: ({ startup }) => ({ rd: startup.rd, marketing: startup.marketing }),
}
