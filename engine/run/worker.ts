/**
 * A worker thread's side: one kernel with two output sets, used in turn. A set is taken again only after the main
 * thread has read it, which it says in a word of the shared memory.
 */
import { threadId, workerData } from 'node:worker_threads'
import { RivalryError, type RivalryErrorDetails } from '../errors.ts'
import { BatchRunner, OUTPUT_SETS, type BatchTable } from '../simulation/batch.ts'
import type { PlainStrategy } from '../simulation/plain-strategies.ts'
import type { Agents, BatchSetup, BatchTask } from './executor.ts'

/** In the word of an output set: nobody reads it. */
export const SET_FREE = 0
/** In the word of an output set: it holds rows that are not yet read. */
const SET_HELD = 1

/** What a worker answers: where the rows of a batch lie, or what the user did wrong. */
export type BatchReply = BatchLocation | BatchFailure

/** Where the rows of a batch lie. */
export interface BatchLocation {
  /** Tells the workers of a process apart. */
  readonly worker: number
  readonly tables: readonly BatchTable[]
  /** Byte offset of the word that says whether the rows are read. */
  readonly flagOffset: number
  /** The worker's memory; sent once, with its first answer. */
  readonly memory?: WebAssembly.Memory
}

/** A RivalryError in parts: errors lose their class and fields between threads. */
export interface BatchFailure {
  readonly failure: RivalryErrorDetails & { readonly message: string }
}

/**
 * The function that a worker's module exports: runs the batches of the setup in `workerData`, whose market is compiled
 * already. Rules that are functions of arrays do not cross threads; those that the market was compiled for are given
 * here.
 */
export function batchWorker({ plainStrategies = [] }: Pick<Agents, 'plainStrategies'> = {}): (
  task: BatchTask,
) => BatchReply {
  let runner: BatchRunner | undefined
  let batches = 0
  return (task) => {
    try {
      const isFirst = runner === undefined
      runner ??= runnerOf(workerData as BatchSetup, plainStrategies)
      const set = batches++ % OUTPUT_SETS
      const words = new Int32Array(runner.memory.buffer)
      const flag = runner.flagsOffset / 4 + set
      while (Atomics.load(words, flag) !== SET_FREE) Atomics.wait(words, flag, SET_HELD)
      const tables = runner.run({ ...task, set })
      Atomics.store(words, flag, SET_HELD)
      const location = { worker: threadId, tables, flagOffset: flag * 4 }
      return isFirst ? { ...location, memory: runner.memory } : location
    } catch (error) {
      if (!(error instanceof RivalryError)) throw error
      const { message, code, path, hint } = error
      return { failure: { message, code, path, hint } }
    }
  }
}

function runnerOf({ market, key, rows }: BatchSetup, plainStrategies: readonly PlainStrategy[]): BatchRunner {
  return new BatchRunner(market, { key, rows, plainStrategies })
}
