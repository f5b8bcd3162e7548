/** A scenario resolves by layers: defaults, then the business model, then what the file says. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultSegment, defaultStartup, segmentKinds } from '../../engine/market/definition.ts'
import { RivalryErrors } from '../../engine/errors.ts'
import { defaultParameters } from '../../engine/market/parameters.ts'
import { listScenarios } from '../../scenarios/locate.ts'
import { parseScenario } from '../../scenarios/parse.ts'
import { readFileSync } from 'node:fs'

const kinds = segmentKinds.map((kind) => `  ${kind}: { kind: ${kind} }\n`).join('')

test('a scenario of two lines is a market, spelled out', () => {
  const market = parseScenario(
    'segments: { all: { kind: consumer } }\nstartups: { one: { model: freemium } }',
  )
  expect(market).toMatchObject({
    name: 'scenario',
    title: 'scenario',
    months: 96,
    currency: 'EUR',
    demography: 'integer',
    books: 'cents',
    individualBelow: 20_000,
  })
  expect(market.parameters).toEqual(defaultParameters)
  expect(market.segments).toEqual([
    { id: 'all', name: 'all', kind: 'consumer', ...defaultSegment('consumer'), needs: [0.4, 0.1, 0.5] },
  ])
  const { plans, ...startup } = market.startups[0]!
  expect(startup).toEqual({
    id: 'one',
    name: 'one',
    businessModel: 'freemium',
    strategy: { name: 'default', settings: {} },
    ...defaultStartup,
    quality: [0.65, 0.65, 0.65],
    fit: { all: 0 },
    split: { all: 1 },
    rdMix: [1 / 3, 1 / 3, 1 / 3],
  })
  // The plan for small businesses has nobody to be offered to.
  expect(plans.map(({ id, offeredTo }) => [id, offeredTo])).toEqual([
    ['free', ['all']],
    ['personal', ['all']],
  ])
})

test('what the file says wins over the business model, and the model over the defaults', () => {
  const market = parseScenario(`segments:\n${kinds}startups:
  plain: { model: usage-priced-api }
  own: { model: usage-priced-api, imitability: 0.5, plans: { usage: { usagePrice: 1, offeredTo: [consumer] } } }
`)
  const [plain, own] = market.startups
  expect(defaultStartup.imitability).toBe(0.02)
  expect(plain).toMatchObject({ imitability: 0.05, plans: [{ usagePrice: 0.045, passThrough: 1 }] })
  expect(plain!.plans[0]!.offeredTo).toEqual(['smallBusiness', 'developer', 'enterprise'])
  expect(own).toMatchObject({
    imitability: 0.5,
    plans: [{ usagePrice: 1, passThrough: 1, offeredTo: ['consumer'] }],
  })
})

test('plans of the model come first, in its order, and those of the file after', () => {
  const market = parseScenario(`segments:\n${kinds}startups:
  one:
    model: subscription
    plans: { extra: { price: 1, offeredTo: [developer] }, personal-year: false, business: { price: 40 } }
`)
  expect(market.startups[0]!.plans.map(({ id, price }) => [id, price])).toEqual([
    ['personal', 14],
    ['personal-quarter', 12.8],
    ['business', 40],
    ['business-year', 36],
    ['extra', 1],
  ])
})

test('without a split, marketing goes to the segments served in equal parts', () => {
  const market = parseScenario(`segments:\n${kinds}startups: { one: { model: free-with-ads } }`)
  expect(market.startups[0]!.split).toEqual({
    consumer: 0.5,
    smallBusiness: 0.5,
    developer: 0,
    enterprise: 0,
  })
})

test('a split need not sum to one', () => {
  const market = parseScenario(
    `segments:\n${kinds}startups: { one: { model: freemium, split: { developer: 3, consumer: 1 } } }`,
  )
  expect(market.startups[0]!.split).toEqual({
    consumer: 0.25,
    smallBusiness: 0,
    developer: 0.75,
    enterprise: 0,
  })
})

test('numbers can be grouped, and anchors and merge keys save writing', () => {
  const market = parseScenario(`segments:
  a: &a { kind: consumer, potential: 1_234_567, alpha: 1_0.5e-1 }
  b: { <<: *a, potential: 5e3 }
startups: { one: { model: freemium } }
`)
  const [a, b] = market.segments
  expect(a).toMatchObject({ id: 'a', potential: 1_234_567, alpha: 1.05 })
  expect(b).toEqual({ ...a, id: 'b', name: 'b', potential: 5000 })
})

test('sources and display names are kept, and are the only trace of themselves', () => {
  const text = (extra: string, plan: string) =>
    `segments: { all: { kind: consumer${extra} } }\nstartups: { one: { model: freemium${extra}, plans: { free: { cap: 60${plan} } } } }`
  const plain = parseScenario(text('', ''))
  const named = parseScenario(text(', name: X, source: a book', ', name: Y, source: a list'))
  const { name: segmentName, source: segmentSource, ...segment } = named.segments[0]!
  expect([segmentName, segmentSource]).toEqual(['X', 'a book'])
  expect({ name: 'all', ...segment }).toEqual(plain.segments[0])
  const { name, source, plans, ...startup } = named.startups[0]!
  expect([name, source, plans[0]!.name, plans[0]!.source]).toEqual(['X', 'a book', 'Y', 'a list'])
  expect({ name: 'one', ...startup }).toEqual({ ...startup, name: 'one' })
  expect({ ...plans[0]!, name: 'free', source: undefined }).toEqual({
    ...plain.startups[0]!.plans[0]!,
    source: undefined,
  })
})

test('resolving is repeatable and shares nothing that can be written to', () => {
  const text = `segments:\n${kinds}startups: { one: { model: marketplace } }`
  const first = parseScenario(text)
  expect(parseScenario(text)).toEqual(first)
  ;(first.startups[0]!.plans as unknown[]).length = 0
  expect(parseScenario(text).startups[0]!.plans).toHaveLength(2)
})

describe('whatever the text', () => {
  const seeds = listScenarios().map(({ file }) => readFileSync(file, 'utf8').replaceAll(/#.*$/gm, ''))
  const refuses = (text: string) => {
    try {
      parseScenario(text)
    } catch (error) {
      if (!(error instanceof RivalryErrors)) throw error
      expect(error.errors.length).toBeGreaterThan(0)
      for (const { message, path } of error.errors) {
        expect(message).toMatch(/^\S/)
        expect(path).toMatch(/^scenario:\d+:\d+/)
      }
    }
  }

  test('only errors of the user are thrown, each with its place', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), refuses), { seed: 2, numRuns: 300 })
  })

  test('so are they for a good scenario in which lines were lost, repeated, broken or exchanged', () => {
    const edit = fc.record({
      seed: fc.constantFrom(...seeds),
      line: fc.nat(400),
      other: fc.nat(400),
      how: fc.constantFrom('lose', 'repeat', 'break', 'exchange'),
      with: fc.constantFrom(
        '',
        ':',
        '- ',
        '  ',
        '{',
        ']',
        '.nan',
        '-1',
        '~',
        '*x',
        '&x ',
        '__proto__: 1',
        'x: 1',
        '"',
        "'",
      ),
    })
    const property = fc.property(edit, ({ seed, line, other, how, with: text }) => {
      const lines = seed.split('\n')
      const at = line % lines.length
      const from = lines[other % lines.length]!
      if (how === 'lose') lines.splice(at, 1)
      if (how === 'repeat') lines.splice(at, 0, from)
      if (how === 'exchange') lines[at] = from
      if (how === 'break') lines[at] = `${lines[at]!.slice(0, other % (lines[at]!.length + 1))}${text}`
      refuses(lines.join('\n'))
    })
    fc.assert(property, { seed: 3, numRuns: 200 })
  })
})
