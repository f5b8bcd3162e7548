/**
 * A program bound to memory: fills in the header, the tables and the parameters of a scenario, and runs blocks of
 * replications. All memory is laid out once, at a size known beforehand, and never grows.
 */
import { RivalryError, assert } from '../errors.ts'
import type { Backend, Kernel } from '../backends/kernel.ts'
import type { Column, Dimension, Program, RecordTable, Relation } from '../trace/ir.ts'
import { BLOCK, HEADER, LANES, headerEnd, outputHeaderAddress, type Layout } from '../trace/layout.ts'
import {
  MOST_PAGES,
  MOST_PAGES_JAVASCRIPT,
  executableOf,
  fullLayout,
  kernelOf,
  type Executable,
} from './executable.ts'

/** What a scenario fills in: how many records there are and how they hang together. */
export interface Structure {
  readonly counts: ReadonlyMap<Dimension, number>
  /** Of `children`: how many each record has. Of `link`: the index of the record. Of `list`: the indices. */
  readonly relations: ReadonlyMap<Relation, readonly number[] | readonly (readonly number[])[]>
  /** Whole numbers, by record. */
  readonly values: ReadonlyMap<Column, readonly number[]>
}

/** Parameter values of a design point: `[record * length + component]`. */
export type PointValues = ReadonlyMap<Column, ArrayLike<number>>

/** Sizes and seed of an instance. */
export interface InstanceOptions {
  readonly backend: Backend
  readonly months: number
  /** Four words. */
  readonly key: readonly number[]
  /** Design points held at once. */
  readonly points?: number
  /** Blocks whose state is held at once: 1 unless months are interleaved with code outside the kernel. */
  readonly blocks?: number
  /** Replications whose recorded rows are held at once; a whole number of blocks. */
  readonly rows: number
  /** How many sets of output buffers there are; a batch writes to one of them. */
  readonly outputSets?: number
  /** Bytes reserved after everything else, for whoever exports the results. */
  readonly extraBytes?: number
  readonly shared?: boolean
}

/** A program with its memory: set a point, run replications, read what was recorded. */
export class Instance {
  readonly layout: Layout
  readonly kernel: Kernel
  readonly memory: WebAssembly.Memory
  readonly options: Required<InstanceOptions>
  readonly stateBytes: number
  readonly extraAddress: number
  private readonly tables: readonly RecordTable[]
  private readonly hasLaneParameters: boolean
  private readonly floats: Float64Array
  private readonly words: Int32Array
  private readonly structure: Structure
  private readonly address: { points: number; months: number; blocks: number; outputs: number }
  private readonly pointBytes: number
  private readonly monthBytes: number
  private readonly outputBytes: number
  private readonly outputOffsets: readonly number[]

  /**
   * @param program traced, and then compiled for the given back end and kind of memory; or compiled for them already
   * @throws RivalryError `memory` when it does not fit into 32-bit addresses, RangeError when there is not enough
   */
  constructor(program: Program | Executable, structure: Structure, given: InstanceOptions) {
    const options = { points: 1, blocks: 1, outputSets: 1, extraBytes: 0, shared: false, ...given }
    const executable = 'code' in program ? program : executableOf(program, options)
    const { code } = executable
    assert(
      code.backend === options.backend && (code.backend !== 'wasm' || code.shared === options.shared),
      'a program is compiled for the memory that it is bound to',
      { backend: options.backend, shared: options.shared },
    )
    this.structure = structure
    this.layout = fullLayout(executable)
    this.tables = executable.tables
    this.hasLaneParameters = executable.hasLaneParameters
    this.options = options
    assert(options.rows % LANES === 0, 'rows are whole blocks', options.rows)

    const { layout } = this
    const count = (dimension: Dimension): number => structure.counts.get(dimension) ?? 0
    const relative = (
      space: 'lane' | 'point' | 'month' | 'table',
      first: number,
    ): { at: number[]; bytes: number } => {
      let next = first
      const at = layout.dimensions.map(({ dimension, strides }) => {
        const here = next
        next += align(strides[space] * count(dimension), 8)
        return here
      })
      return { at, bytes: next }
    }
    const lane = relative('lane', BLOCK.bytes)
    const point = relative('point', BLOCK.bytes)
    const month = relative('month', 0)
    const table = relative('table', align(headerEnd(layout), 16))
    let next = table.bytes
    const lists = new Map<Relation, number>()
    for (const relation of layout.relations.keys()) {
      if (relation.type !== 'list') continue
      lists.set(relation, next)
      const entries = this.relationValues(relation) as readonly (readonly number[])[]
      next = align(next + 4 * entries.reduce((sum, list) => sum + list.length, 0), 16)
    }
    this.stateBytes = align(lane.bytes, 64)
    this.pointBytes = align(point.bytes, 64)
    this.monthBytes = align(month.bytes, 64)
    this.address = { points: 0, months: 0, blocks: 0, outputs: 0 }
    this.address.points = next = align(next, 64)
    this.address.months = next += this.pointBytes * options.points
    this.address.blocks = next += this.monthBytes * options.months * options.points
    this.address.outputs = next += this.stateBytes * options.blocks
    let outputs = 0
    let recordStart = 0
    this.outputOffsets = layout.outputs.map(({ table: name, column, type }) => {
      const declared = this.tables.find((table) => table.name === name)
      if (declared?.byRecord === true) {
        const position = declared.columns.findIndex((other) => other.name === column)
        const start = position === 0 ? outputs : recordStart
        recordStart = start
        if (position === 0)
          outputs = align(outputs + this.rowsOf(name) * declared.columns.length * options.rows * 8, 64)
        return start + position * options.rows * 8
      }
      const here = outputs
      const rows = declared?.perBlock === true ? options.blocks * LANES : options.rows
      outputs = align(outputs + this.rowsOf(name) * rows * (type === 'f64' ? 8 : type === 'i32' ? 4 : 1), 64)
      return here
    })
    this.outputBytes = outputs
    this.extraAddress = next += outputs * options.outputSets
    next += options.extraBytes
    const pages = Math.ceil(next / 65_536)
    if (pages > (options.backend === 'wasm' ? MOST_PAGES : MOST_PAGES_JAVASCRIPT)) {
      throw new RivalryError(
        `a batch of ${options.rows} replications needs ${Math.round(next / 2 ** 20)} MiB`,
        {
          code: 'memory',
          hint: 'use smaller batches, fewer months or fewer recorded columns',
        },
      )
    }
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: options.shared })
    this.floats = new Float64Array(this.memory.buffer)
    this.words = new Int32Array(this.memory.buffer)
    this.fillHeader({ lane: lane.at, point: point.at, month: month.at, table: table.at })
    this.fillTables(table.at, lists)
    this.kernel = kernelOf(code, this.layout, this.memory)
    for (let i = 0; i < options.blocks; i++) {
      this.words[(this.blockAddress(i) + BLOCK.point) >>> 2] = this.pointAddress(0)
      this.words[(this.blockAddress(i) + BLOCK.ownRow) >>> 2] = i * LANES
    }
    this.useOutputSet(0)
  }

  /** Rows of a recorded table per replication. */
  rowsOf(table: string): number {
    const declared = this.tables.find(({ name }) => name === table)
    assert(declared, 'table is declared', table)
    return (
      (this.structure.counts.get(declared.dimension) ?? 0) * (declared.everyMonth ? this.options.months : 1)
    )
  }

  blockAddress(block: number): number {
    return this.address.blocks + block * this.stateBytes
  }

  private pointAddress(point: number): number {
    return this.address.points + point * this.pointBytes
  }

  private relationValues(relation: Relation): readonly number[] | readonly (readonly number[])[] {
    const values = this.structure.relations.get(relation)
    assert(values, 'relation is filled in', relation.name)
    return values
  }

  private fillHeader(bases: Record<'lane' | 'point' | 'month' | 'table', number[]>): void {
    this.options.key.forEach((word, i) => {
      this.words[(HEADER.key >>> 2) + i] = word
    })
    this.words[HEADER.monthBytes >>> 2] = this.monthBytes
    this.words[HEADER.months >>> 2] = this.options.months
    this.words[HEADER.rows >>> 2] = this.options.rows
    this.layout.dimensions.forEach(({ dimension, index }) => {
      const at = (HEADER.dimensions + HEADER.dimensionBytes * index) >>> 2
      this.words[at] = this.structure.counts.get(dimension) ?? 0
      for (const space of ['lane', 'point', 'month', 'table'] as const) {
        this.words[at + (HEADER.base[space] >>> 2)] = bases[space][index] as number
      }
    })
  }

  private fillTables(bases: readonly number[], lists: ReadonlyMap<Relation, number>): void {
    for (const [relation, offset] of this.layout.relations) {
      const { index, strides } = this.layout.dimensionOf(relation.from)
      const values = this.relationValues(relation)
      const records = this.structure.counts.get(relation.from) ?? 0
      assert(values.length === records, 'a relation has one entry per record', {
        relation: relation.name,
        entries: values.length,
        records,
      })
      let next = relation.type === 'list' ? (lists.get(relation) as number) >>> 2 : 0
      values.forEach((value, i) => {
        const at = ((bases[index] as number) + i * strides.table + offset) >>> 2
        if (typeof value === 'number' && relation.type === 'link') this.words[at] = value
        else {
          this.words[at] = next
          if (typeof value === 'number') next += value
          else for (const target of value) this.words[next++] = target
          this.words[at + 1] = next
        }
      })
    }
    for (const [column, place] of this.layout.columns) {
      if (place.space !== 'table') continue
      const { index, strides } = this.layout.dimensionOf(column.dimension)
      const values = this.structure.values.get(column)
      assert(values, 'a structure column is filled in', `${column.dimension.name}.${column.name}`)
      for (let i = 0; i < values.length; i++) {
        const record = Math.floor(i / column.length)
        this.words[
          ((bases[index] as number) + record * strides.table + place.offset + (i % column.length) * 4) >>> 2
        ] = values[i] as number
      }
    }
  }

  /**
   * Sets a design point and computes its uniform months.
   *
   * @throws Error when a parameter that the program uses is not given.
   */
  setPoint(values: PointValues, point = 0): void {
    const base = this.pointAddress(point)
    this.words[(base + BLOCK.point) >>> 2] = base
    this.words[(base + BLOCK.months) >>> 2] =
      this.address.months + point * this.monthBytes * this.options.months
    for (const [column, place] of this.layout.columns) {
      if (place.space !== 'point') continue
      const given = values.get(column)
      const records = this.structure.counts.get(column.dimension) ?? 0
      assert(given && given.length === records * column.length, 'a parameter is given for every record', {
        column: `${column.dimension.name}.${column.name}`,
        given: given?.length,
        records,
      })
      const { index, strides } = this.layout.dimensionOf(column.dimension)
      const first =
        base +
        (this.words[(HEADER.dimensions + HEADER.dimensionBytes * index + HEADER.base.point) >>> 2] as number)
      for (let i = 0; i < given.length; i++) {
        const record = Math.floor(i / column.length)
        this.floats[(first + record * strides.point + place.offset + (i % column.length) * 8) >>> 3] = given[
          i
        ] as number
      }
    }
    this.kernel.prelude(base, 0, this.options.months)
  }

  /** Per-lane parameters of a block: `values[(record * length + component) * LANES + lane]`. */
  setLaneParameter(column: Column, values: ArrayLike<number>, block = 0): void {
    const place = this.layout.columns.get(column)
    if (!place) return
    assert(place.space === 'lane', 'the column is a per-lane parameter', column.name)
    for (let i = 0; i < values.length; i++)
      this.floats[
        this.laneSlot(
          column,
          Math.floor(i / LANES / column.length),
          Math.floor(i / LANES) % column.length,
          block,
        ) +
          (i % LANES)
      ] = values[i] as number
  }

  private laneSlot(column: Column, record: number, component: number, block: number): number {
    const place = this.layout.columns.get(column)
    assert(place?.space === 'lane', 'the column is kept per lane', `${column.dimension.name}.${column.name}`)
    const { index, strides } = this.layout.dimensionOf(column.dimension)
    const base =
      this.blockAddress(block) +
      (this.words[(HEADER.dimensions + HEADER.dimensionBytes * index + HEADER.base.lane) >>> 2] as number)
    return (base + record * strides.lane + place.offset + component * place.componentBytes) >>> 3
  }

  /** Whether a column has a place in memory in this program. */
  keeps(column: Column): boolean {
    return this.layout.columns.has(column)
  }

  /** The value of a column that is in memory, per lane or uniform (of `month`); for checks and for explaining a run. */
  read(
    column: Column,
    {
      record,
      component = 0,
      lane = 0,
      block = 0,
      month = 0,
      point = 0,
    }: {
      record: number
      component?: number
      lane?: number
      block?: number
      month?: number
      point?: number
    },
  ): number {
    const place = this.layout.columns.get(column)
    if (place?.space !== 'month')
      return this.floats[this.laneSlot(column, record, component, block) + lane] as number
    const { index, strides } = this.layout.dimensionOf(column.dimension)
    const base = this.address.months + (point * this.options.months + month) * this.monthBytes
    const first =
      base +
      (this.words[(HEADER.dimensions + HEADER.dimensionBytes * index + HEADER.base.month) >>> 2] as number)
    return this.floats[
      (first + record * strides.month + place.offset + component * place.componentBytes) >>> 3
    ] as number
  }

  write(
    column: Column,
    value: number,
    {
      record,
      component = 0,
      lane,
      block = 0,
    }: { record: number; component?: number; lane: number; block?: number },
  ): void {
    this.floats[this.laneSlot(column, record, component, block) + lane] = value
  }

  /** Directs recording to one of the sets of output buffers. */
  useOutputSet(set: number): void {
    this.outputOffsets.forEach((offset, i) => {
      const isShared = this.tables.some(
        ({ name, byRecord }) => byRecord === true && name === this.layout.outputs[i]?.table,
      )
      this.words[outputHeaderAddress(this.layout, i) >>> 2] = this.outputAddress(i, isShared ? 0 : set)
    })
  }

  /** Byte address of output column `index` (in the order of `layout.outputs`) in a set. */
  outputAddress(index: number, set: number): number {
    return this.address.outputs + set * this.outputBytes + (this.outputOffsets[index] as number)
  }

  /**
   * An output column of a set, as the kernel wrote it, from its first row on. Rows are those of a batch's replications;
   * of a `perBlock` table those of the blocks, four for each.
   */
  output(
    table: string,
    column: string,
    { set = 0, replications }: { set?: number; replications: number },
  ): Float64Array | Int32Array | Uint8Array {
    const index = this.layout.outputs.findIndex(
      (output) => output.table === table && output.column === column,
    )
    assert(index >= 0, 'the output is declared', { table, column })
    const address = this.outputAddress(index, set)
    const length = this.rowsOf(table) * replications
    const { type } = this.layout.outputs[index] as Layout['outputs'][number]
    const View = type === 'f64' ? Float64Array : type === 'i32' ? Int32Array : Uint8Array
    return new View(this.memory.buffer, address, length)
  }

  /** A column of a `byRecord` table for one record: one number for each replication of the batch, shared with the kernel. */
  shared(table: string, column: string, record: number): Float64Array {
    const declared = this.tables.find(({ name }) => name === table)
    const index = this.layout.outputs.findIndex(
      (output) => output.table === table && output.column === column,
    )
    assert(declared?.byRecord === true && index >= 0, 'the column is shared', { table, column })
    const { rows } = this.options
    return new Float64Array(
      this.memory.buffer,
      this.outputAddress(index, 0) + record * declared.columns.length * rows * 8,
      rows,
    )
  }

  /**
   * Forgets what the replications before left in a block, so that nothing depends on them: what no step sets is 0.
   * Per-lane parameters stay.
   */
  private clear(block: number): void {
    const first = this.blockAddress(block)
    if (!this.hasLaneParameters) {
      this.floats.fill(0, (first + BLOCK.bytes) >>> 3, (first + this.stateBytes) >>> 3)
      return
    }
    for (const [column, place] of this.layout.columns) {
      if (place.space !== 'lane' || column.role === 'parameter') continue
      const { strides } = this.layout.dimensionOf(column.dimension)
      const records = this.structure.counts.get(column.dimension) ?? 0
      const at = this.laneSlot(column, 0, 0, block)
      for (let i = 0; i < records; i++)
        this.floats.fill(
          0,
          at + ((i * strides.lane) >>> 3),
          at + ((i * strides.lane + place.componentBytes * column.length) >>> 3),
        )
    }
  }

  /** Names the replications of a block, which starts empty, and the row of the batch at which its results start. */
  assignBlock(
    block: number,
    { replications, row, point = 0 }: { replications: readonly number[]; row: number; point?: number },
  ): void {
    this.clear(block)
    const at = this.blockAddress(block) >>> 2
    for (let lane = 0; lane < LANES; lane++)
      this.words[at + lane] = replications[lane] ?? replications.at(-1) ?? 0
    this.words[at + (BLOCK.row >>> 2)] = row
    this.words[at + (BLOCK.point >>> 2)] = this.pointAddress(point)
    this.words[at + (BLOCK.months >>> 2)] =
      this.address.months + point * this.monthBytes * this.options.months
  }

  /** Simulates the replications [first, first + count) of a point, recording them from row 0 of the batch. */
  runReplications({ first, count, point = 0 }: { first: number; count: number; point?: number }): void {
    assert(count <= this.options.rows, 'a batch fits the output', { count, rows: this.options.rows })
    for (let row = 0; row < count; row += LANES) this.runBlock({ first, row, point })
  }

  /** Simulates the four replications from `first + row` on, recording them from that row of the batch. */
  runBlock({ first, row, point = 0 }: { first: number; row: number; point?: number }): void {
    this.assignBlock(0, {
      replications: Array.from({ length: LANES }, (_, lane) => first + row + lane),
      row,
      point,
    })
    const block = this.blockAddress(0)
    this.kernel.start(block)
    this.kernel.run(block, 0, this.options.months)
    this.kernel.finish(block, this.options.months - 1)
  }
}

function align(value: number, to: number): number {
  return Math.ceil(value / to) * to
}
