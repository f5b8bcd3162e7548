/** The flagship scenario resolves to the published figures, field by field. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { loadScenario } from '../../scenarios/load.ts'

type Fields = Record<string, unknown>
interface Reference {
  parameters: Record<string, number | boolean>
  segments: Record<string, Fields>
  startups: Record<string, Fields & { plans: (Fields & { name: string })[] }>
}

const market = loadScenario('large-model-market')
const golden = read(new URL('large-model-market.golden.json', import.meta.url)) as Reference
const shared = new URL('../../../shared/reference/flagship.json', import.meta.url)

test('the flagship resolves to the figures of the golden table', () => {
  expectToMatch(market, golden)
})

test('a changed figure of the golden table is noticed', () => {
  const changed = structuredClone(golden)
  changed.startups['partners']!.plans[1]!['cap'] = 6001
  expect(() => expectToMatch(market, changed)).toThrow()
})

test.skipIf(!existsSync(shared))(
  'the golden table is the published reference (skipped where that is absent)',
  () => {
    const { parameters, defaults, segments, startups } = read(shared) as Reference & {
      defaults: { segment: Fields; startup: Fields; plan: Fields }
    }
    const filled = Object.entries(startups).map(([id, startup]) => {
      const plans = startup.plans.map((plan) => ({ ...defaults.plan, ...plan }))
      return [id, { ...defaults.startup, ...startup, plans }]
    })
    expect(golden.parameters).toEqual(parameters)
    const segmentsFilled = Object.entries(segments).map(([id, segment]) => [
      id,
      { ...defaults.segment, ...segment },
    ])
    expect(golden.segments).toEqual(Object.fromEntries(segmentsFilled))
    expect(golden.startups).toEqual(Object.fromEntries(filled))
  },
)

test('the flagship runs 96 months in euros, with whole customers, whole cents and the three customer types', () => {
  expect(market).toMatchObject({ months: 96, currency: 'EUR', demography: 'integer', books: 'cents' })
  expect(market.individualBelow).toBe(20_000)
  expect(market.types.nodes).toEqual([-Math.sqrt(3), 0, Math.sqrt(3)])
  expect(market.types.weights).toEqual([1 / 6, 2 / 3, 1 / 6])
})

test('every figure in the file has its source or a reason beside it', () => {
  const lines = readFileSync(
    new URL('../../scenarios/large-model-market.yaml', import.meta.url),
    'utf8',
  ).split('\n')
  const body = lines.slice(lines.indexOf('parameters:'))
  const bare = body.filter((line) => /:\s.*\d/.test(line.replace(/#.*/, '')) && !/#\s\S/.test(line))
  expect(bare).toEqual([])
  expect(body.filter((line) => /:\s.*\d/.test(line)).length).toBeGreaterThan(200)
})

function expectToMatch(actual: MarketDefinition, { parameters, segments, startups }: Reference): void {
  for (const [name, value] of Object.entries(parameters)) {
    const found =
      name === 'months' ? actual.months : actual.parameters[name as keyof typeof actual.parameters]
    expect(found, `parameters.${name}`).toBe(Number(value))
  }
  expect(actual.segments.map(({ id }) => id)).toEqual(Object.keys(segments))
  for (const segment of actual.segments) {
    const { id, name: _name, kind: _kind, source: _source, ...figures } = segment
    // Figures that the reference does not know are off.
    expect(figures, id).toEqual({ compliance: 0, ...segments[id] })
  }
  expect(actual.startups.map(({ id }) => id)).toEqual(Object.keys(startups))
  for (const startup of actual.startups) {
    const {
      id,
      name: _name,
      businessModel: _model,
      strategy: _strategy,
      source: _source,
      ...figures
    } = startup
    const { plans, fit, split, ...expected } = startups[id] as Fields & Reference['startups'][string]
    const { plans: actualPlans, fit: actualFit, split: actualSplit, ...rest } = figures
    expect(rest, id).toEqual({ privacyCost: 0, entry: 0, entryChance: 1, entryInBoom: 0, ...expected })
    expect(actualFit, id).toEqual(overSegments(actual, fit as Record<string, number>))
    const weights = overSegments(actual, split as Record<string, number>)
    const sum = Object.values(weights).reduce((total, weight) => total + weight, 0)
    // Shares are the weights divided by their sum, which misses 1 by an ulp at most.
    for (const [segment, weight] of Object.entries(weights))
      expect(actualSplit[segment]).toBeCloseTo(weight / sum, 15)
    expect(actualPlans.map((plan) => plan.id)).toEqual(plans.map((plan) => plan.name))
    actualPlans.forEach((plan, i) => {
      const { id: planId, name: _planName, source: _planSource, ...terms } = plan
      expect({ name: planId, ...terms }, `${id}/${planId}`).toEqual(plans[i])
    })
  }
}

function overSegments(actual: MarketDefinition, values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(actual.segments.map(({ id }) => [id, values[id] ?? 0]))
}

function read(url: URL): unknown {
  return JSON.parse(readFileSync(url, 'utf8'))
}
