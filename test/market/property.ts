/** Owns how properties run: how often, from which seed, and what a failing one prints. */
import { fc } from '@fast-check/vitest'
import { test } from 'vitest'

/** The seed of usual runs: everyone's tests see the same markets, so that a failure is nobody's bad luck. */
const USUAL_SEED = 20_240_611

/**
 * A test that `check` holds for `usualRuns` values, or for as many as the environment variable RIVALRY_RUNS says, then
 * from a seed of its own. A failure prints the command that reruns the smallest value for which it fails.
 */
export function property<T>(
  title: string,
  usualRuns: number,
  arbitrary: fc.Arbitrary<T>,
  check: (value: T) => void,
): void {
  test(
    title,
    () => {
      const { RIVALRY_RUNS: wanted, RIVALRY_SEED: seed, RIVALRY_PATH: path } = process.env
      const details = fc.check(fc.property(arbitrary, check), {
        numRuns: wanted === undefined ? usualRuns : Number(wanted),
        ...(seed !== undefined ? { seed: Number(seed) } : wanted === undefined ? { seed: USUAL_SEED } : {}),
        ...(path === undefined ? {} : { path, endOnFailure: true }),
      })
      if (!details.failed) return
      const pattern = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      const rerun = `RIVALRY_SEED=${details.seed} RIVALRY_PATH=${details.counterexamplePath ?? ''} npx vitest run -t ${JSON.stringify(pattern)}`
      const reason =
        details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance)
      const value = JSON.stringify(details.counterexample?.[0])
      throw new Error(
        `after ${details.numRuns} runs and ${details.numShrinks} shrinks: ${reason}\n\nRerun the smallest failure with\n${rerun}\n\nIt is ${value}`,
      )
    },
    3_600_000,
  )
}
