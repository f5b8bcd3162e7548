import { expect, test } from 'vitest'
import { latinHypercube } from '../../engine/designs/index.ts'
import { columnOf } from './helper.ts'

test('every column has one point in each stratum', () => {
  for (const points of [1, 2, 3, 10, 97, 1000]) {
    const design = latinHypercube({ points, dimension: 6, seed: `strata ${points}` })
    for (let d = 0; d < 6; d++) {
      const strata = columnOf(design, d).map((u) => Math.floor(u * points))
      expect(strata.sort()).toEqual(Float64Array.from({ length: points }, (_, i) => i))
    }
  }
})

test('points are anywhere in their stratum, and strata of columns are independent', () => {
  const points = 2000
  const design = latinHypercube({ points, dimension: 2, seed: 'independent' })
  const inside = columnOf(design, 0).map((u) => (u * points) % 1)
  // Four standard errors of the mean and of the variance of uniform numbers.
  const mean = inside.reduce((sum, x) => sum + x, 0) / points
  expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / points))
  const variance = inside.reduce((sum, x) => sum + (x - 0.5) ** 2, 0) / points
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / points))
  // The correlation of two random permutations has standard deviation 1 / sqrt(n - 1).
  const [x, y] = [columnOf(design, 0), columnOf(design, 1)]
  const correlation = (12 * x.reduce((sum, u, i) => sum + (u - 0.5) * (y[i]! - 0.5), 0)) / points
  expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(points - 1))
})

test('the mean of a sum of the coordinates has nearly no error, that of random points has', () => {
  const points = 50
  for (let s = 0; s < 20; s++) {
    const design = latinHypercube({ points, dimension: 3, seed: `sum ${s}` })
    const mean = design.coordinates.reduce((sum, u) => sum + u, 0) / points
    // Stein (1987): additive functions keep only the error inside of strata, here sqrt(3 / 12) / 50^1.5 = 0.0014.
    expect(Math.abs(mean - 1.5)).toBeLessThan(5 * 0.0014)
  }
})

test('a column depends on the seed and its number, not on how many there are', () => {
  const three = latinHypercube({ points: 20, dimension: 3, seed: 'a' })
  const five = latinHypercube({ points: 20, dimension: 5, seed: 'a' })
  expect(columnOf(five, 2)).toEqual(columnOf(three, 2))
  expect(columnOf(three, 0)).not.toEqual(columnOf(three, 1))
  expect(latinHypercube({ points: 20, dimension: 3, seed: 'b' })).not.toEqual(three)
})

test('designs without points, without columns or too large are refused', () => {
  expect(() => latinHypercube({ points: 0, dimension: 1, seed: '' })).toThrow('a design has points')
  expect(() => latinHypercube({ points: 1, dimension: 0, seed: '' })).toThrow('a point has coordinates')
  expect(() => latinHypercube({ points: 1e7, dimension: 100, seed: '' })).toThrow(
    expect.objectContaining({ code: 'design-too-large' }),
  )
})
