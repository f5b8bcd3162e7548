/**
 * A compiled market as what running its batches needs. Detached from the functions of its declarations it is plain data
 * that crosses threads, so that a market is traced and compiled once, however many threads there are.
 */
import type { Backend } from '../backends/kernel.ts'
import { noticesRecord } from '../market/tables.ts'
import type { MarketDefinition } from '../market/definition.ts'
import type { CompiledMarket } from '../market/market.ts'
import type { TableDeclaration } from '../tables/declaration.ts'
import type { Column, Dimension, RecordTable, Relation } from '../trace/ir.ts'
import { noticeMeanings, type NoticeMeaning } from './events.ts'
import { executableOf, type Executable } from './executable.ts'
import type { PointValues, Structure } from './instance.ts'

/** A market ready to be bound to memory. */
export interface RunnableMarket {
  readonly market: MarketDefinition
  readonly program: Executable
  readonly structure: Structure
  readonly values: PointValues
  readonly tables: readonly RunnableTable[]
  readonly events: TableDeclaration
  /** The table in which the kernel notes what may become events, and what each of its records is about. */
  readonly notices: { readonly record: RecordTable; readonly meanings: readonly NoticeMeaning[] }
  /** Names of the decision rules that run outside the kernel. */
  readonly outside: readonly string[]
}

/** A table as the kernel records it and as it is exported. */
export interface RunnableTable {
  readonly declaration: TableDeclaration
  readonly record: RecordTable
  /** The recorded column of 0 and 1 that says where each nullable column has a value. */
  readonly companions: Readonly<Record<string, string>>
}

/** Compiles a market's program for a shared memory and takes out of it what running it needs. */
export function runnableMarket(
  compiled: CompiledMarket,
  { backend, outside = [] }: { backend: Backend; outside?: readonly string[] },
): RunnableMarket {
  const { market, structure, values, tables, events } = compiled
  return {
    market,
    program: executableOf(compiled.program, { backend, shared: true }),
    structure,
    values,
    tables: tables.map(({ declaration, record, companionOf }) => ({
      declaration,
      record,
      companions: Object.fromEntries(
        declaration.columns.filter(({ nullable }) => nullable).map(({ name }) => [name, companionOf(name)]),
      ),
    })),
    events,
    notices: { record: noticesRecord, meanings: noticeMeanings(structure) },
    outside,
  }
}

/** A runnable market without functions, for other threads; its declarations are copies and keys of their own. */
export function detached(runnable: RunnableMarket): RunnableMarket {
  const plain = new Detachment()
  const { program, structure, values, tables, notices } = runnable
  const { layout } = program
  const columns = new Map(
    [...layout.columns].map(([of, place]) => [plain.column(of), { ...place, column: plain.column(of) }]),
  )
  const relations = new Map([...layout.relations].map(([of, offset]) => [plain.relation(of), offset]))
  const dimensions = layout.dimensions.map((of) => ({ ...of, dimension: plain.dimension(of.dimension) }))
  const used = <Value>(all: ReadonlyMap<Column, Value>): Map<Column, Value> =>
    new Map([...all].filter(([of]) => layout.columns.has(of)).map(([of, value]) => [plain.column(of), value]))
  return {
    ...runnable,
    program: {
      ...program,
      layout: { dimensions, columns, relations, outputs: layout.outputs },
      tables: program.tables.map((table) => plain.table(table)),
    },
    structure: {
      counts: new Map([...structure.counts].map(([of, count]) => [plain.dimension(of), count])),
      relations: new Map(
        [...structure.relations]
          .filter(([of]) => layout.relations.has(of))
          .map(([of, entries]) => [plain.relation(of), entries]),
      ),
      values: used(structure.values),
    },
    values: used(values),
    tables: tables.map((table) => ({ ...table, record: plain.table(table.record) })),
    notices: { ...notices, record: plain.table(notices.record) },
  }
}

/**
 * Copies of declarations without the functions that only tracing needs, one for each, so that they still are keys:
 * cloning keeps what is the same object within one message.
 */
class Detachment {
  readonly #dimensions = new Map<Dimension, Dimension>()
  readonly #columns = new Map<Column, Column>()
  readonly #relations = new Map<Relation, Relation>()
  readonly #tables = new Map<RecordTable, RecordTable>()

  dimension(of: Dimension): Dimension {
    return kept(this.#dimensions, of, () => ({ name: of.name, meaning: of.meaning, columns: [] }))
  }

  column(of: Column): Column {
    return kept(this.#columns, of, () => ({ ...of, dimension: this.dimension(of.dimension) }))
  }

  relation(of: Relation): Relation {
    const { type, name } = of
    return kept(this.#relations, of, () => ({
      type,
      name,
      from: this.dimension(of.from),
      to: this.dimension(of.to),
    }))
  }

  table(of: RecordTable): RecordTable {
    return kept(this.#tables, of, () => ({ ...of, dimension: this.dimension(of.dimension) }))
  }
}

function kept<Thing>(copies: Map<Thing, Thing>, of: Thing, copy: () => Thing): Thing {
  const known = copies.get(of) ?? copy()
  copies.set(of, known)
  return known
}
