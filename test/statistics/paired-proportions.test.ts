/** Newcombe's interval for the difference of paired shares. */
import { describe, expect, test } from 'vitest'
import { RandomSequence } from '../../engine/numerics/words.ts'
import { PairedMoments } from '../../engine/statistics/index.ts'
import { pairedProportions } from '../../engine/statistics/paired-proportions.ts'

/** Pairs by what both, the first alone, the second alone and neither did. */
function pairs(both: number, first: number, second: number, neither: number): PairedMoments {
  const paired = new PairedMoments()
  const add = (count: number, a: number, b: number): void => {
    for (let i = 0; i < count; i++) paired.add(a, b)
  }
  add(both, 1, 1)
  add(neither, 0, 0)
  add(first, 1, 0)
  add(second, 0, 1)
  return paired
}

// Written out from the formulas of method 10 in numpy, without this code; (36, 12, 2, 0) and (36, 14, 0, 0) are tables of
// Newcombe (1998).
test.each<[[number, number, number, number], [number, number, number]]>([
  [
    [1, 1, 7, 3],
    [-0.5, -0.7446, -0.0758],
  ],
  [
    [14, 5, 0, 22],
    [0.122, 0.0115, 0.2265],
  ],
  [
    [53, 16, 8, 9],
    [0.093, -0.0201, 0.2039],
  ],
  [
    [36, 12, 2, 0],
    [0.2, 0.0569, 0.3404],
  ],
  [
    [36, 14, 0, 0],
    [0.28, 0.1528, 0.4167],
  ],
  [
    [0, 0, 0, 20],
    [0, -0.1611, 0.1611],
  ],
  [
    [20, 0, 0, 0],
    [0, -0.1611, 0.1611],
  ],
])('of %s is %s', (table, [difference, low, high]) => {
  const found = pairedProportions(pairs(...table))
  // The figures are rounded to four digits.
  expect(found.difference).toBeCloseTo(difference, 3)
  expect(found.low).toBeCloseTo(low, 4)
  expect(found.high).toBeCloseTo(high, 4)
})

test('is nothing for no pairs', () => {
  expect(pairedProportions(new PairedMoments())).toEqual({
    difference: null,
    low: null,
    high: null,
    standardError: null,
  })
})

describe('where few pairs differ', () => {
  const random = new RandomSequence({ seed: 'paired-proportions', stream: 'test' })
  /** Shares .05 and .035: all pairs of 20 are often equal, and Student's interval is then a point. */
  const sample = (count: number): PairedMoments => {
    const paired = new PairedMoments()
    for (let i = 0; i < count; i++) {
      const u = random.uniform()
      paired.add(Number(u < 0.05), Number(u >= 0.03 && u < 0.065))
    }
    return paired
  }

  test.each([20, 100])('holds the difference at least about as often as it says (%i pairs)', (count) => {
    const repetitions = 3000
    let held = 0
    for (let i = 0; i < repetitions; i++) {
      const { low, high } = pairedProportions(sample(count))
      if (low! <= 0.015 && 0.015 <= high!) held++
    }
    // Newcombe reports a mean coverage of .949 and a least of .90; more is usual where shares are small.
    expect(held / repetitions).toBeGreaterThan(0.93)
  })
})
