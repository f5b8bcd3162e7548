/** What patient rule induction finds: steps of a search, each a box with its measures, and boxes in words. */
import { type Category } from './prim-columns.ts'

/** The range that a box leaves to a column of numbers; both ends belong to it. */
export interface PrimRange {
  readonly column: string
  readonly kind: 'number' | 'whole'
  readonly lower: number
  readonly upper: number
  /** The least value in the data: an end that equals it is no restriction. */
  readonly minimum: number
  /** The greatest value in the data. */
  readonly maximum: number
  /** Quasi-p value of the lower end, `null` where it is no restriction. */
  readonly lowerQuasiP: number | null
  /** Quasi-p value of the upper end, `null` where it is no restriction. */
  readonly upperQuasiP: number | null
}

/** The categories that a box leaves to a column of categories. */
export interface PrimSubset {
  readonly column: string
  readonly kind: 'category'
  readonly kept: readonly Category[]
  readonly dropped: readonly Category[]
  /** Quasi-p value of dropping what is dropped, `null` where nothing is. */
  readonly quasiP: number | null
}

/** What a box asks of one column. */
export type PrimLimit = PrimRange | PrimSubset

/** One box on the way of a search. */
export interface PrimStep {
  /** What led here: the box of everything left, a cut off its side, or an extension of it. */
  readonly phase: 'start' | 'peel' | 'paste'
  /** Cases of interest inside, of all cases of interest in the data. */
  readonly coverage: number
  /** Cases of interest inside, of all cases inside. */
  readonly density: number
  /** Cases inside, of all cases in the data. */
  readonly mass: number
  /** Cases inside that no earlier box holds. */
  readonly count: number
  /** Cases of interest inside that no earlier box holds. */
  readonly cases: number
  /** Columns that the box restricts. */
  readonly restricted: number
  /** One for each column, in their order. */
  readonly limits: readonly PrimLimit[]
}

/** A box, with the way to it. */
export interface PrimBox {
  /** From everything left to the last box found, in the order of the search. */
  readonly trajectory: readonly PrimStep[]
  /** The step of the trajectory that was chosen; its cases are out of the search for further boxes. */
  readonly chosen: PrimStep
}

/** Whether a limit leaves out any part of its column. */
export function isRestricted(limit: PrimLimit): boolean {
  return limit.kind === 'category'
    ? limit.dropped.length > 0
    : limit.lower !== limit.minimum || limit.upper !== limit.maximum
}

/**
 * A box in words, one sentence for each column that it restricts: `price <= 0.012`, `0.2 <= share <= 0.6`,
 * `plan is one of free, paid`, `sellers is 2`. Ends that are those of the data are left out; a box of everything gives
 * none.
 *
 * @param digits significant digits of numbers; whole numbers are written in full
 */
export function describeBox(box: Pick<PrimStep, 'limits'>, digits = 4): string[] {
  const text = (value: number, kind: PrimRange['kind']): string =>
    String(kind === 'whole' ? value : Number(value.toPrecision(digits)))
  return box.limits.filter(isRestricted).map((limit) => {
    const { column, kind } = limit
    if (kind === 'category') {
      return `${column} is ${limit.kept.length > 1 ? 'one of ' : ''}${limit.kept.join(', ')}`
    }
    const lower = text(limit.lower, kind)
    const upper = text(limit.upper, kind)
    if (limit.lower === limit.upper) return `${column} is ${lower}`
    if (limit.upper === limit.maximum) return `${column} >= ${lower}`
    return limit.lower === limit.minimum ? `${column} <= ${upper}` : `${lower} <= ${column} <= ${upper}`
  })
}
