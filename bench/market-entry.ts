/**
 * Owns the process that runs the flagship and says how long it took:
 *
 *   node --import tsx bench/market-entry.ts --demography expected --mode kernel --replications 1000
 *
 * `--mode kernel` is the kernel alone, in this thread; `--mode study` is `simulate` as users call it, with
 * `--workers`, and with `--folder` its result files. `--warmup` replications run before the clock starts; a worker
 * thread is always new, and compiles after that.
 */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Demography, MarketDefinition } from '../engine/market/definition.ts'
import { compileMarket } from '../engine/market/market.ts'
import { everyMechanism, shapeOf } from '../engine/market/shape.ts'
import type { Recording } from '../engine/market/tables.ts'
import { seedKeyOf } from '../engine/numerics/seed.ts'
import { replicationBytes } from '../engine/simulation/batch.ts'
import { Instance } from '../engine/simulation/instance.ts'
import { batchReplications } from '../engine/run/options.ts'
import { loadScenario, simulate } from '../index.ts'
import { startStopwatch, untilIdle, type Timing } from './measure.ts'
import { projectRoot, readNumber, readOptions } from './programs.ts'

/** What is run, and how; the options of the command line. */
export interface MarketOptions {
  readonly demography: Demography
  readonly recording: Recording
  readonly mode: 'kernel' | 'study'
  /** Threads of a study; 0 computes in the main one. */
  readonly workers: number
  readonly replications: number
  readonly warmup: number
  /** Where a study leaves its files; none are written when it is empty. */
  readonly folder: string
  /** Which mechanisms are compiled into the kernel: those that the flagship uses, or all there are. */
  readonly mechanisms?: 'used' | 'all'
  /** Whether threads load the build, which must be that of these sources, or the sources through tsx. */
  readonly threads: 'built' | 'source'
}

/** What came out: agent-steps are startup-months. */
export interface MarketMeasurement extends Timing {
  /** Sum of all startups' profits over all replications, by which a wrong run is found out. */
  readonly profitTotal: number
  readonly fileBytes: number
}

const given = readOptions({
  demography: 'expected',
  recording: 'summary',
  mode: 'kernel',
  workers: '0',
  replications: '1000',
  warmup: '200',
  folder: '',
  threads: 'source',
  mechanisms: 'used',
})
const recording = given.recording as Recording
const workers = readNumber('workers', given.workers, 0)
const replications = readNumber('replications', given.replications, 1)
const warmup = readNumber('warmup', given.warmup, 0)
const seed = '1'
/** What users' threads load. */
const builtWorker = { url: pathToFileURL(join(projectRoot(), 'dist/agents/worker.js')), execArgv: [] }

const market = loadScenario('large-model-market', { set: [`demography=${given.demography}`] })
const run = given.mode === 'kernel' ? kernelRun(market) : studyRun
if (warmup > 0) {
  await run(warmup)
  await untilIdle()
}
if (given.folder !== '') rmSync(given.folder, { recursive: true, force: true })
const read = startStopwatch()
const profitTotal = await run(replications)
const { wallSeconds, cpuSeconds } = read()
const measurement: MarketMeasurement = {
  agentSteps: replications * market.startups.length * market.months,
  wallSeconds,
  cpuSeconds,
  profitTotal,
  fileBytes: given.folder === '' ? 0 : bytesIn(given.folder),
}
console.log(JSON.stringify(measurement))

/** The kernel in batches as a study with one worker cuts them; only the startups' profits are looked at. */
function kernelRun(definition: MarketDefinition): (total: number) => number {
  const used = shapeOf(definition)
  const shape = given.mechanisms === 'all' ? everyMechanism(used) : used
  const { program, structure, values } = compileMarket(definition, { recording, shape })
  const rows = batchReplications({ replications, workers: 1 }, replicationBytes(definition, recording))
  const instance = new Instance(program, structure, {
    backend: 'wasm',
    months: definition.months,
    key: seedKeyOf(seed),
    rows,
  })
  instance.setPoint(values)
  return (total) => {
    let sum = 0
    for (let first = 0; first < total; first += rows) {
      const count = Math.min(rows, total - first)
      instance.runReplications({ first, count })
      for (const profit of instance.output('startups', 'profit', { replications: count })) sum += profit
    }
    return sum
  }
}

async function studyRun(total: number): Promise<number> {
  let sum = 0
  await simulate(market, {
    replications: total,
    seed,
    recording,
    workers,
    ...(given.threads === 'built' ? { workerEntry: builtWorker } : {}),
    ...(given.folder === '' ? {} : { folder: given.folder, overwrite: true }),
    onBatch: (tables) => {
      const profits = tables.get('startups')!.getChild('profit')!.toArray() as Float64Array
      for (const profit of profits) sum += profit
    },
  })
  return sum
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}
