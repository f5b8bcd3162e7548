import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { Moments, RunningMean, meanInterval } from '../../engine/statistics/index.ts'

test('a running mean adds in order and is null without values', () => {
  const mean = new RunningMean()
  expect(mean.value).toBeNull()
  for (const value of [1e16, 1, -1e16, 3]) mean.add(value)
  // In this order the 1 is lost: the sum is that of the order of arrival.
  expect(mean.value).toBe(0.75)
})

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 60 })

describe('moments', () => {
  property.prop([values])('are those of two passes', (list) => {
    const { count, mean, variance, min, max } = new Moments(list)
    expect(count).toBe(list.length)
    if (list.length === 0) return
    const average = list.reduce((sum, value) => sum + value, 0) / list.length
    const squares = list.reduce((sum, value) => sum + (value - average) ** 2, 0)
    // Some sixty roundings of numbers up to 1e6, and of their squares.
    expect(Math.abs(mean! - average)).toBeLessThan(1e-8)
    if (list.length > 1)
      expect(Math.abs(variance! - squares / (list.length - 1))).toBeLessThan(1e-13 * squares + 1e-9)
    expect([min, max]).toEqual([Math.min(...list), Math.max(...list)])
  })

  property.prop([values, values])('of parts, merged, are those of all', (one, other) => {
    const merged = new Moments(one)
    const part = new Moments(other)
    merged.merge(part)
    const all = new Moments([...one, ...other])
    expect([merged.count, merged.min, merged.max]).toEqual([all.count, all.min, all.max])
    expect(part.count).toBe(other.length)
    if (all.mean !== null) expect(Math.abs(merged.mean! - all.mean)).toBeLessThan(1e-8)
    if (all.variance !== null)
      expect(Math.abs(merged.variance! - all.variance)).toBeLessThan(1e-12 * all.variance + 1e-9)
  })

  test('keep the digits of values that differ little', () => {
    // Sums of squares would be left with nothing: the variance is 30 whatever is added.
    expect(new Moments([4, 7, 13, 16].map((value) => 1e9 + value)).variance).toBe(30)
  })

  test('are null where there are too few values', () => {
    const none = new Moments()
    expect([none.count, none.mean, none.variance, none.deviation, none.min, none.max]).toEqual([
      0,
      null,
      null,
      null,
      null,
      null,
    ])
    const one = new Moments([5])
    expect([one.mean, one.variance, one.deviation, one.min, one.max]).toEqual([5, null, null, 5, 5])
    expect(new Moments([1, 3]).deviation).toBe(Math.SQRT2)
  })

  test('refuse what is not finite', () => {
    expect(() => new Moments([1, Number.NaN])).toThrow('moments are of finite values: {"value":"NaN"}')
  })
})

describe('the interval of a mean', () => {
  test("is Student's of the differences in sleep", () => {
    // Student (1908); R: t.test(extra, paired) gives (-2.4598858, -0.7001142).
    const differences = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2].map(
      (hours, i) => hours - [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4][i]!,
    )
    const found = meanInterval(new Moments(differences))
    expect(Math.abs(found.estimate! + 1.58)).toBeLessThan(1e-10)
    expect(Math.abs(found.standardError! - 0.3889587238883952)).toBeLessThan(1e-10)
    // The quantile of t is to 1e-8.
    expect(Math.abs(found.low! + 2.459885763276983)).toBeLessThan(1e-8)
    expect(Math.abs(found.high! + 0.7001142367230174)).toBeLessThan(1e-8)
  })

  test('has no ends for fewer than two values, and no width for equal ones', () => {
    expect(meanInterval(new Moments())).toEqual({
      count: 0,
      estimate: null,
      low: null,
      high: null,
      standardError: null,
    })
    expect(meanInterval(new Moments([2]))).toMatchObject({ count: 1, estimate: 2, low: null, high: null })
    expect(meanInterval(new Moments([2, 2, 2]))).toMatchObject({ low: 2, high: 2, standardError: 0 })
  })
})
