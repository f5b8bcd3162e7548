/**
 * Laws of parameters, as quantile functions: what a coordinate of the unit cube stands for. Functions of the standard
 * library of JavaScript differ between machines, so exponentials and logarithms come from a package.
 */
import exp from '@stdlib/math-base-special-exp'
import gammainc from '@stdlib/math-base-special-gammainc'
import ln from '@stdlib/math-base-special-ln'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { assert } from '../errors.ts'

/**
 * A law with a density. Values are in the parameter's own units.
 *
 * With `whole`, values are whole numbers: the range, as far as there is one, is widened by a half beyond the first and
 * the last whole number in it, and the value rounded. So each whole number of a uniform range is as likely.
 */
export type ContinuousDistribution = { readonly whole?: boolean } & (
  | { readonly law: 'uniform'; readonly low: number; readonly high: number }
  /** The logarithm is uniform. */
  | { readonly law: 'log-uniform'; readonly low: number; readonly high: number }
  /** Cut off at `low` and `high`, if given: the normal law between them, scaled up. */
  | {
      readonly law: 'normal'
      readonly mean: number
      readonly deviation: number
      readonly low?: number
      readonly high?: number
    }
  /** The logarithm is normal with mean log(median) and standard deviation sigma; cut off like `normal`. */
  | {
      readonly law: 'log-normal'
      readonly median: number
      readonly sigma: number
      readonly low?: number
      readonly high?: number
    }
  | { readonly law: 'triangular'; readonly low: number; readonly mode: number; readonly high: number }
)

/** One of some values, each as likely. */
export interface Choice {
  readonly law: 'choice'
  readonly values: readonly (number | string | boolean)[]
}

/** The law of a parameter: `distributionProblems` says what is wrong with one. */
export type Distribution = ContinuousDistribution | Choice

/** Smallest probability that a quantile is taken of, which also is the step of a `RandomSequence`'s numbers. */
const LEAST = 2 ** -53

/** How little of a normal law a range may hold: below it, quantiles would lose their digits. */
const LEAST_MASS = 1e-6

/**
 * The value at probability u: the law's quantile. Never falls when u rises.
 *
 * Finite for every u: laws without an end are taken at 2^-53 below it and at 1 - 2^-53 above, which is 8.2 standard
 * deviations from the mean of a normal law. Only unscrambled Sobol points, whose first is the origin, come there.
 *
 * @param distribution one without problems
 * @param u from 0 to 1
 */
export function valueAt(distribution: ContinuousDistribution, u: number): number
export function valueAt(distribution: Distribution, u: number): number | string | boolean
export function valueAt(distribution: Distribution, u: number): number | string | boolean {
  assert(u >= 0 && u <= 1, 'a probability is in [0, 1]', { u })
  if (distribution.law === 'choice') {
    const { values } = distribution
    return values[Math.min(Math.floor(u * values.length), values.length - 1)]!
  }
  const range = rangeOf(distribution)
  if (distribution.whole !== true) return clamped(quantile(distribution, range, u), range)
  const value = quantile(distribution, { low: range.low - 0.5, high: range.high + 0.5 }, u)
  // Adding 0 makes a negative zero a zero.
  return clamped(Math.floor(value + 0.5), range) + 0
}

/**
 * What is wrong with a distribution, in words that name the field and its value; none if nothing is.
 *
 * @returns messages in lower case, without a place: a loader knows it
 */
export function distributionProblems(distribution: Distribution): string[] {
  if (distribution.law === 'choice') return choiceProblems(distribution)
  const problems = Object.entries(distribution)
    .filter(([, value]) => typeof value === 'number' && !Number.isFinite(value))
    .map(([name, value]) => `${name} is ${String(value)}, which is not a finite number`)
  if (problems.length > 0) return problems
  const { low = -Infinity, high = Infinity, law } = distribution
  if (low >= high) problems.push(`low ${low} is not below high ${high}`)
  if (Number.isFinite(low) && Number.isFinite(high) && !Number.isFinite(high - low)) {
    problems.push(`low ${low} and high ${high} are too far apart`)
  }
  if (law === 'log-uniform' && low <= 0) {
    problems.push(`low is ${low}, but only numbers above 0 have a logarithm`)
  }
  if (law === 'triangular' && (distribution.mode < low || distribution.mode > high)) {
    problems.push(`mode ${distribution.mode} is not between low ${low} and high ${high}`)
  }
  if (law === 'normal' && distribution.deviation <= 0) {
    problems.push(`deviation is ${distribution.deviation}, but must be above 0`)
  }
  if (law === 'log-normal') {
    if (distribution.median <= 0) problems.push(`median is ${distribution.median}, but must be above 0`)
    if (distribution.sigma <= 0) problems.push(`sigma is ${distribution.sigma}, but must be above 0`)
    if (high <= 0) problems.push(`high is ${high}, but values are above 0`)
  }
  if (problems.length > 0) return problems
  if (distribution.whole === true) {
    const range = rangeOf(distribution)
    if (range.low > range.high) return [`no whole number is between low ${low} and high ${high}`]
  }
  if (law === 'normal' || law === 'log-normal') {
    const { from, to } = probabilities(distribution, { low, high })
    if (to - from < LEAST_MASS) {
      return [
        `low ${low} and high ${high} leave ${to - from} of the ${law} law, but must leave at least ${LEAST_MASS}`,
      ]
    }
  }
  const [least, most] = [valueAt(distribution, 0), valueAt(distribution, 1)]
  const [limit, name] =
    distribution.whole === true
      ? [Number.MAX_SAFE_INTEGER, 'exact whole numbers']
      : [Number.MAX_VALUE, 'numbers']
  const isFine = least >= -limit && most <= limit
  return isFine ? [] : [`values from ${least} to ${most} are larger than ${name} can be`]
}

interface Range {
  readonly low: number
  readonly high: number
}

/** The ends of the values, or infinities; of whole numbers, the first and the last. */
function rangeOf({
  low = -Infinity,
  high = Infinity,
  whole = false,
}: Partial<Range> & { whole?: boolean }): Range {
  return whole ? { low: Math.ceil(low), high: Math.floor(high) } : { low, high }
}

function clamped(value: number, { low, high }: Range): number {
  return Math.min(Math.max(value, low), high)
}

/** The quantile of a law on a range, which may leave the range by rounding. */
function quantile(distribution: ContinuousDistribution, range: Range, u: number): number {
  const { low, high } = range
  switch (distribution.law) {
    case 'uniform':
      return low + u * (high - low)
    case 'log-uniform': {
      const start = ln(low)
      return exp(start + u * (ln(high) - start))
    }
    case 'normal':
      return distribution.mean + distribution.deviation * truncated(distribution, range, u)
    case 'log-normal':
      return distribution.median * exp(distribution.sigma * truncated(distribution, range, u))
    case 'triangular': {
      // The distribution function is quadratic on either side of the mode.
      const width = high - low
      const below = (clamped(distribution.mode, range) - low) / width
      return u < below ? low + width * Math.sqrt(u * below) : high - width * Math.sqrt((1 - u) * (1 - below))
    }
  }
}

type NormalDistribution = Extract<ContinuousDistribution, { law: 'normal' | 'log-normal' }>

/** The standard normal quantile at u of what the range leaves. */
function truncated(distribution: NormalDistribution, range: Range, u: number): number {
  const { from, to } = probabilities(distribution, range)
  return normalQuantile(clamped(from + u * (to - from), { low: LEAST, high: 1 - LEAST }), 0, 1)
}

/** The normal distribution function at the ends of a range. */
function probabilities(distribution: NormalDistribution, { low, high }: Range): { from: number; to: number } {
  if (distribution.law === 'normal') {
    const { mean, deviation } = distribution
    return {
      from: normalProbability((low - mean) / deviation),
      to: normalProbability((high - mean) / deviation),
    }
  }
  const { median, sigma } = distribution
  const scoreOf = (value: number): number => (value <= 0 ? -Infinity : (ln(value) - ln(median)) / sigma)
  return { from: normalProbability(scoreOf(low)), to: normalProbability(scoreOf(high)) }
}

/**
 * The standard normal distribution function, by the incomplete gamma function: half of Q(1/2, z^2 / 2) is the tail.
 *
 * Source: M. Abramowitz and I. A. Stegun (1964), Handbook of Mathematical Functions, 26.2.30 and 6.5.17.
 */
function normalProbability(score: number): number {
  // From 38 on the tail is below the smallest number.
  const size = Math.abs(score)
  const tail = size > 38 ? 0 : gammainc((size * size) / 2, 0.5, true, true) / 2
  return score < 0 ? tail : 1 - tail
}

function choiceProblems({ values }: Choice): string[] {
  if (values.length === 0) return ['values is empty, but one of them is to be chosen']
  const infinite = values.filter((value) => typeof value === 'number' && !Number.isFinite(value))
  const twice = values.filter((value, index) => !infinite.includes(value) && values.indexOf(value) !== index)
  return [
    ...infinite.map((value) => `values has ${String(value)}, which is not a finite number`),
    ...[...new Set(twice)].map((value) => `values has ${JSON.stringify(value)} more than once`),
  ]
}
