/** What is checked of values that traced code hands out: that they are of the kind that is wanted. */
import type { Kind, Site, Value } from './ir.ts'
import { traceError } from './tracer.ts'
import { Bool, Num, Whole, bool, num, whole, type BoolLike, type NumLike, type WholeLike } from './values.ts'

/** The node of a number or condition, literal or symbolic. */
export function literal(value: NumLike | BoolLike): Value {
  return typeof value === 'boolean' || value instanceof Bool ? bool(value).node : num(value).node
}

/** The node of `value`, which must be of `kind`. @throws RivalryError saying `what` it is. */
export function sameKind(kind: Kind, value: unknown, what: string, site: Site): Value {
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
