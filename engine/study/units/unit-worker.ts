/** A worker thread's side of a study: computes units and leaves their files. */
import { workerData } from 'node:worker_threads'
import { RivalryError } from '../../errors.ts'
import type { Agents } from '../../run/executor.ts'
import { runUnit, type UnitTask, type UnitThreadSetup, type UnitThreadReply } from './run-unit.ts'
import { UnitRunner } from './unit-runner.ts'
import { UnitStore } from './unit-store.ts'

/**
 * The function that a worker's module exports: computes units of the study in `workerData`. Decision rules are functions
 * and do not cross threads; those that the study's markets follow are given here.
 */
export function unitWorker(agents: Agents = {}): (task: UnitTask) => Promise<UnitThreadReply> {
  let made: { runner: UnitRunner; store: UnitStore } | undefined
  let before: Promise<unknown> = Promise.resolve()
  const compute = async (task: UnitTask): Promise<UnitThreadReply> => {
    try {
      made ??= makeOf(workerData as UnitThreadSetup, agents)
      return await runUnit(made.runner, made.store, task)
    } catch (error) {
      if (!(error instanceof RivalryError)) throw error
      const { message, code, path, hint } = error
      return { error: { message, code, path, hint } }
    }
  }
  // A thread is given its next unit early, and computes one at a time.
  return (task) => {
    const reply = before.then(() => compute(task))
    before = reply.catch(() => undefined)
    return reply
  }
}

function makeOf(
  { definition, folder, backend, prepared }: UnitThreadSetup,
  agents: Agents,
): { runner: UnitRunner; store: UnitStore } {
  const runner = new UnitRunner(definition, { ...agents, backend, prepared, isPatient: false })
  return { runner, store: new UnitStore(folder) }
}
