/** What the tests of the trace language share: tracing a few steps, catching the mistake, and finding its line. */
import { RivalryError } from '../../engine/errors.ts'
import { emitWasm } from '../../engine/backends/wasm.ts'
import {
  Instance,
  type InstanceOptions,
  type PointValues,
  type Structure,
} from '../../engine/simulation/instance.ts'
import {
  step,
  traceProgram,
  type Dimension,
  type ModelDeclaration,
  type Program,
  type RecordTable,
  type TraceOptions,
} from '../../engine/trace/index.ts'

type Steps = (() => void) | readonly (() => void)[]

export interface SmallModel {
  readonly dimensions: readonly Dimension[]
  readonly relations?: ModelDeclaration['relations']
  readonly tables?: readonly RecordTable[]
  readonly start?: Steps
  readonly month?: Steps
  readonly finish?: Steps
}

/** Traces a model given as plain functions. */
export function traceOf(
  { dimensions, relations = [], tables = [], start = [], month = [], finish = [] }: SmallModel,
  options: TraceOptions = {},
): Program {
  const steps = (name: string, given: Steps) => [given].flat().map((run, i) => step(`${name} ${i}`, run))
  return traceProgram(
    {
      name: 'small',
      dimensions,
      relations,
      tables,
      start: steps('start', start),
      month: steps('month', month),
      finish: steps('finish', finish),
    },
    options,
  )
}

/** The `RivalryError` that `work` fails with. */
export function mistake(work: () => unknown): RivalryError {
  try {
    work()
  } catch (error) {
    if (error instanceof RivalryError) return error
    throw error
  }
  throw new Error('no mistake was found')
}

/** The line of the caller, or of the caller's caller and so on `up` times, and `offset` lines below it. */
export function lineHere(offset = 0, up = 0): number {
  const frame = (new Error().stack ?? '').split('\n')[2 + up] ?? ''
  return Number(/:(\d+):\d+\)?$/.exec(frame)?.[1]) + offset
}

/** A table with one f64 column for each name. */
export function tableOf(
  name: string,
  dimension: Dimension,
  columns: readonly string[],
  everyMonth = false,
): RecordTable {
  return { name, dimension, everyMonth, columns: columns.map((column) => ({ name: column, type: 'f64' })) }
}

/** Runs four replications on both back ends, checks that memory is the same, and gives the WebAssembly instance. */
export function run(
  program: Program,
  structure: Structure,
  { point = new Map(), ...options }: Partial<InstanceOptions> & { point?: PointValues } = {},
): Instance {
  const [wasm, javascript] = (['wasm', 'javascript'] as const).map((backend) => {
    const instance = new Instance(program, structure, {
      months: 1,
      key: [1, 2, 3, 4],
      rows: 4,
      ...options,
      backend,
    })
    instance.setPoint(point)
    instance.runReplications({ first: 0, count: 4 })
    return instance
  }) as [Instance, Instance]
  if (Buffer.compare(new Uint8Array(wasm.memory.buffer), new Uint8Array(javascript.memory.buffer)) !== 0)
    throw new Error('the back ends differ')
  return wasm
}

/** A structure from plain objects. */
export function structured({
  counts,
  relations = [],
  values = [],
}: {
  counts: readonly (readonly [Dimension, number])[]
  relations?: readonly (readonly [
    { relation: unknown },
    readonly number[] | readonly (readonly number[])[],
  ])[]
  values?: readonly (readonly [unknown, readonly number[]])[]
}): Structure {
  return {
    counts: new Map(counts),
    relations: new Map(relations.map(([{ relation }, given]) => [relation, given])),
    values: new Map(values),
  } as unknown as Structure
}

/** The binary of a program for one page of memory. */
export function binaryOf(program: Program): Uint8Array {
  return emitWasm(program, { shared: false, minimumPages: 1, maximumPages: 1 }).binary
}
