/** Owns the limit of equal startups: what they ask above cost is mu / (1 - share), with plans in nests as without. */
import { expect, test } from 'vitest'
import { MU, enginePrices, symmetricPrice } from './markup.ts'

/** Slopes are known to about 1e-11, the curvature of profits is of order one: prices to 1e-9, well within 8 digits. */
const EIGHT_DIGITS = 1e-8

test.each([
  { n: 1, plans: 1, nest: 1 },
  { n: 2, plans: 1, nest: 1 },
  { n: 4, plans: 1, nest: 1 },
  { n: 1, plans: 3, nest: 0.5 },
  { n: 2, plans: 2, nest: 0.5 },
  { n: 3, plans: 2, nest: 0.5 },
  { n: 2, plans: 2, nest: 0.25 },
  { n: 2, plans: 2, nest: 1 },
])(
  '$n equal startups with $plans plans each ask mu / (1 - share) above cost at lambda = $nest',
  ({ n, plans, nest }) => {
    const known = symmetricPrice({ n, plans, nest })
    const { prices, shares, profits } = enginePrices({ n, plans, nest })
    for (const price of prices) expect(Math.abs(price - known.price)).toBeLessThan(EIGHT_DIGITS)
    for (let f = 0; f < n; f++) {
      const own = shares.slice(f * plans, (f + 1) * plans)
      const share = own.reduce((sum, each) => sum + each, 0)
      expect(Math.abs(share - known.share)).toBeLessThan(EIGHT_DIGITS)
      // The markup on everybody it serves: profit = share mu / (1 - share).
      expect(Math.abs(profits[f]! - (share * MU) / (1 - share))).toBeLessThan(EIGHT_DIGITS)
    }
  },
)

test('the price of the duopoly is that of Calvano et al. (2020), 1.47293, by the same reckoning', () => {
  expect(symmetricPrice({ n: 2, plans: 1, nest: 1 }).price).toBeCloseTo(1.4729266600306228, 12)
})
