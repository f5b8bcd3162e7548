/** An estimate with its confidence interval, what a confidence is, and how far an interval reaches by the normal law. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { assert } from '../errors.ts'

/** An estimate and the ends of its confidence interval, in the unit of the values; `null` is what cannot be had. */
export interface Interval {
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Quantile of the standard normal law that leaves 2.5% on each side, rounded to nearest. */
const NORMAL_975 = 1.959963984540054

/**
 * The z between whose negative and itself a standard normal number lies with a probability: 1.96 for 0.95.
 *
 * @param confidence in (0, 1)
 */
export function normalCritical(confidence: number): number {
  assertConfidence(confidence)
  // The literal is the nearest number; the function's own is an ulp beside it.
  return confidence === 0.95 ? NORMAL_975 : normalQuantile((1 + confidence) / 2, 0, 1)
}

/** Fails unless a confidence is a probability strictly between 0 and 1. */
export function assertConfidence(confidence: number): void {
  assert(confidence > 0 && confidence < 1, 'a confidence is between 0 and 1', { confidence })
}
