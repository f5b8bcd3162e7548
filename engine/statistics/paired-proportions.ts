/**
 * The difference of two shares of the same replications: whether each variant did something, yes or no. Student's interval
 * on the differences has no width where all are equal, however few they are; this one always has.
 */
import { assert } from '../errors.ts'
import type { Difference, PairedMoments } from './differences.ts'
import { wilson } from './proportion.ts'

/**
 * Share of a less share of b, with Newcombe's interval: Wilson's intervals of the two shares, put together with the
 * correlation of the pairs, which is corrected for continuity (method 10). Ends are `null` for no pairs.
 *
 * Source: R. G. Newcombe (1998), "Improved confidence intervals for the difference between binomial proportions based on
 * paired data", Statistics in Medicine 17, 2635-2650.
 *
 * @param paired moments of pairs of 0 and 1
 */
export function pairedProportions(paired: PairedMoments, confidence = 0.95): Difference {
  const { count } = paired
  if (count === 0) return { difference: null, low: null, high: null, standardError: null }
  const [first, second] = [paired.a.mean!, paired.b.mean!]
  const both = ((paired.covariance ?? 0) * (count - 1)) / count + first * second
  // Moments of zeros and ones are those of whole numbers of cases, but for rounding.
  const [x, y, xy] = [first, second, both].map((share) => Math.round(share * count)) as [
    number,
    number,
    number,
  ]
  assert(xy <= Math.min(x, y) && x <= count && y <= count, 'pairs are of 0 and 1', { x, y, xy, count })
  const [a, b] = [wilson(x, count, confidence), wilson(y, count, confidence)]
  const phi = correlation({ both: xy, first: x - xy, second: y - xy, neither: count - x - y + xy })
  const join = (one: number, other: number): number =>
    Math.sqrt(Math.max(0, one * one - 2 * phi * one * other + other * other))
  const difference = a.share - b.share
  const variance = paired.difference.variance
  return {
    difference,
    low: Math.max(-1, difference - join(a.share - a.low, b.high - b.share)),
    high: Math.min(1, difference + join(a.high - a.share, b.share - b.low)),
    standardError: variance === null ? null : Math.sqrt(variance / count),
  }
}

/** The correlation of a table of pairs, where it is above 0 with half a case taken off; 0 where a margin is empty. */
function correlation({
  both,
  first,
  second,
  neither,
}: {
  both: number
  first: number
  second: number
  neither: number
}): number {
  const margins = (both + first) * (second + neither) * (both + second) * (first + neither)
  if (margins === 0) return 0
  const product = both * neither - first * second
  const half = (both + first + second + neither) / 2
  const corrected = product > half ? product - half : product > 0 ? 0 : product
  return corrected / Math.sqrt(margins)
}
