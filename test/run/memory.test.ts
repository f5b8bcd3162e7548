/** Batches whose memory reaches beyond 2 GiB, where addresses do not fit into signed 32-bit numbers. */
import type { RecordBatch } from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { compileMarket } from '../../engine/market/market.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { BatchRunner, replicationBytes, resultTables } from '../../engine/simulation/batch.ts'
import { runnableMarket } from '../../engine/simulation/runnable.ts'
import { importBatch } from '../../engine/tables/import.ts'
import { tableLayout } from '../../engine/tables/table-layout.ts'
import { RivalryError } from '../../index.ts'
import { marketOf } from './runs.ts'

const market = marketOf({})
const compiled = compileMarket(market, { recording: 'months' })
const key = seedKeyOf('1')
const layouts = resultTables(market, 'months').map(tableLayout)

function batchesOf(rows: number, set: number): RecordBatch[] {
  const runner = new BatchRunner(runnableMarket(compiled, { backend: 'wasm' }), { key, rows })
  const tables = runner.run({ first: 0, count: 12, set })
  return layouts.map((layout, index) => importBatch(runner.memory, tables[index]!, layout))
}

const texts = (batches: readonly RecordBatch[]): string[][] =>
  batches.map((batch) => batch.toArray().map((row) => JSON.stringify(row)))

describe('a batch', () => {
  // Pages that nobody writes take no memory: twelve replications touch a few megabytes.
  test('of 3 GiB leaves the same rows as one of some kilobytes, in both output sets', () => {
    const rows = Math.floor((1.4 * 2 ** 30) / replicationBytes(market, 'months') / 4) * 4
    const usual = texts(batchesOf(12, 0))
    const runner = new BatchRunner(runnableMarket(compiled, { backend: 'wasm' }), { key, rows })
    expect(runner.memory.buffer.byteLength).toBeGreaterThan(2.9 * 2 ** 30)
    expect(runner.flagsOffset).toBeGreaterThan(2 ** 31)
    for (const set of [0, 1]) {
      const tables = runner.run({ first: 0, count: 12, set })
      const batches = layouts.map((layout, index) => importBatch(runner.memory, tables[index]!, layout))
      expect(texts(batches)).toEqual(usual)
    }
  })

  test.each([
    ['wasm', 2.5],
    ['javascript', 1.2],
  ] as const)('that the addresses of %s do not reach is refused in plain words', (backend, gibibytes) => {
    const rows = Math.floor((gibibytes * 2 ** 30) / replicationBytes(market, 'months') / 4) * 4
    const make = (): BatchRunner => new BatchRunner(runnableMarket(compiled, { backend }), { key, rows })
    expect(make).toThrow(RivalryError)
    expect(make).toThrow(/^a batch of \d+ replications needs \d+ MiB$/)
  })
})
