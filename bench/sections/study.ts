/**
 * Owns what the study layer costs over a bare run of the same replications (units, their files and digests, taking them
 * over, statistics), how a study gains from a second worker, and what a million replications take.
 */
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { isBuilt, runCommand, type CommandCost } from '../commands.ts'
import { median } from '../measure.ts'
import { inTemporaryFolder } from '../programs.ts'
import type { Section, SectionOptions, SectionReport } from '../section.ts'
import { formatTable } from '../table.ts'

interface Measured extends CommandCost {
  readonly what: string
  readonly workers: number
  readonly replications: number
  readonly resultMebibytes: number
}

/** The scenario three-ways in expected demography: three startups, 60 months. */
export const studySection: Section = {
  name: 'study',
  title: 'The cost of studies: three-ways, expected demography, the whole command with its files',
  run: (options) => inTemporaryFolder((folder) => measure(options, folder)),
}

async function measure({ quick, rounds, log }: SectionOptions, folder: string): Promise<SectionReport> {
  const replications = quick ? 2000 : 200_000
  const measured: Measured[] = []
  const contenders = [
    ['run', 1],
    ['study, summary', 1],
    ['study, outcomes', 1],
    ['run', 2],
    ['study, summary', 2],
  ] as const
  for (let round = 0; round < rounds; round++) {
    for (const [what, workers] of contenders) {
      const one = await cost({ what, workers, replications, folder: join(folder, `${measured.length}`) })
      log(
        `round ${round + 1}, ${what}, ${workers}: ${one.wallSeconds.toFixed(1)} s, ${one.cpuSeconds.toFixed(1)} CPU-s`,
      )
      measured.push(one)
    }
  }
  const rows = contenders.map(([what, workers]) => rowOf(what, workers, measured))
  const million = quick
    ? undefined
    : await cost({
        what: 'study, summary',
        workers: 2,
        replications: 1_000_000,
        folder: join(folder, 'million'),
      })
  if (million !== undefined) {
    measured.push(million)
    rows.push(rowOf(million.what, million.workers, [million]))
  }
  const columns = [
    { header: 'what', align: 'left' as const },
    ...['workers', 'replications', 'seconds', 'CPU-seconds', 'over run', 'peak MiB', 'files MiB'].map(
      (header) => ({ header, align: 'right' as const }),
    ),
  ]
  const how = isBuilt() ? 'the built command' : 'the sources through tsx, as there is no build'
  const caption = `${how}; medians of ${rounds}, "over run" the median of ratios of CPU-seconds within a round`
  return { text: `${caption}\n\n${formatTable(columns, rows)}`, measurements: measured }
}

function rowOf(what: string, workers: number, measured: readonly Measured[]): string[] {
  const of = (name: string): Measured[] =>
    measured.filter((one) => one.what === name && one.workers === workers)
  const own = of(what)
  const bare = of('run')
  const middle = (value: (one: Measured) => number): number => median(own.map(value))
  const ratios = own.flatMap((one, round) =>
    bare[round] === undefined ? [] : [one.cpuSeconds / bare[round].cpuSeconds],
  )
  return [
    what,
    String(workers),
    String(own[0]!.replications),
    middle(({ wallSeconds }) => wallSeconds).toFixed(1),
    middle(({ cpuSeconds }) => cpuSeconds).toFixed(1),
    what === 'run' || ratios.length === 0 ? '' : `${((median(ratios) - 1) * 100).toFixed(1)}%`,
    middle(({ peakMebibytes }) => peakMebibytes).toFixed(0),
    middle(({ resultMebibytes }) => resultMebibytes).toFixed(0),
  ]
}

async function cost({
  what,
  workers,
  replications,
  folder,
}: {
  what: string
  workers: number
  replications: number
  folder: string
}): Promise<Measured> {
  const out = ['--workers', String(workers), '--out', folder, '--quiet']
  const found =
    what === 'run'
      ? await runCommand([
          'run',
          'three-ways',
          '--set',
          'demography=expected',
          '-n',
          String(replications),
          ...out,
        ])
      : await runCommand(['study', studyFile(folder, what.replace('study, ', ''), replications), ...out])
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  return { what, workers, replications, ...found, resultMebibytes: bytes / 2 ** 20 }
}

/** A study of one point that keeps what a run keeps, or its metrics only. */
function studyFile(folder: string, record: string, replications: number): string {
  const path = `${folder}.yaml`
  const text = [
    'title: What a study costs',
    'scenario: three-ways',
    'set: { demography: expected }',
    `record: ${record}`,
    `replications: ${replications}`,
  ]
  writeFileSync(path, `${text.join('\n')}\n`)
  return path
}
