import { setTimeout as delay } from 'node:timers/promises'
import type { RecordBatch } from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { workerEntry } from '../../agents/worker-entry.ts'
import { RivalryError } from '../../engine/errors.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { resultTables } from '../../engine/simulation/batch.ts'
import { detached, runnableMarket } from '../../engine/simulation/runnable.ts'
import { compileMarket } from '../../engine/market/market.ts'
import type { BatchSetup, ReadyBatch } from '../../engine/run/executor.ts'
import { inProcessExecutor } from '../../engine/run/in-process.ts'
import { threadsExecutor } from '../../engine/run/threads.ts'
import { tableLayout } from '../../engine/tables/table-layout.ts'
import { importBatch } from '../../engine/tables/import.ts'
import { loadScenario } from '../../index.ts'

const market = loadScenario('three-ways', { set: ['months=13'] })
const compiled = compileMarket(market, { recording: 'months' })
const setup: BatchSetup = {
  market: detached(runnableMarket(compiled, { backend: 'wasm' })),
  key: seedKeyOf('1'),
  rows: 4,
}
const layouts = resultTables(market, 'months').map(tableLayout)

const read = ({ memory, tables }: ReadyBatch): RecordBatch[] =>
  layouts.map((layout, index) => importBatch(memory, tables[index]!, layout))

const profits = (ready: ReadyBatch): number[] => [
  ...(read(ready)[0]!.getChild('profit')!.toArray() as Float64Array),
]

describe('a thread', () => {
  test('hands out views of shared memory, in the same place for every second batch', async () => {
    const executor = threadsExecutor(setup, { workers: 1, entry: workerEntry })
    try {
      const seen: ReadyBatch[] = []
      for (const first of [0, 4, 8]) {
        const ready = await executor.run({ first, count: 4 })
        for (const batch of read(ready)) {
          for (const { values, nullBitmap, nullCount } of batch.data.children) {
            expect(values.buffer).toBeInstanceOf(SharedArrayBuffer)
            expect(values.buffer).toBe(ready.memory.buffer)
            if (nullCount > 0) expect(nullBitmap.buffer).toBe(ready.memory.buffer)
          }
        }
        ready.release()
        seen.push(ready)
      }
      const offsets = seen.map((ready) => read(ready)[0]!.data.children[4]!.values.byteOffset as number)
      expect(offsets[2]).toBe(offsets[0])
      expect(offsets[1]).not.toBe(offsets[0])
      expect(new Set(seen.map(({ memory }) => memory.buffer)).size).toBe(1)
    } finally {
      await executor.close()
    }
  })

  test('waits with the third batch until the first is read', async () => {
    const executor = threadsExecutor(setup, { workers: 1, entry: workerEntry })
    try {
      const [first, second, third] = [0, 4, 8].map((from) => executor.run({ first: from, count: 4 }))
      const before = profits(await first!)
      await second
      const early = await Promise.race([third!.then(() => 'ready'), delay(300, 'waiting')])
      expect(early).toBe('waiting')
      expect(profits(await first!)).toEqual(before)
      ;(await first!).release()
      expect(profits(await third!)).not.toEqual(before)
      // It went where the first was.
      expect(profits(await first!)).toEqual(profits(await third!))
    } finally {
      await executor.close()
    }
  })

  test('computes what this thread computes', async () => {
    const executor = threadsExecutor(setup, { workers: 2, entry: workerEntry })
    const here = inProcessExecutor(setup)
    try {
      for (const first of [0, 4, 8]) {
        const ready = await executor.run({ first, count: 3 })
        const own = await here.run({ first, count: 3 })
        read(ready).forEach((batch, index) =>
          expect(batch.toArray().map(String)).toEqual(read(own)[index]!.toArray().map(String)),
        )
        ready.release()
        own.release()
      }
    } finally {
      await executor.close()
    }
  })

  test('reports mistakes of the user as what they are', async () => {
    const outside = {
      ...setup,
      market: detached(runnableMarket(compiled, { backend: 'wasm', outside: ['genius'] })),
    }
    const executor = threadsExecutor(outside, { workers: 1, entry: workerEntry })
    try {
      const error: unknown = await executor.run({ first: 0, count: 4 }).catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(RivalryError)
      expect(error).toMatchObject({
        code: 'unknown-strategy',
        message: 'the module of the worker threads has no strategy called genius',
      })
      expect((error as RivalryError).hint).toMatch(/plainStrategies/)
    } finally {
      await executor.close()
    }
  })

  test('gets a market that is compiled: nothing of it is a function, on either back end', () => {
    for (const backend of ['wasm', 'javascript'] as const) {
      const runnable = detached(runnableMarket(compiled, { backend }))
      const copy = structuredClone(runnable)
      expect([...copy.values.values()]).toEqual([...runnable.values.values()])
      // One object for each declaration: what is a key in one map is the key in others.
      const [column] = copy.values.keys()
      expect(copy.program.layout.columns.has(column!)).toBe(true)
      expect(copy.program.layout.dimensions.map(({ dimension }) => dimension)).toContain(column!.dimension)
    }
  })

  test('that cannot even start fails the run', async () => {
    const entry = { ...workerEntry, url: new URL('../study/no-such-worker.ts', import.meta.url) }
    const executor = threadsExecutor(setup, { workers: 1, entry })
    try {
      await expect(executor.run({ first: 0, count: 4 })).rejects.toThrow(/no-such-worker/)
    } finally {
      await executor.close()
    }
  })
})
