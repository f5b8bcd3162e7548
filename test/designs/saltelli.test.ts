import { expect, test } from 'vitest'
import { saltelli, saltelliOf, sobolPoints } from '../../engine/designs/index.ts'
import { rowsOf } from './helper.ts'

test("a base row becomes A, then A with each column of B, then B: SALib's order", () => {
  const base = { count: 2, dimension: 6, coordinates: Float64Array.from({ length: 12 }, (_, i) => i / 16) }
  const expected = [
    [0, 1, 2],
    [3, 1, 2],
    [0, 4, 2],
    [0, 1, 5],
    [3, 4, 5],
    [6, 7, 8],
    [9, 7, 8],
    [6, 10, 8],
    [6, 7, 11],
    [9, 10, 11],
  ]
  expect(rowsOf(saltelliOf(base))).toEqual(expected.map((row) => row.map((value) => value / 16)))
})

test('the base rows are sobol points of twice the dimension', () => {
  for (const scramble of [true, false]) {
    const options = { seed: 'base', scramble }
    const design = saltelli({ base: 16, dimension: 4, ...options })
    expect(design).toEqual(saltelliOf(sobolPoints({ points: 16, dimension: 8, ...options })))
    expect(design.count).toBe(16 * 6)
  }
})

test('256 parameters are the most that there are direction numbers for', () => {
  expect(saltelli({ base: 2, dimension: 256, seed: '', scramble: true }).count).toBe(2 * 258)
  expect(() => saltelli({ base: 2, dimension: 257, seed: '', scramble: true })).toThrow('at most 512')
})
