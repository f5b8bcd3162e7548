/** Concentration of a market. */
import type { MarketMetric } from './metric.ts'
import { YEAR_MONTHS, added, ratio, total } from './series.ts'

/**
 * Herfindahl-Hirschman index: the sum of squared shares, from 1/n for n equal startups to 1 for one alone. Times 10,000
 * it is in the points of antitrust. `null` where the whole is not above zero.
 *
 * Source: US Department of Justice and Federal Trade Commission, Merger Guidelines (2023), guideline 1.
 *
 * @param sizes revenues, none below zero
 */
export function herfindahl(sizes: ArrayLike<number>): number | null {
  const whole = total(sizes)
  if (!(whole > 0)) return null
  let sum = 0
  for (let index = 0; index < sizes.length; index++) {
    const share = sizes[index]! / whole
    sum += share * share
  }
  return sum
}

/** Size and concentration of markets. */
export const concentrationMetrics: readonly MarketMetric[] = [
  {
    name: 'marketRevenue',
    unit: 'currency/month',
    meaning: 'revenue of all startups',
    formula: 'sum of `revenue` over startups, mean over the last year of the run',
    source: 'potential x penetration x demand per customer',
    needs: ['months.revenue'],
    value: ({ startups, monthCount }) => {
      const all = added(
        startups.map((startup) => startup.of('months.revenue')),
        monthCount,
      ).subarray(-YEAR_MONTHS)
      return ratio(total(all), all.length)
    },
  },
  {
    name: 'penetration',
    unit: 'share',
    meaning: 'customers of all startups over those who could adopt, at the end of the run',
    formula: 'sum of `customers` over sum of `potential` of all segments in the last month',
    source: 'usual definition',
    needs: ['segments.customers', 'segments.potential'],
    value: ({ segments }) => {
      const last = (column: 'segments.customers' | 'segments.potential'): number =>
        total(segments.map((segment) => segment.of(column).at(-1)!))
      return ratio(last('segments.customers'), last('segments.potential'))
    },
  },
  {
    name: 'hhi',
    unit: '1',
    meaning:
      'Herfindahl-Hirschman index of revenue: 1/n for n equal startups, 1 for one alone; above .18 is highly concentrated',
    formula:
      'sum over startups of the square of their share of revenue, of the last year of the run; x 10,000 in points',
    undefinedWhen: 'no startup had revenue',
    source: 'US Department of Justice and Federal Trade Commission, Merger Guidelines (2023), guideline 1',
    needs: ['months.revenue'],
    value: ({ startups }) =>
      herfindahl(startups.map((startup) => total(startup.of('months.revenue').subarray(-YEAR_MONTHS)))),
  },
]
