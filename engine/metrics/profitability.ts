/** Profitability: gross and operating margin, and the month of break-even. */
import type { StartupMetric } from './metric.ts'
import { YEAR_MONTHS, lastMonths, ratio, total, type Series, type StartupRecord } from './series.ts'

/** A margin: `1 - cost / revenue`, a share of revenue; below 0 where the cost is higher. `null` without revenue. */
export function marginOf(revenue: number, cost: number): number | null {
  return ratio(revenue - cost, revenue)
}

/**
 * Month of break-even: the first month, from 0, from which the profit since the start never again is below zero. Months
 * in the black that are followed by new losses do not count, and neither does a startup that is not in business at
 * the end: `null`.
 *
 * @param profit currency a month, by month
 */
export function breakEvenMonth(profit: Series): number | null {
  let [sum, first] = [0, 0]
  for (let month = 0; month < profit.length; month++) {
    sum += profit[month]!
    if (sum < 0) first = month + 1
  }
  return first < profit.length ? first : null
}

/** Gross margin over the last months in business, a share of revenue; `null` without revenue. */
export function grossMargin(startup: StartupRecord, months: number): number | null {
  const last = lastMonths(startup, months)
  return marginOf(total(last(startup.of('months.revenue'))), total(last(startup.of('months.directCost'))))
}

/** Profitability of startups. */
export const profitabilityMetrics: readonly StartupMetric[] = [
  {
    name: 'grossMargin',
    unit: 'share',
    meaning:
      'what is left of revenue after direct cost: compute, support, labour, fees, third parties and privacy',
    formula: '(revenue - direct cost) over revenue, all summed over the last year in business',
    undefinedWhen: 'it had no revenue',
    source: 'usual definition',
    needs: ['months.revenue', 'months.directCost'],
    value: (startup) => grossMargin(startup, YEAR_MONTHS),
  },
  {
    name: 'operatingMargin',
    unit: 'share',
    meaning: 'what is left of revenue after direct and operating cost, before tax',
    formula:
      '(revenue - direct cost - operating cost) over revenue, all summed over the last year in business',
    undefinedWhen: 'it had no revenue',
    source: 'usual definition',
    needs: ['months.revenue', 'months.directCost', 'months.operatingCost'],
    value: (startup) => {
      const last = lastMonths(startup, YEAR_MONTHS)
      const sum = (name: 'revenue' | 'directCost' | 'operatingCost'): number =>
        total(last(startup.of(`months.${name}`)))
      return marginOf(sum('revenue'), sum('directCost') + sum('operatingCost'))
    },
  },
  {
    name: 'breakEvenMonth',
    unit: 'month',
    meaning: 'first month from which the profit since the start never again is below zero',
    formula:
      'the least m, from 0, with sum of `profit` from its entry to t at least 0 for all t from m to the end',
    undefinedWhen: 'it makes a loss in all, or is out of business at the end',
    source:
      'payback of all losses; a stricter reading of the usual break-even, which may be followed by new losses',
    needs: ['months.profit', 'months.alive'],
    value: (startup) => {
      const { from, to } = startup.business
      if (to < startup.monthCount) return null
      const month = breakEvenMonth(startup.of('months.profit').subarray(from))
      return month === null ? null : from + month
    },
  },
]
