/**
 * Runs a market many times: cuts the replications into batches, lets threads compute them and takes the results
 * over in order, so that nothing depends on who computed what, or when.
 */
import type { RecordBatch } from 'apache-arrow'
import { assert } from '../errors.ts'
import type { MarketDefinition } from '../market/definition.ts'
import { compileMarket } from '../market/market.ts'
import { seedKeyOf } from '../numerics/seed.ts'
import { replicationBytes, resultTables } from '../simulation/batch.ts'
import { detached, runnableMarket, type RunnableMarket } from '../simulation/runnable.ts'
import { tableLayout, type TableLayout } from '../tables/table-layout.ts'
import { importBatch } from '../tables/import.ts'
import { canonicalJson } from '../files/canonical-json.ts'
import { checkOptions } from './check-options.ts'
import type { Agents, BatchExecutor, BatchSetup, BatchTask, ReadyBatch } from './executor.ts'
import { inProcessExecutor } from './in-process.ts'
import { runIdentity, type RunManifest } from '../files/manifest.ts'
import {
  batchReplications,
  chosen,
  type ComputeChoices,
  type GivenChoices,
  type Progress,
  type RunChoices,
} from './options.ts'
import { RunFolder } from '../files/result-folder.ts'
import { SummaryCollector, type Summary } from './summary.ts'
import { summaryText } from './summary-text.ts'
import { threadsExecutor, type WorkerEntry } from './threads.ts'

/** What a caller of `simulate` may choose. */
export interface SimulateOptions extends GivenChoices, Agents {
  /** Folder for the results; nothing is written without one. */
  readonly folder?: string | undefined
  /** Whether results of another run in the folder are replaced, when those of this one are there. */
  readonly overwrite?: boolean | undefined
  /** Ends the run at once; nothing is left behind. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /**
   * Gets the rows of every table, by name, batch after batch in order of replications. They are views of the
   * workers' memory, valid until the function, or the promise that it returns, is done.
   */
  readonly onBatch?: ((tables: ReadonlyMap<string, RecordBatch>) => void | Promise<void>) | undefined
  /**
   * The module of worker threads; without it there are none. It must know the plain strategies that the market
   * follows: functions do not cross threads. Traced ones are compiled here and do.
   */
  readonly workerEntry?: WorkerEntry | undefined
}

/** What a run gives back; its tables are in the folder. */
export interface Simulation {
  readonly summary: Summary
  /** What was written, if anything was. */
  readonly manifest?: RunManifest | undefined
}

/** Texts that a run leaves beside its tables. */
const DOCUMENTS = ['scenario.json', 'summary.json', 'summary.txt']

/**
 * Simulates a market. The same market, seed and number of replications give the same bytes in every file, whatever
 * the number of workers, the size of batches and the back end.
 *
 * @throws RivalryErrors `invalid-option`; RivalryError `unknown-strategy`, `memory`, `output-exists`, `folder-in-use`,
 *   `output-not-writable` or `disk-full`, and what strategies do wrong; the signal's reason when it is aborted.
 */
export async function simulate(market: MarketDefinition, options: SimulateOptions = {}): Promise<Simulation> {
  checkOptions(market, options)
  const choices = chosen(options)
  const { replications, seed, recording } = choices
  const { signal, folder: path } = options
  signal?.throwIfAborted()
  const tables = resultTables(market, recording)
  const collector = new SummaryCollector(market, tables[0]!, replications)
  const identity = runIdentity(market, { seed, replications, recording })
  const rows = batchReplications(choices, replicationBytes(market, recording))
  // Before anything is written: what is wrong with strategies shows here.
  const setup: BatchSetup = { market: compiled(market, choices, options), key: seedKeyOf(seed), rows }
  const folder = path === undefined ? undefined : openFolder(path, { choices, tables, options })
  let executor: BatchExecutor | undefined
  const stop = (): void => {
    folder?.abort()
    void executor?.close()
  }
  signal?.addEventListener('abort', stop)
  try {
    executor = executorOf(setup, Math.min(choices.workers, Math.ceil(replications / rows)), options)
    const layouts = tables.map(tableLayout)
    let done = 0
    for await (const { task, ready } of inOrder(executor, batches(replications, rows))) {
      signal?.throwIfAborted()
      const named = importTables(ready, layouts)
      await collector.append(named.get('startups')!, signal)
      if (folder !== undefined) for (const [name, batch] of named) await folder.append(name, batch, signal)
      await options.onBatch?.(named)
      ready.release()
      done += task.count
      options.onProgress?.({ done, total: replications })
    }
    const summary = collector.summary(identity)
    const [scenario, json, text] = [canonicalJson(market), canonicalJson(summary), summaryText(summary)]
    const documents = { 'scenario.json': scenario, 'summary.json': json, 'summary.txt': text }
    const manifest = await folder?.finish({ identity, documents, signal })
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

function openFolder(
  folder: string,
  {
    choices: { format },
    tables,
    options: { overwrite = false },
  }: { choices: RunChoices; tables: ReturnType<typeof resultTables>; options: SimulateOptions },
): RunFolder {
  return new RunFolder({ folder, format, tables, documents: DOCUMENTS, overwrite })
}

/** The market, traced and compiled once for all threads. */
function compiled(
  market: MarketDefinition,
  { recording, backend }: RunChoices & ComputeChoices,
  { strategies = [], plainStrategies = [] }: Agents,
): RunnableMarket {
  const followed = new Set(market.startups.map(({ strategy }) => strategy.name))
  const outside = plainStrategies.map(({ name }) => name).filter((name) => followed.has(name))
  return detached(
    runnableMarket(compileMarket(market, { recording, strategies, outside }), { backend, outside }),
  )
}

function executorOf(
  setup: BatchSetup,
  workers: number,
  { workerEntry: entry, plainStrategies }: SimulateOptions,
): BatchExecutor {
  if (entry === undefined || workers === 0) return inProcessExecutor(setup, plainStrategies)
  return threadsExecutor(setup, { workers, entry })
}

/** All replications in batches of `rows`, in order. */
function* batches(replications: number, rows: number): Generator<BatchTask, void> {
  for (let first = 0; first < replications; first += rows)
    yield { first, count: Math.min(rows, replications - first) }
}

/** Runs the tasks, as many at a time as the executor allows, and gives their results in the order of the tasks. */
async function* inOrder(
  executor: BatchExecutor,
  tasks: Iterator<BatchTask, void>,
): AsyncGenerator<{ task: BatchTask; ready: ReadyBatch }> {
  const running: { task: BatchTask; ready: Promise<ReadyBatch> }[] = []
  for (;;) {
    while (running.length < executor.window) {
      const { value: task } = tasks.next()
      if (task === undefined) break
      const ready = executor.run(task)
      // Its turn to be awaited may never come when an earlier one fails.
      ready.catch(() => undefined)
      running.push({ task, ready })
    }
    const next = running[0]
    if (next === undefined) return
    yield { task: next.task, ready: await next.ready }
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
