/** Correlations of two lists of numbers: of the numbers, and of their ranks. */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import { assert } from '../errors.ts'
import { normalCritical, type Interval } from './interval.ts'

/**
 * Pearson's correlation, in [-1, 1]: covariance over the product of deviations. `null` for fewer than two pairs or where
 * a list never varies.
 *
 * @param a finite numbers
 * @param b as many
 */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  assert(a.length === b.length, 'a correlation is of pairs', { a: a.length, b: b.length })
  const [x, y] = [deviations(a), deviations(b)]
  const scale = Math.sqrt(product(x, x)) * Math.sqrt(product(y, y))
  return scale === 0 ? null : Math.max(-1, Math.min(1, product(x, y) / scale))
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, of which equal numbers share the mean. `null` as there.
 *
 * Source: C. Spearman (1904), "The proof and measurement of association between two things", The American Journal of
 * Psychology 15(1), 72-101.
 *
 * @param a finite numbers
 * @param b as many
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  return pearson(meanRanks(a), meanRanks(b))
}

/**
 * Spearman's rank correlation with an interval on Fisher's scale, whose standard error there is
 * sqrt((1 + r^2 / 2) / (n - 3)). Ends are `null` for fewer than four pairs.
 *
 * Source: D. G. Bonett and T. A. Wright (2000), "Sample size requirements for estimating Pearson, Kendall and Spearman
 * correlations", Psychometrika 65(1), 23-28.
 */
export function spearmanInterval(a: ArrayLike<number>, b: ArrayLike<number>, confidence = 0.95): Interval {
  const estimate = spearman(a, b)
  const count = a.length
  if (estimate === null || count < 4) return { estimate, low: null, high: null }
  if (Math.abs(estimate) === 1) return { estimate, low: estimate, high: estimate }
  const reach = normalCritical(confidence) * Math.sqrt((1 + (estimate * estimate) / 2) / (count - 3))
  // tanh(artanh(r) + d) by exponentials: artanh(r) is half of log((1 + r) / (1 - r)).
  const moved = (by: number): number => {
    const ratio = exp(ln((1 + estimate) / (1 - estimate)) + 2 * by)
    return (ratio - 1) / (ratio + 1)
  }
  return { estimate, low: moved(-reach), high: moved(reach) }
}

/** The rank of each number, from 1 for the smallest; equal numbers share the mean of their ranks. Takes n log n. */
export function meanRanks(values: ArrayLike<number>): Float64Array {
  const count = values.length
  const order = Int32Array.from({ length: count }, (_, i) => i)
  order.sort((one, other) => values[one]! - values[other]!)
  const ranks = new Float64Array(count)
  for (let from = 0, to = 0; from < count; from = to) {
    const value = values[order[from]!]!
    if (!Number.isFinite(value)) assert(false, 'ranks are of finite numbers', { value: String(value) })
    while (to < count && values[order[to]!] === value) to++
    // Ranks from + 1 to `to`.
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + 1 + to) / 2
  }
  return ranks
}

function deviations(values: ArrayLike<number>): Float64Array {
  const list = Float64Array.from(values)
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length
  const apart = list.map((value) => value - mean)
  assert(apart.every(Number.isFinite), 'correlations are of finite numbers')
  // Numbers that are all equal may be beside their rounded mean, all by the same.
  return list.every((value) => value === list[0]) ? apart.fill(0) : apart
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
