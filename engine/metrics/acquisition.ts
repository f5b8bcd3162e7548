/** Unit economics: what a customer costs to acquire and is worth, and how many free users come to pay. */
import { payerChurn } from './churn.ts'
import { PAYER_COLUMNS, payersOf, plansByPrice } from './customers.ts'
import type { StartupMetric } from './metric.ts'
import { grossMargin, marginOf } from './profitability.ts'
import { revenuePerPayer } from './revenue.ts'
import {
  YEAR_MONTHS,
  added,
  atStart,
  lastMonths,
  ratio,
  total,
  type Recorded,
  type StartupRecord,
} from './series.ts'

/** Cost of acquiring a customer: spending over customers acquired, in currency. `null` where none was acquired. */
export function acquisitionCost(spending: number, acquired: number): number | null {
  return ratio(spending, acquired)
}

/** A customer's economics in a month. */
export interface CustomerEconomics {
  /** Revenue per customer, currency a month. */
  readonly revenue: number | null
  /** Gross margin, a share of revenue. */
  readonly margin: number | null
  /** Customers lost, share a month. */
  readonly churn: number | null
}

/**
 * Lifetime value: `revenue x margin / churn`, in currency and not discounted; a geometric life lasts `1 / churn` months
 * in the mean. Negative where serving costs more than it brings; `null` where nobody leaves, since it has no bound then.
 *
 * Source: Gupta, Lehmann and Stuart (2004), "Valuing customers", Journal of Marketing Research 41, with discount rate 0;
 * Skok, "SaaS metrics 2.0".
 */
export function lifetimeValue({ revenue, margin, churn }: CustomerEconomics): number | null {
  return revenue === null || margin === null || churn === null ? null : ratio(revenue * margin, churn)
}

/** Payback: months until a customer's gross profit has paid for the acquisition; `null` where it never does. */
export function paybackMonths(
  cost: number | null,
  { revenue, margin }: Pick<CustomerEconomics, 'revenue' | 'margin'>,
): number | null {
  return cost === null || revenue === null || margin === null ? null : ratio(cost, revenue * margin)
}

/** Free-to-paid conversion: conversions of all months over free users at their starts, a share a month. */
export function conversionRate({
  converted,
  freeAtStart,
}: {
  converted: ArrayLike<number>
  freeAtStart: ArrayLike<number>
}): number | null {
  return ratio(total(converted), total(freeAtStart))
}

// ------------------------------------------------------------------------------------------- from the tables

const SERVING_COLUMNS = ['plans.compute', 'plans.support', 'plans.labour'] as const
const MARGIN_COLUMNS = ['months.revenue', 'months.directCost'] as const
const VALUE_COLUMNS = [...PAYER_COLUMNS, ...MARGIN_COLUMNS] as const

const lastYear = (startup: StartupRecord): ((series: Float64Array) => number) => {
  const last = lastMonths(startup, YEAR_MONTHS)
  return (series) => total(last(series))
}

/** Marketing per customer acquired. */
function blendedCost(startup: StartupRecord): number | null {
  const sum = lastYear(startup)
  return acquisitionCost(sum(startup.of('months.marketing')), sum(payersOf(startup).acquired))
}

/** Direct costs that win customers: serving free users beside paying ones, and labour on customers who are new. */
function winningCost(startup: StartupRecord): number {
  const { paid, free } = plansByPrice(startup)
  const sum = lastYear(startup)
  const serving = free.flatMap((plan) => SERVING_COLUMNS.map((column) => sum(plan.of(column))))
  return total(serving) + total(paid.map((plan) => sum(labourOnNew(plan, free.length > 0))))
}

/** Labour on customers of a plan in the month in which they take it. */
function labourOnNew(plan: Recorded, hasFree: boolean): Float64Array {
  const [customers, joined] = [plan.of('plans.customers'), plan.of('plans.joined')]
  const converted = hasFree ? plan.of('plans.converted') : undefined
  return plan
    .of('plans.labour')
    .map(
      (labour, month) => ratio(labour * (joined[month]! + (converted?.[month] ?? 0)), customers[month]!) ?? 0,
    )
}

function fullCost(startup: StartupRecord): number | null {
  const sum = lastYear(startup)
  const spending = sum(startup.of('months.marketing')) + winningCost(startup)
  return acquisitionCost(spending, sum(payersOf(startup).acquired))
}

function economicsOf(startup: StartupRecord): CustomerEconomics {
  return {
    revenue: revenuePerPayer(startup),
    margin: grossMargin(startup, YEAR_MONTHS),
    churn: payerChurn(startup),
  }
}

/** The margin without the direct costs that full CAC counts, so that nothing counts twice. */
function marginBesideWinning(startup: StartupRecord): number | null {
  const sum = lastYear(startup)
  return marginOf(
    sum(startup.of('months.revenue')),
    sum(startup.of('months.directCost')) - winningCost(startup),
  )
}

function quotient(value: number | null, cost: number | null): number | null {
  return value === null || cost === null ? null : ratio(value, cost)
}

const NO_ACQUISITION = 'no paying customer was acquired'

/** Unit economics of startups. */
export const acquisitionMetrics: readonly StartupMetric[] = [
  {
    name: 'cac',
    unit: 'currency',
    meaning: 'blended cost of acquiring a paying customer',
    formula: 'marketing over paying customers acquired, both summed over the last year in business',
    undefinedWhen: NO_ACQUISITION,
    source:
      'usual definition (customer acquisition cost, blended: customers who came by themselves count too)',
    needs: ['months.marketing', ...PAYER_COLUMNS],
    value: blendedCost,
  },
  {
    name: 'fullCac',
    unit: 'currency',
    meaning: 'fully loaded cost of acquiring a paying customer: also serving free users, and sales labour',
    formula:
      '(marketing + compute, support and labour of free plans + labour on new paying customers in their first month) over ' +
      'paying customers acquired, all summed over the last year in business',
    undefinedWhen: NO_ACQUISITION,
    source:
      'usual definition (fully loaded CAC); a free tier is counted as what it is, a way of acquiring customers',
    needs: ['months.marketing', ...PAYER_COLUMNS, ...SERVING_COLUMNS],
    value: fullCost,
  },
  {
    name: 'ltv',
    unit: 'currency',
    meaning: 'lifetime value of a paying customer, not discounted',
    formula: '`arppu` x `grossMargin` / `logoChurn`',
    undefinedWhen: 'one of them is, or no customer leaves',
    source:
      'Gupta, Lehmann and Stuart (2004), Journal of Marketing Research 41, with discount rate 0; Skok, SaaS metrics 2.0',
    needs: VALUE_COLUMNS,
    value: (startup) => lifetimeValue(economicsOf(startup)),
  },
  {
    name: 'ltvToCac',
    unit: '1',
    meaning: 'lifetime value over the cost of acquisition; above 3 is the usual rule of thumb',
    formula: '`ltv` / `cac`',
    undefinedWhen: 'one of them is, or acquiring cost nothing',
    source: 'Skok, SaaS metrics 2.0',
    needs: ['months.marketing', ...VALUE_COLUMNS],
    value: (startup) => quotient(lifetimeValue(economicsOf(startup)), blendedCost(startup)),
  },
  {
    name: 'ltvToFullCac',
    unit: '1',
    meaning: 'lifetime value over the fully loaded cost of acquisition',
    formula:
      '`ltv` / `fullCac`, the margin taken without serving free users and without the labour that `fullCac` counts',
    undefinedWhen: 'one of them is, or acquiring cost nothing',
    source: 'as `ltvToCac`; no cost counts on both sides',
    needs: ['months.marketing', ...VALUE_COLUMNS, ...SERVING_COLUMNS],
    value: (startup) => {
      const economics = { ...economicsOf(startup), margin: marginBesideWinning(startup) }
      return quotient(lifetimeValue(economics), fullCost(startup))
    },
  },
  {
    name: 'paybackMonths',
    unit: 'months',
    meaning: 'months until the gross profit from a paying customer has paid for the acquisition',
    formula: '`cac` / (`arppu` x `grossMargin`)',
    undefinedWhen: 'one of them is, or the gross margin is not above 0: it never pays back',
    source: 'usual definition (CAC payback period)',
    needs: ['months.marketing', ...VALUE_COLUMNS],
    value: (startup) => paybackMonths(blendedCost(startup), economicsOf(startup)),
  },
  {
    name: 'freeToPaid',
    unit: 'share/month',
    meaning: 'free users who come to pay in a month',
    formula:
      '`converted` of all paid plans over users of free plans at the start, both summed over the last year in business',
    undefinedWhen:
      'it does not sell a paid plan beside a free one, or had no free users at the start of a month',
    source:
      'usual definition of freemium conversion, as a rate a month; who takes a paid plan at once is no conversion',
    needs: PAYER_COLUMNS,
    value: (startup) => {
      const { free } = plansByPrice(startup)
      const last = lastMonths(startup, YEAR_MONTHS)
      const freeUsers = added(
        free.map((plan) => plan.of('plans.customers')),
        startup.monthCount,
      )
      return conversionRate({
        converted: last(payersOf(startup).converted),
        freeAtStart: last(atStart(freeUsers)),
      })
    },
  },
]
