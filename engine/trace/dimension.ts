/**
 * Dimensions and their columns: what the memory of a model holds. A dimension is a set of records (segments,
 * startups, offers) whose number is known only when a scenario is loaded; columns are declared once, with unit
 * and meaning, and the declaration drives memory layout, recording and documentation.
 */
import type { Column, ColumnRole, Dimension, Relation, Value } from './ir.ts'
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

/** What is declared of a column. */
export interface ColumnOptions {
  /** Unit as shown to users, `1` for a pure number. */
  readonly unit: string
  /** One line. */
  readonly meaning: string
  /** More than one component makes the column a small vector. */
  readonly length?: number
  readonly kind?: 'num' | 'bool'
}

/** A column before it is part of a dimension. */
export interface ColumnDraft<Role extends ColumnRole = ColumnRole, Options = unknown> {
  readonly role: Role
  readonly options: Options
}

/** A number given before the run: one value per design point, or per replication when the design says so. */
export const parameter = <const O extends ColumnOptions>(options: O): ColumnDraft<'parameter', O> => ({
  role: 'parameter',
  options,
})

/** A whole number given before the run that indices and streams may use; it never varies by replication. */
export const structure = <const O extends ColumnOptions>(options: O): ColumnDraft<'structure', O> => ({
  role: 'structure',
  options,
})

/** A number that lasts from month to month; a start step must set it. */
export const state = <const O extends ColumnOptions>(options: O): ColumnDraft<'state', O> => ({
  role: 'state',
  options,
})

/** A number computed anew every month. If all it ever gets is uniform, it is computed once per point and month. */
export const flow = <const O extends ColumnOptions>(options: O): ColumnDraft<'flow', O> => ({
  role: 'flow',
  options,
})

type Scalar<D> =
  D extends ColumnDraft<infer R, infer O>
    ? R extends 'structure'
      ? Whole
      : O extends { kind: 'bool' }
        ? Bool
        : Num
    : never

/** The components of a vector column of one record. */
export interface Vector<T extends Num | Bool | Whole> {
  readonly length: number
  /** Component `index`: a literal, or a uniform whole number. */
  at(index: WholeLike): T
  set(index: WholeLike, value: T | (T extends Num ? number : T extends Bool ? boolean : never)): T
}

type Access<D> = D extends ColumnDraft<ColumnRole, { length: number }> ? Vector<Scalar<D>> : Scalar<D>
type Fixed = 'parameter' | 'structure'

/** One record of a dimension while tracing: its columns as properties, read and set like variables. */
export type Entity<C> = {
  readonly [K in keyof C as C[K] extends ColumnDraft<Fixed> ? K : never]: Access<C[K]>
} & {
  -readonly [
    K in keyof C as C[K] extends ColumnDraft<Fixed>
      ? never
      : C[K] extends ColumnDraft<ColumnRole, { length: number }>
        ? never
        : K
  ]: Access<C[K]>
} & {
  readonly [
    K in keyof C as C[K] extends ColumnDraft<Fixed>
      ? never
      : C[K] extends ColumnDraft<ColumnRole, { length: number }>
        ? K
        : never
  ]: Access<C[K]>
} & { readonly [NODE]: Value }

/** Key of the value that stands for a record. */
export const NODE = Symbol('node')

/** A dimension that knows the types of its columns. */
export interface DimensionOf<C> extends Dimension {
  /** The record that `node` denotes. */
  entity(node: Value): Entity<C>
  /** Columns by name, for declarations that refer to them. */
  readonly column: { readonly [K in keyof C]: Column }
  declare: { readonly columns: C }
}

/** The entity type of a dimension. */
export type EntityOf<D> = D extends DimensionOf<infer C> ? Entity<C> : never

/** A set of records with the given columns. */
export function dimension<const C extends Record<string, ColumnDraft>>(
  name: string,
  meaning: string,
  drafts: C,
): DimensionOf<C> {
  const columns: Column[] = []
  const byName: Record<string, Column> = {}
  class Record_ extends Misspelt {
    declare readonly [NODE]: Value

    constructor(node: Value) {
      super()
      Object.defineProperty(this, NODE, { value: node })
    }
  }
  Object.defineProperty(Record_.prototype, DIMENSION, { value: name })
  const result = {
    name,
    meaning,
    columns,
    column: byName,
    declare: { columns: drafts },
    entity: (node: Value) => new Record_(node),
  } as unknown as DimensionOf<C>
  for (const [key, draft] of Object.entries(drafts)) {
    const { unit, meaning: text, length = 1, kind = 'num' } = draft.options as ColumnOptions
    const column: Column = {
      name: key,
      role: draft.role,
      kind: draft.role === 'structure' ? 'whole' : kind,
      length,
      unit,
      meaning: text,
      dimension: result,
    }
    columns.push(column)
    byName[key] = column
    const isVector = (draft.options as ColumnOptions).length !== undefined
    Object.defineProperty(
      Record_.prototype,
      key,
      isVector
        ? {
            get(this: Record_) {
              return vectorOf(column, this[NODE])
            },
            set() {
              throw traceError(`${name}.${key} has ${length} components`, {
                site: here(),
                hint: `set one with .${key}.set(index, value)`,
              })
            },
          }
        : {
            get(this: Record_) {
              return wrap(tracer().load(column, this[NODE], 0))
            },
            set(this: Record_, value: NumLike | BoolLike) {
              tracer().store(column, this[NODE], 0, nodeFor(column, value))
            },
          },
    )
  }
  return result
}

const DIMENSION = Symbol('dimension')

/** What a record inherits from: setting a column that is not declared ends up here. */
class Misspelt {}
Object.setPrototypeOf(
  Misspelt.prototype,
  new Proxy(Object.prototype, {
    set(_, key, __, record: { readonly [DIMENSION]: string }) {
      throw traceError(`${record[DIMENSION]} has no column ${String(key)} to set`, { site: here() })
    },
  }),
)

function vectorOf(column: Column, entity: Value): Vector<Num | Bool | Whole> {
  const place = (index: WholeLike): { component: number; dynamic?: Value } => {
    if (typeof index === 'number' || index.node.op === 'wholeConst') {
      const component = typeof index === 'number' ? index : index.node.literal
      if (!Number.isInteger(component) || component < 0 || component >= column.length) {
        throw traceError(
          `component ${component} of ${column.dimension.name}.${column.name} does not exist: it has ${column.length}`,
          { site: here() },
        )
      }
      return { component }
    }
    return { component: 0, dynamic: index.node }
  }
  return {
    length: column.length,
    at(index) {
      const { component, dynamic } = place(index)
      return wrap(tracer().load(column, entity, component, dynamic))
    },
    set(index, value) {
      const { component, dynamic } = place(index)
      const node = nodeFor(column, value as NumLike | BoolLike)
      tracer().store(column, entity, component, node, dynamic)
      return wrap(node)
    },
  }
}

function nodeFor(column: Column, value: NumLike | BoolLike | WholeLike): Value {
  if (column.kind === 'bool') return bool(value as BoolLike).node
  if (column.kind === 'whole') return whole(value as WholeLike).node
  return num(value as NumLike).node
}

// --------------------------------------------------------------------------------------------- relations

/** Records of `C` to loop over, in a fixed order. */
export interface Range<C> {
  readonly dimension: DimensionOf<C>
  readonly source: { over: 'all' } | { over: 'children' | 'list'; relation: Relation; parent: Value }
}

/** From a record to the contiguous records that it owns. */
export interface Children<From, To> {
  (parent: Entity<From>): Range<To>
  /** The child number `index` (a uniform whole number, not checked) of a parent. */
  at(parent: Entity<From>, index: WholeLike): Entity<To>
  readonly relation: Relation
}

/** From a record to the one that it points at. */
export interface Link<From, To> {
  (record: Entity<From>): Entity<To>
  readonly relation: Relation
}

/** From a record to any list of records. */
export interface List<From, To> {
  (parent: Entity<From>): Range<To>
  readonly relation: Relation
}

/** Each record of `from` owns a contiguous run of records of `to`; together the runs are all of `to`, in order. */
export function children<From, To>(
  name: string,
  from: DimensionOf<From>,
  to: DimensionOf<To>,
): Children<From, To> {
  const relation: Relation = { type: 'children', name, from, to }
  const range = (parent: Entity<From>): Range<To> => ({
    dimension: to,
    source: { over: 'children', relation, parent: nodeFrom(relation, parent) },
  })
  const at = (parent: Entity<From>, index: WholeLike): Entity<To> => {
    const place = whole(index).node
    if (!place.uniform)
      throw traceError(`a child of ${name} is chosen by a number that differs between replications`, {
        site: here(),
      })
    return to.entity(
      tracer().pure('childAt', 'entity', [nodeFrom(relation, parent), place], {
        relation,
        dimension: to,
        uniform: true,
      }),
    )
  }
  return Object.assign(range, { at, relation })
}

/** Each record of `from` points at one record of `to`. */
export function link<From, To>(name: string, from: DimensionOf<From>, to: DimensionOf<To>): Link<From, To> {
  const relation: Relation = { type: 'link', name, from, to }
  const follow = (record: Entity<From>): Entity<To> =>
    to.entity(
      tracer().pure('link', 'entity', [nodeFrom(relation, record)], {
        relation,
        dimension: to,
        uniform: true,
      }),
    )
  return Object.assign(follow, { relation })
}

/** Each record of `from` has a list of records of `to`, in a given order. */
export function list<From, To>(name: string, from: DimensionOf<From>, to: DimensionOf<To>): List<From, To> {
  const relation: Relation = { type: 'list', name, from, to }
  const range = (parent: Entity<From>): Range<To> => ({
    dimension: to,
    source: { over: 'list', relation, parent: nodeFrom(relation, parent) },
  })
  return Object.assign(range, { relation })
}

/** The record from which a relation is followed; types alone cannot tell apart dimensions with equal columns. */
function nodeFrom<C>(relation: Relation, record: Entity<C>): Value {
  const node = (record as Entity<C> | undefined)?.[NODE]
  if (node && node.dimension === relation.from) return node
  const given = node?.dimension ? `a record of ${node.dimension.name}` : String(record)
  throw traceError(`${relation.name} leads from ${relation.from.name}, not from ${given}`, { site: here() })
}
