/**
 * Sees that units are computed: gives an executor as many as keep it busy, tries again those that fail, and keeps what is
 * known of those that fail for good.
 */
import { RivalryError } from '../../errors.ts'
import { endsStudy, type UnitExecutor } from './unit-executor.ts'
import type { UnitFailure } from './unit-store.ts'
import type { Unit } from './units.ts'

/** What a scheduler is told. */
export interface UnitSchedulerOptions {
  readonly executor: UnitExecutor
  /** Called for each unit that is done, one call after the other, while other units are computed. */
  readonly onDone: (unit: Unit) => Promise<void>
  /** Called for each unit that failed for good. */
  readonly onFailure: (failure: UnitFailure) => void
  /** What is known of a unit, for a failure that does not say where it happened. */
  readonly describe: (unit: Unit) => Omit<UnitFailure, 'message'>
  readonly signal?: AbortSignal | undefined
}

/** What came of an attempt that failed. */
interface Attempt {
  readonly failure: UnitFailure
  /** Whether the thread came to an end, and took with it whatever it held. */
  readonly isLost: boolean
}

/** Runs units on one executor. */
export class UnitScheduler {
  /** Units that failed for good, by their names. */
  readonly failures = new Map<string, UnitFailure>()
  readonly #options: UnitSchedulerOptions
  /** Whether anybody ever computed a unit, or said why it cannot be computed. */
  #hasWorked = false

  constructor(options: UnitSchedulerOptions) {
    this.#options = options
  }

  /**
   * Computes units, and returns when each is done or has failed for good.
   *
   * @throws RivalryError `units-lost` where no unit can be computed at all; what the executor throws that is no fault of
   *   a unit; the signal's reason
   */
  async run(units: readonly Unit[]): Promise<void> {
    const { executor, signal } = this.#options
    const state: State = { waiting: [...units], alone: [], attempts: new Map(), running: 0, wake: undefined }
    // One after the other: rows are taken in their order.
    let taking: Promise<void> = Promise.resolve()
    const attempt = async (unit: Unit): Promise<void> => {
      try {
        if (await this.#attempted(unit, state)) {
          taking = taking.then(() => this.#options.onDone(unit))
          taking.catch((error: unknown) => (state.fatal ??= { error }))
        }
      } catch (error) {
        state.fatal ??= { error }
      }
      state.running--
      state.wake?.()
    }
    while (state.waiting.length + state.alone.length + state.running > 0 && state.fatal === undefined) {
      signal?.throwIfAborted()
      // What was lost is tried again alone, to tell who kills the thread.
      if (state.waiting.length + state.running === 0) state.waiting.push(state.alone.shift()!)
      while (state.waiting.length > 0 && state.running < executor.width) {
        state.running++
        void attempt(state.waiting.shift()!)
      }
      // Not a race of promises: it would leave a reaction at every one of thousands, each time.
      await new Promise<void>((resolve) => (state.wake = resolve))
    }
    if (state.fatal !== undefined) throw state.fatal.error
    await taking
  }

  /** Whether a unit is done; puts it back where it failed and may be tried again. */
  async #attempted(unit: Unit, { attempts, waiting, alone }: State): Promise<boolean> {
    const number = (attempts.get(unit.id) ?? 0) + 1
    attempts.set(unit.id, number)
    const failed = await this.#attempt(unit)
    this.#hasWorked ||= failed === undefined || !failed.isLost
    if (failed === undefined) {
      this.failures.delete(unit.id)
      return true
    }
    if (number < this.#options.executor.attempts) {
      if (!failed.isLost) waiting.push(unit)
      else if (number === 1) alone.push(unit)
      else alone.unshift(unit)
      return false
    }
    if (failed.isLost && !this.#hasWorked) throw nothingWorks(failed.failure)
    this.failures.set(unit.id, failed.failure)
    this.#options.onFailure(failed.failure)
    return false
  }

  /** What went wrong with a unit, if anything did. */
  async #attempt(unit: Unit): Promise<Attempt | undefined> {
    const { executor, signal, describe } = this.#options
    try {
      const { failure } = await executor.run(unit)
      return failure && { failure, isLost: false }
    } catch (error) {
      if (endsStudy(error) || signal?.aborted === true) throw error
      const { message } = error instanceof Error ? error : new Error(String(error))
      const { code, hint } =
        error instanceof RivalryError
          ? error
          : { code: (error as NodeJS.ErrnoException).code, hint: undefined }
      return { failure: { ...describe(unit), message, code, hint }, isLost: true }
    }
  }
}

/** Units on their way. */
interface State {
  readonly waiting: Unit[]
  /** Units whose thread came to an end. */
  readonly alone: Unit[]
  readonly attempts: Map<string, number>
  running: number
  /** What ends all of it. */
  fatal?: { readonly error: unknown }
  wake: (() => void) | undefined
}

function nothingWorks({ message, code, hint }: UnitFailure): RivalryError {
  return new RivalryError(`no unit can be computed: ${message}`, {
    code: code ?? 'units-lost',
    hint: hint ?? 'every thread that was given a unit came to an end; what is done stays, for --resume',
  })
}
