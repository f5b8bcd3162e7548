/** When an interval is narrow enough for a study to stop at a point. */
import type { Target } from './definition.ts'

/** Half the width of a 95% interval, and the estimate that it is about, in the metric's unit. */
export interface Width {
  readonly halfWidth: number
  readonly estimate: number
}

/**
 * Whether a target holds for what is known; where nothing is, it does not. An interval without width says that all values
 * were equal so far, and not that the estimate is exact.
 */
export function isNarrow(
  { halfWidth = Infinity, relative = Infinity }: Pick<Target, 'halfWidth' | 'relative'>,
  known: Width | null,
): boolean {
  return (
    known !== null &&
    known.halfWidth > 0 &&
    known.halfWidth <= halfWidth &&
    (relative === Infinity || known.halfWidth <= relative * Math.abs(known.estimate))
  )
}

/** The width of an estimate's interval; `null` where there are too few values for one. */
export function widthOf({
  estimate,
  low,
  high,
}: {
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
}): Width | null {
  return estimate === null || low === null || high === null ? null : { halfWidth: (high - low) / 2, estimate }
}
