/**
 * Owns reading the vectors of the market month: `month-vectors.json` and the market they belong to. For any
 * implementation of the month; axes and meaning stand in README.md beside it.
 */
import { readFileSync } from 'node:fs'
import { type MarketDefinition, defaultSegment, defaultStartup } from '../../engine/market/definition.ts'
import { defaultParameters } from '../../engine/market/parameters.ts'

/** Numbers nested by axis, the outermost axis first. */
export type Nested = number | readonly Nested[]

/** Named groups of numbers; a group may hold groups, as the costs do. */
export interface Named {
  readonly [name: string]: Nested | Named
}

/** The steps whose state and flows the vectors hold, in order. */
export type VectorStep = 'events' | 'decisions' | 'choice' | 'service' | 'books' | 'capital' | 'learning'

/** The vectors; the last axis of every array of numbers is the replication, of length 1 where all have the same. */
export interface MonthVectors {
  readonly axes: {
    readonly startups: readonly string[]
    readonly segments: readonly string[]
    readonly plans: readonly string[]
    readonly offers: readonly (readonly [plan: string, segment: string])[]
    readonly offerTerm: readonly number[]
  }
  readonly draws: {
    readonly ability: readonly number[][]
    readonly cash: readonly number[][]
    readonly readiness: readonly number[]
    readonly taste: readonly number[][][][]
    readonly climate: readonly number[][]
    readonly funding: readonly number[][][]
  }
  /** By month 0, 1, 2, 11, 12: the state before it, what each step changed, and what each step computed. */
  readonly months: Readonly<
    Record<
      string,
      {
        readonly before: Named
        readonly after: Readonly<Record<VectorStep, Named>>
        readonly flows: Readonly<Record<VectorStep, Named>>
      }
    >
  >
  /** By month 11 and 35: the state after it, and its books. */
  readonly ends: Readonly<Record<string, { readonly state: Named; readonly books: Named }>>
  /** [month][startup][replication] for 36 months: revenue, profit, cash, alive, freeUsers, paidUsers. */
  readonly series: Readonly<Record<string, readonly number[][][]>>
}

/** How many replications the vectors hold. */
export const vectorReplications = [0, 1] as const

/** Reads the vectors of the month. */
export function readMonthVectors(): MonthVectors {
  return readJson('month-vectors.json') as MonthVectors
}

/** Reads the market that the vectors were made with; figures that came later are at their defaults. */
export function readFlagship(): MarketDefinition {
  const market = readJson('flagship.json') as MarketDefinition
  return {
    ...market,
    parameters: { ...defaultParameters, ...market.parameters },
    segments: market.segments.map((segment) => ({ ...defaultSegment(segment.kind), ...segment })),
    startups: market.startups.map((startup) => ({ ...defaultStartup, ...startup })),
  }
}

/** The values of one replication: strips the last axis. */
export function atReplication(values: Nested, replication: number): Nested {
  if (typeof values === 'number') return values
  const last = values.every((value) => typeof value === 'number')
  if (!last) return values.map((value) => atReplication(value, replication))
  return values[values.length === 1 ? 0 : replication]!
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
}
