/** `rivalry study`: compares variants of a market at many points, as a file asks. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { strategies } from '../agents/strategies/index.ts'
import { canonicalJson } from '../engine/files/canonical-json.ts'
import type { StudyDefinition } from '../engine/study/definition.ts'
import { optionBounds, optionValues } from '../engine/run/options.ts'
import type { CompleteStudy, StudyStatus } from '../engine/study/study-result.ts'
import type { Shard, StudyOptions } from '../engine/study/study-options.ts'
import { studyText } from '../engine/study/study-text.ts'
import { forget, remember, type Unfinished } from '../engine/files/unfinished.ts'
import { UNITS_FOLDER } from '../engine/study/units/unit-store.ts'
import { study as begin } from '../index.ts'
import { loadStudy } from '../scenarios/index.ts'
import { count } from './count.ts'
import { Interrupted, exitCodes } from './failure.ts'
import { FlagCheck, choice, collect, warnOfWorkers } from './flags.ts'
import { interruptOn } from './interruption.ts'
import { shardOf } from './shard.ts'
import { firstUnits, planText, studyPlan } from './study-plan.ts'
import { StudyProgressDisplay } from './study-progress.ts'
import { doneText, failureLines } from './study-report.ts'

/** The options as commander hands them over: text, not yet checked. */
interface StudyFlags {
  readonly out?: string
  readonly workers?: string
  readonly backend: string
  readonly format: string
  readonly resume?: true
  readonly overwrite?: true
  readonly keepUnits?: true
  readonly shard?: string
  readonly wait?: true
  readonly queue?: string
  readonly set?: readonly string[]
  readonly seed?: string
  readonly replications?: string
  readonly dryRun?: true
  readonly json?: true
  readonly quiet?: true
}

/** Adds the command. */
export function addStudy(program: Command): void {
  program
    .command('study')
    .summary('compare variants of a market at many points, as a study file asks')
    .description(
      'Runs a study: variants of a market, compared under the same luck at one point or at many, with as many replications ' +
        'as the file asks for. What is done stays in the folder as units, so that a study can be stopped and gone on with at ' +
        'any time, and shared between machines; its results are the same to the byte, whoever computed them.\n\n' +
        'Exits with 0 when the study is finished or, with --shard, when this part of it is; with 3 when units failed.',
    )
    .argument('<file>', 'name of a packaged study (rivalry scenarios lists them), or path of a YAML file')
    .option(
      '-o, --out <folder>',
      'folder for the results, and for units until they are finished (default: a temporary one; nothing is kept)',
    )
    .option('--workers <number>', 'threads; 0 computes in the main one (default: all cores)')
    .addOption(
      choice('--backend <name>', 'what runs the market', { allowed: optionValues.backend, usual: 'wasm' }),
    )
    .addOption(
      choice('--format <name>', 'format of the tables', { allowed: optionValues.format, usual: 'arrow' }),
    )
    .option('--resume', 'go on with what was begun in the folder')
    .option('--overwrite', 'drop what is in the folder: units that were begun, and results of another study')
    .option('--keep-units', 'keep the units beside the results')
    .option(
      '--shard <part>',
      'compute this part of the units only: 2/5, or auto for that of a task of a job array: of Slurm ' +
        '(SLURM_ARRAY_TASK_ID, _MIN, _COUNT), or of an indexed job of Kubernetes (JOB_COMPLETION_INDEX, and the number of ' +
        'parts from auto/5 or JOB_COMPLETIONS)',
    )
    .option(
      '--wait',
      'with --shard in a folder that all parts share: wait for the others, and finish the study',
    )
    .option('--queue <address>', 'let workers of a Redis server compute the units: redis://host:6379')
    .option('--set <path=value>', 'overrides a figure of all variants; may be repeated', collect)
    .option('--seed <text>', "any text; the luck of all replications follows from it (default: the file's)")
    .option(
      '-n, --replications <number>',
      'a fixed number for each point, in place of what the file asks for',
    )
    .option('--dry-run', 'show what would be computed, and compute nothing')
    .option('--json', 'print the summary (or plan, or status) as JSON')
    .option('-q, --quiet', 'print nothing but errors, and JSON where it is asked for')
    .addHelpText(
      'after',
      `
Examples:
  rivalry study freemium-or-subscription --replications 200
  rivalry study freemium-or-subscription --out out/freemium --resume
  rivalry study my-study.yaml --dry-run
  rivalry study my-study.yaml --set months=96 --format parquet --out out/mine
  rivalry study my-study.yaml --shard 2/5 --out out/part-2
  rivalry study my-study.yaml --shard auto --wait --out /shared/mine`,
    )
    .action(runStudy)
}

type Choices = Pick<
  StudyOptions,
  'workers' | 'backend' | 'format' | 'resume' | 'overwrite' | 'keepUnits' | 'shard' | 'wait' | 'queue'
>

async function runStudy(file: string, flags: StudyFlags): Promise<void> {
  const { definition, choices } = checked(file, flags)
  if (flags.dryRun) return showPlan(definition, flags)
  if (!flags.quiet) warnOfWorkers(choices.workers ?? 0)
  const stay = new Stay(flags.out)
  const display = new StudyProgressDisplay(definition, {
    stream: process.stderr,
    now: () => performance.now(),
  })
  const startMs = performance.now()
  const interruption = new AbortController()
  const sayWhatIsKept = (): void => {
    display.end()
    process.stderr.write(
      interruptedText(definition, { folder: flags.out, total: display.latest?.units.total }),
    )
  }
  const stop = interruptOn(interruption, { last: sayWhatIsKept })
  try {
    const result = await begin(definition, {
      ...choices,
      folder: stay.folder,
      signal: interruption.signal,
      onProgress: (progress) => (flags.quiet ? (display.latest = progress) : display.update(progress)),
    }).result
    display.end()
    if (!result.isComplete) return sayIncomplete(result.status, { flags, shard: choices.shard })
    const seconds = display.latest === undefined ? undefined : (performance.now() - startMs) / 1000
    sayComplete(result, { flags, seconds })
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    stay.leave()
    sayWhatIsKept()
    process.exitCode = error.exitCode
  } finally {
    display.end()
    stop()
    stay.leave()
  }
}

/** The study, and what was chosen about running it. @throws RivalryErrors with everything wrong with either */
function checked(file: string, flags: StudyFlags): { definition: StudyDefinition; choices: Choices } {
  const check = new FlagCheck()
  const replications = check.whole('replications', flags.replications, optionBounds.replications)
  const choices: Choices = {
    workers: check.whole('workers', flags.workers, optionBounds.workers),
    backend: check.oneOf('backend', flags.backend, optionValues.backend),
    format: check.oneOf('format', flags.format, optionValues.format),
    shard: flags.shard === undefined ? undefined : check.try(() => shardOf(flags.shard!, process.env)),
    queue: flags.queue,
    resume: flags.resume,
    overwrite: flags.overwrite,
    keepUnits: flags.keepUnits,
    wait: flags.wait,
  }
  checkFolder(flags, check)
  if (flags.queue !== undefined && !/^rediss?:\/\/./.test(flags.queue))
    check.refuse(
      'queue',
      `is '${flags.queue}', not the address of a Redis server`,
      'such as redis://host:6379',
    )
  if (flags.queue !== undefined && flags.shard !== undefined)
    check.refuse(
      'queue',
      'and --shard exclude each other',
      'workers of a queue share the units by themselves',
    )
  if (flags.wait && flags.shard === undefined)
    check.refuse('wait', 'is for parts of a study', 'name one with --shard, or leave out --wait')
  const definition = check.try(() =>
    loadStudy(file, { set: flags.set ?? [], strategies, seed: flags.seed, replications }),
  )
  check.done()
  return { definition: definition!, choices }
}

/** Flags that make no sense without a folder, or with each other. */
function checkFolder(flags: StudyFlags, check: FlagCheck): void {
  if (flags.out === '') check.refuse('out', 'names no folder')
  const needing = [
    ['resume', flags.resume],
    ['overwrite', flags.overwrite],
    ['keep-units', flags.keepUnits],
    ['shard', flags.shard],
    ['queue', flags.queue],
  ] as const
  // A plan writes nothing, and is that of the whole study.
  for (const [flag, value] of flags.out === undefined && !flags.dryRun ? needing : [])
    if (value !== undefined) check.refuse(flag, 'needs a folder that stays', 'name it with --out')
  if (flags.resume && flags.overwrite)
    check.refuse(
      'resume',
      'and --overwrite exclude each other',
      'go on with the units that are there, or drop them',
    )
}

function showPlan(definition: StudyDefinition, { json, quiet }: StudyFlags): void {
  const plan = studyPlan(definition)
  if (json) process.stdout.write(canonicalJson(plan))
  else if (!quiet) process.stdout.write(planText(plan))
}

/** The folder that a study runs in: the user's, or one that is gone afterwards, whatever happens. */
class Stay implements Unfinished {
  readonly folder: string
  readonly #isTemporary: boolean

  constructor(out: string | undefined) {
    this.#isTemporary = out === undefined
    this.folder = out ?? mkdtempSync(join(tmpdir(), 'rivalry-study-'))
    if (this.#isTemporary) remember(this)
  }

  /** Removes the folder if it is not the user's. Does nothing the second time. */
  leave(): void {
    if (!this.#isTemporary || !forget(this)) return
    // Threads that are not gone yet may still write there.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  abort(): void {
    this.leave()
  }
}

function sayComplete(
  { summary, manifest }: CompleteStudy,
  { flags, seconds }: { flags: StudyFlags; seconds: number | undefined },
): void {
  if (flags.json) process.stdout.write(canonicalJson(summary))
  else if (!flags.quiet) process.stdout.write(studyText(summary))
  if (flags.quiet) return
  const where =
    flags.out === undefined
      ? 'nothing was kept; --out FOLDER keeps the tables'
      : `results in ${flags.out}: ${(manifest?.files ?? []).map(({ name }) => name).join(', ')}`
  const how =
    seconds === undefined
      ? 'the study was finished before'
      : `${count(summary.replications.total, 'replication')} in ${seconds.toFixed(1)} s`
  process.stderr.write(`${how}; ${where}\n`)
}

/** What is missing, and what to do; units that failed here end with 3. */
function sayIncomplete(
  status: StudyStatus,
  { flags, shard }: { flags: StudyFlags; shard: Shard | undefined },
): void {
  const { study, missing, failures, mayGrow } = status
  if (flags.json) process.stdout.write(canonicalJson(status))
  const own = new Set(
    missing
      .filter(({ ordinal }) => shard === undefined || ordinal % shard.of === shard.index - 1)
      .map(({ id }) => id),
  )
  const ownFailures = failures.filter(({ unit }) => own.has(unit))
  const folder = flags.out ?? 'FOLDER'
  if (own.size > 0) {
    const lines = failureLines(study, ownFailures)
    const again = flags.out === undefined ? 'nothing was kept' : '--resume tries them again'
    const failed = `${count(own.size, 'unit')} failed; ${doneText(status)}; ${again}`
    process.stderr.write([...lines, failed].map((line) => `${line}\n`).join(''))
    process.exitCode = exitCodes.check
    return
  }
  if (flags.quiet) return
  const what = shard === undefined ? 'the study' : `part ${shard.index} of ${shard.of}`
  const elsewhere = failures.length === 0 ? '' : `, of which ${failures.length} failed in other parts`
  const next = mayGrow
    ? 'its rules of stopping need all parts of a look before the next: run every part again in one folder until the study is finished, or with --wait'
    : `run the other parts in the same folder, and the last one finishes; or merge their folders: rivalry merge ${folder} FOLDER... --out RESULTS`
  process.stderr.write(
    `${what} is done; ${count(missing.length, 'unit')} of others ${missing.length === 1 ? 'is' : 'are'} missing${elsewhere} (${doneText(status)})\n  hint: ${next}\n`,
  )
}

/** What is left of a study that was interrupted. */
function interruptedText(
  definition: StudyDefinition,
  { folder, total }: { folder: string | undefined; total: number | undefined },
): string {
  if (folder === undefined) return 'interrupted: nothing was left behind\n'
  const kept = unitFiles(folder)
  const of = total ?? firstUnits(definition)
  return `interrupted: ${kept} of ${count(of, 'unit')} ${kept === 1 ? 'is' : 'are'} kept in ${folder}; --resume goes on\n`
}

/** Units that are done in a folder. */
function unitFiles(folder: string): number {
  const units = join(folder, UNITS_FOLDER)
  if (!existsSync(units)) return 0
  return readdirSync(units, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.unit'))
    .length
}
