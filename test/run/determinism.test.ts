import { describe, expect, test } from 'vitest'
import type { Recording } from '../../engine/market/tables.ts'
import { manifestOf, type ShortRun } from './runs.ts'

/** Not a multiple of four; enough for 16 workers with batches of four. */
const REPLICATIONS = 66
const recordings: readonly Recording[] = ['summary', 'months']

describe.each(recordings)('a run that records %s', (recording) => {
  const run: ShortRun = {
    replications: REPLICATIONS,
    seed: 'any text: ü',
    recording,
    batch: 4,
    set: ['months=30'],
  }
  const usual = manifestOf(run)

  test.each([1, 2, 4, 16])('leaves the same bytes with %i workers', async (workers) => {
    expect(await manifestOf({ ...run, workers })).toEqual(await usual)
  })

  test.each([1, 12, 1000, undefined])(
    'leaves the same bytes with batches of %s replications',
    async (batch) => {
      expect(await manifestOf({ ...run, batch })).toEqual(await usual)
    },
  )

  test('leaves the same bytes when it is run again', async () => {
    expect(await manifestOf(run)).toEqual(await usual)
  })

  test('leaves the same bytes on the JavaScript back end', async () => {
    expect(await manifestOf({ ...run, backend: 'javascript', workers: 1 })).toEqual(await usual)
  })

  test('leaves other tables with another seed', async () => {
    const files = (await manifestOf({ ...run, seed: 'another' })).files
    const known = new Set((await usual).files.map(({ sha256 }) => sha256))
    expect(files.filter(({ sha256 }) => known.has(sha256)).map(({ name }) => name)).toEqual(['scenario.json'])
  })
})

describe('the flagship', () => {
  test('leaves the same bytes with one worker and two, on both back ends', async () => {
    const run: ShortRun = { scenario: 'large-model-market', replications: 10, recording: 'months' }
    const usual = await manifestOf({ ...run, workers: 1 })
    expect(await manifestOf({ ...run, workers: 2, batch: 4 })).toEqual(usual)
    expect(await manifestOf({ ...run, backend: 'javascript' })).toEqual(usual)
  })
})

test('more replications begin with the same ones', async () => {
  const few: number[] = []
  const many: number[] = []
  const keep =
    (kept: number[]): ShortRun['onBatch'] =>
    (tables) => {
      kept.push(...(tables.get('startups')!.getChild('profit')!.toArray() as Float64Array))
    }
  await manifestOf({ replications: 6, onBatch: keep(few) })
  await manifestOf({ replications: 21, batch: 8, onBatch: keep(many) })
  expect(many.slice(0, few.length)).toEqual(few)
})

test.each(['parquet', 'csv'] as const)(
  '%s files are the same bytes with other workers and batches',
  async (format) => {
    const run: ShortRun = { replications: 13, recording: 'months', format, set: ['months=15'] }
    expect(await manifestOf({ ...run, workers: 2, batch: 4 })).toEqual(await manifestOf(run))
  },
)
