/**
 * The mechanisms of the market that a scenario may use or leave out, with the name of each in words: what `rivalry
 * explain` prints, and what equations are tied to.
 */
import type { Acted, Actions } from './actions.ts'
import type { Shape } from './shape.ts'

/** What a market is compiled for: its mechanisms, and what its strategies act on. */
export interface InForce {
  readonly shape: Shape
  readonly acted: Acted
}

/** One mechanism. */
export interface Mechanism {
  /** In a few words, lower case. */
  readonly title: string
  /** What brings it in, as a scenario says it. */
  readonly cause: string
  readonly isOn: (inForce: InForce) => boolean
}

const ofShape =
  (test: (shape: Shape) => boolean) =>
  ({ shape }: InForce): boolean =>
    test(shape)
const ofAction =
  (action: keyof Actions) =>
  ({ acted }: InForce): boolean =>
    acted.has(action)

const table = {
  wholeCustomers: {
    title: 'whole customers',
    cause: 'demography: integer',
    isOn: ofShape(({ demography }) => demography === 'integer'),
  },
  expectedCustomers: {
    title: 'expected customers, with fractions',
    cause: 'demography: expected',
    isOn: ofShape(({ demography }) => demography === 'expected'),
  },
  individual: {
    title: 'customers drawn one by one',
    cause: 'a segment below individualBelow customers, with whole customers',
    isOn: ofShape(({ individual }) => individual),
  },
  rounded: {
    title: 'flows rounded to whole customers',
    cause: 'a segment of individualBelow customers or more, with whole customers',
    isOn: ofShape(({ rounded }) => rounded),
  },
  cents: {
    title: 'postings in whole cents',
    cause: 'books: cents',
    isOn: ofShape(({ books }) => books === 'cents'),
  },
  openings: {
    title: 'plans that open later or close',
    cause: 'a plan with opens or closes, or a strategy that opens and closes plans',
    isOn: ofShape(({ openings }) => openings),
  },
  labour: {
    title: 'labour and its hiring limit',
    cause: 'a plan with labour',
    isOn: ofShape(({ labour }) => labour),
  },
  licences: {
    title: 'licences, earned at the start of their term',
    cause: 'a plan with recognition: start',
    isOn: ofShape(({ licences }) => licences),
  },
  advertising: {
    title: 'advertising',
    cause: 'a plan with adLoad',
    isOn: ofShape(({ advertising }) => advertising),
  },
  thirdParties: {
    title: 'third parties',
    cause: 'a startup with takeRate, outShare, ecoUtility, ecoAwareness or ecoQuality',
    isOn: ofShape(({ thirdParties }) => thirdParties),
  },
  efficiency: {
    title: 'R&D into cheaper serving',
    cause: 'a startup with efficiencyShare',
    isOn: ofShape(({ efficiency }) => efficiency),
  },
  trust: {
    title: 'trust',
    cause: 'parameter trustWeight above 0',
    isOn: ofShape(({ trust }) => trust),
  },
  tax: {
    title: 'tax on profits',
    cause: 'parameter profitTax above 0',
    isOn: ofShape(({ tax }) => tax),
  },
  credit: {
    title: 'bills paid later',
    cause: 'a segment with paymentDelay',
    isOn: ofShape(({ credit }) => credit),
  },
  compliance: {
    title: 'regulation and privacy that cost',
    cause: 'a segment with compliance, or a startup with privacyCost',
    isOn: ofShape(({ compliance }) => compliance),
  },
  entry: {
    title: 'startups that enter later',
    cause: 'a startup with entry, entryChance or entryInBoom',
    isOn: ofShape(({ entry }) => entry),
  },
  shocks: {
    title: 'shocks from outside',
    cause: 'shocks in the scenario',
    isOn: ofShape(({ shocks }) => shocks),
  },
  randomShocks: {
    title: 'shocks that begin at random',
    cause: 'a shock with a chance',
    isOn: ofShape(({ randomShocks }) => randomShocks),
  },
  outages: {
    title: 'outages that cost trust',
    cause: 'shocks in the scenario, and parameter trustWeight above 0',
    isOn: ofShape(({ shocks, trust }) => shocks && trust),
  },
  pricing: {
    title: 'prices that strategies set',
    cause: 'a strategy that acts on priceMultiplier',
    isOn: ofAction('priceMultiplier'),
  },
  splitting: {
    title: 'marketing splits that strategies set',
    cause: 'a strategy that acts on split',
    isOn: ofAction('split'),
  },
  reserving: {
    title: 'reservations that strategies set',
    cause: 'a strategy that acts on reservation',
    isOn: ofAction('reservation'),
  },
  hiring: {
    title: 'hiring that strategies set',
    cause: 'a strategy that acts on hiring, and a plan with labour',
    isOn: ({ shape, acted }: InForce) => shape.labour && acted.has('hiring'),
  },
  degrading: {
    title: 'quality of free plans that strategies set',
    cause: 'a strategy that acts on freeQuality',
    isOn: ofAction('freeQuality'),
  },
  deciding: {
    title: 'strategies beside the default one',
    cause: 'a startup with a strategy',
    isOn: ofShape(({ strategies }) => strategies.some((name) => name !== 'default')),
  },
} satisfies Record<string, Mechanism>

/** The name of a mechanism. */
export type MechanismName = keyof typeof table

/** Every mechanism by name. */
export const mechanisms: { readonly [name in MechanismName]: Mechanism } = table

/** The names of the mechanisms. */
export const mechanismNames = Object.keys(table) as readonly MechanismName[]
