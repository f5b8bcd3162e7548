/** What a run may do to a folder, and what it may not: somebody else's files, another run's results, what was killed. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RivalryError } from '../../engine/errors.ts'
import { resultTables } from '../../engine/simulation/batch.ts'
import { FolderLock, LOCK_NAME } from '../../engine/files/folder-lock.ts'
import { makeFolders } from '../../engine/files/folders.ts'
import { MANIFEST_NAME, manifestOf as manifestIn } from '../../engine/files/manifest.ts'
import { partWriter, replacedName } from '../../engine/files/parts.ts'
import { RunFolder } from '../../engine/files/result-folder.ts'
import { abortUnfinished } from '../../engine/files/unfinished.ts'
import { sha256 } from '../../engine/tables/digest.ts'
import { simulate, type Manifest, type SimulateOptions } from '../../index.ts'
import { marketOf } from '../run/runs.ts'

const market = marketOf({ set: ['months=13'] })
let parent: string
let folder: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'rivalry-folder-'))
  folder = join(parent, 'out')
})

afterEach(() => {
  abortUnfinished()
  rmSync(parent, { recursive: true, force: true })
})

const run = (options: SimulateOptions = {}): Promise<Manifest> =>
  simulate(market, { replications: 8, workers: 0, folder, ...options }).then(({ manifest }) => manifest!)

const openFolder = (overwrite = false): RunFolder =>
  new RunFolder({
    folder,
    format: 'arrow',
    tables: resultTables(market, 'summary'),
    documents: ['summary.txt'],
    overwrite,
  })

async function caught(attempt: Promise<unknown> | (() => unknown)): Promise<RivalryError> {
  try {
    await (typeof attempt === 'function' ? attempt() : attempt)
  } catch (error) {
    expect(error).toBeInstanceOf(RivalryError)
    return error as RivalryError
  }
  throw new Error('nothing was thrown')
}

/** Every file by name, with its digest. */
function contents(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .map((name) => [name, sha256(readFileSync(join(folder, name)))]),
  )
}

/** Sees that the folder holds what its manifest says, and no part of anything. */
function expectWhole(): Manifest {
  const manifest = manifestIn(readFileSync(join(folder, MANIFEST_NAME), 'utf8'))
  expect(manifest).toBeDefined()
  const { [MANIFEST_NAME]: _, ...results } = contents()
  expect(results).toEqual(
    Object.fromEntries(manifest!.files.map(({ name, sha256: digest }) => [name, digest])),
  )
  return manifest!
}

describe('two runs into one folder', () => {
  test('from one process do not touch each other: one is told of the other', async () => {
    const runs = [1, 2].map((seed) => run({ seed, replications: 300, recording: 'months' }))
    const ended = await Promise.allSettled(runs)
    expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const { reason } = ended.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(reason).toMatchObject({ code: 'folder-in-use', path: join(folder, LOCK_NAME) })
    expect((reason as RivalryError).message).toContain(`process ${process.pid} on ${hostname()}`)
    expectWhole()
  })

  test('one after the other need --overwrite, and leave what the second manifest lists', async () => {
    await run({ recording: 'months' })
    expect(await caught(run())).toMatchObject({ code: 'output-exists', path: join(folder, MANIFEST_NAME) })
    await run({ overwrite: true, format: 'csv' })
    expect(expectWhole().format).toBe('csv')
  })
})

describe('a lock', () => {
  const lock = (): string => join(folder, LOCK_NAME)

  beforeEach(() => {
    mkdirSync(folder)
  })

  test('is gone when it is released, and only if it still is its own', () => {
    const first = new FolderLock(folder)
    first.release()
    expect(readdirSync(folder)).toEqual([])
    const second = new FolderLock(folder)
    first.release()
    expect(existsSync(lock())).toBe(true)
    second.release()
    expect(existsSync(lock())).toBe(false)
  })

  test('of a process that was killed is taken over, that of a living one is not', async () => {
    const source = join(parent, 'holder.mjs')
    const path = new URL('../../engine/files/folder-lock.ts', import.meta.url).href
    writeFileSync(
      source,
      `const { FolderLock } = await import(${JSON.stringify(path)})
      new FolderLock(${JSON.stringify(folder)}); process.send('held'); setInterval(() => {}, 1000)`,
    )
    const holder = fork(source, { execArgv: ['--import', import.meta.resolve('tsx')] })
    await once(holder, 'message')
    const error = await caught(() => new FolderLock(folder))
    expect(error.code).toBe('folder-in-use')
    expect(error.message).toContain(`process ${holder.pid} on`)
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const own = new FolderLock(folder)
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ id: own.id, pid: process.pid })
    own.release()
    expect(readdirSync(folder)).toEqual([])
  })

  test('of a process number that another process has now is taken over', () => {
    const other = new FolderLock(folder)
    const holder = JSON.parse(readFileSync(lock(), 'utf8')) as Record<string, unknown>
    expect(holder['id']).toBe(other.id)
    writeFileSync(lock(), JSON.stringify({ ...holder, id: '0'.repeat(16), start: '1' }))
    expect(() => new FolderLock(folder)).not.toThrow()
  })

  test.each([
    ['another machine', { host: 'elsewhere' }],
    ['another container', { space: 'another boot and namespace' }],
  ])('of %s is left alone, whatever its process number', async (_, where) => {
    const { id } = new FolderLock(folder)
    expect(readFileSync(lock(), 'utf8')).toContain(id)
    const holder = JSON.parse(readFileSync(lock(), 'utf8')) as object
    // No process has this number, but that says nothing about the other place.
    writeFileSync(lock(), JSON.stringify({ ...holder, pid: 2 ** 30, ...where }))
    expect(await caught(() => new FolderLock(folder))).toMatchObject({ code: 'folder-in-use' })
  })

  test('that says nothing is left alone while it is young', async () => {
    writeFileSync(lock(), '')
    expect(await caught(() => new FolderLock(folder))).toMatchObject({ code: 'folder-in-use' })
  })
})

describe('the results of an earlier run', () => {
  let before: Record<string, string>

  beforeEach(async () => {
    await run({ recording: 'months' })
    before = contents()
  })

  test('stay as they are until the new ones are whole', async () => {
    const seen: string[][] = []
    const onBatch = (): void => void seen.push(readdirSync(folder).filter((name) => name in before))
    await run({ overwrite: true, seed: 2, batch: 4, onBatch })
    expect(seen).toEqual([Object.keys(before), Object.keys(before)])
    expectWhole()
  })

  test('survive a run that fails, is stopped or cannot even start', async () => {
    const failing = run({
      overwrite: true,
      onBatch: () => {
        throw new RivalryError('enough', { code: 'test' })
      },
    })
    expect(await caught(failing)).toMatchObject({ code: 'test' })
    const odd = marketOf({ set: ['startups.freemium.strategy=genius'] })
    const unknown = simulate(odd, { folder, overwrite: true, workers: 0, replications: 4 })
    expect(await caught(unknown)).toMatchObject({ code: 'unknown-strategy' })
    expect(contents()).toEqual(before)
  })

  test('survive a move that fails half-way', async () => {
    const opened = openFolder(true)
    const tables = resultTables(market, 'summary').map(({ name }) => `${name}.arrow`)
    const part = readdirSync(folder).find((name) => name.startsWith(`${tables[1]}.rivalry-`))!
    const identity = manifestIn(readFileSync(join(folder, MANIFEST_NAME), 'utf8'))!
    const finishing = opened.finish({ identity, documents: { 'summary.txt': 'new' } })
    // Its parts are sealed when this turn ends; one is lost before it is moved.
    await Promise.resolve()
    rmSync(join(folder, part))
    expect(await caught(finishing)).toMatchObject({ code: 'output-not-writable' })
    opened.abort()
    expect(contents()).toEqual(before)
  })

  test('come back when the process was killed while they were replaced', async () => {
    const id = '0123456789abcdef'
    const moved = [MANIFEST_NAME, 'startups.arrow', 'months.arrow']
    for (const name of moved) renameSync(join(folder, name), join(folder, replacedName(name, id)))
    const manifest = {
      ...manifestIn(readFileSync(join(folder, replacedName(MANIFEST_NAME, id)), 'utf8'))!,
      files: ['startups.arrow', 'new.csv', 'later.csv'].map((name) => ({
        name,
        bytes: 3,
        sha256: sha256('new'),
      })),
    }
    // In place: two results of the run that was killed. Not yet: a third, and the manifest.
    writeFileSync(join(folder, 'startups.arrow'), 'new')
    writeFileSync(join(folder, 'new.csv'), 'new')
    writeFileSync(join(folder, `later.csv.${partWriter(id)}.part`), 'new')
    writeFileSync(join(folder, `${MANIFEST_NAME}.${partWriter(id)}.part`), JSON.stringify(manifest))
    expect(await caught(run())).toMatchObject({ code: 'output-exists' })
    expect(contents()).toEqual(before)
  })
})

describe('what is not of a run', () => {
  beforeEach(() => {
    mkdirSync(folder)
  })

  test.each([
    ['a file where a result goes', 'startups.arrow', 'mine'],
    ['a manifest of something else', MANIFEST_NAME, '{"name":"extension","version":"1"}'],
    ['a manifest that is no JSON', MANIFEST_NAME, 'mine'],
    [
      'a manifest that names files elsewhere',
      MANIFEST_NAME,
      JSON.stringify({
        engine: '1',
        scenario: 'a',
        scenarioSha256: sha256(''),
        seed: '1',
        replications: 1,
        recording: 'summary',
        format: 'csv',
        files: [{ name: '../precious', bytes: 1, sha256: sha256('') }],
      }),
    ],
  ])('is never overwritten: %s', async (_, name, text) => {
    writeFileSync(join(folder, name), text)
    writeFileSync(join(parent, 'precious'), 'mine')
    const error = await caught(run({ overwrite: true }))
    expect(error).toMatchObject({ code: 'output-exists', path: join(folder, name) })
    expect(contents()).toEqual({ [name]: sha256(text) })
    expect(readdirSync(parent).toSorted()).toEqual(['out', 'precious'])
  })

  test('stays beside the results where no result has its name', async () => {
    writeFileSync(join(folder, 'plans.csv'), 'mine')
    writeFileSync(join(folder, 'notes.part'), 'mine')
    await run()
    await run({ overwrite: true, seed: 2 })
    expect(readFileSync(join(folder, 'plans.csv'), 'utf8')).toBe('mine')
    expect(readFileSync(join(folder, 'notes.part'), 'utf8')).toBe('mine')
    const own = manifestIn(readFileSync(join(folder, MANIFEST_NAME), 'utf8'))!.files.map(({ name }) => name)
    expect(readdirSync(folder).toSorted()).toEqual(
      [...own, MANIFEST_NAME, 'notes.part', 'plans.csv'].toSorted(),
    )
  })

  test.each(['startups.arrow', MANIFEST_NAME])('is named when it is a folder: %s', async (name) => {
    mkdirSync(join(folder, name))
    const error = await caught(run({ overwrite: true }))
    expect(error).toMatchObject({ code: 'output-not-writable', path: join(folder, name) })
    expect(error.message).toBe(`cannot write ${join(folder, name)}: a folder of that name is in the way`)
    expect(readdirSync(folder)).toEqual([name])
  })
})

describe('what a killed run left', () => {
  test('is removed by the next run in the folder', async () => {
    mkdirSync(folder)
    for (const name of ['startups.arrow', '.months.canonical'])
      writeFileSync(join(folder, `${name}.${partWriter('f'.repeat(16))}.part`), 'half')
    await run()
    expectWhole()
  })
})

describe('a folder', () => {
  test('is made with its parents, which are gone again when the run fails', async () => {
    const deep = join(parent, 'a/b/c')
    const error = await caught(
      run({
        folder: deep,
        onBatch: () => {
          expect(existsSync(deep)).toBe(true)
          throw new RivalryError('enough', { code: 'test' })
        },
      }),
    )
    expect(error.code).toBe('test')
    expect(readdirSync(parent)).toEqual([])
  })

  test('that is a file, or cannot be made or written to, is refused, and nothing is left', async () => {
    writeFileSync(join(parent, 'file'), '')
    symlinkSync(join(parent, 'nowhere'), join(parent, 'link'))
    const messageOf = async (path: string): Promise<string> => (await caught(run({ folder: path }))).message
    expect(await messageOf(join(parent, 'file'))).toMatch(/in the way/)
    expect(await messageOf(join(parent, 'file/a'))).toMatch(/not a folder/)
    expect((await caught(run({ folder: join(parent, 'link/a') }))).code).toBe('output-not-writable')
    // Nobody, not even root, can make files or folders here.
    if (existsSync('/proc/self')) {
      expect((await caught(run({ folder: '/proc/self' }))).code).toBe('output-not-writable')
      expect((await caught(run({ folder: '/proc/rivalry' }))).code).toBe('output-not-writable')
    }
    expect(() => makeFolders(join(parent, 'new', 'n'.repeat(300)))).toThrow(/too long/)
    expect(readdirSync(parent).toSorted()).toEqual(['file', 'link'])
  })

  test('is not left locked, nor with parts, when opening it fails half-way', async () => {
    mkdirSync(join(folder, 'summary.txt'), { recursive: true })
    expect(await caught(() => openFolder())).toMatchObject({ code: 'output-not-writable' })
    expect(readdirSync(folder)).toEqual(['summary.txt'])
  })
})
