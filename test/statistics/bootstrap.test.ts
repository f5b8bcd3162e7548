import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { RandomSequence } from '../../engine/numerics/words.ts'
import { Moments, bootstrap, quantiles } from '../../engine/statistics/index.ts'

const values = [3, -1, 4, 1, 5, 9, 2, 6, 5, 3]
const mean = (indices: Int32Array): number =>
  indices.reduce((sum, index) => sum + values[index]!, 0) / indices.length

describe('the bootstrap', () => {
  property.prop([
    // Beyond 1024 the words come in parts.
    fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1020, max: 1030 })),
    fc.string(),
    fc.integer({ min: 2, max: 5 }),
  ])('draws what the random sequences of its resamples give', (count, seed, resamples) => {
    const drawn: Int32Array[] = []
    bootstrap({ count, seed, stream: 'test', resamples }, (indices) => {
      drawn.push(indices.slice())
      return 0
    })
    const expected = Array.from({ length: resamples }, (_, index) => {
      const sequence = new RandomSequence({ seed, stream: 'test', index })
      return Int32Array.from({ length: count }, () => sequence.below(count))
    })
    // The sample itself is the first.
    expect(drawn[0]).toEqual(Int32Array.from({ length: count }, (_, i) => i))
    expect(drawn.slice(1)).toEqual(expected)
  })

  test('has the quantiles and the deviation of its resamples', () => {
    const found = bootstrap({ count: 10, seed: '7', stream: 'test', resamples: 500, confidence: 0.9 }, mean)
    const means = Array.from({ length: 500 }, (_, index) => {
      const sequence = new RandomSequence({ seed: '7', stream: 'test', index })
      return mean(Int32Array.from({ length: 10 }, () => sequence.below(10)))
    })
    const [low, high] = quantiles(Float64Array.from(means).sort(), [0.05, 0.95])
    expect(found.estimate).toBe(3.7)
    expect(found.low).toBeCloseTo(low!, 12)
    expect(found.high).toBeCloseTo(high!, 12)
    expect(found.standardError).toBe(new Moments(means).deviation)
  })

  test('finds the standard error of a mean', () => {
    const { standardError } = bootstrap({ count: 10, seed: '1', stream: 'test', resamples: 4000 }, mean)
    // Of resamples: sqrt of the variance over n, once more over n. A deviation of 4000 is off by 1.1%; four of these.
    const known = Math.sqrt((new Moments(values).variance! * 0.9) / 10)
    expect(Math.abs(standardError / known - 1)).toBeLessThan(0.045)
  })

  test('of one value has no width', () => {
    const found = bootstrap({ count: 1, seed: '1', stream: 'test' }, (indices) => values[indices[0]!]!)
    expect(found).toEqual({ estimate: 3, low: 3, high: 3, standardError: 0 })
  })

  test('refuses statistics without a value and what is no sample', () => {
    const options = { count: 3, seed: '1', stream: 'test' }
    expect(() => bootstrap(options, () => Number.NaN)).toThrow('a statistic is finite: {"value":"NaN"}')
    expect(() => bootstrap({ ...options, count: 0 }, mean)).toThrow('a sample has values')
    expect(() => bootstrap({ ...options, resamples: 1 }, mean)).toThrow('at least two resamples')
  })
})
