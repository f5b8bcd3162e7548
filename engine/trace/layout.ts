/**
 * Where columns lie. Each dimension has up to four kinds of record, each a run of 8-byte slots:
 *   lane    per block: state, flows and per-lane parameters; a number takes 4 slots, one per lane
 *   point   per design point: uniform parameters
 *   month   per design point and month: uniform flows
 *   table   per scenario: structure columns and relations, 4-byte whole numbers
 * Strides and offsets within a record depend on the program only; how many records there are stands in memory.
 */
import {
  handedOut,
  operandsOf,
  type Column,
  type Dimension,
  type Item,
  type Program,
  type Region,
  type Relation,
  type RoutineBody,
  type Value,
} from './ir.ts'

/** Replications that one block computes together. */
export const LANES = 4

/** The four kinds of memory. */
export type Space = 'lane' | 'point' | 'month' | 'table'

/** Where a dimension's records lie. */
export interface DimensionLayout {
  readonly dimension: Dimension
  readonly index: number
  /** Bytes from one record to the next, per space; 0 when the dimension has none there. */
  readonly strides: Readonly<Record<Space, number>>
}

/** Where a column lies in its record. */
export interface ColumnLayout {
  readonly column: Column
  readonly space: Space
  /** Bytes from the start of the record. */
  readonly offset: number
  /** Bytes from one component to the next. */
  readonly componentBytes: number
}

/** Where everything that a program uses lies. */
export interface Layout {
  readonly dimensions: readonly DimensionLayout[]
  readonly columns: ReadonlyMap<Column, ColumnLayout>
  /** Byte offset in the table record: start and end of children and lists, or the index linked to. */
  readonly relations: ReadonlyMap<Relation, number>
  /** Output columns in the order in which their base addresses stand in the header. */
  readonly outputs: readonly {
    readonly table: string
    readonly column: string
    readonly type: 'f64' | 'i32' | 'u8'
  }[]
  readonly dimensionOf: (dimension: Dimension) => DimensionLayout
}

/** Lays out the columns, relations and outputs that a program uses, and no others. */
export function layoutOf(program: Program): Layout {
  const used = usesOf(program)
  const columns = new Map<Column, ColumnLayout>()
  const relations = new Map<Relation, number>()
  const dimensions = program.dimensions.map((dimension, index): DimensionLayout => {
    const strides: Record<Space, number> = { lane: 0, point: 0, month: 0, table: 0 }
    for (const column of dimension.columns) {
      if (!used.columns.has(column)) continue
      const space = spaceOf(column, program)
      const componentBytes = space === 'lane' ? 8 * LANES : space === 'table' ? 4 : 8
      columns.set(column, { column, space, offset: strides[space], componentBytes })
      strides[space] += componentBytes * column.length
    }
    for (const relation of program.relations) {
      if (relation.from !== dimension || !used.relations.has(relation)) continue
      relations.set(relation, strides.table)
      strides.table += relation.type === 'link' ? 4 : 8
    }
    return { dimension, index, strides }
  })
  const byDimension = new Map(dimensions.map((d) => [d.dimension, d]))
  const outputs = program.tables.flatMap((table) =>
    table.columns.map(({ name, type }) => ({ table: table.name, column: name, type })),
  )
  return {
    dimensions,
    columns,
    relations,
    outputs,
    dimensionOf: (dimension) => byDimension.get(dimension) as DimensionLayout,
  }
}

function spaceOf(column: Column, program: Program): Space {
  if (column.role === 'structure') return 'table'
  if (column.role === 'parameter') return program.laneParameters.has(column) ? 'lane' : 'point'
  return program.uniformFlows.has(column) ? 'month' : 'lane'
}

function usesOf(program: Program): { columns: Set<Column>; relations: Set<Relation> } {
  const columns = new Set<Column>()
  const relations = new Set<Relation>()
  const seen = new Set<Value>()
  const see = (value: Value): void => {
    if (seen.has(value)) return
    seen.add(value)
    if (value.column) columns.add(value.column)
    if (value.relation) relations.add(value.relation)
    value.args.forEach(see)
  }
  walkProgram(program, (item) => {
    if (item.type === 'value') see(item.value)
    operandsOf(item).forEach(see)
    handedOut(item).forEach(({ values }) => values.forEach(see))
    if (item.type === 'store') columns.add(item.column)
    if (item.type === 'loop' && item.range.over !== 'all') relations.add(item.range.relation)
  })
  return { columns, relations }
}

/** Visits every item of every step, outer before inner. */
export function walkProgram(program: Program, visit: (item: Item) => void): void {
  for (const { region } of [...program.prelude, ...program.start, ...program.month, ...program.finish])
    walkRegion(region, visit)
}

/** Visits every item of a region, outer before inner. */
export function walkRegion(region: Region, visit: (item: Item) => void): void {
  for (const item of region.items) {
    visit(item)
    for (const { region: inner } of handedOut(item)) walkRegion(inner, visit)
  }
}

/** Every routine that the program calls, callees first. */
export function routinesOf(regions: readonly Region[]): RoutineBody[] {
  const found = new Set<RoutineBody>()
  const visit = (region: Region): void =>
    walkRegion(region, (item) => {
      if (item.type !== 'call' || found.has(item.routine)) return
      visit(item.routine.body)
      found.add(item.routine)
    })
  regions.forEach(visit)
  return [...found]
}

// ------------------------------------------------------------------------------------ header and block

/**
 * The header at a fixed address tells compiled code what a scenario fills in: the generator's key, then for each
 * dimension its count and where its records start, then for each output column its base address.
 */
export const HEADER = {
  address: 64,
  key: 64,
  monthBytes: 80,
  months: 84,
  /** Replications that the output tables hold. */
  rows: 88,
  dimensions: 96,
  /** Bytes per dimension: count, then the base of each space. Lane, point and month bases are relative. */
  dimensionBytes: 20,
  count: 0,
  base: { lane: 4, point: 8, month: 12, table: 16 } as Readonly<Record<Space, number>>,
} as const

/** Address in the header of the base address of output column `index`. */
export function outputHeaderAddress(layout: Layout, index: number): number {
  return HEADER.dimensions + HEADER.dimensionBytes * layout.dimensions.length + 4 * index
}

/** The first address after the header. */
export function headerEnd(layout: Layout): number {
  return outputHeaderAddress(layout, layout.outputs.length)
}

/**
 * The head of a block: replication numbers of its lanes, its first row in the batch, its point's addresses, and its first
 * row in tables that have rows for the blocks held only.
 */
export const BLOCK = { replications: 0, row: 16, point: 20, months: 24, ownRow: 28, bytes: 32 } as const
