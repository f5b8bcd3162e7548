/**
 * Differences of two means: of variants that share their luck replication by replication, of variants that do not, and
 * how many runs the sharing saves.
 */
import { assertConfidence } from './interval.ts'
import { meanInterval } from './mean-interval.ts'
import { Moments } from './mean.ts'
import { studentCritical } from './student-law.ts'

/**
 * Moments of pairs (a, b) that arrive one at a time: of a, of b, of a - b, and their covariance. Differences have
 * moments of their own, since var a + var b - 2 cov would lose all digits where a and b are alike.
 */
export class PairedMoments {
  readonly a = new Moments()
  readonly b = new Moments()
  /** Of a - b. */
  readonly difference = new Moments()
  /** Sum of products of the deviations of a and b. */
  #products = 0
  #higher = 0
  #equal = 0

  /** Adds what one replication gave for each of the variants. */
  add(a: number, b: number): void {
    const deviation = a - (this.a.mean ?? 0)
    this.a.add(a)
    this.b.add(b)
    this.difference.add(a - b)
    this.#products += deviation * (b - this.b.mean!)
    if (a > b) this.#higher++
    if (a === b) this.#equal++
  }

  /** Adds all pairs that went into other moments, which stay as they are. Source as of `Moments.merge`. */
  merge(other: PairedMoments): void {
    if (other.count === 0) return
    const weight = (this.count * other.count) / (this.count + other.count)
    this.#products += other.#products
    this.#higher += other.#higher
    this.#equal += other.#equal
    if (this.count > 0)
      this.#products += (other.a.mean! - this.a.mean!) * (other.b.mean! - this.b.mean!) * weight
    this.a.merge(other.a)
    this.b.merge(other.b)
    this.difference.merge(other.difference)
  }

  /** Pairs. */
  get count(): number {
    return this.a.count
  }

  /** Pairs in which a is above b. */
  get higher(): number {
    return this.#higher
  }

  /** Pairs in which both are equal. */
  get equal(): number {
    return this.#equal
  }

  /** Sum of products of deviations over n - 1; `null` for fewer than two pairs. */
  get covariance(): number | null {
    return this.count < 2 ? null : this.#products / (this.count - 1)
  }

  /** Pearson's correlation of a and b, in [-1, 1]; `null` for fewer than two pairs or where one of them never varies. */
  get correlation(): number | null {
    const scale = (this.a.deviation ?? 0) * (this.b.deviation ?? 0)
    return scale === 0 ? null : Math.max(-1, Math.min(1, this.covariance! / scale))
  }
}

/** The difference of the means of two variants, with its interval, all in the unit of the values. */
export interface Difference {
  /** Mean of a - mean of b. */
  readonly difference: number | null
  readonly low: number | null
  readonly high: number | null
  readonly standardError: number | null
}

/** A difference of two variants that met the same luck in each replication. */
export interface PairedDifference extends Difference {
  /** Replications, each of which ran both variants. */
  readonly count: number
  /** Of a and b over replications; `null` where one of them never varies. */
  readonly correlation: number | null
  /**
   * (var a + var b) / var (a - b): how many times smaller than with independent runs the variance of the difference
   * is. 1 means that sharing luck gained nothing, less that it did harm. `null` where all differences are equal, as
   * as between identical variants or in few replications: nothing is known of their variance then.
   */
  readonly varianceReduction: number | null
  /**
   * Replications of each variant that independent runs would have needed for an interval as narrow: the smallest m >= 2
   * at which Welch's half width, with the variances found, is at most the one here. `null` where that is not to be
   * had: where all differences are equal, or beyond 2^53.
   */
  readonly unpairedReplications: number | null
}

/**
 * The difference of two means under common random numbers: Student's interval for the mean of a - b. Everything is
 * `null` for fewer than two pairs, but a difference for one.
 *
 * Source: A. M. Law (2015), "Simulation Modeling and Analysis", fifth edition, sections 10.2.1 (paired-t) and 11.2
 * (common random numbers).
 *
 * @param confidence in (0, 1)
 */
export function pairedDifference(paired: PairedMoments, confidence = 0.95): PairedDifference {
  const { count, correlation } = paired
  const { estimate: difference, low, high, standardError } = meanInterval(paired.difference, confidence)
  const found = { count, difference, low, high, standardError, correlation }
  const variance = paired.difference.variance
  // A variance may be so small that its square root over n is nothing.
  if (variance === null || standardError === null || standardError === 0)
    return { ...found, varianceReduction: null, unpairedReplications: null }
  const variances = { a: paired.a.variance!, b: paired.b.variance! }
  const halfWidth = studentCritical(confidence, count - 1) * standardError
  return {
    ...found,
    varianceReduction: (variances.a + variances.b) / variance,
    unpairedReplications: replicationsFor(halfWidth, variances, confidence),
  }
}

/** A difference of two variants that ran independently. */
export interface WelchDifference extends Difference {
  readonly counts: { readonly a: number; readonly b: number }
  /** By Welch and Satterthwaite, rarely whole; `null` where neither variant varies. */
  readonly degreesOfFreedom: number | null
}

/**
 * The difference of the means of two independent samples whose variances may differ: Welch's interval, with
 * (va/na + vb/nb)^2 / ((va/na)^2 / (na - 1) + (vb/nb)^2 / (nb - 1)) degrees of freedom. Where either has fewer than
 * two values, all but the difference is `null`.
 *
 * Source: B. L. Welch (1947), "The generalization of Student's problem when several different population variances are
 * involved", Biometrika 34, 28-35.
 *
 * @param confidence in (0, 1)
 */
export function welchDifference(a: Moments, b: Moments, confidence = 0.95): WelchDifference {
  assertConfidence(confidence)
  const counts = { a: a.count, b: b.count }
  const difference = a.mean === null || b.mean === null ? null : a.mean - b.mean
  if (difference === null || a.variance === null || b.variance === null)
    return { counts, difference, low: null, high: null, standardError: null, degreesOfFreedom: null }
  const [own, other] = [a.variance / a.count, b.variance / b.count]
  const standardError = Math.sqrt(own + other)
  if (standardError === 0)
    return { counts, difference, low: difference, high: difference, standardError, degreesOfFreedom: null }
  // As shares of their sum, whose squares do not underflow.
  const [x, y] = [own / (own + other), other / (own + other)]
  const degreesOfFreedom = 1 / ((x * x) / (a.count - 1) + (y * y) / (b.count - 1))
  const reach = studentCritical(confidence, degreesOfFreedom) * standardError
  return {
    counts,
    difference,
    low: difference - reach,
    high: difference + reach,
    standardError,
    degreesOfFreedom,
  }
}

/** The smallest number of replications of each variant, from 2, at which Welch's half width is at most `halfWidth`. */
function replicationsFor(
  halfWidth: number,
  variances: { readonly a: number; readonly b: number },
  confidence: number,
): number | null {
  const sum = variances.a + variances.b
  const [x, y] = [variances.a / sum, variances.b / sum]
  const isEnough = (count: number): boolean =>
    studentCritical(confidence, (count - 1) / (x * x + y * y)) * Math.sqrt(sum / count) <= halfWidth
  // The half width falls with the count.
  let enough = 2
  while (!isEnough(enough)) {
    enough *= 2
    if (enough > 2 ** 53) return null
  }
  let few = enough === 2 ? 1 : enough / 2
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2)
    if (isEnough(middle)) enough = middle
    else few = middle
  }
  return enough
}
