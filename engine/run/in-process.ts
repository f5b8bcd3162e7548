/** Runs batches in this thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { BatchRunner } from '../simulation/batch.ts'
import type { PlainStrategy } from '../simulation/plain-strategies.ts'
import type { BatchExecutor, BatchSetup } from './executor.ts'

/** How long the thread computes before it looks at what else waits: signals, timers, the other side of a pipe. */
const TURN_MS = 50

/**
 * An executor that runs one batch at a time in this thread; every few milliseconds the thread does what else waits,
 * so that an interruption is heard in the middle of a batch of any size.
 */
export function inProcessExecutor(
  { market, key, rows }: BatchSetup,
  plainStrategies: readonly PlainStrategy[] = [],
): BatchExecutor {
  const runner = new BatchRunner(market, { key, rows, plainStrategies })
  let isClosed = false
  return {
    window: 1,
    async run(task) {
      await nextTurn()
      const steps = runner.steps({ ...task, set: 0 })
      let turnMs = performance.now()
      for (;;) {
        const { done, value } = steps.next()
        if (done === true) return { memory: runner.memory, tables: value, release: () => undefined }
        if (performance.now() - turnMs < TURN_MS) continue
        await nextTurn()
        if (isClosed) throw new Error('the batch was ended in its middle')
        turnMs = performance.now()
      }
    },
    close: () => {
      isClosed = true
      return Promise.resolve()
    },
  }
}
