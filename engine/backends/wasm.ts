/**
 * The WebAssembly back end: a program becomes SIMD code that computes the four replications of a block together,
 * a number as two f64x2 halves. Uniform values are scalars. Only operations whose result is fixed by the standard
 * are used: no fused multiply-add, no relaxed SIMD.
 */
import type { Program, Region, RoutineBody } from '../trace/ir.ts'
import { layoutOf, routinesOf, type Layout } from '../trace/layout.ts'
import { Code, ModuleEncoder, OP } from './encoder.ts'
import { inlineCalls, inlineRoutine } from './inline.ts'
import type { Kernel } from './kernel.ts'
import { WasmEmitter, routineType, type RoutineTable } from './wasm-emitter.ts'

/** A compiled program and the layout of the memory that it works on. */
export interface WasmModule {
  readonly binary: Uint8Array<ArrayBuffer>
  readonly layout: Layout
}

/** Limits of the memory that a module imports, in pages of 64 KiB. */
export interface WasmMemoryOptions {
  readonly shared: boolean
  readonly minimumPages: number
  readonly maximumPages: number
}

/** Compiles a program to a WebAssembly binary that imports its memory as `env.memory`. */
export function emitWasm(
  program: Program,
  memory: WasmMemoryOptions,
  layout: Layout = layoutOf(program),
): WasmModule {
  const encoder = new ModuleEncoder()
  const phases = {
    prelude: program.prelude.map((s) => inlineCalls(s.region)),
    start: program.start.map((s) => inlineCalls(s.region)),
    month: program.month.map((s) => inlineCalls(s.region)),
    finish: program.finish.map((s) => inlineCalls(s.region)),
  }
  const table = addRoutines(encoder, Object.values(phases).flat())
  const step = { parameters: ['i32', 'i32'], results: [] } as const
  const add = (region: Region): number => {
    const emitter = new WasmEmitter({
      layout,
      routines: table,
      parameters: step.parameters,
      constants: encoder.constants,
    })
    emitter.step(region)
    return encoder.add(step, emitter.code)
  }
  const functions = {
    prelude: phases.prelude.map(add),
    start: phases.start.map(add),
    month: phases.month.map(add),
    finish: phases.finish.map(add),
  }
  addDriver(encoder, 'prelude', functions.prelude)
  addDriver(encoder, 'run', functions.month)
  const start = new Code(['i32'])
  for (const index of functions.start) start.get(0).i32Const(0).op(OP.call).u32(index)
  encoder.add({ parameters: ['i32'], results: [] }, start, 'start')
  const finish = new Code(['i32', 'i32'])
  for (const index of functions.finish) finish.get(0).get(1).op(OP.call).u32(index)
  encoder.add(step, finish, 'finish')
  const some = new Code(['i32', 'i32', 'i32', 'i32'])
  functions.month.forEach((index, i) => {
    some.i32Const(i).get(2).op(OP.i32GeS).i32Const(i).get(3).op(OP.i32LtS).op(OP.i32And).op(OP.if).op(0x40)
    some.get(0).get(1).op(OP.call).u32(index).op(OP.end)
  })
  encoder.add({ parameters: ['i32', 'i32', 'i32', 'i32'], results: [] }, some, 'steps')
  return { binary: encoder.encode(memory), layout }
}

/** Binds a compiled module to a memory. */
export function instantiateWasm(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel
}

/**
 * A routine as a plain function on one lane through the SIMD code, for tests: lane 0 carries the arguments and the
 * other lanes other numbers, given by `others`.
 */
export function wasmRoutine(routine: {
  bodyFor(uniform: readonly boolean[]): RoutineBody
  readonly parameters: readonly string[]
}): (lanes: readonly (readonly number[])[]) => number[][] {
  const body = inlineRoutine(routine.bodyFor(routine.parameters.map(() => false)))
  const encoder = new ModuleEncoder()
  const table = addRoutines(encoder, [body.body])
  const index = addRoutine(encoder, body, table)
  const code = new Code([])
  body.parameters.forEach(({ kind }, i) => WasmEmitter.loadArgument(code, kind, i * 32))
  code.op(OP.call).u32(index)
  ;[...body.results]
    .reverse()
    .forEach(({ kind }, i) => WasmEmitter.storeResult(code, kind, 512 + (body.results.length - 1 - i) * 32))
  encoder.add({ parameters: [], results: [] }, code, 'call')
  const binary = encoder.encode({ shared: false, minimumPages: 1, maximumPages: 1 })
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  const { call } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } })
    .exports as unknown as { call(): void }
  const floats = new Float64Array(memory.buffer)
  const words = new Uint32Array(memory.buffer)
  return (lanes) => {
    lanes.forEach((values, i) =>
      values.forEach((value, lane) => {
        const kind = routine.parameters[i]
        if (kind === 'whole') words[i * 8 + lane] = value
        else floats[i * 4 + lane] = value
      }),
    )
    call()
    return body.results.map(({ kind }, i) =>
      Array.from({ length: 4 }, (_, lane) =>
        kind === 'whole' ? (words[128 + i * 8 + lane] as number) : (floats[64 + i * 4 + lane] as number),
      ),
    )
  }
}

function addDriver(encoder: ModuleEncoder, name: string, steps: readonly number[]): void {
  const code = new Code(['i32', 'i32', 'i32'])
  code.op(OP.block).op(0x40).op(OP.loop).op(0x40)
  code.get(1).get(2).op(OP.i32GeS).op(OP.brIf).u32(1)
  for (const index of steps) code.get(0).get(1).op(OP.call).u32(index)
  code.get(1).i32Const(1).op(OP.i32Add).set(1).op(OP.br).u32(0).op(OP.end).op(OP.end)
  encoder.add({ parameters: ['i32', 'i32', 'i32'], results: [] }, code, name)
}

function addRoutines(encoder: ModuleEncoder, regions: readonly Region[]): RoutineTable {
  const table: RoutineTable = new Map()
  for (const routine of routinesOf(regions))
    addRoutine(encoder, { ...inlineRoutine(routine), original: routine }, table)
  return table
}

function addRoutine(
  encoder: ModuleEncoder,
  routine: RoutineBody & { original?: RoutineBody },
  table: RoutineTable,
): number {
  const type = routineType(routine)
  const emitter = new WasmEmitter({
    layout: undefined,
    routines: table,
    parameters: type.parameters,
    constants: encoder.constants,
  })
  emitter.routine(routine)
  const index = encoder.add(type, emitter.code)
  table.set(routine.original ?? routine, index)
  return index
}
