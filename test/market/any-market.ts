/**
 * Owns random valid markets for properties: small, with every mechanism on or off, every number drawn around its
 * plausible range. Shrinks towards fewer startups, plans and segments, and towards defaults.
 */
import { fc } from '@fast-check/vitest'
import {
  type Books,
  type Demography,
  type MarketDefinition,
  type PlanDefinition,
  type SegmentDefinition,
  type SegmentKind,
  type ShockDefinition,
  type ShockKind,
  type StartupDefinition,
  type Triple,
  defaultPlan,
  defaultSegment,
  defaultStartup,
  defaultTypes,
  segmentKinds,
  shockKinds,
} from '../../engine/market/definition.ts'
import { type Parameters, defaultParameters } from '../../engine/market/parameters.ts'
import { assert } from '../../engine/errors.ts'
import { checkMarket } from '../../engine/market/check.ts'

/** How many values a range is cut into: both ends are among them. */
const STEPS = 1000

/** A number from `low` to `high`, both included; shrinks towards `low`. */
export const between = (low: number, high: number): fc.Arbitrary<number> =>
  fc.noBias(fc.integer({ min: 0, max: STEPS })).map((k) => low + ((high - low) * k) / STEPS)

/** A positive number from `low` to `high` whose logarithm is uniform. */
export const logBetween = (low: number, high: number): fc.Arbitrary<number> =>
  fc.noBias(fc.integer({ min: 0, max: STEPS })).map((k) => low * (high / low) ** (k / STEPS))

/** `usual` two times out of three. */
const mostly = <T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })

/** The first value half the time. */
const orElse = <T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> => fc.oneof(fc.constant(usual), other)

/** Shares that sum to one, some of them 0. */
const sharesOf = (count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 10 }), { minLength: count, maxLength: count }).map((weights) => {
    const total = weights.reduce((a, b) => a + b, 0)
    return total === 0 ? weights.map(() => 1 / count) : weights.map((weight) => weight / total)
  })

const triple = (low: number, high: number): fc.Arbitrary<Triple> =>
  fc.tuple(between(low, high), between(low, high), between(low, high))

/** What a property asks of its markets. */
export interface AnyMarketOptions {
  readonly demography?: Demography
  readonly books?: Books
  readonly months?: number
  readonly mostStartups?: number
  readonly mostSegments?: number
  readonly mostPlans?: number
  /** Largest potential of a segment; those below 20,000 are drawn customer by customer. */
  readonly mostPotential?: number
  /** Longest payment delay, months. */
  readonly mostDelay?: number
}

/** A valid market. */
export function anyMarket({
  demography = 'expected',
  books = 'exact',
  months = 24,
  mostStartups = 4,
  mostSegments = 3,
  mostPlans = 3,
  mostPotential = 1e6,
  mostDelay = 3,
}: AnyMarketOptions = {}): fc.Arbitrary<MarketDefinition> {
  const segmentIds = fc
    .integer({ min: 1, max: mostSegments })
    .map((count) => ['alpha', 'beta', 'gamma', 'delta', 'epsilon'].slice(0, count))
  return segmentIds.chain((ids) =>
    fc
      .record({
        parameters: anyParameters,
        segments: fc.tuple(...ids.map((id) => anySegment(id, mostPotential, mostDelay))),
        startups: fc
          .integer({ min: 1, max: mostStartups })
          .chain((count) =>
            fc.tuple(
              ...Array.from({ length: count }, (_, f) =>
                anyStartup(`startup-${'dbca'[f % 4]}${f}`, ids, mostPlans),
              ),
            ),
          ),
      })
      .chain((market) => anyShocks(ids, market.startups).map((shocks) => ({ ...market, shocks })))
      .map(({ parameters, segments, startups, shocks }): MarketDefinition => {
        const market: MarketDefinition = {
          name: 'any',
          title: 'A random market',
          months,
          currency: 'EUR',
          demography,
          books,
          individualBelow: 20_000,
          types: defaultTypes,
          parameters,
          segments,
          startups: startups.map((startup) => ({
            ...startup,
            plans: startup.plans.map((plan) => priced(plan, segments)),
          })),
          ...(shocks.length === 0 ? {} : { shocks }),
        }
        const problems = checkMarket(market)
        assert(problems.length === 0, 'a random market is valid', problems)
        return market
      }),
  )
}

/** Global parameters: most at their default, some in their plausible range, and those that switch something. */
const anyParameters: fc.Arbitrary<Parameters> = fc
  .record({
    computePrice: mostly(0.03, logBetween(1e-4, 0.1)),
    computeFallPerYear: mostly(2, between(0.8, 12)),
    qualityCostElasticity: mostly(2, between(0, 4)),
    tasteSd: mostly(0.6, between(0, 1.5)),
    tastePersistence: mostly(0.95, between(0, 1)),
    boomToWinter: mostly(1 / 30, between(0, 1)),
    winterToBoom: mostly(1 / 18, between(0, 1)),
    startInBoom: fc.constantFrom(1, 0),
    abilitySd: mostly(0.5, between(0, 1)),
    readinessSd: mostly(0.4, between(0, 1)),
    cashSd: mostly(0.4, between(0, 1)),
    cutBelowRunway: mostly(6, between(0, 24)),
    cutFactor: mostly(0.6, between(0, 1)),
    capCurvature: mostly(0.5, between(0.2, 2)),
    nest: mostly(0.5, between(0.2, 1)),
    commitment: mostly(0.08, between(0, 0.3)),
    adAversion: mostly(0.35, between(0, 2)),
    trustWeight: orElse(0, between(0, 3)),
    hireBase: mostly(2, between(0, 100)),
    hireRate: mostly(0.08, between(0, 0.5)),
    reservedMinimum: orElse(2e6, logBetween(1, 1e7)),
    reserveHeadroom: mostly(1.25, between(0.5, 2)),
    idleUpToUsage: mostly(1, between(0, 5)),
    idleShareOfCost: mostly(0.25, between(0, 1)),
    responsivenessFloor: mostly(0.4, between(0, 1)),
    trustStart: mostly(1, between(0, 1)),
    revenuePerThousandAds: mostly(7.7, between(0, 50)),
    receiptFee: mostly(0.03, between(0, 0.2)),
    overheadShare: mostly(0.06, between(0, 0.3)),
    profitTax: orElse(0, between(0, 0.4)),
    burnMemory: mostly(0.7, between(0, 1)),
    askBelowRunway: mostly(9, between(0, 30)),
    monthsBetweenRounds: mostly(6, fc.integer({ min: 0, max: 12 })),
    firstRoundMonth: mostly(3, fc.integer({ min: 0, max: 6 })),
    fundingIntercept: mostly(-2.7, between(-4, 3)),
    growthWindow: mostly(6, fc.integer({ min: 1, max: 9 })),
    firstFloor: mostly(10e6, logBetween(1e4, 5e7)),
    dilution: mostly(0.3, between(0, 0.9)),
    roundLeast: mostly(1e5, between(0, 1e6)),
    rdGain: mostly(0.06, between(0, 0.2)),
    qualityDecay: mostly(0.04, between(0, 0.2)),
    openFrontier: mostly(0.55, between(0, 1)),
    forgetting: mostly(0.03, between(0, 0.5)),
    wordOfMouth: mostly(0.25, between(0, 1)),
    stockSpeed: mostly(0.08, between(0, 1)),
    readinessStart: fc.constantFrom(0.05, 1, 0.4),
    education: mostly(0.05, between(0, 1)),
  } satisfies Partial<Record<keyof Parameters, fc.Arbitrary<number>>>)
  .map((some): Parameters => ({ ...defaultParameters, ...some }))

function anySegment(id: string, mostPotential: number, mostDelay: number): fc.Arbitrary<SegmentDefinition> {
  return fc.constantFrom(...segmentKinds).chain((kind: SegmentKind) => {
    const usual = defaultSegment(kind)
    const around = (name: keyof typeof usual, low: number, high: number) =>
      mostly(usual[name], logBetween(usual[name] * low, usual[name] * high))
    return fc
      .record({
        potential: fc
          .oneof(
            { weight: 1, arbitrary: logBetween(1, 400) },
            { weight: 3, arbitrary: logBetween(400, mostPotential) },
          )
          .map(Math.round),
        growth: between(-0.3, 0.3),
        beta: around('beta', 0.5, 2),
        alpha: orElse(usual.alpha, fc.oneof(fc.constant(0), logBetween(usual.alpha / 5, usual.alpha * 5))),
        omega: mostly(usual.omega, between(0, 1.5)),
        usage: around('usage', 0.1, 10),
        tau: mostly(usual.tau, between(0, 1.5)),
        usageGrowth: mostly(usual.usageGrowth, between(0.8, 2)),
        phi: fc.oneof(fc.constant(usual.phi), fc.constantFrom(0, 1), between(0, 1)),
        sigma: mostly(usual.sigma, between(-2, 5)),
        shop: fc.oneof(fc.constant(usual.shop), fc.constantFrom(0, 1), between(0, 1)),
        nu: mostly(usual.nu, between(0, 6)),
        theta: mostly(usual.theta, between(0, 4)),
        psi: mostly(usual.psi, between(0, 1)),
        u0: orElse(usual.u0, between(-3, 5)),
        awarenessCost: around('awarenessCost', 0.01, 10),
        support: mostly(usual.support, logBetween(usual.support / 10, usual.support * 10)),
        trade: orElse(usual.trade, between(0, 4000)),
        p: mostly(usual.p, between(0, 1)),
        q: mostly(usual.q, between(0, 3)),
        cost: orElse(usual.cost, between(0, 1e3)),
        compliance: mostly(0, between(0, 2e4)),
        paymentDelay: mostDelay === 0 ? fc.constant(0) : orElse(0, fc.integer({ min: 1, max: mostDelay })),
        needs: sharesOf(3),
      })
      .map(({ needs, ...numbers }): SegmentDefinition => ({
        ...usual,
        ...numbers,
        id,
        name: id,
        kind,
        needs: needs as unknown as Triple,
      }))
  })
}

/** No shock, or a few of any kind, scheduled and random. */
function anyShocks(
  segmentIds: readonly string[],
  startups: readonly { readonly id: string }[],
): fc.Arbitrary<ShockDefinition[]> {
  const kinds = Object.keys(shockKinds) as ShockKind[]
  const anyShock = (k: number): fc.Arbitrary<ShockDefinition> =>
    fc
      .record({
        kind: fc.constantFrom(...kinds),
        month: fc.integer({ min: 0, max: 14 }),
        chance: orElse<number | null>(null, between(0, 0.6)),
        level: between(0, 1),
        duration: orElse<number | null>(null, fc.integer({ min: 1, max: 8 })),
        segment: orElse<string | null>(null, fc.constantFrom(...segmentIds)),
        startup: orElse<string | null>(null, fc.constantFrom(...startups.map(({ id }) => id))),
      })
      .map(({ level, segment, startup, ...shock }): ShockDefinition => {
        const { about, low, high } = shockKinds[shock.kind]
        return {
          ...shock,
          id: `shock-${k}`,
          // Factors from a quarter to four; what is added, anything.
          size: high > 1 ? 4 ** (2 * level - 1) : low + (high - low) * level,
          segment: about === 'segment' ? segment : null,
          startup: about === 'startup' ? startup : null,
        }
      })
  return mostly(
    [],
    fc
      .integer({ min: 1, max: 4 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, k) => anyShock(k)))),
  )
}

type StartupDraft = Omit<StartupDefinition, 'plans'> & { readonly plans: readonly PlanDraft[] }

function anyStartup(
  id: string,
  segmentIds: readonly string[],
  mostPlans: number,
): fc.Arbitrary<StartupDraft> {
  const off = (low: number, high: number) => mostly(0, between(low, high))
  return fc
    .record({
      numbers: fc.record({
        cash: logBetween(1e5, 1e8),
        rd: orElse(2e5, between(0, 1e5)),
        rdShare: mostly(0.15, between(0, 0.5)),
        marketing: orElse(1e5, between(0, 1e6)),
        marketingShare: mostly(0.2, between(0, 0.5)),
        fixed: orElse(9e4, between(0, 2e4)),
        awarenessTargeted: fc.oneof(fc.constant(0.022), fc.constant(1), between(0, 1)),
        awarenessElsewhere: mostly(0.002, between(0, 1)),
        imitability: mostly(0.02, between(0, 0.5)),
        learnE: mostly(0.15, between(0, 1)),
        efficiencyShare: off(0, 1),
        takeRate: off(0, 0.5),
        outShare: off(0, 0.5),
        ecoUtility: off(0, 2),
        ecoAwareness: off(0, 0.1),
        ecoQuality: off(0, 0.05),
        stockHalf: mostly(3e3, logBetween(1, 1e5)),
        openness: off(0, 1),
        privacyCost: off(0, 2),
        entry: mostly(0, fc.integer({ min: 0, max: 14 })),
        entryChance: mostly(1, between(0, 0.4)),
        entryInBoom: mostly(0, fc.constant(1)),
      }),
      quality: triple(0.05, 1),
      fit: fc.array(off(0, 1), { minLength: segmentIds.length, maxLength: segmentIds.length }),
      split: sharesOf(segmentIds.length),
      rdMix: sharesOf(3),
      plans: fc
        .integer({ min: 1, max: mostPlans })
        .chain((count) =>
          fc.tuple(...Array.from({ length: count }, (_, k) => anyPlan(`plan-${'badc'[k % 4]}`, segmentIds))),
        ),
    })
    .map(({ numbers, quality, fit, split, rdMix, plans }): StartupDraft => {
      const bySegment = (values: readonly number[]): Record<string, number> =>
        Object.fromEntries(segmentIds.map((segment, s) => [segment, values[s]!]))
      return {
        ...defaultStartup,
        ...numbers,
        id,
        name: id,
        businessModel: 'none',
        strategy: { name: 'default', settings: {} },
        quality,
        fit: bySegment(fit),
        split: bySegment(split),
        rdMix: rdMix as unknown as Triple,
        plans,
      }
    })
}

/** A plan whose prices are still utils of a customer of the first segment that it is offered to. */
type PlanDraft = PlanDefinition & {
  readonly priceUtils: number
  readonly usageUtils: number
  readonly labourUtils: number
}

/** The plan with prices in money, such that they matter to customers. */
function priced(
  { priceUtils, usageUtils, labourUtils, ...plan }: PlanDraft,
  segments: readonly SegmentDefinition[],
): PlanDefinition {
  const { kind, alpha, usage } = segments.find(({ id }) => id === plan.offeredTo[0])!
  const money = 1 / (alpha === 0 ? defaultSegment(kind).alpha : alpha)
  return {
    ...plan,
    price: priceUtils * money,
    usagePrice: (usageUtils * money) / usage,
    labour: labourUtils * money,
  }
}

function anyPlan(id: string, segmentIds: readonly string[]): fc.Arbitrary<PlanDraft> {
  return fc
    .record({
      priceUtils: fc.oneof(
        { weight: 1, arbitrary: fc.constant(0) },
        { weight: 2, arbitrary: logBetween(0.05, 5) },
      ),
      term: fc.oneof(fc.constant(1), fc.constantFrom(2, 3, 7, 12, 36)),
      usageUtils: mostly(0, logBetween(0.05, 5)),
      included: mostly(0, logBetween(1, 1e4)),
      cap: orElse<number | null>(null, logBetween(1, 1e5)),
      allowanceGrowth: mostly(1.2, between(0.8, 2)),
      qualityShare: mostly(1, between(0, 1)),
      adLoad: mostly(0, between(0, 3)),
      labourUtils: mostly(0, logBetween(0.01, 2)),
      passThrough: mostly(0.1, between(0, 2)),
      phi: mostly<number | null>(null, between(0, 1)),
      sigma: mostly<number | null>(null, between(-2, 5)),
      sigmaAdded: mostly(0, between(-1, 2)),
      opens: mostly(0, fc.integer({ min: 1, max: 15 })),
      open: mostly<number | null>(null, fc.integer({ min: 1, max: 15 })),
      recognition: mostly<'rateable' | 'start'>('rateable', fc.constant('start')),
      offered: fc.subarray([...segmentIds], { minLength: 1 }),
    })
    .map(({ open, offered, priceUtils, usageUtils, labourUtils, ...numbers }): PlanDraft => ({
      ...defaultPlan,
      ...numbers,
      id,
      name: id,
      closes: open === null ? null : numbers.opens + open,
      offeredTo: offered,
      priceUtils,
      usageUtils,
      labourUtils,
    }))
}
