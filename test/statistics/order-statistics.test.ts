/** Order statistics against sorting, in whatever order ranks are asked for. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OrderStatistics } from '../../engine/statistics/index.ts'

describe('order statistics', () => {
  test('are those of the sorted values, whichever ranks are asked for, in any order and again', () => {
    const values = fc.oneof(
      fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 300 }),
      // Many that are equal.
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 2000 }),
    )
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 20 })
    fc.assert(
      fc.property(values, shares, (given, asked) => {
        // +0 and -0 are equal, and either may come first.
        const sorted = Float64Array.from(given, (value) => value + 0).sort()
        const found = new OrderStatistics(Float64Array.from(given, (value) => value + 0))
        expect(found.length).toBe(given.length)
        for (const share of [...asked, ...asked.slice(0, 3)]) {
          const rank = Math.floor(share * given.length)
          expect(found.at(rank)).toBe(sorted[rank])
        }
      }),
    )
  })

  test('of a hundred thousand values in descending order are found at the ends and in the middle', () => {
    const found = new OrderStatistics(Float64Array.from({ length: 100_000 }, (_, i) => 99_999 - i))
    for (const rank of [50_000, 0, 99_999, 49_999, 50_001, 10_000]) expect(found.at(rank)).toBe(rank)
  })

  test('there are none beyond the ends, and none of no values', () => {
    const found = new OrderStatistics(Float64Array.of(2, 1))
    expect([found.at(-1), found.at(0), found.at(1), found.at(2)]).toEqual([undefined, 1, 2, undefined])
    expect(new OrderStatistics(new Float64Array(0)).at(0)).toBeUndefined()
    expect(() => found.at(0.5)).toThrow('a rank is whole')
  })
})
