/** Writes one function of a program as WebAssembly: a step or a routine. */
import type {
  Branch,
  Call,
  Carried,
  Item,
  Kind,
  Loop,
  Region,
  Repeat,
  RoutineBody,
  Store,
  Value,
} from '../trace/ir.ts'
import { BLOCK, HEADER, type Layout } from '../trace/layout.ts'
import { spacesOfEntities } from './addressing.ts'
import { OP, SIMD, type Code, type Constants, type FunctionType, type WasmType } from './encoder.ts'
import { livenessOf } from './liveness.ts'
import { Arithmetic, NARROW } from './wasm-arithmetic.ts'
import { HALVES, isWide, typeOf, type Held } from './wasm-operands.ts'

/** Function index of each routine that is called rather than inlined. */
export type RoutineTable = Map<RoutineBody, number>

/** How a routine's arguments and results travel. */
export function routineType({ parameters, results }: RoutineBody): FunctionType {
  const flat = (values: readonly Value[]): WasmType[] =>
    values.flatMap((value) => (isWide(value) ? [typeOf(value), typeOf(value)] : [typeOf(value)]))
  return { parameters: flat(parameters), results: flat(results) }
}

/** Writes one function: construct it, call `step` or `routine`, take `code`. */
export class WasmEmitter extends Arithmetic {
  private readonly routines: RoutineTable

  constructor({
    layout,
    routines,
    parameters,
    constants,
  }: {
    layout: Layout | undefined
    routines: RoutineTable
    parameters: readonly WasmType[]
    constants: Constants
  }) {
    super(parameters, layout, constants)
    this.routines = routines
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

  private splat(value: Value): void {
    const { code } = this
    const inner = value.args[0] as Value
    if (inner.kind === 'bool') {
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
