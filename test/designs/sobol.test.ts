import { describe, expect, test } from 'vitest'
import { MOST_SOBOL_DIMENSIONS, isPowerOfTwo, sobolPoints } from '../../engine/designs/index.ts'
import { RandomSequence } from '../../engine/numerics/words.ts'
import { columnOf, digitsOf, hashOf, rowsOf } from './helper.ts'

const unscrambled = (dimension: number, points: number, skip = 0) =>
  sobolPoints({ points, dimension, seed: '', scramble: false, skip })
const scrambled = (dimension: number, points: number, seed: string, skip = 0) =>
  sobolPoints({ points, dimension, seed, scramble: true, skip })

/** Points in each cell of a grid of 2^digits[d] intervals in column d. */
function cells(design: ReturnType<typeof unscrambled>, digits: readonly number[]): number[] {
  const counts = Array.from({ length: 2 ** digits.reduce((sum, each) => sum + each, 0) }, () => 0)
  for (const row of rowsOf(design)) {
    const cell = digits.reduce((at, each, d) => at * 2 ** each + Math.floor(row[d]! * 2 ** each), 0)
    counts[cell]!++
  }
  return counts
}

describe('unscrambled points', () => {
  // Figures of scipy 1.17.1: scipy.stats.qmc.Sobol(d, scramble=False).random(n) * 1024.
  test('are those of scipy in 1, 2 and 5 dimensions', () => {
    const in1024ths = (dimension: number, points: number) =>
      rowsOf(unscrambled(dimension, points)).map((row) => row.map((u) => u * 1024))
    expect(in1024ths(1, 8)).toEqual([[0], [512], [768], [256], [384], [896], [640], [128]])
    expect(in1024ths(2, 8)).toEqual([
      [0, 0],
      [512, 512],
      [768, 256],
      [256, 768],
      [384, 384],
      [896, 896],
      [640, 128],
      [128, 640],
    ])
    expect(in1024ths(5, 10)).toEqual([
      [0, 0, 0, 0, 0],
      [512, 512, 512, 512, 512],
      [768, 256, 256, 256, 768],
      [256, 768, 768, 768, 256],
      [384, 384, 640, 896, 384],
      [896, 896, 128, 384, 896],
      [640, 128, 896, 640, 640],
      [128, 640, 384, 128, 128],
      [192, 320, 960, 448, 576],
      [704, 832, 448, 960, 64],
    ])
  })

  // FNV-1a over scipy's points times 2^32, and the sum of all coordinates, which is exact.
  test.each([
    [21, 1000, 2533955941, 10491.9921875],
    [100, 300, 2327954309, 14951.46875],
    [512, 64, 3216416197, 16128],
  ])('are those of scipy in %i dimensions, all %i', (dimension, points, hash, sum) => {
    const design = unscrambled(dimension, points)
    expect(design.coordinates.reduce((total, u) => total + u, 0)).toBe(sum)
    expect(hashOf(digitsOf(design))).toBe(hash)
  })

  test('are those of scipy at 1, 2, 4 and so on to 2^29 in all 512 dimensions: every direction number', () => {
    const powers = Array.from({ length: 30 }, (_, k) => digitsOf(unscrambled(512, 1, 2 ** k)))
    expect(hashOf(powers.flat())).toBe(2238569405)
  })

  test('go on where points are skipped', () => {
    const all = rowsOf(unscrambled(7, 300))
    for (const skip of [1, 2, 3, 64, 100, 255]) {
      expect(rowsOf(unscrambled(7, 300 - skip, skip))).toEqual(all.slice(skip))
    }
  })

  test('end with point 2^32 - 1', () => {
    expect(unscrambled(1, 1, 2 ** 32 - 1).coordinates[0]).toBe(2 ** -32)
    expect(() => unscrambled(1, 2, 2 ** 32 - 1)).toThrow('2^32 points')
  })
})

describe('scrambled points', () => {
  test('hold one point in each of 2^m intervals, in every coordinate and every block', () => {
    for (let m = 0; m <= 10; m++) {
      for (const skip of [0, 3 * 2 ** m]) {
        const design = scrambled(40, 2 ** m, `intervals ${m}`, skip)
        for (let d = 0; d < design.dimension; d++) {
          const strata = columnOf(design, d).map((u) => Math.floor(u * 2 ** m))
          expect(strata.sort()).toEqual(Float64Array.from({ length: 2 ** m }, (_, i) => i))
        }
      }
    }
  })

  test('are a (0, m, 2)-net in the first two coordinates: one point in each rectangle of area 2^-m', () => {
    for (let m = 1; m <= 10; m++) {
      const design = scrambled(2, 2 ** m, `net ${m}`)
      for (let first = 0; first <= m; first++) {
        expect(cells(design, [first, m - first])).toEqual(Array.from({ length: 2 ** m }, () => 1))
      }
    }
  })

  test('are balanced in three coordinates as the unscrambled: t is 1, so boxes of volume 2^(1 - m) hold two', () => {
    const m = 8
    const design = scrambled(3, 2 ** m, 'three')
    for (let first = 0; first < m; first++) {
      for (let second = 0; first + second < m; second++) {
        const digits = [first, second, m - 1 - first - second]
        expect(cells(design, digits)).toEqual(Array.from({ length: 2 ** (m - 1) }, () => 2))
      }
    }
  })

  test('are odd multiples of 2^-33', () => {
    for (const u of scrambled(5, 200, 'odd').coordinates) expect(Math.abs((u * 2 ** 33) % 2)).toBe(1)
  })

  test('depend on the seed, and a column on its number only', () => {
    expect(scrambled(3, 16, 'a')).toEqual(scrambled(3, 16, 'a'))
    expect(scrambled(3, 16, 'a')).not.toEqual(scrambled(3, 16, 'b'))
    expect(columnOf(scrambled(9, 16, 'a'), 2)).toEqual(columnOf(scrambled(3, 16, 'a'), 2))
  })

  test('are uniform over scrambles: the mean of every point and coordinate is 1/2 within its error', () => {
    const scrambles = 400
    const sums = new Float64Array(4 * 3)
    for (let s = 0; s < scrambles; s++) {
      scrambled(3, 4, `uniform ${s}`).coordinates.forEach((u, at) => (sums[at]! += u))
    }
    // Four standard errors of a mean of uniform numbers: twelve of them miss by chance once in 1300.
    for (const sum of sums)
      expect(Math.abs(sum / scrambles - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / scrambles))
  })

  test('integrate without bias, and with far smaller errors than random points', () => {
    // The integral is 1; each factor has variance 1/12 of the square of its weight, 1, 1/2, 1/3, 1/4 and 1/5.
    const [dimension, points, scrambles] = [5, 512, 100]
    const integrand = (point: readonly number[]): number =>
      point.reduce((product, u, d) => product * (1 + (3 * u * u - 1) / (d + 1)), 1)
    const errorsOf = (designOf: (s: number) => number[][]): { mean: number; rms: number } => {
      const errors = Array.from({ length: scrambles }, (_, s) => {
        const rows = designOf(s)
        return rows.reduce((sum, row) => sum + integrand(row), 0) / rows.length - 1
      })
      return {
        mean: errors.reduce((sum, error) => sum + error, 0) / scrambles,
        rms: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / scrambles),
      }
    }
    const sobol = errorsOf((s) => rowsOf(scrambled(dimension, points, `integral ${s}`)))
    const random = errorsOf((s) => {
      const sequence = new RandomSequence({ seed: 'integral', stream: 'random', index: s })
      return Array.from({ length: points }, () => Array.from({ length: dimension }, () => sequence.uniform()))
    })
    // Plain Monte Carlo: sqrt(variance / points), with E f^2 the product of 1 + (4/5) / (d + 1)^2.
    const variance = [1, 2, 3, 4, 5].reduce((product, d) => product * (1 + 0.8 / d ** 2), 1) - 1
    const expected = Math.sqrt(variance / points)
    // The root mean square of 100 errors is within 30% of its law's, by four standard errors (1 / sqrt(200) each).
    expect(Math.abs(random.rms / expected - 1)).toBeLessThan(0.3)
    expect(sobol.rms).toBeLessThan(expected / 10)
    expect(Math.abs(sobol.mean)).toBeLessThan((4 * sobol.rms) / Math.sqrt(scrambles))
  })
})

test('more dimensions than there are direction numbers are refused with a hint', () => {
  expect(MOST_SOBOL_DIMENSIONS).toBe(512)
  expect(() => unscrambled(513, 2)).toThrow('sobol points have at most 512 coordinates, not 513')
  expect(() => unscrambled(513, 2)).toThrow(
    expect.objectContaining({ code: 'sobol-dimensions', hint: expect.stringContaining('latin hypercube') }),
  )
})

test('powers of two are told from other numbers', () => {
  const powers = Array.from({ length: 70 }, (_, i) => i).filter(isPowerOfTwo)
  expect(powers).toEqual([1, 2, 4, 8, 16, 32, 64])
  expect([2 ** 30, 2 ** 31, 2 ** 31 - 1, -2, 1.5].map(isPowerOfTwo)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})
