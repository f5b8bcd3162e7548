/** Chooses who computes the units of a study. */
import type { StudyDefinition } from './definition.ts'
import { unitsOnQueue } from './queue/queue-executor.ts'
import type { ChosenStudyOptions } from './study-options.ts'
import { unitsInProcess, unitsOnThreads, type UnitExecutor } from './units/unit-executor.ts'

/** The executor that the options ask for. */
export function executorOf(
  definition: StudyDefinition,
  {
    folder,
    backend,
    workers,
    workerEntry: entry,
    strategies,
    plainStrategies,
    queue,
  }: ChosenStudyOptions & { folder: string },
): UnitExecutor {
  const setup = { definition, folder, backend }
  if (queue !== undefined) return unitsOnQueue(setup, { queue })
  if (entry === undefined || workers === 0) return unitsInProcess(setup, { strategies, plainStrategies })
  return unitsOnThreads(setup, { workers, entry })
}
