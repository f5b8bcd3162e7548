import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { meanRanks, pearson, spearman } from '../../engine/statistics/index.ts'

// With ties; scipy.stats.spearmanr, pearsonr and rankdata.
const a = [1, 2, 2, 3, 3, 3, 4.5, -1, 0, 2]
const b = [2, 2, 5, 1, 7, 7, 7, 0, 3, 3]

/** The textbook's way, which takes n^2: ranks by counting, and the covariance of ranks over their deviations. */
function rankCorrelation(one: readonly number[], other: readonly number[]): number {
  const [x, y] = [one, other].map((values) =>
    values.map((value) => {
      const below = values.filter((among) => among < value).length
      return below + (values.filter((among) => among === value).length - 1) / 2
    }),
  ) as [number[], number[]]
  const middle = (one.length - 1) / 2
  const product = (a: number[], b: number[]): number =>
    a.reduce((sum, rank, i) => sum + (rank - middle) * (b[i]! - middle), 0)
  const scale = Math.sqrt(product(x, x) * product(y, y))
  return scale === 0 ? 0 : product(x, y) / scale
}

describe('correlations', () => {
  test('are those of scipy', () => {
    expect(Math.abs(spearman(a, b)! - 0.6329240692679011)).toBeLessThan(1e-10)
    expect(Math.abs(pearson(a, b)! - 0.69383620524236)).toBeLessThan(1e-10)
    expect([...meanRanks(a)]).toEqual([3, 5, 5, 8, 8, 8, 10, 1, 2, 5])
    // Without ties: 1 - 6 x 194 / (10 x 99), as in many textbooks.
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    expect(Math.abs(spearman(iq, hours)! + 0.17575757575757575)).toBeLessThan(1e-10)
  })

  const lists = fc
    .array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 2,
      maxLength: 40,
    })
    .map((pairs) => [pairs.map(([one]) => one), pairs.map(([, other]) => other)] as const)

  property.prop([lists])('of ranks are those of counting smaller and equal numbers', ([one, other]) => {
    // Which says 0 where there is none.
    expect(Math.abs((spearman(one, other) ?? 0) - rankCorrelation(one, other))).toBeLessThan(1e-12)
  })

  property.prop([lists])('of ranks do not change with what keeps the order', ([one, other]) => {
    const cubes = one.map((value) => value ** 3 + 5)
    expect(spearman(cubes, other)).toBe(spearman(one, other))
    const opposite = spearman(
      one.map((value) => -value),
      other,
    )
    if (opposite !== null) expect(Math.abs(opposite + spearman(one, other)!)).toBeLessThan(1e-14)
  })

  test('are null where there is nothing to correlate', () => {
    expect(pearson([], [])).toBeNull()
    expect(spearman([1], [2])).toBeNull()
    // The mean of three times 0.1 is not 0.1.
    expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBeNull()
  })

  test('refuse lists of different lengths and what is not finite', () => {
    expect(() => pearson([1], [1, 2])).toThrow('a correlation is of pairs')
    expect(() => pearson([1, Number.NaN], [1, 2])).toThrow('finite numbers')
    expect(() => spearman([1, Infinity], [1, 2])).toThrow('ranks are of finite numbers')
  })
})
