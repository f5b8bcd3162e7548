/** The language in which markets are written: see docs/language.md for a tour. */
export { children, dimension, flow, link, list, parameter, state, structure } from './dimension.ts'
export type { Children, DimensionOf, Entity, EntityOf, Link, List, Range, Vector } from './dimension.ts'
export { choose, chooseNum, repeat, together, when, whenAny } from './conditions.ts'
export { count, each, fold, indexOf, maximum, minimum, only, sum, sums } from './loops.ts'
export { inputOf, recordRow } from './recording.ts'
export { routine } from './routine.ts'
export type { Routine } from './routine.ts'
export { step, traceProgram } from './program.ts'
export type { ModelDeclaration, StepDeclaration, TraceOptions } from './program.ts'
export {
  Bool,
  Num,
  Whole,
  bool,
  clamp,
  exponent,
  max,
  min,
  month,
  num,
  powerOfTwo,
  replication,
  seedKey,
  significand,
  where,
  whereBool,
  whereWhole,
  whole,
} from './values.ts'
export type { BoolLike, NumLike, WholeLike } from './values.ts'
export type { Column, Dimension, Program, RecordTable, Relation } from './ir.ts'
