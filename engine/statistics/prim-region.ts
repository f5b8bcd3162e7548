/** Regions of the search for boxes: what each column may be, who is inside, and who is kept out by one column only. */
import { type CheckedColumn } from './prim-columns.ts'
import { isRestricted, type PrimLimit } from './prim-box.ts'
import { binomialTail } from './prim-quantile.ts'

/** What a region allows in one column: a range of numbers with both ends, or which categories, by their places. */
export type Allowed =
  | { readonly lower: number; readonly upper: number; readonly keeps?: never }
  | { readonly keeps: readonly boolean[]; readonly lower?: never; readonly upper?: never }

/** What a region allows, column by column. */
export type Region = readonly Allowed[]

/** The region of all data. */
export function wholeRegion(columns: readonly CheckedColumn[]): Region {
  return columns.map((column) =>
    column.kind === 'category'
      ? { keeps: column.categories.map(() => true) }
      : { lower: column.minimum, upper: column.maximum },
  )
}

/** Whether a column with this allowance is restricted. */
export function restricts(column: CheckedColumn, allowed: Allowed): boolean {
  if (column.kind === 'category') return allowed.keeps?.includes(false) ?? false
  return allowed.lower !== column.minimum || allowed.upper !== column.maximum
}

/** How many columns a region restricts. */
export function restrictedCount(columns: readonly CheckedColumn[], region: Region): number {
  return columns.filter((column, index) => restricts(column, region[index]!)).length
}

/** The region with another allowance in one column. */
export function replaced(region: Region, column: number, allowed: Allowed): Region {
  return region.map((old, index) => (index === column ? allowed : old))
}

/** Who is inside a region, and who would be but for one column. */
export interface Placement {
  readonly inside: readonly number[]
  /** For each column, the rows that it alone keeps out. */
  readonly keptOutBy: readonly (readonly number[])[]
}

/** Places rows, of all that are given, inside a region or outside through one column; others are left out. */
export function placed(columns: readonly CheckedColumn[], region: Region, rows: Iterable<number>): Placement {
  const inside: number[] = []
  const keptOutBy: number[][] = columns.map(() => [])
  const restricted = columns.flatMap((column, index) => (restricts(column, region[index]!) ? [index] : []))
  for (const row of rows) {
    let breaches = 0
    let breached = -1
    for (const index of restricted) {
      if (allows(columns[index]!, region[index]!, row)) continue
      breached = index
      if (++breaches > 1) break
    }
    if (breaches === 0) inside.push(row)
    else if (breaches === 1) keptOutBy[breached]!.push(row)
  }
  return { inside, keptOutBy }
}

/** Whether an allowance lets a row in. */
export function allows(column: CheckedColumn, allowed: Allowed, row: number): boolean {
  if (column.kind === 'category') return allowed.keeps![column.codes[row]!]!
  const value = column.values[row]!
  return value >= allowed.lower! && value <= allowed.upper!
}

/**
 * The limits of a region, with the quasi-p value of each: the chance that as many of the cases inside are of interest,
 * or more, if the chance were that of the region without this one limit (a one-sided binomial test).
 *
 * Source: B. P. Bryant and R. J. Lempert (2010), "Thinking inside the box", Technological Forecasting and Social Change
 * 77(1).
 *
 * @param rows the rows of the search that led to the region
 */
export function limitsOf(of: {
  columns: readonly CheckedColumn[]
  region: Region
  rows: Iterable<number>
  outcome: Uint8Array
}): PrimLimit[] {
  const { columns, region, rows, outcome } = of
  const { inside, keptOutBy } = placed(columns, region, rows)
  const casesAmong = (some: readonly number[]): number => some.reduce((sum, row) => sum + outcome[row]!, 0)
  const trials = inside.length
  const successes = casesAmong(inside)
  const quasiP = (keptOut: readonly number[]): number =>
    binomialTail({
      successes,
      trials,
      cases: successes + casesAmong(keptOut),
      count: trials + keptOut.length,
    })

  return columns.map((column, index): PrimLimit => {
    const allowed = region[index]!
    const keptOut = keptOutBy[index]!
    if (column.kind === 'category') {
      const limit = {
        column: column.name,
        kind: column.kind,
        kept: column.categories.filter((_, place) => allowed.keeps![place]),
        dropped: column.categories.filter((_, place) => allowed.keeps![place] !== true),
        quasiP: null,
      }
      return isRestricted(limit) ? { ...limit, quasiP: quasiP(keptOut) } : limit
    }
    const lower = allowed.lower!
    const upper = allowed.upper!
    const { kind, values, minimum, maximum } = column
    const below = keptOut.filter((row) => values[row]! < lower)
    const above = keptOut.filter((row) => values[row]! > upper)
    const lowerQuasiP = lower === minimum ? null : quasiP(below)
    const upperQuasiP = upper === maximum ? null : quasiP(above)
    return { column: column.name, kind, lower, upper, minimum, maximum, lowerQuasiP, upperQuasiP }
  })
}
