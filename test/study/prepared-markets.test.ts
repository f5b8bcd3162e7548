/** Markets that are compiled once for all threads: which ones a thread may use, and with what figures. */
import { expect, test } from 'vitest'
import { setPaths } from '../../engine/market/set-path.ts'
import { compileMarket } from '../../engine/market/market.ts'
import { runnableMarket, type RunnableMarket } from '../../engine/simulation/runnable.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { fromPrepared, preparedMarkets } from '../../engine/study/units/prepared-markets.ts'
import { BatchRunner } from '../../engine/simulation/batch.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { viewBatch } from '../../engine/tables/view.ts'
import type { MarketDefinition } from '../../index.ts'
import { onePoint, smallMarket, stopping } from './study-definitions.ts'

// Threads get a copy.
const prepared = structuredClone(preparedMarkets(stopping, new StudyPoints(stopping).values(0), 'wasm'))

/** The rows of some replications, column by column. */
function rowsOf(runnable: RunnableMarket): unknown[] {
  const runner = new BatchRunner(runnable, { key: seedKeyOf('1'), rows: 8 })
  const [startups] = runner.run({ first: 0, count: 8, set: 0 })
  const { columns } = viewBatch(runner.memory, startups!, runnable.tables[0]!.declaration)
  return columns.map(({ values, bitmap }) => [[...values], bitmap === undefined ? [] : [...bitmap]])
}

const compiled = (market: MarketDefinition): RunnableMarket =>
  runnableMarket(compileMarket(market, { recording: 'summary' }), { backend: 'wasm' })

test('every variant is compiled, and a market with other figures runs as if it were compiled for itself', () => {
  expect(prepared).toHaveLength(2)
  for (const third of [false, true]) {
    const market = smallMarket({ third })
    const other = setPaths(market, { 'startups.first.cash': 1.5e6, 'parameters.computePrice': 0.08 })
    const found = fromPrepared(prepared, other)!
    expect(prepared.map(({ runnable }) => runnable.program)).toContain(found.program)
    expect(rowsOf(found)).toEqual(rowsOf(compiled(other)))
    expect(rowsOf(found)).not.toEqual(rowsOf(compiled(market)))
  }
})

test('a market that differs by more than figures is none of them', () => {
  for (const set of ['months=25', 'startups.second.model=free-with-ads', 'demography=expected'])
    expect(fromPrepared(prepared, smallMarket({ set: [set] }))).toBeUndefined()
  expect(fromPrepared([], smallMarket())).toBeUndefined()
})

test('markets with decision rules of their own are left to the threads, which know the rules', () => {
  const market = smallMarket({ set: ['startups.first.strategy=cost-plus'] })
  const definition = { ...onePoint, variants: [{ name: 'base', markets: [market] }] }
  expect(preparedMarkets(definition, {}, 'wasm')).toEqual([])
  expect(fromPrepared(prepared, market)).toBeUndefined()
})
