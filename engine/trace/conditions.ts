/** Conditions: work and values for the replications in which they hold, and repetition until they fail. */
import type { Region, Value } from './ir.ts'
import { here, traceError, tracer, type Tracer } from './tracer.ts'
import {
  Bool,
  Num,
  type Whole,
  bool,
  num,
  whereBool,
  where,
  wrap,
  type BoolLike,
  type NumLike,
} from './values.ts'
import { sameKind } from './kinds.ts'

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

/**
 * `together` for work that gives no values: `work` for all lanes if the condition holds in any, else `otherwise`. In a
 * lane where the condition fails, `work` must leave what `otherwise` leaves there, as far as anything can see it.
 */
export function whenAny(condition: BoolLike, work: () => void, otherwise: () => void = () => {}): void {
  const valueless = (side: () => void) => () => {
    side()
    return {}
  }
  together(condition, valueless(work), valueless(otherwise))
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
