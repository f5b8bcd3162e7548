import { describe, expect, test } from 'vitest'
import { type UnitDesign, saltelli, saltelliOf } from '../../engine/designs/index.ts'
import { RandomSequence } from '../../engine/numerics/words.ts'
import { sobolIndices } from '../../engine/statistics/sobol-indices.ts'
import { type TestFunction, ishigami, resultsAt, sobolG } from './test-functions.ts'

const kinds = ['first', 'total'] as const

/** Saltelli's design over independent base rows, as the bootstrap supposes. */
function randomDesign(base: number, dimension: number, index: number): UnitDesign {
  const sequence = new RandomSequence({ seed: 'independent rows', stream: 'test', index })
  const coordinates = Float64Array.from({ length: base * 2 * dimension }, () => sequence.uniform())
  return saltelliOf({ count: base, dimension: 2 * dimension, coordinates })
}

/** For every seed and index: the error of the estimate, and whether the interval holds the analytic value. */
function outcomes(of: TestFunction, designs: readonly UnitDesign[], resamples: number) {
  const { dimension } = of
  return designs.flatMap((design, s) => {
    const indices = sobolIndices(resultsAt(design, of), { dimension, seed: `interval ${s}`, resamples })
    return kinds.flatMap((kind) =>
      indices[kind].map(({ estimate, low, high }, j) => ({
        index: `${kind} ${j + 1}`,
        error: estimate! - of[kind][j]!,
        isHeld: low! <= of[kind][j]! && of[kind][j]! <= high!,
        reach: (high! - low!) / 2,
      })),
    )
  })
}

describe.each([ishigami, sobolG])('$name', (of) => {
  const { dimension } = of

  test('with 1024 base rows of Sobol points and ten seeds, nine in ten intervals hold the analytic index', () => {
    const designs = Array.from({ length: 10 }, (_, s) =>
      saltelli({ base: 1024, dimension, seed: `seed ${s}`, scramble: true }),
    )
    const found = outcomes(of, designs, 200)
    const held = found.filter(({ isHeld }) => isHeld).length
    // Indices of one seed are not independent, and of Sobol rows coverage is not 95%: over most it is 100%, and over a few
    // pairs of columns, which are less even than random ones, it is less (81% to 90% with 512 rows, by the report). The
    // pairs are Sobol's: scipy's scrambled points have the same errors there.
    expect(held / found.length).toBeGreaterThan(0.9)
  })

  test('with 128 independent base rows and 200 seeds, every interval at 95% holds its index 88% to 99% of the time', () => {
    const seeds = 200
    const designs = Array.from({ length: seeds }, (_, s) => randomDesign(128, dimension, s))
    const held = new Map<string, number>()
    const found = outcomes(of, designs, 100)
    for (const { index, isHeld } of found) held.set(index, (held.get(index) ?? 0) + (isHeld ? 1 : 0))
    expect(held.size).toBe(2 * dimension)
    // The share has standard error sqrt(0.95 * 0.05 / 200) = 1.5 points, three of which are 4.6 points; normal intervals
    // of skewed estimates from 128 rows fall short by up to 2.5 more.
    for (const count of held.values()) {
      expect(count / seeds).toBeGreaterThan(0.95 - 0.046 - 0.025)
      expect(count / seeds).toBeLessThan(0.995)
    }
    const all = found.filter(({ isHeld }) => isHeld).length / found.length
    // All indices together: half a point of error, were they independent, and what is missing to skewness.
    expect(Math.abs(all - 0.95)).toBeLessThan(0.02)
  })
})

describe('estimates', () => {
  test('are those of SALib for the unscrambled points of 1024 base rows', () => {
    // SALib.analyze.sobol on its own sample with calc_second_order=True, whose rows of A, AB and B are the same.
    const figures = [
      [ishigami, 'first', [0.33295510535317324, 0.44131393854406703, 0.01857843792957251]],
      [ishigami, 'total', [0.5581790457114658, 0.44328458403034815, 0.24214937335496534]],
      [sobolG, 'first', [0.6937526129272837, 0.17818687011221396, 0.023525927827781585, 0.00720425206416091]],
      [sobolG, 'total', [0.7656211637850973, 0.23464076954021967, 0.031544209483450644, 0.01047449183207395]],
    ] as const
    for (const [of, kind, values] of figures) {
      const { dimension } = of
      const design = saltelli({ base: 1024, dimension, seed: '', scramble: false })
      const indices = sobolIndices(resultsAt(design, of), { dimension, seed: '', resamples: 2 })
      // SALib's mean and deviation are over the rows of BA as well, which moves S1 by its sampling error times theirs.
      const tolerance = kind === 'first' ? 1e-3 : 1e-10
      values.forEach((value, j) =>
        expect(Math.abs(indices[kind][j]!.estimate! - value)).toBeLessThan(tolerance),
      )
    }
  })

  test('do not change when results are shifted and scaled', () => {
    const results = resultsAt(randomDesign(64, 3, 0), ishigami)
    const options = { dimension: 3, seed: 'scale', resamples: 50 }
    const plain = sobolIndices(results, options)
    for (const [shift, scale] of [
      [1000, 1],
      [0, 1e-200],
      [1e200, -1e200],
    ] as const) {
      const moved = sobolIndices(
        results.map((value) => shift + scale * value),
        options,
      )
      for (const kind of kinds) {
        moved[kind].forEach(({ estimate, low, high }, j) => {
          expect(estimate).toBeCloseTo(plain[kind][j]!.estimate!, 9)
          expect(low).toBeCloseTo(plain[kind][j]!.low!, 9)
          expect(high).toBeCloseTo(plain[kind][j]!.high!, 9)
        })
      }
    }
  })

  test('of a sum are its parts of the variance, first and total alike', () => {
    // u1 + 2 u2 + 0 u3: 1/5 and 4/5.
    const design = saltelli({ base: 4096, dimension: 3, seed: 'sum', scramble: true })
    const values = Float64Array.from({ length: design.count }, (_, i) => {
      return design.coordinates[3 * i]! + 2 * design.coordinates[3 * i + 1]!
    })
    const { first, total } = sobolIndices(values, { dimension: 3, seed: 'sum', resamples: 20 })
    const parts = [0.2, 0.8, 0]
    parts.forEach((part, j) => {
      expect(first[j]!.estimate).toBeCloseTo(part, 2)
      expect(total[j]!.estimate).toBeCloseTo(part, 2)
    })
    // A parameter that nothing depends on has exactly none.
    expect(first[2]).toEqual({ estimate: 0, low: 0, high: 0 })
    expect(total[2]).toEqual({ estimate: 0, low: 0, high: 0 })
  })

  test('of a constant result are null', () => {
    const none = { estimate: null, low: null, high: null }
    for (const value of [0, 0.1, -1e300]) {
      const indices = sobolIndices(new Float64Array(5 * 7).fill(value), { dimension: 3, seed: 'constant' })
      expect(indices).toEqual({ first: [none, none, none], total: [none, none, none] })
    }
  })

  test('of a result that one row alone has are finite', () => {
    const values = new Float64Array(5 * 16)
    values[0] = 1
    const { first, total } = sobolIndices(values, { dimension: 3, seed: 'lone' })
    for (const { estimate, low, high } of [...first, ...total]) {
      expect([estimate, low, high].every(Number.isFinite)).toBe(true)
    }
  })
})

describe('intervals', () => {
  const results = resultsAt(randomDesign(128, 3, 1), ishigami)

  test('depend on the seed, estimates do not', () => {
    const [one, again, other] = ['a', 'a', 'b'].map((seed) => sobolIndices(results, { dimension: 3, seed }))
    expect(again).toEqual(one)
    expect(other!.first[0]!.estimate).toBe(one!.first[0]!.estimate)
    expect(other!.first[0]!.low).not.toBe(one!.first[0]!.low)
  })

  test('are wider for more confidence, by the ratio of normal quantiles', () => {
    const [usual, wide] = [0.95, 0.99].map((confidence) =>
      sobolIndices(results, { dimension: 3, seed: 'a', confidence }),
    )
    const reachOf = ({ low, high }: { low: number | null; high: number | null }): number => high! - low!
    expect(reachOf(wide!.total[1]!) / reachOf(usual!.total[1]!)).toBeCloseTo(2.5758293 / 1.959964, 6)
  })
})

test('results that are no whole number of base rows, or not finite, are refused', () => {
  const options = { dimension: 3, seed: '' }
  expect(() => sobolIndices(new Float64Array(11), options)).toThrow('at least two base rows')
  expect(() => sobolIndices(new Float64Array(5), options)).toThrow('at least two base rows')
  expect(() => sobolIndices(new Float64Array(10).fill(NaN), options)).toThrow('results are finite')
})
