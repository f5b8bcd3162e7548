/**
 * Worker threads that come to an end in different ways, named by the environment: `RIVALRY_TEST_DEATH` is the way, and
 * `RIVALRY_TEST_ORDINAL` the number of the unit at which it happens.
 */
import process from 'node:process'
import { strategies } from '../../agents/strategies/index.ts'
import { unitWorker } from '../../engine/study/units/unit-worker.ts'
import type { UnitTask } from '../../engine/study/units/run-unit.ts'

const way = process.env['RIVALRY_TEST_DEATH'] ?? ''
const ordinal = Number(process.env['RIVALRY_TEST_ORDINAL'])

if (way === 'exit-at-once') process.exit(7)

const compute = unitWorker({ strategies })

export default (task: UnitTask): ReturnType<typeof compute> => {
  if (task.unit.ordinal === ordinal) {
    if (way === 'exit') process.exit(7)
    // Beyond what the thread is allowed, however much the machine has.
    if (way === 'memory') fill()
  }
  return compute(task)
}

function fill(): void {
  const kept: number[][] = []
  for (;;) kept.push(Array.from({ length: 1e5 }, (_, i) => i + 0.5))
}
