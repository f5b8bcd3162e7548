/** Finds uniform flows that a month overwrites after reading them: one value per month cannot stand for those. */
import { handedOut, type Column, type Item, type Region, type Value } from './ir.ts'

interface Access {
  readonly order: number
  readonly entity: Value
  /** Loops and repeats around it, outermost first. */
  readonly loops: readonly Item[]
}

/**
 * The columns that are read (by the loads `read`) where a later pass or item of the month may still write them. The
 * prelude leaves only the last value of the month, so these have to be kept per lane, in the order of the steps.
 */
export function overwrittenFlows(month: readonly Region[], read: ReadonlySet<Value>): Set<Column> {
  const stores = new Map<Column, Access[]>()
  const loads = new Map<Column, Access[]>()
  let order = 0
  const note = (
    accesses: Map<Column, Access[]>,
    column: Column,
    entity: Value,
    loops: readonly Item[],
  ): void => {
    accesses.set(column, [...(accesses.get(column) ?? []), { order, entity, loops }])
  }
  const walk = (region: Region, loops: readonly Item[]): void => {
    for (const item of region.items) {
      order++
      if (item.type === 'value' && item.value.column && read.has(item.value))
        note(loads, item.value.column, item.value.args[0] as Value, loops)
      if (item.type === 'store') note(stores, item.column, item.entity, loops)
      const inside = item.type === 'loop' || item.type === 'repeat' ? [...loops, item] : loops
      for (const { region: inner } of handedOut(item)) walk(inner, inside)
    }
  }
  for (const region of month) walk(region, [])

  const columns = [...loads].filter(([column, reads]) =>
    reads.some((load) => (stores.get(column) ?? []).some((store) => mayFollow(store, load))),
  )
  return new Set(columns.map(([column]) => column))
}

/** Whether the store may write what the load has read, after it was read and in the same month. */
function mayFollow(store: Access, load: Access): boolean {
  if (store.order > load.order) return true
  const shared = store.loops.filter((loop, i) => load.loops[i] === loop)
  return shared.length > 0 && !(store.entity === load.entity && isVisitedOnce(load.entity, shared))
}

/** Whether the loops, all of them together, bring this record up in one pass only. */
function isVisitedOnce(entity: Value, loops: readonly Item[]): boolean {
  let record = entity
  for (const [i, loop] of [...loops].reverse().entries()) {
    if (loop.type !== 'loop' || loop.variable !== record || loop.range.over === 'list') return false
    if (loop.range.over === 'all') return i === loops.length - 1
    record = loop.range.parent
  }
  return true
}
