/** Where the values of a WebAssembly function lie in memory: pointers to records, and addresses of columns and rows. */
import type { RecordRow, Value } from '../trace/ir.ts'
import { BLOCK, HEADER, outputHeaderAddress, type Layout, type Space } from '../trace/layout.ts'
import { firstRow } from './addressing.ts'
import { OP, SIMD, type Constants, type WasmType } from './encoder.ts'
import { HALVES, Operands } from './wasm-operands.ts'

/** Finds records and columns in memory. Parameter 0 of a step is the block's address, parameter 1 the month. */
export class MemoryAccess extends Operands {
  protected readonly layout: Layout | undefined

  protected readonly pointers = new Map<Value, Map<Space, number>>()

  protected spaces = new Map<Value, Set<Space>>()

  protected bases: { point?: number; months?: number } = {}

  protected readonly dimensionBases = new Map<string, number>()

  constructor(parameters: readonly WasmType[], layout: Layout | undefined, constants: Constants) {
    super(parameters, constants)
    this.layout = layout
  }

  protected get memory(): Layout {
    if (!this.layout) throw new Error('a routine cannot touch memory')
    return this.layout
  }

  protected openBase(dimension: NonNullable<Value['dimension']>, space: Space): void {
    const key = `${dimension.name} ${space}`
    if (this.dimensionBases.has(key)) return
    const { code } = this
    const local = code.local('i32')
    this.headerWord(dimension, HEADER.base[space])
    if (space === 'lane') code.get(0).op(OP.i32Add)
    if (space === 'point') code.get(this.bases.point as number).op(OP.i32Add)
    if (space === 'month') code.get(this.bases.months as number).op(OP.i32Add)
    code.set(local)
    this.dimensionBases.set(key, local)
  }

  protected headerWord(dimension: Value['dimension'], field: number): void {
    const { index } = this.memory.dimensionOf(dimension as NonNullable<Value['dimension']>)
    this.code
      .i32Const(0)
      .memory(OP.i32Load, { align: 2, offset: HEADER.dimensions + HEADER.dimensionBytes * index + field })
  }

  protected relationWord(parent: Value, relation: Value['relation'], extra: number): void {
    const offset = this.memory.relations.get(relation as NonNullable<Value['relation']>) as number
    this.code.get(this.pointer(parent, 'table')).memory(OP.i32Load, { align: 2, offset: offset + extra })
  }

  protected entity(value: Value): void {
    if (value.op === 'root') return void this.code.i32Const(0)
    this.relationWord(value.args[0] as Value, value.relation, 0)
    if (value.op === 'childAt') {
      this.get(value.args[1] as Value)
      this.code.op(OP.i32Add)
    }
  }

  protected pointer(entity: Value, space: Space): number {
    const local = this.pointers.get(entity)?.get(space)
    if (local === undefined) throw new Error(`no ${space} pointer for ${entity.op}`)
    return local
  }

  /** Computes where an entity's records start in every space that is used. */
  protected openPointers(entity: Value): void {
    const { code } = this
    const { strides } = this.memory.dimensionOf(entity.dimension as NonNullable<Value['dimension']>)
    const opened = this.pointers.get(entity) ?? new Map<Space, number>()
    this.pointers.set(entity, opened)
    for (const space of this.spaces.get(entity) ?? []) {
      const local = opened.get(space) ?? code.local('i32')
      opened.set(space, local)
      code.get(this.dimensionBases.get(`${entity.dimension?.name} ${space}`) as number)
      this.get(entity)
      code.i32Const(strides[space]).op(OP.i32Mul).op(OP.i32Add).set(local)
    }
  }

  protected movePointers(entity: Value, records: number): void {
    const { strides } = this.memory.dimensionOf(entity.dimension as NonNullable<Value['dimension']>)
    for (const [space, local] of this.pointers.get(entity) ?? []) {
      this.code
        .get(local)
        .i32Const(strides[space] * records)
        .op(OP.i32Add)
        .set(local)
    }
  }

  /** Pushes the address of a column's record and tells the constant offset to add. */
  protected address(
    column: Value['column'],
    entity: Value,
    component: number,
    dynamic: Value | undefined,
  ): { offset: number; space: Space } {
    const place = this.memory.columns.get(column as NonNullable<Value['column']>)
    if (!place) throw new Error(`${column?.name} has no place in memory`)
    this.code.get(this.pointer(entity, place.space))
    if (dynamic) {
      this.get(dynamic)
      this.code.i32Const(place.componentBytes).op(OP.i32Mul).op(OP.i32Add)
    }
    return { offset: place.offset + component * place.componentBytes, space: place.space }
  }

  /** Pushes where the block's lanes begin in a column of a table that lies as [record][column][replication]. */
  protected recordAddress(index: number, columns: number, entity: Value): void {
    const { code } = this
    code.i32Const(0).memory(OP.i32Load, { align: 2, offset: outputHeaderAddress(this.memory, index) })
    this.get(entity)
    code
      .i32Const(0)
      .memory(OP.i32Load, { align: 2, offset: HEADER.rows })
      .op(OP.i32Mul)
      .i32Const(columns)
      .op(OP.i32Mul)
    code.get(0).memory(OP.i32Load, { align: 2, offset: BLOCK.row }).op(OP.i32Add)
    code.i32Const(3).op(OP.i32Shl).op(OP.i32Add)
  }

  protected recordByRecord({ table, entity, values }: RecordRow): void {
    const { code } = this
    for (const { name, value } of values) {
      const index = this.memory.outputs.findIndex(
        (output) => output.table === table.name && output.column === name,
      )
      for (const half of HALVES) {
        this.recordAddress(index, table.columns.length, entity)
        this.getLane(value, half)
        if (value.kind === 'bool') code.f64x2Const(1).simd(SIMD.and)
        code.simdMemory(SIMD.store, { align: 3, offset: 16 * half })
      }
    }
    this.advance()
    this.advance()
  }

  protected record(item: RecordRow): void {
    if (item.table.byRecord === true) return this.recordByRecord(item)
    const { table, entity, values } = item
    const { code } = this
    const row = code.local('i32')
    const stride = code.local('i32')
    const address = code.local('i32')
    this.headerWord(table.dimension, HEADER.count)
    if (table.everyMonth)
      code.i32Const(0).memory(OP.i32Load, { align: 2, offset: HEADER.months }).op(OP.i32Mul)
    code.set(stride)
    code
      .get(0)
      .memory(OP.i32Load, { align: 2, offset: firstRow(table) })
      .get(stride)
      .op(OP.i32Mul)
    if (table.everyMonth) {
      this.headerWord(table.dimension, HEADER.count)
      code.get(1).op(OP.i32Mul).op(OP.i32Add)
    }
    this.get(entity)
    code.op(OP.i32Add).set(row)
    for (const { name, value } of values) {
      const index = this.memory.outputs.findIndex(
        (output) => output.table === table.name && output.column === name,
      )
      const { type } = this.memory.outputs[index] as Layout['outputs'][number]
      const shift = type === 'f64' ? 3 : type === 'i32' ? 2 : 0
      code.i32Const(0).memory(OP.i32Load, { align: 2, offset: outputHeaderAddress(this.memory, index) })
      code.get(row).i32Const(shift).op(OP.i32Shl).op(OP.i32Add).set(address)
      for (let lane = 0; lane < 4; lane++) {
        code.get(address)
        this.getLane(value, lane < 2 ? 0 : 1)
        if (value.kind === 'bool') code.f64x2Const(1).simd(SIMD.and)
        if (type === 'f64') code.simdMemory(SIMD.store64Lane, { align: 3, offset: 0 }).byte(lane & 1)
        else
          code
            .simd(SIMD.i32x4TruncSatF64x2SZero)
            .simdMemory(type === 'i32' ? SIMD.store32Lane : SIMD.store8Lane, {
              align: type === 'i32' ? 2 : 0,
              offset: 0,
            })
            .byte(type === 'i32' ? lane & 1 : (lane & 1) * 4)
        if (lane < 3) code.get(address).get(stride).i32Const(shift).op(OP.i32Shl).op(OP.i32Add).set(address)
      }
    }
    for (const local of [row, stride, address]) code.release('i32', local)
    this.advance()
    this.advance()
  }
}
