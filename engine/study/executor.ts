/**
 * Who runs batches: this thread or a pool of others. Results are read where they were computed, and the reader says
 * when it is done, so that memory is bounded whatever the number of replications.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Backend } from '../backends/kernel.ts'
import type { TracedStrategy } from '../market/decisions.ts'
import type { MarketDefinition } from '../market/definition.ts'
import { compileMarket } from '../market/market.ts'
import type { Recording } from '../market/tables.ts'
import { BatchRunner, type BatchTable } from '../simulation/batch.ts'
import type { PlainStrategy } from '../simulation/plain-strategies.ts'
import type { ExportMemory } from '../tables/c-data.ts'

/** All that decides what a worker computes; plain data, because it crosses threads. */
export interface BatchSetup {
  readonly market: MarketDefinition
  readonly recording: Recording
  /** The generator's key: four words. */
  readonly key: readonly number[]
  /** Most replications of a batch. */
  readonly rows: number
  readonly backend: Backend
}

/** The decision rules that a market's startups may follow, beside the default one. */
export interface Agents {
  /** Rules that are compiled into the kernel. */
  readonly strategies?: readonly TracedStrategy[] | undefined
  /** Rules that run outside of it; slower, and reproducible only if they use no luck or clock of their own. */
  readonly plainStrategies?: readonly PlainStrategy[] | undefined
}

/** The replications [first, first + count). */
export interface BatchTask {
  readonly first: number
  readonly count: number
}

/** A batch whose rows lie in memory. */
export interface ReadyBatch {
  readonly memory: ExportMemory
  /** In the order of `resultTables`. */
  readonly tables: readonly BatchTable[]
  /** Says that the rows have been read, so that their memory may be used again. */
  release(): void
}

/** Runs batches; each must be released before there are more than `window` of them. */
export interface BatchExecutor {
  /** How many batches may be asked for and not yet released. */
  readonly window: number
  /** @throws RivalryError when the market cannot be compiled or a batch does not fit into memory. */
  run(task: BatchTask): Promise<ReadyBatch>
  /** Ends at once, in the middle of a batch if need be. */
  close(): Promise<void>
}

/** Runs batches in this thread, one at a time; between them the thread does what else waits. */
export function inProcessExecutor(setup: BatchSetup, agents: Agents): BatchExecutor {
  const runner = batchRunner(setup, agents)
  return {
    window: 1,
    async run(task) {
      await nextTurn()
      const tables = runner.run({ ...task, set: 0 })
      return { memory: runner.memory, tables, release: () => undefined }
    },
    close: () => Promise.resolve(),
  }
}

/**
 * The runner that a setup describes.
 *
 * @throws RivalryError `unknown-strategy`, `unknown-setting`, `out-of-range` or `memory`.
 */
export function batchRunner(
  setup: BatchSetup,
  { strategies = [], plainStrategies = [] }: Agents,
): BatchRunner {
  const { market, recording, key, rows, backend } = setup
  const followed = new Set(market.startups.map(({ strategy }) => strategy.name))
  const outside = plainStrategies.map(({ name }) => name).filter((name) => followed.has(name))
  const compiled = compileMarket(market, { recording, strategies, outside })
  return new BatchRunner(compiled, { key, rows, backend, plainStrategies })
}
