/** What random programs are made of: expressions and statements that can be written down or run in any language. */
import type { Any, B, DimensionName, E, Language, N, Records, W } from '../language.ts'

/** Names bound by loops, branches and so on, while a program runs in a language. */
export class Frame {
  readonly language: Language
  readonly values = new Map<string, Any>()
  readonly records = new Map<string, E>()

  constructor(language: Language) {
    this.language = language
  }
}

/** A value of a program: its text, and how to make it in a language. */
export interface Expression<T> {
  readonly text: string
  readonly make: (frame: Frame) => T
}
/** A number, with a bound of its size that keeps programs free of NaN. */
export interface Real extends Expression<N> {
  readonly bound: number
}
export type Truth = Expression<B>
export type Natural = Expression<W>
/** A record that is at hand. */
export interface Place extends Expression<E> {
  readonly dimension: DimensionName
}
export interface Statement {
  readonly text: string
  readonly run: (frame: Frame) => void
}

/** What may be used at a place in a program. */
export interface Scope {
  readonly places: readonly Place[]
  readonly reals: readonly Real[]
  readonly truths: readonly Truth[]
  readonly naturals: readonly Natural[]
  /** Only values that are the same in all replications. */
  readonly uniform: boolean
  /** Inside a routine there is no memory. */
  readonly isRoutine: boolean
  /** Whether a loop can be started, and how many are around. */
  readonly loops: number
  /** Expressions written before, to be written again. */
  readonly again: Real[]
  readonly inRepeat: boolean
}

/** Columns computed anew every month. */
export const flows = ['u', 'w', 'hot', 'g'] as const

/** Most records of any range, for the bounds of sums. */
export const MOST_RECORDS = 16
/** Bound of what columns hold. */
export const STORED = 1e4
/** Bound beyond which a number is held back before it is used. */
export const LARGE = 1e60

/** Records to loop over. */
export interface Range {
  readonly text: string
  readonly dimension: DimensionName
  readonly isList: boolean
  readonly make: (frame: Frame) => Records
}

/** All records of a dimension. */
export const all = (dimension: DimensionName): Range => ({
  text: dimension,
  dimension,
  isList: false,
  make: (f) => f.language.all(dimension),
})

/** Statements one after the other. */
export function joined(statements: readonly Statement[]): Statement {
  return {
    text: statements.map((s) => s.text).join('; '),
    run: (f) => {
      for (const statement of statements) statement.run(f)
    },
  }
}

/** A number held in bounds, unless it already is. */
export function limited(value: Real, bound: number): Real {
  if (value.bound <= bound) return value
  return {
    text: `clamp(${value.text}, ${bound})`,
    bound,
    make: (f) => f.language.clamp(value.make(f), { low: -bound, high: bound }),
  }
}

/** An operation on two numbers. */
export function both(
  x: Real,
  y: Real,
  text: string,
  bound: (a: number, b: number) => number,
  make: (a: N, b: N, f: Frame) => N,
): Real {
  return {
    text: `(${x.text} ${text} ${y.text})`,
    bound: bound(x.bound, y.bound),
    make: (f) => make(x.make(f), y.make(f), f),
  }
}
