/** Latin hypercubes: every coordinate falls once into each of as many strata as there are points. */
import { RandomSequence } from '../numerics/words.ts'
import { BELOW_ONE, type UnitDesign, emptyDesign } from './design.ts'

/**
 * A Latin hypercube: in every column a random permutation of the strata [i / points, (i + 1) / points), and a uniform
 * place inside of each. Column d draws from sequence d of stream `latin-hypercube`, so that a further parameter leaves
 * the columns before it as they were. Coordinates are in (0, 1).
 *
 * Source: M. D. McKay, R. J. Beckman and W. J. Conover (1979), "A comparison of three methods for selecting values of
 * input variables in the analysis of output from a computer code", Technometrics 21(2), 239-245.
 *
 * @param options.points how many, from 1
 * @param options.dimension columns, from 1
 * @param options.seed any text
 * @throws RivalryError `design-too-large`.
 */
export function latinHypercube({
  points,
  dimension,
  seed,
}: {
  points: number
  dimension: number
  seed: string
}): UnitDesign {
  const design = emptyDesign(points, dimension)
  for (let d = 0; d < dimension; d++) {
    const sequence = new RandomSequence({ seed, stream: 'latin-hypercube', index: d })
    const strata = sequence.permutation(points)
    for (let i = 0; i < points; i++) {
      // 32 bits inside of a stratum: with their number the sum is exact up to 2^20 points, and never the next stratum.
      const inside = (sequence.word() + 0.5) * 2 ** -32
      design.coordinates[i * dimension + d] = Math.min((strata[i]! + inside) / points, BELOW_ONE)
    }
  }
  return design
}
