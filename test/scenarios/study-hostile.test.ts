/** Whatever is written in a study file, it is a study or has errors of its user: nothing else comes out. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { strategies } from '../../agents/strategies/index.ts'
import { RivalryErrors } from '../../engine/errors.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { parseStudy } from '../../scenarios/study/parse.ts'

const target = (metric: string, other: object) => ({ metric, ...other })

/** A study that uses every key, from which mistakes are made. */
const sound = {
  title: 'All of it',
  description: 'Every key.',
  scenario: 'three-ways',
  set: { months: 24, 'segments.consumer': { kind: 'consumer', potential: 1000 } },
  seed: 'a',
  record: 'summary',
  replications: {
    first: 8,
    step: 4,
    most: 40,
    until: [target('a', { halfWidth: 1 }), target('b', { relative: 0.5, difference: true, variant: 'two' })],
  },
  variants: { one: {}, two: { 'startups.freemium.plans.free': { cap: 5, qualityShare: 0.5 } } },
  baseline: 'one',
  design: {
    kind: 'latin-hypercube',
    points: 6,
    parameters: {
      'parameters.nest': { low: 0.3, high: 0.8, scale: 'log' },
      'parameters.adAversion': { mean: 0.4, sd: 0.1, low: 0, high: 1 },
      'parameters.tasteSd': { median: 0.4, sigma: 0.1 },
      'startups.free-ads.cash': { low: 1e6, mode: 2e6, high: 3e6 },
      'startups.free-ads.model': ['free-with-ads', 'freemium'],
      'startups.freemium.strategy.name': ['default', 'undercut'],
    },
  },
  metrics: {
    a: 'startups.free-ads.alive',
    b: { of: 'market.hhi', above: 0.5, below: 2, missing: 'exclude' },
  },
  discovery: {
    here: { metric: 'a', variant: 'two', above: 0.5, objective: 'original', peel: 0.1, coverage: 0.5 },
  },
  luck: 'own',
  annualRate: 0.2,
  resamples: 500,
}

type Json = unknown

/** Paths of everything in a tree. */
function places(tree: Json, at: readonly string[] = []): (readonly string[])[] {
  if (typeof tree !== 'object' || tree === null) return [at]
  return [at, ...Object.entries(tree).flatMap(([key, inner]) => places(inner, [...at, key]))]
}

function changed(tree: Json, at: readonly string[], change: (of: Json) => Json): Json {
  const [first, ...rest] = at
  if (first === undefined) return change(tree)
  if (typeof tree !== 'object' || tree === null) return tree
  const inner = (tree as Record<string, Json>)[first]
  const value = changed(inner, rest, change)
  if (Array.isArray(tree)) return tree.map((item: Json, i) => (String(i) === first ? value : item))
  const { [first]: _, ...others } = tree as Record<string, Json>
  return value === undefined ? others : { ...tree, [first]: value }
}

const strange = fc.oneof(
  fc.constantFrom<Json>(
    undefined,
    null,
    true,
    '',
    0,
    -1,
    1e308,
    2.5,
    Number.NaN,
    Infinity,
    [],
    {},
    [[]],
    [{}],
  ),
  fc.constantFrom<Json>(
    'a',
    'x.y',
    '..',
    '=',
    '#1',
    'one',
    'list',
    'morris',
    'saltelli',
    'factorial',
    'point',
  ),
  fc.constantFrom<Json>({ a: 1 }, { kind: 'list', list: [{}, { months: 3 }] }, [1, 'a', true], {
    low: 1,
    high: 2,
  }),
  fc.constantFrom<Json>(
    { constructor: {} },
    { 'startups.free-ads': { model: 'subscription' } },
    'constructor',
  ),
)

test('mutations of a sound study are studies or refused with places', () => {
  expect(parseStudy(stringify(sound), { strategies }).structures).toHaveLength(2)
  const spots = places(sound)
  const mutation = fc.record({ at: fc.constantFrom(...spots), value: strange })
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const tree = mutations.reduce<Json>((before, { at, value }) => changed(before, at, () => value), sound)
      let study
      try {
        study = parseStudy(stringify(tree) ?? '', { strategies })
      } catch (thrown) {
        if (!(thrown instanceof RivalryErrors)) throw thrown
        expect(thrown.errors.length).toBeGreaterThan(0)
        for (const { path, message } of thrown.errors) {
          expect(path).toMatch(/^(study|.*\.yaml):\d+:\d+/)
          expect(message).not.toMatch(/undefined|NaN|\[object/)
        }
        return
      }
      const points = new StudyPoints(study)
      const values = points.values(points.count - 1)
      expect(Object.keys(values).length).toBeLessThanOrEqual(points.paths.length)
      for (const variant of study.variants) {
        expect(variant.markets).toHaveLength(study.structures.length)
        expect(points.market(variant, points.count - 1).startups).toHaveLength(3)
      }
    }),
    { numRuns: 100 },
  )
})
