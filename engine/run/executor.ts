/**
 * Who runs batches: this thread (`in-process.ts`) or a pool of others (`threads.ts`). Results are read where they were
 * computed, and the reader says when it is done, so that memory is bounded whatever the number of replications.
 */
import type { TracedStrategy } from '../market/decisions.ts'
import type { BatchTable } from '../simulation/batch.ts'
import type { PlainStrategy } from '../simulation/plain-strategies.ts'
import type { RunnableMarket } from '../simulation/runnable.ts'
import type { ExportMemory } from '../tables/c-data.ts'

/** All that decides what a worker computes; plain data, because it crosses threads. */
export interface BatchSetup {
  readonly market: RunnableMarket
  /** The generator's key: four words. */
  readonly key: readonly number[]
  /** Most replications of a batch. */
  readonly rows: number
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
  /** @throws RivalryError when a batch does not fit into memory, or a strategy does something wrong. */
  run(task: BatchTask): Promise<ReadyBatch>
  /** Ends at once, in the middle of a batch if need be. */
  close(): Promise<void>
}
