/**
 * What an instance needs of a program: where its columns lie, what it records, and compiled code. No step, no value:
 * it says nothing about how the code came about, and can be made plain data that other threads understand.
 */
import { emitJavaScript, instantiateJavaScript } from '../backends/javascript.ts'
import type { Backend, Kernel } from '../backends/kernel.ts'
import { emitWasm, instantiateWasm } from '../backends/wasm.ts'
import type { Dimension, Program, RecordTable } from '../trace/ir.ts'
import { layoutOf, type DimensionLayout, type Layout } from '../trace/layout.ts'

/** A compiled program: one serves every instance, since sizes, counts and parameters stand in memory. */
export interface Executable {
  readonly layout: Omit<Layout, 'dimensionOf'>
  readonly tables: readonly RecordTable[]
  /** The steps of a month, in order. */
  readonly month: readonly { readonly name: string }[]
  /** Whether some parameter differs by replication. */
  readonly hasLaneParameters: boolean
  readonly code: Code
}

/** Code for a memory that is shared between threads or not, or for any. */
export type Code =
  | { readonly backend: 'wasm'; readonly shared: boolean; readonly module: WebAssembly.Module }
  | { readonly backend: 'javascript'; readonly source: string }

/** The largest memory that 32-bit addresses reach, in pages of 64 KiB, less one. */
export const MOST_PAGES = 65_535
/** The largest memory whose addresses JavaScript's shifts keep positive, in pages. */
export const MOST_PAGES_JAVASCRIPT = 32_767

/** Compiles a program, or gives what was compiled of it before. */
export function executableOf(
  program: Program,
  { backend, shared }: { backend: Backend; shared: boolean },
): Executable {
  const known = executables.get(program) ?? new Map<string, Executable>()
  executables.set(program, known)
  const key = backend === 'wasm' ? `wasm ${shared}` : backend
  const executable = known.get(key) ?? compile(program, { backend, shared })
  known.set(key, executable)
  return executable
}

const executables = new WeakMap<Program, Map<string, Executable>>()

function compile(program: Program, { backend, shared }: { backend: Backend; shared: boolean }): Executable {
  const layout = layoutOf(program)
  const code: Code =
    backend === 'javascript'
      ? { backend, source: emitJavaScript(program, layout).source }
      : {
          backend,
          shared,
          module: new WebAssembly.Module(
            emitWasm(program, { shared, minimumPages: 1, maximumPages: MOST_PAGES }, layout).binary,
          ),
        }
  const { dimensions, columns, relations, outputs } = layout
  return {
    layout: { dimensions, columns, relations, outputs },
    tables: program.tables,
    month: program.month.map(({ name }) => ({ name })),
    hasLaneParameters: program.laneParameters.size > 0,
    code,
  }
}

/** The layout of an executable, with its dimensions by what they are of. */
export function fullLayout({ layout }: Pick<Executable, 'layout'>): Layout {
  const byDimension = new Map(layout.dimensions.map((of) => [of.dimension, of]))
  return { ...layout, dimensionOf: (of: Dimension) => byDimension.get(of) as DimensionLayout }
}

/** Binds compiled code to a memory. */
export function kernelOf(code: Code, layout: Layout, memory: WebAssembly.Memory): Kernel {
  if (code.backend === 'wasm') return instantiateWasm(code.module, memory)
  return instantiateJavaScript({ source: code.source, layout }, memory.buffer)
}
