/** Quantiles of samples, and intervals for those of the law that the samples come from. */
import { assert } from '../errors.ts'
import { type Interval, assertConfidence } from './interval.ts'
import type { Ranked } from './order-statistics.ts'

/**
 * Quantiles of values in ascending order, linear between the order statistics at p (n - 1).
 *
 * Source: type 7 of R. J. Hyndman and Y. Fan (1996), "Sample quantiles in statistical packages", The American
 * Statistician 50(4); the default of R and numpy.
 *
 * @param ascending finite values, sorted or asked for by rank
 * @param probabilities in [0, 1]
 */
export function quantiles(ascending: Ranked, probabilities: readonly number[]): number[] {
  const last = ascending.length - 1
  assert(last >= 0, 'quantiles need values')
  return probabilities.map((probability) => {
    assert(probability >= 0 && probability <= 1, 'a probability is in [0, 1]', { probability })
    const position = probability * last
    const index = Math.min(Math.floor(position), last)
    const here = ascending.at(index)!
    const next = ascending.at(Math.min(index + 1, last))!
    return here + (position - index) * (next - here)
  })
}

/** A quantile with an interval between two order statistics. */
export interface QuantileInterval extends Interval {
  /** Ranks of the two ends, from 1; `null` where the sample is too small for an end. */
  readonly lowRank: number | null
  readonly highRank: number | null
  /** The probability with which the interval holds the quantile, if values are continuous: at least the confidence. */
  readonly coverage: number
}

/**
 * An interval for the p-quantile of the law that the values were drawn from, whatever that law is: from one order
 * statistic to another. With B the binomial number of n values below the quantile, of probability p each, the lower
 * end has the largest rank r with P(B < r) <= (1 - confidence) / 2, the upper end the smallest rank s with
 * P(B >= s) <= (1 - confidence) / 2, so each side errs at most by its half and the coverage P(r <= B < s) is at least
 * the confidence: exactly this for a continuous law, more where values tie. Where no rank of the sample will do, for
 * which n is too small (for a median at 95%: below 6), that end is `null`, which means unbounded, and the coverage is
 * that of the other end alone. The estimate is the sample quantile of type 7; `null`s for no values.
 *
 * Source: H. A. David and H. N. Nagaraja (2003), "Order Statistics", third edition, section 7.1.
 *
 * @param ascending finite values, sorted or asked for by rank
 * @param probability of the quantile, in (0, 1)
 * @param confidence in (0, 1)
 */
export function quantileInterval(
  ascending: Ranked,
  probability: number,
  confidence = 0.95,
): QuantileInterval {
  assert(probability > 0 && probability < 1, 'an interval is for a probability between 0 and 1', {
    probability,
  })
  assertConfidence(confidence)
  const count = ascending.length
  if (count === 0)
    return { estimate: null, low: null, high: null, lowRank: null, highRank: null, coverage: 1 }
  const { lowRank, highRank, coverage } = ranksOf(count, probability, confidence)
  const hasLow = lowRank >= 1
  const hasHigh = highRank <= count
  return {
    estimate: quantiles(ascending, [probability])[0]!,
    low: hasLow ? ascending.at(lowRank - 1)! : null,
    high: hasHigh ? ascending.at(highRank - 1)! : null,
    lowRank: hasLow ? lowRank : null,
    highRank: hasHigh ? highRank : null,
    coverage,
  }
}

/** Ranks of the ends, from 1; 0 and `count` + 1 where there is none. */
interface Ranks {
  readonly lowRank: number
  readonly highRank: number
  readonly coverage: number
}

/** Ranks that were computed: many samples of one size need them. */
const knownRanks = new Map<string, Ranks>()
const MOST_KNOWN = 256

function ranksOf(count: number, probability: number, confidence: number): Ranks {
  const key = `${count} ${probability} ${confidence}`
  const known = knownRanks.get(key)
  if (known !== undefined) return known
  const chances = binomialChances(count, probability)
  // A few roundings more than a tail may be: 1/2 ^ n and its sums are to be what they are.
  const side = ((1 - confidence) / 2) * (1 + 1e-12)
  // Tails are added from their thin ends.
  let lowRank = 0
  let below = 0
  while (lowRank < count && below + chances[lowRank]! <= side) below += chances[lowRank++]!
  let highRank = count + 1
  let above = 0
  while (highRank > 1 && above + chances[highRank - 1]! <= side) above += chances[--highRank]!
  const ranks = { lowRank, highRank, coverage: 1 - below - above }
  if (knownRanks.size === MOST_KNOWN) knownRanks.clear()
  knownRanks.set(key, ranks)
  return ranks
}

/**
 * The chances of 0 to n successes among n trials, by their ratios from the most likely number outwards, scaled to add
 * up to 1: no factorial is needed, and what underflows to 0 is nothing beside the rest.
 */
function binomialChances(trials: number, probability: number): Float64Array {
  const chances = new Float64Array(trials + 1)
  const mode = Math.min(Math.floor((trials + 1) * probability), trials)
  const odds = probability / (1 - probability)
  chances[mode] = 1
  let sum = 1
  for (let k = mode + 1; k <= trials && chances[k - 1]! > 0; k++)
    sum += chances[k] = (chances[k - 1]! * (trials - k + 1) * odds) / k
  for (let k = mode - 1; k >= 0 && chances[k + 1]! > 0; k--)
    sum += chances[k] = (chances[k + 1]! * (k + 1)) / ((trials - k) * odds)
  return chances.map((chance) => chance / sum)
}
