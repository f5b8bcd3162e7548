/** Routines: functions that traced code calls, and that can be compiled on their own. */
import type { RoutineBody, Value } from './ir.ts'
import { here, traceError, tracer } from './tracer.ts'
import {
  type Bool,
  type Num,
  type Whole,
  bool,
  num,
  whole,
  wrap,
  type BoolLike,
  type NumLike,
  type WholeLike,
} from './values.ts'

type KindName = 'num' | 'bool' | 'whole'
type OfKind<K> = K extends 'num' ? Num : K extends 'bool' ? Bool : Whole
type LikeKind<K> = K extends 'num' ? NumLike : K extends 'bool' ? BoolLike : WholeLike
type Given<P extends readonly KindName[]> = { -readonly [I in keyof P]: LikeKind<P[I]> }
type Inside<P extends readonly KindName[]> = { -readonly [I in keyof P]: OfKind<P[I]> }
type Result = Num | Bool | Whole | readonly (Num | Bool | Whole)[]

/** A function that traced code calls and that can be compiled on its own. */
export interface Routine<P extends readonly KindName[] = readonly KindName[], R extends Result = Result> {
  (...args: Given<P>): R
  readonly routineName: string
  readonly parameters: P
  /** The body traced for arguments of which those flagged are uniform. */
  bodyFor(uniform: readonly boolean[]): RoutineBody
}

/**
 * A function that traced code calls: traced once per combination of uniform and per-lane arguments. With
 * `inline`, the WebAssembly back end repeats the body at every call, which is faster and longer.
 */
export function routine<const P extends readonly KindName[], R extends Result>(
  name: string,
  parameters: P,
  body: (...args: Inside<P>) => R,
  options: { inline?: boolean } = {},
): Routine<P, R> {
  const bodies = new Map<string, { body: RoutineBody; many: boolean }>()
  const bodyOf = (uniform: readonly boolean[]) => {
    const key = uniform.map(Number).join('')
    let known = bodies.get(key)
    if (!known) {
      known = traceRoutine(name, parameters, body as never, uniform, options.inline ?? false)
      bodies.set(key, known)
    }
    return known
  }
  const call = (...given: unknown[]): Result => {
    const t = tracer()
    if (given.length !== parameters.length) {
      throw traceError(`routine ${name} takes ${parameters.length} arguments, not ${given.length}`, {
        site: here(),
      })
    }
    const args = given.map((value, i) => {
      const kind = parameters[i]
      return (
        kind === 'num'
          ? num(value as NumLike)
          : kind === 'bool'
            ? bool(value as BoolLike)
            : whole(value as WholeLike)
      ).node
    })
    const { body: traced, many } = bodyOf(args.map((arg) => arg.uniform))
    const results = traced.results.map((result) => t.bound('result', result.kind, result.uniform))
    t.push({ type: 'call', routine: traced, args, results, site: here() })
    const wrapped = results.map(wrap)
    return many ? wrapped : (wrapped[0] as Num)
  }
  return Object.assign(call, {
    routineName: name,
    parameters,
    bodyFor: (uniform: readonly boolean[]) => bodyOf(uniform).body,
  }) as unknown as Routine<P, R>
}

function traceRoutine(
  name: string,
  parameters: readonly KindName[],
  body: (...args: (Num | Bool | Whole)[]) => Result,
  uniform: readonly boolean[],
  inline: boolean,
): { body: RoutineBody; many: boolean } {
  return tracer().detached(() => {
    const t = tracer()
    const region = t.begin('routine')
    const values = parameters.map((kind, i) => t.bound('argument', kind, uniform[i] as boolean))
    const given = body(...values.map(wrap))
    const many = Array.isArray(given)
    const results = (many ? given : [given]) as (Num | Bool | Whole)[]
    for (const result of results as (Num | undefined)[]) {
      if (!(result?.node as Value | undefined))
        throw traceError(`routine ${name} must return symbolic values, not ${String(result)}`, {
          site: here(),
        })
      t.used.add((result as Num).node)
    }
    t.checkUsed()
    const traced: RoutineBody = {
      name,
      inline,
      parameters: values,
      body: region,
      results: results.map((r) => r.node),
    }
    return { body: traced, many }
  })
}
