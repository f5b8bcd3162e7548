/** Elementary effects of Morris: which parameters matter at all, and which bend or act together with others. */
import { assert } from '../errors.ts'
import { bootstrap } from './bootstrap.ts'
import { type Interval } from './interval.ts'

/** Effects of one parameter: changes of the result per change of the parameter's coordinate in the unit cube. */
export interface MorrisEffect {
  /** Mean effect. Effects of opposite signs cancel. */
  readonly mu: number
  /** Mean size of an effect, with a percentile bootstrap interval: what to rank parameters by. */
  readonly muStar: Interval
  /** Deviation of effects (over n - 1): 0 for a parameter whose effect is the same everywhere. */
  readonly sigma: number
}

/** What a design of Morris did: as `morrisTrajectories` of `engine/designs` gives it. */
export interface MorrisSteps {
  /** Parameters: also the steps of a trajectory. */
  readonly dimension: number
  /** Which parameter step s of trajectory t changed, at t * dimension + s. */
  readonly factors: ArrayLike<number>
  /** By how much, in the unit cube, at t * dimension + s. */
  readonly changes: ArrayLike<number>
}

/**
 * Elementary effects from the results along trajectories: the effect of step s of a trajectory is (result after -
 * result before) / change, and is of the parameter that the step changed.
 *
 * Sources: M. D. Morris (1991), Technometrics 33(2), 161-174; mu* of F. Campolongo, J. Cariboni and A. Saltelli (2007),
 * "An effective screening design for sensitivity analysis of large models", Environmental Modelling & Software 22(10),
 * 1509-1518.
 *
 * @param values finite results, dimension + 1 for each of at least 2 trajectories, in their order
 * @param options.seed any text; resample r draws trajectories from sequence r of stream `bootstrap/morris`
 * @param options.resamples at least 2
 * @param options.confidence in (0, 1)
 * @returns effects, a parameter each
 */
export function morrisEffects(
  values: ArrayLike<number>,
  { dimension, factors, changes }: MorrisSteps,
  { seed, resamples = 1000, confidence = 0.95 }: { seed: string; resamples?: number; confidence?: number },
): MorrisEffect[] {
  assert(Number.isInteger(dimension) && dimension >= 1, 'there are parameters', { dimension })
  const count = values.length / (dimension + 1)
  assert(Number.isInteger(count) && count >= 2, 'results are of at least two trajectories', {
    values: values.length,
    dimension,
  })
  const steps = count * dimension
  assert(factors.length === steps && changes.length === steps, 'every step has a parameter and a change', {
    steps,
    factors: factors.length,
    changes: changes.length,
  })
  const effects = Array.from({ length: dimension }, () => new Float64Array(count).fill(NaN))
  for (let trajectory = 0; trajectory < count; trajectory++) {
    for (let step = 0; step < dimension; step++) {
      const before = trajectory * (dimension + 1) + step
      const at = trajectory * dimension + step
      effects[factors[at]!]![trajectory] = (values[before + 1]! - values[before]!) / changes[at]!
    }
  }
  return effects.map((ofParameter, parameter) => {
    assert(ofParameter.every(Number.isFinite), 'every trajectory changes each parameter once', { parameter })
    const { estimate, low, high } = bootstrap(
      { count, seed, stream: 'bootstrap/morris', resamples, confidence },
      (trajectories) => meanOf(trajectories, (trajectory) => Math.abs(ofParameter[trajectory]!)),
    )
    const mu = meanOf(ofParameter, (effect) => effect)
    const variance = meanOf(ofParameter, (effect) => (effect - mu) * (effect - mu)) * (count / (count - 1))
    return { mu, muStar: { estimate, low, high }, sigma: Math.sqrt(variance) }
  })
}

function meanOf(
  values: Iterable<number> & { readonly length: number },
  of: (value: number) => number,
): number {
  let sum = 0
  for (const value of values) sum += of(value)
  return sum / values.length
}
