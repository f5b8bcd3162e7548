import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { RunningMean, quantiles, wilson } from '../../engine/study/statistics.ts'

describe('the Wilson interval', () => {
  // Newcombe (1998), Statistics in Medicine 17, table I, method 3: printed to four decimals.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is the published one', (successes, trials, low, high) => {
    const found = wilson(successes, trials)
    // Half a unit of the last printed digit.
    expect(Math.abs(found.low - low)).toBeLessThanOrEqual(5.001e-5)
    expect(Math.abs(found.high - high)).toBeLessThanOrEqual(5.001e-5)
    expect(found.share).toBe(successes / trials)
  })

  property.prop([fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true })])(
    'holds the share, lies in [0, 1] and mirrors failures',
    (trials, part) => {
      const successes = Math.round(part * trials)
      const { share, low, high } = wilson(successes, trials)
      const failures = wilson(trials - successes, trials)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(low).toBeLessThanOrEqual(share)
      expect(high).toBeGreaterThanOrEqual(share)
      expect(high).toBeLessThanOrEqual(1)
      // A few roundings of numbers below 1.
      expect(Math.abs(1 - failures.high - low)).toBeLessThan(1e-14)
    },
  )

  test('solves (share - p)^2 = z^2 p (1 - p) / n at both ends', () => {
    const trials = 37
    const { share, low, high } = wilson(11, trials)
    for (const p of [low, high]) {
      expect((share - p) ** 2).toBeCloseTo((1.959963984540054 ** 2 * p * (1 - p)) / trials, 14)
    }
  })

  test('needs trials', () => {
    expect(() => wilson(0, 0)).toThrow('a proportion has trials')
    expect(() => wilson(3, 2)).toThrow('successes are among the trials')
  })
})

describe('quantiles', () => {
  test('are those of numpy, of type 7', () => {
    // numpy.quantile([2, 3, 5, 7, 11, 13], [0, .1, .25, .5, .9, 1]), whose default is type 7 too.
    expect(quantiles([2, 3, 5, 7, 11, 13], [0, 0.1, 0.25, 0.5, 0.9, 1])).toEqual([2, 2.5, 3.5, 6, 12, 13])
    expect(quantiles([4], [0, 0.5, 1])).toEqual([4, 4, 4])
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

test('a running mean adds in order and is null without values', () => {
  const mean = new RunningMean()
  expect(mean.value).toBeNull()
  for (const value of [1e16, 1, -1e16, 3]) mean.add(value)
  // In this order the 1 is lost: the sum is that of the order of arrival.
  expect(mean.value).toBe(0.75)
})
