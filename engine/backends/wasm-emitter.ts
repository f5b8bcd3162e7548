/** Writes one function of a program as WebAssembly: a step or a routine. */
import type {
  Branch,
  Call,
  Carried,
  Item,
  Kind,
  Loop,
  RecordRow,
  Region,
  Repeat,
  RoutineBody,
  Store,
  Value,
} from '../trace/ir.ts'
import { BLOCK, HEADER, outputHeaderAddress, type Layout, type Space } from '../trace/layout.ts'
import { inputPlace, spacesOfEntities } from './addressing.ts'
import { Code, OP, SIMD, type FunctionType, type WasmType } from './encoder.ts'
import { livenessOf, type Liveness } from './liveness.ts'

/** Function index of each routine that is called rather than inlined. */
export type RoutineTable = Map<RoutineBody, number>

/** The locals that hold a value: one, or two halves of a per-lane number or condition. */
interface Held {
  readonly type: WasmType
  readonly locals: readonly [number] | readonly [number, number]
}

const HALVES = [0, 1] as const
type Half = 0 | 1

/** How a routine's arguments and results travel. */
export function routineType({ parameters, results }: RoutineBody): FunctionType {
  const flat = (values: readonly Value[]): WasmType[] =>
    values.flatMap((value) => (isWide(value) ? [typeOf(value), typeOf(value)] : [typeOf(value)]))
  return { parameters: flat(parameters), results: flat(results) }
}

function typeOf(value: Value): WasmType {
  if (value.kind === 'entity') return 'i32'
  if (!value.uniform) return 'v128'
  return value.kind === 'num' ? 'f64' : 'i32'
}

/** Whether a per-lane value is +0, or false, in every lane. */
function isZero(value: Value | undefined): boolean {
  const inner = value?.op === 'splat' ? value.args[0] : undefined
  return (inner?.op === 'const' || inner?.op === 'boolConst') && Object.is(inner.literal, 0)
}

/** Whether a value takes two halves. */
function isWide(value: Value): boolean {
  return !value.uniform && (value.kind === 'num' || value.kind === 'bool')
}

/** Writes one function: construct it, call `step` or `routine`, take `code`. */
export class WasmEmitter {
  readonly code: Code
  private readonly layout: Layout | undefined
  private readonly routines: RoutineTable
  private readonly held = new Map<Value, Held>()
  private readonly pointers = new Map<Value, Map<Space, number>>()
  private spaces = new Map<Value, Set<Space>>()
  private liveness: Liveness = { endingAt: new Map(), uses: new Map() }
  private moment = 0
  private bases: { point?: number; months?: number } = {}

  constructor({
    layout,
    routines,
    parameters,
  }: {
    layout: Layout | undefined
    routines: RoutineTable
    parameters: readonly WasmType[]
  }) {
    this.code = new Code(parameters)
    this.layout = layout
    this.routines = routines
  }

  private get memory(): Layout {
    if (!this.layout) throw new Error('a routine cannot touch memory')
    return this.layout
  }

  /** Writes a step: parameter 0 is the block's address, parameter 1 the month. */
  step(region: Region): void {
    this.spaces = spacesOfEntities(region, this.memory)
    this.liveness = livenessOf(region)
    const wanted = new Set([...this.spaces.values()].flatMap((spaces) => [...spaces]))
    if (wanted.has('point')) {
      this.bases.point = this.code.local('i32')
      this.code.get(0).memory(OP.i32Load, { align: 2, offset: BLOCK.point }).set(this.bases.point)
    }
    if (wanted.has('month')) {
      this.bases.months = this.code.local('i32')
      this.code.get(0).memory(OP.i32Load, { align: 2, offset: BLOCK.months })
      this.code
        .get(1)
        .i32Const(0)
        .memory(OP.i32Load, { align: 2, offset: HEADER.monthBytes })
        .op(OP.i32Mul)
        .op(OP.i32Add)
        .set(this.bases.months)
    }
    // Where each dimension's records start is looked up once, not at every record.
    for (const [entity, spaces] of this.spaces)
      for (const space of spaces) this.openBase(entity.dimension as NonNullable<Value['dimension']>, space)
    this.region(region)
  }

  private readonly dimensionBases = new Map<string, number>()

  private openBase(dimension: NonNullable<Value['dimension']>, space: Space): void {
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

  routine(routine: RoutineBody): void {
    let next = 0
    for (const parameter of routine.parameters) {
      const locals = isWide(parameter) ? ([next++, next++] as const) : ([next++] as const)
      this.held.set(parameter, { type: typeOf(parameter), locals })
    }
    this.liveness = livenessOf(routine.body, routine.results)
    this.region(routine.body)
    for (const result of routine.results) for (const half of this.halvesOf(result)) this.get(result, half)
  }

  // ------------------------------------------------------------------------------------- values held

  private halvesOf(value: Value): readonly Half[] {
    return isWide(value) ? HALVES : [0]
  }

  private hold(value: Value): Held {
    const type = typeOf(value)
    const single = value.op === 'splat' && value.kind === 'num'
    const locals =
      isWide(value) && !single
        ? ([this.code.local(type), this.code.local(type)] as const)
        : ([this.code.local(type)] as const)
    const held: Held = { type, locals }
    this.held.set(value, held)
    return held
  }

  private release(held: Held): void {
    for (const local of held.locals) this.code.release(held.type, local)
  }

  private set(value: Value, half: Half): void {
    const { locals } = this.held.get(value) as Held
    this.code.set(locals[half] ?? locals[0])
  }

  /** Pushes a value, or one half of a wide one. */
  private get(value: Value, half: Half = 0): void {
    const { code } = this
    if (value.op === 'const') return void code.f64Const(value.literal)
    if (value.op === 'wholeConst') return void code.i32Const(value.literal)
    if (value.op === 'boolConst') return void code.i32Const(value.literal)
    if (value.op === 'splat') {
      const inner = value.args[0] as Value
      if (inner.op === 'const') return void code.f64x2Const(inner.literal)
      if (inner.op === 'boolConst') return void code.i64x2Const(inner.literal === 1 ? -1n : 0n)
      if (inner.op === 'wholeConst') return void code.i32x4Const(inner.literal)
    }
    const held = this.held.get(value)
    if (!held) throw new Error(`${value.op} ${value.id} is used before it is computed`)
    code.get(held.locals[half] ?? held.locals[0])
  }

  private advance(): void {
    for (const value of this.liveness.endingAt.get(this.moment) ?? []) {
      const held = this.held.get(value)
      if (!held || value.op === 'argument' || value.op === 'carried' || value.kind === 'entity') continue
      this.held.delete(value)
      this.release(held)
    }
    this.moment++
  }

  // ------------------------------------------------------------------------------------------- items

  private region(region: Region): void {
    for (const item of region.items) {
      if (item.type === 'value') this.value(item.value)
      else this.control(item)
    }
  }

  private control(item: Exclude<Item, { type: 'value' }>): void {
    switch (item.type) {
      case 'store':
        return this.store(item)
      case 'record':
        return this.record(item)
      case 'loop':
        return this.loop(item)
      case 'repeat':
        return this.repeat(item)
      case 'branch':
        return this.branch(item)
      case 'call':
        return this.call(item)
    }
  }

  private value(value: Value): void {
    if (value.op === 'splat' && ['const', 'boolConst', 'wholeConst'].includes((value.args[0] as Value).op)) {
      this.moment += 2
      return
    }
    // A parameter that is only spread over the lanes is loaded by the splat itself.
    if (this.isSplatOnly(value)) {
      this.moment += 2
      return
    }
    const compute =
      value.kind === 'entity'
        ? () => this.entity(value)
        : value.uniform
          ? () => this.scalar(value)
          : undefined
    if (compute) {
      compute()
      this.hold(value)
      this.set(value, 0)
      if (value.kind === 'entity') this.openPointers(value)
    } else if (value.op === 'splat') {
      this.splat(value)
    } else if (value.kind === 'whole') {
      this.lanes(value, 0)
      this.hold(value)
      this.set(value, 0)
    } else {
      const held = this.hold(value)
      if (value.op === 'wholeEq' || value.op === 'wholeLt') this.compareWholes(value, held)
      else {
        for (const half of HALVES) {
          this.lanes(value, half)
          this.set(value, half)
        }
      }
    }
    this.advance()
    this.advance()
    if (!this.liveness.uses.has(value) && value.kind !== 'entity') {
      this.release(this.held.get(value) as Held)
      this.held.delete(value)
    }
  }

  private isSplatOnly(value: Value): boolean {
    if (value.op !== 'load' || !value.uniform || value.kind !== 'num' || value.args.length > 1) return false
    return this.splatOnly.has(value)
  }

  /** Uniform loads whose every use is a splat; filled as the splats are met, so it is computed once per function. */
  private get splatOnly(): ReadonlySet<Value> {
    if (this.splatOnlyCache) return this.splatOnlyCache
    const spread = new Map<Value, number>()
    for (const user of this.liveness.uses.keys()) {
      if (user.op === 'splat') spread.set(user.args[0] as Value, (spread.get(user.args[0] as Value) ?? 0) + 1)
    }
    this.splatOnlyCache = new Set(
      [...spread].filter(([value, count]) => this.liveness.uses.get(value) === count).map(([value]) => value),
    )
    return this.splatOnlyCache
  }

  private splatOnlyCache: ReadonlySet<Value> | undefined

  private splat(value: Value): void {
    const { code } = this
    const inner = value.args[0] as Value
    if (inner.kind === 'num' && this.isSplatOnly(inner)) {
      const { offset } = this.address(inner.column, inner.args[0] as Value, inner.component, undefined)
      code.simdMemory(SIMD.load64Splat, { align: 3, offset })
    } else if (inner.kind === 'bool') {
      code.i64Const(0n)
      this.get(inner)
      code.op(OP.i64ExtendI32U).op(OP.i64Sub).simd(SIMD.i64x2Splat)
    } else {
      this.get(inner)
      code.simd(inner.kind === 'num' ? SIMD.f64x2Splat : SIMD.i32x4Splat)
    }
    this.hold(value)
    this.set(value, 0)
    if (inner.kind === 'bool') {
      const { locals } = this.held.get(value) as Held
      code.get(locals[0]).set(locals[1] as number)
    }
  }

  // ---------------------------------------------------------------------------------------- entities

  private headerWord(dimension: Value['dimension'], field: number): void {
    const { index } = this.memory.dimensionOf(dimension as NonNullable<Value['dimension']>)
    this.code
      .i32Const(0)
      .memory(OP.i32Load, { align: 2, offset: HEADER.dimensions + HEADER.dimensionBytes * index + field })
  }

  private relationWord(parent: Value, relation: Value['relation'], extra: number): void {
    const offset = this.memory.relations.get(relation as NonNullable<Value['relation']>) as number
    this.code.get(this.pointer(parent, 'table')).memory(OP.i32Load, { align: 2, offset: offset + extra })
  }

  private entity(value: Value): void {
    if (value.op === 'root') return void this.code.i32Const(0)
    this.relationWord(value.args[0] as Value, value.relation, 0)
    if (value.op === 'childAt') {
      this.get(value.args[1] as Value)
      this.code.op(OP.i32Add)
    }
  }

  private pointer(entity: Value, space: Space): number {
    const local = this.pointers.get(entity)?.get(space)
    if (local === undefined) throw new Error(`no ${space} pointer for ${entity.op}`)
    return local
  }

  /** Computes where an entity's records start in every space that is used. */
  private openPointers(entity: Value): void {
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

  // ------------------------------------------------------------------------------------------ memory

  /** Pushes the address of a column's record and tells the constant offset to add. */
  private address(
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

  private store({ column, entity, component, dynamic, value }: Store): void {
    const { code } = this
    const place = this.memory.columns.get(column)
    if (place?.space === 'lane') {
      for (const half of HALVES) {
        const { offset } = this.address(column, entity, component, dynamic)
        this.getLane(value, half)
        if (column.kind === 'bool') code.f64x2Const(1).simd(SIMD.and)
        code.simdMemory(SIMD.store, { align: 3, offset: offset + 16 * half })
      }
    } else {
      const { offset } = this.address(column, entity, component, dynamic)
      this.get(value)
      if (column.kind === 'bool') code.op(OP.f64ConvertI32U)
      code.memory(OP.f64Store, { align: 3, offset })
    }
    this.advance()
    this.advance()
  }

  /** A half of a per-lane value, or a uniform one spread on the spot. */
  private getLane(value: Value, half: Half): void {
    if (!value.uniform) return this.get(value, half)
    const { code } = this
    if (value.op === 'const') return void code.f64x2Const(value.literal)
    if (value.op === 'boolConst') return void code.i64x2Const(value.literal === 1 ? -1n : 0n)
    if (value.kind === 'bool') {
      code.i64Const(0n)
      this.get(value)
      code.op(OP.i64ExtendI32U).op(OP.i64Sub).simd(SIMD.i64x2Splat)
    } else {
      this.get(value)
      code.simd(SIMD.f64x2Splat)
    }
  }

  /** Pushes where the block's lanes begin in a column of a table that lies as [record][column][replication]. */
  private recordAddress(index: number, columns: number, entity: Value): void {
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

  private recordByRecord({ table, entity, values }: RecordRow): void {
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

  private record(item: RecordRow): void {
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
    code.get(0).memory(OP.i32Load, { align: 2, offset: BLOCK.row }).get(stride).op(OP.i32Mul)
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

  // ----------------------------------------------------------------------------------------- control

  private loop(item: Loop): void {
    const { range, variable, backwards, body, carried } = item
    const { code } = this
    const isList = range.over === 'list'
    const counter = isList ? code.local('i32') : -1
    const end = code.local('i32')
    const index = (this.held.get(variable) ?? this.hold(variable)).locals[0]
    const moving = isList ? counter : index
    if (range.over === 'all') {
      code.i32Const(0).set(backwards ? end : moving)
      this.headerWord(range.dimension, HEADER.count)
    } else {
      this.relationWord(range.parent, range.relation, 0)
      code.set(backwards ? end : moving)
      this.relationWord(range.parent, range.relation, 4)
    }
    if (backwards) code.i32Const(1).op(OP.i32Sub).set(moving)
    else code.set(end)
    this.enter(carried)
    this.advance()
    code.op(OP.block).op(0x40)
    if (backwards) code.get(moving).get(end).op(OP.i32LtS).op(OP.brIf).u32(0)
    else code.get(moving).get(end).op(OP.i32GeS).op(OP.brIf).u32(0)
    if (!isList) this.openPointers(variable)
    code.op(OP.loop).op(0x40)
    if (isList) {
      code.get(counter).i32Const(2).op(OP.i32Shl).memory(OP.i32Load, { align: 2, offset: 0 }).set(index)
      this.openPointers(variable)
    }
    this.region(body)
    this.pass(carried)
    this.advance()
    if (!isList) this.movePointers(variable, backwards ? -1 : 1)
    code
      .get(moving)
      .i32Const(backwards ? -1 : 1)
      .op(OP.i32Add)
      .tee(moving)
      .get(end)
    code
      .op(backwards ? OP.i32GeS : OP.i32LtS)
      .op(OP.brIf)
      .u32(0)
      .op(OP.end)
      .op(OP.end)
    this.advance()
    this.leave(carried)
    this.advance()
    code.release('i32', end)
    if (isList) code.release('i32', counter)
  }

  private movePointers(entity: Value, records: number): void {
    const { strides } = this.memory.dimensionOf(entity.dimension as NonNullable<Value['dimension']>)
    for (const [space, local] of this.pointers.get(entity) ?? []) {
      this.code
        .get(local)
        .i32Const(strides[space] * records)
        .op(OP.i32Add)
        .set(local)
    }
  }

  /** Copies what a loop carries into locals of its own. */
  private enter(carried: readonly Carried[]): void {
    for (const { initial, inside } of carried) {
      this.hold(inside)
      for (const half of this.halvesOf(inside)) {
        if (initial.uniform && !inside.uniform) this.getLane(initial, half)
        else this.get(initial, half)
        this.set(inside, half)
      }
    }
  }

  /** Moves on to the next pass; all values are read before any is written. */
  private pass(carried: readonly Carried[]): void {
    for (const { next, inside } of carried) for (const half of this.halvesOf(inside)) this.get(next, half)
    for (const { inside } of [...carried].reverse())
      for (const half of [...this.halvesOf(inside)].reverse()) this.set(inside, half)
  }

  /** After a loop its results are where the carried values were. */
  private leave(carried: readonly Carried[]): void {
    for (const { inside, result } of carried) {
      const held = this.held.get(inside) as Held
      this.held.delete(inside)
      if (this.liveness.uses.has(result)) this.held.set(result, held)
      else this.release(held)
    }
  }

  private repeat({ body, carried }: Repeat): void {
    const { code } = this
    const live = (carried[0] as Carried).inside
    this.enter(carried)
    this.advance()
    const anyLive = (): void => {
      this.get(live, 0)
      this.get(live, 1)
      code.simd(SIMD.or).simd(SIMD.anyTrue)
    }
    code.op(OP.block).op(0x40)
    anyLive()
    code.op(OP.i32Eqz).op(OP.brIf).u32(0)
    code.op(OP.loop).op(0x40)
    this.region(body)
    this.pass(carried)
    this.advance()
    anyLive()
    code.op(OP.brIf).u32(0).op(OP.end).op(OP.end)
    this.advance()
    this.leave(carried)
    this.advance()
  }

  private branch(branch: Branch): void {
    if (branch.lanes === 'together' && !branch.condition.uniform) return this.branchTogether(branch)
    const { condition, then, otherwise, results } = branch
    const { code } = this
    const test = condition.uniform
      ? undefined
      : ([this.copyOf(condition, 0), this.copyOf(condition, 1)] as const)
    const scalar = condition.uniform ? code.local('i32') : -1
    if (!test) {
      this.get(condition)
      code.set(scalar)
    }
    for (const { result } of results) this.hold(result)
    this.advance()
    if (test) code.get(test[0]).get(test[1]).simd(SIMD.or).simd(SIMD.anyTrue)
    else code.get(scalar)
    code.op(OP.if).op(0x40)
    this.region(then)
    for (const { then: value, result } of results) {
      for (const half of this.halvesOf(result)) {
        this.get(value, half)
        this.set(result, half)
      }
    }
    code.op(OP.end)
    this.advance()
    this.advance()
    if (otherwise.items.length > 0 || results.length > 0) {
      if (test) code.get(test[0]).get(test[1]).simd(SIMD.and).simd(SIMD.i64x2AllTrue).op(OP.i32Eqz)
      else code.get(scalar).op(OP.i32Eqz)
      code.op(OP.if).op(0x40)
      this.region(otherwise)
      for (const { otherwise: value, result } of results) this.merge(result, value, test)
      code.op(OP.end)
    }
    this.advance()
    this.advance()
    if (test) for (const local of test) code.release('v128', local)
    else code.release('i32', scalar)
    this.dropUnused(results.map(({ result }) => result))
    this.advance()
  }

  /** One side or the other for all lanes. */
  private branchTogether({ condition, then, otherwise, results }: Branch): void {
    const { code } = this
    this.get(condition, 0)
    this.get(condition, 1)
    code.simd(SIMD.or).simd(SIMD.anyTrue)
    for (const { result } of results) this.hold(result)
    this.advance()
    const side = (region: Region, valueOf: (result: Branch['results'][number]) => Value): void => {
      this.region(region)
      for (const given of results)
        for (const half of this.halvesOf(given.result)) {
          this.get(valueOf(given), half)
          this.set(given.result, half)
        }
    }
    code.op(OP.if).op(0x40)
    side(then, (result) => result.then)
    this.advance()
    this.advance()
    if (otherwise.items.length > 0 || results.length > 0) {
      code.op(OP.else)
      side(otherwise, (result) => result.otherwise)
    }
    code.op(OP.end)
    this.advance()
    this.advance()
    this.dropUnused(results.map(({ result }) => result))
    this.advance()
  }

  private dropUnused(results: readonly Value[]): void {
    for (const result of results) {
      if (this.liveness.uses.has(result)) continue
      this.release(this.held.get(result) as Held)
      this.held.delete(result)
    }
  }

  private copyOf(value: Value, half: Half): number {
    const local = this.code.local('v128')
    this.get(value, half)
    this.code.set(local)
    return local
  }

  /** Takes `value` in the lanes where the condition failed; all of it if the condition was uniform. */
  private merge(result: Value, value: Value, test: readonly [number, number] | undefined): void {
    const { code } = this
    if (test && result.kind === 'whole') {
      this.get(result)
      this.get(value)
      code.get(test[0]).get(test[1]).simd(SIMD.shuffle).bytes(NARROW).simd(SIMD.bitselect)
      return this.set(result, 0)
    }
    for (const half of this.halvesOf(result)) {
      if (test) this.get(result, half)
      this.get(value, half)
      if (test) code.get(test[half]).simd(SIMD.bitselect)
      this.set(result, half)
    }
  }

  private call({ routine, args, results }: Call): void {
    const { code } = this
    const index = this.routines.get(routine)
    if (index === undefined) throw new Error(`routine ${routine.name} was not added`)
    for (const arg of args) for (const half of this.halvesOf(arg)) this.get(arg, half)
    code.op(OP.call).u32(index)
    this.advance()
    for (const result of results) this.hold(result)
    for (const result of [...results].reverse())
      for (const half of [...this.halvesOf(result)].reverse()) this.set(result, half)
    this.dropUnused(results)
    this.advance()
  }

  // -------------------------------------------------------------------------------------- arithmetic

  private compareWholes(value: Value, held: Held): void {
    const { code } = this
    this.get(value.args[0] as Value)
    this.get(value.args[1] as Value)
    code.simd(value.op === 'wholeEq' ? SIMD.i32x4Eq : SIMD.i32x4LtU)
    code
      .tee(held.locals[1] as number)
      .simd(SIMD.i64x2ExtendLowI32x4S)
      .set(held.locals[0])
    code
      .get(held.locals[1] as number)
      .simd(SIMD.i64x2ExtendHighI32x4S)
      .set(held.locals[1] as number)
  }

  /** One half of a per-lane value, pushed. */
  private lanes(value: Value, half: Half): void {
    const { code } = this
    const args = value.args
    if (value.op === 'load') {
      const { offset } = this.address(value.column, args[0] as Value, value.component, args[1])
      code.simdMemory(SIMD.load, { align: 3, offset: offset + 16 * half })
      if (value.kind === 'bool') code.f64x2Const(0).simd(SIMD.f64x2Ne)
      return
    }
    if (value.op === 'input') {
      const { index, columns } = inputPlace(value, this.memory)
      this.recordAddress(index, columns, args[0] as Value)
      return void code.simdMemory(SIMD.load, { align: 3, offset: 16 * half })
    }
    if (value.op === 'replication')
      return void code.get(0).simdMemory(SIMD.load, { align: 2, offset: BLOCK.replications })
    if (value.op === 'select') {
      // Taking +0 on one side is to keep the other's bits or none.
      if (value.kind !== 'whole' && (isZero(args[1]) || isZero(args[2]))) {
        this.get((isZero(args[2]) ? args[1] : args[2]) as Value, half)
        this.get(args[0] as Value, half)
        return void code.simd(isZero(args[2]) ? SIMD.and : SIMD.andnot)
      }
      this.get(args[1] as Value, half)
      this.get(args[2] as Value, half)
      if (value.kind === 'whole') {
        this.get(args[0] as Value, 0)
        this.get(args[0] as Value, 1)
        code.simd(SIMD.shuffle).bytes(NARROW)
      } else this.get(args[0] as Value, half)
      return void code.simd(SIMD.bitselect)
    }
    if (value.op === 'wholeRotateLeft') {
      this.get(args[0] as Value)
      code.i32Const(value.literal).simd(SIMD.i32x4Shl)
      this.get(args[0] as Value)
      code
        .i32Const(32 - value.literal)
        .simd(SIMD.i32x4ShrU)
        .simd(SIMD.or)
      return
    }
    for (const arg of args) this.get(arg, half)
    const plain = LANE_OPS[value.op]
    if (plain !== undefined) return void code.simd(plain)
    switch (value.op) {
      case 'wholeShiftLeft':
        return void code.i32Const(value.literal).simd(SIMD.i32x4Shl)
      case 'wholeShiftRight':
        return void code.i32Const(value.literal).simd(SIMD.i32x4ShrU)
      case 'toNum':
        if (half === 1) {
          this.get(args[0] as Value)
          code.simd(SIMD.shuffle).bytes(UPPER)
        }
        return void code.simd(SIMD.f64x2ConvertLowI32x4U)
      case 'powerOfTwo':
        return void code
          .f64x2Const(ROUNDER)
          .simd(SIMD.f64x2Add)
          .i64x2Const(1023n)
          .simd(SIMD.i64x2Add)
          .i32Const(52)
          .simd(SIMD.i64x2Shl)
      case 'exponent':
        code.i32Const(52).simd(SIMD.i64x2ShrU).i64x2Const(TWO_52_BITS).simd(SIMD.or)
        return void code.f64x2Const(TWO_52 + 1023).simd(SIMD.f64x2Sub)
      case 'significand':
        return void code
          .i64x2Const(0x000f_ffff_ffff_ffffn)
          .simd(SIMD.and)
          .i64x2Const(0x3ff0_0000_0000_0000n)
          .simd(SIMD.or)
      default:
        throw new Error(`${value.op} is bound by its item, not computed`)
    }
  }

  /** A uniform value, pushed. */
  private scalar(value: Value): void {
    const { code } = this
    const args = value.args
    switch (value.op) {
      case 'month':
        return void code.get(1)
      case 'key':
        return void code.i32Const(0).memory(OP.i32Load, { align: 2, offset: HEADER.key + 4 * value.literal })
      case 'count':
        return this.headerWord(value.dimension, HEADER.count)
      case 'indexOf':
        return this.get(args[0] as Value)
      case 'load': {
        const { offset, space } = this.address(value.column, args[0] as Value, value.component, args[1])
        if (space === 'table') return void code.memory(OP.i32Load, { align: 2, offset })
        code.memory(OP.f64Load, { align: 3, offset })
        if (value.kind === 'bool') code.f64Const(0).op(OP.f64Ne)
        return
      }
      case 'select':
        this.get(args[1] as Value)
        this.get(args[2] as Value)
        this.get(args[0] as Value)
        return void code.op(OP.select)
      case 'min':
      case 'max': {
        // min is exactly b < a ? b : a, and max a < b ? b : a.
        const [a, b] = args as [Value, Value]
        this.get(b)
        this.get(a)
        this.get(value.op === 'min' ? b : a)
        this.get(value.op === 'min' ? a : b)
        return void code.op(OP.f64Lt).op(OP.select)
      }
    }
    for (const arg of args) this.get(arg)
    const [, divisor] = args
    // Division by 0 would trap, possibly where a loop that is empty has it moved to: divide by 1 instead, which leaves 0.
    if (value.op === 'wholeRemainder' && divisor && !(divisor.op === 'wholeConst' && divisor.literal > 0)) {
      this.get(divisor)
      code.op(OP.i32Eqz).op(OP.i32Or)
    }
    const plain = SCALAR_OPS[value.op]
    if (plain !== undefined) return void code.op(plain)
    switch (value.op) {
      case 'not':
        return void code.op(OP.i32Eqz)
      case 'wholeShiftLeft':
        return void code.i32Const(value.literal).op(OP.i32Shl)
      case 'wholeShiftRight':
        return void code.i32Const(value.literal).op(OP.i32ShrU)
      case 'wholeRotateLeft':
        return void code.i32Const(value.literal).op(OP.i32Rotl)
      case 'powerOfTwo':
        code.f64Const(ROUNDER).op(OP.f64Add).op(OP.i64ReinterpretF64)
        return void code.i64Const(1023n).op(OP.i64Add).i64Const(52n).op(OP.i64Shl).op(OP.f64ReinterpretI64)
      case 'exponent':
        code.op(OP.i64ReinterpretF64).i64Const(52n).op(OP.i64ShrU).op(OP.f64ConvertI64U)
        return void code.f64Const(1023).op(OP.f64Sub)
      case 'significand':
        code.op(OP.i64ReinterpretF64).i64Const(0x000f_ffff_ffff_ffffn).op(OP.i64And)
        return void code.i64Const(0x3ff0_0000_0000_0000n).op(OP.i64Or).op(OP.f64ReinterpretI64)
      default:
        throw new Error(`${value.op} is bound by its item, not computed`)
    }
  }

  /** Pushes a routine's argument of four lanes from memory, for calling it directly. */
  static loadArgument(code: Code, kind: Kind, address: number): void {
    code.i32Const(0).simdMemory(SIMD.load, { align: 3, offset: address })
    if (kind === 'bool') code.f64x2Const(0).simd(SIMD.f64x2Ne)
    if (kind === 'whole') return
    code.i32Const(0).simdMemory(SIMD.load, { align: 3, offset: address + 16 })
    if (kind === 'bool') code.f64x2Const(0).simd(SIMD.f64x2Ne)
  }

  /** Stores a routine's result of four lanes that is on the stack. */
  static storeResult(code: Code, kind: Kind, address: number): void {
    const local = code.local('v128')
    for (const half of kind === 'whole' ? [0] : [1, 0]) {
      if (kind === 'bool') code.f64x2Const(1).simd(SIMD.and)
      code
        .set(local)
        .i32Const(0)
        .get(local)
        .simdMemory(SIMD.store, { align: 3, offset: address + 16 * half })
    }
    code.release('v128', local)
  }
}

/** Adding this puts a whole number into the low bits of the sum. */
const ROUNDER = 6755399441055744
const TWO_52 = 4503599627370496
const TWO_52_BITS = 0x4330_0000_0000_0000n
/** The upper two words twice. */
const UPPER = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]
/** The low word of each of four 64-bit masks in two halves. */
const NARROW = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]

const LANE_OPS: Partial<Record<Value['op'], number>> = {
  add: SIMD.f64x2Add,
  sub: SIMD.f64x2Sub,
  mul: SIMD.f64x2Mul,
  div: SIMD.f64x2Div,
  neg: SIMD.f64x2Neg,
  abs: SIMD.f64x2Abs,
  sqrt: SIMD.f64x2Sqrt,
  floor: SIMD.f64x2Floor,
  min: SIMD.f64x2Pmin,
  max: SIMD.f64x2Pmax,
  lt: SIMD.f64x2Lt,
  le: SIMD.f64x2Le,
  eq: SIMD.f64x2Eq,
  and: SIMD.and,
  or: SIMD.or,
  not: SIMD.not,
  wholeAdd: SIMD.i32x4Add,
  wholeSub: SIMD.i32x4Sub,
  wholeMul: SIMD.i32x4Mul,
  wholeAnd: SIMD.and,
  wholeOr: SIMD.or,
  wholeXor: SIMD.xor,
}

const SCALAR_OPS: Partial<Record<Value['op'], number>> = {
  add: OP.f64Add,
  sub: OP.f64Sub,
  mul: OP.f64Mul,
  div: OP.f64Div,
  neg: OP.f64Neg,
  abs: OP.f64Abs,
  sqrt: OP.f64Sqrt,
  floor: OP.f64Floor,
  lt: OP.f64Lt,
  le: OP.f64Le,
  eq: OP.f64Eq,
  and: OP.i32And,
  or: OP.i32Or,
  toNum: OP.f64ConvertI32U,
  wholeAdd: OP.i32Add,
  wholeSub: OP.i32Sub,
  wholeMul: OP.i32Mul,
  wholeAnd: OP.i32And,
  wholeOr: OP.i32Or,
  wholeXor: OP.i32Xor,
  wholeRemainder: OP.i32RemU,
  wholeEq: OP.i32Eq,
  wholeLt: OP.i32LtU,
}
