import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { strategies } from '../../agents/strategies/index.ts'
import { jobId, queueName } from '../../engine/study/queue/queue-study.ts'
import { study, type StudyDefinition, type StudyResult } from '../../engine/study/index.ts'
import { UnitStore } from '../../engine/study/units/unit-store.ts'
import { loadScenario } from '../../index.ts'
import { start, type Running } from '../bin/command.ts'
import { RedisServer, noRedis } from './redis-server.ts'
import { inFolder } from '../run/runs.ts'

const market = loadScenario('three-ways', { set: ['months=60'] })

/** A study with one unit for each point; on the slow back end each takes half a second. */
function definition(name: string, prices: readonly number[]): StudyDefinition {
  return {
    name,
    title: name,
    seed: '1',
    record: 'outcomes',
    variants: [{ name: 'base', markets: [market] }],
    structures: [{}],
    design: { kind: 'list', points: prices.map((price) => ({ 'parameters.computePrice': price })) },
    replications: { first: 728, step: 728, most: 728, targets: [] },
    metrics: [
      { name: 'profit', of: 'startups.freemium.profit', unit: 'EUR' },
      { name: 'ltv', of: 'metrics.freemium.ltv', unit: 'EUR' },
    ],
    discovery: [],
    annualRate: 0.1,
    resamples: 100,
  }
}

const prices = (count: number): number[] => Array.from({ length: count }, (_, i) => (i + 1) / 100)
const short = definition('short', prices(7))
const other = definition('other', prices(2))

/** The files of a folder, without units. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    names.map(({ name }) => [name, readFileSync(join(folder, name)).toString('base64')]),
  )
}

/** What a study leaves that is computed here. */
function plain(of: StudyDefinition): Promise<Record<string, string>> {
  return inFolder(async (folder) => {
    await study(of, { folder, workers: 0, strategies }).result
    return filesOf(folder)
  })
}

/** Runs a study whose units workers compute; settled only with its end. */
function queued(of: StudyDefinition, folder: string, queue: string): Promise<StudyResult> {
  const { result } = study(of, { folder, queue, keepUnits: true })
  return result
}

/** Starts a worker with one thread. */
function worker(folder: string, queue: string, ...more: string[]): Running {
  return start(['worker', folder, '--queue', queue, '--workers', '1', '--lock', '3', ...more])
}
const slow = ['--backend', 'javascript']

/** What a function gives, once it gives something. */
async function once<Value>(look: () => Promise<Value | undefined> | Value | undefined): Promise<Value> {
  for (let tries = 0; tries < 1500; tries++) {
    const value = await look()
    if (value !== undefined) return value
    await delay(20)
  }
  throw new Error('it did not happen within half a minute')
}

/** Names of the units that are done. */
function doneIn(folder: string): string[] {
  if (!existsSync(join(folder, 'units'))) return []
  return readdirSync(join(folder, 'units'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.unit'),
  )
}

describe.skipIf(noRedis !== undefined)(
  `workers of a queue${noRedis === undefined ? '' : ` (skipped: ${noRedis})`}`,
  () => {
    let redis: RedisServer
    /** What the study leaves when nobody helps. */
    let expected: Record<string, string>
    beforeAll(async () => {
      redis = await RedisServer.start()
      expected = await plain(short)
    })
    afterAll(() => redis?.stop())

    const jobs = (of: StudyDefinition, list: 'active' | 'wait'): Promise<string[]> =>
      redis.client.lrange(`bull:${queueName(of)}:${list}`, 0, -1)

    test('that are interrupted, killed or cannot write give their units to others, and no byte changes', async () => {
      await inFolder(async (folder) => {
        const result = queued(short, folder, redis.address)
        // In the middle of a unit that is not the worker's first, for which it loads and compiles.
        const underWay = async (): Promise<string> => {
          const before = doneIn(folder).length
          return once(async () => {
            const [job] = await jobs(short, 'active')
            if (job === undefined || doneIn(folder).length === before) return undefined
            await delay(150)
            return (await jobs(short, 'active'))[0] === job ? job : undefined
          })
        }
        // The folder of every unit leads to nowhere.
        await once(async () => ((await jobs(short, 'wait')).length === 7 ? true : undefined))
        const names = (await jobs(short, 'wait')).map((job) => job.slice(2, 4))
        const blocked = [...new Set(names)].map((name) => join(folder, 'units', name))
        for (const path of blocked) symlinkSync(join(folder, 'nowhere', 'else'), path)
        const unable = await worker(folder, redis.address).finished
        expect(unable).toMatchObject({ code: 2, stdout: '' })
        expect(unable.stderr).toMatch(/error\[output-not-writable\]/)
        expect(await jobs(short, 'wait')).toHaveLength(7)
        const attempts = await Promise.all(
          (await jobs(short, 'wait')).map((job) =>
            redis.client.hget(`bull:${queueName(short)}:${job}`, 'atm'),
          ),
        )
        expect(attempts.filter((made) => Number(made ?? 0) > 0)).toEqual([])
        for (const path of blocked) rmSync(path)

        const interrupted = worker(folder, redis.address, ...slow)
        const givenBack = await underWay()
        const fromMs = performance.now()
        interrupted.process.kill('SIGINT')
        expect((await interrupted.finished).code).toBe(130)
        expect(performance.now() - fromMs).toBeLessThan(2500)
        expect(await jobs(short, 'active')).toEqual([])
        expect(await jobs(short, 'wait')).toContain(givenBack)

        const killed = worker(folder, redis.address, ...slow)
        const lost = await underWay()
        killed.process.kill('SIGKILL')
        expect((await killed.finished).code).toBe('SIGKILL')
        expect(new UnitStore(folder).has(lost.slice(2))).toBe(false)
        // Nobody knows yet.
        expect(await jobs(short, 'active')).toEqual([lost])
        const before = doneIn(folder).length

        const last = worker(folder, redis.address)
        expect((await result).isComplete).toBe(true)
        expect(new UnitStore(folder).has(lost.slice(2))).toBe(true)
        const { code, stderr } = await last.finished
        expect(code).toBe(0)
        expect(stderr).toContain(`${7 - before} units done`)
        expect(stderr).toMatch(/; the study is finished\n$/)
        expect(filesOf(folder)).toEqual(expected)
      })
      // Nothing stays on the queue.
      expect(await redis.client.keys(`*${queueName(short)}*`)).toEqual([])
    })

    test('in two processes finish a study whose Redis is killed and started again, with the same bytes', async () => {
      await inFolder(async (folder) => {
        const workers = [worker(folder, redis.address, ...slow), worker(folder, redis.address, ...slow)]
        const result = queued(short, folder, redis.address)
        await once(() => (doneIn(folder).length >= 2 ? true : undefined))
        await redis.kill()
        expect(doneIn(folder).length).toBeLessThan(6)
        await delay(1500)
        await redis.restart()
        expect((await result).isComplete).toBe(true)
        for (const { finished } of workers) {
          const { code, stderr } = await finished
          expect(code).toBe(0)
          expect(stderr).toMatch(/the queue cannot be reached .*\nthe queue is there again\n/)
          expect(stderr).toMatch(/^[1-9]\d* units? done.*; the study is finished$/m)
        }
        expect(filesOf(folder)).toEqual(expected)
      })
    })

    test('say which replication of which point fails, and compute all others', async () => {
      const broken = definition('broken', [0.01, -1, 0.02])
      await inFolder(async (folder) => {
        const running = worker(folder, redis.address, '--idle', '2')
        const result = await queued(broken, folder, redis.address)
        if (result.isComplete) throw new Error('a study with an impossible price is complete')
        expect(result.status.units).toEqual({ done: 2, total: 3 })
        expect(result.status.failures).toHaveLength(1)
        expect(result.status.failures[0]).toMatchObject({
          unit: result.status.missing[0]!.id,
          code: 'out-of-bounds',
          variant: 'base',
          point: 1,
          values: { 'parameters.computePrice': -1 },
          first: 0,
          count: 1,
          seed: '1',
        })
        // It does not stay on the queue: whoever resumes the study can ask again.
        expect(
          await redis.client.exists(`bull:${queueName(broken)}:${jobId(result.status.missing[0]!.id)}`),
        ).toBe(0)
        const { code, stderr } = await running.finished
        expect(code).toBe(0)
        expect(stderr).toContain('2 units done, 3 attempts failed')
        expect(stderr).toMatch(/; there was nothing to do\n$/)
      })
    })

    test('refuse a copy of the folder, and wait in a folder of another study', async () => {
      await inFolder(async (parent) => {
        const [folder, copy, another] = ['study', 'copy', 'another'].map((name) => join(parent, name)) as [
          string,
          string,
          string,
        ]
        const ending = new AbortController()
        const { result } = study(short, { folder, queue: redis.address, signal: ending.signal })
        result.catch(() => undefined)
        await once(() => (existsSync(join(folder, 'units', 'queue.json')) ? true : undefined))
        mkdirSync(join(copy, 'units'), { recursive: true })
        cpSync(join(folder, 'units', 'study.json'), join(copy, 'units', 'study.json'))
        new UnitStore(another).begin(other)
        const [refused, waiting] = await Promise.all([
          worker(copy, redis.address).finished,
          worker(another, redis.address, '--idle', '1').finished,
        ])
        expect(refused.code).toBe(2)
        expect(refused.stderr).toMatch(
          /error\[folder-not-shared\] .*copy\/units: the folder .*copy is not the one/,
        )
        expect(waiting.code).toBe(0)
        const [told, end] = waiting.stderr.split('\n')
        expect(told).toBe(
          `waiting for the study other in ${another} to be run with this queue; it has units of: short`,
        )
        expect(end).toMatch(/^0 units done in .*; there was nothing to do$/)
        ending.abort(new Error('enough'))
        await expect(result).rejects.toThrow('enough')
        // The units that nobody took are not there any more.
        expect(await redis.client.keys(`*${queueName(short)}*`)).toEqual([])
        expect(doneIn(copy)).toEqual([])
      })
    })
  },
)
