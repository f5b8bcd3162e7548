import { existsSync, readdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { workerEntry } from '../../agents/worker-entry.ts'
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { replicationBytes } from '../../engine/simulation/batch.ts'
import type { PlainStrategy } from '../../engine/simulation/plain-strategies.ts'
import { batchReplications, chosen } from '../../engine/run/options.ts'
import { num } from '../../engine/trace/index.ts'
import { RivalryError, RivalryErrors, simulate, type Progress, type SimulateOptions } from '../../index.ts'
import { busy } from './plain-worker.ts'
import { digestsOf, inFolder, manifestOf, marketOf } from './runs.ts'

const market = marketOf({ set: ['months=14'] })

async function caught(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('a simulation', () => {
  test('says how far it is, up to the end', async () => {
    const seen: Progress[] = []
    await simulate(market, {
      replications: 50,
      workers: 2,
      batch: 8,
      onProgress: (progress) => seen.push(progress),
    })
    expect(seen.map(({ done }) => done)).toEqual([8, 16, 24, 32, 40, 48, 50])
    expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([50]))
  })

  test('writes nothing without a folder, and gives the summary', async () => {
    const { manifest, summary } = await simulate(market, { replications: 4, workers: 0 })
    expect(manifest).toBeUndefined()
    expect(summary).toMatchObject({
      scenario: 'three-ways',
      replications: 4,
      seed: '1',
      months: 14,
      recording: 'summary',
    })
  })

  test.each([0, 2])('on %i workers is ended by its signal, and leaves nothing', async (workers) => {
    await inFolder(async (folder) => {
      const out = join(folder, 'out')
      const controller = new AbortController()
      const reason = new Error('enough')
      const onProgress = ({ done }: Progress): void => {
        if (done < 40) return
        expect(readdirSync(out)).not.toEqual([])
        controller.abort(reason)
      }
      const run = simulate(market, {
        replications: 1e6,
        workers,
        batch: 4,
        folder: out,
        signal: controller.signal,
        onProgress,
      })
      expect(await caught(run)).toBe(reason)
      expect(existsSync(out)).toBe(false)
      expect(await caught(simulate(market, { folder: out, signal: controller.signal }))).toBe(reason)
      expect(existsSync(out)).toBe(false)
    })
  })

  test.each(['csv', 'parquet'] as const)(
    'is ended while it writes %s, and leaves nothing',
    async (format) => {
      await inFolder(async (folder) => {
        const controller = new AbortController()
        const reason = new Error('enough')
        // Some megabytes of months: converting them takes several times the delay.
        const onProgress = ({ done, total }: Progress): void => {
          if (done === total) setTimeout(() => controller.abort(reason), 30)
        }
        const options = { replications: 200, workers: 0, recording: 'months', format, onProgress } as const
        const run = simulate(market, { ...options, folder: join(folder, 'out'), signal: controller.signal })
        expect(await caught(run)).toBe(reason)
        expect(readdirSync(folder)).toEqual([])
      })
    },
  )

  test('that fails in the reader fails as a whole, and leaves nothing', async () => {
    await inFolder(async (folder) => {
      const onBatch = (): never => {
        throw new Error('the reader is full')
      }
      const run = simulate(market, {
        replications: 400,
        workers: 2,
        batch: 4,
        folder: join(folder, 'out'),
        onBatch,
      })
      expect(await caught(run)).toMatchObject({ message: 'the reader is full' })
      expect(readdirSync(folder)).toEqual([])
    })
  })

  test('in this thread hears its signal in the middle of a batch, whatever its size', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const run = simulate(marketOf({}), {
      replications: 100_000,
      batch: 100_000,
      workers: 0,
      signal: controller.signal,
    })
    // The whole batch takes many times that.
    await delay(100)
    const fromMs = performance.now()
    controller.abort(reason)
    expect(await caught(run)).toBe(reason)
    // The time between two looks is 50 ms; what the machine does beside may add to it.
    expect(performance.now() - fromMs).toBeLessThan(500)
  })

  test('hears its signal while it reads a large batch', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const short = marketOf({ set: ['months=1'] })
    const run = simulate(short, {
      replications: 60_000,
      batch: 60_000,
      workers: 1,
      signal: controller.signal,
    })
    controller.abort(reason)
    expect(await caught(run)).toBe(reason)
  })

  test('keeps no list of its batches: as many replications as have numbers fit, but for their profits', async () => {
    const error = await caught(simulate(market, { replications: 2 ** 31 - 1, workers: 0 }))
    // 8 bytes x 3 startups x 2^31: 48 GiB, more than half of the memory of most machines.
    if (totalmem() > 96 * 2 ** 30) return
    expect(error).toMatchObject({ code: 'memory', path: 'replications' })
    expect((error as RivalryError).message).toMatch(/^the profits of 2147483647 replications take 48\.0 GiB/)
  })

  test('refuses what no program should give it, all at once', async () => {
    const problemsOf = async (given: unknown, options: unknown): Promise<string[]> => {
      const error = await caught(simulate(given as typeof market, options as SimulateOptions))
      expect(error).toBeInstanceOf(RivalryErrors)
      return (error as RivalryErrors).errors.map(
        ({ code, path = '', message }) => `${code} ${path}: ${message}`,
      )
    }
    expect(await problemsOf({}, undefined)).toEqual([
      'invalid-market : the market is an object, not a market',
    ])
    expect(await problemsOf(undefined, null)).toEqual([
      'invalid-market : the market is undefined, not a market',
      'invalid-option : the options are null, not an object',
    ])
    const folder = new URL('file:///tmp/out')
    expect(
      await problemsOf(market, {
        replication: 5,
        seed: null,
        folder,
        overwrite: 'yes',
        strategies: 'undercut',
      }),
    ).toEqual([
      "unknown-option replication: there is no option 'replication'",
      'invalid-option seed: seed is null, not text or a number',
      'invalid-option folder: folder is a URL, not the path of a folder',
      "invalid-option overwrite: overwrite is 'yes', not true or false",
      "invalid-option strategies: strategies is 'undercut', not a list of strategies",
    ])
    expect(await problemsOf(market, { seed: {}, replications: '5', plainStrategies: [{}] })).toEqual([
      "invalid-option replications: replications is '5', not a whole number from 1 to 2147483647",
      'invalid-option seed: seed is an object, not text or a number',
      'invalid-option plainStrategies: plainStrategies is a list, not a list of strategies',
    ])
  })

  test('refuses impossible choices, all at once', async () => {
    const error = await caught(
      simulate(market, { replications: 0.5, workers: -1, batch: 0, backend: 'gpu' as never }),
    )
    expect(error).toBeInstanceOf(RivalryErrors)
    const { errors } = error as RivalryErrors
    expect(errors.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'invalid-option replications',
      'invalid-option workers',
      'invalid-option batch',
      'invalid-option backend',
    ])
  })
})

describe('batches', () => {
  const bytes = replicationBytes(market, 'months')

  test('take a few megabytes each, whatever is recorded, and are whole blocks', () => {
    for (const recording of ['summary', 'months'] as const) {
      const each = replicationBytes(marketOf({ scenario: 'large-model-market' }), recording)
      const rows = batchReplications(chosen({ replications: 1e6, workers: 2 }), each)
      expect(rows % 4).toBe(0)
      expect(rows * each).toBeLessThanOrEqual(4 * 2 ** 20)
      expect((rows + 4) * each).toBeGreaterThan(4 * 2 ** 20)
    }
  })

  test('are smaller where there are few replications for many workers, and never empty', () => {
    expect(batchReplications(chosen({ replications: 100, workers: 2 }), bytes)).toBe(16)
    expect(batchReplications(chosen({ replications: 1, workers: 64 }), bytes)).toBe(4)
    expect(batchReplications(chosen({ replications: 1, workers: 1 }), 1e9)).toBe(4)
  })

  test('are as long as asked for, rounded up to whole blocks', () => {
    expect(batchReplications(chosen({ replications: 1000, batch: 10 }), bytes)).toBe(12)
    expect(batchReplications(chosen({ replications: 5, batch: 1000 }), bytes)).toBe(8)
  })
})

describe('strategies of the caller', () => {
  const followed = { replications: 11, set: ['months=30', 'startups.subscription.strategy=mine'] }
  const tables = (digests: Record<string, string>): string[] => [
    digests['startups.arrow']!,
    digests['events.arrow']!,
  ]

  test('in plain TypeScript run in batches of any size, and one that changes nothing changes nothing', async () => {
    const usual = digestsOf(await manifestOf({ ...followed, set: ['months=30'] }))
    const lazy: PlainStrategy = { name: 'mine', decide: () => undefined }
    for (const batch of [4, 8, undefined]) {
      expect(tables(digestsOf(await manifestOf({ ...followed, batch, plainStrategies: [lazy] })))).toEqual(
        tables(usual),
      )
    }
    const one = await manifestOf({ ...followed, batch: 4, plainStrategies: [busy] })
    expect(tables(digestsOf(one))).not.toEqual(tables(usual))
    expect(await manifestOf({ ...followed, plainStrategies: [busy] })).toEqual(one)
    // Threads know them by a module of their own, and say so where it does not.
    const threads = { ...followed, plainStrategies: [busy], workers: 2, batch: 4 }
    const entry = { ...workerEntry, url: new URL('./plain-worker.ts', import.meta.url) }
    expect(await manifestOf({ ...threads, workerEntry: entry })).toEqual(one)
    expect(await caught(manifestOf({ ...threads, workerEntry }))).toMatchObject({ code: 'unknown-strategy' })
  })

  test('that are traced run in the kernel, and mistakes name startup, month and replication', async () => {
    const mine = (value: number): TracedStrategy => ({
      name: 'mine',
      meaning: 'spends much',
      settings: {},
      acts: ['marketing'],
      decide: ({ usual }) => ({ marketing: usual.marketing.plus(num(value)) }),
    })
    const usual = digestsOf(await manifestOf({ ...followed, set: ['months=30'] }))
    const traced = { ...followed, strategies: [mine(0)] }
    expect(tables(digestsOf(await manifestOf(traced)))).toEqual(tables(usual))
    // Compiled here, it crosses to other threads.
    expect(tables(digestsOf(await manifestOf({ ...traced, workers: 2, batch: 4 })))).toEqual(tables(usual))
    const error = await caught(manifestOf({ ...followed, batch: 4, strategies: [mine(Infinity)] }))
    expect(error).toBeInstanceOf(RivalryError)
    expect(error).toMatchObject({ code: 'non-finite-action', path: 'startups.subscription.strategy' })
    expect((error as RivalryError).message).toMatch(/marketing.* in month 0 of replication 0$/)
  })
})
