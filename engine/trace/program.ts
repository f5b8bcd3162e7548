/**
 * From steps to a program: traces every step, checks what was traced, splits uniform work from per-lane work and
 * drops what nothing needs.
 */
import type {
  Column,
  Dimension,
  Item,
  Phase,
  Program,
  RecordTable,
  Region,
  Relation,
  Site,
  Step,
  Value,
} from './ir.ts'
import { walkRegion } from './layout.ts'
import { overwrittenFlows } from './overwritten.ts'
import { slice } from './slice.ts'
import { RivalryError } from '../errors.ts'
import { Tracer, here, traceError, withTracer, withoutLines } from './tracer.ts'

/** A named piece of the month. */
export interface StepDeclaration {
  readonly name: string
  readonly run: () => void
}

/** A step of the month: `run` is called once per trace and records what the step does. */
export function step(name: string, run: () => void): StepDeclaration {
  return { name, run }
}

/** A model as its author declares it. */
export interface ModelDeclaration {
  readonly name: string
  readonly dimensions: readonly Dimension[]
  readonly relations: readonly { readonly relation: Relation }[]
  readonly tables: readonly RecordTable[]
  /** Run once per replication, before month 0. */
  readonly start: readonly StepDeclaration[]
  /** Run every month, in this order. */
  readonly month: readonly StepDeclaration[]
  /** Run once per replication, after the last month. */
  readonly finish: readonly StepDeclaration[]
}

/** How a model is traced. */
export interface TraceOptions {
  /** Parameter columns that differ by replication; all others have one value per design point. */
  readonly laneParameters?: Iterable<Column>
  /** Columns that stay in memory although nothing recorded needs them: for step-by-step checks and explanations. */
  readonly keep?: Iterable<Column>
}

/**
 * Traces a model.
 *
 * @throws RivalryError (code `trace`) naming the line of a mistake: a column read before it is written, a value or
 * condition that nothing depends on, a value used outside its loop, a symbolic value given to a JavaScript operator.
 */
export function traceProgram(model: ModelDeclaration, options: TraceOptions = {}): Program {
  try {
    return withoutLines(() => trace(model, options))
  } catch (error) {
    if (!(error instanceof RivalryError && error.code === 'trace')) throw error
    // There is a mistake: trace again, this time remembering the line of every value.
    return trace(model, options)
  }
}

function trace(model: ModelDeclaration, options: TraceOptions): Program {
  const laneParameters = new Set(options.laneParameters ?? [])
  const keep = new Set(options.keep ?? [])
  const laneFlows = new Set<Column>()
  const site = here()
  checkDeclaration(model, site)
  for (;;) {
    const written = new Set<Column>()
    let changed = false
    const traced: Record<Phase, Step[]> = { start: [], month: [], finish: [] }
    for (const phase of ['start', 'month', 'finish'] as const) {
      // What a start step sets of a flow is not there any more when a month reads it.
      if (phase === 'month') for (const column of written) if (column.role === 'flow') written.delete(column)
      for (const { name, run } of model[phase]) {
        const tracer = new Tracer({ laneParameters, laneFlows, written, phase })
        const region = tracer.begin('step')
        withTracer(tracer, run)
        changed ||= tracer.changedFlows
        if (!changed) tracer.checkUsed()
        traced[phase].push({ name, region })
      }
    }
    if (changed) continue
    const program = split(model, traced, { laneParameters, laneFlows, keep })
    if (!program) continue
    checkNamesUsed(model, traced, site)
    return program
  }
}

/** The program, or nothing when more flows turn out to be per lane (added to `laneFlows`) and it is traced again. */
function split(
  model: ModelDeclaration,
  traced: Record<Phase, Step[]>,
  {
    laneParameters,
    laneFlows,
    keep,
  }: { laneParameters: ReadonlySet<Column>; laneFlows: Set<Column>; keep: ReadonlySet<Column> },
): Program | undefined {
  const isUniformFlow = (column: Column): boolean => column.role === 'flow' && !laneFlows.has(column)
  const all = [...traced.start, ...traced.month, ...traced.finish]
  const main = slice(
    all.map((s) => s.region),
    {
      isRoot: (item) =>
        item.type === 'record' ||
        (item.type === 'store' && keep.has(item.column) && !isUniformFlow(item.column)),
      keepsStore: (column) => !isUniformFlow(column),
    },
  )
  const needed = new Set([...main.loaded, ...keep].filter(isUniformFlow))
  const months = traced.month.map((s) => s.region)
  const overwritten = overwrittenFlows(
    months,
    loadsOf(
      months.map((region) => main.regions.get(region) as Region),
      needed,
    ),
  )
  if (overwritten.size > 0) {
    for (const column of overwritten) laneFlows.add(column)
    return undefined
  }
  const prelude = slice(
    traced.month.map((s) => s.region),
    {
      isRoot: (item) => item.type === 'store' && needed.has(item.column),
      keepsStore: isUniformFlow,
    },
  )
  const steps = (list: readonly Step[], regions: ReadonlyMap<Region, Region>): Step[] =>
    list
      .map(({ name, region }) => ({ name, region: regions.get(region) as Region }))
      .filter(({ region }) => region.items.length > 0)
  return {
    name: model.name,
    dimensions: model.dimensions,
    relations: model.relations.map(({ relation }) => relation),
    tables: model.tables,
    prelude: steps(traced.month, prelude.regions),
    start: steps(traced.start, main.regions),
    month: steps(traced.month, main.regions),
    finish: steps(traced.finish, main.regions),
    laneParameters,
    uniformFlows: new Set([...prelude.stored, ...needed]),
  }
}

function loadsOf(regions: readonly Region[], columns: ReadonlySet<Column>): Set<Value> {
  const loads = new Set<Value>()
  for (const region of regions) {
    walkRegion(region, (item) => {
      if (
        item.type === 'value' &&
        item.value.op === 'load' &&
        item.value.column &&
        columns.has(item.value.column)
      )
        loads.add(item.value)
    })
  }
  return loads
}

function checkDeclaration(model: ModelDeclaration, site: Site): void {
  for (const declared of [
    [...model.dimensions, ...model.relations.map(({ relation }) => relation)],
    model.tables,
  ]) {
    const names = new Set<string>()
    for (const { name } of declared) {
      if (names.has(name))
        throw traceError(`model ${model.name} declares two things called ${name}`, { site })
      names.add(name)
    }
  }
  for (const { name, columns } of model.tables) {
    const twice = columns.find((column, i) => columns.findIndex((other) => other.name === column.name) < i)
    if (twice) throw traceError(`table ${name} declares two columns called ${twice.name}`, { site })
  }
}

/** @throws RivalryError when a step uses a dimension, a relation or a table that the model does not declare. */
function checkNamesUsed(model: ModelDeclaration, traced: Record<Phase, readonly Step[]>, site: Site): void {
  const declared = new Set<unknown>([
    ...model.dimensions,
    ...model.relations.map(({ relation }) => relation),
    ...model.tables,
  ])
  const check = (used: { readonly name: string } | undefined, kind: string, at: Site): void => {
    if (!used || declared.has(used)) return
    throw traceError(`${kind} ${used.name} is used and model ${model.name} does not declare it`, {
      site: at,
      hint: `add it to the model's ${kind}s`,
    })
  }
  for (const { relation } of model.relations)
    for (const end of [relation.from, relation.to]) check(end, 'dimension', site)
  for (const table of model.tables) check(table.dimension, 'dimension', site)
  const see = (item: Item): void => {
    if (item.type === 'value') {
      check(item.value.dimension, 'dimension', item.value.site)
      check(item.value.relation, 'relation', item.value.site)
      check(item.value.input?.table, 'table', item.value.site)
    }
    if (item.type === 'loop') {
      check(item.variable.dimension, 'dimension', item.site)
      if (item.range.over !== 'all') check(item.range.relation, 'relation', item.site)
    }
    if (item.type === 'record') check(item.table, 'table', item.site)
  }
  for (const { region } of [...traced.start, ...traced.month, ...traced.finish]) walkRegion(region, see)
}
