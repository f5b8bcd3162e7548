/** Replaces calls of routines marked `inline` by copies of their bodies, for the WebAssembly back end. */
import type { Call, Carried, Item, Region, RoutineBody, Value } from '../trace/ir.ts'

/** A copy of a region in which every inline call is replaced; values outside the copied bodies stay themselves. */
export function inlineCalls(region: Region): Region {
  return new Copier(new Map(), { fresh: false }).region(region)
}

/** A copy of a routine without inline calls inside. */
export function inlineRoutine(routine: RoutineBody): RoutineBody {
  const copier = new Copier(new Map(), { fresh: false })
  const body = copier.region(routine.body)
  return { ...routine, body, results: routine.results.map((value) => copier.value(value)) }
}

let copies = 1_000_000_000

class Copier {
  private readonly renamed: Map<Value, Value>
  /** Whether everything that is defined gets a name of its own: the body of an inlined routine, copied once per call. */
  private readonly fresh: boolean

  constructor(renamed: Map<Value, Value>, { fresh }: { fresh: boolean }) {
    this.renamed = renamed
    this.fresh = fresh
  }

  region(region: Region): Region {
    return { ...region, items: region.items.flatMap((item) => this.item(item)) }
  }

  /** The value that stands for `value` here. Results of inlined calls and everything in a copied body are renamed. */
  value(value: Value): Value {
    const known = this.renamed.get(value)
    if (known) return known
    if (value.args.some((arg) => this.value(arg) !== arg)) return this.rename(value)
    // Remembered, because a shared expression is reached by many paths: without this the walk is exponential.
    this.renamed.set(value, value)
    return value
  }

  private rename(value: Value): Value {
    const copy: Value = { ...value, id: copies++, args: value.args.map((arg) => this.value(arg)) }
    this.renamed.set(value, copy)
    return copy
  }

  /** Names what is defined here, before the regions that may use it are copied. */
  private define(...values: readonly Value[]): void {
    if (this.fresh) for (const value of values) this.rename(value)
  }

  private carried(carried: readonly Carried[]): Carried[] {
    return carried.map((c) => ({
      initial: this.value(c.initial),
      inside: this.value(c.inside),
      next: this.value(c.next),
      result: this.value(c.result),
    }))
  }

  private item(item: Item): Item[] {
    switch (item.type) {
      case 'value':
        this.define(item.value)
        return [{ type: 'value', value: this.value(item.value) }]
      case 'store':
        return [
          {
            ...item,
            entity: this.value(item.entity),
            value: this.value(item.value),
            dynamic: item.dynamic && this.value(item.dynamic),
          },
        ]
      case 'record':
        return [
          {
            ...item,
            entity: this.value(item.entity),
            values: item.values.map(({ name, value }) => ({ name, value: this.value(value) })),
          },
        ]
      case 'loop': {
        this.define(item.variable, ...item.carried.flatMap((c) => [c.inside, c.result]))
        const range =
          item.range.over === 'all' ? item.range : { ...item.range, parent: this.value(item.range.parent) }
        const body = this.region(item.body)
        return [
          { ...item, range, variable: this.value(item.variable), body, carried: this.carried(item.carried) },
        ]
      }
      case 'repeat': {
        this.define(...item.carried.flatMap((c) => [c.inside, c.result]))
        const body = this.region(item.body)
        return [
          {
            ...item,
            active: this.value(item.active),
            body,
            again: this.value(item.again),
            carried: this.carried(item.carried),
          },
        ]
      }
      case 'branch': {
        this.define(...item.results.map((r) => r.result))
        const then = this.region(item.then)
        const otherwise = this.region(item.otherwise)
        const results = item.results.map((r) => ({
          then: this.value(r.then),
          otherwise: this.value(r.otherwise),
          result: this.value(r.result),
        }))
        return [{ ...item, condition: this.value(item.condition), then, otherwise, results }]
      }
      case 'call':
        if (item.routine.inline) return this.inlined(item)
        this.define(...item.results)
        return [
          {
            ...item,
            args: item.args.map((arg) => this.value(arg)),
            results: item.results.map((r) => this.value(r)),
          },
        ]
    }
  }

  private inlined({ routine, args, results }: Call): Item[] {
    const parameters = new Map(
      routine.parameters.map((parameter, i) => [parameter, this.value(args[i] as Value)]),
    )
    const inner = new Copier(parameters, { fresh: true })
    const { items } = inner.region(routine.body)
    routine.results.forEach((result, i) => this.renamed.set(results[i] as Value, inner.value(result)))
    return [...items]
  }
}
