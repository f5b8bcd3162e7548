/** Survival: what share is still there after a time, when not all have been watched to their end. */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import { type Exits, countOf } from './exits.ts'
import { type Interval, normalCritical } from './interval.ts'

/**
 * On which scale a survival has a symmetric interval, before it is brought back: that of log(-log S), which stays
 * inside of (0, 1) and covers best in small samples; of log S; or of S itself. The last two are cut to [0, 1].
 */
export type SurvivalScale = 'log-log' | 'log' | 'plain'

/** One time at which something happened. */
export interface SurvivalStep extends Exits {
  /** How many were still there just before this time. */
  readonly atRisk: number
  /** The share that lasts longer than this time. */
  readonly survival: number
  /** Greenwood's; `null` where the survival is 0, since the formula has no value there. */
  readonly standardError: number | null
  /** Ends of the interval at this one time; `null` where the survival is 0, and 1 before the first event. */
  readonly low: number | null
  readonly high: number | null
}

/** The product-limit estimate. */
export interface SurvivalCurve {
  /** How many there were at the beginning. */
  readonly count: number
  readonly confidence: number
  readonly scale: SurvivalScale
  /** In ascending time. Before the first, survival is 1; after the last, nothing is known unless it is 0. */
  readonly steps: readonly SurvivalStep[]
  /**
   * The median: the first time at which survival is at most one half. Its interval goes from the first time at which
   * the lower ends are at most one half to that of the upper ends (Brookmeyer and Crowley 1982, Biometrics 38, 29-41);
   * where survival is 0 there are no ends to count. `null` where it never happens: a `null` upper end is unbounded.
   */
  readonly median: Interval
}

/** Survival that should be one half may be above by the roundings of its factors, as many as there are steps. */
const HALF = 0.5 * (1 + 1e-12)

/**
 * The product-limit estimate of survival, S(t) = product over times up to t of (1 - d / n), with d events among n at
 * risk; what is censored at the time of an event is at risk of it. Its variance is Greenwood's,
 * S^2 sum d / (n (n - d)).
 *
 * Sources: E. L. Kaplan and P. Meier (1958), Journal of the American Statistical Association 53, 457-481; M. Greenwood
 * (1926); for the intervals and what they cover, O. Borgan and K. Liestol (1990), Scandinavian Journal of Statistics
 * 17, 35-41. With scale `log` the intervals are those that R's `survfit` gives unasked.
 *
 * @param exits ascending in time; fails otherwise, or where a count is no whole number
 * @param options.confidence in (0, 1)
 */
export function kaplanMeier(
  exits: readonly Exits[],
  { confidence = 0.95, scale = 'log-log' }: { confidence?: number; scale?: SurvivalScale } = {},
): SurvivalCurve {
  const z = normalCritical(confidence)
  const count = countOf(exits)
  let atRisk = count
  let survival = 1
  // Greenwood's sum: the variance of log S.
  let logVariance = 0
  const steps = exits.map(({ time, events, censored }): SurvivalStep => {
    const here = atRisk
    atRisk -= events + censored
    if (events > 0) {
      // A whole number over another: 0 exactly where all leave.
      survival *= (here - events) / here
      logVariance += events / (here * (here - events))
    }
    const step = { time, events, censored, atRisk: here, survival }
    if (survival === 0) return { ...step, standardError: null, low: null, high: null }
    const logError = Math.sqrt(logVariance)
    const [low, high] = ends(survival, z * logError, scale)
    return { ...step, standardError: survival * logError, low, high }
  })
  const firstAtMostHalf = (end: 'survival' | 'low' | 'high'): number | null =>
    steps.find((step) => (step[end] ?? 1) <= HALF)?.time ?? null
  const median = {
    estimate: firstAtMostHalf('survival'),
    low: firstAtMostHalf('low'),
    high: firstAtMostHalf('high'),
  }
  return { count, confidence, scale, steps, median }
}

/** The step that holds at a time: the last at or before it; `null` before the first, where survival is 1. */
export function stepAt({ steps }: SurvivalCurve, time: number): SurvivalStep | null {
  return steps.findLast((step) => step.time <= time) ?? null
}

/** Ends of an interval for a survival above 0 whose logarithm may be off by `reach` either way. */
function ends(survival: number, reach: number, scale: SurvivalScale): [low: number, high: number] {
  if (reach === 0) return [survival, survival]
  if (scale === 'plain')
    return [Math.max(0, survival - reach * survival), Math.min(1, survival + reach * survival)]
  if (scale === 'log') return [survival * exp(-reach), Math.min(1, survival * exp(reach))]
  // The error of log(-log S) is that of log S over |log S|.
  const logSurvival = ln(survival)
  const factor = exp(reach / -logSurvival)
  return [exp(logSurvival * factor), exp(logSurvival / factor)]
}
