/** Statistics over replications: proportions with intervals, quantiles, running means. All in a fixed order. */
import { assert } from '../errors.ts'

/** Quantile of the standard normal law that leaves 2.5% on each side. */
const NORMAL_975 = 1.959963984540054

/** A proportion with its 95% confidence interval. */
export interface Proportion {
  readonly share: number
  readonly low: number
  readonly high: number
}

/**
 * A proportion with its Wilson score interval at 95%, without continuity correction.
 *
 * Source: E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", Journal of
 * the American Statistical Association 22; method 3 of R. G. Newcombe (1998), Statistics in Medicine 17, 857-872.
 */
export function wilson(successes: number, trials: number): Proportion {
  assert(Number.isInteger(trials) && trials > 0, 'a proportion has trials', { trials })
  assert(successes >= 0 && successes <= trials, 'successes are among the trials', { successes, trials })
  const share = successes / trials
  const z2 = NORMAL_975 * NORMAL_975
  const centre = successes + z2 / 2
  const spread = NORMAL_975 * Math.sqrt(successes * (1 - share) + z2 / 4)
  // At the ends the bounds are 0 and 1 exactly; rounding would leave something beside them.
  return {
    share,
    low: successes === 0 ? 0 : (centre - spread) / (trials + z2),
    high: successes === trials ? 1 : (centre + spread) / (trials + z2),
  }
}

/**
 * Quantiles of values in ascending order, linear between the order statistics at p (n - 1).
 *
 * Source: type 7 of R. J. Hyndman and Y. Fan (1996), "Sample quantiles in statistical packages", The American
 * Statistician 50(4); the default of R and numpy.
 *
 * @param ascending finite values, sorted
 * @param probabilities in [0, 1]
 */
export function quantiles(ascending: ArrayLike<number>, probabilities: readonly number[]): number[] {
  const last = ascending.length - 1
  assert(last >= 0, 'quantiles need values')
  return probabilities.map((probability) => {
    assert(probability >= 0 && probability <= 1, 'a probability is in [0, 1]', { probability })
    const position = probability * last
    const index = Math.min(Math.floor(position), last)
    const here = ascending[index]!
    const next = ascending[Math.min(index + 1, last)]!
    return here + (position - index) * (next - here)
  })
}

/** A mean of values that arrive one at a time, added in that order. */
export class RunningMean {
  #sum = 0
  #count = 0

  add(value: number): void {
    this.#sum += value
    this.#count++
  }

  /** The mean, `null` where there were no values. */
  get value(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count
  }
}
