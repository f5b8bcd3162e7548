/** Arithmetic in WebAssembly: half a value of four lanes at a time, or a value that all replications share. */
import type { Value } from '../trace/ir.ts'
import { BLOCK, HEADER } from '../trace/layout.ts'
import { inputPlace } from './addressing.ts'
import { OP, SIMD } from './encoder.ts'
import { MemoryAccess } from './wasm-memory.ts'
import type { Half, Held } from './wasm-operands.ts'

/** Pushes what operations compute. */
export class Arithmetic extends MemoryAccess {
  protected compareWholes(value: Value, held: Held): void {
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
  protected lanes(value: Value, half: Half): void {
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
  protected scalar(value: Value): void {
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
}

/** Whether a per-lane value is +0, or false, in every lane. */
function isZero(value: Value | undefined): boolean {
  const inner = value?.op === 'splat' ? value.args[0] : undefined
  return (inner?.op === 'const' || inner?.op === 'boolConst') && Object.is(inner.literal, 0)
}

/** Adding this puts a whole number into the low bits of the sum. */
const ROUNDER = 6755399441055744
const TWO_52 = 4503599627370496
const TWO_52_BITS = 0x4330_0000_0000_0000n
/** The upper two words twice. */
const UPPER = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]
/** The low word of each of four 64-bit masks in two halves. */
export const NARROW = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]

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
