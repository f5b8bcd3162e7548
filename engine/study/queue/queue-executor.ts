/**
 * Units computed by the workers of a queue. A unit is done when its file is in the store, whoever says what: the queue
 * only spreads the work, and may forget all of it at any time.
 */
import type { Queue, QueueEvents } from 'bullmq'
import { RivalryError } from '../../errors.ts'
import { studyDigest } from '../definition.ts'
import { connectToQueue, shownAddress, type QueueConnection } from './queue-connection.ts'
import {
  announce,
  jobId,
  makeMark,
  queueName,
  removeEmpty,
  retract,
  unitOfJob,
  within,
  type QueueJob,
} from './queue-study.ts'
import type { UnitReply, UnitSetup } from '../units/run-unit.ts'
import type { UnitExecutor } from '../units/unit-executor.ts'
import { UnitStore, type UnitFailure } from '../units/unit-store.ts'
import type { Unit } from '../units/units.ts'

/** How often a unit is begun by workers that live to say that it failed; those of workers that die do not count. */
const ATTEMPTS = 3
/** Units that are on the queue at once: enough for as many cores. */
const WIDTH = 1000
/** How often the store is looked at, and for how many units each time. */
const LOOK_MS = 1000
const LOOK_UNITS = 200
/** How often whoever runs a study says so. */
const ANNOUNCE_MS = 15_000
/** How long the file of a unit may take from the worker's machine to here: file systems remember that there was none. */
const ARRIVAL_MS = 90_000
/** How often the queue may refuse a unit, before it counts as broken. */
const MOST_REFUSALS = 30
/** How long the queue is tidied at the end. */
const TIDY_MS = 1000

/** Who computes the units. */
export interface QueueSetup {
  /** Address of the queue. */
  readonly queue: string
  /** How long it is looked for at the start, in milliseconds. */
  readonly searchMs?: number | undefined
}

/**
 * An executor that leaves the units to the workers of a queue. Failures at the start, such as a queue that cannot be
 * reached, end the study; later it waits until the queue is there again.
 *
 * @throws RivalryError `invalid-option` for what is no address
 */
export function unitsOnQueue(setup: UnitSetup, queue: QueueSetup): UnitExecutor {
  // An address that is none is known at once.
  shownAddress(queue.queue)
  const executor = new QueueExecutor(setup, queue)
  return {
    width: WIDTH,
    // Workers try it again.
    attempts: 1,
    isLocal: false,
    run: (unit) => executor.run(unit),
    close: () => executor.close(),
  }
}

/** A unit that is asked for. */
interface Pending {
  readonly unit: Unit
  readonly resolve: (reply: UnitReply) => void
  readonly reject: (error: unknown) => void
  /** When a worker said that it is done. */
  doneMs?: number
}

/** A queue that is open. */
interface Opened {
  readonly connection: QueueConnection
  readonly queue: Queue<QueueJob>
  readonly events: QueueEvents
}

class QueueExecutor {
  readonly #setup: UnitSetup
  readonly #queue: QueueSetup
  readonly #study: string
  readonly #store: UnitStore
  /** By unit; those that were looked at last are last. */
  readonly #pending = new Map<string, Pending>()
  readonly #ending = new AbortController()
  #opening: Promise<Opened> | undefined
  #closing: Promise<void> | undefined
  #timers: NodeJS.Timeout[] = []
  #refusals = 0
  #isLooking = false

  constructor(setup: UnitSetup, queue: QueueSetup) {
    this.#setup = setup
    this.#queue = queue
    this.#study = studyDigest(setup.definition)
    this.#store = new UnitStore(setup.folder)
  }

  run(unit: Unit): Promise<UnitReply> {
    return new Promise((resolve, reject) => {
      if (this.#ending.signal.aborted) return reject(ended())
      this.#pending.set(unit.id, { unit, resolve, reject })
      this.#opening ??= this.#open()
      this.#opening.then(
        (opened) => this.#ask(opened, unit),
        (error: unknown) => this.#settle(unit.id, (pending) => pending.reject(error)),
      )
    })
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #open(): Promise<Opened> {
    const { definition, folder } = this.#setup
    const mark = makeMark(folder)
    const connection = await connectToQueue(this.#queue.queue, {
      ...this.#queue,
      signal: this.#ending.signal,
    })
    try {
      const { Queue, QueueEvents } = await import('bullmq')
      this.#ending.signal.throwIfAborted()
      const options = { connection: connection.client, skipVersionCheck: true }
      const queue = new Queue<QueueJob>(queueName(definition), options)
      const events = new QueueEvents(queueName(definition), options)
      // The connection knows of them, and goes on.
      queue.on('error', () => undefined)
      events.on('error', () => undefined)
      events.on('completed', (event) => this.#done(event.jobId))
      events.on('failed', (event) => this.#failed({ queue }, event.jobId, event.failedReason))
      // Whoever emptied the queue before may have been stopped in the middle.
      if (await queue.isPaused()) await queue.resume()
      const tell = (): void => void announce(connection.client, definition, mark).catch(() => undefined)
      tell()
      const opened = { connection, queue, events }
      this.#timers = [
        setInterval(tell, ANNOUNCE_MS),
        setInterval(() => void this.#look(opened).catch(() => undefined), LOOK_MS),
      ]
      return opened
    } catch (error) {
      connection.close()
      throw error
    }
  }

  /** Puts a unit on the queue, unless it is there. */
  async #ask({ connection, queue }: Opened, unit: Unit, isNew = true): Promise<void> {
    try {
      // What is left of a unit that failed before would be in the way; one that is being computed stays.
      if (isNew) await queue.remove(jobId(unit.id))
      await queue.add(
        'unit',
        { study: this.#study, unit },
        {
          jobId: jobId(unit.id),
          attempts: ATTEMPTS,
          removeOnComplete: true,
          // Kept until it is known here: nobody may have listened.
          removeOnFail: false,
          stackTraceLimit: 0,
        },
      )
      this.#refusals = 0
    } catch (error) {
      // Units that could not be put there are, the next time that they are looked at.
      if (this.#ending.signal.aborted || connection.trouble !== undefined) return
      if (++this.#refusals < MOST_REFUSALS) return
      const name = shownAddress(this.#queue.queue)
      const { message } = error as Error
      const broken = new RivalryError(`the queue at ${name} takes no units: ${message}`, {
        code: 'queue-failed',
        hint: 'see to the Redis server, and go on with --resume; units that are done stay',
        cause: error,
      })
      for (const id of this.#pending.keys()) this.#settle(id, (pending) => pending.reject(broken))
    }
  }

  /** A worker says that it has left a unit's file. */
  #done(job: string): void {
    const pending = this.#pending.get(unitOfJob(job))
    if (pending === undefined || this.#isThere(pending)) return
    pending.doneMs = performance.now()
  }

  /** Whether the file of a unit is in the store; whoever asked for it is told. */
  #isThere({ unit }: Pending): boolean {
    if (!this.#store.has(unit.id)) return false
    this.#settle(unit.id, ({ resolve }) => resolve({}))
    return true
  }

  /** Workers say that they cannot compute a unit; it may be asked for again. */
  #failed({ queue }: Pick<Opened, 'queue'>, job: string, reason: string): void {
    const id = unitOfJob(job)
    const pending = this.#pending.get(id)
    if (pending === undefined || this.#isThere(pending)) return
    void queue.remove(job).catch(() => undefined)
    this.#settle(id, ({ unit, resolve }) => resolve({ failure: failureOf(unit, reason, this.#setup) }))
  }

  /** Looks for files, and for units that the queue has lost. */
  async #look(opened: Opened): Promise<void> {
    const looked = [...this.#pending].slice(0, LOOK_UNITS)
    for (const [id, pending] of looked) {
      if (this.#isThere(pending)) continue
      this.#pending.delete(id)
      this.#pending.set(id, pending)
    }
    // An answer of the queue may take until it is there again.
    if (this.#isLooking || opened.connection.trouble !== undefined) return
    this.#isLooking = true
    try {
      for (const [id, pending] of looked)
        if (this.#pending.get(id) === pending) await this.#lookFor(opened, pending)
    } finally {
      this.#isLooking = false
    }
  }

  async #lookFor(opened: Opened, pending: Pending): Promise<void> {
    const { unit } = pending
    if (pending.doneMs !== undefined) {
      if (performance.now() - pending.doneMs < ARRIVAL_MS) return
      return this.#settle(unit.id, ({ reject }) => reject(lost(unit, this.#setup)))
    }
    const job = await opened.queue.getJob(jobId(unit.id))
    if (job === undefined) await this.#ask(opened, unit, false)
    else if (job.finishedOn !== undefined && job.failedReason)
      this.#failed(opened, jobId(unit.id), job.failedReason)
  }

  #settle(id: string, tell: (pending: Pending) => void): void {
    const pending = this.#pending.get(id)
    if (pending === undefined) return
    this.#pending.delete(id)
    tell(pending)
  }

  async #close(): Promise<void> {
    this.#ending.abort(ended())
    for (const timer of this.#timers) clearInterval(timer)
    const unwanted = [...this.#pending.keys()]
    for (const id of unwanted) this.#settle(id, ({ reject }) => reject(ended()))
    const opened = await this.#opening?.catch(() => undefined)
    if (opened === undefined) return
    for (const timer of this.#timers) clearInterval(timer)
    const { connection, queue, events } = opened
    if (connection.trouble === undefined) await within(TIDY_MS, this.#tidy(opened, unwanted))
    await within(TIDY_MS, Promise.all([events.close(), queue.close()]))
    connection.close()
  }

  /** Takes what nobody wants any more from the queue, and the queue itself where nothing is left. */
  async #tidy({ connection, queue }: Opened, unwanted: readonly string[]): Promise<void> {
    await retract(connection.client, this.#setup.definition)
    await Promise.all(unwanted.map((id) => queue.remove(jobId(id))))
    // Others may run their part of the study.
    await removeEmpty(queue)
  }
}

function ended(): Error {
  return new Error('the study was ended')
}

/** What workers say of a unit that failed: what they know of it as JSON, or a reason of the queue's own. */
function failureOf(unit: Unit, reason: string, { definition }: UnitSetup): UnitFailure {
  const known = { unit: unit.id, first: unit.first, count: unit.count, seed: definition.seed }
  const told = parsed(reason)
  if (told !== undefined) return { ...known, ...told, unit: unit.id }
  if (!/stalled/.test(reason)) return { ...known, point: unit.points[0], message: reason }
  return {
    ...known,
    point: unit.points[0],
    message: 'every worker that began the unit died',
    code: 'worker-died',
    hint: 'see what the workers say: they may lack memory, or be ended by somebody',
  }
}

function parsed(reason: string): UnitFailure | undefined {
  try {
    const told: unknown = JSON.parse(reason)
    return typeof told === 'object' && told !== null && 'message' in told ? (told as UnitFailure) : undefined
  } catch {
    return undefined
  }
}

function lost(unit: Unit, { folder }: UnitSetup): RivalryError {
  return new RivalryError(
    `a worker has left the file of unit ${unit.id.slice(0, 12)}, but not in ${folder}`,
    {
      code: 'folder-not-shared',
      path: folder,
      hint: 'give workers the folder of the study itself, on a file system that all machines share',
    },
  )
}
