/** Loops and sums over records, and the records themselves. The callbacks run once, while tracing; what they record runs as
 * often as memory says. */
import type { Loop, LoopRange, Region, Value } from './ir.ts'
import { NODE, type DimensionOf, type Entity, type Range } from './dimension.ts'
import { here, traceError, tracer } from './tracer.ts'
import { type Bool, Num, Whole, num, wrap, type BoolLike, type NumLike } from './values.ts'
import { literal, sameKind } from './kinds.ts'

type Visited<C> = DimensionOf<C> | Range<C>

/** Visits every record in order. */
export function each<C>(
  records: Visited<C>,
  visit: (record: Entity<C>) => void,
  options: { backwards?: boolean } = {},
): void {
  loop(
    records,
    (record) => {
      visit(record)
      return []
    },
    options,
  )
}

/** The sum of `term` over the records, added in order from 0. */
export function sum<C>(records: Visited<C>, term: (record: Entity<C>) => NumLike): Num {
  return reduce(records, 'add', 0, term)
}

/** The largest `term` over the records, and at least `least`. */
export function maximum<C>(records: Visited<C>, least: number, term: (record: Entity<C>) => NumLike): Num {
  return reduce(records, 'max', least, term)
}

/** The smallest `term` over the records, and at most `most`. */
export function minimum<C>(records: Visited<C>, most: number, term: (record: Entity<C>) => NumLike): Num {
  return reduce(records, 'min', most, term)
}

/** Several sums in one pass. */
export function sums<C, K extends string>(
  records: Visited<C>,
  terms: (record: Entity<C>) => Record<K, NumLike>,
): Record<K, Num> {
  let names: K[] = []
  const results = loop(records, (record) => {
    const given = terms(record)
    names = Object.keys(given) as K[]
    return names.map((name) => ({ op: 'add' as const, initial: 0, term: num(given[name]).node }))
  })
  return Object.fromEntries(names.map((name, i) => [name, new Num(results[i] as Value)])) as Record<K, Num>
}

/** Numbers or conditions carried from record to record: `step` gets what the records before left. Always per lane. */
export function fold<C, K extends string>(
  records: Visited<C>,
  initial: Record<K, NumLike>,
  step: (state: Record<K, Num>, record: Entity<C>) => Record<K, NumLike>,
  options?: { backwards?: boolean },
): Record<K, Num>
export function fold<C, S extends Record<string, Num | Bool>>(
  records: Visited<C>,
  initial: { [K in keyof S]: NumOrBoolLike<S[K]> },
  step: (state: S, record: Entity<C>) => { [K in keyof S]: NumOrBoolLike<S[K]> },
  options?: { backwards?: boolean },
): S
export function fold<C, S extends Record<string, Num | Bool>>(
  records: Visited<C>,
  initial: { [K in keyof S]: NumOrBoolLike<S[K]> },
  step: (state: S, record: Entity<C>) => { [K in keyof S]: NumOrBoolLike<S[K]> },
  options: { backwards?: boolean } = {},
): S {
  const t = tracer()
  const site = here()
  const names = Object.keys(initial)
  const first = names.map((name) => t.lane(literal(initial[name] as NumLike | BoolLike)))
  const { item, bodies } = openLoop(records, options, (record, region) => {
    const inside = first.map((value) => t.bound('carried', value.kind, false, { region }))
    const next = step(
      Object.fromEntries(names.map((name, i) => [name, wrap(inside[i] as Value)])) as S,
      record,
    )
    return names.map((name, i) => {
      const given = inside[i] as Value
      return {
        inside: given,
        next: t.lane(sameKind(given.kind, next[name], `${name} of the next state`, site)),
      }
    })
  })
  const results = bodies.map(({ inside, next }, i) => {
    const result = t.bound('result', next.kind, false)
    item.carried.push({ initial: first[i] as Value, inside, next, result })
    return result
  })
  t.push(item)
  return Object.fromEntries(names.map((name, i) => [name, wrap(results[i] as Value)])) as S
}

type NumOrBoolLike<T> = T extends Num ? NumLike : BoolLike

function reduce<C>(
  records: Visited<C>,
  op: 'add' | 'max' | 'min',
  initial: number,
  term: (record: Entity<C>) => NumLike,
): Num {
  const [result] = loop(records, (record) => [{ op, initial, term: num(term(record)).node }])
  return new Num(result as Value)
}

interface Reduction {
  op: 'add' | 'max' | 'min'
  initial: number
  term: Value
}

/** A loop with reductions. Their terms are traced first, so a reduction of uniform terms stays uniform. */
function loop<C>(
  records: Visited<C>,
  visit: (record: Entity<C>) => readonly Reduction[],
  options: { backwards?: boolean } = {},
): Value[] {
  const t = tracer()
  const { item, bodies } = openLoop(records, options, (record, region) =>
    visit(record).map(({ op, initial, term }) => {
      const inside = t.bound('carried', 'num', term.uniform, { region })
      return { initial, inside, next: t.pure(op, 'num', [inside, term]) }
    }),
  )
  const results = bodies.map(({ initial, inside, next }) => {
    const first = num(initial).node
    const result = t.bound('result', 'num', next.uniform)
    item.carried.push({ initial: next.uniform ? first : t.lane(first), inside, next, result })
    return result
  })
  t.push(item)
  return results
}

function openLoop<C, B>(
  records: Visited<C>,
  options: { backwards?: boolean },
  body: (record: Entity<C>, region: Region) => B[],
): { item: Loop; bodies: B[] } {
  const t = tracer()
  const site = here()
  const { dimension, source } =
    'source' in records ? records : { dimension: records, source: { over: 'all' as const } }
  const range: LoopRange = source.over === 'all' ? { over: 'all', dimension } : source
  if (range.over === 'list' && options.backwards)
    throw traceError('a list is visited forwards only', { site })
  let variable: Value | undefined
  const { region, result } = t.nested('loop', (inner) => {
    variable = t.bound('loopVariable', 'entity', true, { region: inner, dimension })
    t.rangeOf.set(variable, range)
    return body(dimension.entity(variable), inner)
  })
  return {
    item: {
      type: 'loop',
      range,
      variable: variable as unknown as Value,
      backwards: options.backwards ?? false,
      body: region,
      carried: [],
      site,
    },
    bodies: result,
  }
}

/** The number of records of a dimension; uniform. */
export function count(dimension: DimensionOf<never> | { readonly name: string }): Whole {
  return new Whole(tracer().pure('count', 'whole', [], { dimension: dimension as never, uniform: true }))
}

/** The position of a record in its dimension, from 0; uniform. */
export function indexOf(record: { readonly [NODE]: Value }): Whole {
  const node = record[NODE]
  return new Whole(
    tracer().pure('indexOf', 'whole', [node], { dimension: node.dimension as never, uniform: true }),
  )
}

/** The single record of a dimension that has one. */
export function only<C>(dimension: DimensionOf<C>): Entity<C> {
  return dimension.entity(tracer().pure('root', 'entity', [], { dimension, uniform: true }))
}
