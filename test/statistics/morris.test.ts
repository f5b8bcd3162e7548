import { describe, expect, test } from 'vitest'
import { morrisTrajectories } from '../../engine/designs/index.ts'
import { morrisEffects } from '../../engine/statistics/morris.ts'
import { type TestFunction, ishigami, resultsAt, sobolG } from './test-functions.ts'

/**
 * Moments of the elementary effects of the Ishigami function over the whole grid of 4 levels, enumerated in Python:
 * every base point with coordinate i in {0, 1/3} and the others in {0, 1/3, 2/3, 1}, changed by 2/3; sigma is the
 * deviation over n.
 */
const POPULATION = {
  mu: [7.704054111593104, 0, 0],
  muStar: [7.704054111593104, 7.875, 6.2487961033331185],
  sigma: [6.2487961033331185, 7.875, 8.837132197837844],
}

function effectsOf(of: TestFunction, trajectories: number, seed: string, resamples = 200) {
  const design = morrisTrajectories({ trajectories, levels: 4, dimension: of.dimension, seed })
  return morrisEffects(resultsAt(design, of), design, { seed, resamples })
}

test('every trajectory there is has the moments of the whole grid, exactly', () => {
  // Both halves of the levels, up or down, six orders: 4^3 starts and 6 orders.
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]
  const [values, factors, changes]: [number[], number[], number[]] = [[], [], []]
  for (let start = 0; start < 64; start++) {
    for (const order of orders) {
      const at = [start % 4, (start >> 2) % 4, start >> 4]
      const result = (): number => ishigami.of(at.map((level) => level / 3))
      values.push(result())
      for (const factor of order) {
        const direction = at[factor]! < 2 ? 1 : -1
        at[factor]! += 2 * direction
        factors.push(factor)
        changes.push((2 * direction) / 3)
        values.push(result())
      }
    }
  }
  const count = 64 * orders.length
  const effects = morrisEffects(values, { dimension: 3, factors, changes }, { seed: '', resamples: 2 })
  effects.forEach(({ mu, muStar, sigma }, j) => {
    // To the rounding of sums of 384 numbers.
    expect(mu).toBeCloseTo(POPULATION.mu[j]!, 11)
    expect(muStar.estimate).toBeCloseTo(POPULATION.muStar[j]!, 11)
    expect(sigma * Math.sqrt((count - 1) / count)).toBeCloseTo(POPULATION.sigma[j]!, 11)
  })
})

test('random trajectories have them within their errors', () => {
  const trajectories = 2000
  const effects = effectsOf(ishigami, trajectories, 'random', 50)
  effects.forEach(({ mu, muStar, sigma }, j) => {
    const [deviation, size] = [POPULATION.sigma[j]!, POPULATION.muStar[j]!]
    // Four standard errors of means. The square of sigma is mu*'s second moment less mu's square.
    expect(Math.abs(mu - POPULATION.mu[j]!)).toBeLessThan((4 * deviation) / Math.sqrt(trajectories))
    const deviationOfSize = Math.sqrt(Math.max(deviation ** 2 + POPULATION.mu[j]! ** 2 - size ** 2, 0))
    expect(Math.abs(muStar.estimate! - size)).toBeLessThan(
      (4 * deviationOfSize) / Math.sqrt(trajectories) + 1e-9,
    )
    // sigma of effects without heavy tails: four times sigma / sqrt(2 n) at most for a kurtosis up to 3.
    expect(Math.abs(sigma - deviation)).toBeLessThan((4 * deviation) / Math.sqrt(2 * trajectories))
  })
})

test("intervals of mu* at 95% hold the grid's value 90% to 99% of the time with 40 trajectories and 200 seeds", () => {
  const seeds = 200
  const held = [0, 0, 0]
  for (let s = 0; s < seeds; s++) {
    effectsOf(ishigami, 40, `coverage ${s}`).forEach(({ muStar: { low, high } }, j) => {
      // An effect of one size has an interval without width, which rounding may move.
      if (low! - 1e-9 <= POPULATION.muStar[j]! && POPULATION.muStar[j]! <= high! + 1e-9) held[j]!++
    })
  }
  // Standard error 1.5 points; percentile intervals of means of 40 fall short by about one.
  expect(held[0]! / seeds).toBeGreaterThan(0.9)
  expect(held[0]! / seeds).toBeLessThan(0.99)
  expect(held[1]).toBe(seeds)
  expect(held[2]! / seeds).toBeGreaterThan(0.9)
  expect(held[2]! / seeds).toBeLessThan(0.99)
})

describe('effects', () => {
  test('of a linear function are its slopes, without deviation', () => {
    const design = morrisTrajectories({ trajectories: 20, levels: 6, dimension: 3, seed: 'linear' })
    const slopes = [3, -2, 0]
    const linear = {
      ...ishigami,
      of: (point: ArrayLike<number>) => slopes.reduce((sum, slope, d) => sum + slope * point[d]!, 1),
    }
    morrisEffects(resultsAt(design, linear), design, { seed: '' }).forEach(({ mu, muStar, sigma }, j) => {
      expect(mu).toBeCloseTo(slopes[j]!, 12)
      expect(sigma).toBeCloseTo(0, 12)
      for (const end of [muStar.estimate, muStar.low, muStar.high]) {
        expect(end).toBeCloseTo(Math.abs(slopes[j]!), 12)
      }
    })
  })

  test("rank the g function's parameters by their weights", () => {
    const sizes = effectsOf(sobolG, 200, 'rank').map(({ muStar }) => muStar.estimate!)
    // Weights 0, 1, 4.5, 9 and four times 99: equal ones are about equal.
    expect(sizes.slice(0, 4)).toEqual(sizes.slice(0, 4).toSorted((one, other) => other - one))
    expect(Math.max(...sizes.slice(4))).toBeLessThan(sizes[3]! / 3)
  })

  test('are nothing for a constant result', () => {
    const design = morrisTrajectories({ trajectories: 4, levels: 4, dimension: 2, seed: 'constant' })
    const values = new Float64Array(design.count).fill(7)
    const none = { mu: 0, muStar: { estimate: 0, low: 0, high: 0 }, sigma: 0 }
    expect(morrisEffects(values, design, { seed: '' })).toEqual([none, none])
  })

  test('need at least two trajectories, each step of which is known', () => {
    const design = morrisTrajectories({ trajectories: 2, levels: 4, dimension: 2, seed: 'few' })
    expect(() => morrisEffects([1, 2, 3], design, { seed: '' })).toThrow('at least two trajectories')
    expect(() => morrisEffects(new Float64Array(9), design, { seed: '' })).toThrow('every step')
    expect(() => morrisEffects([1, 2, 3, 4, NaN, 6], design, { seed: '' })).toThrow('each parameter once')
    const twice = { ...design, factors: Int32Array.from([0, 0, 1, 0]) }
    expect(() => morrisEffects(new Float64Array(6), twice, { seed: '' })).toThrow('each parameter once')
  })
})
