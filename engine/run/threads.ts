/** Runs batches on a pool of worker threads and hands out views of their memory. */
import { Piscina } from 'piscina'
import { RivalryError, assert } from '../errors.ts'
import { OUTPUT_SETS } from '../simulation/batch.ts'
import type { BatchExecutor, BatchSetup, BatchTask } from './executor.ts'
import { SET_FREE, type BatchReply } from './worker.ts'

/** The module that worker threads run: its default export is a `batchWorker`. */
export interface WorkerEntry {
  readonly url: URL
  /** Options of Node for the threads; those of this process when left out. */
  readonly execArgv?: readonly string[] | undefined
}

/** How many threads, and what they run. */
export interface ThreadsOptions {
  readonly workers: number
  readonly entry: WorkerEntry
}

/**
 * An executor of so many threads. They take batches in the order in which they are asked for, and use their output
 * sets in turn. A thread that waits for its older set to be read holds two batches that are not read, and a third;
 * since no more than two for each thread are asked for, one thread always works, and waiting comes to an end.
 */
export function threadsExecutor(setup: BatchSetup, { workers, entry }: ThreadsOptions): BatchExecutor {
  const memories = new Map<number, WebAssembly.Memory>()
  const pool = new Piscina<BatchTask, BatchReply>({
    filename: entry.url.href,
    minThreads: workers,
    maxThreads: workers,
    workerData: setup,
    // A window of batches bounds the queue; Piscina's own limit would refuse instead of wait.
    maxQueue: Infinity,
    // Otherwise a batch that finds no thread free goes to the end of the queue.
    stricterFIFO: true,
    recordTiming: false,
    ...(entry.execArgv === undefined ? {} : { execArgv: [...entry.execArgv] }),
  })
  // A thread that dies before it takes its first task is an event of the pool and of no task.
  const waiting = new Set<(error: unknown) => void>()
  pool.on('error', (error) => waiting.forEach((reject) => reject(error)))
  const ask = (task: BatchTask): Promise<BatchReply> =>
    new Promise((resolve, reject) => {
      waiting.add(reject)
      pool
        .run(task)
        .then(resolve, reject)
        .finally(() => waiting.delete(reject))
    })
  let closing: Promise<void> | undefined
  return {
    window: OUTPUT_SETS * workers,
    async run(task) {
      const reply = await ask(task)
      if ('failure' in reply) throw new RivalryError(reply.failure.message, reply.failure)
      const { worker, tables, flagOffset } = reply
      if (reply.memory !== undefined) memories.set(worker, reply.memory)
      const memory = memories.get(worker)
      assert(memory !== undefined, 'a worker sends its memory first', { worker })
      return { memory, tables, release: () => release(memory, flagOffset) }
    },
    // Once only: a second call while the first waits for threads to end makes Piscina start new ones.
    close: () => (closing ??= pool.destroy()),
  }
}

function release(memory: WebAssembly.Memory, flagOffset: number): void {
  const words = new Int32Array(memory.buffer)
  Atomics.store(words, flagOffset / 4, SET_FREE)
  Atomics.notify(words, flagOffset / 4)
}
