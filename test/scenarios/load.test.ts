/** Scenarios load from files and by name, and a file that cannot be read is refused without being read. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadScenario } from '../../scenarios/load.ts'
import { listScenarios, locateScenario } from '../../scenarios/locate.ts'
import { parseScenario } from '../../scenarios/parse.ts'
import { longestTextBytes } from '../../scenarios/text-file.ts'
import { errorsOf } from './errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'scenarios-'))
afterAll(() => rmSync(folder, { recursive: true }))

const text = 'segments:\n  consumer: { kind: consumer }\nstartups:\n  free: { model: free-with-ads }\n'

function written(name: string, content: string | Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

test('a file loads, named after itself', () => {
  const market = loadScenario(written('my-market.yaml', text))
  expect(market).toMatchObject({ name: 'my-market', title: 'my-market' })
})

test('a file names itself where it says so', () => {
  const market = loadScenario(written('other.yaml', `name: mine\ntitle: My market\n${text}`))
  expect(market).toMatchObject({ name: 'mine', title: 'My market' })
})

test('Windows line ends and a byte order mark change nothing', () => {
  const plain = loadScenario(written('a.yaml', text))
  const windows = loadScenario(written('a.yml', `\uFEFF${text.replaceAll('\n', '\r\n')}`))
  expect(windows).toEqual(plain)
})

test('every packaged scenario loads by its bare name', () => {
  const names = listScenarios().map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['duopoly', 'large-model-market', 'three-ways']))
  for (const { name, file } of listScenarios()) {
    expect(locateScenario(name)).toBe(file)
    // A folder is no part of the name that results carry.
    expect(loadScenario(name).name).toBe(name.split('/').at(-1))
  }
})

test('a misspelt name of a packaged scenario is refused with the nearest one', () => {
  expect(errorsOf(() => loadScenario('large-model-markt'))).toEqual([
    {
      code: 'unknown-scenario',
      at: '',
      key: 'large-model-markt',
      message: "there is no scenario 'large-model-markt'",
      hint: "did you mean 'large-model-market'?",
    },
  ])
})

test('a missing file is refused', () => {
  const file = join(folder, 'missing.yaml')
  expect(errorsOf(() => loadScenario(file))).toMatchObject([
    { code: 'scenario-not-found', key: file, message: `there is no file '${file}'` },
  ])
})

test('a file below a file is missing', () => {
  const file = join(written('b.yaml', text), 'market.yaml')
  expect(errorsOf(() => loadScenario(file))).toMatchObject([{ code: 'scenario-not-found', key: file }])
})

test('a directory is refused', () => {
  const file = join(folder, 'directory.yaml')
  mkdirSync(file)
  expect(errorsOf(() => loadScenario(file))).toMatchObject([
    { code: 'scenario-is-directory', key: file, message: `'${file}' is a directory` },
  ])
})

test('a file of 10 MB is refused by its size, before it is read or parsed', () => {
  const file = written('large.yaml', text)
  truncateSync(file, 10e6)
  const start = performance.now()
  const errors = errorsOf(() => loadScenario(file))
  // Parsing 10 MB takes tens of seconds; asking for the size takes microseconds.
  expect(performance.now() - start).toBeLessThan(1000)
  expect(errors).toEqual([
    {
      code: 'scenario-too-large',
      at: '1:1',
      key: '',
      message: 'the scenario has 10000000 bytes, more than the 1048576 that are read',
      hint: 'is it the right file?',
    },
  ])
})

test('a text is refused from one byte above the limit, counted in bytes', () => {
  const padded = (bytes: number) => `${text}#${'x'.repeat(bytes - text.length - 1)}`
  expect(parseScenario(padded(longestTextBytes)).startups).toHaveLength(1)
  expect(errorsOf(() => parseScenario(padded(longestTextBytes + 1)))).toMatchObject([
    { code: 'scenario-too-large' },
  ])
  const wide = `${text}#${'é'.repeat(longestTextBytes / 2)}`
  expect(errorsOf(() => parseScenario(wide))).toMatchObject([{ code: 'scenario-too-large' }])
})

test('a file that is not UTF-8 is refused', () => {
  const latin = written('latin.yaml', Buffer.from(`title: Café\n${text}`, 'latin1'))
  const error = { code: 'not-text', message: 'the scenario is not UTF-8 text' }
  expect(errorsOf(() => loadScenario(latin))).toMatchObject([{ ...error, key: latin }])
  const wide = written('wide.yaml', Buffer.from(text, 'utf16le'))
  expect(errorsOf(() => loadScenario(wide))).toMatchObject([{ ...error, at: '1:2' }])
})

test('errors name the file as it was given', () => {
  const file = written('bad.yaml', `${text}month: 12\n`)
  try {
    loadScenario(file)
    expect.unreachable()
  } catch (error) {
    expect((error as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual([
      `${file}:5:1 month`,
    ])
  }
})
