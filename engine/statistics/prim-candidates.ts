/** The moves of patient rule induction: what a region may become by one cut, or by one extension, and which is best. */
import { type CategoryColumn, type CheckedColumn, type NumericColumn } from './prim-columns.ts'
import { cutAt } from './prim-quantile.ts'
import { placed, restricts, type Allowed, type Region } from './prim-region.ts'

/** A region's size: cases inside, and those of interest among them. */
export interface Size {
  readonly count: number
  readonly cases: number
}

/** A region that differs in what it allows in one column. */
export interface Move extends Size {
  readonly column: number
  readonly allowed: Allowed
}

/**
 * What a search maximises: `lenient1`, the gain of density for each case cut off or added; `lenient2`, that times the
 * cases left; `original`, the density.
 */
export type PrimObjective = (typeof OBJECTIVES)[number]

/** The objectives by name. */
export const OBJECTIVES = ['lenient1', 'lenient2', 'original'] as const

/** What a search knows beside its region. */
export interface Search {
  readonly columns: readonly CheckedColumn[]
  readonly outcome: Uint8Array
  /** Rows that no earlier box holds. */
  readonly rows: readonly number[]
}

/** The order in which columns are tried, which settles ties: numbers, whole numbers, categories. */
const KINDS = ['number', 'whole', 'category'] as const

/**
 * All cuts of a region, in the order that settles ties: for each column of numbers off the top and off the bottom, for
 * each column of categories one category at a time.
 *
 * A cut of whole numbers is the quantile without its fraction, and where that is the end of the range already, the end
 * is cut off; the new end is the outermost value that is left.
 *
 * @param orders for each column of numbers, the rows inside in ascending order of its value; for others, in any order
 */
export function peels(
  search: Search,
  region: Region,
  inside: Size,
  orders: readonly Int32Array[],
  alpha: number,
): Move[] {
  return inOrderOfKinds(search.columns).flatMap((index) => {
    const column = search.columns[index]!
    const rows = orders[index]!
    const moves =
      column.kind === 'category'
        ? categoryPeels(search, column, region[index]!.keeps!, inside, rows)
        : numericPeels(search, column, region[index]!, inside, rows, alpha)
    return moves.map((move) => ({ ...move, column: index }))
  })
}

function numericPeels(
  { outcome }: Search,
  column: NumericColumn,
  allowed: Allowed,
  inside: Size,
  rows: Int32Array,
  alpha: number,
): Omit<Move, 'column'>[] {
  const lower = allowed.lower!
  const upper = allowed.upper!
  const isWhole = column.kind === 'whole'
  const last = rows.length - 1
  const valueAt = (place: number): number => column.values[rows[place]!]!

  let top = cutAt(valueAt, rows.length, 1 - alpha)
  if (isWhole) top = Math.trunc(top) === upper ? upper - 1 : Math.trunc(top)
  let end = last
  let casesBelow = inside.cases
  while (end >= 0 && valueAt(end) > top) casesBelow -= outcome[rows[end--]!]!

  let bottom = cutAt(valueAt, rows.length, alpha)
  if (isWhole) bottom = Math.trunc(bottom) === lower ? lower + 1 : Math.trunc(bottom)
  let start = 0
  let casesAbove = inside.cases
  while (start <= last && valueAt(start) < bottom) casesAbove -= outcome[rows[start++]!]!

  if (isWhole) {
    top = valueAt(end < 0 ? last : end)
    bottom = valueAt(start > last ? 0 : start)
  }
  return [
    { allowed: { lower, upper: top }, count: end + 1, cases: casesBelow },
    { allowed: { lower: bottom, upper }, count: rows.length - start, cases: casesAbove },
  ]
}

function categoryPeels(
  { outcome }: Search,
  column: CategoryColumn,
  keeps: readonly boolean[],
  inside: Size,
  rows: Int32Array,
): Omit<Move, 'column'>[] {
  const kept = keeps.flatMap((keep, place) => (keep ? [place] : []))
  if (kept.length < 2) return []
  const counts = new Int32Array(keeps.length)
  const cases = new Int32Array(keeps.length)
  for (const row of rows) {
    const code = column.codes[row]!
    counts[code]!++
    cases[code]! += outcome[row]!
  }
  return kept.map((place) => ({
    allowed: { keeps: keeps.with(place, false) },
    count: inside.count - counts[place]!,
    cases: inside.cases - cases[place]!,
  }))
}

/**
 * All extensions of a region that let in anything, in the order that settles ties: for each restricted column of
 * numbers at the bottom and at the top, for each restricted column of categories one category at a time.
 *
 * An end moves by the share `alpha` of the rows that lie at it or beyond and that no other column keeps out.
 */
export function pastes(search: Search, region: Region, inside: Size, alpha: number): Move[] {
  const { columns, rows } = search
  const placement = placed(columns, region, rows)
  return inOrderOfKinds(columns).flatMap((index) => {
    const column = columns[index]!
    const allowed = region[index]!
    if (!restricts(column, allowed)) return []
    const keptOut = placement.keptOutBy[index]!
    const moves =
      column.kind === 'category'
        ? categoryPastes(column, allowed.keeps!)
        : numericPastes(column, allowed, [...placement.inside, ...keptOut], alpha)
    return moves
      .map((next) => {
        const added = placed([column], [next], keptOut).inside
        const cases = added.reduce((sum, row) => sum + search.outcome[row]!, inside.cases)
        return { column: index, allowed: next, count: inside.count + added.length, cases }
      })
      .filter(({ count }) => count > inside.count)
  })
}

function numericPastes(
  column: NumericColumn,
  allowed: Allowed,
  rows: readonly number[],
  alpha: number,
): Allowed[] {
  const lower = allowed.lower!
  const upper = allowed.upper!
  const values = Float64Array.from(rows, (row) => column.values[row]!)
  const isWhole = column.kind === 'whole'
  const moves: Allowed[] = []
  const beyondLower = values.filter((value) => value <= lower).sort()
  if (beyondLower.length > 0) {
    const bottom = cutAt((place) => beyondLower[place]!, beyondLower.length, 1 - alpha)
    moves.push({ lower: isWhole ? Math.ceil(bottom) : bottom, upper })
  }
  const beyondUpper = values.filter((value) => value >= upper).sort()
  if (beyondUpper.length > 0) {
    const top = cutAt((place) => beyondUpper[place]!, beyondUpper.length, alpha)
    moves.push({ lower, upper: isWhole ? Math.floor(top) : top })
  }
  return moves
}

function categoryPastes(column: CategoryColumn, keeps: readonly boolean[]): Allowed[] {
  return column.categories.flatMap((_, place) => (keeps[place] ? [] : [{ keeps: keeps.with(place, true) }]))
}

/**
 * The move of the highest score; of equal scores the one that leaves more columns free; of these the first.
 *
 * @returns the move with its score, `undefined` where there are no moves
 */
export function bestMove(
  { columns }: Search,
  region: Region,
  inside: Size,
  moves: readonly Move[],
  objective: PrimObjective,
): { move: Move; score: number } | undefined {
  let best: { move: Move; score: number; restriction: number } | undefined
  for (const move of moves) {
    const score = scoreOf(objective, inside, move)
    const column = columns[move.column]!
    // Only this column's change counts: in all others the moves are alike.
    const restriction =
      Number(restricts(column, move.allowed)) - Number(restricts(column, region[move.column]!))
    if (!best || score > best.score || (score === best.score && restriction < best.restriction)) {
      best = { move, score, restriction }
    }
  }
  return best
}

/**
 * Source: J. H. Friedman and N. I. Fisher (1999), "Bump hunting in high-dimensional data", Statistics and Computing 9:
 * `original` is their mean of the box, `lenient2` (14.6) their criterion for cuts of unequal size. `lenient1` is the
 * default of ema_workbench.
 */
function scoreOf(objective: PrimObjective, from: Size, to: Size): number {
  if (objective === 'original') return to.count > 0 ? to.cases / to.count : -1
  const gain = densityOf(to) - densityOf(from)
  if (gain === 0) return 0
  const change = Math.abs(from.count - to.count)
  return objective === 'lenient1' ? gain / change : (to.count * gain) / change
}

/** The share of cases of interest, 0 where there are no cases. */
export function densityOf({ count, cases }: Size): number {
  return count > 0 ? cases / count : 0
}

function inOrderOfKinds(columns: readonly CheckedColumn[]): number[] {
  return KINDS.flatMap((kind) => columns.flatMap((column, index) => (column.kind === kind ? [index] : [])))
}
