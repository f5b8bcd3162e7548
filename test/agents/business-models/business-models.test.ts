/** The packaged business models are those of the catalogue, and a user's own is as good as they are. */
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { businessModels } from '../../../agents/business-models/index.ts'
import { segmentKinds } from '../../../engine/market/definition.ts'
import { parseScenario } from '../../../scenarios/parse.ts'
import { booksOf } from './alone.ts'

const folder = new URL('../../../agents/business-models/', import.meta.url)
const segments = `segments:\n${segmentKinds.map((kind) => `  ${kind}: { kind: ${kind} }\n`).join('')}`

/** An account that a business model may earn from, as a column of the table of months. */
type Income = 'subscriptions' | 'usage' | 'ads' | 'take'
interface Row {
  startup?: object
  /** Kinds of segment that a plan is offered to, and its terms. */
  plans: Record<string, [string, object]>
  /** What it earns from; all other accounts stay empty. */
  earns: Income[]
  /** Whether customers pay for more than a month in advance that is not earned at once. */
  defers?: true
}

/** The catalogue of fourteen: consumers c, small businesses b, developers d, enterprises e. */
const catalogue: Record<string, Row> = {
  'free-with-ads': {
    plans: { free: ['c b', { price: 0, usagePrice: 0, adLoad: 1, cap: 1000, qualityShare: 1 }] },
    earns: ['ads'],
  },
  'free-with-services': {
    plans: { basic: ['c', { price: 0, included: 40, usagePrice: 0.05, cap: 2000 }] },
    earns: ['usage'],
  },
  freemium: {
    plans: {
      free: ['c b', { price: 0, qualityShare: 0.75, cap: 60 }],
      personal: ['c', { price: 15, cap: 2000 }],
      business: ['b', { price: 50, cap: 6000 }],
    },
    earns: ['subscriptions'],
  },
  subscription: {
    plans: {
      personal: ['c', { price: 14, term: 1, cap: 2000 }],
      'personal-quarter': ['c', { price: 12.8, term: 3, cap: 2000 }],
      'personal-year': ['c', { price: 11.5, term: 12, cap: 2000 }],
      business: ['b', { price: 45, term: 1, cap: 6000 }],
      'business-year': ['b', { price: 36, term: 12, cap: 6000 }],
    },
    earns: ['subscriptions'],
    defers: true,
  },
  'usage-priced-api': {
    startup: { imitability: 0.05 },
    plans: { usage: ['b d e', { price: 0, usagePrice: 0.045, passThrough: 1, cap: null }] },
    earns: ['usage'],
  },
  'tools-and-platform': {
    startup: { takeRate: 0.05, imitability: 0.015 },
    plans: { tools: ['d', { price: 220, cap: 20_000, sigmaAdded: 1, term: 1 }] },
    earns: ['subscriptions', 'take'],
  },
  'custom-solutions': {
    startup: { learnE: 1 },
    plans: { project: ['e', { price: 9000, term: 12, labour: 4200 }] },
    earns: ['subscriptions'],
    defers: true,
  },
  'own-application': {
    startup: { marketing: 200_000, imitability: 0.02 },
    plans: { application: ['c', { price: 14, term: 1 }] },
    earns: ['subscriptions'],
  },
  'licence-sale': {
    plans: { licence: ['b e', { price: 400, term: 36, recognition: 'start' }] },
    earns: ['subscriptions'],
  },
  marketplace: {
    startup: { takeRate: 0.12 },
    plans: { free: ['c b', { price: 0, qualityShare: 0.8, cap: 3000 }], seller: ['e', { price: 900 }] },
    earns: ['subscriptions', 'take'],
  },
  'data-sharing-platform': {
    // Compliance: 30,000 above the default.
    startup: { outShare: 0.25, ecoQuality: 0.02, fixed: 120_000 },
    plans: { usage: ['d e', { price: 0, usagePrice: 0.03 }] },
    earns: ['usage'],
  },
  'courses-and-training': {
    plans: { course: ['c d', { price: 60, term: 3, phi: 1, sigma: 0, cap: 100 }] },
    earns: ['subscriptions'],
    defers: true,
  },
  'partner-ecosystem': {
    startup: { outShare: 0.2, ecoAwareness: 0.03, ecoQuality: 0.008 },
    plans: { enterprise: ['e', { price: 6000, term: 12, labour: 1800 }] },
    earns: ['subscriptions'],
    defers: true,
  },
  'open-source-hosting': {
    startup: { openness: 0.9 },
    plans: { hosted: ['d', { price: 220 }], enterprise: ['e', { price: 2200, term: 12, labour: 500 }] },
    earns: ['subscriptions'],
    defers: true,
  },
}

test('the catalogue has fourteen business models, in its order', () => {
  expect(businessModels).toHaveLength(14)
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
  'alone in a small market $name earns from what it says, and from nothing else',
  async (model) => {
    const books = await booksOf(model)
    const { earns, defers } = catalogue[model.name]!
    for (const account of ['subscriptions', 'usage', 'ads', 'take'] as const) {
      if (earns.includes(account)) expect(books[account], account).toBeGreaterThan(1000)
      else expect(books[account], account).toBe(0)
    }
    const earned = earns.reduce((sum, account) => sum + books[account], 0)
    // To the rounding of sums of whole cents in doubles.
    expect(Math.abs(earned / books.revenue - 1)).toBeLessThan(1e-12)
    if (defers) expect(books.deferred).toBeGreaterThan(1000)
    else expect(books.deferred).toBe(0)
    expect(books.compute).toBeGreaterThan(0)
    expect(books.directCost).toBeGreaterThan(books.compute)
  },
)

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
