/** Student's interval for a mean. */
import { type Interval, assertConfidence } from './interval.ts'
import type { Moments } from './mean.ts'
import { studentCritical } from './student-law.ts'

/** A mean with its interval. */
export interface MeanInterval extends Interval {
  readonly count: number
  /** Deviation / sqrt(count). */
  readonly standardError: number | null
}

/**
 * A mean with Student's interval, mean +- t sqrt(variance / n) with n - 1 degrees of freedom: exact for values of a
 * normal law, and close for others where n is large. Ends and standard error are `null` for fewer than two values, the
 * mean for none.
 *
 * Source: Student (1908), "The probable error of a mean", Biometrika 6(1), 1-25.
 *
 * @param confidence in (0, 1)
 */
export function meanInterval({ count, mean, variance }: Moments, confidence = 0.95): MeanInterval {
  assertConfidence(confidence)
  if (mean === null || variance === null)
    return { count, estimate: mean, low: null, high: null, standardError: null }
  const standardError = Math.sqrt(variance / count)
  const reach = studentCritical(confidence, count - 1) * standardError
  return { count, estimate: mean, low: mean - reach, high: mean + reach, standardError }
}
