/** `rivalry merge`: makes one study of parts that were computed in several folders. */
import type { Command } from 'commander'
import { canonicalJson } from '../engine/files/canonical-json.ts'
import { optionValues } from '../engine/run/options.ts'
import type { StudyStatus } from '../engine/study/study-result.ts'
import { studyText } from '../engine/study/study-text.ts'
import { mergeStudies } from '../index.ts'
import { count } from './count.ts'
import { Interrupted, exitCodes } from './failure.ts'
import { FlagCheck, choice } from './flags.ts'
import { interruptOn } from './interruption.ts'
import { ProgressDisplay } from './progress.ts'
import { doneText, failureLines, unitLines } from './study-report.ts'

interface MergeFlags {
  readonly out?: string
  readonly format: string
  readonly keepUnits?: true
  readonly overwrite?: true
  readonly json?: true
  readonly quiet?: true
}

/** Adds the command. */
export function addMerge(program: Command): void {
  program
    .command('merge')
    .summary('make one study of parts that were computed in several folders')
    .description(
      'Brings the units of a study together that --shard left in several folders, and finishes it: the results are the ' +
        'same, to the byte, as if one machine had computed them all. The folders stay as they are. Exits with 3 when units ' +
        'are missing, and lists them; what is there is kept, and the parts that lack can be merged later.',
    )
    .argument('<folder...>', 'folders that were named to `rivalry study --shard` with --out')
    .option('-o, --out <folder>', 'folder for the results; may be one of the others')
    .addOption(
      choice('--format <name>', 'format of the tables', { allowed: optionValues.format, usual: 'arrow' }),
    )
    .option('--keep-units', 'keep the units beside the results')
    .option('--overwrite', 'replace results of another run or study in the folder')
    .option('--json', 'print the summary (or the status, where it is not complete) as JSON')
    .option('-q, --quiet', 'print nothing but errors, and JSON where it is asked for')
    .addHelpText(
      'after',
      `
Examples:
  rivalry merge out/part-1 out/part-2 out/part-3 --out out/whole
  rivalry merge out/part-* --out out/whole --format parquet`,
    )
    .action(merge)
}

async function merge(folders: readonly string[], flags: MergeFlags): Promise<void> {
  const check = new FlagCheck()
  const format = check.oneOf('format', flags.format, optionValues.format)
  if (flags.out === undefined || flags.out === '')
    check.refuse('out', 'names no folder', 'say where the results go, with --out FOLDER')
  check.done()
  const folder = flags.out!
  const display = new ProgressDisplay(process.stderr, () => performance.now())
  const interruption = new AbortController()
  const sayWhatIsKept = (): void => {
    display.end()
    process.stderr.write(
      `interrupted: the folders are as they were, and what was copied is kept in ${folder}; merge them again\n`,
    )
  }
  const stop = interruptOn(interruption, { last: sayWhatIsKept })
  try {
    const result = await mergeStudies(folders, {
      folder,
      format,
      overwrite: flags.overwrite,
      keepUnits: flags.keepUnits,
      signal: interruption.signal,
      onProgress: ({ units }) => {
        if (!flags.quiet) display.update({ ...units, what: ' units', rateOf: ' units' })
      },
    })
    display.end()
    if (!result.isComplete) return sayMissing(result.status, flags)
    const { summary, manifest } = result
    if (flags.json) process.stdout.write(canonicalJson(summary))
    else if (!flags.quiet) process.stdout.write(studyText(summary))
    if (flags.quiet) return
    const files = (manifest?.files ?? []).map(({ name }) => name).join(', ')
    process.stderr.write(`${count(folders.length, 'folder')} merged; results in ${folder}: ${files}\n`)
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    sayWhatIsKept()
    process.exitCode = error.exitCode
  } finally {
    display.end()
    stop()
  }
}

/** Missing units that are named one by one. */
const UNITS_TOLD = 10

function sayMissing(status: StudyStatus, { json, out }: MergeFlags): void {
  process.exitCode = exitCodes.check
  if (json) process.stdout.write(canonicalJson(status))
  const { study, missing, failures, mayGrow } = status
  const next = mayGrow
    ? `run every part again with --out ${out} and --resume, until the study is finished: its rules of stopping need all parts of a look`
    : `compute them with rivalry study --out ${out} --resume, or merge the folders that have them`
  const lines = [
    ...failureLines(study, failures),
    `not complete: ${count(missing.length, 'unit')} ${missing.length === 1 ? 'is' : 'are'} missing in ${out}; ${doneText(status)}`,
    ...unitLines(missing, UNITS_TOLD),
    `  hint: ${next}`,
  ]
  process.stderr.write(lines.map((line) => `${line}\n`).join(''))
}
