/** Proportions: how often something happened among trials, with an interval. */
import { assert } from '../errors.ts'
import { normalCritical } from './interval.ts'

/** A proportion with its confidence interval, all in [0, 1]. */
export interface Proportion {
  readonly share: number
  readonly low: number
  readonly high: number
}

/**
 * A proportion with its Wilson score interval, without continuity correction: the p at which
 * (share - p)^2 = z^2 p (1 - p) / trials. Its coverage oscillates around the confidence with trials and p; it does not
 * promise to reach it for every p.
 *
 * Source: E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", Journal of
 * the American Statistical Association 22; method 3 of R. G. Newcombe (1998), Statistics in Medicine 17, 857-872. On
 * coverage: L. D. Brown, T. T. Cai and A. DasGupta (2001), Statistical Science 16(2), 101-133.
 *
 * @param successes from 0 to `trials`
 * @param trials whole, above 0
 * @param confidence in (0, 1)
 */
export function wilson(successes: number, trials: number, confidence = 0.95): Proportion {
  assert(Number.isInteger(trials) && trials > 0, 'a proportion has trials', { trials })
  assert(successes >= 0 && successes <= trials, 'successes are among the trials', { successes, trials })
  const share = successes / trials
  const z = normalCritical(confidence)
  const z2 = z * z
  const centre = successes + z2 / 2
  const spread = z * Math.sqrt(successes * (1 - share) + z2 / 4)
  // At the ends the bounds are 0 and 1 exactly; rounding would leave something beside them.
  return {
    share,
    low: successes === 0 ? 0 : (centre - spread) / (trials + z2),
    high: successes === trials ? 1 : (centre + spread) / (trials + z2),
  }
}
