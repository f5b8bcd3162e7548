/**
 * Computes units: every variant at every point of a unit, for its replications, and what a study keeps of them. One for
 * each thread; kernels are compiled once and kept, and a point only changes the figures in their memory.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { RivalryError, RivalryErrors, assert } from '../../errors.ts'
import type { Backend } from '../../backends/kernel.ts'
import type { MarketDefinition } from '../../market/definition.ts'
import { compileMarket } from '../../market/market.ts'
import { shapeOf, type Shape } from '../../market/shape.ts'
import { seedKeyOf } from '../../numerics/seed.ts'
import { BatchRunner, replicationBytes, type BatchTable } from '../../simulation/batch.ts'
import { runnableMarket, type RunnableMarket } from '../../simulation/runnable.ts'
import type { TableDeclaration } from '../../tables/declaration.ts'
import { viewBatch } from '../../tables/view.ts'
import { LANES } from '../../trace/layout.ts'
import { pathsOf, type StudyDefinition } from '../definition.ts'
import type { Agents } from '../../run/executor.ts'
import { fittingReplications } from '../../run/options.ts'
import { PointMarkets, type Settings } from '../point-markets.ts'
import {
  RowConformer,
  keptTables,
  kernelRecording,
  livesTable,
  neededShape,
  outcomesTable,
} from '../study-tables.ts'
import { OutcomeRows } from './outcome-rows.ts'
import { LifeCounts } from './life-counts.ts'
import { fromPrepared, structureText, type PreparedMarket } from './prepared-markets.ts'
import { UnitWriter } from './unit-file.ts'
import type { UnitFailure } from './unit-store.ts'
import { luckOffset, type Unit } from './units.ts'

/** What a unit's failure says, but for the unit. */
export class UnitError extends Error {
  readonly failure: Omit<UnitFailure, 'unit'>

  constructor(failure: Omit<UnitFailure, 'unit'>, cause: unknown) {
    super(failure.message, { cause })
    this.failure = failure
  }
}

/** How a runner computes: what changes no byte of its results. */
export interface UnitRunnerOptions extends Agents {
  readonly backend: Backend
  /** Whether to let the thread do what else waits, every few milliseconds. */
  readonly isPatient: boolean
  /** Markets that need not be compiled. */
  readonly prepared?: readonly PreparedMarket[] | undefined
}

/** Memory of the kernels that are kept: enough for those of some large markets, or of very many small units. */
const KERNEL_BYTES = 128 * 2 ** 20
/** How long a patient runner computes at a time. */
const TURN_MS = 50

/** Computes units of one study. */
export class UnitRunner {
  readonly #definition: StudyDefinition
  readonly #options: UnitRunnerOptions
  readonly #markets: PointMarkets
  readonly #key: readonly number[]
  readonly #kept: readonly TableDeclaration[]
  readonly #luckOffset: number
  readonly #needed: Partial<Shape>
  /** Most recently used last. */
  #kernels: Kernel[] = []
  /** Of all units, one after the other: what is made for each would be garbage that piles up. */
  readonly #results: Results
  #turnMs = 0
  #isClosed = false

  constructor(definition: StudyDefinition, options: UnitRunnerOptions) {
    this.#definition = definition
    this.#options = options
    this.#markets = new PointMarkets(definition)
    this.#key = seedKeyOf(definition.seed)
    this.#results = resultsOf(definition)
    this.#kept = keptTables(definition)
    this.#luckOffset = luckOffset(definition)
    this.#needed = neededShape(pathsOf(definition.design))
  }

  /** Ends a unit that is being computed at its next turn. */
  close(): void {
    this.#isClosed = true
  }

  /**
   * Computes a unit and gives the bytes of its file, in pieces that are valid until the next one is computed.
   *
   * @param values those of the unit's points, in their order
   * @throws UnitError that says where it failed
   */
  async run(unit: Unit, values: readonly Settings[]): Promise<Uint8Array[]> {
    const { outcomes, lives, writer } = this.#results
    writer.begin(unit.id)
    this.#turnMs = performance.now()
    for (const variant of this.#definition.variants.keys()) {
      outcomes.begin({ variant, rows: unit.points.length * unit.count })
      lives.begin({ variant })
      for (const [index, point] of unit.points.entries()) {
        const first = unit.first + point * this.#luckOffset
        const place = { variant, point, values: values[index]!, first, count: unit.count }
        await this.#within(place, () => this.#cell(place, this.#results))
      }
      writer.append(variant, outcomes.declaration, outcomes.rows())
      writer.append(variant, lives.declaration, lives.rows())
    }
    return writer.finish()
  }

  /** One variant at one point. */
  async #cell(place: Place, { outcomes, lives, writer }: Results): Promise<void> {
    const market = this.#markets.market(this.#definition.variants[place.variant]!, place.values)
    const { runner, rows, declared, conformers } = this.#kernel(market, place)
    for (let done = 0; done < place.count; done += rows) {
      const count = Math.min(rows, place.count - done)
      const tables = await this.#batch(runner, { first: place.first + done, count })
      const batches = new Map(
        tables.map((table, i) => [table.name, viewBatch(runner.memory, table, declared[i]!)]),
      )
      lives.add(batches.get('startups')!, market)
      await outcomes.add(batches, { market, point: place.point })
      for (const [name, conformer] of conformers)
        writer.append(
          place.variant,
          conformer.declaration,
          conformer.conform(batches.get(name)!, place.point),
        )
    }
  }

  async #batch(runner: BatchRunner, task: { first: number; count: number }): Promise<BatchTable[]> {
    const steps = runner.steps({ ...task, set: 0 })
    for (;;) {
      const { done, value } = steps.next()
      if (done === true) return value
      if (!this.#options.isPatient || performance.now() - this.#turnMs < TURN_MS) continue
      await nextTurn()
      if (this.#isClosed) throw new Error('the unit was ended in its middle')
      this.#turnMs = performance.now()
    }
  }

  /** A kernel with the figures of a market. */
  #kernel(market: MarketDefinition, { variant, count }: Place): Kernel {
    const { backend, strategies = [], plainStrategies = [] } = this.#options
    const recording = kernelRecording(this.#definition)
    const followed = new Set(market.startups.map(({ strategy }) => strategy.name))
    const outside = plainStrategies.map(({ name }) => name).filter((name) => followed.has(name))
    const shape = { ...shapeOf(market), ...this.#needed }
    const runnable =
      fromPrepared(this.#options.prepared ?? [], market, shape) ??
      runnableMarket(compileMarket(market, { recording, shape, strategies, outside }), { backend, outside })
    const fitting = fittingReplications(replicationBytes(market, recording))
    const rows = Math.min(fitting, Math.ceil(count / LANES) * LANES)
    const structure = structureText(market, runnable.structure)
    const known = this.#kernels.find(
      (kernel) =>
        kernel.variant === variant &&
        kernel.program === runnable.program &&
        kernel.structure === structure &&
        kernel.rows >= rows,
    )
    if (known !== undefined) {
      known.runner.moveTo(runnable)
      this.#kernels = [...this.#kernels.filter((other) => other !== known), known]
      return known
    }
    const hasEvents = this.#kept.some(({ name }) => name === 'events')
    const runner = new BatchRunner(runnable, { key: this.#key, rows, plainStrategies, hasEvents })
    const declared = [...runnable.tables.map(({ declaration }) => declaration), runnable.events]
    const conformers = this.#kept.map((to): [string, RowConformer] => {
      const { name } = to
      const from = declared.find((declaration) => declaration.name === name)
      assert(from !== undefined, 'a market has the tables that a study keeps', { name })
      return [name, new RowConformer({ from, to, variant })]
    })
    const made: Kernel = {
      variant,
      program: runnable.program,
      structure,
      rows,
      runner,
      declared,
      conformers: new Map(conformers),
    }
    this.#kernels.push(made)
    this.#forget()
    return made
  }

  /** Lets go of the kernels that were not used for longest, as far as all together take too much memory. */
  #forget(): void {
    let bytes = this.#kernels.reduce((sum, { runner }) => sum + runner.memory.buffer.byteLength, 0)
    while (bytes > KERNEL_BYTES && this.#kernels.length > 1)
      bytes -= this.#kernels.shift()!.runner.memory.buffer.byteLength
  }

  /** Does some work, and says of a failure where it was. */
  async #within(place: Place, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (this.#isClosed) throw error
      throw new UnitError(await this.#failure(place, error), error)
    }
  }

  /** Looks for the first replication that fails: those of a batch are computed together. */
  async #failure(place: Place, error: unknown): Promise<Omit<UnitFailure, 'unit'>> {
    const { variant, point, values } = place
    let { first, count } = place
    let found = error
    while (count > 1) {
      const half = Math.ceil(count / 2)
      const earlier = await this.#attempt({ ...place, first, count: half })
      const later = earlier ?? (await this.#attempt({ ...place, first: first + half, count: count - half }))
      // It does not fail again, or only together.
      if (later === undefined) break
      found = later
      if (earlier === undefined) first += half
      count = earlier === undefined ? count - half : half
    }
    const of = found instanceof RivalryErrors ? found.errors[0] : found
    const { message } = of instanceof Error ? of : new Error(String(of))
    return {
      message,
      ...(of instanceof RivalryError ? { code: of.code, hint: of.hint } : {}),
      variant: this.#definition.variants[variant]!.name,
      point,
      values,
      first,
      count,
      seed: this.#definition.seed,
    }
  }

  async #attempt(place: Place): Promise<unknown> {
    const results = resultsOf(this.#definition)
    results.outcomes.begin({ variant: place.variant, rows: place.count })
    try {
      await this.#cell(place, results)
      return undefined
    } catch (error) {
      return error
    }
  }
}

/** Some replications of a variant at a point. */
interface Place {
  readonly variant: number
  readonly point: number
  readonly values: Settings
  readonly first: number
  readonly count: number
}

/** Where the rows of a cell go. */
interface Results {
  readonly outcomes: OutcomeRows
  readonly lives: LifeCounts
  readonly writer: UnitWriter
}

function resultsOf(definition: StudyDefinition): Results {
  return {
    outcomes: new OutcomeRows(definition, outcomesTable(definition)),
    lives: new LifeCounts(livesTable(definition)),
    writer: new UnitWriter(),
  }
}

/** Compiled code bound to a memory, for markets of one structure. */
interface Kernel {
  readonly variant: number
  readonly program: RunnableMarket['program']
  readonly structure: string
  /** Most replications of a batch. */
  readonly rows: number
  readonly runner: BatchRunner
  /** Of the tables of a batch, in their order. */
  readonly declared: readonly TableDeclaration[]
  /** By table, for those that the study keeps. */
  readonly conformers: ReadonlyMap<string, RowConformer>
}
