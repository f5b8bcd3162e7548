/** Shows how far a run is: a bar on a terminal, a line now and then elsewhere; nothing in the first two seconds. */
import type { Progress } from '../engine/study/index.ts'

/** Where progress is shown: stderr, or something like it in a test. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

const QUIET_MS = 2000
const BAR_INTERVAL_MS = 100
const LINE_INTERVAL_MS = 10_000
const BAR_CELLS = 20

/** Shows progress on `stream`; `now` gives milliseconds. */
export class ProgressDisplay {
  readonly #stream: ProgressStream
  readonly #now: () => number
  readonly #startMs: number
  readonly #hasBar: boolean
  /** Of the first progress: what comes before it is compiling, and says nothing about the rate. */
  #first: { readonly done: number; readonly atMs: number } | undefined
  #shownMs = -Infinity
  #isBarShown = false

  constructor(stream: ProgressStream, now: () => number) {
    this.#stream = stream
    this.#now = now
    this.#startMs = now()
    this.#hasBar = stream.isTTY === true && process.env['TERM'] !== 'dumb'
  }

  readonly update = ({ done, total }: Progress): void => {
    const atMs = this.#now()
    this.#first ??= { done, atMs }
    const interval = this.#hasBar ? BAR_INTERVAL_MS : LINE_INTERVAL_MS
    if (atMs - this.#startMs < QUIET_MS || atMs - this.#shownMs < interval) return
    this.#shownMs = atMs
    const text = this.#text({ done, total }, atMs)
    if (!this.#hasBar) return void this.#stream.write(`${text}\n`)
    const filled = Math.floor((done / total) * BAR_CELLS)
    const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}] ${text}`
    // A line that wraps could not be drawn over.
    this.#stream.write(`\r${bar.slice(0, (this.#stream.columns ?? 80) - 1)}\u001b[K`)
    this.#isBarShown = true
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#isBarShown) this.#stream.write('\r\u001b[K')
    this.#isBarShown = false
  }

  #text({ done, total }: Progress, atMs: number): string {
    const percent = `${Math.floor((done / total) * 100)}%`.padStart(4)
    const first = this.#first!
    const seconds = (atMs - first.atMs) / 1000
    const perSecond = (done - first.done) / seconds
    const rate =
      seconds > 0 && perSecond > 0
        ? `, ${perSecond.toPrecision(3)} a second, ${duration((total - done) / perSecond)} left`
        : ''
    return `${percent}  ${done} of ${total}${rate}`
  }
}

/** Seconds as people say them: 7 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
