/** The packaged business models are those of the catalogue, and a user's own is as good as they are. */
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type BusinessModel, businessModels } from '../../../agents/business-models/index.ts'
import { segmentKinds } from '../../../engine/market/definition.ts'
import { parseScenario } from '../../../scenarios/parse.ts'

const folder = new URL('../../../agents/business-models/', import.meta.url)
const segments = `segments:\n${segmentKinds.map((kind) => `  ${kind}: { kind: ${kind} }\n`).join('')}`

/** Offered to, and what differs from the defaults, as docs/model.md section 2 lists it. */
const catalogue: Record<string, { startup?: object; plans: Record<string, [string, object]> }> = {
  'free-with-ads': { plans: { free: ['c b', { price: 0, adLoad: 1, cap: 1000, qualityShare: 1 }] } },
  freemium: {
    plans: {
      free: ['c b', { price: 0, qualityShare: 0.75, cap: 60 }],
      personal: ['c', { price: 15, cap: 2000 }],
      business: ['b', { price: 50, cap: 6000 }],
    },
  },
  subscription: {
    plans: {
      personal: ['c', { price: 14, term: 1, cap: 2000 }],
      'personal-quarter': ['c', { price: 12.8, term: 3, cap: 2000 }],
      'personal-year': ['c', { price: 11.5, term: 12, cap: 2000 }],
      business: ['b', { price: 45, term: 1, cap: 6000 }],
      'business-year': ['b', { price: 36, term: 12, cap: 6000 }],
    },
  },
  'usage-priced-api': {
    startup: { imitability: 0.05 },
    plans: { usage: ['b d e', { price: 0, usagePrice: 0.045, passThrough: 1, cap: null }] },
  },
  'custom-solutions': {
    startup: { learnE: 1 },
    plans: { project: ['e', { price: 9000, term: 12, labour: 4200 }] },
  },
  marketplace: {
    startup: { takeRate: 0.12 },
    plans: { free: ['c b', { price: 0, qualityShare: 0.8, cap: 3000 }], seller: ['e', { price: 900 }] },
  },
  'partner-ecosystem': {
    startup: { outShare: 0.2, ecoAwareness: 0.03, ecoQuality: 0.008 },
    plans: { enterprise: ['e', { price: 6000, term: 12, labour: 1800 }] },
  },
  'open-source-hosting': {
    startup: { openness: 0.9 },
    plans: { hosted: ['d', { price: 220 }], enterprise: ['e', { price: 2200, term: 12, labour: 500 }] },
  },
}

test('every packaged business model is in the catalogue', () => {
  expect(businessModels.map(({ name }) => name)).toEqual(Object.keys(catalogue))
})

test.each(businessModels)('$name has the figures of the catalogue', ({ name }) => {
  const [startup] = parseScenario(`${segments}startups: { one: { model: ${name} } }`).startups
  const expected = catalogue[name]!
  expect(startup).toMatchObject({ businessModel: name, ...expected.startup })
  expect(startup!.plans.map(({ id }) => id)).toEqual(Object.keys(expected.plans))
  const letters = { consumer: 'c', smallBusiness: 'b', developer: 'd', enterprise: 'e' }
  for (const plan of startup!.plans) {
    const [offeredTo, terms] = expected.plans[plan.id]!
    expect(plan.offeredTo.map((id) => letters[id as keyof typeof letters]).join(' '), plan.id).toBe(offeredTo)
    expect(plan, plan.id).toMatchObject(terms)
  }
})

test.each(businessModels)(
  '$name is one short file that says how it earns, what it costs and when it breaks',
  ({ name }) => {
    const text = readFileSync(new URL(`${name}.ts`, folder), 'utf8')
    for (const part of ['Earns:', 'Costs:', 'Breaks:', 'Source:']) expect(text).toContain(` * ${part} `)
    expect(text.split('\n').length).toBeLessThan(40)
  },
)

test('every file beside the index is a business model that the index lists', () => {
  const files = readdirSync(folder).filter((file) => !['index.ts', 'business-model.ts'].includes(file))
  expect(files.sort()).toEqual(businessModels.map(({ name }) => `${name}.ts`).sort())
})

test("a user's own business model works without touching the engine", () => {
  const lifetime: BusinessModel = {
    name: 'lifetime-licence',
    title: 'Lifetime licence',
    startup: { imitability: 0.01, rdMix: [0.5, 0.5, 0] },
    plans: [{ id: 'licence', price: 400, term: 36, recognition: 'start', offeredTo: ['smallBusiness'] }],
  }
  const text = `${segments}startups: { one: { model: lifetime-licence, plans: { licence: { price: 300 } } } }`
  const [startup] = parseScenario(text, { models: [...businessModels, lifetime] }).startups
  expect(startup).toMatchObject({
    businessModel: 'lifetime-licence',
    imitability: 0.01,
    rdMix: [0.5, 0.5, 0],
    plans: [{ id: 'licence', price: 300, term: 36, recognition: 'start', offeredTo: ['smallBusiness'] }],
  })
})
