/** What all designs of experiments share: points in the unit cube, one row each, and how many there may be. */
import { RivalryError, assert } from '../errors.ts'

/** Points in the unit cube. A distribution per column turns them into values (`distribution.ts`). */
export interface UnitDesign {
  /** Points. */
  readonly count: number
  /** Coordinates of a point. */
  readonly dimension: number
  /** Numbers from 0 on, at most 1: coordinate d of point i at i * dimension + d. */
  readonly coordinates: Float64Array
}

/** Most coordinates of a design: 1 GiB of numbers, far above what anyone simulates. */
const MOST_COORDINATES = 2 ** 27

/** The largest number below 1: where rounding would make a coordinate 1, it becomes this. */
export const BELOW_ONE = 1 - 2 ** -53

/**
 * A design whose coordinates are all 0, to be filled.
 *
 * @throws RivalryError `design-too-large` above 2^27 coordinates.
 */
export function emptyDesign(count: number, dimension: number): UnitDesign {
  assert(Number.isInteger(count) && count >= 1, 'a design has points', { count })
  assert(Number.isInteger(dimension) && dimension >= 1, 'a point has coordinates', { dimension })
  if (count * dimension > MOST_COORDINATES) {
    throw new RivalryError(
      `${count} points of ${dimension} coordinates are more than the ${MOST_COORDINATES} numbers of a design`,
      { code: 'design-too-large', hint: 'use fewer points or fewer parameters' },
    )
  }
  return { count, dimension, coordinates: new Float64Array(count * dimension) }
}

/** The coordinates of one point: a view, not a copy. */
export function pointOf({ coordinates, dimension }: UnitDesign, index: number): Float64Array {
  return coordinates.subarray(index * dimension, (index + 1) * dimension)
}

/** Whether a number of points is 1, 2, 4 and so on, as the balance of Sobol points needs. */
export function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= 2 ** 31 && (count & (count - 1)) === 0
}
