/** Computes a unit and leaves its file: what every thread does, without what pools of threads need. */
import type { Backend } from '../../backends/kernel.ts'
import type { StudyDefinition } from '../definition.ts'
import type { Settings } from '../point-markets.ts'
import type { PreparedMarket } from './prepared-markets.ts'
import { UnitError, type UnitRunner } from './unit-runner.ts'
import type { UnitFailure, UnitStore } from './unit-store.ts'
import type { Unit } from './units.ts'

/** All that computing a study's units needs; plain data, because it crosses threads. */
export interface UnitSetup {
  readonly definition: StudyDefinition
  readonly folder: string
  readonly backend: Backend
}

/** What a thread is given beside. */
export interface UnitThreadSetup extends UnitSetup {
  readonly prepared: readonly PreparedMarket[]
}

/** What a unit came to: its file is there, or it failed. */
export interface UnitReply {
  readonly failure?: UnitFailure | undefined
}

/** What a thread answers: what the unit came to, or an error of files in parts, since errors lose their class. */
export type UnitThreadReply =
  | UnitReply
  | {
      readonly error: {
        readonly message: string
        readonly code: string
        readonly path?: string | undefined
        readonly hint?: string | undefined
      }
    }

/** A unit with the values of its points, in their order. */
export interface UnitTask {
  readonly unit: Unit
  readonly values: readonly Settings[]
}

/** Computes a unit and leaves its file. */
export async function runUnit(
  runner: UnitRunner,
  store: UnitStore,
  { unit, values }: UnitTask,
): Promise<UnitReply> {
  try {
    store.write(unit.id, await runner.run(unit, values))
    return {}
  } catch (error) {
    if (error instanceof UnitError) return { failure: { unit: unit.id, ...error.failure } }
    throw error
  }
}
