/**
 * Who pays: customers on plans with a price. A startup without such a plan lives on advertisers or trade, so all its
 * users count; otherwise an ad-funded product would have nobody to acquire, to keep or to lose.
 */
import { added, atStart, type ColumnName, type Recorded, type StartupRecord } from './series.ts'

/** Columns that say who pays. */
export const PAYER_COLUMNS = [
  'plans.price',
  'plans.usagePrice',
  'plans.customers',
  'plans.joined',
  'plans.converted',
] as const satisfies readonly ColumnName[]

/** Plans of a startup by whether they cost anything. */
export interface PlansByPrice {
  /** Plans whose customers pay; all plans where none has a price. */
  readonly paid: readonly Recorded[]
  /** Free plans beside paid ones. */
  readonly free: readonly Recorded[]
}

/** Tells free plans, whose price and usage price are 0 in every month, from paid ones. */
export function plansByPrice({ plans }: StartupRecord): PlansByPrice {
  const isFree = (plan: Recorded): boolean =>
    plan.of('plans.price').every((price) => price === 0) &&
    plan.of('plans.usagePrice').every((price) => price === 0)
  const paid = plans.filter((plan) => !isFree(plan))
  return paid.length === 0 ? { paid: plans, free: [] } : { paid, free: plans.filter(isFree) }
}

/** Paying customers by month. */
export interface Payers {
  readonly atStart: Float64Array
  readonly atEnd: Float64Array
  /** Newcomers who took a paid plan, and users of the startup's free plans who moved to one. */
  readonly acquired: Float64Array
  /** Those of them who came from its free plans. */
  readonly converted: Float64Array
  /** Who left the startup or went back to a free plan; in the month of failure, everybody. */
  readonly lost: Float64Array
}

/** How the paying customers of a startup came and went. */
export function payersOf(startup: StartupRecord): Payers {
  const { paid, free } = plansByPrice(startup)
  const sum = (column: ColumnName): Float64Array =>
    added(
      paid.map((plan) => plan.of(column)),
      startup.monthCount,
    )
  const atEnd = sum('plans.customers')
  const joined = sum('plans.joined')
  const converted = free.length === 0 ? new Float64Array(startup.monthCount) : sum('plans.converted')
  const acquired = added([joined, converted], startup.monthCount)
  return { atStart: atStart(atEnd), atEnd, acquired, converted, lost: lostCustomers(acquired, atEnd) }
}

/**
 * Customers lost in each month: at the start, plus acquired, less those at the end.
 *
 * @param acquired customers who came in each month
 * @param atEnd customers at the end of each month; before month 0 there were none
 */
export function lostCustomers(acquired: ArrayLike<number>, atEnd: ArrayLike<number>): Float64Array {
  const before = atStart(atEnd)
  // Conversions are fractions, so a balance may miss zero by a rounding.
  return before.map((customers, month) => Math.max(customers + acquired[month]! - atEnd[month]!, 0))
}
