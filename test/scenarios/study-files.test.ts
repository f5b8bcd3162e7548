/** Studies load from files and by name, the packaged ones are sound, and their schema is published as it is. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { strategies } from '../../agents/strategies/index.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { loadScenario } from '../../scenarios/load.ts'
import { listStudies, loadStudy, locateStudy } from '../../scenarios/study/load.ts'
import { parseStudy } from '../../scenarios/study/parse.ts'
import { longestTextBytes } from '../../scenarios/text-file.ts'
import { studyJsonSchema } from '../../scenarios/study/schema.ts'
import { errorsOf } from './errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'studies-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(name: string, content: string): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

test('the packaged studies are listed and load by their bare names', () => {
  const names = listStudies().map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining(['freemium-or-subscription', 'what-decides-free', 'where-free-survives']),
  )
  // That one has another form, and a reader of its own.
  expect(names).not.toContain('free-or-paid')
  for (const { name, file } of listStudies()) {
    expect(locateStudy(name)).toBe(file)
    const study = loadStudy(name, { strategies })
    expect(study.name).toBe(name)
    expect(study).toEqual(parseStudy(readFileSync(file, 'utf8'), { file, strategies }))
  }
})

test('the packaged studies are as large as they say', () => {
  const count = (name: string) => new StudyPoints(loadStudy(name)).count
  expect(count('freemium-or-subscription')).toBe(1)
  expect(count('what-decides-free')).toBe(256 * 10)
  expect(count('where-free-survives')).toBe(500)
})

test('the baseline of freemium-or-subscription is the packaged scenario', () => {
  const { variants } = loadStudy('freemium-or-subscription')
  const set = ['demography=expected', 'startups.freemium.name=The company']
  expect(variants[0]!.markets).toEqual([loadScenario('three-ways', { set })])
  expect(variants.map(({ markets }) => markets[0]!.startups[1]!.businessModel)).toEqual([
    'freemium',
    'freemium',
    'subscription',
    'free-with-ads',
  ])
})

test('the study that docs/studies.md shows is one', () => {
  const page = readFileSync(new URL('../../docs/studies.md', import.meta.url), 'utf8')
  const [, text] = /^```yaml\n(.*?)^```$/ms.exec(page) ?? []
  const { variants, metrics, luck, design } = parseStudy(text!, { strategies })
  expect(variants.map(({ name }) => name)).toEqual(['freemium', 'subscription'])
  expect(metrics).toContainEqual({
    name: 'failsEarly',
    of: 'startups.freemium.exitMonth',
    below: 24,
    missing: 'zero',
    unit: 'share',
  })
  expect({ luck, kind: design.kind }).toEqual({ luck: 'own', kind: 'latin-hypercube' })
})

test('study.schema.json is the current one (if not: npx tsx scenarios/generate-schema.ts)', () => {
  const published = readFileSync(new URL('../../scenarios/study.schema.json', import.meta.url), 'utf8')
  expect(published).toBe(studyJsonSchema())
})

test('every packaged study fits the published schema, read by another reader of JSON Schema', () => {
  const reader = z.fromJSONSchema(JSON.parse(studyJsonSchema()))
  for (const { name, file } of listStudies()) {
    // This reader takes 5_000_000 for text, as YAML 1.2 does.
    const text = readFileSync(file, 'utf8').replaceAll(/(?<=\d)_(?=\d)/g, '')
    expect(reader.safeParse(parse(text)).error, name).toBeUndefined()
    expect(reader.safeParse({ ...parse(text), colour: 'red' }).success, name).toBe(false)
  }
})

test('every key of the schema says what it is', () => {
  interface Json {
    readonly description?: string
    readonly properties?: Readonly<Record<string, Json>>
    readonly anyOf?: readonly Json[]
    readonly items?: Json
    readonly additionalProperties?: Json | boolean
  }
  const silent = (json: Json, at: string): string[] => [
    ...Object.entries(json.properties ?? {}).flatMap(([key, inner]) => [
      ...(inner.description === undefined && !inner.anyOf?.some(({ description }) => description)
        ? [`${at}.${key}`]
        : []),
      ...silent(inner, `${at}.${key}`),
    ]),
    ...(json.anyOf ?? []).flatMap((inner) => silent(inner, at)),
    ...(json.items ? silent(json.items, `${at}.#`) : []),
    ...(typeof json.additionalProperties === 'object' ? silent(json.additionalProperties, `${at}.*`) : []),
  ]
  expect(silent(JSON.parse(studyJsonSchema()) as Json, '')).toEqual([])
})

test('a scenario is found from the folder of the study, and a packaged one by its name', () => {
  const market = 'segments:\n  all: { kind: consumer }\nstartups:\n  one: { model: freemium }\n'
  const scenario = written('market.yaml', market)
  expect(loadStudy(written('a.yaml', 'scenario: market.yaml\n')).variants[0]!.markets).toEqual([
    loadScenario(scenario),
  ])
  mkdirSync(join(folder, 'below'))
  expect(loadStudy(written('below/b.yaml', 'scenario: ../market.yaml\n')).variants[0]!.markets).toHaveLength(
    1,
  )
  expect(loadStudy(written('below/c.yaml', `scenario: ${scenario}\n`)).variants[0]!.markets).toHaveLength(1)
  expect(loadStudy(written('below/d.yaml', 'scenario: cases/search\n')).variants[0]!.markets).toEqual([
    loadScenario('cases/search'),
  ])
})

test('mistakes of a scenario are reported in its own file, once for all variants, beside those of the study', () => {
  const scenario = written(
    'bad.yaml',
    'segments:\n  all: { kind: consumer }\nstartups:\n  one: { model: fremium }\n',
  )
  const text = 'scenario: bad.yaml\nvariants: { a: {}, b: { months: 0 }, c: {} }\nbaseline: d\n'
  const file = written('of-bad.yaml', text)
  expect(errorsOf(() => loadStudy(file))).toMatchObject([
    { code: 'out-of-bounds', at: '2:33', key: 'variants.b.months' },
    { code: 'unknown-variant', at: '3:11', key: 'baseline' },
    { code: 'unknown-model', at: '4:17', key: 'startups.one.model', hint: "did you mean 'freemium'?" },
  ])
  expect(() => loadStudy(file)).toThrow(
    expect.objectContaining({
      errors: expect.arrayContaining([
        expect.objectContaining({ path: `${scenario}:4:17 startups.one.model` }),
        expect.objectContaining({ path: `${file}:3:11 baseline` }),
      ]),
    }),
  )
})

test('a misspelt name of a packaged study is refused with the nearest one', () => {
  expect(errorsOf(() => loadStudy('what-decides-fre'))).toMatchObject([
    { code: 'unknown-study', key: 'what-decides-fre', hint: "did you mean 'what-decides-free'?" },
  ])
})

test('what is no readable file is refused', () => {
  const missing = join(folder, 'missing.yaml')
  expect(errorsOf(() => loadStudy(missing))).toMatchObject([
    { code: 'study-not-found', key: missing, message: `there is no file '${missing}'` },
  ])
  expect(errorsOf(() => loadStudy(`${folder}/`))).toMatchObject([{ code: 'study-is-directory' }])
  const latin = join(folder, 'latin.yaml')
  writeFileSync(latin, Uint8Array.of(0x73, 0xe4))
  expect(errorsOf(() => loadStudy(latin))).toMatchObject([
    { code: 'not-text', message: 'the study is not UTF-8 text' },
  ])
  const large = written('large.yaml', 'scenario: three-ways\n')
  truncateSync(large, longestTextBytes + 1)
  expect(errorsOf(() => loadStudy(large))).toMatchObject([
    { code: 'study-too-large', at: '1:1', message: expect.stringContaining('has 1048577 bytes') },
  ])
})
