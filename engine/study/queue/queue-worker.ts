/**
 * A worker of a study on a queue: takes units, computes them in threads, and leaves their files in the study's folder.
 * The thread that talks to the queue never computes, so that the queue knows all the time who lives.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Job, UnrecoverableError, WaitingError, Worker } from 'bullmq'
import type { Backend } from '../../backends/kernel.ts'
import { RivalryError } from '../../errors.ts'
import { studyDigest, type StudyDefinition } from '../definition.ts'
import { MANIFEST_NAME, isOfStudy, manifestOf } from '../../files/manifest.ts'
import { connectToQueue, shownAddress, type QueueConnection } from './queue-connection.ts'
import {
  announcedStudies,
  announcementOf,
  isJobOf,
  markOf,
  queueName,
  removeEmpty,
  within,
  type QueueJob,
} from './queue-study.ts'
import type { WorkerEntry } from '../../run/threads.ts'
import type { UnitReply } from '../units/run-unit.ts'
import { endsStudy, unitsOnThreads, type UnitExecutor } from '../units/unit-executor.ts'
import { UNITS_FOLDER, UnitStore } from '../units/unit-store.ts'
import { engineVersion } from '../../files/version.ts'

/** How a worker works. */
export interface QueueWorkOptions {
  /** Folder of the study as this machine sees it. */
  readonly folder: string
  /** Address of the queue. */
  readonly queue: string
  /** Threads, and units that it takes at once; at least 1. */
  readonly workers: number
  readonly backend: Backend
  readonly workerEntry: WorkerEntry
  /** How long a unit is its own when nothing is heard of it, in milliseconds. */
  readonly lockMs?: number | undefined
  /** Ends when there was nothing to do for so long, in milliseconds; when the study is finished unless stated. */
  readonly idleMs?: number | undefined
  /** Ends at once; units that are not done go back. */
  readonly signal?: AbortSignal | undefined
  readonly onNews?: ((news: QueueNews) => void) | undefined
}

/** What happens to a worker. */
export type QueueNews =
  /** Nothing was begun in the folder, or what was begun is not run at the moment; `others` are the studies that are. */
  | { readonly kind: 'waiting'; readonly study?: string | undefined; readonly others: readonly string[] }
  | { readonly kind: 'begun'; readonly study: string }
  | { readonly kind: 'unit'; readonly counts: QueueCounts }
  | { readonly kind: 'failure'; readonly message: string }
  /** The queue cannot be reached for now, or again. */
  | { readonly kind: 'lost'; readonly trouble: string }
  | { readonly kind: 'found' }

/** What became of the units that a worker took. */
export interface QueueCounts {
  readonly done: number
  /** Whose files were there already. */
  readonly skipped: number
  /** Attempts that failed. */
  readonly failed: number
}

/** What a worker did, and why it ended. */
export interface QueueWork extends QueueCounts {
  readonly end: 'finished' | 'idle'
}

/** How long a unit is its worker's own, in milliseconds. */
const LOCK_MS = 60_000
/** How often a unit may be left by workers that die. */
const MOST_STALLED = 5
/** How often a worker looks how the study is, in milliseconds. */
const LOOK_MS = 500
/** How often it asks which studies run, while it waits. */
const TELL_MS = 3000
/** How often in a row the units must be gone for the study to be over: a file system may be away for a moment. */
const GONE_LOOKS = 3
/** How long the mark of a study's folder may take to get here. */
const MARK_MS = 5000
/** How long units are given back at the end. */
const GIVE_BACK_MS = 1500

/**
 * Computes units of the study in a folder until it is finished.
 *
 * @throws RivalryError `queue-not-reachable`, `folder-not-shared` where the study that runs reads another folder,
 *   `other-version`, `disk-full` or `output-not-writable`; the signal's reason
 */
export async function workOnQueue(options: QueueWorkOptions): Promise<QueueWork> {
  const { queue, signal } = options
  signal?.throwIfAborted()
  const connection = await connectToQueue(queue, { signal })
  const worker = new QueueWorker(options, connection)
  try {
    return await worker.run()
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    await worker.close()
    connection.close()
  }
}

/** What tells the queue that a job went back, or cannot be done at all; known when the queue's library is loaded. */
interface QueueErrors {
  readonly WaitingError: typeof WaitingError
  readonly UnrecoverableError: typeof UnrecoverableError
}

class QueueWorker {
  readonly #options: QueueWorkOptions
  readonly #connection: QueueConnection
  readonly #store: UnitStore
  #counts: QueueCounts = { done: 0, skipped: 0, failed: 0 }
  #definition: StudyDefinition | undefined
  #executor: UnitExecutor | undefined
  #worker: Worker<QueueJob> | undefined
  #active = 0
  #lastMs = performance.now()
  #isEnding = false
  #isFinished = false
  /** What ends this worker, and no other. */
  #fatal: unknown
  #told: string | undefined
  #tellMs = 0

  constructor(options: QueueWorkOptions, connection: QueueConnection) {
    this.#options = options
    this.#connection = connection
    this.#store = new UnitStore(options.folder)
  }

  async run(): Promise<QueueWork> {
    const end = (await this.#await()) ?? (await this.#work())
    this.#isFinished = end === 'finished'
    return { ...this.#counts, end }
  }

  /** Waits until the study is begun and runs; says why not, if it comes to nothing. */
  async #await(): Promise<QueueWork['end'] | undefined> {
    let missingMs: number | undefined
    for (;;) {
      if (this.#isIdle()) return 'idle'
      this.#definition = this.#store.study()
      const definition = this.#definition
      if (this.#manifestStudy() !== undefined && definition === undefined) return 'finished'
      const announcement =
        definition && (await this.#heard(announcementOf(this.#connection.client, definition)))
      if (definition === undefined || announcement === undefined) {
        if (definition !== undefined && this.#hasResults()) return 'finished'
        await this.#tellWaiting(definition)
      } else {
        if (announcement.engine !== engineVersion) throw otherVersion(announcement, this.#options)
        const mark = markOf(this.#options.folder)
        if (mark === announcement.mark) return undefined
        // Looked for only when somebody has left it: file systems remember what is not there.
        missingMs ??= performance.now()
        if (mark !== undefined || performance.now() - missingMs > MARK_MS) throw notShared(this.#options)
      }
      await this.#pause()
    }
  }

  /** Takes units until the study is finished. */
  async #work(): Promise<QueueWork['end']> {
    const { folder, backend, workers, workerEntry: entry, lockMs = LOCK_MS, onNews } = this.#options
    const definition = this.#definition!
    this.#executor = unitsOnThreads({ definition, folder, backend }, { workers, entry })
    const { Worker, ...errors } = await import('bullmq')
    this.#options.signal?.throwIfAborted()
    this.#worker = new Worker<QueueJob>(
      queueName(definition),
      (job, token) => this.#take(job, token, errors),
      {
        connection: this.#connection.client,
        skipVersionCheck: true,
        concurrency: workers,
        lockDuration: lockMs,
        stalledInterval: lockMs / 4,
        maxStalledCount: MOST_STALLED,
        runRetryDelay: 1000,
        drainDelay: 2,
      },
    )
    // The connection knows of its errors; locks that were lost are harmless, since a unit may be done twice.
    this.#worker.on('error', () => undefined)
    this.#lastMs = performance.now()
    onNews?.({ kind: 'begun', study: definition.name })
    let gone = 0
    let isLost = false
    for (;;) {
      await this.#pause()
      if (this.#fatal !== undefined) throw this.#fatal
      const { trouble } = this.#connection
      if ((trouble !== undefined) !== isLost) {
        isLost = trouble !== undefined
        onNews?.(trouble === undefined ? { kind: 'found' } : { kind: 'lost', trouble })
      }
      gone = this.#store.exists ? 0 : gone + 1
      if (gone === GONE_LOOKS) return 'finished'
      if (this.#isIdle()) return 'idle'
      // The same study may be computed once more, over its own results.
      if (!isLost && this.#hasResults()) {
        const announcement = await this.#heard(announcementOf(this.#connection.client, definition))
        if (announcement === undefined && this.#connection.trouble === undefined) return 'finished'
      }
    }
  }

  /** One unit. */
  async #take(job: Job<QueueJob>, token: string | undefined, errors: QueueErrors): Promise<void> {
    const { unit } = job.data
    if (!isJobOf(this.#definition!, job.data))
      throw new errors.UnrecoverableError('the job asks for no unit of the study')
    this.#active++
    try {
      if (this.#store.has(unit.id)) return this.#count('skipped')
      const { failure } = await this.#computed(job)
      if (failure === undefined) return this.#count('done')
      this.#count('failed')
      this.#options.onNews?.({ kind: 'failure', message: failure.message })
      throw new Error(JSON.stringify(failure))
    } catch (error) {
      if (!this.#isEnding && this.#fatal === undefined) throw error
      await job.moveToWait(token)
      throw new errors.WaitingError()
    } finally {
      this.#active--
      this.#lastMs = performance.now()
    }
  }

  async #computed({ data: { unit } }: Job<QueueJob>): Promise<UnitReply> {
    try {
      const reply = await this.#executor!.run(unit)
      // Somebody else had done it, and the study ended meanwhile: nobody needs what was left.
      if (!this.#store.exists && this.#hasResults()) this.#store.remove()
      return reply
    } catch (error) {
      if (this.#isEnding) throw error
      if (endsStudy(error)) this.#fatal ??= error
      if (this.#fatal !== undefined) {
        // No more of them: they would come to the same.
        void this.#worker?.pause(true)
        throw error
      }
      const { message } = error instanceof Error ? error : new Error(String(error))
      const [code, hint] =
        error instanceof RivalryError ? [error.code, error.hint] : [(error as NodeJS.ErrnoException).code]
      const { points, first, count } = unit
      const { seed } = this.#definition!
      return { failure: { unit: unit.id, message, code, hint, point: points[0], first, count, seed } }
    }
  }

  #count(what: keyof QueueCounts): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + 1 }
    this.#options.onNews?.({ kind: 'unit', counts: this.#counts })
  }

  /** Gives back what is not done. */
  async close(): Promise<void> {
    this.#isEnding = true
    const worker = this.#worker
    await worker?.pause(true)
    await this.#executor?.close()
    if (worker === undefined) return
    await within(GIVE_BACK_MS, worker.close())
    if (this.#isFinished) await within(GIVE_BACK_MS, this.#removeQueue())
  }

  /** Takes away what checks of this worker have brought back since whoever ran the study took the queue away. */
  async #removeQueue(): Promise<void> {
    const { client: connection } = this.#connection
    const definition = this.#definition!
    if ((await announcementOf(connection, definition)) !== undefined) return
    const { Queue } = await import('bullmq')
    const queue = new Queue(queueName(definition), {
      connection,
      skipVersionCheck: true,
      skipMetasUpdate: true,
    })
    queue.on('error', () => undefined)
    await removeEmpty(queue)
    await queue.close()
  }

  #isIdle(): boolean {
    const { idleMs } = this.#options
    if (this.#active > 0) this.#lastMs = performance.now()
    return idleMs !== undefined && performance.now() - this.#lastMs >= idleMs
  }

  /** The digest of the study whose results are in the folder. */
  #manifestStudy(): string | undefined {
    const path = join(this.#options.folder, MANIFEST_NAME)
    try {
      const manifest = existsSync(path) ? manifestOf(readFileSync(path, 'utf8')) : undefined
      return manifest !== undefined && isOfStudy(manifest) ? manifest.studySha256 : undefined
    } catch {
      // It is being replaced.
      return undefined
    }
  }

  /** Whether the results of the study are in the folder. */
  #hasResults(): boolean {
    return this.#manifestStudy() === studyDigest(this.#definition!)
  }

  async #tellWaiting(definition: StudyDefinition | undefined): Promise<void> {
    const { onNews } = this.#options
    const nowMs = performance.now()
    if (onNews === undefined || nowMs < this.#tellMs) return
    this.#tellMs = nowMs + TELL_MS
    const others = (await this.#heard(announcedStudies(this.#connection.client))) ?? []
    const told = JSON.stringify([definition?.name, others])
    if (told === this.#told) return
    this.#told = told
    onNews({ kind: 'waiting', study: definition?.name, others })
  }

  /** What the queue answers, if it does: without a connection it would be waited for. */
  async #heard<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
    const limit = new AbortController()
    try {
      return await Promise.race([answer, pause(5000, undefined, { signal: limit.signal })])
    } finally {
      limit.abort()
    }
  }

  async #pause(): Promise<void> {
    const { signal } = this.#options
    await pause(LOOK_MS, undefined, signal === undefined ? {} : { signal })
  }
}

function otherVersion(
  { study, engine }: { study: string; engine: string },
  { folder }: QueueWorkOptions,
): RivalryError {
  return new RivalryError(`the study ${study} is run by rivalry ${engine}, and this is ${engineVersion}`, {
    code: 'other-version',
    path: folder,
    hint: 'install the same version on all machines: another may give other results',
  })
}

function notShared({ folder, queue }: QueueWorkOptions): RivalryError {
  return new RivalryError(
    `the folder ${folder} is not the one that the study on ${shownAddress(queue)} reads, only like it`,
    {
      code: 'folder-not-shared',
      path: join(folder, UNITS_FOLDER),
      hint: 'give the folder of the study itself, on a file system that all machines share',
    },
  )
}
