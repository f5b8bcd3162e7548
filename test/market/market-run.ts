/**
 * Owns a market in memory that tests run month by month or step by step, reading and writing any column. Tracing is
 * kept by shape, since markets of one shape share one program: that is what makes properties over many markets fast.
 */
import type { Backend } from '../../engine/backends/kernel.ts'
import { assert } from '../../engine/errors.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { compileMarket, type CompiledMarket } from '../../engine/market/market.ts'
import {
  cohorts,
  dimensions,
  offers,
  pairs,
  plans,
  segments,
  shocks,
  startups,
  world,
} from '../../engine/market/model.ts'
import { type MarketIndex, indexMarket, pointValuesOf, structureOf } from '../../engine/market/populate.ts'
import { type Shape, everyMechanism, shapeOf } from '../../engine/market/shape.ts'
import type { Recording } from '../../engine/market/tables.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { Instance, type Structure } from '../../engine/simulation/instance.ts'
import type { Column, Dimension, Program } from '../../engine/trace/index.ts'
import { LANES } from '../../engine/trace/layout.ts'

/** Every state and flow of the market, to be kept in memory whether or not a recorded column needs it. */
export const everyColumn: readonly Column[] = dimensions.flatMap(({ columns }) =>
  columns.filter(({ role }) => role === 'state' || role === 'flow'),
)

/** How a market is compiled and bound to memory; everything has a default that suits step-by-step tests. */
export interface MarketRunOptions {
  readonly backend?: Backend
  /** The default compiles every mechanism in, so that all markets of one demography and books share a program. */
  readonly shape?: Shape
  readonly recording?: Recording
  readonly keep?: readonly Column[]
  /** Seed of the study. */
  readonly seed?: string
  readonly blocks?: number
  /** Replications whose recorded rows fit. */
  readonly rows?: number
}

/** The shape with everything compiled in that a market of this demography and books may use. */
export function widestShape(market: MarketDefinition): Shape {
  const integer = market.demography === 'integer'
  return { ...everyMechanism(shapeOf(market)), individual: integer, rounded: integer }
}

const programs = new Map<string, Program>()

/** The program of a shape, traced once. */
export function programOf(
  market: MarketDefinition,
  shape: Shape,
  recording: Recording = 'summary',
  keep: readonly Column[] = everyColumn,
): Program {
  const key = JSON.stringify([
    shape,
    recording,
    keep.map(({ dimension, name }) => `${dimension.name}.${name}`),
  ])
  const known = programs.get(key)
  if (known) return known
  const { program }: CompiledMarket = compileMarket(market, { recording, shape, keep })
  programs.set(key, program)
  return program
}

/** Where to read: the lane, and the component of a column with several. */
export interface Place {
  readonly lane?: number
  readonly component?: number
  readonly block?: number
}

/** A market that stands before a month, or between two steps of one. */
export class MarketRun {
  readonly market: MarketDefinition
  readonly index: MarketIndex
  readonly instance: Instance
  readonly program: Program
  private readonly structure: Structure
  /** The month that columns which are the same in every replication are read of. */
  month = 0

  constructor(market: MarketDefinition, options: MarketRunOptions = {}) {
    const {
      backend = 'wasm',
      shape = widestShape(market),
      recording = 'summary',
      keep,
      seed = '1',
      blocks = 1,
      rows = LANES,
    } = options
    this.market = market
    this.index = indexMarket(market)
    this.program = programOf(market, shape, recording, keep)
    this.structure = structureOf(market, this.index)
    this.instance = new Instance(this.program, this.structure, {
      backend,
      months: market.months,
      key: seedKeyOf(seed),
      blocks,
      rows,
    })
    this.instance.setPoint(pointValuesOf(market, this.index))
  }

  /** The state before month 0 of four replications. */
  start(replications: readonly number[] = [0, 1, 2, 3], block = 0): void {
    this.month = 0
    this.instance.assignBlock(block, { replications, row: block * LANES })
    this.instance.kernel.start(this.instance.blockAddress(block))
  }

  /** Runs one step of a month by its name, if the program has it: steps that are the same for all replications are not. */
  step(name: string, block = 0): void {
    const at = this.program.month.findIndex((step) => step.name === name)
    if (at >= 0) this.instance.kernel.steps(this.instance.blockAddress(block), this.month, at, at + 1)
  }

  /** Runs the steps of a month from the one after `after` (or the first) to `to` (or the last). */
  steps({ after, to, block = 0 }: { after?: string; to?: string; block?: number } = {}): void {
    const position = (name: string): number => {
      const at = this.program.month.findIndex((step) => step.name === name)
      assert(at >= 0, 'the program has the step', name)
      return at + 1
    }
    const from = after === undefined ? 0 : position(after)
    this.instance.kernel.steps(
      this.instance.blockAddress(block),
      this.month,
      from,
      to === undefined ? this.program.month.length : position(to),
    )
  }

  /** Runs whole months, from `from` to the one before `to`. */
  months(from: number, to: number, block = 0): void {
    this.instance.kernel.run(this.instance.blockAddress(block), from, to)
    this.month = to - 1
  }

  /** The value of a column of a record: of this month, if it is the same in every replication. */
  read(column: Column, record: number, { lane = 0, component = 0, block = 0 }: Place = {}): number {
    return this.instance.read(column, { record, component, lane, block, month: this.month })
  }

  /** How many records a dimension has. */
  count(dimension: Dimension): number {
    return this.structure.counts.get(dimension) ?? 0
  }

  /** Every component of a vector column. */
  readAll(column: Column, record: number, lane = 0): number[] {
    return Array.from({ length: column.length }, (_, component) =>
      this.read(column, record, { lane, component }),
    )
  }

  /** A column of every startup. */
  perStartup(name: keyof typeof startups.column, lane = 0): number[] {
    return this.market.startups.map((_, f) => this.read(startups.column[name], f, { lane }))
  }

  /** Overwrites a state, or a flow between two steps. */
  write(column: Column, record: number, value: number, lane: number): void {
    this.instance.write(column, value, { record, lane })
  }

  /** The pair of startup f and segment s, -1 where the startup neither sells nor advertises there. */
  pairOf(f: number, s: number): number {
    return this.index.pairs.findIndex(({ startup, segment }) => startup === f && segment === s)
  }

  /** First cohort of an offer. */
  firstCohort(offer: number): number {
    const terms = this.index.offers.slice(0, offer).map(({ plan }) => this.termOf(plan))
    return terms.reduce((total, term) => total + term, 0)
  }

  /** Months prepaid in plan j. */
  termOf(plan: number): number {
    return this.index.plans[plan]!.plan.term
  }

  /** The startup that makes an offer. */
  ownerOf(offer: number): number {
    return this.index.pairs[this.index.offers[offer]!.pair]!.startup
  }
}

/** Columns by dimension, for reading. */
export const column = {
  world: world.column,
  segments: segments.column,
  startups: startups.column,
  plans: plans.column,
  pairs: pairs.column,
  offers: offers.column,
  cohorts: cohorts.column,
  shocks: shocks.column,
}
