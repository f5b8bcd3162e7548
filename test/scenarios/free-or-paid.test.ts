/** Owns the thesis as a study: its design, its statistics, and that every variant is the same company. */
import { describe, expect, test } from 'vitest'
import { FreeOrPaid, byWorld, latinHypercube, rankCorrelation } from '../../scenarios/studies/free-or-paid.ts'

describe('a Latin hypercube', () => {
  const uncertain = {
    'parameters.adAversion': { low: 0, high: 10 },
    'parameters.computePrice': { low: 1, high: 1024, scale: 'log' as const },
  }
  const worlds = latinHypercube(uncertain, { worlds: 20, seed: 'a' })

  test('has one value in each stratum of each range', () => {
    const strata = (path: keyof typeof uncertain, at: (value: number) => number): number[] =>
      worlds.map((world) => Math.floor(at(world[path]!) * 20)).sort((a, b) => a - b)
    const each = Array.from({ length: 20 }, (_, i) => i)
    expect(strata('parameters.adAversion', (value) => value / 10)).toEqual(each)
    expect(strata('parameters.computePrice', (value) => Math.log2(value) / 10)).toEqual(each)
  })

  test('is the same for the same seed, another for another, and a range does not depend on the others', () => {
    expect(latinHypercube(uncertain, { worlds: 20, seed: 'a' })).toEqual(worlds)
    expect(latinHypercube(uncertain, { worlds: 20, seed: 'b' })).not.toEqual(worlds)
    const alone = latinHypercube(
      { 'parameters.adAversion': uncertain['parameters.adAversion'] },
      { worlds: 20, seed: 'a' },
    )
    expect(alone.map((world) => world['parameters.adAversion'])).toEqual(
      worlds.map((world) => world['parameters.adAversion']),
    )
  })
})

test('rank correlation is that of Spearman, with mean ranks for ties', () => {
  expect(rankCorrelation([1, 2, 3, 4], [10, 100, 1000, 10_000])).toBeCloseTo(1, 12)
  expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12)
  // Ranks 1 2 3 4 5 against 1 2.5 2.5 4 5: 1 - 6 sum d^2 / (n (n^2 - 1)) with ties is 9.5 / sqrt(10 x 9.5).
  expect(rankCorrelation([1, 2, 3, 4, 5], [1, 2, 2, 3, 9])).toBeCloseTo(9.5 / Math.sqrt(95), 12)
  expect(rankCorrelation([1, 2, 3], [5, 5, 5])).toBe(0)
})

test('replications are averaged world by world', () => {
  expect(byWorld([1, 3, 5, 7], 2)).toEqual([2, 6])
  expect(byWorld([true, false, true, true], 4)).toEqual([0.75])
})

describe('the study', () => {
  const study = new FreeOrPaid({ worlds: 3, replications: 4 })

  test('holds all fourteen business models and free first, in markets that differ in nothing but the company', () => {
    expect(study.variants).toHaveLength(15)
    const rivals = study.variants.map((variant) => {
      const { startups, segments, parameters } = study.market(variant)
      const company = startups.find(({ id }) => id === 'company')!
      expect(company.cash, variant).toBe(5e6)
      expect(
        Object.values(company.split).reduce((sum, share) => sum + share, 0),
        variant,
      ).toBeCloseTo(1, 12)
      return { startups: startups.filter(({ id }) => id !== 'company'), segments, parameters }
    })
    for (const rival of rivals) expect(rival).toEqual(rivals[0])
  })

  test('tries each model at every price, a free one at none, and gives the same again', () => {
    const paid = study.outcomes('subscription')
    expect(paid.map(({ multiple }) => multiple)).toEqual(study.file.priceMultiples)
    expect(paid.every(({ alive, profit }) => alive.length === 12 && profit.every(Number.isFinite))).toBe(true)
    expect(new Set(paid.map(({ profit }) => profit[0])).size).toBe(paid.length)
    expect(study.outcomes('free-with-ads').map(({ multiple }) => multiple)).toEqual([1])
    expect(study.outcomes('subscription')).toEqual(paid)
  })

  test('tells what the industry spends on R&D, earns, and how good its best product is', () => {
    const without = study.industry()
    const withIt = study.industry('subscription', 0.5)
    expect(without.frontier).toHaveLength(3)
    for (const quality of without.frontier) {
      expect(quality).toBeGreaterThan(0.3)
      expect(quality).toBeLessThan(1)
    }
    withIt.rd.forEach((rd, world) => expect(rd).toBeGreaterThan(without.rd[world]!))
  })
})
