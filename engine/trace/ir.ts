/**
 * The intermediate representation: what a traced program is made of. A step is a `Region`, an ordered list of
 * items; items nest through loops, branches and repeats. Values are single-assignment and typed by `kind`;
 * a value is *uniform* when it is the same for every replication of a block (parameters, the month, indices)
 * and *per lane* when it may differ. Back ends read this and nothing else.
 */

/** `num` is an f64, `bool` a condition, `whole` a u32; `entity` is one record of a dimension (an index). */
export type Kind = 'num' | 'bool' | 'whole' | 'entity'

/** What a value is or how it is computed. */
export type Op =
  // constants and builtins
  | 'const'
  | 'wholeConst'
  | 'boolConst'
  | 'month'
  | 'replication'
  | 'key'
  | 'count'
  | 'indexOf'
  // bound by an enclosing item: loop variables, carried values, results, routine arguments
  | 'loopVariable'
  | 'carried'
  | 'result'
  | 'argument'
  // entities
  | 'root'
  | 'link'
  | 'childAt'
  // memory
  | 'load'
  | 'input'
  // f64
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'neg'
  | 'abs'
  | 'sqrt'
  | 'floor'
  | 'min'
  | 'max'
  | 'select'
  | 'powerOfTwo'
  | 'exponent'
  | 'significand'
  | 'toNum'
  // conditions
  | 'lt'
  | 'le'
  | 'eq'
  | 'and'
  | 'or'
  | 'not'
  // u32
  | 'wholeAdd'
  | 'wholeSub'
  | 'wholeMul'
  | 'wholeAnd'
  | 'wholeOr'
  | 'wholeXor'
  | 'wholeShiftLeft'
  | 'wholeShiftRight'
  | 'wholeRotateLeft'
  | 'wholeRemainder'
  | 'wholeEq'
  | 'wholeLt'
  // a uniform value repeated in all lanes
  | 'splat'

/** Where a value or statement was written: an `Error` whose stack is formatted only if it is asked for. */
export type Site = { readonly stack?: string | undefined }

/** A single-assignment value: what computes it, from what, and where it was written. */
export interface Value {
  readonly id: number
  readonly op: Op
  readonly kind: Kind
  readonly uniform: boolean
  readonly args: readonly Value[]
  readonly region: Region
  readonly site: Site
  /** Literal of `const`, `wholeConst`, `boolConst`; distance of a shift or rotation; number of a `key` word. */
  readonly literal: number
  /** Of `load`: the column and the constant component; a dynamic component is the second argument. */
  readonly column: Column | undefined
  readonly component: number
  /** Of `input`: the table and column that code outside the kernel fills in. */
  readonly input: { readonly table: RecordTable; readonly column: string } | undefined
  /** Of `link` and `childAt`. */
  readonly relation: Relation | undefined
  /** Of entities, `count` and `indexOf`. */
  readonly dimension: Dimension | undefined
}

/** What a region belongs to. */
export type RegionKind = 'step' | 'loop' | 'branch' | 'repeat' | 'routine'

/** An ordered list of items with its own scope. */
export interface Region {
  readonly id: number
  readonly kind: RegionKind
  readonly depth: number
  readonly parent: Region | undefined
  readonly items: Item[]
}

/** What a region is a list of. */
export type Item = ValueItem | Loop | Branch | Repeat | Store | RecordRow | Call

/** A value computed where it stands. */
export interface ValueItem {
  readonly type: 'value'
  readonly value: Value
}

/** A value carried around a loop: `initial` before the first pass, `inside` during a pass, `next` after it. */
export interface Carried {
  readonly initial: Value
  readonly inside: Value
  next: Value
  readonly result: Value
}

/** The records that a loop visits. */
export type LoopRange =
  | { readonly over: 'all'; readonly dimension: Dimension }
  | { readonly over: 'children'; readonly relation: Relation; readonly parent: Value }
  | { readonly over: 'list'; readonly relation: Relation; readonly parent: Value }

/** Visits records, carrying values from one to the next. */
export interface Loop {
  readonly type: 'loop'
  readonly range: LoopRange
  readonly variable: Value
  readonly backwards: boolean
  readonly body: Region
  readonly carried: Carried[]
  readonly site: Site
}

/** Each side runs only if some lane needs it; results are selected lane by lane. */
export interface Branch {
  readonly type: 'branch'
  /** Whether each lane takes its own side, or all take the first if the condition holds in any. */
  readonly lanes: 'own' | 'together'
  readonly condition: Value
  readonly then: Region
  readonly otherwise: Region
  readonly results: { then: Value; otherwise: Value; result: Value }[]
  readonly site: Site
}

/** Runs its body for the lanes that are active until none is; lanes that are done keep their values. */
export interface Repeat {
  readonly type: 'repeat'
  readonly active: Value
  readonly body: Region
  again: Value
  readonly carried: Carried[]
  readonly site: Site
}

/** Writes a column of one record. */
export interface Store {
  readonly type: 'store'
  readonly column: Column
  readonly component: number
  readonly dynamic: Value | undefined
  readonly entity: Value
  readonly value: Value
  readonly site: Site
}

/** Writes one row of an output table for each lane. */
export interface RecordRow {
  readonly type: 'record'
  readonly table: RecordTable
  readonly entity: Value
  readonly values: readonly { readonly name: string; readonly value: Value }[]
  readonly site: Site
}

/** Calls a routine. */
export interface Call {
  readonly type: 'call'
  readonly routine: RoutineBody
  readonly args: readonly Value[]
  readonly results: readonly Value[]
  readonly site: Site
}

/** A routine traced for one combination of uniform and per-lane arguments. */
export interface RoutineBody {
  readonly name: string
  /** Whether the WebAssembly back end repeats the body at each call instead of calling it. */
  readonly inline: boolean
  readonly parameters: readonly Value[]
  readonly body: Region
  results: readonly Value[]
}

// ------------------------------------------------------------------------------------------ declarations

/**
 * What a column is for: a `parameter` is given before the run, `state` lasts from month to month, a `flow` is
 * computed anew every month, and a `structure` column holds whole numbers that fix the shape of the loops.
 */
export type ColumnRole = 'parameter' | 'structure' | 'state' | 'flow'

/** A column of a dimension: what it is for, its unit and meaning. */
export interface Column {
  readonly name: string
  readonly role: ColumnRole
  readonly kind: 'num' | 'bool' | 'whole'
  /** Number of components; 1 for a plain column. */
  readonly length: number
  readonly unit: string
  readonly meaning: string
  /** Set when the column is put in a dimension. */
  dimension: Dimension
}

/** A set of records with the same columns. */
export interface Dimension {
  readonly name: string
  readonly meaning: string
  readonly columns: readonly Column[]
}

/**
 * How records of one dimension find those of another: `children` are contiguous, `link` is one record, `list`
 * is any set of records in a given order.
 */
export interface Relation {
  readonly type: 'children' | 'link' | 'list'
  readonly name: string
  readonly from: Dimension
  readonly to: Dimension
}

/**
 * A table in memory outside the blocks. By default an output: one row per replication and record (and month, when
 * recorded in the month), column by column. With `byRecord` it is overwritten every month and lies as
 * [record][column][replication], all f64: for observations and actions, which code outside the kernel shares. With
 * `perBlock` it has rows for the four replications of each block whose state is held, and none else: for notes that
 * are looked at when a block is done, and overwritten by the next.
 */
export interface RecordTable {
  readonly name: string
  readonly dimension: Dimension
  readonly everyMonth: boolean
  readonly byRecord?: boolean
  readonly perBlock?: boolean
  readonly columns: readonly { readonly name: string; readonly type: 'f64' | 'i32' | 'u8' }[]
}

/** A step of the month as traced: its name and its region. */
export interface Step {
  readonly name: string
  readonly region: Region
}

/** When a step runs: before month 0, every month, or after the last. */
export type Phase = 'start' | 'month' | 'finish'

/** A traced model, ready for a back end. */
export interface Program {
  readonly name: string
  readonly dimensions: readonly Dimension[]
  readonly relations: readonly Relation[]
  readonly tables: readonly RecordTable[]
  /** Uniform work, once per point and month. */
  readonly prelude: readonly Step[]
  readonly start: readonly Step[]
  readonly month: readonly Step[]
  readonly finish: readonly Step[]
  /** Parameter columns that differ by replication. */
  readonly laneParameters: ReadonlySet<Column>
  /** Flow columns computed in the prelude. */
  readonly uniformFlows: ReadonlySet<Column>
}

/** The arguments, carried or nested, that an item reads directly (not those of nested regions). */
export function operandsOf(item: Item): readonly Value[] {
  switch (item.type) {
    case 'value':
      return item.value.args
    case 'loop':
      return [
        ...(item.range.over === 'all' ? [] : [item.range.parent]),
        ...item.carried.map((c) => c.initial),
      ]
    case 'branch':
      return [item.condition]
    case 'repeat':
      return [item.active, ...item.carried.map((c) => c.initial)]
    case 'store':
      return item.dynamic ? [item.entity, item.dynamic, item.value] : [item.entity, item.value]
    case 'record':
      return [item.entity, ...item.values.map((v) => v.value)]
    case 'call':
      return item.args
  }
}

/** The values that a nested region hands out when it ends, in the order of emission. */
export function handedOut(item: Item): readonly { region: Region; values: readonly Value[] }[] {
  switch (item.type) {
    case 'loop':
      return [{ region: item.body, values: item.carried.map((c) => c.next) }]
    case 'repeat':
      return [{ region: item.body, values: [item.again, ...item.carried.map((c) => c.next)] }]
    case 'branch':
      return [
        { region: item.then, values: item.results.map((r) => r.then) },
        { region: item.otherwise, values: item.results.map((r) => r.otherwise) },
      ]
    default:
      return []
  }
}
