/** Keeps of a set of traced regions only what its roots need: dead code and dead columns go. */
import {
  handedOut,
  operandsOf,
  type Branch,
  type Carried,
  type Column,
  type Item,
  type Region,
  type Value,
} from './ir.ts'

/** What a slice is made for. */
export interface SliceOptions {
  /** Items that are kept for their own sake. */
  readonly isRoot: (item: Item) => boolean
  /** Whether stores to this column belong to the slice once the column is read in it. */
  readonly keepsStore: (column: Column) => boolean
}

/** What is left of a set of regions. */
export interface Slice {
  /** Each given region with only the items that are needed. */
  readonly regions: ReadonlyMap<Region, Region>
  readonly loaded: ReadonlySet<Column>
  readonly stored: ReadonlySet<Column>
}

/** Keeps what the roots need, directly or through columns. */
export function slice(tops: readonly Region[], { isRoot, keepsStore }: SliceOptions): Slice {
  const owner = new Map<Region, Item>()
  const definedBy = new Map<Value, { item: Item; index: number }>()
  const storesOf = new Map<Column, Item[]>()
  const homeOf = new Map<Item, Region>()
  const roots: Item[] = []

  const index = (region: Region): void => {
    for (const item of region.items) {
      homeOf.set(item, region)
      if (isRoot(item)) roots.push(item)
      if (item.type === 'store') storesOf.set(item.column, [...(storesOf.get(item.column) ?? []), item])
      if (item.type === 'loop') definedBy.set(item.variable, { item, index: -1 })
      if (item.type === 'loop' || item.type === 'repeat') {
        item.carried.forEach((c, i) =>
          definedBy.set(c.inside, { item, index: i }).set(c.result, { item, index: i }),
        )
      }
      if (item.type === 'branch') item.results.forEach((r, i) => definedBy.set(r.result, { item, index: i }))
      if (item.type === 'call') item.results.forEach((r, i) => definedBy.set(r, { item, index: i }))
      for (const { region: inner } of handedOut(item)) {
        owner.set(inner, item)
        index(inner)
      }
    }
  }
  tops.forEach(index)

  const values = new Set<Value>()
  const items = new Set<Item>()
  const kept = new Map<Item, Set<number>>()
  const loaded = new Set<Column>()
  const stored = new Set<Column>()
  const work: (() => void)[] = []

  const needRegion = (region: Region | undefined): void => {
    const item = region && owner.get(region)
    if (item) needItem(item)
  }
  const needItem = (item: Item): void => {
    if (items.has(item)) return
    items.add(item)
    work.push(() => {
      needRegion(homeOf.get(item))
      if (item.type === 'loop') {
        if (item.range.over !== 'all') needValue(item.range.parent)
      } else if (item.type === 'branch') needValue(item.condition)
      else if (item.type === 'repeat') needCarried(item, 0)
      else operandsOf(item).forEach(needValue)
      if (item.type === 'repeat') {
        needValue(item.active)
        needValue(item.again)
      }
      if (item.type === 'store') stored.add(item.column)
    })
  }
  const needCarried = (item: Item & { carried: Carried[] }, i: number): void => {
    const known = kept.get(item) ?? new Set()
    if (known.has(i)) return
    kept.set(item, known.add(i))
    const c = item.carried[i] as Carried
    ;[c.initial, c.next].forEach(needValue)
  }
  const needValue = (value: Value): void => {
    if (values.has(value)) return
    values.add(value)
    work.push(() => {
      value.args.forEach(needValue)
      needRegion(value.region)
      const definition = definedBy.get(value)
      if (definition) {
        const { item, index: i } = definition
        needItem(item)
        if (item.type === 'call') item.args.forEach(needValue)
        if ((item.type === 'loop' || item.type === 'repeat') && i >= 0) needCarried(item, i)
        if (item.type === 'branch') {
          kept.set(item, (kept.get(item) ?? new Set()).add(i))
          const result = item.results[i] as Branch['results'][number]
          needValue(result.then)
          needValue(result.otherwise)
        }
      }
      if (
        value.op === 'load' &&
        value.column &&
        (value.column.role === 'state' || value.column.role === 'flow')
      ) {
        if (!loaded.has(value.column)) {
          loaded.add(value.column)
          if (keepsStore(value.column)) (storesOf.get(value.column) ?? []).forEach(needItem)
        }
      }
    })
  }
  roots.forEach(needItem)
  while (work.length > 0) (work.pop() as () => void)()

  const rebuild = (region: Region): Region => ({
    ...region,
    items: region.items.flatMap((item) => rebuildItem(item)),
  })
  const rebuildItem = (item: Item): Item[] => {
    if (item.type === 'value') return values.has(item.value) ? [item] : []
    if (!items.has(item)) return []
    const keep = kept.get(item) ?? new Set<number>()
    if (item.type === 'loop' || item.type === 'repeat') {
      return [{ ...item, body: rebuild(item.body), carried: item.carried.filter((_, i) => keep.has(i)) }]
    }
    if (item.type === 'branch') {
      return [
        {
          ...item,
          then: rebuild(item.then),
          otherwise: rebuild(item.otherwise),
          results: item.results.filter((_, i) => keep.has(i)),
        },
      ]
    }
    return [item]
  }
  return { regions: new Map(tops.map((region) => [region, rebuild(region)])), loaded, stored }
}
