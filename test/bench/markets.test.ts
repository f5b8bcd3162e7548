/** Owns the checks of the markets that the benchmark runs: the flagship in its own processes, and larger ones. */

import { describe, expect, it } from 'vitest'

import type { CompilationMeasurement } from '../../bench/compilation-entry.ts'
import type { MarketMeasurement } from '../../bench/market-entry.ts'
import { inTemporaryFolder, runProgram } from '../../bench/programs.ts'
import { syntheticMarket } from '../../bench/synthetic-market.ts'
import { checkMarket, loadScenario } from '../../scenarios/index.ts'

const flagship = loadScenario('large-model-market')

describe('a market of any size', () => {
  it('of the size of its original is its original by another name', () => {
    expect(syntheticMarket(flagship, { startups: 8, segments: 6 })).toEqual({
      ...flagship,
      name: 'synthetic-8-6',
      // A share over the sum of shares, which is one but for rounding.
      startups: flagship.startups.map((startup) => ({
        ...startup,
        split: expect.objectContaining(
          Object.fromEntries(
            Object.entries(startup.split).map(([id, share]) => [id, expect.closeTo(share, 12)]),
          ),
        ),
      })),
    })
  })

  it.for([
    [1, 1],
    [2, 24],
    [48, 1],
    [48, 24],
  ] as const)('breaks no rule with %i startups and %i segments', ([startups, segments]) => {
    const market = syntheticMarket(flagship, { startups, segments })
    expect(checkMarket(market)).toEqual([])
    expect(market.startups.length).toBe(startups)
    expect(market.segments.length).toBe(segments)
  })
})

describe('the processes that run the flagship', () => {
  const options = { replications: 24, warmup: 4, demography: 'integer' }

  it('come to the same profits by the kernel, by a run and by a run with workers and files', async () => {
    await inTemporaryFolder(async (folder) => {
      const [kernel, oneThread, twoWorkers] = await Promise.all([
        runProgram<MarketMeasurement>('market-entry.ts', { ...options, mode: 'kernel', recording: 'months' }),
        runProgram<MarketMeasurement>('market-entry.ts', { ...options, mode: 'study' }),
        runProgram<MarketMeasurement>('market-entry.ts', {
          ...options,
          mode: 'study',
          workers: 2,
          folder: `${folder}/out`,
        }),
      ])
      expect(kernel.agentSteps).toBe(24 * 8 * 96)
      expect(oneThread.profitTotal).toBe(kernel.profitTotal)
      expect(twoWorkers.profitTotal).toBe(kernel.profitTotal)
      expect(kernel.fileBytes).toBe(0)
      expect(twoWorkers.fileBytes).toBeGreaterThan(24 * 8 * 50)
    })
  })

  it('find code that does not grow with the market', async () => {
    const of = (startups: number, segments: number) =>
      runProgram<CompilationMeasurement>('compilation-entry.ts', {
        startups,
        segments,
        repeats: 1,
        replications: 4,
      })
    const [small, large] = await Promise.all([of(8, 6), of(48, 24)])
    expect(large.codeBytes).toBe(small.codeBytes)
    expect(large.offers).toBeGreaterThan(10 * small.offers)
    expect(large.blockBytes).toBeGreaterThan(10 * small.blockBytes)
  })
})
