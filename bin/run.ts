/** `rivalry run`: simulates a scenario and says what came out. */
import { Option, type Command } from 'commander'
import { strategies } from '../agents/strategies/index.ts'
import { RivalryError, RivalryErrors } from '../engine/errors.ts'
import { canonicalJson } from '../engine/study/canonical-json.ts'
import { usableCores } from '../engine/study/cores.ts'
import { optionBounds, optionValues, type GivenChoices } from '../engine/study/options.ts'
import { abortUnfinished } from '../engine/study/unfinished.ts'
import { simulate, summaryText } from '../index.ts'
import { loadScenario } from '../scenarios/index.ts'
import { count } from './count.ts'
import { Interrupted } from './failure.ts'
import { ProgressDisplay } from './progress.ts'

/** The options as commander hands them over: text, not yet checked. */
interface RunFlags {
  readonly replications: string
  readonly seed: string
  readonly workers?: string
  readonly batch?: string
  readonly backend: string
  readonly record: string
  readonly out?: string
  readonly format: string
  readonly set?: readonly string[]
  readonly overwrite?: true
  readonly json?: true
  readonly quiet?: true
}

/** Adds the command. */
export function addRun(program: Command): void {
  program
    .command('run')
    .summary('simulate a scenario many times and compare its startups')
    .description(
      'Simulates a scenario many times, each time with other luck, and compares its startups. The same scenario, ' +
        'seed and number of replications give the same result files, to the byte, on any machine.',
    )
    .argument('<scenario>', 'name of a packaged scenario, or path of a YAML file')
    .option('-n, --replications <number>', 'how often the market is simulated', '400')
    .option('--seed <text>', 'any text; the luck of all replications follows from it', '1')
    .option('--workers <number>', 'threads; 0 computes in the main one (default: all cores)')
    .option('--batch <number>', 'replications computed together (default: by memory)')
    .addOption(
      values(
        '--backend <name>',
        'what runs the market: WebAssembly is fast, JavaScript can be debugged',
        optionValues.backend,
        'wasm',
      ),
    )
    .addOption(
      values(
        '--record <what>',
        'rows at the end of replications, or also every month',
        optionValues.recording,
        'summary',
      ),
    )
    .option('-o, --out <folder>', 'folder for the tables, summary and manifest (default: none is written)')
    .addOption(values('--format <name>', 'format of the tables', optionValues.format, 'arrow'))
    .option('--set <path=value>', 'overrides a figure of the scenario; may be repeated', collect)
    .option('--overwrite', 'replace the results of another run in the folder')
    .option('--json', 'print the summary as JSON')
    .option('-q, --quiet', 'print nothing but errors, and JSON where it is asked for')
    .addHelpText(
      'after',
      `
Examples:
  rivalry run large-model-market
  rivalry run three-ways --replications 2000 --seed 7 --out out/three-ways
  rivalry run three-ways --set startups.freemium.plans.free.cap=300 --set months=96
  rivalry run my-market.yaml --record months --format parquet --out out/mine
  rivalry run three-ways --json --quiet > summary.json`,
    )
    .action(run)
}

/** An option with a list of values, which are checked with all others instead of one at a time. */
function values(flags: string, description: string, allowed: readonly string[], usual: string): Option {
  return new Option(flags, `${description} (${allowed.join(', ')})`).default(usual)
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

async function run(scenario: string, flags: RunFlags): Promise<void> {
  const market = attempt(() => loadScenario(scenario, { set: flags.set ?? [], strategies }))
  const choices = attempt(() => choicesOf(flags))
  const errors = [market, choices].flatMap((attempted) => attempted.errors)
  if (errors.length > 0) throw new RivalryErrors(errors)
  warnOfWorkers(choices.value!, flags)
  const display = new ProgressDisplay(process.stderr, () => performance.now())
  const startMs = performance.now()
  const interruption = new AbortController()
  const stop = interruptOn(interruption)
  try {
    const { summary, manifest } = await simulate(market.value!, {
      ...choices.value,
      folder: flags.out,
      overwrite: flags.overwrite,
      signal: interruption.signal,
      onProgress: flags.quiet ? undefined : display.update,
    })
    display.end()
    if (flags.json) process.stdout.write(canonicalJson(summary))
    else if (!flags.quiet) process.stdout.write(summaryText(summary))
    if (flags.quiet) return
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
    const where = manifest === undefined ? '; --out FOLDER keeps the tables' : `; results in ${flags.out}`
    process.stderr.write(`${count(summary.replications, 'replication')} in ${seconds} s${where}\n`)
  } finally {
    display.end()
    stop()
  }
}

/** More threads than cores take turns, each with a memory of its own; a few do no harm. */
const WORKERS_PER_CORE = 4

function warnOfWorkers({ workers = 0 }: GivenChoices, { quiet }: RunFlags): void {
  const cores = usableCores()
  if (quiet || workers <= WORKERS_PER_CORE * cores) return
  process.stderr.write(
    `warning: ${workers} workers share ${count(cores, 'core')}; more than ${cores} make nothing faster\n`,
  )
}

interface Attempted<Value> {
  readonly value?: Value
  readonly errors: readonly RivalryError[]
}

/** What `action` returns, or the user's mistakes that it found. */
function attempt<Value>(action: () => Value): Attempted<Value> {
  try {
    return { value: action(), errors: [] }
  } catch (error) {
    if (error instanceof RivalryErrors) return { errors: error.errors }
    if (error instanceof RivalryError) return { errors: [error] }
    throw error
  }
}

/** @throws RivalryErrors (`invalid-option`) that name every flag with an impossible value. */
function choicesOf(flags: RunFlags): GivenChoices {
  const errors: RivalryError[] = []
  const number = (flag: keyof typeof optionBounds): number | undefined => {
    const text = flags[flag]
    if (text === undefined) return undefined
    const { low, high } = optionBounds[flag]
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    if (value >= low && value <= high) return value
    errors.push(invalid(flag, `is '${text}', not a whole number from ${low} to ${high}`))
    return undefined
  }
  const value = <Allowed extends string>(
    flag: 'backend' | 'record' | 'format',
    allowed: readonly Allowed[],
  ): Allowed => {
    const found = allowed.find((one) => one === flags[flag])
    if (found === undefined)
      errors.push(invalid(flag, `is '${flags[flag]}', not one of ${allowed.join(', ')}`))
    return found ?? allowed[0]!
  }
  if (flags.out === '') errors.push(invalid('out', 'names no folder'))
  const choices = {
    replications: number('replications')!,
    seed: flags.seed,
    workers: number('workers'),
    batch: number('batch'),
    backend: value('backend', optionValues.backend),
    recording: value('record', optionValues.recording),
    format: value('format', optionValues.format),
  }
  if (errors.length > 0) throw new RivalryErrors(errors)
  return choices
}

function invalid(flag: string, what: string): RivalryError {
  return new RivalryError(`${flag} ${what}`, { code: 'invalid-option', path: `--${flag}` })
}

/** Signals that end a run, and their numbers: Ctrl-C, `kill`, and a terminal that goes away. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

/** Aborts when a signal asks to end; returns a function that stops listening. */
function interruptOn(interruption: AbortController): () => void {
  const listeners = (Object.entries(SIGNALS) as [keyof typeof SIGNALS, number][]).map(([signal, number]) => {
    const exitCode = 128 + number
    const listener = (): void => {
      interruption.abort(new Interrupted(exitCode))
      // Whatever still runs then: files are already taken care of, and nobody waits longer than this.
      setTimeout(() => {
        abortUnfinished()
        process.exit(exitCode)
      }, 700).unref()
    }
    process.once(signal, listener)
    return { signal, listener }
  })
  return () => listeners.forEach(({ signal, listener }) => process.off(signal, listener))
}
