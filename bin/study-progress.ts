/** Shows how far a study is: its units, and what of it was there before. */
import type { StudyDefinition } from '../engine/study/definition.ts'
import type { StudyProgress } from '../engine/study/study-options.ts'
import { count } from './count.ts'
import { ProgressDisplay, type ProgressStream } from './progress.ts'

/** Shows a study's progress on `stream`; `now` gives milliseconds. */
export class StudyProgressDisplay {
  readonly #display: ProgressDisplay
  readonly #mayGrow: boolean
  #found = -1
  /** What was last heard; `undefined` before the first unit. */
  latest: StudyProgress | undefined

  constructor(definition: StudyDefinition, { stream, now }: { stream: ProgressStream; now: () => number }) {
    this.#display = new ProgressDisplay(stream, now)
    this.#mayGrow = definition.replications.targets.length > 0
  }

  readonly update = (progress: StudyProgress): void => {
    this.latest = progress
    const { look, units, found, failed, replications } = progress
    if (this.#found < 0 && found > 0) this.#display.say(`found ${count(found, 'unit')} done before`)
    this.#found = found
    // Taking what is there is no measure of how fast the rest is computed.
    if (units.done <= found) this.#display.restart()
    this.#display.update({
      ...units,
      counted: replications,
      what: ` units${this.#mayGrow ? `, look ${look + 1}` : ''}${failed === 0 ? '' : `, ${failed} failed`}`,
      rateOf: ' replications',
      beyond: this.#mayGrow ? ' of this look; more may follow' : '',
    })
  }

  /** Takes the bar away. */
  end(): void {
    this.#display.end()
  }
}
