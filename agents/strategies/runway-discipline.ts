/** Owns the strategy "runway-discipline". */
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { clamp, max } from '../../engine/trace/index.ts'
import { revenueBefore } from './observations.ts'

/**
 * Spends on R&D and marketing what leaves a runway of so many months: cash over that many months plus last
 * month's gross profit, less what is due anyway. Both budgets are the same multiple of what the scenario
 * plans, so it cuts when cash is short and spends more when flush.
 *
 * Good: when capital is hard to get, and when more cash than is needed lies idle. Bad: when growth would have
 * won a funding round that thrift does not.
 * Source: Graham 2015, "Default Alive or Default Dead?"; the runway is that of docs/model.md, section 7.6.
 */
export const runwayDiscipline: TracedStrategy = {
  name: 'runway-discipline',
  meaning: 'spends on R&D and marketing what leaves a runway of some months',
  // oxfmt-ignore
  settings: {
    months: { default: 8, unit: 'months', low: 1, high: 120,
      meaning: 'runway to keep' },
    least: { default: 0.25, unit: 'factor', low: 0, high: 1,
      meaning: 'least multiple of the planned budgets' },
    most: { default: 1.5, unit: 'factor', low: 1, high: 100,
      meaning: 'highest multiple of the planned budgets' },
  },
  acts: ['rd', 'marketing'],
  decide: (situation) => {
    const { market, startup, amount, setting } = situation
    const profit = max(startup.grossProfit, 0)
    const rd = startup.rd.plus(startup.rdShare.times(profit))
    const marketing = startup.marketing.plus(startup.marketingShare.times(profit))
    const due = startup.fixed
      .plus(startup.targetedCost)
      .plus(market.overheadShare.times(revenueBefore(situation)))
    const affordable = amount(startup.cash).over(setting('months')).plus(startup.grossProfit).minus(due)
    const factor = clamp(affordable.over(max(rd.plus(marketing), 1)), {
      low: setting('least'),
      high: setting('most'),
    })
    return { rd: rd.times(factor), marketing: marketing.times(factor) }
  },
}
