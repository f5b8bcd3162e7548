/**
 * Batches of replications: one kernel with two sets of output buffers, whose results are described by the Arrow C
 * Data Interface where they lie, so that one set can be read while the other is written.
 */
import { RivalryError, assert } from '../errors.ts'
import { checkActions, faultsRecord } from '../market/decisions.ts'
import type { MarketDefinition } from '../market/definition.ts'
import { noticeCountOf } from '../market/populate.ts'
import { shapeOf } from '../market/shape.ts'
import { eventsDeclaration, marketTables, noticesRecord, type Recording } from '../market/tables.ts'
import { TableExport, tableExportBytes, type BatchPointers, type ColumnLocation } from '../tables/c-data.ts'
import type { TableDeclaration } from '../tables/declaration.ts'
import { valueBytes } from '../tables/declaration.ts'
import { LANES } from '../trace/layout.ts'
import { EventRows, eventColumnsBytes } from './events.ts'
import { Instance } from './instance.ts'
import { PlainRunner, type PlainStrategy } from './plain-strategies.ts'
import type { RunnableMarket, RunnableTable } from './runnable.ts'

/** Output sets of a kernel: one is written while the other is read. */
export const OUTPUT_SETS = 2

/** The tables that a run leaves, in the order in which every batch has them: what the kernel records, then events. */
export function resultTables(market: MarketDefinition, recording: Recording): TableDeclaration[] {
  const recorded = marketTables(market, shapeOf(market), recording).map(({ declaration }) => declaration)
  return [...recorded, eventsDeclaration(market)]
}

/**
 * Bytes that the results of one replication take in a kernel's memory, validity marks included. Events are counted with
 * what a notice of the kernel takes for each that may be: most are not, and pages that are never written take no memory.
 */
export function replicationBytes(market: MarketDefinition, recording: Recording): number {
  const recordsOf: Readonly<Record<string, number>> = {
    startups: market.startups.length,
    plans: market.startups.reduce((sum, { plans }) => sum + plans.length, 0),
    segments: market.segments.length,
    notices: noticeCountOf(market),
  }
  const records = [
    ...marketTables(market, shapeOf(market), recording).map(({ record }) => record),
    noticesRecord,
  ]
  return records.reduce((sum, { dimension, everyMonth, columns }) => {
    const count = recordsOf[dimension.name]
    assert(count !== undefined, 'the records of a recorded table are counted', dimension.name)
    const rowBytes = columns.reduce((bytes, { type }) => bytes + valueBytes[type], 0)
    return sum + count * (everyMonth ? market.months : 1) * rowBytes
  }, 0)
}

/** A table's rows of one batch, described in the kernel's memory. */
export interface BatchTable extends BatchPointers {
  readonly name: string
  readonly rowCount: number
}

/** How a market's batches are run. */
export interface BatchRunnerOptions {
  /** The generator's key: four words. */
  readonly key: readonly number[]
  /** Most replications of a batch; rounded up to whole blocks of four. */
  readonly rows: number
  /** Decision rules outside the kernel; those that the market was compiled for, and perhaps others. */
  readonly plainStrategies?: readonly PlainStrategy[]
  /** Whether the table of events is made, which takes a look at every month; it is unless stated. */
  readonly hasEvents?: boolean
}

/**
 * Runs batches of one market's replications in a shared memory of its own. What `run` describes stays valid until
 * the same output set is run again.
 *
 * @throws RivalryError `memory` when a batch of that size needs more memory than there is.
 */
export class BatchRunner {
  readonly memory: WebAssembly.Memory
  /** Byte offset of one 32-bit word for each output set, for whoever hands sets to a reader; 0 at first. */
  readonly flagsOffset: number
  readonly #instance: Instance
  #compiled: RunnableMarket
  readonly #sets: readonly OutputSet[]
  #plain: PlainRunner | undefined
  readonly #plainStrategies: readonly PlainStrategy[]
  readonly #hasEvents: boolean
  /** Whether the kernel marks actions that are not finite numbers. */
  readonly #hasFaults: boolean

  constructor(
    compiled: RunnableMarket,
    { key, rows, plainStrategies = [], hasEvents = true }: BatchRunnerOptions,
  ) {
    this.#hasEvents = hasEvents
    const maxReplications = Math.ceil(rows / LANES) * LANES
    const usesPlain = compiled.outside.length > 0
    checkKnown(compiled.outside, plainStrategies)
    this.#compiled = compiled
    this.#hasFaults = compiled.program.tables.some(({ name }) => name === faultsRecord.name)
    const plan = new ExtraMemory(compiled, maxReplications)
    this.#instance = withMemoryError(
      rows,
      () =>
        new Instance(compiled.program, compiled.structure, {
          backend: compiled.program.code.backend,
          months: compiled.market.months,
          key,
          rows: maxReplications,
          blocks: usesPlain ? maxReplications / LANES : 1,
          outputSets: OUTPUT_SETS,
          extraBytes: plan.bytes,
          shared: true,
        }),
    )
    this.memory = this.#instance.memory
    this.flagsOffset = align(this.#instance.extraAddress)
    this.#sets = Array.from({ length: OUTPUT_SETS }, (_, set) =>
      plan.place(this.#instance, { set, start: this.flagsOffset + align(4 * OUTPUT_SETS) }),
    )
    this.#instance.setPoint(compiled.values)
    this.#plainStrategies = plainStrategies
    this.#plain = usesPlain ? new PlainRunner(this.#instance, compiled, plainStrategies) : undefined
  }

  /**
   * Takes other figures of the same market: those of another point of a study. Program and structure must be those that
   * the runner was made with.
   */
  moveTo(compiled: RunnableMarket): void {
    this.#compiled = compiled
    this.#instance.setPoint(compiled.values)
    // They know the figures of the market that they were made for.
    if (this.#plain !== undefined)
      this.#plain = new PlainRunner(this.#instance, compiled, this.#plainStrategies)
  }

  /**
   * Simulates the replications [first, first + count) into an output set and describes their rows.
   *
   * @throws RivalryError when a strategy decides something that is not a finite number.
   */
  run(task: { first: number; count: number; set: number }): BatchTable[] {
    const steps = this.steps(task)
    for (;;) {
      const { done, value } = steps.next()
      if (done === true) return value
    }
  }

  /** As `run`, stopping every few replications so that the caller can look up, or run no further. */
  *steps({
    first,
    count,
    set,
  }: {
    first: number
    count: number
    set: number
  }): Generator<undefined, BatchTable[]> {
    const output = this.#sets[set]
    assert(output !== undefined, 'there is such an output set', { set })
    const { tables } = this.#compiled
    this.#instance.useOutputSet(set)
    output.events.clear()
    if (this.#plain !== undefined) {
      yield* this.#plain.steps({ first, count })
      if (this.#hasEvents) output.events.collect(output.notices, { first, count })
    } else {
      for (let row = 0; row < count; row += LANES) {
        this.#instance.runBlock({ first, row })
        // At once, while the notices are in the processor's cache.
        if (this.#hasEvents)
          output.events.collect(output.notices, { first: first + row, count: Math.min(LANES, count - row) })
        yield
      }
    }
    if (this.#hasFaults) {
      const marks = this.#instance.output(faultsRecord.name, 'fault', { set, replications: count })
      checkActions(this.#compiled.market, marks, first)
    }
    const recorded = tables.map(({ declaration: { name } }, index): BatchTable => {
      const rowCount = this.#instance.rowsOf(name) * count
      return {
        name,
        rowCount,
        ...output.tables[index]!.export.write(rowCount, output.tables[index]!.columns),
      }
    })
    if (!this.#hasEvents) return recorded
    const { rowCount, columns } = output.events
    const events = output.eventsExport.write(rowCount, columns)
    return [...recorded, { name: this.#compiled.events.name, rowCount, ...events }]
  }
}

/** @throws RivalryError `unknown-strategy` when a rule outside the kernel is not among those given here. */
function checkKnown(outside: readonly string[], given: readonly PlainStrategy[]): void {
  const missing = outside.find((name) => !given.some((strategy) => strategy.name === name))
  if (missing === undefined) return
  throw new RivalryError(`the module of the worker threads has no strategy called ${missing}`, {
    code: 'unknown-strategy',
    hint: 'give the same plainStrategies to batchWorker in that module as to simulate',
  })
}

/** What describes the results of one set of output buffers. */
interface OutputSet {
  readonly tables: readonly { readonly export: TableExport; readonly columns: readonly ColumnLocation[] }[]
  /** Of the blocks that are held: one, or all of a batch. */
  readonly notices: { readonly amounts: Float64Array; readonly causes: Uint8Array }
  readonly events: EventRows
  readonly eventsExport: TableExport
}

/** Where everything that is not the kernel's lies in its memory. */
class ExtraMemory {
  /** Bytes needed after the kernel's own memory. */
  readonly bytes: number
  readonly #compiled: RunnableMarket
  readonly #maxRows: readonly number[]
  /**
   * As many events as there are notices: a startup could raise capital every month. Pages that are never written
   * take no memory.
   */
  readonly #maxEvents: number
  readonly #setBytes: number

  constructor(compiled: RunnableMarket, maxReplications: number) {
    const { structure, tables, events, market, notices } = compiled
    const rowsOf = ({ dimension, everyMonth }: RunnableTable['record']): number =>
      (structure.counts.get(dimension) ?? 0) * (everyMonth ? market.months : 1) * maxReplications
    this.#compiled = compiled
    this.#maxRows = tables.map(({ record }) => rowsOf(record))
    this.#maxEvents = rowsOf(notices.record)
    this.#setBytes =
      tables.reduce(
        (sum, { declaration }, index) => sum + tableExportBytes(declaration, this.#maxRows[index]!),
        0,
      ) +
      tableExportBytes(events, this.#maxEvents) +
      eventColumnsBytes(this.#maxEvents)
    this.bytes = 8 + align(4 * OUTPUT_SETS) + OUTPUT_SETS * this.#setBytes
  }

  /** Writes the fixed descriptions of an output set behind byte `start`, where those of set 0 begin. */
  place(instance: Instance, { set, start }: { set: number; start: number }): OutputSet {
    const { tables, events } = this.#compiled
    let next = start + set * this.#setBytes
    const exported = (declaration: TableDeclaration, maxRows: number): TableExport => {
      const made = new TableExport(instance.memory, next, declaration, maxRows)
      next += tableExportBytes(declaration, maxRows)
      return made
    }
    return {
      tables: tables.map((table, index) => ({
        export: exported(table.declaration, this.#maxRows[index]!),
        columns: columnLocations(instance, table, set),
      })),
      notices: noticesOf(instance, set),
      eventsExport: exported(events, this.#maxEvents),
      events: new EventRows(instance.memory.buffer, this.#compiled, {
        start: next,
        maxRows: this.#maxEvents,
      }),
    }
  }
}

/** What the kernel notes about the blocks that are held. */
function noticesOf(instance: Instance, set: number): OutputSet['notices'] {
  const [amounts, causes] = ['amount', 'cause'].map((name) =>
    instance.output(noticesRecord.name, name, { set, replications: instance.options.blocks * LANES }),
  ) as [Float64Array, Uint8Array]
  return { amounts, causes }
}

/** Where the kernel writes the columns of a table in an output set. */
function columnLocations(instance: Instance, table: RunnableTable, set: number): ColumnLocation[] {
  const { outputs } = instance.layout
  const address = (column: string): number => {
    const index = outputs.findIndex(
      (output) => output.table === table.record.name && output.column === column,
    )
    assert(index >= 0, 'the column is recorded', { table: table.record.name, column })
    return instance.outputAddress(index, set)
  }
  return table.declaration.columns.map(({ name, nullable }): ColumnLocation => {
    const offset = address(name)
    return nullable === true
      ? { offset, validity: { offset: address(table.companions[name]!), type: 'u8' } }
      : { offset }
  })
}

/** Says in the user's words that memory ran out: a failed allocation is a RangeError of WebAssembly. */
function withMemoryError<Result>(rows: number, allocate: () => Result): Result {
  try {
    return allocate()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new RivalryError(`there is not enough memory for batches of ${rows} replications`, {
      code: 'memory',
      hint: 'use smaller batches or fewer workers',
      cause,
    })
  }
}

/** Rounded up to 8 bytes; addresses reach 4 GiB, which bitwise operators would cut off. */
function align(value: number): number {
  return Math.ceil(value / 8) * 8
}
