/**
 * Who computes the units of a study: this thread, or a pool of others. Each leaves its file in the store by itself;
 * nothing but the news that it is there comes back.
 */
import { Piscina } from 'piscina'
import { RivalryError } from '../../errors.ts'
import type { Agents } from '../../run/executor.ts'
import type { WorkerEntry } from '../../run/threads.ts'
import { StudyPoints } from '../points.ts'
import { preparedMarkets } from './prepared-markets.ts'
import {
  runUnit,
  type UnitReply,
  type UnitSetup,
  type UnitTask,
  type UnitThreadReply,
  type UnitThreadSetup,
} from './run-unit.ts'
import { UnitRunner } from './unit-runner.ts'
import { UnitStore } from './unit-store.ts'
import type { Unit } from './units.ts'

/** Computes units. */
export interface UnitExecutor {
  /** How many units keep it busy; more may be asked for, and wait. */
  readonly width: number
  /** Whether its units are computed and written by this process. */
  readonly isLocal: boolean
  /** How often a unit is given to it before it counts as failed. */
  readonly attempts: number
  /** @throws RivalryError where files cannot be written; a thread that dies is an error as well. */
  run(unit: Unit): Promise<UnitReply>
  /** Ends at once, in the middle of a unit if need be. */
  close(): Promise<void>
}

/** How often a unit is tried before it counts as failed. */
const ATTEMPTS = 3

/** Errors of the files that units are written to, and of the queue that they are put on: no other would fare better. */
const OF_ALL: ReadonlySet<string | undefined> = new Set([
  'disk-full',
  'output-not-writable',
  'output-failed',
  'queue-not-reachable',
  'queue-too-old',
  'queue-failed',
  'folder-not-shared',
])

/** Whether an error ends a study: it is about files or the queue, and not about the unit that met it. */
export function endsStudy(error: unknown): boolean {
  return error instanceof RivalryError && OF_ALL.has(error.code)
}

/** An executor in this thread, which does what else waits every few milliseconds. */
export function unitsInProcess({ definition, folder, backend }: UnitSetup, agents: Agents): UnitExecutor {
  const runner = new UnitRunner(definition, { ...agents, backend, isPatient: true })
  const store = new UnitStore(folder)
  const points = new StudyPoints(definition)
  let last: Promise<unknown> = Promise.resolve()
  return {
    width: 1,
    isLocal: true,
    attempts: ATTEMPTS,
    run(unit) {
      const reply = last.then(() => runUnit(runner, store, taskOf(points, unit)))
      last = reply.catch(() => undefined)
      return reply
    },
    close: async () => {
      runner.close()
      await last
    },
  }
}

function taskOf(points: StudyPoints, unit: Unit): UnitTask {
  return { unit, values: unit.points.map((point) => points.values(point)) }
}

/** An executor of so many threads. */
export function unitsOnThreads(
  setup: UnitSetup,
  { workers, entry }: { workers: number; entry: WorkerEntry },
): UnitExecutor {
  const waiting = new Set<(error: unknown) => void>()
  let closing: Promise<void> | undefined
  const points = new StudyPoints(setup.definition)
  const prepared = preparedMarkets(setup.definition, points.values(0), setup.backend)
  const poolOfThreads = (): Piscina<UnitTask, UnitThreadReply> => {
    const made = new Piscina<UnitTask, UnitThreadReply>({
      filename: entry.url.href,
      minThreads: workers,
      maxThreads: workers,
      workerData: { ...setup, prepared } satisfies UnitThreadSetup,
      // A thread holds its next unit while it computes one, and need not wait for it.
      concurrentTasksPerWorker: 2,
      maxQueue: Infinity,
      stricterFIFO: true,
      recordTiming: false,
      ...(entry.execArgv === undefined ? {} : { execArgv: [...entry.execArgv] }),
    })
    // A thread that dies before it takes its first task is an event of the pool and of no task.
    made.on('error', (error) => waiting.forEach((reject) => reject(error)))
    // When one dies in the place of another before it could begin, Piscina starts no more: nobody takes what waits.
    made.on('workerDestroy', () =>
      setImmediate(() => {
        if (closing !== undefined || made.threads.length > 0) return
        waiting.forEach((reject) => reject(new Error('all worker threads have ended')))
      }),
    )
    return made
  }
  let pool = poolOfThreads()
  return {
    width: 2 * workers,
    isLocal: true,
    attempts: ATTEMPTS,
    run: (unit) =>
      new Promise<UnitReply>((resolve, reject) => {
        if (pool.threads.length === 0 && closing === undefined) {
          void pool.destroy()
          pool = poolOfThreads()
        }
        waiting.add(reject)
        pool
          .run(taskOf(points, unit))
          .then((reply) => {
            if ('error' in reply) throw new RivalryError(reply.error.message, reply.error)
            return reply
          })
          .then(resolve, reject)
          .finally(() => waiting.delete(reject))
      }),
    // Once only: a second call while the first waits for threads to end makes Piscina start new ones.
    close: () => (closing ??= pool.destroy()),
  }
}
