import betaQuantile from '@stdlib/stats-base-dists-beta-quantile'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { quantileInterval, quantiles } from '../../engine/statistics/index.ts'

describe('quantiles', () => {
  test('are those of numpy, of type 7', () => {
    // numpy.quantile([2, 3, 5, 7, 11, 13], [0, .1, .25, .5, .9, 1]), whose default is type 7 too.
    expect(quantiles([2, 3, 5, 7, 11, 13], [0, 0.1, 0.25, 0.5, 0.9, 1])).toEqual([2, 2.5, 3.5, 6, 12, 13])
    expect(quantiles([4], [0, 0.5, 1])).toEqual([4, 4, 4])
  })

  // numpy.quantile of [3.2, 1.5, -.7, 8.8, 4.4, 4.4, 2.1, 9.6, -3.3, 0, 5.25].
  test.each([
    [0, -3.3],
    [0.01, -3.04],
    [0.025, -2.65],
    [0.05, -2],
    [0.1, -0.7],
    [0.25, 0.75],
    [0.3333333333333333, 1.7],
    [0.5, 3.2],
    [0.75, 4.825],
    [0.9, 8.8],
    [0.95, 9.2],
    [0.975, 9.4],
    [0.99, 9.52],
    [1, 9.6],
  ])('at %f are %f', (probability, quantile) => {
    const ascending = [-3.3, -0.7, 0, 1.5, 2.1, 3.2, 4.4, 4.4, 5.25, 8.8, 9.6]
    expect(Math.abs(quantiles(ascending, [probability])[0]! - quantile)).toBeLessThan(1e-10)
  })

  property.prop([
    fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 50 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ])('rise with the probability and stay within the values', (values, one, other) => {
    const ascending = Float64Array.from(values).sort()
    const [low, high] = quantiles(ascending, [Math.min(one, other), Math.max(one, other)])
    // Interpolation rounds: by an ulp of the values, at most 1e9.
    expect(low! - high!).toBeLessThanOrEqual(2.4e-7)
    expect(low!).toBeGreaterThanOrEqual(ascending[0]! - 2.4e-7)
    expect(high!).toBeLessThanOrEqual(ascending.at(-1)! + 2.4e-7)
  })

  test('refuse nothing and what is no probability', () => {
    expect(() => quantiles([], [0.5])).toThrow('quantiles need values')
    expect(() => quantiles([1], [1.5])).toThrow('a probability is in [0, 1]')
  })
})

const ranks = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

describe('the interval of a quantile', () => {
  // Ranks and coverages from scipy.stats.binom; those of medians are in every table, such as David and Nagaraja's.
  test.each([
    [6, 0.5, 1, 6, 0.96875],
    [10, 0.5, 2, 9, 0.978515625],
    [20, 0.5, 6, 15, 0.9586105346679688],
    [25, 0.5, 8, 18, 0.9567147493362427],
    [100, 0.5, 40, 61, 0.9647997997822952],
    [200, 0.9, 171, 189, 0.9668839008979295],
  ])('of %i values at %f is from rank %i to %i', (count, probability, lowRank, highRank, coverage) => {
    const found = quantileInterval(ranks(count), probability)
    expect(found).toMatchObject({ lowRank, highRank, low: lowRank, high: highRank })
    expect(Math.abs(found.coverage - coverage)).toBeLessThan(1e-10)
    expect(found.estimate).toBe(quantiles(ranks(count), [probability])[0])
  })

  const count = fc.integer({ min: 1, max: 300 })
  const probability = fc.double({ min: 0.01, max: 0.99, noNaN: true })
  const confidence = fc.double({ min: 0.5, max: 0.995, noNaN: true })

  property.prop([count, probability, confidence])(
    'has the ranks that beta quantiles give',
    (n, p, confidence) => {
      const { lowRank, highRank, coverage } = quantileInterval(ranks(n), p, confidence)
      const side = (1 - confidence) / 2
      // P(B < r) <= side where the beta quantile at 1 - side, of the order statistic r of uniforms, is at most p.
      const isLow = (rank: number): boolean => betaQuantile(1 - side, rank, n - rank + 1) <= p
      const isHigh = (rank: number): boolean => betaQuantile(side, rank, n - rank + 1) >= p
      if (lowRank !== null) expect(isLow(lowRank)).toBe(true)
      if ((lowRank ?? 0) < n) expect(isLow((lowRank ?? 0) + 1)).toBe(false)
      if (highRank !== null) expect(isHigh(highRank)).toBe(true)
      if ((highRank ?? n + 1) > 1) expect(isHigh((highRank ?? n + 1) - 1)).toBe(false)
      expect(coverage).toBeGreaterThanOrEqual(confidence - 1e-12)
      expect(coverage).toBeLessThanOrEqual(1)
    },
  )

  property.prop([count, probability, confidence, fc.double({ min: 0, max: 1, noNaN: true })])(
    'rises with the probability and widens with the confidence',
    (n, p, confidence, part) => {
      const found = quantileInterval(ranks(n), p, confidence)
      const further = quantileInterval(ranks(n), p + part * (0.99 - p), confidence)
      const surer = quantileInterval(ranks(n), p, confidence + part * (0.999 - confidence))
      const [low, high] = [(end: number | null) => end ?? -Infinity, (end: number | null) => end ?? Infinity]
      expect(low(further.low)).toBeGreaterThanOrEqual(low(found.low))
      expect(high(further.high)).toBeGreaterThanOrEqual(high(found.high))
      expect(low(surer.low)).toBeLessThanOrEqual(low(found.low))
      expect(high(surer.high)).toBeGreaterThanOrEqual(high(found.high))
    },
  )

  test('has no end where the sample is too small for one', () => {
    const five = quantileInterval(ranks(5), 0.5)
    expect(five).toMatchObject({ estimate: 3, low: null, high: null, lowRank: null, highRank: null })
    expect(five.coverage).toBe(1)
    // A high quantile may have a lower end only: 1 - P(B < 19), of 20 at 0.99, by scipy.stats.binom.
    const one = quantileInterval(ranks(20), 0.99)
    expect(one).toMatchObject({ lowRank: 19, highRank: null, high: null })
    expect(one.coverage).toBeCloseTo(0.9831406623643482, 10)
    expect(quantileInterval([], 0.5)).toMatchObject({ estimate: null, low: null, high: null })
  })

  test('holds for large samples, where most chances underflow', () => {
    const found = quantileInterval(ranks(100_000), 0.5)
    // Normal approximation of the binomial: ranks 1.96 sqrt(n) / 2 = 309.9 from the middle, to the next whole.
    expect(found).toMatchObject({ lowRank: 49_690, highRank: 50_311 })
    expect(found.coverage).toBeCloseTo(0.95, 3)
  })

  test('refuses the ends of the law', () => {
    expect(() => quantileInterval([1], 0)).toThrow('a probability between 0 and 1')
    expect(() => quantileInterval([1], 0.5, 1)).toThrow('a confidence is between 0 and 1')
  })
})
