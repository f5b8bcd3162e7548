/** `rivalry status`: how far the study in a folder is. */
import type { Command } from 'commander'
import { canonicalJson } from '../engine/files/canonical-json.ts'
import { printable } from '../engine/files/printable.ts'
import { UnitStore } from '../engine/study/units/unit-store.ts'
import { studyStatus } from '../index.ts'
import { exitCodes } from './failure.ts'
import { FlagCheck } from './flags.ts'
import { doneText, failureLines, missingByShard, unitLines } from './study-report.ts'

/** Adds the command. */
export function addStudyStatus(program: Command): void {
  program
    .command('status')
    .summary('say how far the study in a folder is')
    .description(
      'Says how far the study in a folder is: units that are done, missing and failed. It only looks, also while others ' +
        'compute. Exits with 0 when the study is finished, with 3 when it is not, and with 2 when no study was begun there.',
    )
    .argument('<folder>', 'folder that was named to `rivalry study` with --out')
    .option('--shards <number>', 'also say which of so many parts (as of --shard) lack units')
    .option('--json', 'print the status as JSON')
    .addHelpText(
      'after',
      `
Examples:
  rivalry status out/freemium
  rivalry status out/freemium --shards 5
  rivalry status out/freemium --json`,
    )
    .action(status)
}

/** Missing units that are named one by one. */
const UNITS_TOLD = 10

async function status(folder: string, { shards, json }: { shards?: string; json?: true }): Promise<void> {
  const check = new FlagCheck()
  const parts = check.whole('shards', shards, { low: 1, high: 1_000_000 })
  check.done()
  const found = await studyStatus(folder)
  const bytes = new UnitStore(folder).bytes()
  const byShard = parts === undefined ? undefined : missingByShard(found.missing, parts)
  if (!found.isFinished) process.exitCode = exitCodes.check
  if (json) {
    const more = byShard === undefined ? {} : { shards: byShard }
    process.stdout.write(canonicalJson({ ...found, bytes, ...more }))
    return
  }
  const { study, look, missing, failures, isFinished } = found
  const kept = bytes === 0 ? '' : `; units of ${sizeText(bytes)} are kept`
  const lines = isFinished
    ? [`${printable(study)}: finished; results in ${folder}${kept}`]
    : [
        `${printable(study)}: not finished; look ${look + 1}, ${doneText(found)} (${sizeText(bytes)})`,
        ...(missing.length === 0
          ? ['nothing is missing: --resume finishes it']
          : [`missing: ${missing.length}`, ...unitLines(missing, UNITS_TOLD)]),
        ...(byShard === undefined || missing.length === 0
          ? []
          : [
              `parts that lack units: ${byShard.map(({ shard, missing }) => `${shard}/${parts} (${missing})`).join(', ')}`,
            ]),
        ...(failures.length === 0 ? [] : [`failed: ${failures.length}`, ...failureLines(study, failures)]),
      ]
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
}

function sizeText(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const)
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`
  return `${bytes} bytes`
}
