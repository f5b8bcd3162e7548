/** The trace language behind the interface of `language.ts`, and random programs bound to memory. */
import { normal as drawNormal, drawSource } from '../../engine/numerics/draws.ts'
import { exp } from '../../engine/numerics/exponential.ts'
import { log } from '../../engine/numerics/logarithm.ts'
import { Instance, type InstanceOptions, type Structure } from '../../engine/simulation/instance.ts'
import * as trace from '../../engine/trace/index.ts'
import type { Column, Dimension, Program, Relation } from '../../engine/trace/index.ts'
import type { DimensionOf, Entity } from '../../engine/trace/dimension.ts'
import {
  columns,
  dimensionNames,
  inputFor,
  inputs,
  type ColumnShape,
  type DimensionName,
  type Language,
  type ProgramSource,
  type RoutineSource,
  type Scenario,
} from './language.ts'

type Drafts = Parameters<typeof trace.dimension>[2]
type Dim = DimensionOf<Drafts>

const make = { parameter: trace.parameter, structure: trace.structure, state: trace.state, flow: trace.flow }

/** The dimensions and relations of all random programs, with extra columns that no program uses when `padded`. */
export function modelMemory(padded = false) {
  const drafts: Drafts = Object.fromEntries(
    columns.flatMap(([name, shape]: [string, ColumnShape]) => {
      const options = {
        unit: '1',
        meaning: name,
        ...(shape.length ? { length: shape.length } : {}),
        ...(shape.kind === 'bool' ? { kind: 'bool' as const } : {}),
      }
      const draft = make[shape.role](options)
      return padded
        ? [
            [`${name}Unused`, make[shape.role]({ unit: '1', meaning: 'unused', length: 2 })],
            [name, draft],
          ]
        : [[name, draft]]
    }),
  )
  const dims = Object.fromEntries(
    dimensionNames.map((name) => [name, trace.dimension(name, name, drafts)]),
  ) as Record<DimensionName, Dim>
  const relations = {
    pairsOf: trace.children('pairsOf', dims.groups, dims.pairs),
    cellsOf: trace.children('cellsOf', dims.firms, dims.cells),
    rivals: trace.list('rivals', dims.groups, dims.firms),
    firmOf: trace.link('firmOf', dims.pairs, dims.firms),
    groupOf: trace.link('groupOf', dims.pairs, dims.groups),
    friendOf: trace.link('friendOf', dims.firms, dims.firms),
  }
  return { dims, relations }
}
export type ModelMemory = ReturnType<typeof modelMemory>

/** The trace language itself. */
function tracedLanguage(
  { dims, relations }: ModelMemory,
  tables: ReadonlyMap<string, trace.RecordTable>,
): Language {
  const routines = new Map<RoutineSource, trace.Routine>()
  const language = {
    num: trace.num,
    bool: trace.bool,
    whole: trace.whole,
    where: trace.where,
    whereBool: trace.whereBool,
    whereWhole: trace.whereWhole,
    min: trace.min,
    max: trace.max,
    clamp: trace.clamp,
    powerOfTwo: trace.powerOfTwo,
    exponent: trace.exponent,
    significand: trace.significand,
    exp,
    log,
    normal: (stream: string, entity: trace.Whole) => drawNormal(drawSource({ stream, entity })),
    month: trace.month,
    replication: trace.replication,
    key: trace.seedKey,
    world: () => trace.only(dims.world),
    all: (name: DimensionName) => dims[name],
    count: (name: DimensionName) => trace.count(dims[name]),
    indexOf: trace.indexOf,
    pairsOf: relations.pairsOf,
    cellsOf: relations.cellsOf,
    rivals: relations.rivals,
    cellAt: relations.cellsOf.at,
    input: (firm: Entity<Drafts>, column: string) =>
      trace.inputOf(tables.get(inputs.name) as trace.RecordTable, firm, column),
    firmOf: relations.firmOf,
    groupOf: relations.groupOf,
    friendOf: relations.friendOf,
    each: (records: Dim, visit: (e: Entity<Drafts>) => void, backwards: boolean) =>
      trace.each(records, visit, { backwards }),
    sum: trace.sum,
    sums: trace.sums,
    maximum: trace.maximum,
    minimum: trace.minimum,
    fold: (records: Dim, initial: Record<string, trace.Num>, step: never, backwards: boolean) =>
      trace.fold(records, initial, step, { backwards }),
    when: trace.when,
    choose: trace.choose,
    repeat: trace.repeat,
    call: (source: RoutineSource, args: readonly trace.Num[]) => {
      let known = routines.get(source)
      if (!known) {
        known = trace.routine(
          source.name,
          source.parameters,
          (...given: unknown[]) => source.body(language as unknown as Language, given as never) as never,
          { inline: source.inline },
        )
        routines.set(source, known)
      }
      return known(...args)
    },
    recordRow: (table: string, record: Entity<Drafts>, values: Record<string, trace.Num>) =>
      trace.recordRow(tables.get(table) as trace.RecordTable, record, values),
  }
  return language as unknown as Language
}

export interface Traced {
  readonly memory: ModelMemory
  readonly program: Program
}

/**
 * Traces a random program. `laneParameters`: all parameters differ by replication. `padded`: unused columns and steps.
 * `keep`: all state stays in memory, recorded or not.
 */
export function traceSource(
  source: ProgramSource,
  { laneParameters = false, padded = false, keep = false } = {},
): Traced {
  const memory = modelMemory(padded)
  const { dims, relations } = memory
  const tables = new Map(
    [inputs, ...source.tables].map((table) => [
      table.name,
      { ...table, dimension: dims[table.dimension] as Dimension },
    ]),
  )
  const language = tracedLanguage(memory, tables)
  const steps = (name: string, list: ProgramSource['start']) =>
    list.map((run, i) => trace.step(`${name} ${i}`, () => run(language)))
  const month = steps('month', source.month)
  const unused = trace.step('unused', () => {
    const world = trace.only(dims.world) as unknown as {
      aUnused: { at(i: number): trace.Num }
      yUnused: { set(i: number, value: trace.Num): void }
    }
    world.yUnused.set(1, world.aUnused.at(0).plus(world.aUnused.at(1)))
  })
  const every = (role: string): Column[] =>
    Object.values(dims).flatMap((d) => d.columns.filter((c) => c.role === role))
  const program = trace.traceProgram(
    {
      name: 'random',
      dimensions: Object.values(dims),
      relations: Object.values(relations),
      tables: [...tables.values()],
      start: steps('start', source.start),
      month: padded ? [unused, ...month, unused] : month,
      finish: steps('finish', source.finish),
    },
    { laneParameters: laneParameters ? every('parameter') : [], keep: keep ? every('state') : [] },
  )
  return { memory, program }
}

/** A scenario as the engine takes it. */
export function structureOf({ dims, relations }: ModelMemory, scenario: Scenario): Structure {
  const relationValues = new Map<Relation, readonly number[] | readonly (readonly number[])[]>(
    (Object.keys(relations) as (keyof typeof relations)[]).map((name) => [
      relations[name].relation,
      scenario[name],
    ]),
  )
  const values = new Map<Column, readonly number[]>()
  for (const name of dimensionNames)
    for (const column of dims[name].columns)
      if (column.role === 'structure') values.set(column, valuesOf(scenario, column))
  return {
    counts: new Map(dimensionNames.map((name) => [dims[name], scenario.counts[name]])),
    relations: relationValues,
    values,
  }
}

/** What a scenario gives for a column of a model; zeros for unused ones. */
export function valuesOf(scenario: Scenario, column: Column): readonly number[] {
  const dimension = column.dimension.name as DimensionName
  return (
    scenario.values[dimension][column.name as never] ??
    Array.from({ length: scenario.counts[dimension] * column.length }, () => 0)
  )
}

/** A program bound to memory, its point set. */
export function instanceOf(
  { memory, program }: Traced,
  scenario: Scenario,
  options: InstanceOptions,
): Instance {
  const instance = new Instance(program, structureOf(memory, scenario), options)
  const parameters = Object.values(memory.dims).flatMap((d) =>
    d.columns.filter((c) => c.role === 'parameter'),
  )
  instance.setPoint(new Map(parameters.map((column) => [column, valuesOf(scenario, column)])))
  return instance
}

/** Fills in what code outside the kernel gives the replications that begin with `first`, and runs them. */
export function runReplications(
  instance: Instance,
  scenario: Scenario,
  { first, count }: { first: number; count: number },
): void {
  for (let record = 0; record < scenario.counts.firms; record++) {
    for (const { name: column } of inputs.columns) {
      const shared = instance.shared(inputs.name, column, record)
      for (let row = 0; row < count; row++)
        shared[row] = inputFor({ replication: first + row, record, column })
    }
  }
  instance.runReplications({ first, count })
}

/** Sets all per-lane parameters of a block: `scenarios[lane]` for each lane. */
export function setLaneParameters(
  instance: Instance,
  { dims }: ModelMemory,
  scenarios: readonly Scenario[],
  block = 0,
): void {
  for (const column of Object.values(dims).flatMap((d) => d.columns.filter((c) => c.role === 'parameter'))) {
    const byLane = scenarios.map((scenario) => valuesOf(scenario, column))
    const values = (byLane[0] as readonly number[]).flatMap((_, i) =>
      byLane.map((given) => given[i] as number),
    )
    instance.setLaneParameter(column, values, block)
  }
}
