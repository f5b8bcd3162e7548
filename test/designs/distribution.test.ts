import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type ContinuousDistribution,
  type Distribution,
  distributionProblems,
  valueAt,
} from '../../engine/designs/index.ts'

const PROBABILITIES = [0.001, 0.1, 0.25, 0.5, 0.9, 0.999]

// Figures of scipy 1.17.1's ppf at PROBABILITIES; of the truncated log-normal law from ndtr and ndtri.
const FIGURES: readonly (readonly [ContinuousDistribution, readonly number[]])[] = [
  [
    { law: 'normal', mean: 10, deviation: 2 },
    [3.8195353876643736, 7.436896868910799, 8.651020499607837, 10, 12.5631031310892, 16.180464612335626],
  ],
  [
    { law: 'normal', mean: 10, deviation: 2, low: 8, high: 15 },
    [
      8.006890906740804, 8.601313435216532, 9.32271230899196, 10.384479497815951, 12.684923362540603,
      14.909941724888041,
    ],
  ],
  [
    { law: 'normal', mean: 10, deviation: 2, low: 16 },
    [
      16.00060945910227, 16.06389453975802, 16.173126965670352, 16.410309841197865, 17.285044551663248,
      19.384858967460282,
    ],
  ],
  [
    { law: 'triangular', low: 1, mode: 3, high: 9 },
    [1.126491106406735, 2.264911064067352, 3, 4.101020514433644, 6.809109769979336, 8.780910976997934],
  ],
  [
    { law: 'log-uniform', low: 0.01, high: 100 },
    [0.01009252886076685, 0.025118864315095815, 0.1, 1, 39.81071705534979, 99.08319448927696],
  ],
  [
    { law: 'log-normal', median: 20, sigma: 0.5 },
    [4.265741916602716, 10.53767036592073, 14.27468085616316, 20, 37.95905414669421, 93.77032362017917],
  ],
  [
    { law: 'log-normal', median: 20, sigma: 0.5, low: 10, high: 30 },
    [
      10.023163654173429, 12.005128270642283, 14.49749418332399, 18.476915473049417, 26.784465821779868,
      29.96305137409418,
    ],
  ],
  [{ law: 'uniform', low: -2, high: 6 }, [-1.992, -1.2, 0, 2, 5.2, 5.992]],
]

test.each(FIGURES)('quantiles of %o are those of scipy', (distribution, figures) => {
  expect(distributionProblems(distribution)).toEqual([])
  PROBABILITIES.forEach((u, at) => {
    // 10^-9: a truncated tail keeps that many digits of its probability.
    const size = Math.max(Math.abs(figures[at]!), 0.01)
    expect(Math.abs(valueAt(distribution, u) - figures[at]!)).toBeLessThan(1e-9 * size)
  })
})

/** Any law without problems, of any size. */
const anyLaw: fc.Arbitrary<ContinuousDistribution> = (() => {
  const place = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  const size = fc.double({ min: 1e-3, max: 1e6, noNaN: true })
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const whole = fc.boolean()
  return fc
    .oneof(
      fc.record({ whole, place, size }).map(({ whole, place, size }) => ({
        law: 'uniform' as const,
        low: place,
        high: place + size,
        whole,
      })),
      fc.record({ whole, size, ratio: size }).map(({ whole, size, ratio }) => ({
        law: 'log-uniform' as const,
        low: size,
        high: size * (1 + ratio),
        whole,
      })),
      fc.record({ whole, place, size, share }).map(({ whole, place, size, share }) => ({
        law: 'triangular' as const,
        low: place,
        mode: Math.min(place + share * size, place + size),
        high: place + size,
        whole,
      })),
      fc.record({ whole, mean: place, deviation: size }).map((each) => ({ law: 'normal' as const, ...each })),
      fc.record({ whole, mean: place, deviation: size, share }).map(({ share, ...each }) => ({
        law: 'normal' as const,
        ...each,
        low: each.mean - 3 * share * each.deviation,
        high: each.mean + 2 * each.deviation,
      })),
      fc
        .record({ whole, median: size, sigma: fc.double({ min: 0.01, max: 2, noNaN: true }) })
        .map((each) => ({ law: 'log-normal' as const, ...each, low: each.median / 2 })),
    )
    .filter((distribution) => distributionProblems(distribution).length === 0)
})()

describe('values', () => {
  test('never fall, stay in range, and are finite from 0 to 1', () => {
    fc.assert(
      fc.property(
        anyLaw,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 10 }),
        (distribution, some) => {
          const values = [0, ...some.toSorted((one, other) => one - other), 1].map((u) =>
            valueAt(distribution, u),
          )
          const { low = -Infinity, high = Infinity } = distribution
          const span = Math.abs(values.at(-1)! - values[0]!)
          values.forEach((value, at) => {
            expect(Number.isFinite(value)).toBe(true)
            expect(value).toBeGreaterThanOrEqual(low)
            expect(value).toBeLessThanOrEqual(high)
            // Quantiles come from approximations, which may fall in their last digits.
            if (at > 0) expect(value - values[at - 1]!).toBeGreaterThanOrEqual(-1e-9 * span)
            if (distribution.whole === true) expect(Number.isInteger(value)).toBe(true)
          })
        },
      ),
    )
  })

  test('of laws without end stop 8.2 deviations from the mean', () => {
    const standard = { law: 'normal', mean: 0, deviation: 1 } as const
    // The quantile of 2^-53 by scipy.special.ndtri.
    expect(valueAt(standard, 0)).toBeCloseTo(-8.209536151601387, 9)
    expect(valueAt(standard, 1)).toBeCloseTo(8.209536151601387, 9)
  })

  test('of a whole uniform range are as likely, ends included', () => {
    const die = { law: 'uniform', low: 1, high: 6, whole: true } as const
    const counts = new Map<number, number>()
    for (let i = 0; i < 6000; i++) {
      const value = valueAt(die, (i + 0.5) / 6000)
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    expect([...counts]).toEqual([1, 2, 3, 4, 5, 6].map((face) => [face, 1000]))
    // Ends between whole numbers: only those inside count.
    const inside = { law: 'uniform', low: -1.5, high: 1.9, whole: true } as const
    expect([0, 0.3, 0.34, 0.66, 0.67, 1].map((u) => valueAt(inside, u))).toEqual([-1, -1, 0, 0, 1, 1])
  })

  test('of a whole log-uniform range have the probability of their cell', () => {
    const law = { law: 'log-uniform', low: 1, high: 4, whole: true } as const
    const draws = 20_000
    const ones = Array.from({ length: draws }, (_, i) => valueAt(law, (i + 0.5) / draws)).filter(
      (x) => x === 1,
    )
    // From 1/2 to 3/2, of 1/2 to 9/2: log 3 / log 9.
    expect(ones.length).toBe(draws / 2)
  })

  test('of a choice are as likely, whatever their types', () => {
    const choice: Distribution = { law: 'choice', values: [3, 'three', true, null as unknown as string] }
    const drawn = [0, 0.249, 0.25, 0.5, 0.75, 0.999, 1].map((u) => valueAt(choice, u))
    expect(drawn).toEqual([3, 3, 'three', true, null, null, null])
  })

  test('have no probability outside of [0, 1]', () => {
    expect(() => valueAt({ law: 'uniform', low: 0, high: 1 }, 1.1)).toThrow('a probability is in [0, 1]')
    expect(() => valueAt({ law: 'uniform', low: 0, high: 1 }, NaN)).toThrow('a probability is in [0, 1]')
  })
})

const WRONG: readonly (readonly [Distribution, readonly string[]])[] = [
  [{ law: 'uniform', low: 5, high: 3 }, ['low 5 is not below high 3']],
  [{ law: 'uniform', low: 3, high: 3 }, ['low 3 is not below high 3']],
  [
    { law: 'uniform', low: NaN, high: Infinity },
    ['low is NaN, which is not a finite number', 'high is Infinity, which is not a finite number'],
  ],
  [{ law: 'uniform', low: 1.2, high: 1.8, whole: true }, ['no whole number is between low 1.2 and high 1.8']],
  [{ law: 'uniform', low: -1e308, high: 1.7e308 }, ['low -1e+308 and high 1.7e+308 are too far apart']],
  [{ law: 'log-uniform', low: 0, high: 3 }, ['low is 0, but only numbers above 0 have a logarithm']],
  [{ law: 'normal', mean: 1, deviation: 0 }, ['deviation is 0, but must be above 0']],
  [
    { law: 'normal', mean: 0, deviation: 1, low: 9 },
    ['low 9 and high Infinity leave 0 of the normal law, but must leave at least 0.000001'],
  ],
  [
    { law: 'log-normal', median: 0, sigma: -1, high: -2 },
    [
      'median is 0, but must be above 0',
      'sigma is -1, but must be above 0',
      'high is -2, but values are above 0',
    ],
  ],
  [{ law: 'triangular', low: 0, mode: 4, high: 3 }, ['mode 4 is not between low 0 and high 3']],
  [{ law: 'choice', values: [] }, ['values is empty, but one of them is to be chosen']],
  [
    { law: 'choice', values: ['a', NaN, 'a', 'a'] },
    ['values has NaN, which is not a finite number', 'values has "a" more than once'],
  ],
]

test.each(WRONG)('what is wrong with %o is said in words', (distribution, problems) => {
  expect(distributionProblems(distribution)).toEqual(problems)
})

test('values that overflow are a problem', () => {
  const [problem] = distributionProblems({ law: 'log-normal', median: 1, sigma: 100 })
  expect(problem).toMatch(/^values from .* to Infinity are larger than numbers can be$/)
  const [whole] = distributionProblems({ law: 'uniform', low: 0, high: 1e16, whole: true })
  expect(whole).toBe('values from 0 to 10000000000000000 are larger than exact whole numbers can be')
})
