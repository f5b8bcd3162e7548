/**
 * Owns the process that compiles a market of a given size and says what that took, and how fast the result runs:
 *
 *   node --no-liftoff --no-wasm-lazy-compilation --no-wasm-native-module-cache-enabled --import tsx \
 *     bench/compilation-entry.ts --startups 8 --segments 6 --repeats 5
 *
 * With these flags V8 compiles every function with its optimising compiler before the module is there; without them
 * it would compile functions when they are first called, and could not be timed.
 */
import { emitWasm } from '../engine/backends/wasm.ts'
import { compileMarket, marketModel } from '../engine/market/market.ts'
import { shapeOf } from '../engine/market/shape.ts'
import { marketTables } from '../engine/market/tables.ts'
import { seedKeyOf } from '../engine/numerics/seed.ts'
import { Instance } from '../engine/simulation/instance.ts'
import { traceProgram } from '../engine/trace/index.ts'
import { loadScenario } from '../index.ts'
import { median, startStopwatch } from './measure.ts'
import { readNumber, readOptions } from './programs.ts'
import { syntheticMarket } from './synthetic-market.ts'

/** What the compilation of one market took, medians over the repeats; times are CPU times of all threads. */
export interface CompilationMeasurement {
  readonly startups: number
  readonly segments: number
  readonly plans: number
  /** Plan-segment pairs. */
  readonly offers: number
  /** From the market's steps, as TypeScript, to the program. */
  readonly traceMilliseconds: number
  /** From the program to WebAssembly. */
  readonly emitMilliseconds: number
  /** From WebAssembly to machine code, optimised, all functions. */
  readonly compileMilliseconds: number
  readonly codeBytes: number
  /** State of the four replications of a block. */
  readonly blockBytes: number
  /** Of one startup-month. */
  readonly nanoseconds: number
}

const given = readOptions({ startups: '8', segments: '6', repeats: '5', replications: '100' })
const startups = readNumber('startups', given.startups, 1)
const segments = readNumber('segments', given.segments, 1)
const repeats = readNumber('repeats', given.repeats, 1)
const replications = readNumber('replications', given.replications, 4)

const flagship = loadScenario('large-model-market', { set: ['demography=expected'] })
const market = syntheticMarket(flagship, { startups, segments })
const shape = shapeOf(market)
const tables = marketTables(market, shape, 'summary')

// The first time also warms up what traces and emits.
const times = Array.from({ length: repeats + 1 }, () => {
  const { result: traced, milliseconds: trace } = timed(() => traceProgram(marketModel(shape, [], tables)))
  const limits = { shared: false, minimumPages: 1, maximumPages: 1 }
  const { result: emitted, milliseconds: emit } = timed(() => emitWasm(traced, limits))
  const { milliseconds: compile } = timed(() => new WebAssembly.Module(emitted.binary))
  return { trace, emit, compile, codeBytes: emitted.binary.length }
}).slice(1)

const { program, structure, values } = compileMarket(market, { recording: 'summary' })
const rows = Math.ceil(replications / 4) * 4
const instance = new Instance(program, structure, {
  backend: 'wasm',
  months: market.months,
  key: seedKeyOf('1'),
  rows,
})
instance.setPoint(values)
instance.runReplications({ first: 0, count: Math.min(rows, 8) })
const rates = Array.from({ length: repeats }, () => {
  const read = startStopwatch()
  instance.runReplications({ first: 0, count: replications })
  return (read().cpuSeconds * 1e9) / (replications * startups * market.months)
})

const plans = market.startups.flatMap((startup) => startup.plans)
const measurement: CompilationMeasurement = {
  startups,
  segments,
  plans: plans.length,
  offers: plans.reduce((sum, { offeredTo }) => sum + offeredTo.length, 0),
  traceMilliseconds: median(times.map(({ trace }) => trace)),
  emitMilliseconds: median(times.map(({ emit }) => emit)),
  compileMilliseconds: median(times.map(({ compile }) => compile)),
  codeBytes: times[0]!.codeBytes,
  blockBytes: instance.stateBytes,
  nanoseconds: median(rates),
}
console.log(JSON.stringify(measurement))

function timed<Result>(work: () => Result): { result: Result; milliseconds: number } {
  const read = startStopwatch()
  const result = work()
  return { result, milliseconds: read().cpuSeconds * 1000 }
}
