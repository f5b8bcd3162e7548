/** Owns running traced numerics as plain functions, for the tests of this folder. */
import { plainFunction } from '../../engine/backends/javascript.ts'
import { routine, type Routine } from '../../engine/trace/routine.ts'
import { Tracer, withTracer } from '../../engine/trace/tracer.ts'
import type { Num } from '../../engine/trace/values.ts'

/** A routine as a plain function of numbers. */
export function plain<R = number>(given: Pick<Routine, 'bodyFor' | 'parameters'>): (...args: number[]) => R {
  return traced(() => plainFunction(given)) as never
}

/** Runs `work` where symbolic values may be made. */
export function traced<T>(work: () => T): T {
  return withTracer(new Tracer({ laneParameters: new Set(), laneFlows: new Set(), written: new Set() }), work)
}

/** A traced function of one number as a plain function. */
export function plainUnary(name: string, body: (x: Num) => Num): (x: number) => number {
  return plain(routine(name, ['num'], body))
}

/** A traced function of two numbers as a plain function. */
export function plainBinary(name: string, body: (x: Num, y: Num) => Num): (x: number, y: number) => number {
  return plain(routine(name, ['num', 'num'], body))
}

/** Uniform numbers in [0, 1) for choosing test points: Marsaglia's xorshift32. */
export function testUniforms(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** The worst of `points` by `error`, and where it is. */
export function worst(points: Iterable<number>, error: (x: number) => number): { error: number; at: number } {
  let found = { error: 0, at: Number.NaN }
  for (const at of points) {
    const value = error(at)
    if (!(value <= found.error)) found = { error: value, at }
  }
  return found
}

/** The double `steps` places from x, away from 0 for positive steps. */
export function neighbour(x: number, steps: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  view.setBigUint64(0, view.getBigUint64(0) + BigInt(steps))
  return view.getFloat64(0)
}
