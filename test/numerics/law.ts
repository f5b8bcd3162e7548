/** Owns the laws that draws are compared with: the binomial probabilities and the chi-square test. */
import { exactExp, exactLogOneMinus, exactOf, numberOf, product, type Exact } from './exact.ts'

/** log k!, by addition for small k and Stirling's series (three terms, error below 1e-16 from 100 on). */
export function logFactorial(k: number): number {
  if (k < 100) {
    let log = 0
    for (let i = 2; i <= k; i++) log += Math.log(i)
    return log
  }
  const x = k + 1
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5)
  )
}

/** The probabilities of a binomial law within 9 standard deviations of its mean, from the mode outwards. */
export function binomialLaw(n: number, p: number): Map<number, number> {
  const mode = Math.min(Math.floor((n + 1) * p), n)
  const failures = n - mode
  const atMode = Math.exp(
    logFactorial(n) -
      logFactorial(mode) -
      logFactorial(failures) +
      mode * Math.log(p) +
      failures * Math.log1p(-p),
  )
  const reach = 9 * Math.sqrt(n * p * (1 - p)) + 20
  const law = new Map([[mode, atMode]])
  for (let k = mode, chance = atMode; k < Math.min(n, mode + reach); k++) {
    chance *= ((n - k) / (k + 1)) * (p / (1 - p))
    law.set(k + 1, chance)
  }
  for (let k = mode, chance = atMode; k > Math.max(0, mode - reach); k--) {
    chance *= (k / (n - k + 1)) * ((1 - p) / p)
    law.set(k - 1, chance)
  }
  // At n = 10^7 the factorials' logarithms are only good to 1e-8: the sum is known exactly.
  const total = [...law.values()].reduce((sum, chance) => sum + chance, 0)
  return new Map([...law].sort(([a], [b]) => a - b).map(([k, chance]) => [k, chance / total]))
}

/** The distribution function of a binomial law to about 30 digits, as doubles, from 0 until 1e-12 is left. */
export function* exactDistribution(n: number, p: number): Generator<readonly [k: number, upTo: number]> {
  const { mantissa, exponent } = exactOf(p)
  const success = mantissa
  const failure = (1n << BigInt(-exponent)) - mantissa
  let chance = fixed(exactExp(product(exactOf(n), exactLogOneMinus(p))))
  let upTo = chance
  for (let k = 0; k <= n; k++) {
    const value = numberOf({ mantissa: upTo, exponent: -FIXED_BITS })
    yield [k, value]
    if (1 - value < 1e-12) return
    chance = (chance * BigInt(n - k) * success) / (BigInt(k + 1) * failure)
    upTo += chance
  }
}

const FIXED_BITS = 200

function fixed({ mantissa, exponent }: Exact): bigint {
  const shift = BigInt(exponent + FIXED_BITS)
  return shift >= 0n ? mantissa << shift : mantissa >> -shift
}

/**
 * Pearson's test of counts against a law. Neighbouring outcomes are pooled until ten are expected in each.
 */
export function chiSquare({
  seen,
  count,
  law,
}: {
  seen: ReadonlyMap<number, number>
  count: number
  law: ReadonlyMap<number, number>
}): {
  statistic: number
  degrees: number
  probability: number
} {
  const cells: { expected: number; observed: number }[] = []
  let cell = { expected: 0, observed: 0 }
  for (const [outcome, chance] of law) {
    cell.expected += chance * count
    cell.observed += seen.get(outcome) ?? 0
    if (cell.expected >= 10) {
      cells.push(cell)
      cell = { expected: 0, observed: 0 }
    }
  }
  const last = cells.at(-1)
  if (!last) return { statistic: 0, degrees: 0, probability: 1 }
  last.expected += cell.expected
  // Whatever was seen outside the law's outcomes counts against the last cell.
  const placed = cells.reduce((sum, { observed }) => sum + observed, 0)
  last.observed += count - placed
  const statistic = cells.reduce(
    (sum, { expected, observed }) => sum + (observed - expected) ** 2 / expected,
    0,
  )
  const degrees = cells.length - 1
  return { statistic, degrees, probability: degrees === 0 ? 1 : chiSquareTail(statistic, degrees) }
}

/**
 * The probability that a chi-square variable exceeds x: Wilson and Hilferty's cube root, to about 1e-3
 * relative.
 */
function chiSquareTail(x: number, degrees: number): number {
  const spread = 2 / (9 * degrees)
  return 0.5 * erfc(((x / degrees) ** (1 / 3) - 1 + spread) / Math.sqrt(2 * spread))
}

/** Numerical Recipes' Chebyshev fit of the complementary error function, relative error below 1.2e-7. */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x))
  const fit = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
    1.00002368, -1.26551223,
  ]
  const tail = t * Math.exp(-x * x + fit.reduce((sum, c) => sum * t + c))
  return x >= 0 ? tail : 2 - tail
}
