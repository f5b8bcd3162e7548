/**
 * Runs a market many times: cuts the replications into batches, lets threads compute them and takes the results
 * over in order, so that nothing depends on who computed what, or when.
 */
import type { RecordBatch } from 'apache-arrow'
import { assert } from '../errors.ts'
import type { MarketDefinition } from '../market/definition.ts'
import { seedKeyOf } from '../numerics/seed.ts'
import { replicationBytes, resultTables } from '../simulation/batch.ts'
import { tableLayout, type TableLayout } from '../tables/declaration.ts'
import { importBatch } from '../tables/import.ts'
import { canonicalJson } from './canonical-json.ts'
import {
  inProcessExecutor,
  type Agents,
  type BatchExecutor,
  type BatchSetup,
  type BatchTask,
  type ReadyBatch,
} from './executor.ts'
import { runIdentity, type Manifest } from './manifest.ts'
import { batchReplications, chosen, type GivenChoices, type Progress } from './options.ts'
import { RunFolder } from './run-folder.ts'
import { SummaryCollector, type Summary } from './summary.ts'
import { summaryText } from './summary-text.ts'
import { threadsExecutor, type WorkerEntry } from './threads.ts'

/** What a caller of `simulate` may choose. */
export interface SimulateOptions extends GivenChoices, Agents {
  /** Folder for the results; nothing is written without one. */
  readonly folder?: string | undefined
  /** Whether results of another run in the folder are removed first. */
  readonly overwrite?: boolean | undefined
  /** Ends the run at once; nothing is left behind. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /**
   * Gets the rows of every table, by name, batch after batch in order of replications. They are views of the
   * workers' memory, valid until the function, or the promise that it returns, is done.
   */
  readonly onBatch?: ((tables: ReadonlyMap<string, RecordBatch>) => void | Promise<void>) | undefined
  /** The module of worker threads, which must know the same decision rules; without it there are no threads. */
  readonly workerEntry?: WorkerEntry | undefined
}

/** What a run gives back; its tables are in the folder. */
export interface Simulation {
  readonly summary: Summary
  /** What was written, if anything was. */
  readonly manifest?: Manifest | undefined
}

/**
 * Simulates a market. The same market, seed and number of replications give the same bytes in every file, whatever
 * the number of workers, the size of batches and the back end.
 *
 * @throws RivalryErrors `invalid-option`; RivalryError `unknown-strategy`, `memory`, `output-exists`,
 *   `output-not-writable` or `disk-full`, and what strategies do wrong; the signal's reason when it is aborted.
 */
export async function simulate(market: MarketDefinition, options: SimulateOptions = {}): Promise<Simulation> {
  const choices = chosen(options)
  const { replications, seed, recording, backend } = choices
  const { signal, folder: path, workerEntry: entry } = options
  signal?.throwIfAborted()
  const rows = batchReplications(choices, replicationBytes(market, recording))
  const tasks = batches(replications, rows)
  const setup: BatchSetup = { market, recording, key: seedKeyOf(seed), rows, backend }
  const tables = resultTables(market, recording)
  const collector = new SummaryCollector(market, tables[0]!, replications)
  const identity = runIdentity(market, { seed, replications, recording })
  const folder =
    path === undefined
      ? undefined
      : new RunFolder({ folder: path, format: choices.format, tables, overwrite: options.overwrite ?? false })
  const workers = entry === undefined ? 0 : Math.min(choices.workers, tasks.length)
  let executor: BatchExecutor | undefined
  const stop = (): void => {
    folder?.abort()
    void executor?.close()
  }
  signal?.addEventListener('abort', stop)
  try {
    executor =
      entry !== undefined && workers > 0
        ? threadsExecutor(setup, { workers, entry })
        : inProcessExecutor(setup, options)
    const layouts = tables.map(tableLayout)
    let done = 0
    for await (const { task, ready } of inOrder(executor, tasks)) {
      signal?.throwIfAborted()
      const named = importTables(ready, layouts)
      collector.append(named.get('startups')!)
      if (folder !== undefined) for (const [name, batch] of named) await folder.append(name, batch)
      await options.onBatch?.(named)
      ready.release()
      done += task.count
      options.onProgress?.({ done, total: replications })
    }
    const summary = collector.summary(identity)
    const manifest = await folder?.finish({
      identity,
      documents: {
        'scenario.json': canonicalJson(market),
        'summary.json': canonicalJson(summary),
        'summary.txt': summaryText(summary),
      },
      signal,
    })
    return { summary, manifest }
  } catch (error) {
    folder?.abort()
    // After an abort, what failed is what was taken away from under the run.
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    await executor?.close()
  }
}

/** All replications in batches of `rows`, in order. */
function batches(replications: number, rows: number): BatchTask[] {
  return Array.from({ length: Math.ceil(replications / rows) }, (_, index) => {
    const first = index * rows
    return { first, count: Math.min(rows, replications - first) }
  })
}

/** Runs the tasks, as many at a time as the executor allows, and gives their results in the order of the tasks. */
async function* inOrder(
  executor: BatchExecutor,
  tasks: readonly BatchTask[],
): AsyncGenerator<{ task: BatchTask; ready: ReadyBatch }> {
  const running: { task: BatchTask; ready: Promise<ReadyBatch> }[] = []
  let next = 0
  while (next < tasks.length || running.length > 0) {
    while (next < tasks.length && running.length < executor.window) {
      const task = tasks[next++]!
      const ready = executor.run(task)
      // Its turn to be awaited may never come when an earlier one fails.
      ready.catch(() => undefined)
      running.push({ task, ready })
    }
    const { task, ready } = running[0]!
    yield { task, ready: await ready }
    // Only now is it released: before, it counted as one of the window.
    running.shift()
  }
}

function importTables(
  { memory, tables }: ReadyBatch,
  layouts: readonly TableLayout[],
): Map<string, RecordBatch> {
  return new Map(
    layouts.map((layout, index) => {
      const table = tables[index]!
      assert(table.name === layout.declaration.name, 'a batch has the tables of the run', {
        table: table.name,
      })
      return [table.name, importBatch(memory, table, layout)]
    }),
  )
}
