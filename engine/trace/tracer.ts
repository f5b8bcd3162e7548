/**
 * The recorder behind the language. While a step runs, exactly one `Tracer` is active; every operation on a
 * symbolic value asks it for a node. It shares equal expressions, moves what does not change out of loops, and
 * reports mistakes with the line on which they were made.
 */
import { RivalryError } from '../errors.ts'
import type {
  Column,
  Dimension,
  Item,
  Kind,
  LoopRange,
  Op,
  Phase,
  Region,
  RegionKind,
  Relation,
  Site,
  Value,
} from './ir.ts'

/** What a value has beside its operation and arguments. */
export interface NodeDetails {
  literal?: number
  column?: Column
  component?: number
  relation?: Relation
  dimension?: Dimension
  input?: Value['input']
  /** Overrides the rule that a value is uniform when all its arguments are. */
  uniform?: boolean
}

/** What is wrong with something, and what to do instead. */
export interface Objection {
  readonly message: string
  readonly hint: string
}

/** Rules for code that may not see or do everything; nothing is an objection where there is none. */
export interface Guard {
  /** A column of a record is read. */
  read(column: Column, entity: Value): Objection | undefined
  /** A column is set. */
  set(column: Column): Objection | undefined
  /** The key of all draws is read. */
  draw(): Objection | undefined
}

interface Scope extends Region {
  /** Pure values already computed here, by what they compute. */
  readonly shared: Map<string, Value>
  /** What memory is known to hold here: column, record and component to value. */
  readonly known: Map<string, { column: Column; entity: number; component: number; value: Value }>
}

let active: Tracer | undefined

/** The tracer of the step being traced. @throws RivalryError outside a step. */
export function tracer(): Tracer {
  if (!active)
    throw new RivalryError('symbolic values exist only while a step is traced', {
      code: 'trace-outside-step',
    })
  return active
}

/** Runs `work` with `next` as the active tracer. */
export function withTracer<T>(next: Tracer, work: () => T): T {
  const previous = active
  active = next
  try {
    return work()
  } finally {
    active = previous
  }
}

/** A mistake in traced code: `message` with the line on which it was made. */
export function traceError(message: string, { site, hint }: { site: Site; hint?: string }): RivalryError {
  return new RivalryError(message, { code: 'trace', path: lineOf(site), hint })
}

let remembering = true

/** Runs `work` without remembering lines, which takes most of the time of tracing. Errors then name no line. */
export function withoutLines<T>(work: () => T): T {
  remembering = false
  try {
    return work()
  } finally {
    remembering = true
  }
}

const NOWHERE: Site = {}

/** Remembers the line being executed; formatting it is left until somebody asks. */
export function here(): Site {
  if (!remembering) return NOWHERE
  const site: { stack?: string } = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 24
  Error.captureStackTrace(site, here)
  Error.stackTraceLimit = limit
  return site
}

/** `file:line:column` of the first frame outside the language and the numerics. */
export function lineOf(site: Site): string {
  const frames = framesOf(site)
  return (
    frames.find((frame) => !/engine[\\/](trace|numerics)[\\/]|^node:/.test(frame)) ??
    frames[0] ??
    'unknown line'
  )
}

/** The places on the stack, innermost first; frames of built-in functions have none. */
function framesOf(site: Site): string[] {
  return (site.stack ?? '')
    .split('\n')
    .slice(1)
    .flatMap((frame) => {
      const place = /^\s*at (?:.*\()?(.+:\d+:\d+)\)?$/.exec(frame)?.[1]
      return place === undefined ? [] : [place.replace(/^async /, '').replace(/^file:\/\//, '')]
    })
}

/** Records one step or routine. */
export class Tracer {
  region: Scope
  /** Columns written so far in this phase order: flows of this month, state since the start. */
  readonly written: Set<Column>
  readonly laneParameters: ReadonlySet<Column>
  /** Flow columns that receive per-lane values; grows while tracing, after which the program is traced again. */
  readonly laneFlows: Set<Column>
  changedFlows = false
  readonly everything: Value[] = []
  readonly used = new Set<Value>()
  masks: Value[] = []
  /** Branches around that all lanes take together although the condition differs between them. */
  together = 0
  /** Rules for the code that is being traced, if there are any. */
  guard: Guard | undefined
  /** What the loops so far run over, by the records that they visit. */
  readonly rangeOf = new Map<Value, LoopRange>()
  private nextId = 0

  /** What is being traced; routines and tests of routines have no phase. */
  readonly phase: Phase | undefined
  private isRoutine = false

  constructor(options: {
    laneParameters: ReadonlySet<Column>
    laneFlows: Set<Column>
    written: Set<Column>
    phase?: Phase
  }) {
    this.laneParameters = options.laneParameters
    this.laneFlows = options.laneFlows
    this.written = options.written
    this.phase = options.phase
    this.region = this.scope('step', undefined)
  }

  /** A fresh top region: a step or a routine's body. */
  begin(kind: 'step' | 'routine'): Region {
    this.region = this.scope(kind, undefined)
    this.masks = []
    this.together = 0
    this.isRoutine = kind === 'routine'
    return this.region
  }

  private scope(kind: RegionKind, parent: Region | undefined): Scope {
    return {
      id: this.nextId++,
      kind,
      depth: parent ? parent.depth + 1 : 0,
      parent,
      items: [],
      shared: new Map(),
      known: new Map(),
    }
  }

  /** Traces `work` into a new region inside the current one. */
  nested<T>(kind: RegionKind, work: (region: Region) => T): { region: Region; result: T } {
    const outer = this.region
    const inner = this.scope(kind, outer)
    this.region = inner
    try {
      return { region: inner, result: work(inner) }
    } finally {
      this.region = outer
    }
  }

  push(item: Item): void {
    this.region.items.push(item)
    if (item.type !== 'value') this.markUsed(item)
  }

  private markUsed(item: Item): void {
    switch (item.type) {
      case 'store':
        this.used.add(item.value)
        if (item.dynamic) this.used.add(item.dynamic)
        break
      case 'record':
        for (const { value } of item.values) this.used.add(value)
        break
      case 'call':
        for (const value of item.args) this.used.add(value)
        break
      case 'loop':
        for (const c of item.carried) this.used.add(c.initial).add(c.next)
        break
      case 'repeat':
        this.used.add(item.active).add(item.again)
        for (const c of item.carried) this.used.add(c.initial).add(c.next)
        break
      case 'branch':
        this.used.add(item.condition)
        for (const r of item.results) this.used.add(r.then).add(r.otherwise)
        break
      case 'value':
    }
  }

  /** A value bound by an enclosing item rather than computed: a loop variable, a carried value, a result. */
  bound(op: Op, kind: Kind, uniform: boolean, details: NodeDetails & { region?: Region } = {}): Value {
    return this.make(
      op,
      kind,
      [],
      { ...details, uniform },
      (details.region as Scope | undefined) ?? this.region,
    )
  }

  /** A pure value: shared with an equal one if there is one, and computed as far out as its arguments allow. */
  pure(op: Op, kind: Kind, args: readonly Value[], details: NodeDetails = {}): Value {
    if (op === 'key' && this.guard) object(this.guard.draw())
    const floor = this.branchFloor()
    let depth = 0
    for (const arg of args) {
      this.checkScope(arg)
      this.used.add(arg)
      if (arg.region.depth > depth) depth = arg.region.depth
    }
    const uniform = details.uniform ?? args.every((arg) => arg.uniform)
    const key = keyOf(op, args, details)
    let home: Scope = this.region
    while (home.depth > Math.max(depth, floor)) home = home.parent as Scope
    for (let at: Scope | undefined = home; at && at.depth >= depth; at = at.parent as Scope | undefined) {
      const known = at.shared.get(key)
      if (known) return known
    }
    const value = this.make(op, kind, args, { ...details, uniform }, home)
    home.shared.set(key, value)
    if (!INLINE.has(op)) home.items.push({ type: 'value', value })
    return value
  }

  /** Reads memory that may change: computed where it stands, or known from an earlier read or write. */
  load(column: Column, entity: Value, component: number, dynamic?: Value): Value {
    this.checkScope(entity)
    if (dynamic) this.checkDynamic(dynamic)
    if (this.guard) object(this.guard.read(column, entity))
    const isBool = column.kind === 'bool'
    const kind: Kind = column.kind
    const args = dynamic ? [entity, dynamic] : [entity]
    if (column.role === 'parameter' || column.role === 'structure') {
      return this.pure('load', kind, args, { column, component, uniform: !this.laneParameters.has(column) })
    }
    if (!this.written.has(column)) {
      throw traceError(`column ${column.dimension.name}.${column.name} is read before it is written`, {
        site: here(),
        hint:
          column.role === 'flow'
            ? 'a flow must be set earlier in the same month'
            : 'set its first value in a start step',
      })
    }
    const uniform = column.role === 'flow' && !this.laneFlows.has(column)
    const key = dynamic ? undefined : `${column.dimension.name}.${column.name}|${entity.id}|${component}`
    if (key !== undefined) {
      for (let at: Scope | undefined = this.region; at; at = at.parent as Scope | undefined) {
        const known = at.known.get(key)
        if (known) return known.value
        if (at.kind !== 'branch') break
      }
    }
    const value = this.make('load', isBool ? 'bool' : kind, args, { column, component, uniform }, this.region)
    this.region.items.push({ type: 'value', value })
    if (key !== undefined) this.region.known.set(key, { column, entity: entity.id, component, value })
    return value
  }

  store(column: Column, entity: Value, component: number, value: Value, dynamic?: Value): void {
    const site = here()
    this.checkScope(entity)
    this.checkScope(value)
    if (dynamic) this.checkDynamic(dynamic)
    if (this.guard) object(this.guard.set(column))
    if (column.role === 'parameter' || column.role === 'structure') {
      throw traceError(`${column.dimension.name}.${column.name} is a parameter and cannot be set`, { site })
    }
    const mask = this.masks.at(-1)
    let stored = value
    if (mask) {
      stored = this.pure(
        'select',
        value.kind,
        this.lanes([mask, value, this.load(column, entity, component, dynamic)]),
      )
    }
    if (this.together > 0) stored = this.lane(stored)
    // Uniform flows are computed by the months' prelude, so what a start or finish step sets is kept per lane.
    const isPerLane = !stored.uniform || (this.phase !== undefined && this.phase !== 'month')
    if (column.role === 'flow' && isPerLane && !this.laneFlows.has(column)) {
      this.laneFlows.add(column)
      this.changedFlows = true
    }
    this.written.add(column)
    for (let at: Scope | undefined = this.region; at; at = at.parent as Scope | undefined) {
      for (const [key, known] of at.known) {
        const apart = !dynamic && known.entity === entity.id && known.component !== component
        if (known.column === column && !apart) at.known.delete(key)
      }
    }
    this.push({ type: 'store', column, component, dynamic, entity, value: stored, site })
    if (dynamic) return
    const uniformColumn = column.role === 'flow' && !this.laneFlows.has(column)
    const key = `${column.dimension.name}.${column.name}|${entity.id}|${component}`
    if (uniformColumn === stored.uniform)
      this.region.known.set(key, { column, entity: entity.id, component, value: stored })
  }

  /** The same values with every uniform one repeated over the lanes, unless all are uniform. */
  lanes(values: readonly Value[]): readonly Value[] {
    if (values.every((value) => value.uniform)) return values
    return values.map((value) => this.lane(value))
  }

  lane(value: Value): Value {
    return value.uniform && value.kind !== 'entity'
      ? this.pure('splat', value.kind, [value], { uniform: false })
      : value
  }

  private make(op: Op, kind: Kind, args: readonly Value[], details: NodeDetails, region: Region): Value {
    if (this.isRoutine && OUTSIDE_ROUTINES.has(op)) {
      throw traceError(`a routine cannot see ${SEEN[op] ?? 'memory'}`, {
        site: here(),
        hint: 'give it what it needs as arguments',
      })
    }
    const value: Value = {
      id: this.nextId++,
      op,
      kind,
      args,
      region,
      site: here(),
      uniform: details.uniform ?? true,
      literal: details.literal ?? 0,
      column: details.column,
      component: details.component ?? 0,
      relation: details.relation,
      input: details.input,
      dimension: details.dimension,
    }
    this.everything.push(value)
    return value
  }

  /** Runs `work` with a tracer of its own that knows nothing of this one's regions: for routines. */
  detached<T>(work: () => T): T {
    return withTracer(
      new Tracer({ laneParameters: this.laneParameters, laneFlows: new Set(), written: new Set() }),
      work,
    )
  }

  /**
   * Checks that everything computed goes somewhere: JavaScript's `if` cannot see a condition, and a forgotten result is
   * a mistake.
   *
   * @throws RivalryError naming the line of the first value that nothing depends on.
   */
  checkUsed(): void {
    const isLost = (value: Value): boolean =>
      (COMPUTED.has(value.op) || (value.op === 'load' && value.kind === 'bool')) && !this.used.has(value)
    const lost = this.everything.find(isLost)
    if (!lost) return
    if (lost.kind === 'bool') {
      throw traceError('a condition decides nothing', {
        site: lost.site,
        hint: 'JavaScript if, && and ?: cannot see a symbolic condition: use where(), choose() or when()',
      })
    }
    throw traceError('a value is computed and nothing depends on it', {
      site: lost.site,
      hint: 'set a column with it or leave it out',
    })
  }

  private checkDynamic(index: Value): void {
    this.checkScope(index)
    this.used.add(index)
    if (index.uniform) return
    throw traceError('a component is chosen by a number that differs between replications', {
      site: here(),
      hint: 'use a literal, the month, an index or a structure column',
    })
  }

  private branchFloor(): number {
    for (let at: Region | undefined = this.region; at; at = at.parent)
      if (at.kind === 'branch') return at.depth
    return 0
  }

  private checkScope(value: Value): void {
    for (let at: Region | undefined = this.region; at; at = at.parent) if (at === value.region) return
    throw traceError('a value from inside a loop, branch or another step is used outside it', {
      site: here(),
      hint: `it was made at ${lineOf(value.site)}; hand it out with sum() or fold(), or keep it in a column`,
    })
  }
}

/** @throws RivalryError with what is wrong with the line being traced, if anything is. */
function object(objection: Objection | undefined): void {
  if (objection) throw traceError(objection.message, { site: here(), hint: objection.hint })
}

/** Operations whose value must go somewhere. */
const COMPUTED: ReadonlySet<Op> = new Set<Op>([
  'add',
  'sub',
  'mul',
  'div',
  'neg',
  'abs',
  'sqrt',
  'floor',
  'min',
  'max',
  'select',
  'powerOfTwo',
  'exponent',
  'significand',
  'toNum',
  'lt',
  'le',
  'eq',
  'and',
  'or',
  'not',
  'wholeAdd',
  'wholeSub',
  'wholeMul',
  'wholeAnd',
  'wholeOr',
  'wholeXor',
  'wholeShiftLeft',
  'wholeShiftRight',
  'wholeRotateLeft',
  'wholeRemainder',
  'wholeEq',
  'wholeLt',
])

/** What a routine cannot contain: it is compiled apart from any block of memory, and called from anywhere. */
const OUTSIDE_ROUTINES: ReadonlySet<Op> = new Set<Op>([
  'month',
  'replication',
  'count',
  'indexOf',
  'loopVariable',
  'root',
  'link',
  'childAt',
  'load',
  'input',
])
const SEEN: Partial<Record<Op, string>> = {
  month: 'the month',
  replication: 'the replication',
  count: 'a number of records',
}

/** Values that back ends write where they are used, so they have no place in a region. */
const INLINE: ReadonlySet<Op> = new Set<Op>(['const', 'wholeConst', 'boolConst'])

function keyOf(op: Op, args: readonly Value[], details: NodeDetails): string {
  const literal =
    details.literal === undefined ? '' : Object.is(details.literal, -0) ? '-0' : String(details.literal)
  const column = details.column
    ? `${details.column.dimension.name}.${details.column.name}.${details.component ?? 0}`
    : ''
  return `${op}|${args.map((arg) => arg.id).join(',')}|${literal}|${column}|${details.relation?.name ?? ''}${details.input ? `${details.input.table.name}.${details.input.column}` : ''}|${details.dimension?.name ?? ''}`
}
