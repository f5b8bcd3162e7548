/**
 * Symbolic values: numbers, conditions and whole numbers. They read like arithmetic and record what is asked of
 * them. JavaScript's own operators cannot see them, so coercion throws and names the line.
 */
import type { Value } from './ir.ts'
import { here, traceError, tracer } from './tracer.ts'

/** A number wherever one is expected: symbolic or literal. */
export type NumLike = Num | number
/** A condition wherever one is expected: symbolic or literal. */
export type BoolLike = Bool | boolean
/** A whole number wherever one is expected: symbolic or literal. */
export type WholeLike = Whole | number

abstract class Traced {
  readonly node: Value

  constructor(node: Value) {
    this.node = node
  }

  [Symbol.toPrimitive](): never {
    throw traceError('a symbolic value has no value yet: JavaScript operators and templates cannot read it', {
      site: here(),
      hint: 'use plus, minus, times, over, isBelow, equals and where() instead of + - * / < === and ?:',
    })
  }

  toJSON(): never {
    return this[Symbol.toPrimitive]()
  }
}

/** A 64-bit floating-point number. */
export class Num extends Traced {
  declare private readonly brand: 'num'

  plus(other: NumLike): Num {
    return binary('add', this, other)
  }

  minus(other: NumLike): Num {
    return binary('sub', this, other)
  }

  times(other: NumLike): Num {
    return binary('mul', this, other)
  }

  /** Division; by zero it gives an infinity, so guard it with `max` or `where`. */
  over(other: NumLike): Num {
    return binary('div', this, other)
  }

  negated(): Num {
    return unary('neg', this)
  }

  absolute(): Num {
    return unary('abs', this)
  }

  squareRoot(): Num {
    return unary('sqrt', this)
  }

  /** The largest whole number not above this. */
  floor(): Num {
    return unary('floor', this)
  }

  squared(): Num {
    return this.times(this)
  }

  isBelow(other: NumLike): Bool {
    return comparison('lt', this, other)
  }

  isAtMost(other: NumLike): Bool {
    return comparison('le', this, other)
  }

  isAbove(other: NumLike): Bool {
    return comparison('lt', num(other), this)
  }

  isAtLeast(other: NumLike): Bool {
    return comparison('le', num(other), this)
  }

  equals(other: NumLike): Bool {
    return comparison('eq', this, other)
  }
}

/** A condition. */
export class Bool extends Traced {
  declare private readonly brand: 'bool'

  and(other: BoolLike): Bool {
    return new Bool(tracer().pure('and', 'bool', tracer().lanes([this.node, bool(other).node])))
  }

  or(other: BoolLike): Bool {
    return new Bool(tracer().pure('or', 'bool', tracer().lanes([this.node, bool(other).node])))
  }

  not(): Bool {
    return new Bool(tracer().pure('not', 'bool', [this.node]))
  }

  /** 1 where the condition holds, 0 elsewhere. */
  toNum(): Num {
    return where(this, 1, 0)
  }
}

/** An unsigned 32-bit whole number; sums and products wrap around. */
export class Whole extends Traced {
  declare private readonly brand: 'whole'

  plus(other: WholeLike): Whole {
    return wholes('wholeAdd', this, other)
  }

  minus(other: WholeLike): Whole {
    return wholes('wholeSub', this, other)
  }

  times(other: WholeLike): Whole {
    return wholes('wholeMul', this, other)
  }

  and(other: WholeLike): Whole {
    return wholes('wholeAnd', this, other)
  }

  or(other: WholeLike): Whole {
    return wholes('wholeOr', this, other)
  }

  xor(other: WholeLike): Whole {
    return wholes('wholeXor', this, other)
  }

  shiftedLeft(bits: number): Whole {
    return new Whole(tracer().pure('wholeShiftLeft', 'whole', [this.node], { literal: distance(bits) }))
  }

  shiftedRight(bits: number): Whole {
    return new Whole(tracer().pure('wholeShiftRight', 'whole', [this.node], { literal: distance(bits) }))
  }

  rotatedLeft(bits: number): Whole {
    return new Whole(tracer().pure('wholeRotateLeft', 'whole', [this.node], { literal: distance(bits) }))
  }

  /** The remainder of a division; both must be uniform (an index, the month). Divided by 0 it is 0. */
  modulo(other: WholeLike): Whole {
    const divisor = whole(other)
    if (!this.node.uniform || !divisor.node.uniform) {
      throw traceError('modulo takes uniform whole numbers only', { site: here() })
    }
    return new Whole(tracer().pure('wholeRemainder', 'whole', [this.node, divisor.node]))
  }

  equals(other: WholeLike): Bool {
    return new Bool(tracer().pure('wholeEq', 'bool', tracer().lanes([this.node, whole(other).node])))
  }

  isBelow(other: WholeLike): Bool {
    return new Bool(tracer().pure('wholeLt', 'bool', tracer().lanes([this.node, whole(other).node])))
  }

  toNum(): Num {
    return new Num(tracer().pure('toNum', 'num', [this.node]))
  }
}

/** The symbolic number of a literal. @throws RivalryError when it is NaN or no number; infinities are numbers. */
export function num(value: NumLike): Num {
  if (value instanceof Num) return value
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw traceError(`a number is expected, not ${describe(value)}`, { site: here() })
  }
  return new Num(tracer().pure('const', 'num', [], { literal: value }))
}

/** The symbolic condition of a literal. */
export function bool(value: BoolLike): Bool {
  if (value instanceof Bool) return value
  if (typeof value !== 'boolean')
    throw traceError(`a condition is expected, not ${describe(value)}`, { site: here() })
  return new Bool(tracer().pure('boolConst', 'bool', [], { literal: value ? 1 : 0 }))
}

/** The symbolic whole number of a literal. @throws RivalryError when it is not one of 32 bits. */
export function whole(value: WholeLike): Whole {
  if (value instanceof Whole) return value
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw traceError(`a whole number from 0 to 2^32 - 1 is expected, not ${describe(value)}`, {
      site: here(),
    })
  }
  return new Whole(tracer().pure('wholeConst', 'whole', [], { literal: value }))
}

/** `yes` where the condition holds, `no` elsewhere; both are computed. */
export function where(condition: BoolLike, yes: NumLike, no: NumLike): Num {
  const args = tracer().lanes([bool(condition).node, num(yes).node, num(no).node])
  return new Num(tracer().pure('select', 'num', args))
}

/** `where` for conditions. */
export function whereBool(condition: BoolLike, yes: BoolLike, no: BoolLike): Bool {
  const args = tracer().lanes([bool(condition).node, bool(yes).node, bool(no).node])
  return new Bool(tracer().pure('select', 'bool', args))
}

/** `where` for whole numbers. */
export function whereWhole(condition: BoolLike, yes: WholeLike, no: WholeLike): Whole {
  const args = tracer().lanes([bool(condition).node, whole(yes).node, whole(no).node])
  return new Whole(tracer().pure('select', 'whole', args))
}

/** The smaller; exactly `b < a ? b : a`. */
export function min(a: NumLike, b: NumLike): Num {
  return binary('min', num(a), b)
}

/** The larger; exactly `a < b ? b : a`. */
export function max(a: NumLike, b: NumLike): Num {
  return binary('max', num(a), b)
}

/** `value` held between `low` and `high`. */
export function clamp(value: NumLike, { low, high }: { low: NumLike; high: NumLike }): Num {
  return min(max(value, low), high)
}

/** 2^k for a whole `k` in [-1022, 1023], built from bits. */
export function powerOfTwo(k: NumLike): Num {
  return unary('powerOfTwo', num(k))
}

/** The exponent of a positive normal number: floor(log2 x). */
export function exponent(x: NumLike): Num {
  return unary('exponent', num(x))
}

/** The significand of a positive normal number, in [1, 2). */
export function significand(x: NumLike): Num {
  return unary('significand', num(x))
}

/** The month being simulated, from 0; uniform. */
export function month(): Whole {
  return new Whole(tracer().pure('month', 'whole', [], { uniform: true }))
}

/** The number of the replication, different in each lane. */
export function replication(): Whole {
  return new Whole(tracer().pure('replication', 'whole', [], { uniform: false }))
}

/** Word 0 to 3 of the generator's key, derived from the study's seed; uniform. */
export function seedKey(word: 0 | 1 | 2 | 3): Whole {
  return new Whole(tracer().pure('key', 'whole', [], { uniform: true, literal: word }))
}

/** Says that a value may be left unused: for functions that compute more than their caller takes, such as a pair of draws. */
export function optional<T extends Num | Bool | Whole>(value: T): T {
  tracer().used.add(value.node)
  return value
}

/** Wraps a node in the class of its kind. */
export function wrap(node: Value): Num | Bool | Whole {
  return node.kind === 'num' ? new Num(node) : node.kind === 'bool' ? new Bool(node) : new Whole(node)
}

type Fold = (a: number, b: number) => number
const FOLDED: Partial<Record<string, Fold>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
}

function binary(op: 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max', a: Num, b: NumLike): Num {
  const other = num(b)
  const fold = FOLDED[op]
  if (fold && a.node.op === 'const' && other.node.op === 'const')
    return num(fold(a.node.literal, other.node.literal))
  return new Num(tracer().pure(op, 'num', tracer().lanes([a.node, other.node])))
}

function unary(
  op: 'neg' | 'abs' | 'sqrt' | 'floor' | 'powerOfTwo' | 'exponent' | 'significand',
  a: Num,
): Num {
  if (op === 'neg' && a.node.op === 'const') return num(-a.node.literal)
  return new Num(tracer().pure(op, 'num', [a.node]))
}

function comparison(op: 'lt' | 'le' | 'eq', a: Num, b: NumLike): Bool {
  return new Bool(tracer().pure(op, 'bool', tracer().lanes([a.node, num(b).node])))
}

function wholes(
  op: 'wholeAdd' | 'wholeSub' | 'wholeMul' | 'wholeAnd' | 'wholeOr' | 'wholeXor',
  a: Whole,
  b: WholeLike,
): Whole {
  return new Whole(tracer().pure(op, 'whole', tracer().lanes([a.node, whole(b).node])))
}

/** A literal number of bits. @throws RivalryError when it is not a whole number from 0 to 31. */
function distance(bits: number): number {
  if (Number.isInteger(bits) && bits >= 0 && bits <= 31) return bits
  throw traceError(`a number of bits from 0 to 31 is expected, not ${describe(bits)}`, { site: here() })
}

function describe(value: unknown): string {
  if (value instanceof Traced) return `a symbolic ${value.node.kind}`
  if (typeof value === 'number') return String(value)
  return value === undefined ? 'undefined' : (JSON.stringify(value) ?? String(value))
}
