/** What metrics are computed from: plain numbers by month, of one startup or one market in one replication. */

/** One number per month, from month 0. */
export type Series = ArrayLike<number>

/** Tables with rows for every month. */
export type MonthlyTable = 'months' | 'plans' | 'segments'

/** A column with a value for every month: `months.revenue`, `plans.price`. */
export type ColumnName = `${MonthlyTable}.${string}`

/** A column with a value at the end of the run: `startups.founderStake`. */
export type EndColumnName = `startups.${string}`

/** Something with a number per month for each column. */
export interface Recorded {
  /** Id, of plans with that of their startup before it. */
  readonly id: string
  /** The column by month; 0 in months in which it has no value. */
  of(column: ColumnName): Float64Array
}

/** A startup in one replication. */
export interface StartupRecord extends Recorded {
  readonly plans: readonly Recorded[]
  /** The column of `startups`, which has one row a replication; `null` where it has no value. */
  atEnd(column: EndColumnName): number | null
  /** Months simulated. */
  readonly monthCount: number
  /** Months at whose end it was in business, from its entry to before its failure; none where both are equal. */
  readonly business: { readonly from: number; readonly to: number }
}

/** The market in one replication. */
export interface MarketRecord {
  readonly startups: readonly StartupRecord[]
  readonly segments: readonly Recorded[]
  readonly monthCount: number
}

/** Months over which rates are taken, so that a year's prepaid terms even out. */
export const YEAR_MONTHS = 12
/** Months over which burn is averaged. */
export const QUARTER_MONTHS = 3

/** The sum over all months. */
export function total(series: Series): number {
  let sum = 0
  for (let month = 0; month < series.length; month++) sum += series[month]!
  return sum
}

/** A quotient, `null` where the denominator is not above zero, or so small that the quotient is not finite. */
export function ratio(numerator: number, denominator: number): number | null {
  const quotient = denominator > 0 ? numerator / denominator : Infinity
  return Number.isFinite(quotient) ? quotient : null
}

/** The sums by month of several series of the same length. */
export function added(all: readonly Series[], monthCount: number): Float64Array {
  const sums = new Float64Array(monthCount)
  for (const series of all) for (let month = 0; month < monthCount; month++) sums[month]! += series[month]!
  return sums
}

/** Values at the start of each month: those at the end of the month before, and nothing before month 0. */
export function atStart(series: Series): Float64Array {
  const before = new Float64Array(series.length)
  for (let month = 1; month < series.length; month++) before[month] = series[month - 1]!
  return before
}

/** How many months a startup was in business. */
export function livedMonths({ business: { from, to } }: StartupRecord): number {
  return to - from
}

/** The last `count` months in business, fewer where it lived less long. The month in which it fails is none. */
export function lastMonths(
  { business: { from, to } }: StartupRecord,
  count: number,
): (series: Float64Array) => Float64Array {
  return (series) => series.subarray(Math.max(to - count, from), to)
}
