import { fc } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { factorial } from '../../engine/designs/index.ts'

test('the last factor changes fastest', () => {
  const { count, dimension, levels } = factorial([2, 1, 3])
  expect([count, dimension]).toEqual([6, 3])
  expect([...levels]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 2, 1, 0, 0, 1, 0, 1, 1, 0, 2])
})

test('every combination is there once', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }), (counts) => {
      const { count, dimension, levels } = factorial(counts)
      const rows = Array.from({ length: count }, (_, i) =>
        levels.slice(i * dimension, (i + 1) * dimension).join(),
      )
      expect(new Set(rows).size).toBe(counts.reduce((product, each) => product * each, 1))
      levels.forEach((level, at) => expect(level).toBeLessThan(counts[at % dimension]!))
    }),
    { numRuns: 30 },
  )
})

test('ten million points are the most', () => {
  expect(() => factorial([10, 1000, 1001])).toThrow('levels of 10 x 1000 x 1001 make 10010000 combinations')
  expect(() => factorial(Array.from({ length: 2000 }, () => 2))).toThrow(
    expect.objectContaining({ code: 'design-too-large', hint: expect.stringContaining('latin hypercube') }),
  )
})
