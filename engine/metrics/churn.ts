/** Churn: customers and recurring revenue that are lost in a month, as shares of those at its start. */
import { PAYER_COLUMNS, lostCustomers, payersOf, plansByPrice } from './customers.ts'
import type { StartupMetric } from './metric.ts'
import {
  YEAR_MONTHS,
  added,
  atStart,
  lastMonths,
  ratio,
  total,
  type Series,
  type StartupRecord,
} from './series.ts'

/**
 * Churn of customers, "logo" churn: all lost over all at the starts of the months, a share a month. That is the mean of
 * the months weighted by their customers. `null` where nobody was there to be lost.
 */
export function customerChurn({ atStart, lost }: { atStart: Series; lost: Series }): number | null {
  return ratio(total(lost), total(atStart))
}

/** A plan in the eyes of revenue churn, by month. */
export interface PlanRevenue {
  /** Customers at the start of each month. */
  readonly customers: Series
  /** Of these, who left or went to a free plan. */
  readonly lost: Series
  /** Recurring revenue at the start of each month, currency a month. */
  readonly revenue: Series
}

/**
 * Gross churn of revenue: recurring revenue of the customers lost over all of it at the starts of the months, a share a
 * month. A lost customer takes along the mean revenue of the plan held. `null` without recurring revenue.
 */
export function revenueChurn(plans: readonly PlanRevenue[]): number | null {
  let [gone, all] = [0, 0]
  for (const { customers, lost, revenue } of plans) {
    for (let month = 0; month < revenue.length; month++) {
      all += revenue[month]!
      gone += lost[month]! * (ratio(revenue[month]!, customers[month]!) ?? 0)
    }
  }
  return ratio(gone, all)
}

/** Churn of paying customers over the last year in business: a share a month. */
export function payerChurn(startup: StartupRecord): number | null {
  const last = lastMonths(startup, YEAR_MONTHS)
  const payers = payersOf(startup)
  return customerChurn({ atStart: last(payers.atStart), lost: last(payers.lost) })
}

/** Churn of startups' customers and revenue. */
export const churnMetrics: readonly StartupMetric[] = [
  {
    name: 'userChurn',
    unit: 'share/month',
    meaning: 'users who leave the startup in a month, free users included',
    formula:
      '(users at the start + joined - users at the end) over users at the start, both summed over the last year in business',
    undefinedWhen: 'it had no users at the start of a month',
    source: 'usual definition of customer churn',
    needs: ['plans.customers', 'plans.joined'],
    value: (startup) => {
      const last = lastMonths(startup, YEAR_MONTHS)
      const sum = (column: 'plans.customers' | 'plans.joined'): Float64Array =>
        added(
          startup.plans.map((plan) => plan.of(column)),
          startup.monthCount,
        )
      const atEnd = sum('plans.customers')
      const lost = lostCustomers(sum('plans.joined'), atEnd)
      return customerChurn({ atStart: last(atStart(atEnd)), lost: last(lost) })
    },
  },
  {
    name: 'logoChurn',
    unit: 'share/month',
    meaning: 'paying customers who leave the startup, or go back to a free plan, in a month',
    formula:
      '(paying customers at the start + acquired - at the end) over those at the start, both summed over the last year in ' +
      'business; acquired are newcomers on paid plans and those who came from free ones',
    undefinedWhen: 'it had no paying customers at the start of a month',
    source: 'usual definition of customer ("logo") churn',
    needs: PAYER_COLUMNS,
    value: payerChurn,
  },
  {
    name: 'revenueChurn',
    unit: 'share/month',
    meaning: 'recurring revenue lost in a month with the customers who leave or go back to a free plan',
    formula:
      'sum over paid plans of (`left` + `downgraded`) x recurring revenue per customer at the start, over recurring revenue ' +
      'at the start, both summed over the last year in business; recurring revenue is `recurring` + `usage`',
    undefinedWhen: 'it had no recurring revenue at the start of a month',
    source: 'usual definition of gross revenue churn, without contraction by those who stay',
    needs: [
      'plans.price',
      'plans.usagePrice',
      'plans.customers',
      'plans.left',
      'plans.downgraded',
      'plans.recurring',
      'plans.usage',
    ],
    value: (startup) => {
      const last = lastMonths(startup, YEAR_MONTHS)
      const { monthCount } = startup
      return revenueChurn(
        plansByPrice(startup).paid.map((plan) => ({
          customers: last(atStart(plan.of('plans.customers'))),
          lost: last(added([plan.of('plans.left'), plan.of('plans.downgraded')], monthCount)),
          revenue: last(atStart(added([plan.of('plans.recurring'), plan.of('plans.usage')], monthCount))),
        })),
      )
    },
  },
]
