/** The files of a study are the same bytes however, wherever and by whomever its units were computed. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { studyWorkerEntry } from '../../agents/worker-entry.ts'
import type { StudyOptions } from '../../engine/study/index.ts'
import { MANIFEST_NAME } from '../../engine/files/manifest.ts'
import { mergeStudies } from '../../engine/study/run-study.ts'
import { RandomSequence } from '../../engine/numerics/words.ts'
import { sha256 } from '../../engine/tables/digest.ts'
import { inFolder } from '../run/runs.ts'
import {
  complete,
  digestsIn,
  monthly,
  onePoint,
  resultNames,
  run,
  smallStudies,
  stopping,
  structural,
  threeVariants,
} from './study-definitions.ts'

type Digests = Readonly<Record<string, string>>
type Definition = (typeof smallStudies)[number]

/** Runs a study in a folder of its own, to its end, and gives the digests of all files that are left. */
function filesOf(definition: Definition, options: StudyOptions = {}): Promise<Digests> {
  return inFolder(async (folder) => {
    complete(await run(definition, { folder, ...options }))
    return digestsIn(folder)
  })
}

/** The digests of results, without units that were kept. */
const resultsIn = (folder: string): Digests =>
  Object.fromEntries(Object.entries(digestsIn(folder)).filter(([name]) => !name.startsWith('units/')))

const usual = new Map<string, Digests>()

beforeAll(async () => {
  for (const definition of smallStudies) usual.set(definition.name, await filesOf(definition))
})

const expectUsual = (definition: Definition, files: Digests): void =>
  expect(files).toEqual(usual.get(definition.name))

const cases = smallStudies.map((definition) => [definition.name, definition] as const)

describe.each(cases)('the study %s', (_, definition) => {
  test('leaves what its manifest lists, and nothing else', async () => {
    await inFolder(async (folder) => {
      const { manifest, summary } = complete(await run(definition, { folder }))
      const files = digestsIn(folder)
      expect(Object.keys(files).toSorted()).toEqual(resultNames(folder))
      const { [MANIFEST_NAME]: _, ...results } = files
      expect(Object.fromEntries(manifest!.files.map(({ name, sha256: digest }) => [name, digest]))).toEqual(
        results,
      )
      expect(sha256(readFileSync(join(folder, 'study.json')))).not.toBe('')
      expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toEqual(
        JSON.parse(JSON.stringify(summary)),
      )
      // For the second time, too.
      expectUsual(definition, files)
    })
  })

  test('leaves the same bytes as shards in folders of their own, merged in any order', async () => {
    await inFolder(async (parent) => {
      const folders = [1, 2, 3, 4, 5].map((index) => join(parent, `part-${index}`))
      for (;;) {
        for (const [i, folder] of folders.entries()) {
          const shard = { index: i + 1, of: 5 }
          const result = await run(definition, { folder, shard, keepUnits: true })
          // Where one unit was left, and the folder has all others.
          if (result.isComplete) expectUsual(definition, resultsIn(folder))
        }
        const forward = join(parent, 'forward')
        const result = await mergeStudies(folders, { folder: forward, workers: 0 })
        if (result.isComplete) {
          expectUsual(definition, digestsIn(forward))
          break
        }
        // The next look needs what all shards know: they are given the merged units.
        expect(result.status).toMatchObject({ failures: [], mayGrow: true })
        for (const folder of folders) await mergeStudies([forward, folder], { folder, workers: 0 })
      }
      const orders = [folders.toReversed(), [2, 0, 4, 1, 3].map((i) => folders[i]!)]
      for (const [i, order] of orders.entries()) {
        const folder = i === 0 ? join(parent, 'backward') : order[0]!
        complete(await mergeStudies(order, { folder, workers: 0 }))
        expectUsual(definition, digestsIn(folder))
      }
    })
  })

  test('leaves the same bytes as three shards that share a folder, one after the other', async () => {
    await inFolder(async (folder) => {
      const rounds = definition.replications.targets.length > 0 ? 3 : 1
      const ended: boolean[] = []
      for (let round = 0; round < rounds && !ended.includes(true); round++)
        for (const index of [3, 1, 2])
          ended.push((await run(definition, { folder, shard: { index, of: 3 } })).isComplete)
      expect(ended.at(-1)).toBe(true)
      expectUsual(definition, digestsIn(folder))
    })
  })
})

describe.each([onePoint, stopping, structural, threeVariants].map((one) => [one.name, one] as const))(
  'the study %s',
  (_, definition) => {
    test('leaves the same bytes on the JavaScript back end', async () => {
      expectUsual(definition, await filesOf(definition, { backend: 'javascript' }))
    })

    test('leaves the same bytes when it is aborted at any moment and gone on with', async () => {
      const random = new RandomSequence({ seed: definition.name, stream: 'aborts' })
      await inFolder(async (folder) => {
        let aborted = 0
        let delayMs = 1
        for (;;) {
          const controller = new AbortController()
          const timer = setTimeout(() => controller.abort(new Error('enough')), delayMs)
          try {
            complete(await run(definition, { folder, resume: true, signal: controller.signal }))
            break
          } catch (error) {
            expect(error).toMatchObject({ message: 'enough' })
            aborted++
            // Longer every time: it ends, whatever the speed of the machine.
            delayMs = aborted * 20 + 80 * random.uniform()
          } finally {
            clearTimeout(timer)
          }
        }
        expect(aborted).toBeGreaterThan(0)
        expectUsual(definition, digestsIn(folder))
      })
    })
  },
)

describe('shards that wait for each other', () => {
  test.each([
    [stopping.name, stopping, 3],
    [onePoint.name, onePoint, 5],
  ] as const)(
    'leave the same bytes of %s in a folder that they share, and all end',
    async (_, definition, of) => {
      await inFolder(async (folder) => {
        const shards = Array.from({ length: of }, (_, i) => ({ index: i + 1, of }))
        const results = await Promise.all(
          shards.map((shard) => run(definition, { folder, shard, wait: true })),
        )
        expect(results.map(({ isComplete }) => isComplete)).toEqual(shards.map(() => true))
        expectUsual(definition, digestsIn(folder))
      })
    },
  )
})

describe('Parquet files', () => {
  test('are the same bytes from one run, from shards, and from units that were kept', async () => {
    await inFolder(async (parent) => {
      const [once, shards, again] = ['a', 'b', 'c'].map((name) => join(parent, name)) as [
        string,
        string,
        string,
      ]
      const format = 'parquet'
      complete(await run(stopping, { folder: once, format }))
      const files = digestsIn(once)
      expect(Object.keys(files).filter((name) => name.endsWith('.parquet')).length).toBeGreaterThan(5)
      const parts = [1, 2].map((index) => ({ index, of: 2 }))
      await Promise.all(
        parts.map((shard) => run(stopping, { folder: shards, format, shard, wait: true, keepUnits: true })),
      )
      expect(existsSync(join(shards, 'units'))).toBe(true)
      complete(await mergeStudies([shards], { folder: again, format, workers: 0 }))
      rmSync(join(shards, 'units'), { recursive: true })
      expect(digestsIn(shards)).toEqual(files)
      expect(digestsIn(again)).toEqual(files)
    })
  })
})

test.each([
  [1, stopping.name, stopping],
  [2, stopping.name, stopping],
  [2, monthly.name, monthly],
])('%i threads leave the same bytes of %s as none', async (workers, _, definition) => {
  expectUsual(definition, await filesOf(definition, { workers, workerEntry: studyWorkerEntry }))
})

test('the order of keys in a definition changes no byte', async () => {
  const backward = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(backward)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .map(([key, of]) => [key, backward(of)] as const)
              .toReversed(),
          )
        : value
  expectUsual(threeVariants, await filesOf(backward(threeVariants) as Definition))
})
