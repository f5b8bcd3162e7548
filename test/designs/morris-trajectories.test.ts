import { describe, expect, test } from 'vitest'
import { morrisTrajectories } from '../../engine/designs/index.ts'
import { rowsOf } from './helper.ts'

describe.each([
  { levels: 2, delta: 1 },
  { levels: 4, delta: 2 / 3 },
  { levels: 6, delta: 3 / 5 },
])('trajectories of $levels levels', ({ levels, delta }) => {
  const [trajectories, dimension] = [600, 5]
  const design = morrisTrajectories({ trajectories, levels, dimension, seed: 'levels' })
  const rows = rowsOf(design)

  test('change each factor once, by delta up or down, and nothing else', () => {
    for (let t = 0; t < trajectories; t++) {
      const seen = new Set<number>()
      for (let s = 0; s < dimension; s++) {
        const factor = design.factors[t * dimension + s]!
        const change = design.changes[t * dimension + s]!
        const [before, after] = [rows[t * (dimension + 1) + s]!, rows[t * (dimension + 1) + s + 1]!]
        seen.add(factor)
        expect(Math.abs(change)).toBe(delta)
        after.forEach((u, d) => {
          if (d !== factor) expect(u).toBe(before[d])
          // A level is rounded once, and so is the change.
          else expect(u - before[d]!).toBeCloseTo(change, 15)
        })
      }
      expect(seen.size).toBe(dimension)
    }
  })

  test('visit every level of every factor as often, by chance', () => {
    const counts = Array.from({ length: dimension }, () => Array.from({ length: levels }, () => 0))
    for (let t = 0; t < trajectories; t++) {
      rows[t * (dimension + 1)]!.forEach((u, d) => counts[d]![Math.round(u * (levels - 1))]!++)
    }
    const expected = trajectories / levels
    // Five standard errors of a binomial number.
    const error = Math.sqrt(expected * (1 - 1 / levels))
    for (const count of counts.flat()) expect(Math.abs(count - expected)).toBeLessThan(5 * error)
    for (const u of design.coordinates) expect(u * (levels - 1)).toBeCloseTo(Math.round(u * (levels - 1)), 12)
  })

  test('visit the factors in every order as often, by chance', () => {
    const first = Array.from({ length: dimension }, () => 0)
    for (let t = 0; t < trajectories; t++) first[design.factors[t * dimension]!]!++
    for (const count of first) expect(Math.abs(count - 120)).toBeLessThan(5 * Math.sqrt(120 * 0.8))
  })
})

test('more trajectories leave the first as they were', () => {
  const options = { levels: 4, dimension: 3, seed: 'more' }
  const few = morrisTrajectories({ trajectories: 5, ...options })
  const many = morrisTrajectories({ trajectories: 9, ...options })
  expect(many.coordinates.slice(0, few.coordinates.length)).toEqual(few.coordinates)
  expect(many.changes.slice(0, few.changes.length)).toEqual(few.changes)
})

test('odd numbers of levels are refused', () => {
  for (const levels of [0, 1, 3, 2.5]) {
    expect(() => morrisTrajectories({ trajectories: 1, levels, dimension: 1, seed: '' })).toThrow(
      `levels is ${levels}, which is not an even number from 2 on`,
    )
  }
})
