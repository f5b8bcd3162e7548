/**
 * Loops, sums, conditions and routines: the structure of a traced step. The callbacks run once, while tracing;
 * what they record runs as often as memory says.
 */
import type { Kind, Loop, LoopRange, RecordTable, Region, RoutineBody, Site, Value } from './ir.ts'
import { NODE, type DimensionOf, type Entity, type Range } from './dimension.ts'
import { here, traceError, tracer, type Tracer } from './tracer.ts'
import {
  Bool,
  Num,
  Whole,
  bool,
  num,
  whole,
  whereBool,
  where,
  wrap,
  type BoolLike,
  type NumLike,
  type WholeLike,
} from './values.ts'

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

function literal(value: NumLike | BoolLike): Value {
  return typeof value === 'boolean' || value instanceof Bool ? bool(value).node : num(value).node
}

/** The node of `value`, which must be of `kind`. @throws RivalryError saying `what` it is. */
function sameKind(kind: Kind, value: unknown, what: string, site: Site): Value {
  const matches =
    kind === 'num'
      ? typeof value === 'number' || value instanceof Num
      : kind === 'bool'
        ? typeof value === 'boolean' || value instanceof Bool
        : typeof value === 'number' || value instanceof Whole
  if (!matches) {
    const given =
      value instanceof Num || value instanceof Bool || value instanceof Whole
        ? `a ${value.node.kind}`
        : String(value)
    throw traceError(`${what} must be a ${kind}, not ${given}`, { site })
  }
  return kind === 'whole' ? whole(value as WholeLike).node : literal(value as NumLike | BoolLike)
}

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

// -------------------------------------------------------------------------------------------- conditions

/** Does the work for the lanes where `condition` holds; skipped when it holds in none. */
export function when(condition: BoolLike, work: () => void): void {
  choose(
    condition,
    () => {
      work()
      return {}
    },
    () => ({}),
  )
}

type Values = Record<string, Num | Bool | Whole>

/**
 * Values that are computed only where they are needed: `yes` runs if the condition holds in any lane, `no` if it
 * fails in any; results are taken lane by lane, and columns set inside keep their value in the other lanes.
 */
export function choose<V extends Values>(condition: BoolLike, yes: () => V, no: () => V): V {
  return branch(condition, yes, no, 'own')
}

/**
 * `work` for all lanes if the condition holds in any of them, `otherwise` if it holds in none: a `choose` that costs
 * one test and no merging. In a lane where the condition fails, `work` must leave what `otherwise` leaves there, as
 * far as anything can see it: a startup without customers may be given no customers. The JavaScript back end
 * takes each lane to its own side, so a lane for which this does not hold shows as a difference between back ends.
 */
export function together<V extends Values>(condition: BoolLike, work: () => V, otherwise: () => V): V {
  return branch(condition, work, otherwise, 'together')
}

function branch<V extends Values>(
  condition: BoolLike,
  yes: () => V,
  no: () => V,
  lanes: 'own' | 'together',
): V {
  const t = tracer()
  const site = here()
  const test = bool(condition).node
  if (test.op === 'boolConst') return test.literal === 1 ? yes() : no()
  const sideOf = (mask: () => Value, work: () => V) =>
    lanes === 'own' ? side(t, mask(), work) : sideTogether(t, work)
  const then = sideOf(() => test, yes)
  const otherwise = sideOf(() => t.pure('not', 'bool', [test]), no)
  const names = Object.keys(then.result)
  const lacking = [...names, ...Object.keys(otherwise.result)].find(
    (name) => !then.result[name] || !otherwise.result[name],
  )
  if (lacking !== undefined) throw traceError(`both sides of choose must give ${lacking}`, { site })
  const results = names.map((name) => {
    let a = (then.result[name] as Num).node
    if (!(a as Value | undefined))
      throw traceError(`${name} of choose must be symbolic, not ${String(then.result[name])}`, {
        site,
        hint: 'wrap a literal in num(), bool() or whole()',
      })
    let b = sameKind(a.kind, otherwise.result[name], `${name} of the other side of choose`, site)
    const uniform = test.uniform && a.uniform && b.uniform
    if (!uniform) {
      a = inRegion(t, then.region, () => t.lane(a))
      const other = b
      b = inRegion(t, otherwise.region, () => t.lane(other))
    }
    return { then: a, otherwise: b, result: t.bound('result', a.kind, uniform) }
  })
  t.push({
    type: 'branch',
    lanes: test.uniform ? 'own' : lanes,
    condition: test,
    then: then.region,
    otherwise: otherwise.region,
    results,
    site,
  })
  return Object.fromEntries(
    names.map((name, i) => [name, wrap((results[i] as { result: Value }).result)]),
  ) as V
}

/** `choose` for one number. */
export function chooseNum(condition: BoolLike, yes: () => NumLike, no: () => NumLike): Num {
  return choose<{ value: Num }>(
    condition,
    () => ({ value: num(yes()) }),
    () => ({ value: num(no()) }),
  ).value
}

function side<V>(t: Tracer, mask: Value, work: () => V): { region: Region; result: V } {
  const outer = t.masks.at(-1)
  return t.nested('branch', () => {
    const combined = outer ? t.pure('and', 'bool', t.lanes([outer, mask])) : mask
    t.used.add(mask).add(combined)
    t.masks.push(combined)
    try {
      return work()
    } finally {
      t.masks.pop()
    }
  })
}

/** A side that all lanes take together: nothing is merged, and nothing in it is the same for all replications. */
function sideTogether<V>(t: Tracer, work: () => V): { region: Region; result: V } {
  return t.nested('branch', () => {
    t.together++
    try {
      return work()
    } finally {
      t.together--
    }
  })
}

function inRegion<T>(t: Tracer, region: Region, work: () => T): T {
  const outer = t.region
  t.region = region as typeof t.region
  try {
    return work()
  } finally {
    t.region = outer
  }
}

/**
 * Repeats `body` for the lanes where `active` holds, each until its `again` fails; a lane that is done keeps its
 * values. The body runs at least once for an active lane, so bound the number of rounds in `again`.
 */
export function repeat<S extends Values>(
  active: BoolLike,
  initial: S,
  body: (state: S) => { again: BoolLike; next: S },
): S {
  const t = tracer()
  const site = here()
  if (t.masks.length > 0 && t.masks.at(-1)?.uniform === false)
    active = new Bool(t.masks.at(-1) as Value).and(active)
  const first = t.lane(bool(active).node)
  const names = Object.keys(initial)
  const starts = names.map((name) => {
    const node = (initial[name] as Num | undefined)?.node as Value | undefined
    if (!node)
      throw traceError(`${name} of repeat must be symbolic, not ${String(initial[name])}`, {
        site,
        hint: 'wrap a literal in num(), bool() or whole()',
      })
    return t.lane(node)
  })
  const { region, result } = t.nested('repeat', (inner) => {
    const live = t.bound('carried', 'bool', false, { region: inner })
    const inside = starts.map((value) => t.bound('carried', value.kind, false, { region: inner }))
    t.masks.push(live)
    const { again, next } = body(
      Object.fromEntries(names.map((name, i) => [name, wrap(inside[i] as Value)])) as S,
    )
    t.masks.pop()
    const selected = names.map((name, i) => {
      const before = inside[i] as Value
      return select(live, sameKind(before.kind, next[name], `${name} of the next state`, site), before)
    })
    return { live, inside, again: new Bool(live).and(again).node, selected }
  })
  const results = starts.map((value) => t.bound('result', value.kind, false))
  t.push({
    type: 'repeat',
    active: first,
    body: region,
    again: result.again,
    site,
    carried: [
      { initial: first, inside: result.live, next: result.again, result: t.bound('result', 'bool', false) },
      ...starts.map((value, i) => ({
        initial: value,
        inside: result.inside[i] as Value,
        next: result.selected[i] as Value,
        result: results[i] as Value,
      })),
    ],
  })
  return Object.fromEntries(names.map((name, i) => [name, wrap(results[i] as Value)])) as S
}

function select(mask: Value, yes: Value, no: Value): Value {
  if (yes.kind === 'bool') return whereBool(new Bool(mask), new Bool(yes), new Bool(no)).node
  if (yes.kind === 'num') return where(new Bool(mask), new Num(yes), new Num(no)).node
  return tracer().pure('select', 'whole', tracer().lanes([mask, yes, no]))
}

// ---------------------------------------------------------------------------------------------- routines

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

// ---------------------------------------------------------------------------------------------- recording

/** What code outside the kernel put into a `byRecord` table for `record`, one number for each replication. */
export function inputOf(table: RecordTable, record: { readonly [NODE]: Value }, column: string): Num {
  if (table.byRecord !== true || !table.columns.some(({ name }) => name === column)) {
    throw traceError(`${table.name}.${column} is not an input`, { site: here() })
  }
  return new Num(tracer().pure('input', 'num', [record[NODE]], { input: { table, column }, uniform: false }))
}

/** Writes a row of an output table for `record`, one for each replication. */
export function recordRow(
  table: RecordTable,
  record: { readonly [NODE]: Value },
  values: Record<string, NumLike | BoolLike>,
): void {
  const t = tracer()
  const site = here()
  if (t.masks.length > 0 || t.together > 0) {
    throw traceError(`a row of ${table.name} is recorded under a condition`, {
      site,
      hint: 'every replication writes every row: record outside when(), choose() and repeat(), and use where() for the values',
    })
  }
  if (table.everyMonth && t.phase !== 'month')
    throw traceError(`table ${table.name} has a row for every month: record it in a month step`, { site })
  if (record[NODE].dimension !== table.dimension) {
    throw traceError(
      `table ${table.name} has rows for ${table.dimension.name}, not for ${record[NODE].dimension?.name}`,
      { site },
    )
  }
  const rows = table.columns.map(({ name }) => {
    const value = values[name]
    if (value === undefined) throw traceError(`column ${name} of table ${table.name} is not given`, { site })
    return { name, value: t.lane(literal(value)) }
  })
  t.push({ type: 'record', table, entity: record[NODE], values: rows, site })
}
