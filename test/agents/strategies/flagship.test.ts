/**
 * Owns what strategies do in the flagship: the comparison runs, and charging after a free start beats never
 * charging.
 */
import { expect, test } from 'vitest'
import { strategies } from '../../../agents/strategies/index.ts'
import { loadScenario, simulate } from '../../../index.ts'
import { compareStrategies, comparisonText } from './flagship.ts'

test('the comparison has a line for each strategy, and the same luck for all', async () => {
  const rows = await compareStrategies('subscription', {
    replications: 8,
    names: ['default', 'free-first', 'hold'],
  })
  // Without a free plan there is nothing to narrow and no reason to wait: the very same numbers show that luck and rivals are the same.
  expect(rows[1]!.summary).toEqual(rows[0]!.summary)
  expect(rows[2]!.summary).not.toEqual(rows[0]!.summary)
  expect(comparisonText(rows).split('\n')).toHaveLength(4)
  expect(strategies.length).toBeGreaterThan(5)
})

test('free first and charging from month 6 keeps at least 30% more startups alive than never charging, and profitable', async () => {
  const charging = [
    'startups.free-ads.plans={ free: { adLoad: 1, cap: 1000 }, personal: { price: 15, cap: 2000, offeredTo: [consumer] }, business: { price: 50, cap: 6000, offeredTo: [smb] } }',
    'startups.free-ads.strategy={ name: free-first, settings: { months: 6 } }',
  ]
  // 120 replications: the standard error of the difference is below .05, and the difference expected is .6.
  const [never, later] = await Promise.all(
    [[], charging].map(async (set) => {
      const market = loadScenario('large-model-market', { set: ['demography=expected', ...set] })
      const { summary } = await simulate(market, { replications: 120, seed: 1, workers: 0 })
      return summary.startups[0]!
    }),
  )
  expect(later!.survivalAtEnd.share - never!.survivalAtEnd.share).toBeGreaterThan(0.3)
  expect(later!.profit.positive.share - never!.profit.positive.share).toBeGreaterThan(0.3)
})
