/**
 * What a market is: plain data, fully spelled out, that a scenario resolves to and the engine compiles. The
 * numbers of segments, startups and plans are declared here in tables like that of the global parameters, so
 * that types, schema, checks and the generated reference cannot diverge.
 */
import { type Declaration, type Parameters, defaultsOf } from './parameters.ts'

/** Whole customers drawn at random, or expected flows with fractions (for limit cases). */
export type Demography = 'integer' | 'expected'

/** Ledger postings in whole cents, or unrounded (for limit cases). */
export type Books = 'cents' | 'exact'

/** When a prepaid plan's price becomes revenue: over its term, or at its start (licences). */
export type Recognition = 'rateable' | 'start'

/** The four kinds of customers; business models offer plans by kind, and each has default figures. */
export const segmentKinds = ['consumer', 'smallBusiness', 'developer', 'enterprise'] as const
/** One of `segmentKinds`. */
export type SegmentKind = (typeof segmentKinds)[number]

/** One value for each attribute of quality: accuracy, scalability, responsiveness. */
export type Triple = readonly [accuracy: number, scalability: number, responsiveness: number]

/** A whole market, resolved: every default filled in, every name checked, no reference left. */
export interface MarketDefinition {
  /** Identifies the scenario in results: the file's name, or what it says of itself. */
  readonly name: string
  readonly title: string
  readonly description?: string
  readonly source?: string
  /** Length of the simulation, 1 to 600. */
  readonly months: number
  /** ISO 4217 code, for display. */
  readonly currency: string
  readonly demography: Demography
  readonly books: Books
  /** Segments with a potential below this draw their flows customer by customer. */
  readonly individualBelow: number
  readonly types: CustomerTypes
  readonly parameters: Parameters
  readonly segments: readonly SegmentDefinition[]
  readonly startups: readonly StartupDefinition[]
  /** What happens to the market from outside; absent where nothing does. */
  readonly shocks?: readonly ShockDefinition[]
}

/** Customer types: nodes z and weights (summing to one) of a discretised normal law. */
export interface CustomerTypes {
  readonly nodes: readonly [number, number, number]
  readonly weights: readonly [number, number, number]
}

/** A group of customers with the same needs. */
export interface SegmentDefinition extends SegmentNumbers {
  /** Stable: keys the segment's random streams. */
  readonly id: string
  /** For display only. */
  readonly name: string
  readonly kind: SegmentKind
  /** Weights on the attributes of quality, summing to one. */
  readonly needs: Triple
  readonly source?: string
}

/** A startup with everything it has before month 0. */
export interface StartupDefinition extends StartupNumbers {
  /** Stable: keys the startup's random streams. */
  readonly id: string
  /** For display only. */
  readonly name: string
  /** Name of the preset it was built from, or 'none'. */
  readonly businessModel: string
  readonly strategy: StrategyChoice
  readonly quality: Triple
  /** Industry fit by segment id, one entry for every segment. */
  readonly fit: Readonly<Record<string, number>>
  /** Share of marketing by segment id, one entry for every segment, summing to one; above 0 means targeted. */
  readonly split: Readonly<Record<string, number>>
  /** Shares of R&D by attribute, summing to one, before `efficiencyShare` is taken off. */
  readonly rdMix: Triple
  readonly plans: readonly PlanDefinition[]
  readonly source?: string
}

/** Something that happens to the market from outside, in a month or at random. */
export interface ShockDefinition extends ShockNumbers {
  /** Stable: keys the shock's random stream and names it in the table of events. */
  readonly id: string
  readonly kind: ShockKind
  /** The segment that it is about (demand and regulation only); null is all. */
  readonly segment: string | null
  /** The startup that it is about (outages only); null is all. */
  readonly startup: string | null
  readonly source?: string
}

/** Which decision rule a startup follows, and its settings by name. */
export interface StrategyChoice {
  readonly name: string
  readonly settings: Readonly<Record<string, number>>
}

/** One way of paying for a startup's product. */
export interface PlanDefinition extends PlanNumbers {
  /** Stable, unique within its startup. */
  readonly id: string
  /** For display only. */
  readonly name: string
  readonly recognition: Recognition
  /** Ids of the segments it is offered to, in the order of the market's segments. */
  readonly offeredTo: readonly string[]
  readonly source?: string
}

/** The name of one of a segment's numbers. */
export type SegmentField = keyof typeof segmentRows
/** The name of one of a startup's numbers. */
export type StartupField = keyof typeof startupRows
/** The name of one of a plan's numbers. */
export type PlanField = keyof typeof planRows
/** The name of one of a shock's numbers. */
export type ShockField = keyof typeof shockRows
/** What a shock changes: one of `shockKinds`. */
export type ShockKind = keyof typeof shockKindRows

type SegmentNumbers = { readonly [name in SegmentField]: number }
type StartupNumbers = { readonly [name in StartupField]: number }
/** A plan's numbers; null means no limit (`cap`, `closes`) or the segment's own (`phi`, `sigma`). */
type PlanNumbers = {
  readonly [name in PlanField]: (typeof planRows)[name]['default'] extends null ? number | null : number
}
/** A shock's numbers; null means scheduled (`chance`) or for good (`duration`). */
type ShockNumbers = {
  readonly [name in ShockField]: (typeof shockRows)[name]['default'] extends null ? number | null : number
}

const byKind = (consumer: number, smallBusiness: number, developer: number, enterprise: number) => ({
  consumer,
  smallBusiness,
  developer,
  enterprise,
})
type ByKind = ReturnType<typeof byKind>

// Tables are read as tables: two lines a row, whatever their length.
// oxfmt-ignore
const segmentRows = {
  potential: { symbol: 'N', default: byKind(5e6, 2e5, 4e4, 4e3), unit: 'customers', low: 1, high: 1e10, plausibleTimes: [0.5, 2], whole: true,
    meaning: 'customers who could ever adopt, in month 0', source: 'assumption' },
  growth: { default: byKind(0.03, 0.03, 0.08, 0.02), unit: 'share a year', low: -0.5, high: 1, plausibleTimes: [0, 3],
    meaning: 'growth of the potential', source: 'assumption' },
  beta: { symbol: 'beta', default: byKind(4.8, 5.6, 6.4, 8), unit: 'utils per quality', low: 0, high: 100, plausibleTimes: [0.7, 1.3],
    meaning: 'value of quality', source: 'assumption' },
  alpha: { symbol: 'alpha', default: byKind(0.3, 0.04, 0.0022, 0.0003), unit: 'utils per currency a month', low: 0, high: 1e6, plausibleTimes: [0.5, 2], money: -1,
    meaning: 'price sensitivity', source: 'assumption' },
  omega: { symbol: 'omega', default: byKind(0.8, 0.7, 0.7, 0.6), unit: 'log points', low: 0, high: 3, plausibleTimes: [0.5, 1.5],
    meaning: 'spread of price sensitivity over customer types', source: 'assumption' },
  usage: { symbol: 'x', default: byKind(60, 600, 15000, 50000), unit: 'requests a month', low: 1e-6, high: 1e9, plausibleTimes: [0.5, 2],
    meaning: 'usage of the mean customer in month 0', source: 'assumption' },
  tau: { symbol: 'tau', default: byKind(0.8, 0.8, 1, 0.7), unit: 'log points', low: 0, high: 3, plausibleTimes: [0.5, 1.5],
    meaning: 'spread of usage over customer types', source: 'assumption' },
  usageGrowth: { symbol: 'ug', default: byKind(1.2, 1.3, 1.8, 1.4), unit: 'factor a year', low: 0.1, high: 10, plausibleTimes: [0.8, 1.3],
    meaning: 'growth of usage per customer', source: 'assumption' },
  phi: { symbol: 'phi', default: byKind(0.2, 0.15, 0.25, 0.3), unit: 'share', low: 0, high: 1, plausibleTimes: [0.5, 2],
    meaning: 'share of customers with an expiring term who compare', source: 'assumption' },
  sigma: { symbol: 'sigma', default: byKind(2, 2, 1.5, 3), unit: 'utils', low: -30, high: 30, plausibleTimes: [0.5, 1.5],
    meaning: 'switching cost', source: 'assumption' },
  shop: { default: byKind(0.2, 0.06, 0.08, 0.05), unit: 'share a month', low: 0, high: 1, plausibleTimes: [0.5, 2],
    meaning: 'share of ready non-customers who shop', source: 'assumption' },
  nu: { symbol: 'nu', default: byKind(0.5, 0.5, 0.3, 0.2), unit: 'utils', low: 0, high: 100, plausibleTimes: [0, 8],
    meaning: 'network effect: utility when everyone is a customer', source: 'assumption' },
  theta: { symbol: 'theta', default: byKind(0.1, 0.5, 0.2, 2), unit: 'utils', low: 0, high: 100, plausibleTimes: [0, 2],
    meaning: 'value of full industry fit', source: 'assumption' },
  psi: { symbol: 'psi', default: byKind(0.1, 0.2, 0.55, 0.25), unit: 'share', low: 0, high: 1, plausibleTimes: [0.5, 1.5],
    meaning: 'ability to host open models oneself', source: 'assumption' },
  u0: { symbol: 'u0', default: byKind(3.35, 4.06, 3.6, 4.28), unit: 'utils', low: -60, high: 60, plausibleTimes: [0.85, 1.15],
    meaning: 'value of doing without', source: 'calibrated' },
  awarenessCost: { symbol: 'kA', default: byKind(0.8, 25, 15, 600), unit: 'currency a newly aware customer', low: 1e-9, high: 1e9, plausibleTimes: [0.5, 2], money: 1,
    meaning: 'marketing cost of making one customer aware', source: 'assumption' },
  support: { default: byKind(0.04, 2, 6, 250), unit: 'currency a customer and month', low: 0, high: 1e9, plausibleTimes: [0.5, 2], money: 1,
    meaning: 'support cost of a paying customer', source: 'assumption' },
  trade: { default: byKind(3, 150, 0, 0), unit: 'currency a customer and month', low: 0, high: 1e9, plausibleTimes: [0.5, 2], money: 1,
    meaning: 'trade that a customer does on a fully stocked marketplace', source: 'assumption' },
  p: { symbol: 'p', default: byKind(0.1, 0.04, 0.08, 0.05), unit: 'rate a year', low: 0, high: 12, plausibleTimes: [0.25, 2],
    meaning: 'readiness from outside (Bass innovation)', source: 'assumption' },
  q: { symbol: 'q', default: byKind(0.8, 0.5, 0.6, 0.45), unit: 'rate a year', low: 0, high: 120, plausibleTimes: [0.2, 1.5],
    meaning: 'readiness from adopters (Bass imitation)', source: 'assumption' },
  cost: { default: byKind(10e3, 10e3, 10e3, 20e3), unit: 'currency a month', low: 0, high: 1e12, plausible: [0, 50e3], money: 1,
    meaning: 'fixed cost of targeting the segment, to each startup that does', source: 'assumption' },
  paymentDelay: { default: byKind(0, 0, 0, 0), unit: 'months', low: 0, high: 24, plausible: [0, 3], whole: true,
    meaning: 'months after which customers pay their bills', source: 'assumption' },
  compliance: { default: byKind(0, 0, 0, 0), unit: 'currency a month', low: 0, high: 1e12, plausible: [0, 50e3], money: 1,
    meaning: 'fixed cost of complying with its regulation, to each startup with a plan for it', source: 'off by default' },
} satisfies Record<string, Declaration<ByKind>>

// oxfmt-ignore
const startupRows = {
  cash: { default: 5e6, unit: 'currency', low: 0, high: 1e13, plausible: [2.5e6, 20e6], money: 1,
    meaning: 'mean cash before month 0', source: 'assumption' },
  rd: { default: 2e5, unit: 'currency a month', low: 0, high: 1e12, plausible: [5e4, 4e5], money: 1,
    meaning: 'R&D budget at no profit', source: 'assumption' },
  rdShare: { default: 0.15, unit: 'share', low: 0, high: 1, plausible: [0.04, 0.3],
    meaning: 'share of gross profit added to the R&D budget', source: 'assumption' },
  marketing: { default: 1e5, unit: 'currency a month', low: 0, high: 1e12, plausible: [25e3, 4e5], money: 1,
    meaning: 'marketing budget at no profit', source: 'assumption' },
  marketingShare: { default: 0.2, unit: 'share', low: 0, high: 1, plausible: [0.05, 0.4],
    meaning: 'share of gross profit added to the marketing budget', source: 'assumption' },
  fixed: { default: 9e4, unit: 'currency a month', low: 0, high: 1e12, plausible: [45e3, 180e3], money: 1,
    meaning: 'fixed costs', source: 'assumption' },
  awarenessTargeted: { default: 0.022, unit: 'share', low: 0, high: 1, plausible: [0.01, 0.05],
    meaning: 'share of a targeted segment that is aware before month 0', source: 'assumption' },
  awarenessElsewhere: { default: 0.002, unit: 'share', low: 0, high: 1, plausible: [0, 0.005],
    meaning: 'share of any other segment that is aware before month 0', source: 'assumption' },
  imitability: { default: 0.02, unit: 'share a month', low: 0, high: 1, plausible: [0.005, 0.06],
    meaning: 'share of its lead that others copy while it leads', source: 'assumption' },
  learnE: { default: 0.15, unit: 'factor', low: 0, high: 10, plausible: [0, 1],
    meaning: 'how much of its R&D teaches it the industries it serves', source: 'assumption' },
  efficiencyShare: { default: 0, unit: 'share', low: 0, high: 1, plausible: [0, 0.5],
    meaning: 'share of R&D that goes into cheaper serving', source: 'off by default' },
  takeRate: { default: 0, unit: 'share', low: 0, high: 1, plausible: [0, 0.3],
    meaning: 'share of trade that a marketplace keeps', source: 'off by default' },
  outShare: { default: 0, unit: 'share', low: 0, high: 1, plausible: [0, 0.4],
    meaning: 'share of revenue paid out to third parties', source: 'off by default' },
  ecoUtility: { symbol: 'ecoU', default: 0, unit: 'utils', low: 0, high: 100, plausible: [0, 2],
    meaning: 'what a full third-party stock adds to utility', source: 'off by default' },
  ecoAwareness: { symbol: 'ecoA', default: 0, unit: 'hazard a month', low: 0, high: 100, plausible: [0, 0.06],
    meaning: 'what a full third-party stock adds to awareness on targeted segments', source: 'off by default' },
  ecoQuality: { symbol: 'ecoQ', default: 0, unit: 'share a month', low: 0, high: 1, plausible: [0, 0.03],
    meaning: 'share of the gap to the frontier that a full third-party stock closes', source: 'off by default' },
  stockHalf: { symbol: 'B50', default: 3e3, unit: 'users', low: 1e-6, high: 1e12, plausible: [200, 10e3],
    meaning: 'users that draw half of the third-party stock', source: 'assumption' },
  openness: { default: 0, unit: 'share', low: 0, high: 1, plausible: [0, 1],
    meaning: 'how open its models are: lifts its awareness and the open alternative', source: 'off by default' },
  privacyCost: { default: 0, unit: 'currency a customer and month', low: 0, high: 1e9, plausible: [0, 2], money: 1,
    meaning: 'cost of handling third-party data about a customer lawfully', source: 'off by default' },
  entry: { default: 0, unit: 'month', low: 0, high: 600, whole: true,
    meaning: 'month in which it enters, or from which on it may; before it enters it does not exist', source: 'from the start unless stated' },
  entryChance: { default: 1, unit: 'probability a month', low: 0, high: 1,
    meaning: 'chance that it enters in a month, from then on until it has', source: 'certain unless stated' },
  entryInBoom: { default: 0, unit: '0 or 1', low: 0, high: 1, whole: true,
    meaning: 'whether it enters in booms only (1) or in any climate (0)', source: 'any climate unless stated' },
} satisfies Record<string, Declaration>

// oxfmt-ignore
const planRows = {
  price: { default: 0, unit: 'currency a month', low: 0, high: 1e9, money: 1,
    meaning: 'price in month 0; the parameter priceCeiling bounds it further', source: 'free unless stated' },
  term: { default: 1, unit: 'months', low: 1, high: 600, whole: true,
    meaning: 'months prepaid at once', source: 'monthly unless stated' },
  usagePrice: { default: 0, unit: 'currency a request', low: 0, high: 1e6, money: 1,
    meaning: 'price of each request above the included ones in month 0', source: 'free unless stated' },
  included: { default: 0, unit: 'requests a month', low: 0, high: 1e12,
    meaning: 'requests that the price covers before usagePrice applies', source: 'none unless stated' },
  cap: { default: null, unit: 'requests a month', low: 1e-6, high: 1e12,
    meaning: 'most requests served; null is no cap', source: 'none unless stated' },
  allowanceGrowth: { default: 1.2, unit: 'factor a year', low: 0.1, high: 10, plausible: [1, 1.5],
    meaning: 'growth of the cap and of included requests', source: 'assumption of the model' },
  qualityShare: { symbol: 'g', default: 1, unit: 'share', low: 0, high: 1, plausible: [0.5, 1],
    meaning: 'quality served over the startup\'s own', source: 'full unless stated' },
  adLoad: { default: 0, unit: 'ads a request', low: 0, high: 100, plausible: [0, 2],
    meaning: 'advertising on each request', source: 'none unless stated' },
  labour: { default: 0, unit: 'currency a customer and month', low: 0, high: 1e9, money: 1,
    meaning: 'staff cost of each customer; above 0 the hiring limit applies', source: 'none unless stated' },
  passThrough: { symbol: 'pt', default: 0.1, unit: 'exponent', low: 0, high: 10, plausible: [0, 1],
    meaning: 'how much of falling compute cost its prices pass on', source: 'assumption of the model' },
  phi: { default: null, unit: 'share', low: 0, high: 1,
    meaning: 'its own share of expiring customers who compare; null is the segment\'s', source: 'the segment\'s unless stated' },
  sigma: { default: null, unit: 'utils', low: -30, high: 30,
    meaning: 'its own switching cost; null is the segment\'s', source: 'the segment\'s unless stated' },
  sigmaAdded: { default: 0, unit: 'utils', low: -30, high: 30, plausible: [0, 2],
    meaning: 'switching cost on top of sigma (tools, loyalty points)', source: 'none unless stated' },
  opens: { default: 0, unit: 'month', low: 0, high: 600, whole: true,
    meaning: 'first month in which the plan is offered', source: 'from the start unless stated' },
  closes: { default: null, unit: 'month', low: 0, high: 600, whole: true,
    meaning: 'month from which the plan takes no new customers; null is never', source: 'never unless stated' },
} satisfies Record<string, Declaration<number | null>>

// oxfmt-ignore
const shockRows = {
  month: { default: 0, unit: 'month', low: 0, high: 600, whole: true,
    meaning: 'month in which it begins, or from which on it may', source: 'from the start unless stated' },
  chance: { default: null, unit: 'probability a month', low: 0, high: 1,
    meaning: 'chance that it begins in a month in which it does not last; null is once, in its month', source: 'scheduled unless stated' },
  size: { default: 1, unit: 'by kind', low: -1, high: 1000,
    meaning: 'what it does while it lasts: see its kind', source: 'none unless stated' },
  duration: { default: null, unit: 'months', low: 1, high: 600, whole: true,
    meaning: 'months that it lasts; null is to the end of the run', source: 'for good unless stated' },
} satisfies Record<string, Declaration<number | null>>

/** What a kind of shock changes, and the sizes that it may have. */
export interface ShockKindDeclaration {
  /** What the size is, one sentence, lower case, without a full stop; kinds without a size have no bounds. */
  readonly meaning: string
  readonly unit: string
  readonly low: number
  readonly high: number
  /** What it may be limited to. */
  readonly about?: 'segment' | 'startup'
}

// oxfmt-ignore
const shockKindRows = {
  computePrice: { unit: 'factor', low: 0.001, high: 1000,
    meaning: 'factor on the compute price c(y), which prices follow by their pass-through' },
  demand: { unit: 'factor', low: 0, high: 100, about: 'segment',
    meaning: 'factor on the share of ready non-customers who shop in a month, at most all; customers stay as they are' },
  regulation: { unit: 'factor', low: 0, high: 1000, about: 'segment',
    meaning: 'factor on compliance and on privacyCost' },
  openFrontier: { unit: 'relative quality', low: -1, high: 1,
    meaning: 'added to the quality of open models, which stays in [0, 1]' },
  funding: { unit: 'factor', low: 0.001, high: 1000,
    meaning: 'factor on the odds of a funding round' },
  winter: { unit: 'none', low: 1, high: 1,
    meaning: 'the funding climate is a winter while it lasts, whatever else would make it a boom' },
  boom: { unit: 'none', low: 1, high: 1,
    meaning: 'the funding climate is a boom while it lasts' },
  outage: { unit: 'trust a month', low: 0, high: 1, about: 'startup',
    meaning: 'trust that customers lose in each month that it lasts; without effect where trustWeight is 0' },
} satisfies Record<string, ShockKindDeclaration>

/** The kinds of shocks. */
export const shockKinds: { readonly [kind in ShockKind]: ShockKindDeclaration } = shockKindRows

/** The declarations of a segment's numbers; defaults differ by kind of segment (those of finance for enterprise). */
export const segmentTable: { readonly [name in SegmentField]: Declaration<ByKind> } = segmentRows

/** The declarations of a startup's numbers. */
export const startupTable: { readonly [name in StartupField]: Declaration } = startupRows

/** The declarations of a plan's numbers. */
export const planTable: { readonly [name in PlanField]: Declaration<number | null> } = planRows

/** The declarations of a shock's numbers. */
export const shockTable: { readonly [name in ShockField]: Declaration<number | null> } = shockRows

/** Default needs of each kind of segment: accuracy, scalability, responsiveness. Source: assumption. */
export const defaultNeeds: { readonly [kind in SegmentKind]: Triple } = {
  consumer: [0.4, 0.1, 0.5],
  smallBusiness: [0.4, 0.3, 0.3],
  developer: [0.4, 0.4, 0.2],
  enterprise: [0.6, 0.2, 0.2],
}

/** Default quality of a startup, by attribute. Source: assumption. */
export const defaultQuality: Triple = [0.65, 0.65, 0.65]

/** Default mix of R&D: a third for each attribute. */
export const defaultRdMix: Triple = [1 / 3, 1 / 3, 1 / 3]

/** Three nodes and weights that integrate a standard normal law to the fifth moment (Gauss-Hermite). */
export const defaultTypes: CustomerTypes = {
  nodes: [-Math.sqrt(3), 0, Math.sqrt(3)],
  weights: [1 / 6, 2 / 3, 1 / 6],
}

/** Potential below which flows are drawn customer by customer. Source: docs/model.md, section 7.3. */
export const defaultIndividualBelow = 20_000

/** The default numbers of a segment of one kind. */
export function defaultSegment(kind: SegmentKind): SegmentNumbers {
  const entries = Object.entries(segmentRows).map(([name, row]) => [name, row.default[kind]])
  return Object.fromEntries(entries) as SegmentNumbers
}
/** The default numbers of a startup. */
export const defaultStartup: StartupNumbers = defaultsOf(startupRows)
/** The default numbers of a plan. */
export const defaultPlan = defaultsOf(planRows) as PlanNumbers
/** The default numbers of a shock. */
export const defaultShock = defaultsOf(shockRows) as ShockNumbers

/** Whether a startup may enter later than month 0, or never. */
export function mayEnterLate({
  entry,
  entryChance,
  entryInBoom,
}: Pick<StartupDefinition, 'entry' | 'entryChance' | 'entryInBoom'>): boolean {
  return entry > 0 || entryChance < 1 || entryInBoom > 0
}
