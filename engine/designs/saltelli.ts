/** Saltelli's design for first and total indices: what `engine/statistics/sobol-indices.ts` reads. */
import { assert } from '../errors.ts'
import { type UnitDesign, emptyDesign, pointOf } from './design.ts'
import { sobolPoints } from './sobol-points.ts'

/**
 * Saltelli's design over Sobol points of twice the dimension: base * (dimension + 2) points.
 *
 * @param options.base base rows: a power of two (`isPowerOfTwo`), or the points lose their balance
 * @param options.dimension parameters, at most half of `MOST_SOBOL_DIMENSIONS`
 * @param options.seed any text; unused without scrambling
 * @param options.scramble whether to scramble the Sobol points
 * @throws RivalryError `design-too-large`, `sobol-dimensions`.
 */
export function saltelli({
  base,
  dimension,
  seed,
  scramble,
}: {
  base: number
  dimension: number
  seed: string
  scramble: boolean
}): UnitDesign {
  return saltelliOf(sobolPoints({ points: base, dimension: 2 * dimension, seed, scramble }))
}

/**
 * Saltelli's design over any base design of 2 k columns. The first k columns are matrix A, the others B. Every base
 * row becomes k + 2 points, in the order of SALib without second order: the row of A; for each parameter j the row
 * of A with column j from B (AB_j); the row of B.
 *
 * Source: A. Saltelli, P. Annoni, I. Azzini, F. Campolongo, M. Ratto and S. Tarantola (2010), "Variance based
 * sensitivity analysis of model output", Computer Physics Communications 181(2), 259-270.
 */
export function saltelliOf(base: UnitDesign): UnitDesign {
  assert(base.dimension % 2 === 0, 'a base row is a row of A and one of B', { dimension: base.dimension })
  const dimension = base.dimension / 2
  const block = dimension + 2
  const design = emptyDesign(base.count * block, dimension)
  for (let row = 0; row < base.count; row++) {
    const both = pointOf(base, row)
    const a = both.subarray(0, dimension)
    const b = both.subarray(dimension)
    for (let j = 0; j < dimension; j++) {
      const mixed = pointOf(design, row * block + 1 + j)
      mixed.set(a)
      mixed[j] = b[j]!
    }
    pointOf(design, row * block).set(a)
    pointOf(design, row * block + block - 1).set(b)
  }
  return design
}
