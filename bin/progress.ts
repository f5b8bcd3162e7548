/** Shows how far something is: a bar on a terminal, a line now and then elsewhere; nothing in the first two seconds. */

/** Where progress is shown: stderr, or something like it in a test. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

/** How far something is. */
export interface Moment {
  readonly done: number
  readonly total: number
  /** What is done, as it is counted by its rate, where that is finer: replications of units. */
  readonly counted?: number | undefined
  /** After the numbers: ` units, look 2`. */
  readonly what?: string | undefined
  /** What the rate counts: ` replications`. */
  readonly rateOf?: string | undefined
  /** After the time left: what is not in it. */
  readonly beyond?: string | undefined
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
  #first: { readonly done: number; readonly counted: number; readonly atMs: number } | undefined
  #shownMs = -Infinity
  #isBarShown = false

  constructor(stream: ProgressStream, now: () => number) {
    this.#stream = stream
    this.#now = now
    this.#startMs = now()
    this.#hasBar = stream.isTTY === true && process.env['TERM'] !== 'dumb'
  }

  readonly update = (moment: Moment): void => {
    const { done, total, counted = done } = moment
    const atMs = this.#now()
    this.#first ??= { done, counted, atMs }
    const interval = this.#hasBar ? BAR_INTERVAL_MS : LINE_INTERVAL_MS
    if (atMs - this.#startMs < QUIET_MS || atMs - this.#shownMs < interval) return
    this.#shownMs = atMs
    const text = this.#text(moment, atMs)
    if (!this.#hasBar) return void this.#stream.write(`${text}\n`)
    const filled = Math.floor((done / total) * BAR_CELLS)
    const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}] ${text}`
    // A line that wraps could not be drawn over.
    this.#stream.write(`\r${bar.slice(0, (this.#stream.columns ?? 80) - 1)}\u001b[K`)
    this.#isBarShown = true
  }

  /** Writes a line of its own, above the bar if there is one. */
  say(line: string): void {
    this.end()
    this.#stream.write(`${line}\n`)
  }

  /** What was done up to now was there before, and says nothing about the rate. */
  restart(): void {
    this.#first = undefined
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#isBarShown) this.#stream.write('\r\u001b[K')
    this.#isBarShown = false
  }

  #text({ done, total, counted = done, what = '', rateOf = '', beyond = '' }: Moment, atMs: number): string {
    const percent = `${Math.floor((done / total) * 100)}%`.padStart(4)
    const first = this.#first!
    const seconds = (atMs - first.atMs) / 1000
    const [perSecond, countedPerSecond] = [done - first.done, counted - first.counted].map(
      (sum) => sum / seconds,
    ) as [number, number]
    const rate =
      seconds > 0 && perSecond > 0
        ? `, ${rounded(countedPerSecond)}${rateOf} a second, ${duration((total - done) / perSecond)} left${beyond}`
        : ''
    return `${percent}  ${done} of ${total}${what}${rate}`
  }
}

/** With three digits, and no exponent. */
function rounded(rate: number): string {
  return String(Number(rate.toPrecision(3)))
}

/** Seconds as people say them: 7 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
