/** `rivalry run`: simulates a scenario and says what came out. */
import type { Command } from 'commander'
import { strategies } from '../agents/strategies/index.ts'
import { canonicalJson } from '../engine/files/canonical-json.ts'
import { optionBounds, optionValues, type GivenChoices } from '../engine/run/options.ts'
import { simulate, summaryText } from '../index.ts'
import { loadScenario } from '../scenarios/index.ts'
import { count } from './count.ts'
import { FlagCheck, choice, collect, warnOfWorkers } from './flags.ts'
import { interruptOn } from './interruption.ts'
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
      choice('--backend <name>', 'what runs the market: WebAssembly is fast, JavaScript can be debugged', {
        allowed: optionValues.backend,
        usual: 'wasm',
      }),
    )
    .addOption(
      choice('--record <what>', 'rows at the end of replications, or also every month', {
        allowed: optionValues.recording,
        usual: 'summary',
      }),
    )
    .option('-o, --out <folder>', 'folder for the tables, summary and manifest (default: none is written)')
    .addOption(
      choice('--format <name>', 'format of the tables', { allowed: optionValues.format, usual: 'arrow' }),
    )
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

async function run(scenario: string, flags: RunFlags): Promise<void> {
  const check = new FlagCheck()
  const market = check.try(() => loadScenario(scenario, { set: flags.set ?? [], strategies }))
  const choices = choicesOf(flags, check)
  check.done()
  if (!flags.quiet) warnOfWorkers(choices.workers ?? 0)
  const display = new ProgressDisplay(process.stderr, () => performance.now())
  const startMs = performance.now()
  const interruption = new AbortController()
  const stop = interruptOn(interruption)
  try {
    const { summary, manifest } = await simulate(market!, {
      ...choices,
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

/** What the flags say; every impossible value is noted. */
function choicesOf(flags: RunFlags, check: FlagCheck): GivenChoices {
  const number = (flag: keyof typeof optionBounds): number | undefined =>
    check.whole(flag, flags[flag], optionBounds[flag])
  if (flags.out === '') check.refuse('out', 'names no folder')
  return {
    replications: number('replications'),
    seed: flags.seed,
    workers: number('workers'),
    batch: number('batch'),
    backend: check.oneOf('backend', flags.backend, optionValues.backend),
    recording: check.oneOf('record', flags.record, optionValues.recording),
    format: check.oneOf('format', flags.format, optionValues.format),
  }
}
