/** Owns the checks of shocks and entry as written: defaults, what they resolve to, and their mistakes with places. */
import { describe, expect, test } from 'vitest'
import { RivalryErrors } from '../../engine/errors.ts'
import { shapeOf } from '../../engine/market/shape.ts'
import { getPath, loadScenario, parseScenario, setPaths } from '../../scenarios/index.ts'

const base = `segments:
  consumer: { kind: consumer }
startups:
  free: { model: free-with-ads }
  late: { model: subscription, entry: 12 }
`

function errorsOf(shocks: string, set: readonly string[] = []): string[] {
  try {
    parseScenario(`${base}shocks:\n  ${shocks}\n`, { file: 's.yaml', set })
  } catch (error) {
    if (!(error instanceof RivalryErrors)) throw error
    return error.errors.map(({ code, path, message }) => `${code} ${path}: ${message}`)
  }
  return []
}

test('what a shock leaves out is a default: scheduled in month 0, for good, about everyone', () => {
  const { shocks } = parseScenario(`${base}shocks: { glut: { kind: computePrice, size: 0.5 } }`)
  expect(shocks).toEqual([
    {
      id: 'glut',
      kind: 'computePrice',
      month: 0,
      chance: null,
      size: 0.5,
      duration: null,
      segment: null,
      startup: null,
    },
  ])
})

test('a scenario without shocks has none, and uses their mechanism no more than that of entry', () => {
  const plain = parseScenario(base.replace(', entry: 12', ''))
  expect('shocks' in plain).toBe(false)
  expect(shapeOf(plain)).toMatchObject({
    shocks: false,
    randomShocks: false,
    entry: false,
    compliance: false,
  })
  expect(shapeOf(parseScenario(base))).toMatchObject({ shocks: false, entry: true })
  expect(shapeOf(loadScenario('shocks'))).toMatchObject({
    shocks: true,
    randomShocks: true,
    entry: true,
    compliance: true,
  })
})

describe('a mistake in a shock is an error at its place', () => {
  test.each([
    ['a: { kind: bang }', "unknown-option s.yaml:7:14 shocks.a.kind: kind of shocks.a is 'bang', not one of"],
    ['a: { size: 2 }', 'missing-key s.yaml:7:3 shocks.a.kind: kind is missing in shocks.a'],
    ['a: { kind: demand }', 'missing-key s.yaml:7:3 shocks.a.size: size is missing in shocks.a'],
    [
      'a: { kind: demand, size: 101 }',
      'out-of-bounds s.yaml:7:28 shocks.a.size: size of shocks.a is 101, out of bounds',
    ],
    [
      'a: { kind: winter, size: 2 }',
      'out-of-bounds s.yaml:7:28 shocks.a.size: size of shocks.a is 2, and a winter has none',
    ],
    [
      'a: { kind: demand, size: 1, segment: b2b }',
      "unknown-segment s.yaml:7:40 shocks.a.segment: there is no segment 'b2b'",
    ],
    [
      'a: { kind: outage, size: 1, startup: fre }',
      "unknown-startup s.yaml:7:40 shocks.a.startup: there is no startup 'fre'",
    ],
    ['a: { kind: boom, startup: free }', 'unused-key s.yaml:7:20 shocks.a.startup: startup of shocks.a is'],
    [
      'a: { kind: boom, chance: 2 }',
      'out-of-bounds s.yaml:7:28 shocks.a.chance: chance of shocks.a is 2, above',
    ],
    ['a: { kind: boom, duration: 0.5 }', 'not-whole s.yaml:7:30 shocks.a.duration'],
    ['a: { kind: boom, when: 3 }', "unknown-key s.yaml:7:20 shocks.a.when: unknown key 'when' in shocks.a"],
  ])('%s', (written, expected) => {
    const [first, ...others] = errorsOf(written)
    expect(first!.slice(0, expected.length)).toBe(expected)
    expect(others).toEqual([])
  })

  test('of a setting, at the setting', () => {
    expect(errorsOf('a: { kind: demand, size: 1 }', ['shocks.b.size=2'])).toEqual([
      "unknown-shock --set shocks.b.size=2: there is no shock 'b' to set",
    ])
    expect(errorsOf('a: { kind: demand, size: 1 }', ['shocks.a.size=-0.5'])[0]).toMatch(
      /^out-of-bounds --set shocks.a.size=-0.5/,
    )
  })
})

test('figures of shocks and entry can be read and set by path', () => {
  const market = loadScenario('shocks')
  const changed = setPaths(market, {
    'shocks.cheap-compute.size': 0.25,
    'shocks.recession.chance': null,
    'startups.newcomer.entry': 20,
  })
  expect(getPath(changed, 'shocks.cheap-compute.size')).toBe(0.25)
  expect(getPath(changed, 'shocks.recession.chance')).toBe(null)
  expect(getPath(changed, 'startups.newcomer.entry')).toBe(20)
  expect(() => setPaths(market, { 'shocks.outage.size': 2 })).toThrow(/out of bounds/)
  expect(() => setPaths(market, { 'shocks.outage.kind': 2 })).toThrow(/not a figure/)
})
