/** Who gains from a market: consumers, producers, third parties; and how satisfied customers are. */
import type { MarketMetric, StartupMetric } from './metric.ts'
import { YEAR_MONTHS, added, lastMonths, ratio, total, type Series, type StartupRecord } from './series.ts'

/** Producer surplus: revenue less the costs that vary with it; profit before what is spent whatever is sold. */
export function producerSurplus(revenue: Series, variableCosts: readonly Series[]): number {
  return total(revenue) - total(variableCosts.map(total))
}

/**
 * Income of third parties: what the startup pays them, and what sellers keep of the trade it brings them.
 *
 * @param flows by month: `paid` out of revenue, `trade` before the take rate, `take` kept by the startup; currency a month
 */
export function thirdPartyIncome({ paid, trade, take }: Record<'paid' | 'trade' | 'take', Series>): number {
  return total(paid) + total(trade) - total(take)
}

/**
 * Mean of a value per user over the users of all months. `null` without users.
 *
 * @param values of the mean user, by month; whatever stands in months without users does not count
 */
export function meanOverUsers(values: Series, users: Series): number | null {
  let sum = 0
  for (let month = 0; month < values.length; month++) {
    if (users[month]! > 0) sum += values[month]! * users[month]!
  }
  return ratio(sum, total(users))
}

const THIRD_PARTY_COLUMNS = ['months.thirdParties', 'months.trade', 'months.take'] as const

function incomeFrom(startup: StartupRecord): number {
  return thirdPartyIncome({
    paid: startup.of('months.thirdParties'),
    trade: startup.of('months.trade'),
    take: startup.of('months.take'),
  })
}

/** What startups do for others than their owners. */
export const benefitMetrics: readonly StartupMetric[] = [
  {
    name: 'thirdPartyIncome',
    unit: 'currency',
    meaning:
      "third parties' income: what the startup pays them out of revenue, and what sellers keep of the trade",
    formula: 'sum over all months of `thirdParties` + `trade` - `take`',
    source: 'definition; income, not profit: what third parties spend is not modelled',
    needs: THIRD_PARTY_COLUMNS,
    value: incomeFrom,
  },
  {
    name: 'satisfaction',
    unit: 'utils',
    meaning:
      'systematic utility of the plan held less u0; negative is normal, since the taste of those who chose it is left out',
    formula: 'mean of u - u0 over customers at the end of each month of the last year in business',
    undefinedWhen: 'it had no customers',
    source: 'definition of the model (docs/model.md); utils of the segments are not money',
    needs: ['months.satisfaction', 'months.freeUsers', 'months.paidUsers'],
    value: (startup) => {
      const last = lastMonths(startup, YEAR_MONTHS)
      const users = added(
        [startup.of('months.freeUsers'), startup.of('months.paidUsers')],
        startup.monthCount,
      )
      return meanOverUsers(last(startup.of('months.satisfaction')), last(users))
    },
  },
]

/** Who gains from markets. */
export const welfareMetrics: readonly MarketMetric[] = [
  {
    name: 'consumerSurplus',
    unit: 'currency/month',
    meaning:
      'consumer surplus per shopper and month of use: what the offers known are worth beyond doing without',
    formula:
      'mean of ln(D / U0) / alpha over all who shop in the last year of the run, awareness included in D (docs/model.md); ' +
      'sum of `surplus` over sum of `shoppers`',
    undefinedWhen: 'nobody shopped',
    source:
      'Small and Rosen (1981), "Applied welfare economics with discrete choice models", Econometrica 49(1)',
    needs: ['segments.surplus', 'segments.shoppers'],
    value: ({ segments }) => {
      const sum = (column: 'segments.surplus' | 'segments.shoppers'): number =>
        total(segments.map((segment) => total(segment.of(column).subarray(-YEAR_MONTHS))))
      return ratio(sum('segments.surplus'), sum('segments.shoppers'))
    },
  },
  {
    name: 'producerSurplus',
    unit: 'currency',
    meaning: 'producer surplus: revenue of all startups less the costs that vary with it',
    formula: 'sum over startups and all months of `revenue` - `directCost` - `overhead`',
    source:
      'usual definition (revenue less variable cost); research, marketing, fixed and segment costs do not vary',
    needs: ['months.revenue', 'months.directCost', 'months.overhead'],
    value: ({ startups }) =>
      total(
        startups.map((startup) =>
          producerSurplus(startup.of('months.revenue'), [
            startup.of('months.directCost'),
            startup.of('months.overhead'),
          ]),
        ),
      ),
  },
  {
    name: 'thirdPartyIncome',
    unit: 'currency',
    meaning: "third parties' income from all startups",
    formula: 'sum of `thirdPartyIncome` over startups',
    source: 'definition; income, not profit',
    needs: THIRD_PARTY_COLUMNS,
    value: ({ startups }) => total(startups.map(incomeFrom)),
  },
]
