import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type Duration, exitsOf, logRank } from '../../engine/statistics/index.ts'
import { placebo, treated } from './remission.ts'

/** A third group: 12 durations 1, 3, ... 23, of which every third was last seen. */
const third = Array.from({ length: 12 }, (_, i): Duration => ({ time: 2 * i + 1, event: i % 3 !== 0 }))

describe('the log-rank test', () => {
  test('of the two groups in remission is the known one', () => {
    const found = logRank([exitsOf(treated), exitsOf(placebo)])
    expect(found.observed).toEqual([9, 21])
    // scipy.stats.logrank gives the same z and p.
    expect(Math.abs(found.expected[0]! - 19.25050094803113)).toBeLessThan(1e-10)
    expect(Math.abs(found.chiSquared - 16.792940989216532)).toBeLessThan(1e-10)
    expect(Math.abs(found.twoGroups!.score + 10.25050094803113)).toBeLessThan(1e-10)
    expect(Math.abs(found.twoGroups!.variance - 6.2569605736755)).toBeLessThan(1e-10)
    expect(Math.abs(found.twoGroups!.z + 4.097919104767264)).toBeLessThan(1e-10)
    expect(found.degreesOfFreedom).toBe(1)
    // Relative: the chance is small.
    expect(Math.abs(found.probability! / 4.1688091093345416e-5 - 1)).toBeLessThan(1e-10)
  })

  test('of three groups is the known one', () => {
    // Computed in Python with the pseudo-inverse of the whole covariance, and the chance by scipy.stats.chi2.
    const found = logRank([treated, placebo, third].map(exitsOf))
    expect(found.observed).toEqual([9, 21, 8])
    for (const [j, expected] of [19.589470290814074, 10.269257159920535, 8.141272549265388].entries())
      expect(Math.abs(found.expected[j]! - expected)).toBeLessThan(1e-10)
    expect(Math.abs(found.chiSquared - 18.69169465394446)).toBeLessThan(1e-10)
    expect(found.degreesOfFreedom).toBe(2)
    expect(Math.abs(found.probability! / 8.732730892964743e-5 - 1)).toBeLessThan(1e-10)
    expect(found.twoGroups).toBeNull()
  })

  const group = fc.array(fc.record({ time: fc.integer({ min: 0, max: 12 }), event: fc.boolean() }), {
    minLength: 1,
    maxLength: 25,
  })

  property.prop([fc.array(group, { minLength: 2, maxLength: 5 })])(
    'does not depend on the order of groups, and expects as many events as there are',
    (groups) => {
      const found = logRank(groups.map(exitsOf))
      const turned = logRank([...groups.slice(1), groups[0]!].map(exitsOf))
      expect(turned.degreesOfFreedom).toBe(found.degreesOfFreedom)
      expect(Math.abs(turned.chiSquared - found.chiSquared)).toBeLessThan(1e-8 * (1 + found.chiSquared))
      const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0)
      expect(sum(found.expected)).toBeCloseTo(sum(found.observed), 10)
      for (const row of found.covariance) expect(Math.abs(sum(row))).toBeLessThan(1e-10)
    },
  )

  property.prop([group, group])('of two groups has z squared as its chi-squared', (one, other) => {
    const { chiSquared, twoGroups } = logRank([exitsOf(one), exitsOf(other)])
    expect(Math.abs((twoGroups?.z ?? 0) ** 2 - chiSquared)).toBeLessThan(1e-10 * (1 + chiSquared))
  })

  test('finds nothing between copies of a group', () => {
    const found = logRank([treated, treated, treated].map(exitsOf))
    expect(found.chiSquared).toBeLessThan(1e-20)
    expect(found.probability).toBeCloseTo(1, 12)
  })

  test('has fewer degrees of freedom where groups were never at risk together', () => {
    const early = exitsOf(third.slice(0, 5))
    const late = [{ time: 100, events: 1, censored: 2 }]
    // The late ones are at risk from the beginning: only those without anyone are not.
    expect(logRank([early, late, []]).degreesOfFreedom).toBe(1)
    expect(logRank([early, [], late]).degreesOfFreedom).toBe(1)
    expect(logRank([early, [], late]).chiSquared).toBeCloseTo(logRank([early, late]).chiSquared, 12)
    expect(logRank([early, []])).toMatchObject({
      chiSquared: 0,
      degreesOfFreedom: 0,
      probability: null,
      twoGroups: null,
    })
  })

  test('needs two groups', () => {
    expect(() => logRank([exitsOf(treated)])).toThrow('compares at least two groups')
  })
})
