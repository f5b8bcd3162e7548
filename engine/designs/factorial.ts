/** Full factorial designs: every combination of levels. */
import { RivalryError, assert } from '../errors.ts'

/** Every combination of the levels of some factors. */
export interface FactorialDesign {
  /** Points: the product of the numbers of levels. */
  readonly count: number
  /** Factors. */
  readonly dimension: number
  /** Number of the level, from 0, of factor d in point i, at i * dimension + d. */
  readonly levels: Int32Array
}

/** Most points of a full factorial design. */
export const MOST_FACTORIAL_POINTS = 1e7

/**
 * All combinations of levels, as numbers of levels and not as coordinates: counting with mixed radix, the last factor
 * fastest.
 *
 * @param levelCounts how many levels each factor has, from 1
 * @throws RivalryError `design-too-large` above 10^7 points.
 */
export function factorial(levelCounts: readonly number[]): FactorialDesign {
  const dimension = levelCounts.length
  assert(dimension >= 1, 'a factorial design has factors')
  assert(
    levelCounts.every((count) => Number.isInteger(count) && count >= 1),
    'a factor has levels',
    { levelCounts },
  )
  const count = levelCounts.reduce((product, levels) => product * levels, 1)
  if (count > MOST_FACTORIAL_POINTS) {
    throw new RivalryError(
      `levels of ${levelCounts.join(' x ')} make ${count} combinations, above the ${MOST_FACTORIAL_POINTS} of a design`,
      {
        code: 'design-too-large',
        hint: 'use fewer levels or parameters, or sample with a latin hypercube or sobol points',
      },
    )
  }
  const levels = new Int32Array(count * dimension)
  let repeats = 1
  for (let d = dimension - 1; d >= 0; d--) {
    const radix = levelCounts[d]!
    for (let i = 0; i < count; i++) levels[i * dimension + d] = Math.floor(i / repeats) % radix
    repeats *= radix
  }
  return { count, dimension, levels }
}
