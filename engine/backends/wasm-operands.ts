/** The locals of a WebAssembly function: which hold which values of a program, and how values are pushed. */
import type { Value } from '../trace/ir.ts'
import { Code, OP, SIMD, type Constants, type WasmType } from './encoder.ts'
import type { Liveness } from './liveness.ts'

/** The locals that hold a value: one, or two halves of a per-lane number or condition. */
export interface Held {
  readonly type: WasmType
  readonly locals: readonly [number] | readonly [number, number]
}

/** The halves of four lanes. */
export const HALVES = [0, 1] as const
/** Number of a half. */
export type Half = 0 | 1

/** The WebAssembly type of a value, or of each of its halves. */
export function typeOf(value: Value): WasmType {
  if (value.kind === 'entity') return 'i32'
  if (!value.uniform) return 'v128'
  return value.kind === 'num' ? 'f64' : 'i32'
}

/** Whether a value takes two halves. */
export function isWide(value: Value): boolean {
  return !value.uniform && (value.kind === 'num' || value.kind === 'bool')
}

/** Keeps values in locals: those that are needed no more make room for others. */
export class Operands {
  readonly code: Code

  protected readonly held = new Map<Value, Held>()

  protected liveness: Liveness = { endingAt: new Map(), uses: new Map() }

  protected moment = 0

  constructor(parameters: readonly WasmType[], constants: Constants) {
    this.code = new Code(parameters, constants)
  }

  protected halvesOf(value: Value): readonly Half[] {
    return isWide(value) ? HALVES : [0]
  }

  protected hold(value: Value): Held {
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

  protected release(held: Held): void {
    for (const local of held.locals) this.code.release(held.type, local)
  }

  protected set(value: Value, half: Half): void {
    const { locals } = this.held.get(value) as Held
    this.code.set(locals[half] ?? locals[0])
  }

  /** Pushes a value, or one half of a wide one. */
  protected get(value: Value, half: Half = 0): void {
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

  /** A half of a per-lane value, or a uniform one spread on the spot. */
  protected getLane(value: Value, half: Half): void {
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

  protected advance(): void {
    for (const value of this.liveness.endingAt.get(this.moment) ?? []) {
      const held = this.held.get(value)
      if (!held || value.op === 'argument' || value.op === 'carried' || value.kind === 'entity') continue
      this.held.delete(value)
      this.release(held)
    }
    this.moment++
  }

  protected dropUnused(results: readonly Value[]): void {
    for (const result of results) {
      if (this.liveness.uses.has(result)) continue
      this.release(this.held.get(result) as Held)
      this.held.delete(result)
    }
  }

  protected copyOf(value: Value, half: Half): number {
    const local = this.code.local('v128')
    this.get(value, half)
    this.code.set(local)
    return local
  }
}
