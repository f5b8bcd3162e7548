/**
 * From steps to a program: traces every step, checks what was traced, splits uniform work from per-lane work and
 * drops what nothing needs.
 */
import type { Column, Dimension, Op, Phase, Program, RecordTable, Region, Relation, Step, Value } from './ir.ts'
import { slice } from './slice.ts'
import { Tracer, lineOf, traceError, withTracer } from './tracer.ts'

/** A named piece of the month. */
export interface StepDeclaration { readonly name: string; readonly run: () => void }

/** A step of the month: `run` is called once per trace and records what the step does. */
export function step(name: string, run: () => void): StepDeclaration {
  return { name, run }
}

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

export interface TraceOptions {
  /** Parameter columns that differ by replication; all others have one value per design point. */
  readonly laneParameters?: Iterable<Column>
}

/**
 * Traces a model.
 *
 * @throws RivalryError (code `trace`) naming the line of a mistake: a column read before it is written, a value or
 * condition that nothing depends on, a value used outside its loop, a symbolic value given to a JavaScript operator.
 */
export function traceProgram(model: ModelDeclaration, options: TraceOptions = {}): Program {
  const laneParameters = new Set(options.laneParameters ?? [])
  const laneFlows = new Set<Column>()
  checkDeclaration(model)
  for (;;) {
    const written = new Set<Column>()
    let changed = false
    const traced: Record<Phase, Step[]> = { start: [], month: [], finish: [] }
    for (const phase of ['start', 'month', 'finish'] as const) {
      for (const { name, run } of model[phase]) {
        const tracer = new Tracer({ laneParameters, laneFlows, written })
        const region = tracer.begin('step')
        withTracer(tracer, run)
        changed ||= tracer.changedFlows
        if (!changed) checkUsed(tracer)
        traced[phase].push({ name, region })
      }
    }
    if (changed) continue
    return split(model, traced, { laneParameters, laneFlows })
  }
}

function split(
  model: ModelDeclaration, traced: Record<Phase, Step[]>, { laneParameters, laneFlows }: { laneParameters: ReadonlySet<Column>; laneFlows: ReadonlySet<Column> },
): Program {
  const isUniformFlow = (column: Column): boolean => column.role === 'flow' && !laneFlows.has(column)
  const all = [...traced.start, ...traced.month, ...traced.finish]
  const main = slice(all.map((s) => s.region), { isRoot: (item) => item.type === 'record', keepsStore: (column) => !isUniformFlow(column) })
  const needed = new Set([...main.loaded].filter(isUniformFlow))
  const prelude = slice(traced.month.map((s) => s.region), {
    isRoot: (item) => item.type === 'store' && needed.has(item.column), keepsStore: isUniformFlow,
  })
  const steps = (list: readonly Step[], regions: ReadonlyMap<Region, Region>): Step[] =>
    list.map(({ name, region }) => ({ name, region: regions.get(region) as Region })).filter(({ region }) => region.items.length > 0)
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

function checkDeclaration(model: ModelDeclaration): void {
  const names = new Set<string>()
  for (const { name } of [...model.dimensions, ...model.relations.map(({ relation }) => relation), ...model.tables]) {
    if (names.has(name)) throw traceError(`model ${model.name} declares two things called ${name}`, { site: {} })
    names.add(name)
  }
}

/** Operations whose value must go somewhere: JavaScript's `if` cannot see a condition, and a forgotten result is a mistake. */
const COMPUTED: ReadonlySet<Op> = new Set<Op>([
  'add', 'sub', 'mul', 'div', 'neg', 'abs', 'sqrt', 'floor', 'min', 'max', 'select', 'powerOfTwo', 'exponent', 'significand', 'toNum',
  'lt', 'le', 'eq', 'and', 'or', 'not', 'wholeAdd', 'wholeSub', 'wholeMul', 'wholeAnd', 'wholeOr', 'wholeXor', 'wholeShiftLeft',
  'wholeShiftRight', 'wholeRotateLeft', 'wholeRemainder', 'wholeEq', 'wholeLt',
])

function checkUsed(tracer: Tracer): void {
  const lost = tracer.everything.find((value: Value) => COMPUTED.has(value.op) && !tracer.used.has(value))
  if (!lost) return
  if (lost.kind === 'bool') {
    throw traceError('a condition decides nothing', {
      site: lost.site, hint: 'JavaScript if, && and ?: cannot see a symbolic condition: use where(), choose() or when()',
    })
  }
  throw traceError('a value is computed and nothing depends on it', {
    site: lost.site, hint: `set a column with it or leave it out (${lineOf(lost.site)})`,
  })
}
