/** A study as a program sees it: begun at once, watched while it runs, awaited. */
import type { StudyDefinition } from './definition.ts'
import { runStudy } from './run-study.ts'
import type { StudyResult } from './study-result.ts'
import type { StudyOptions, StudyProgress } from './study-options.ts'

/** A study that runs. Iterating over it tells how far it is, until it ends; what it came to is `result`. */
export interface StudyRun extends AsyncIterable<StudyProgress> {
  readonly result: Promise<StudyResult>
}

/**
 * Begins a study. Whoever iterates gets the latest progress whenever they ask, and is not waited for; the loop ends when
 * the study does, and throws what it throws.
 */
export function study(definition: StudyDefinition, options: StudyOptions = {}): StudyRun {
  let latest: StudyProgress | undefined
  let isOver = false
  let wake: (() => void)[] = []
  const tell = (): void => {
    for (const resume of wake) resume()
    wake = []
  }
  const result = runStudy(definition, {
    ...options,
    onProgress: (progress) => {
      latest = progress
      options.onProgress?.(progress)
      tell()
    },
  }).finally(() => {
    isOver = true
    tell()
  })
  // A study that fails is no unhandled rejection where somebody iterates and does not await.
  result.catch(() => undefined)
  return {
    result,
    async *[Symbol.asyncIterator]() {
      let told: StudyProgress | undefined
      for (;;) {
        if (latest !== undefined && latest !== told) yield (told = latest)
        else if (isOver) break
        else await new Promise<void>((resolve) => wake.push(resolve))
      }
      await result
    },
  }
}
