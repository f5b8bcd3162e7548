/** What is in force in a scenario, as plain data: mechanisms, equations, and figures beside their defaults. */
import { actedOn, shapeWith } from '../engine/market/actions.ts'
import type { TracedStrategy } from '../engine/market/decisions.ts'
import {
  defaultIndividualBelow,
  defaultNeeds,
  defaultQuality,
  defaultRdMix,
  planTable,
  segmentTable,
  shockKinds,
  shockTable,
  startupTable,
  type MarketDefinition,
  type SegmentKind,
} from '../engine/market/definition.ts'
import { equationsOf, type EquationStep } from '../engine/market/equations.ts'
import { plausibleRange } from '../engine/market/figures.ts'
import { mechanismNames, mechanisms } from '../engine/market/mechanisms.ts'
import { parameterTable, type Declaration, type Range } from '../engine/market/parameters.ts'
import { shapeOf } from '../engine/market/shape.ts'

/** A figure in force. */
export interface ExplainedFigure {
  readonly name: string
  /** Its letter in the equations, where it has one. */
  readonly symbol?: string
  readonly value: number | null
  readonly default: number | null
  readonly unit: string
  readonly meaning: string
  readonly plausible?: Range
  /** The same as multiples of the default, where it was declared so. */
  readonly plausibleTimes?: Range
  /** Where the default comes from. */
  readonly source: string
  /** Whether the value is not the default. */
  readonly changed: boolean
  /** Whether the value lies outside the plausible range. */
  readonly implausible: boolean
}

/** A mechanism and what brings it into a market. */
export interface ExplainedMechanism {
  readonly name: string
  readonly title: string
  readonly cause: string
}

/** An equation in force. */
export interface ExplainedEquation {
  readonly name: string
  readonly step: EquationStep
  readonly title: string
  readonly lines: readonly string[]
}

/** Three shares or qualities, and whether they are not the default. */
export interface ExplainedTriple {
  readonly value: readonly number[]
  readonly changed: boolean
}

/** A segment, startup or plan. */
export interface ExplainedEntity {
  readonly id: string
  readonly name: string
  /** What the scenario says of its figures. */
  readonly source?: string
  readonly figures: readonly ExplainedFigure[]
}

/** A segment. */
export interface ExplainedSegment extends ExplainedEntity {
  readonly kind: SegmentKind
  readonly needs: ExplainedTriple
}

/** A startup. */
export interface ExplainedStartup extends ExplainedEntity {
  readonly businessModel: string
  readonly strategy: MarketDefinition['startups'][number]['strategy']
  readonly quality: ExplainedTriple
  readonly rdMix: ExplainedTriple
  readonly split: Readonly<Record<string, number>>
  readonly fit: Readonly<Record<string, number>>
  readonly plans: readonly ExplainedPlan[]
}

/** A plan. */
export interface ExplainedPlan extends ExplainedEntity {
  readonly recognition: string
  readonly offeredTo: readonly string[]
}

/** Something that happens to the market from outside. */
export interface ExplainedShock extends ExplainedEntity {
  readonly kind: string
  /** What its size is. */
  readonly meaning: string
  /** The segment or startup that it is about; absent for all. */
  readonly about?: string
}

/** A decision rule that some startup follows. */
export interface ExplainedStrategy {
  readonly name: string
  readonly meaning: string
  readonly acts: readonly string[]
}

/** All that `rivalry explain` says. */
export interface Explanation {
  readonly scenario: string
  readonly title: string
  readonly description?: string
  readonly source?: string
  readonly months: number
  readonly currency: string
  readonly demography: string
  readonly books: string
  readonly individualBelow: { readonly value: number; readonly changed: boolean }
  readonly types: MarketDefinition['types']
  readonly mechanisms: {
    readonly inForce: readonly ExplainedMechanism[]
    readonly leftOut: readonly ExplainedMechanism[]
  }
  readonly strategies: readonly ExplainedStrategy[]
  readonly equations: readonly ExplainedEquation[]
  readonly parameters: readonly ExplainedFigure[]
  readonly segments: readonly ExplainedSegment[]
  readonly startups: readonly ExplainedStartup[]
  readonly shocks: readonly ExplainedShock[]
}

/** Explains a market whose startups follow some of `known`, or the default. */
export function explanationOf(market: MarketDefinition, known: readonly TracedStrategy[]): Explanation {
  const names = new Set(market.startups.map(({ strategy }) => strategy.name))
  const used = known.filter(({ name }) => names.has(name))
  const acted = actedOn(used)
  const inForce = { shape: shapeWith(shapeOf(market), acted), acted }
  const mechanismsThat = (isOn: boolean): ExplainedMechanism[] =>
    mechanismNames
      .filter((name) => mechanisms[name].isOn(inForce) === isOn)
      .map((name) => ({ name, title: mechanisms[name].title, cause: mechanisms[name].cause }))
  const { name, title, description, source, months, currency, demography, books, types } = market
  return {
    scenario: name,
    title,
    ...(description === undefined ? {} : { description }),
    ...(source === undefined ? {} : { source }),
    months,
    currency,
    demography,
    books,
    individualBelow: {
      value: market.individualBelow,
      changed: market.individualBelow !== defaultIndividualBelow,
    },
    types,
    mechanisms: { inForce: mechanismsThat(true), leftOut: mechanismsThat(false) },
    strategies: used.map(({ name, meaning, acts }) => ({ name, meaning, acts })),
    equations: equationsOf(inForce).map(({ name, step, title, lines }) => ({ name, step, title, lines })),
    parameters: figuresOf(parameterTable, market.parameters),
    segments: market.segments.map((s) => ({
      ...named(s),
      kind: s.kind,
      needs: triple(s.needs, defaultNeeds[s.kind]),
      figures: figuresOf(segmentTable, s, s.kind),
    })),
    startups: market.startups.map((f) => ({
      ...named(f),
      businessModel: f.businessModel,
      strategy: f.strategy,
      quality: triple(f.quality, defaultQuality),
      rdMix: triple(f.rdMix, defaultRdMix),
      split: f.split,
      fit: f.fit,
      figures: figuresOf(startupTable, f),
      plans: f.plans.map((j) => ({
        ...named(j),
        recognition: j.recognition,
        offeredTo: j.offeredTo,
        figures: figuresOf(planTable, j),
      })),
    })),
    shocks: (market.shocks ?? []).map((k) => {
      const about = k.segment ?? k.startup
      return {
        ...named({ ...k, name: k.id }),
        kind: k.kind,
        meaning: shockKinds[k.kind].meaning,
        ...(about === null ? {} : { about }),
        figures: figuresOf(shockTable, k),
      }
    }),
  }
}

function named(entity: { readonly id: string; readonly name: string; readonly source?: string }) {
  const { id, name, source } = entity
  return { id, name, ...(source === undefined ? {} : { source }) }
}

function triple(value: readonly number[], usual: readonly number[]): ExplainedTriple {
  return { value, changed: value.some((one, i) => one !== usual[i]) }
}

type AnyDeclaration = Declaration<number | null | Readonly<Record<SegmentKind, number>>>

/** The figures of a table with the values of one record. */
function figuresOf<Name extends string>(
  table: { readonly [name in Name]: AnyDeclaration },
  values: { readonly [name in NoInfer<Name>]: number | null },
  kind: SegmentKind = 'consumer',
): ExplainedFigure[] {
  return (Object.keys(table) as Name[]).map((name) => {
    const declaration: AnyDeclaration = table[name]
    const { symbol, unit, meaning, source, plausibleTimes } = declaration
    const stated = declaration.default
    const usual = typeof stated === 'object' && stated !== null ? stated[kind] : stated
    const value = values[name]
    const plausible = plausibleRange(declaration, usual)
    return {
      name,
      ...(symbol === undefined ? {} : { symbol }),
      value,
      default: usual,
      unit,
      meaning,
      ...(plausible === undefined ? {} : { plausible }),
      ...(plausibleTimes === undefined ? {} : { plausibleTimes }),
      source,
      changed: value !== usual,
      implausible:
        value !== null && plausible !== undefined && (value < plausible[0] || value > plausible[1]),
    }
  })
}
