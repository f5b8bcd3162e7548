/** Sobol points as a design. */
import { type UnitDesign, emptyDesign } from './design.ts'
import { SobolSequence } from './sobol-sequence.ts'

/**
 * Points of Sobol's sequence, in its order. Balanced for a power of two of points (`isPowerOfTwo`) from a multiple of
 * it on. Unscrambled, the first is the origin; scrambled, coordinates are inside of (0, 1).
 *
 * Source: I. M. Sobol (1967), "On the distribution of points in a cube and the approximate evaluation of integrals";
 * S. Joe and F. Y. Kuo (2008), see `direction-numbers.ts`. Why the first point stays: A. B. Owen (2020), "On dropping
 * the first Sobol' point".
 *
 * @param options.points how many, from 1
 * @param options.dimension columns, from 1
 * @param options.seed any text; unused without scrambling
 * @param options.scramble whether to scramble (see `SobolSequence`)
 * @param options.skip points of the sequence that are passed over, 0 by default
 * @throws RivalryError `design-too-large`, `sobol-dimensions`.
 */
export function sobolPoints({
  points,
  dimension,
  seed,
  scramble,
  skip = 0,
}: {
  points: number
  dimension: number
  seed: string
  scramble: boolean
  skip?: number
}): UnitDesign {
  const design = emptyDesign(points, dimension)
  const sequence = new SobolSequence({ dimension, seed, scramble, skip })
  for (let i = 0; i < points; i++) sequence.write(design.coordinates, i * dimension)
  return design
}
