import studentQuantile from '@stdlib/stats-base-dists-t-quantile'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  Moments,
  PairedMoments,
  pairedDifference,
  pearson,
  welchDifference,
} from '../../engine/statistics/index.ts'

/** Student's data on sleep: hours gained by ten patients with each of two drugs. */
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

function pairs(a: readonly number[], b: readonly number[]): PairedMoments {
  const paired = new PairedMoments()
  a.forEach((value, i) => paired.add(value, b[i]!))
  return paired
}

const isNear = (found: number | null, known: number, tolerance = 1e-10): void =>
  expect(Math.abs(found! - known)).toBeLessThan(tolerance)

describe("Welch's difference", () => {
  // Computed in Python with scipy; of the data on sleep also by R: t.test(extra ~ group).
  test.each([
    [
      'of sleep',
      { a: first, b: second },
      { difference: -1.58, standardError: 0.849091017238762, degreesOfFreedom: 17.776473516178495 },
      [-3.3654832307117113, 0.20548323071171098],
    ],
    [
      'of samples of unequal size and variance',
      {
        a: [20.1, 18.7, 25.3, 19.9, 31.2, 22.4, 27.5],
        b: [14.2, 15.1, 13.9, 14.8, 15.6, 14.4, 13.2, 15, 14.1, 14.9, 15.3],
      },
      {
        difference: 8.994805194805194,
        standardError: 1.7534360006888858,
        degreesOfFreedom: 6.177982589558579,
      },
      [4.734086874881247, 13.255523514729141],
    ],
  ] as const)('%s is the known one', (_, { a, b }, known, [low, high]) => {
    const found = welchDifference(new Moments(a), new Moments(b))
    isNear(found.difference, known.difference)
    isNear(found.standardError, known.standardError)
    isNear(found.degreesOfFreedom, known.degreesOfFreedom)
    // The quantile of t is to 1e-8.
    isNear(found.low, low, 2e-8)
    isNear(found.high, high, 2e-8)
    expect(found.counts).toEqual({ a: a.length, b: b.length })
  })

  test('has a width where one side varies only, and none where neither does', () => {
    const found = welchDifference(new Moments([1, 2, 3]), new Moments([5, 5]))
    // The one that varies gives the degrees of freedom.
    expect(found).toMatchObject({ difference: -3, degreesOfFreedom: 2 })
    expect(welchDifference(new Moments([1, 1]), new Moments([5, 5]))).toEqual({
      counts: { a: 2, b: 2 },
      difference: -4,
      low: -4,
      high: -4,
      standardError: 0,
      degreesOfFreedom: null,
    })
  })

  test('is null for fewer than two values', () => {
    const found = welchDifference(new Moments([1]), new Moments([5, 6]))
    expect(found).toMatchObject({ difference: -4.5, low: null, high: null, standardError: null })
    expect(welchDifference(new Moments(), new Moments([5])).difference).toBeNull()
  })
})

describe('a paired difference', () => {
  test('of sleep is the known one', () => {
    const found = pairedDifference(pairs(first, second))
    expect(found.count).toBe(10)
    isNear(found.difference, -1.58)
    isNear(found.standardError, 0.3889587238883952)
    isNear(found.low, -2.459885763276983, 1e-8)
    isNear(found.high, -0.7001142367230174, 1e-8)
    // numpy.corrcoef(first, second).
    isNear(found.correlation, 0.7951702058335777)
    // With as many values on both sides, the ratio of the squared standard errors of Welch and Student.
    isNear(found.varianceReduction, (0.849091017238762 / 0.3889587238883952) ** 2)
  })

  // Multiples of an eighth: equal ones occur, and squares do not underflow.
  const number = fc.integer({ min: -800, max: 800 }).map((eighths) => eighths / 8)
  const numbers = fc.array(fc.tuple(number, number), { minLength: 2, maxLength: 40 })

  property.prop([numbers, fc.double({ min: 0.5, max: 0.99, noNaN: true })])(
    'needs as many independent runs as Welch says, and not one fewer',
    (list, confidence) => {
      const paired = pairs(
        list.map(([a]) => a),
        list.map(([, b]) => b),
      )
      const { low, high, unpairedReplications: needed } = pairedDifference(paired, confidence)
      const [va, vb] = [paired.a.variance!, paired.b.variance!]
      if (needed === null) {
        expect(high).toBe(low)
        return
      }
      const welch = (count: number): number =>
        studentQuantile((1 + confidence) / 2, ((count - 1) * (va + vb) ** 2) / (va ** 2 + vb ** 2)) *
        Math.sqrt((va + vb) / count)
      // The two ends round, and so does the formula.
      const half = (high! - low!) / 2
      expect(welch(needed)).toBeLessThanOrEqual(half * (1 + 1e-9) + 1e-12)
      if (needed > 2) expect(welch(needed - 1)).toBeGreaterThanOrEqual(half * (1 - 1e-9) - 1e-12)
    },
  )

  property.prop([numbers, numbers])('of parts, merged, is that of all', (one, other) => {
    const [merged, part, all] = [new PairedMoments(), new PairedMoments(), new PairedMoments()]
    for (const [a, b] of one) merged.add(a, b)
    for (const [a, b] of other) part.add(a, b)
    for (const [a, b] of [...one, ...other]) all.add(a, b)
    merged.merge(part)
    expect(merged.count).toBe(all.count)
    // Some eighty roundings of products up to 1e4.
    isNear(merged.covariance, all.covariance!, 1e-9)
    isNear(merged.difference.variance, all.difference.variance!, 1e-9)
    const empty = new PairedMoments()
    empty.merge(all)
    expect([empty.covariance, empty.correlation]).toEqual([all.covariance, all.correlation])
    all.merge(new PairedMoments())
    expect(all.covariance).toBe(empty.covariance)
  })

  property.prop([numbers])('has the covariance and correlation of two passes', (list) => {
    const [a, b] = [list.map(([a]) => a), list.map(([, b]) => b)]
    const paired = pairs(a, b)
    const [va, vb, vd] = [paired.a.variance!, paired.b.variance!, paired.difference.variance!]
    // var (a - b) = var a + var b - 2 cov, by roundings of squares up to 1e4.
    isNear(va + vb - 2 * paired.covariance!, vd, 1e-9)
    if (va > 0 && vb > 0) isNear(paired.correlation, pearson(a, b)!)
    else expect([paired.correlation, pearson(a, b)]).toEqual([null, null])
  })

  test('of identical variants is known without error', () => {
    expect(pairedDifference(pairs(first, first))).toEqual({
      count: 10,
      difference: 0,
      low: 0,
      high: 0,
      standardError: 0,
      correlation: 1,
      varianceReduction: null,
      unpairedReplications: null,
    })
    expect(pairedDifference(pairs([1, 1], [3, 3]))).toMatchObject({ difference: -2, correlation: null })
  })

  test('of opposite luck says that sharing did harm', () => {
    const found = pairedDifference(
      pairs(
        first,
        first.map((hours) => -hours),
      ),
    )
    isNear(found.correlation, -1)
    isNear(found.varianceReduction, 0.5)
    // Half of the 10 would do for the variance, but their t has 8 degrees of freedom where the pairs' has 9.
    expect(found.unpairedReplications).toBe(6)
  })

  test('keeps its digits where variants are nearly the same', () => {
    const values = [1, 2, 3, 4, 5].map((value) => 1e8 * value)
    const found = pairedDifference(
      pairs(
        values,
        values.map((value, i) => value - (i % 2)),
      ),
    )
    // Differences are 0, 1, 0, 1, 0, whose variance is 0.3.
    isNear(found.standardError, Math.sqrt(0.3 / 5), 1e-15)
    expect(found.varianceReduction! / ((2 * 2.5e16) / 0.3)).toBeCloseTo(1, 7)
    // At so many runs t is z: (var a + var b) (1.96 / half width)^2.
    const count = 5e16 * (1.959963984540054 / (2.7764451051977987 * Math.sqrt(0.06))) ** 2
    expect(count).toBeGreaterThan(2 ** 53)
    expect(found.unpairedReplications).toBeNull()
  })

  test('is null for fewer than two pairs', () => {
    const none = { low: null, high: null, standardError: null, correlation: null, varianceReduction: null }
    expect(pairedDifference(new PairedMoments())).toMatchObject({ count: 0, difference: null, ...none })
    expect(pairedDifference(pairs([3], [1]))).toMatchObject({ count: 1, difference: 2, ...none })
  })
})
