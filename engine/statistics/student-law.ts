/** How far an interval reaches by Student's law. Apart from others, since loading its quantile takes a tenth of a second. */
import studentQuantile from '@stdlib/stats-base-dists-t-quantile'
import { assert } from '../errors.ts'
import { assertConfidence, normalCritical } from './interval.ts'

/** From here on Student's law is the normal one to twelve digits, while its quantile function fails at 10^16. */
const MANY_DEGREES = 1e12

/**
 * The t between whose negative and itself a number of Student's law lies with a probability.
 *
 * @param confidence in (0, 1)
 * @param degreesOfFreedom above 0, not necessarily whole
 */
export function studentCritical(confidence: number, degreesOfFreedom: number): number {
  assertConfidence(confidence)
  assert(degreesOfFreedom > 0, 'degrees of freedom are above 0', { degreesOfFreedom })
  return degreesOfFreedom > MANY_DEGREES
    ? normalCritical(confidence)
    : studentQuantile((1 + confidence) / 2, degreesOfFreedom)
}
