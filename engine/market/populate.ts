/** From a market's definition to memory: how many records there are, how they hang together, and every parameter. */
import { entityWords } from '../numerics/streams.ts'
import { assert } from '../errors.ts'
import type { PointValues, Structure } from '../simulation/instance.ts'
import type { Column, Dimension, Relation } from '../trace/index.ts'
import {
  mayEnterLate,
  planTable,
  segmentTable,
  shockTable,
  startupTable,
  type MarketDefinition,
  type PlanDefinition,
  type SegmentDefinition,
  type ShockKind,
  type StartupDefinition,
} from './definition.ts'
import { followersOf, type TracedStrategy } from './decisions.ts'
import {
  boomShocks,
  climateNoticeOf,
  cohorts,
  cohortsOf,
  computeShocks,
  demandShocksOf,
  dues,
  duesOf,
  entryNoticesOf,
  exitNoticeOf,
  fundingShocks,
  individualSegments,
  lags,
  lagsOf,
  largeSegments,
  marketOffersOf,
  notices,
  offers,
  offersOf,
  openShocks,
  outagesOf,
  ownerOf,
  pairOf,
  pairs,
  pairsOf,
  planOf,
  plans,
  plansOf,
  presenceOf,
  regulationShocksOf,
  rivalsOf,
  roundNoticeOf,
  segmentOf,
  segments,
  shockNoticeOf,
  shocks,
  startupOf,
  startups,
  startupsById,
  winterShocks,
  world,
} from './model.ts'
import { parameterNames } from './parameters.ts'

/** A startup in a segment: where it sells or advertises. */
export interface PairIndex {
  readonly startup: number
  readonly segment: number
  readonly offers: readonly number[]
}

/** The market's records in the order in which they lie in memory. */
export interface MarketIndex {
  readonly plans: readonly { readonly startup: number; readonly plan: PlanDefinition }[]
  readonly pairs: readonly PairIndex[]
  readonly offers: readonly { readonly plan: number; readonly pair: number; readonly segment: number }[]
}

/** Orders a market's plans, pairs and offers as they lie in memory: pairs by segment, offers by pair. */
export function indexMarket({ startups: companies, segments: groups }: MarketDefinition): MarketIndex {
  const planList = companies.flatMap((company, startup) => company.plans.map((plan) => ({ startup, plan })))
  const pairList: PairIndex[] = []
  const offerList: { plan: number; pair: number; segment: number }[] = []
  groups.forEach(({ id }, segment) => {
    companies.forEach((company, startup) => {
      const offered = planList.flatMap(({ startup: owner, plan }, j) =>
        owner === startup && plan.offeredTo.includes(id) ? [j] : [],
      )
      if (offered.length === 0 && (company.split[id] ?? 0) === 0) return
      const pair = pairList.length
      pairList.push({
        startup,
        segment,
        offers: offered.map((plan) => offerList.push({ plan, pair, segment }) - 1),
      })
    })
  })
  return { plans: planList, pairs: pairList, offers: offerList }
}

const positions = <T>(items: readonly T[], test: (item: T) => boolean): number[] =>
  items.flatMap((item, i) => (test(item) ? [i] : []))

/** The structure of a market: fixed for all design points. */
export function structureOf(market: MarketDefinition, index: MarketIndex = indexMarket(market)): Structure {
  const { startups: companies, segments: groups, parameters } = market
  const { plans: planList, pairs: pairList, offers: offerList } = index
  const terms = offerList.map(({ plan }) => (planList[plan] as MarketIndex['plans'][number]).plan.term)
  const window = parameters.growthWindow
  const ring = dueMonthsOf(market)
  const counts = new Map<Dimension, number>([
    [world, 1],
    [segments, groups.length],
    [startups, companies.length],
    [lags, companies.length * (window + 1)],
    [dues, companies.length * ring],
    [plans, planList.length],
    [pairs, pairList.length],
    [offers, offerList.length],
    [cohorts, terms.reduce((a, b) => a + b, 0)],
    [shocks, (market.shocks ?? []).length],
    [notices, noticeCountOf(market)],
  ])
  const relations = new Map<Relation, readonly number[] | readonly (readonly number[])[]>([
    [pairsOf.relation, groups.map((_, s) => pairList.filter(({ segment }) => segment === s).length)],
    [offersOf.relation, pairList.map(({ offers: list }) => list.length)],
    [cohortsOf.relation, terms],
    [plansOf.relation, companies.map(({ plans: list }) => list.length)],
    [lagsOf.relation, companies.map(() => window + 1)],
    [duesOf.relation, companies.map(() => ring)],
    [startupOf.relation, pairList.map(({ startup }) => startup)],
    [segmentOf.relation, pairList.map(({ segment }) => segment)],
    [planOf.relation, offerList.map(({ plan }) => plan)],
    [pairOf.relation, offerList.map(({ pair }) => pair)],
    [ownerOf.relation, planList.map(({ startup }) => startup)],
    [presenceOf.relation, companies.map((_, f) => positions(pairList, ({ startup }) => startup === f))],
    [
      rivalsOf.relation,
      pairList.map((pair, i) =>
        positions(pairList, (other) => other.segment === pair.segment).filter((other) => other !== i),
      ),
    ],
    [marketOffersOf.relation, planList.map((_, j) => positions(offerList, ({ plan }) => plan === j))],
    [individualSegments.relation, [positions(groups, ({ potential }) => potential < market.individualBelow)]],
    [largeSegments.relation, [positions(groups, ({ potential }) => potential >= market.individualBelow)]],
    [
      startupsById.relation,
      [
        companies
          .map((_, f) => f)
          .sort((a, b) => compareIds(companies[a] as StartupDefinition, companies[b] as StartupDefinition)),
      ],
    ],
    [climateNoticeOf.relation, [0]],
    [roundNoticeOf.relation, companies.map((_, f) => 1 + 2 * f)],
    [exitNoticeOf.relation, companies.map((_, f) => 2 + 2 * f)],
    ...rareRelations(market),
  ])
  for (const name of new Set(companies.map(({ strategy }) => strategy.name))) {
    relations.set(followersOf(name).relation, [
      positions(companies, ({ strategy }) => strategy.name === name),
    ])
  }
  return { counts, relations, values: wordsOf(market, index) }
}

/** What is noted in a month: the climate; rounds and exits of startups; entries of those that may be late; shocks. */
export function noticeCountOf({ startups: companies, shocks: happenings = [] }: MarketDefinition): number {
  return 1 + 2 * companies.length + companies.filter(mayEnterLate).length + happenings.length
}

/** Where entries and shocks are noted, and what each shock is about. */
function rareRelations(
  market: MarketDefinition,
): [Relation, readonly number[] | readonly (readonly number[])[]][] {
  const { startups: companies, segments: groups, shocks: happenings = [] } = market
  const late = positions(companies, mayEnterLate)
  const firstEntry = 1 + 2 * companies.length
  const ofKind = (kind: ShockKind): number[] => positions(happenings, (shock) => shock.kind === kind)
  const about = (kind: ShockKind, field: 'segment' | 'startup', id: string): number[] =>
    positions(happenings, (shock) => shock.kind === kind && (shock[field] ?? id) === id)
  return [
    [
      entryNoticesOf.relation,
      companies.map((_, f) => (late.includes(f) ? [firstEntry + late.indexOf(f)] : [])),
    ],
    [shockNoticeOf.relation, happenings.map((_, k) => firstEntry + late.length + k)],
    [computeShocks.relation, [ofKind('computePrice')]],
    [openShocks.relation, [ofKind('openFrontier')]],
    [fundingShocks.relation, [ofKind('funding')]],
    [winterShocks.relation, [ofKind('winter')]],
    [boomShocks.relation, [ofKind('boom')]],
    [demandShocksOf.relation, groups.map(({ id }) => about('demand', 'segment', id))],
    [regulationShocksOf.relation, groups.map(({ id }) => about('regulation', 'segment', id))],
    [outagesOf.relation, companies.map(({ id }) => about('outage', 'startup', id))],
  ]
}

/** Months in the ring of bills: the longest delay and the month itself. */
function dueMonthsOf({ segments: groups }: MarketDefinition): number {
  return 1 + Math.max(...groups.map(({ paymentDelay }) => paymentDelay))
}

function compareIds(a: StartupDefinition, b: StartupDefinition): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Words that key the random streams, made from stable ids only, and the whole numbers that fix loops. */
function wordsOf(
  market: MarketDefinition,
  { plans: planList, pairs: pairList, offers: offerList }: MarketIndex,
): Map<Column, readonly number[]> {
  const { startups: companies, segments: groups, parameters } = market
  const company = (f: number): string => (companies[f] as StartupDefinition).id
  const group = (s: number): string => (groups[s] as SegmentDefinition).id
  const signed = (words: Uint32Array): number[] => Array.from(words)
  return new Map<Column, readonly number[]>([
    [world.column.dueMonths, [dueMonthsOf(market)]],
    [segments.column.delayMonths, groups.map(({ paymentDelay }) => paymentDelay)],
    [world.column.growthWindowMonths, [parameters.growthWindow]],
    [startups.column.word, signed(entityWords(companies.map(({ id }) => ['startup', id])))],
    [shocks.column.word, signed(entityWords((market.shocks ?? []).map(({ id }) => ['shock', id])))],
    [segments.column.word, signed(entityWords(groups.map(({ id }) => ['segment', id])))],
    [
      plans.column.word,
      signed(entityWords(planList.map(({ startup, plan }) => ['plan', company(startup), plan.id]))),
    ],
    [
      pairs.column.word,
      signed(entityWords(pairList.map(({ startup, segment }) => ['pair', company(startup), group(segment)]))),
    ],
    [pairs.column.offerCount, pairList.map(({ offers: list }) => list.length)],
    [
      offers.column.word,
      signed(
        entityWords(
          offerList.map(({ plan, segment }) => {
            const {
              startup,
              plan: { id },
            } = planList[plan] as MarketIndex['plans'][number]
            return ['offer', company(startup), id, group(segment)]
          }),
        ),
      ),
    ],
    [plans.column.termMonths, planList.map(({ plan }) => plan.term)],
  ])
}

/** The parameters of a design point, in the order of the records. */
export function pointValuesOf(
  market: MarketDefinition,
  index: MarketIndex = indexMarket(market),
  strategies: readonly TracedStrategy[] = [],
): PointValues {
  const { startups: companies, segments: groups } = market
  const values = new Map<Column, number[]>()
  for (const name of parameterNames) values.set(world.column[name], [market.parameters[name]])
  values.set(world.column.nodes, [...market.types.nodes])
  values.set(world.column.weights, [...market.types.weights])
  values.set(world.column.horizon, [market.months])
  for (const name of keysOf(segmentTable))
    values.set(
      segments.column[name],
      groups.map((s) => s[name]),
    )
  values.set(
    segments.column.needs,
    groups.flatMap((s) => [...s.needs]),
  )
  for (const name of keysOf(startupTable)) {
    const column = name === 'cash' ? startups.column.initialCash : startups.column[name]
    values.set(
      column,
      companies.map((f) => f[name]),
    )
  }
  values.set(
    startups.column.initialQuality,
    companies.flatMap((f) => [...f.quality]),
  )
  values.set(
    startups.column.settings,
    companies.flatMap((f) => settingsOf(f, strategies)),
  )
  values.set(
    startups.column.mix,
    companies.flatMap((f) => [...f.rdMix]),
  )
  const planList = index.plans.map(({ plan }) => plan)
  for (const name of keysOf(planTable))
    values.set(
      plans.column[name],
      planList.map((j) => j[name] ?? NO_VALUE[name] ?? 0),
    )
  values.set(
    plans.column.atStart,
    planList.map((j) => (j.recognition === 'start' ? 1 : 0)),
  )
  values.set(
    plans.column.ownPhi,
    planList.map((j) => (j.phi === null ? 0 : 1)),
  )
  values.set(
    plans.column.ownSigma,
    planList.map((j) => (j.sigma === null ? 0 : 1)),
  )
  const happenings = market.shocks ?? []
  for (const name of keysOf(shockTable))
    values.set(
      shocks.column[name],
      happenings.map((shock) => shock[name] ?? NO_SHOCK_VALUE[name] ?? 0),
    )
  values.set(
    shocks.column.isRandom,
    happenings.map(({ chance }) => (chance === null ? 0 : 1)),
  )
  const of = <K extends 'split' | 'fit'>(field: K): number[] =>
    index.pairs.map(({ startup, segment }) => {
      const value =
        (companies[startup] as StartupDefinition)[field][(groups[segment] as SegmentDefinition).id] ?? 0
      assert(Number.isFinite(value), 'a share is a number', { startup, segment, field })
      return value
    })
  values.set(pairs.column.share, of('split'))
  values.set(pairs.column.initialFit, of('fit'))
  return values
}

/** A startup's settings in the order of its strategy's declaration, defaults filled in. */
function settingsOf(
  { strategy: { name, settings } }: StartupDefinition,
  strategies: readonly TracedStrategy[],
): number[] {
  const declared = Object.entries(strategies.find((strategy) => strategy.name === name)?.settings ?? {})
  const length = startups.column.settings.length
  assert(declared.length <= length, 'a strategy has few settings', { name, most: length })
  return Array.from({ length }, (_, i) => {
    const setting = declared[i]
    return setting ? (settings[setting[0]] ?? setting[1].default) : 0
  })
}

/** What null stands for in memory: a cap or closing month that is never reached. */
const NO_VALUE: Readonly<Record<string, number>> = { cap: Infinity, closes: Infinity }

/** A shock for good lasts longer than any run. */
const NO_SHOCK_VALUE: Readonly<Record<string, number>> = { duration: 1e9 }

function keysOf<T extends object>(table: T): (keyof T)[] {
  return Object.keys(table) as (keyof T)[]
}
