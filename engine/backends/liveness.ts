/** When each value is used for the last time, so that the WebAssembly emitter can reuse its locals. */
import { handedOut, operandsOf, type Item, type Region, type Value } from '../trace/ir.ts'

/** When values are needed for the last time, and how often. */
export interface Liveness {
  /** Values whose last use is at this moment; moments count items and ends of nested regions in order of emission. */
  readonly endingAt: ReadonlyMap<number, readonly Value[]>
  readonly uses: ReadonlyMap<Value, number>
}

/** Moments advance once after each item's operands and once at the end of each nested region. */
export function livenessOf(region: Region, results: readonly Value[] = []): Liveness {
  const last = new Map<Value, number>()
  const uses = new Map<Value, number>()
  const depthOf = new Map<Value, number>()
  const open: Set<Value>[] = []
  let moment = 0

  const define = (value: Value): void => void depthOf.set(value, open.length)
  const use = (value: Value): void => {
    uses.set(value, (uses.get(value) ?? 0) + 1)
    last.set(value, moment)
    // A value from outside a loop is needed again in the next pass: it lives until the outermost such loop ends.
    const depth = depthOf.get(value) ?? 0
    open[depth]?.add(value)
  }
  const nested = (inner: Region, values: readonly Value[], isLoop: boolean): void => {
    if (isLoop) open.push(new Set())
    walk(inner)
    values.forEach(use)
    moment++
    if (isLoop) for (const value of open.pop() as Set<Value>) last.set(value, moment)
    moment++
  }
  const walk = (inside: Region): void => {
    for (const item of inside.items) {
      operandsOf(item).forEach(use)
      moment++
      defineBefore(item)
      for (const { region: inner, values } of handedOut(item)) nested(inner, values, item.type !== 'branch')
      defineAfter(item)
      moment++
    }
  }
  const defineBefore = (item: Item): void => {
    if (item.type === 'value') define(item.value)
    if (item.type === 'loop' || item.type === 'repeat') {
      for (const { inside } of item.carried) depthOf.set(inside, open.length + 1)
      if (item.type === 'loop') depthOf.set(item.variable, open.length + 1)
    }
  }
  const defineAfter = (item: Item): void => {
    if (item.type === 'loop' || item.type === 'repeat') item.carried.forEach((c) => define(c.result))
    if (item.type === 'branch') item.results.forEach((r) => define(r.result))
    if (item.type === 'call') item.results.forEach(define)
  }
  walk(region)
  results.forEach(use)
  const endingAt = new Map<number, Value[]>()
  for (const [value, at] of last) endingAt.set(at, [...(endingAt.get(at) ?? []), value])
  return { endingAt, uses }
}
