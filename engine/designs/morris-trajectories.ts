/** Morris's design: random paths through a grid that move one parameter at a time. */
import { RivalryError, assert } from '../errors.ts'
import { RandomSequence } from '../numerics/words.ts'
import { type UnitDesign, emptyDesign, pointOf } from './design.ts'

/** Trajectories of dimension + 1 points each; the points of a trajectory stand together, in its order. */
export interface MorrisDesign extends UnitDesign {
  readonly trajectories: number
  /** Which column step s of trajectory t changes, at t * dimension + s: each once in a trajectory. */
  readonly factors: Int32Array
  /** By how much it does, plus or minus levels / (2 (levels - 1)), at t * dimension + s. */
  readonly changes: Float64Array
}

/**
 * Trajectories on a grid of `levels` values i / (levels - 1) in every coordinate. A trajectory starts anywhere, visits
 * the columns in random order, and moves each by delta = levels / (2 (levels - 1)): up from a level of the lower half
 * or down from one of the upper half, so that with even levels every level is as likely. Trajectory t draws from
 * sequence t of stream `morris`, so that more of them leave the first as they were.
 *
 * Source: M. D. Morris (1991), "Factorial sampling plans for preliminary computational experiments", Technometrics
 * 33(2), 161-174, section 3.
 *
 * @param options.trajectories how many, from 1; 10 to 100 are usual
 * @param options.levels an even number from 2; 4 is usual
 * @param options.dimension columns, from 1
 * @param options.seed any text
 * @throws RivalryError `morris-levels` when levels are not even, `design-too-large`.
 */
export function morrisTrajectories({
  trajectories,
  levels,
  dimension,
  seed,
}: {
  trajectories: number
  levels: number
  dimension: number
  seed: string
}): MorrisDesign {
  assert(Number.isInteger(trajectories) && trajectories >= 1, 'there are trajectories', { trajectories })
  if (!Number.isInteger(levels) || levels < 2 || levels % 2 !== 0) {
    throw new RivalryError(`levels is ${levels}, which is not an even number from 2 on`, {
      code: 'morris-levels',
      hint: 'use 4 levels, as is usual: of an odd number some would be more likely than others',
    })
  }
  const design = emptyDesign(trajectories * (dimension + 1), dimension)
  const factors = new Int32Array(trajectories * dimension)
  const changes = new Float64Array(trajectories * dimension)
  const jump = levels / 2
  const last = levels - 1
  for (let t = 0; t < trajectories; t++) {
    const sequence = new RandomSequence({ seed, stream: 'morris', index: t })
    // Whole levels, divided once, so that a coordinate that comes back is the same number.
    const at = Int32Array.from({ length: dimension }, () => sequence.below(levels))
    const order = sequence.permutation(dimension)
    const write = (step: number): void => {
      const point = pointOf(design, t * (dimension + 1) + step)
      for (let d = 0; d < dimension; d++) point[d] = at[d]! / last
    }
    write(0)
    order.forEach((factor, step) => {
      const direction = at[factor]! < jump ? 1 : -1
      at[factor]! += direction * jump
      factors[t * dimension + step] = factor
      changes[t * dimension + step] = (direction * jump) / last
      write(step + 1)
    })
  }
  return { ...design, trajectories, factors, changes }
}
