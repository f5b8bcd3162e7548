/** What can happen to a study while it runs, and that it comes to the same end all the same. */
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync as statOf,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { studyWorkerEntry } from '../../agents/worker-entry.ts'
import type { RivalryError } from '../../engine/errors.ts'
import type { PlainStrategy } from '../../engine/simulation/plain-strategies.ts'
import { FolderLock, LOCK_NAME } from '../../engine/files/folder-lock.ts'
import type { StudyDefinition, StudyOptions, StudyStatus } from '../../engine/study/index.ts'
import { MANIFEST_NAME } from '../../engine/files/manifest.ts'
import { partWriter } from '../../engine/files/parts.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { mergeStudies, studyStatus } from '../../engine/study/run-study.ts'
import { abortUnfinished } from '../../engine/files/unfinished.ts'
import {
  complete,
  digestsIn,
  onePoint,
  resultNames,
  run as runIn,
  smallMarket,
  stopping,
  threeVariants,
} from './study-definitions.ts'

let parent: string
let folder: string
let whole: Record<string, string>
/** A folder in which all units of `stopping` are done, and kept beside the results. */
let kept: string

beforeAll(async () => {
  kept = mkdtempSync(join(tmpdir(), 'rivalry-kept-'))
  complete(await runIn(stopping, { folder: kept, keepUnits: true }))
  whole = results(kept)
  return () => rmSync(kept, { recursive: true, force: true })
})

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'rivalry-durable-'))
  folder = join(parent, 'out')
})

afterEach(() => {
  abortUnfinished()
  rmSync(parent, { recursive: true, force: true })
})

const run = (options: StudyOptions = {}, definition: StudyDefinition = stopping): ReturnType<typeof runIn> =>
  runIn(definition, { folder, ...options })

/** The digests of what is no unit. */
function results(path: string): Record<string, string> {
  return Object.fromEntries(Object.entries(digestsIn(path)).filter(([name]) => !name.startsWith('units/')))
}

/** Sees that the folder holds the results of an undisturbed run, and nothing else. */
function expectWhole(path = folder): void {
  expect(digestsIn(path)).toEqual(whole)
  expect(readdirSync(path).toSorted()).toEqual(resultNames(path))
}

async function caught(attempt: Promise<unknown>): Promise<RivalryError> {
  try {
    await attempt
  } catch (error) {
    return error as RivalryError
  }
  throw new Error('nothing was thrown')
}

async function status(attempt: ReturnType<typeof runIn>): Promise<StudyStatus> {
  const result = await attempt
  if (result.isComplete) throw new Error('the study is complete')
  return result.status
}

/** Puts all units into the folder, as a run leaves them that was killed before it wrote results. */
function placeUnits(): string[] {
  for (const name of ['units/study.json', ...unitsIn(kept)]) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    copyFileSync(join(kept, name), join(folder, name))
  }
  return unitsIn(folder)
}

function unitsIn(path: string): string[] {
  return readdirSync(join(path, 'units'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.unit'))
    .map((name) => join('units', name))
    .toSorted()
}

/** Changes a byte, counted from the end where negative. */
function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  const place = at < 0 ? bytes.length + at : at
  bytes[place]! ^= 0x10
  const descriptor = openSync(path, 'r+')
  writeSync(descriptor, bytes, place, 1, place)
  closeSync(descriptor)
}

/** Where the sections of a unit's file begin. */
function sectionsOf(path: string): number[] {
  const bytes = readFileSync(path)
  const length = bytes.readUInt32LE(8)
  const { sections } = JSON.parse(bytes.toString('utf8', 44, 44 + length)) as {
    sections: { bytes: number }[]
  }
  let at = 44 + length
  return sections.map(({ bytes: size }) => (at += size) - size)
}

describe('units that were done', () => {
  test('are not computed again', async () => {
    const count = placeUnits().length
    const told: number[] = []
    complete(await run({ resume: true, onProgress: ({ found }) => told.push(found) }))
    expect(told.at(-1)).toBe(count)
    expectWhole()
  })

  const damage: [string, (path: string, another: string) => void][] = [
    ['is cut off', (path) => truncateSync(path, readFileSync(path).length - 1)],
    ['is cut off in its head', (path) => truncateSync(path, 60)],
    ['is empty', (path) => truncateSync(path, 0)],
    ['is gone', (path) => rmSync(path)],
    ['is somebody else’s', (path) => writeFileSync(path, 'mine')],
    ['is that of another unit', (path, another) => copyFileSync(another, path)],
    ['has another name', (path) => renameSync(path, path.replace(/unit$/, 'old'))],
    ['has a changed magic', (path) => flip(path, 3)],
    ['has a changed length of its head', (path) => flip(path, 9)],
    ['has a changed head', (path) => flip(path, 50)],
    ['has a changed last byte', (path) => flip(path, -1)],
    ['is a folder with nothing in it', (path) => (rmSync(path), mkdirSync(path))],
  ]

  test.each(damage)('are computed again where a file %s', async (what, harm) => {
    const units = placeUnits()
    harm(join(folder, units[1]!), join(folder, units[0]!))
    if (what.startsWith('is a folder')) {
      // Not ours to remove; but said clearly, and easily mended.
      expect(await caught(run({ resume: true }))).toMatchObject({
        code: 'output-not-writable',
        path: join(folder, units[1]!),
      })
      rmSync(join(folder, units[1]!), { recursive: true })
    }
    complete(await run({ resume: true }))
    expectWhole()
  })

  test('are computed again where any section is changed, of any of them', async () => {
    const units = placeUnits()
    const sections = sectionsOf(join(folder, units[0]!)).length
    expect(sections).toBeGreaterThanOrEqual(8)
    // Section i of unit i: outcomes, lives, startups and events, of both variants.
    for (let i = 0; i < sections; i++) {
      const path = join(folder, units[i % units.length]!)
      flip(path, sectionsOf(path)[i]! + 40)
    }
    complete(await run({ resume: true }))
    expectWhole()
  })

  test('are told from those that are not when somebody asks how the study is', async () => {
    const units = placeUnits()
    const path = join(folder, units[2]!)
    flip(path, sectionsOf(path)[3]! + 40)
    const before = digestsIn(folder)
    const { missing } = await studyStatus(folder)
    expect(missing.map(({ id }) => id)).toContain(units[2]!.slice(-69, -5))
    expect(digestsIn(folder)).toEqual(before)
  })

  test('are merged although one copy of each is damaged', async () => {
    const units = placeUnits()
    const second = join(parent, 'second')
    mkdirSync(second)
    execFileSync('cp', ['-r', join(folder, 'units'), second])
    for (const [i, name] of units.entries()) truncateSync(join(i % 2 === 0 ? folder : second, name), 99)
    const into = join(parent, 'into')
    complete(await mergeStudies([folder, second], { folder: into, workers: 0 }))
    expectWhole(into)
    // Into a folder that has half of them itself.
    complete(await mergeStudies([second, folder], { folder, workers: 0 }))
    expectWhole()
  })

  test('may have parts of killed processes among them', async () => {
    const [first] = placeUnits()
    writeFileSync(join(folder, `${first!}.0123456789ab.part`), 'half')
    writeFileSync(join(folder, 'units/study.json.0123456789ab.part'), 'half')
    complete(await run({ resume: true }))
    expectWhole()
  })

  test('are still good where the file that says whose they are is cut off', async () => {
    placeUnits()
    truncateSync(join(folder, 'units/study.json'), 100)
    expect(await caught(run())).toMatchObject({ code: 'study-unfinished' })
    complete(await run({ resume: true }))
    expectWhole()
  })
})

describe('a folder', () => {
  test('with an unfinished study is gone on with only if that is wanted', async () => {
    placeUnits()
    const before = digestsIn(folder)
    expect(await caught(run())).toMatchObject({ code: 'study-unfinished', path: join(folder, 'units') })
    expect(digestsIn(folder)).toEqual(before)
    complete(await run({ overwrite: true, onProgress: ({ found }) => expect(found).toBe(0) }))
    expectWhole()
  })

  test.each([{ resume: true }, { shard: { index: 1, of: 2 } }, {}])(
    'with units of another study stays as it is, and unlocked, with %o',
    async (options) => {
      placeUnits()
      const before = digestsIn(folder)
      const { code } = await caught(run(options, onePoint))
      expect(code).toBe('resume' in options || 'shard' in options ? 'output-exists' : 'study-unfinished')
      expect(digestsIn(folder)).toEqual(before)
      complete(await run({ overwrite: true }, onePoint))
    },
  )

  test('with results of another study is overwritten only if that is wanted', async () => {
    complete(await run({}, onePoint))
    const before = digestsIn(folder)
    for (const resume of [false, true])
      expect(await caught(run({ resume }))).toMatchObject({
        code: 'output-exists',
        path: join(folder, MANIFEST_NAME),
      })
    expect(results(folder)).toEqual(before)
    complete(await run({ overwrite: true }))
    expectWhole()
  })

  test('with the results is left as it is, whatever a killed process left beside them', async () => {
    complete(await run())
    const { mtimeMs } = statOf(join(folder, MANIFEST_NAME))
    const lock = new FolderLock(folder)
    const holder = JSON.parse(readFileSync(join(folder, LOCK_NAME), 'utf8')) as object
    lock.release()
    writeFileSync(join(folder, LOCK_NAME), JSON.stringify({ ...holder, pid: 2 ** 30 }))
    writeFileSync(join(folder, `startups.arrow.replaced.${partWriter('0'.repeat(16))}.part`), 'old')
    mkdirSync(join(folder, 'units/ab'), { recursive: true })
    writeFileSync(join(folder, 'units/ab/half.unit'), '')
    let told = 0
    const again = complete(await run({ onProgress: () => told++ }))
    expect(again.summary.replications.total).toBeGreaterThan(0)
    expect(told).toBe(0)
    expect(statOf(join(folder, MANIFEST_NAME)).mtimeMs).toBe(mtimeMs)
    expectWhole()
  })

  test('in which overwriting was interrupted may be overwritten by whoever goes on', async () => {
    complete(await run({}, onePoint))
    const stop = new AbortController()
    const onProgress = (): void => stop.abort(new Error('stop'))
    await caught(run({ overwrite: true, signal: stop.signal, onProgress }))
    complete(await run({ resume: true }))
    expectWhole()
  })

  test('with units of another study keeps them when its results are asked for', async () => {
    complete(await run())
    mkdirSync(join(parent, 'other'))
    await run({ folder: join(parent, 'other'), shard: { index: 1, of: 2 } }, threeVariants)
    cpSync(join(parent, 'other/units'), join(folder, 'units'), { recursive: true })
    complete(await run())
    expect(unitsIn(folder)).toEqual(unitsIn(join(parent, 'other')))
    expect(await studyStatus(folder)).toMatchObject({ study: threeVariants.name, isFinished: false })
  })

  test('with results refuses parts of another study before they compute anything', async () => {
    complete(await run())
    const error = await caught(run({ shard: { index: 1, of: 2 } }, onePoint))
    expect(error).toMatchObject({ code: 'output-exists' })
    const part = join(parent, 'part')
    await run({ folder: part, shard: { index: 1, of: 2 } }, onePoint)
    expect(await caught(mergeStudies([part], { folder }))).toMatchObject({ code: 'output-exists' })
    expectWhole()
  })

  test('with units of another version is not gone on with', async () => {
    placeUnits()
    const path = join(folder, 'units/study.json')
    const begun = JSON.parse(readFileSync(path, 'utf8')) as object
    writeFileSync(path, JSON.stringify({ ...begun, engine: '0.0.1' }))
    for (const attempt of [run({ resume: true }), run({ shard: { index: 1, of: 2 } }), studyStatus(folder)])
      expect(await caught(attempt)).toMatchObject({ code: 'other-version' })
    complete(await run({ overwrite: true }))
    expectWhole()
  })

  test('that was merged into itself can be merged again', async () => {
    await Promise.all([1, 2].map((index) => run({ shard: { index, of: 2 }, wait: true })))
    expectWhole()
    complete(await mergeStudies([folder], { folder }))
    expectWhole()
  })

  test('is not dropped by one part of several', async () => {
    const errors = await run({ shard: { index: 1, of: 2 }, overwrite: true }).catch((error: unknown) => error)
    expect(errors).toMatchObject({ errors: [{ code: 'invalid-option', path: 'overwrite' }] })
  })

  test('with results that are not whole any more is said to be so, and can be computed anew', async () => {
    complete(await run())
    rmSync(join(folder, 'summary.json'))
    await expect(run()).rejects.toMatchObject({ code: 'results-damaged', path: join(folder, 'summary.json') })
    complete(await run({ overwrite: true }))
    expectWhole()
  })

  test('keeps its units when the study is asked for again, if they are to be kept', async () => {
    const definition = { ...onePoint, replications: { ...onePoint.replications, first: 40, most: 40 } }
    complete(await run({ keepUnits: true }, definition))
    const before = digestsIn(folder)
    complete(await run({ keepUnits: true }, definition))
    expect(digestsIn(folder)).toEqual(before)
    complete(await run({}, definition))
    expect(existsSync(join(folder, 'units'))).toBe(false)
  })

  test('in which results were half written is finished', async () => {
    placeUnits()
    const writer = partWriter('f'.repeat(16))
    for (const name of ['outcomes.arrow', 'startups.arrow', MANIFEST_NAME])
      writeFileSync(join(folder, `${name}.${writer}.part`), 'half')
    complete(await run({ resume: true }))
    expectWhole()
  })

  test('in which results were half moved into place is finished', async () => {
    placeUnits()
    const writer = partWriter('f'.repeat(16))
    const moved = ['outcomes.arrow', 'statistics.arrow']
    for (const name of Object.keys(whole))
      copyFileSync(join(kept, name), join(folder, moved.includes(name) ? name : `${name}.${writer}.part`))
    complete(await run({ resume: true }))
    expectWhole()
  })

  test('is one process’s at a time, whose units another one does not touch', async () => {
    const source = join(parent, 'holder.mjs')
    const definitions = new URL('study-definitions.ts', import.meta.url).href
    writeFileSync(
      source,
      `const { run, stopping } = await import(${JSON.stringify(definitions)})
      let isHeld = false
      await run(stopping, { folder: ${JSON.stringify(folder)}, onProgress: () => {
        if (isHeld) return
        isHeld = true
        process.send('held')
        // Until the other one has tried.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)
      } })
      process.disconnect()`,
    )
    const holder = fork(source, { execArgv: ['--import', import.meta.resolve('tsx')] })
    const exited = once(holder, 'exit')
    await once(holder, 'message')
    for (const options of [{ resume: true }, { overwrite: true }])
      expect(await caught(run(options))).toMatchObject({
        code: 'folder-in-use',
        path: join(folder, LOCK_NAME),
      })
    expect(await exited).toEqual([0, null])
    expectWhole()
  })
})

describe('permission that is lost', () => {
  test('ends the study with the file’s name, and what was done stays', async () => {
    // A file stands where folders of units go: not even root can write below it.
    const blocked: string[] = []
    const units = unitsIn(kept).map((name) => name.split('/')[1]!)
    mkdirSync(join(folder, 'units'), { recursive: true })
    for (const first of [...new Set(units)].slice(2)) {
      blocked.push(join(folder, 'units', first))
      writeFileSync(blocked.at(-1)!, '')
    }
    const error = await caught(run({ resume: true }))
    expect(error).toMatchObject({ code: 'output-not-writable' })
    expect(blocked).toContain(error.path)
    expect(error.message).toBe(`cannot write ${error.path!}: a file of that name is in the way`)
    expect(readdirSync(folder)).toEqual(['units'])
    for (const path of blocked) rmSync(path)
    complete(await run({ resume: true }))
    expectWhole()
  })
})

const reason = mountProblem()
const withDisk = reason === undefined ? test : test.skip

describe(`a disk of its own${reason === undefined ? '' : `: ${reason}`}`, () => {
  let disk: string
  const remount = (options: string): unknown => execFileSync('mount', ['-o', `remount,${options}`, disk])

  beforeEach(() => {
    if (reason !== undefined) return
    disk = join(parent, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', disk])
    folder = join(disk, 'out')
  })

  afterEach(() => {
    if (reason === undefined) execFileSync('umount', [disk])
  })

  withDisk('that is full ends the study, which goes on when there is space again', async () => {
    const unitBytes = unitsIn(kept).reduce((sum, name) => sum + statOf(join(kept, name)).size, 0)
    const resultBytes = Object.keys(whole).reduce((sum, name) => sum + statOf(join(kept, name)).size, 0)
    const kibibytes = (bytes: number): string => `size=${Math.ceil(bytes / 1024)}k`
    // At the very beginning, among the units, and when all of them are there and results are written.
    for (const bytes of [
      16_384,
      unitBytes / 4,
      (unitBytes + resultBytes) * 0.7,
      unitBytes + resultBytes * 0.9,
    ]) {
      remount(kibibytes(bytes))
      const error = await caught(run({ resume: true }))
      expect(error).toMatchObject({ code: 'disk-full' })
      expect(error.message).toContain(`no space left on the disk for ${folder}`)
      expect(existsSync(folder) ? readdirSync(folder) : ['units']).toEqual(['units'])
      expect(Object.keys(digestsIn(disk)).filter((name) => name.endsWith('.part'))).toEqual([])
    }
    remount('size=100m')
    let found = 0
    complete(await run({ resume: true, onProgress: (progress) => (found = progress.found) }))
    expect(found).toBeGreaterThan(0)
    expectWhole()
  })

  withDisk('that is full is said as well where threads write', async () => {
    remount('size=600k')
    const threads = { workers: 2, workerEntry: studyWorkerEntry }
    expect(await caught(run(threads))).toMatchObject({ code: 'disk-full' })
    remount('size=100m')
    complete(await run({ resume: true }))
    expectWhole()
  })

  withDisk('that becomes read-only ends the study, which goes on when it may write again', async () => {
    remount('size=100m')
    const shard = { index: 1, of: 1 }
    let isLost = false
    const onProgress = (): void => {
      if (!isLost) remount('ro')
      isLost = true
    }
    const error = await caught(run({ shard, onProgress }))
    expect(error).toMatchObject({ code: 'output-not-writable' })
    expect(error.message).toMatch(/: the file system is read-only$/)
    expect(await caught(run({ resume: true }))).toMatchObject({ code: 'output-not-writable' })
    remount('rw')
    complete(await run({ resume: true }))
    expectWhole()
  })
})

/** Why no small disk can be mounted here; `undefined` where it can. */
function mountProblem(): string | undefined {
  const probe = mkdtempSync(join(tmpdir(), 'rivalry-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', probe], { stdio: 'ignore' })
    execFileSync('umount', [probe])
    return undefined
  } catch {
    return 'only root mounts disks'
  } finally {
    rmSync(probe, { recursive: true, force: true })
  }
}

// -------------------------------------------------------------------------------- units that fail

describe('a unit that fails', () => {
  const usual: PlainStrategy['decide'] = () => {}
  /** `stopping`, but the second startup of its variants follows a rule outside of the kernel. */
  const withRule: StudyDefinition = {
    ...stopping,
    variants: [
      { name: 'wide', markets: [smallMarket({ third: true, set: ['startups.second.strategy=mine'] })] },
      { name: 'base', markets: [smallMarket({ set: ['startups.second.strategy=mine'] })] },
    ],
  }
  const withDecision = (decide: PlainStrategy['decide']): Promise<Awaited<ReturnType<typeof runIn>>> =>
    run({ resume: true, plainStrategies: [{ name: 'mine', decide }] }, withRule)

  let undisturbed: Record<string, string>
  /** Cash of the second startup in the first month of one replication, by which the rule knows it. */
  let marked: number

  beforeAll(async () => {
    const at = mkdtempSync(join(tmpdir(), 'rivalry-rule-'))
    const seen: number[] = []
    const decide: PlainStrategy['decide'] = ({ month, sees, replications }) => {
      if (month === 1) seen.push(...sees.cash.subarray(0, replications))
    }
    complete(await runIn(withRule, { folder: at, plainStrategies: [{ name: 'mine', decide }] }))
    undisturbed = results(at)
    rmSync(at, { recursive: true, force: true })
    marked = seen[77]!
    // In both variants, which share their luck.
    expect(seen.filter((cash) => cash === marked)).toHaveLength(2)
  })

  const fails: [string, (does: Parameters<PlainStrategy['decide']>[0], row: number) => void, object][] = [
    [
      'throws',
      () => {
        throw new Error('I do not know what to do')
      },
      { message: 'I do not know what to do' },
    ],
    [
      'decides what is no number',
      ({ does }, row) => {
        does.rd[row] = NaN
      },
      {
        code: 'action',
        message: expect.stringMatching(/^rd is NaN in month 1 of replication \d+$/) as string,
      },
    ],
  ]

  test.each(fails)(
    'because a rule %s is told with its place, and all others are done',
    async (_, fail, told) => {
      const decide: PlainStrategy['decide'] = (situation) => {
        if (situation.month !== 1) return
        const row = situation.sees.cash.subarray(0, situation.replications).indexOf(marked)
        if (row >= 0) fail(situation, row)
      }
      const { failures, missing, units, look } = await status(withDecision(decide))
      const values = firstPoint()
      expect(failures).toEqual([
        {
          unit: missing[0]!.id,
          ...told,
          ...('code' in told ? { hint: failures[0]!.hint } : {}),
          variant: 'wide',
          point: 0,
          values,
          first: 77,
          count: 1,
          seed: stopping.seed,
        },
      ])
      expect(missing).toHaveLength(1)
      expect(look).toBe(0)
      expect(units.done).toBe(units.total - 1)
      expect(await studyStatus(folder)).toMatchObject({ failures: [{ first: 77, point: 0 }] })
      // The rule is mended: the study goes on, and nothing is told of failures any more.
      complete(await withDecision(usual))
      expect(digestsIn(folder)).toEqual(undisturbed)
    },
  )

  test('once is tried again, with the bytes of one that did not', async () => {
    let calls = 0
    complete(
      await withDecision(() => {
        if (++calls === 40) throw new Error('not in the mood')
      }),
    )
    expect(calls).toBeGreaterThan(40)
    expect(digestsIn(folder)).toEqual(undisturbed)
  })

  test('because figures of a point break a rule together is told with the point', async () => {
    const definition: StudyDefinition = {
      ...threeVariants,
      design: { kind: 'list', points: [{}, { 'segments.consumer.phi': 2 }, {}] },
      replications: { first: 2000, step: 2000, most: 2000, targets: [] },
    }
    const { failures, missing, units } = await status(run({}, definition))
    expect(failures).toHaveLength(missing.length)
    for (const failure of failures)
      expect(failure).toMatchObject({ point: 1, values: { 'segments.consumer.phi': 2 }, variant: 'base' })
    expect(missing.every(({ points }) => points.includes(1))).toBe(true)
    expect(units.done).toBe(units.total - missing.length)
  })

  /** The figures of the first point. */
  function firstPoint(): Record<string, unknown> {
    const text = readFileSync(join(kept, 'study.json'), 'utf8')
    return new StudyPoints(JSON.parse(text) as StudyDefinition).values(0)
  }
})

describe('a worker thread', () => {
  const entry = {
    url: new URL('dying-worker.ts', import.meta.url),
    execArgv: ['--import', import.meta.resolve('tsx')],
  }

  afterEach(() => {
    delete process.env['RIVALRY_TEST_DEATH']
    delete process.env['RIVALRY_TEST_ORDINAL']
  })

  /** Runs the study in a process whose threads may have 150 MiB. */
  async function inLittleMemory(): Promise<StudyStatus> {
    const source = join(parent, 'process.mjs')
    const definitions = new URL('study-definitions.ts', import.meta.url).href
    writeFileSync(
      source,
      `const { run, stopping } = await import(${JSON.stringify(definitions)})
      const workerEntry = { url: new URL(${JSON.stringify(entry.url.href)}), execArgv: ${JSON.stringify(entry.execArgv)} }
      process.send(await run(stopping, { folder: ${JSON.stringify(folder)}, workers: 2, workerEntry }))
      process.disconnect()`,
    )
    const child = fork(source, { execArgv: ['--max-old-space-size=150', ...entry.execArgv] })
    const [result] = (await once(child, 'message')) as [Awaited<ReturnType<typeof runIn>>]
    return status(Promise.resolve(result))
  }

  test.each([
    ['exits', 'exit', /^worker exited with code: 7$/],
    ['runs out of memory', 'memory', /memory/],
  ])(
    'that %s at one unit costs this unit alone, and a good one completes the study',
    async (_, way, message) => {
      process.env['RIVALRY_TEST_DEATH'] = way
      process.env['RIVALRY_TEST_ORDINAL'] = '1'
      const { failures, missing } =
        way === 'memory' ? await inLittleMemory() : await status(run({ workers: 2, workerEntry: entry }))
      expect(missing.map(({ ordinal }) => ordinal)).toEqual([1])
      expect(failures).toHaveLength(1)
      expect(failures[0]!.message).toMatch(message)
      expect(failures[0]).toMatchObject({
        unit: missing[0]!.id,
        point: missing[0]!.points[0],
        first: 0,
        count: 500,
        seed: stopping.seed,
      })
      complete(await run({ resume: true }))
      expectWhole()
    },
  )

  test('that ends before it can begin ends the study, and does not leave it waiting', async () => {
    process.env['RIVALRY_TEST_DEATH'] = 'exit-at-once'
    const error = await caught(run({ workers: 2, workerEntry: entry }))
    expect(error).toMatchObject({ code: 'units-lost' })
    expect(error.message).toMatch(/^no unit can be computed: (worker exited|all worker threads)/)
    delete process.env['RIVALRY_TEST_DEATH']
    complete(await run({ resume: true }))
    expectWhole()
  })
})
