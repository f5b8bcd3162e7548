/** Revenue metrics: monthly recurring revenue, revenue per user, net revenue retention. */
import { payersOf, PAYER_COLUMNS, plansByPrice } from './customers.ts'
import type { StartupMetric } from './metric.ts'
import {
  YEAR_MONTHS,
  added,
  atStart,
  lastMonths,
  livedMonths,
  ratio,
  total,
  type Series,
  type StartupRecord,
} from './series.ts'

/**
 * Revenue per user (ARPU): revenue of all months over users of all months, in currency a month. `null` without users.
 *
 * @param revenue currency a month, by month
 * @param users billed in the month: those at its end, since who joins in a month pays for it
 */
export function revenuePerUser(revenue: Series, users: Series): number | null {
  return ratio(total(revenue), total(users))
}

/** Recurring revenue by month, and what newcomers brought of it; currency a month. */
export interface RecurringRevenue {
  /** At the start of each month. */
  readonly atStart: Series
  /** At its end, of all customers. */
  readonly atEnd: Series
  /** At its end, of customers who did not pay at its start. */
  readonly fromNew: Series
}

/**
 * Net revenue retention: what a currency unit of recurring revenue becomes without new customers, the months chained
 * up, `product of (atEnd - fromNew) / atStart`. `null` where there was no recurring revenue at the start of a month.
 *
 * Source: the usual definition, (start + expansion - contraction - churn) / start, linked month by month since
 * cohorts are not recorded over a year.
 */
export function netRevenueRetention({ atStart: start, atEnd, fromNew }: RecurringRevenue): number | null {
  if (start.length === 0) return null
  let retained = 1
  for (let month = 0; month < start.length; month++) {
    const kept = ratio(atEnd[month]! - fromNew[month]!, start[month]!)
    if (kept === null) return null
    retained *= kept
  }
  return retained
}

/** Columns that recurring revenue and its retention need. */
const RECURRING_COLUMNS = [...PAYER_COLUMNS, 'plans.recurring', 'plans.usage'] as const

/** Recurring revenue of a startup: prepaid prices a month and usage billed in the month. Licences do not recur. */
function recurringOf(startup: StartupRecord): Record<keyof RecurringRevenue, Float64Array> {
  const { paid, free } = plansByPrice(startup)
  const { monthCount } = startup
  const perPlan = paid.map((plan) => {
    const [recurring, usage] = [plan.of('plans.recurring'), plan.of('plans.usage')]
    const [price, customers] = [plan.of('plans.price'), plan.of('plans.customers')]
    const joined = plan.of('plans.joined')
    const converted = free.length === 0 ? new Float64Array(monthCount) : plan.of('plans.converted')
    const perNew = customers.map((count, month) => {
      // A licence has a price a month and yet no recurring revenue.
      const fee = recurring[month]! > 0 ? price[month]! : 0
      return fee + (ratio(usage[month]!, count) ?? 0)
    })
    return {
      all: added([recurring, usage], monthCount),
      fromNew: perNew.map((each, month) => each * (joined[month]! + converted[month]!)),
    }
  })
  const atEnd = added(
    perPlan.map(({ all }) => all),
    monthCount,
  )
  const fromNew = added(
    perPlan.map((plan) => plan.fromNew),
    monthCount,
  )
  return { atStart: atStart(atEnd), atEnd, fromNew }
}

/** Revenue metrics of startups. */
export const revenueMetrics: readonly StartupMetric[] = [
  {
    name: 'mrr',
    unit: 'currency/month',
    meaning: 'monthly recurring revenue: what customers in their term have agreed to pay a month',
    formula:
      'sum over plans of `recurring` at the end of the last month in business; usage and licences do not count',
    undefinedWhen: 'it never was in business at the end of a month',
    source:
      'usual definition; prepaid terms spread evenly over their months, as revenue is recognised (IFRS 15, ASC 606)',
    needs: ['plans.recurring'],
    value: (startup) => {
      const { business, monthCount, plans } = startup
      if (livedMonths(startup) === 0) return null
      const recurring = added(
        plans.map((plan) => plan.of('plans.recurring')),
        monthCount,
      )
      return recurring[business.to - 1]!
    },
  },
  {
    name: 'arpu',
    unit: 'currency/month',
    meaning: 'revenue per user, free users included',
    formula: 'revenue over users at the end of each month, both summed over the last year in business',
    undefinedWhen: 'it had no users',
    source: 'usual definition (average revenue per user)',
    needs: ['months.revenue', 'months.freeUsers', 'months.paidUsers'],
    value: (startup) => {
      const last = lastMonths(startup, YEAR_MONTHS)
      const users = added(
        [startup.of('months.freeUsers'), startup.of('months.paidUsers')],
        startup.monthCount,
      )
      return revenuePerUser(last(startup.of('months.revenue')), last(users))
    },
  },
  {
    name: 'arppu',
    unit: 'currency/month',
    meaning:
      'revenue of all sources per paying customer: of ads and trade as well, where free users bring them',
    formula:
      'revenue over paying customers at the end of each month, both summed over the last year in business',
    undefinedWhen: 'it had no paying customers',
    source: 'usual definition (average revenue per paying user)',
    needs: ['months.revenue', ...PAYER_COLUMNS],
    value: revenuePerPayer,
  },
  {
    name: 'netRevenueRetention',
    unit: 'share/year',
    meaning: 'recurring revenue after a year from the customers of its start, over what it was then',
    formula:
      'product over the last 12 months in business of (recurring revenue at the end - that of new customers) / recurring ' +
      'revenue at the start; recurring revenue is `recurring` + `usage`, new customers bring the price and the mean usage of their plan',
    undefinedWhen: 'it lived less than 13 months, or had no recurring revenue at the start of one of them',
    source: 'usual definition, (start + expansion - contraction - churn) / start, linked month by month',
    needs: RECURRING_COLUMNS,
    value: (startup) => {
      if (livedMonths(startup) <= YEAR_MONTHS) return null
      const last = lastMonths(startup, YEAR_MONTHS)
      const { atStart: start, atEnd, fromNew } = recurringOf(startup)
      return netRevenueRetention({
        atStart: last(start),
        atEnd: last(atEnd),
        fromNew: last(fromNew),
      })
    },
  },
]

/** Revenue per paying customer over the last year in business: currency a month, `null` without any. */
export function revenuePerPayer(startup: StartupRecord): number | null {
  const last = lastMonths(startup, YEAR_MONTHS)
  return revenuePerUser(last(startup.of('months.revenue')), last(payersOf(startup).atEnd))
}
