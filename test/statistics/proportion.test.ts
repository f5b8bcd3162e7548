import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { wilson } from '../../engine/statistics/index.ts'

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

  property.prop([
    fc.integer({ min: 1, max: 1e6 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0.01, max: 0.999, noNaN: true }),
  ])('holds the share, lies in [0, 1] and mirrors failures', (trials, part, confidence) => {
    const successes = Math.round(part * trials)
    const { share, low, high } = wilson(successes, trials, confidence)
    const failures = wilson(trials - successes, trials, confidence)
    expect(low).toBeGreaterThanOrEqual(0)
    // Where the interval is narrow its ends are the share but for a few roundings of numbers below 1.
    expect(low - share).toBeLessThanOrEqual(1e-15)
    expect(share - high).toBeLessThanOrEqual(1e-15)
    expect(high).toBeLessThanOrEqual(1)
    expect(Math.abs(1 - failures.high - low)).toBeLessThan(1e-14)
  })

  property.prop([
    fc.integer({ min: 1, max: 1e4 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0.05, max: 0.9, noNaN: true }),
  ])('is wider with more confidence', (trials, part, confidence) => {
    const successes = Math.round(part * trials)
    const narrow = wilson(successes, trials, confidence)
    const wide = wilson(successes, trials, confidence + 0.05)
    expect(wide.low).toBeLessThanOrEqual(narrow.low)
    expect(wide.high).toBeGreaterThanOrEqual(narrow.high)
  })

  test.each([
    [0.95, 1.959963984540054],
    [0.9, 1.6448536269514722],
    [0.99, 2.5758293035489004],
  ])('at %f solves (share - p)^2 = z^2 p (1 - p) / n at both ends', (confidence, z) => {
    const trials = 37
    const { share, low, high } = wilson(11, trials, confidence)
    for (const p of [low, high]) expect((share - p) ** 2).toBeCloseTo((z ** 2 * p * (1 - p)) / trials, 14)
  })

  test('is at 95% unless told otherwise', () => {
    expect(wilson(7, 20)).toEqual(wilson(7, 20, 0.95))
  })

  test('needs trials and a confidence', () => {
    expect(() => wilson(0, 0)).toThrow('a proportion has trials')
    expect(() => wilson(3, 2)).toThrow('successes are among the trials')
    expect(() => wilson(1, 2, 95)).toThrow('a confidence is between 0 and 1: {"confidence":95}')
  })
})
