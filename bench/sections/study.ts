/**
 * Owns what the study layer costs over a bare run of the same replications (units, their files and digests, taking them
 * over, statistics), how a study gains from a second worker, and what a million replications take.
 */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { isBuilt, runCommand, type CommandCost } from '../commands.ts'
import { median } from '../measure.ts'
import { inTemporaryFolder } from '../programs.ts'
import type { Section, SectionOptions, SectionReport } from '../section.ts'
import { formatTable } from '../table.ts'

/** What is measured: a bare run, or a study of one point that keeps what a run keeps, or its metrics only. */
interface Contender {
  readonly market: Market
  readonly what: 'run' | 'study, summary' | 'study, outcomes'
  readonly workers: number
}

interface Measured extends Contender, CommandCost {
  readonly replications: number
  readonly resultMebibytes: number
}

/** A scenario, with settings for `--set`, and the replications that take some ten seconds of one core. */
interface Market {
  readonly scenario: string
  readonly settings: Readonly<Record<string, string>>
  readonly replications: number
}

/** Three startups, 60 months. */
const threeWays: Market = {
  scenario: 'three-ways',
  settings: { demography: 'expected' },
  replications: 200_000,
}
/** The flagship: eight startups, 96 months. */
const flagship: Market = { scenario: 'large-model-market', settings: {}, replications: 40_000 }

/** Of each market the run comes first: it is what the studies are compared with. */
const contenders: readonly Contender[] = [
  { market: threeWays, what: 'run', workers: 1 },
  { market: threeWays, what: 'study, summary', workers: 1 },
  { market: threeWays, what: 'study, outcomes', workers: 1 },
  { market: threeWays, what: 'run', workers: 2 },
  { market: threeWays, what: 'study, summary', workers: 2 },
  { market: flagship, what: 'run', workers: 1 },
  { market: flagship, what: 'study, summary', workers: 1 },
  { market: flagship, what: 'study, outcomes', workers: 1 },
]

/** A study of one point against a bare run, with one worker and with two; and the memory that a million replications take. */
export const studySection: Section = {
  name: 'study',
  title: 'The cost of studies: the whole command with its files',
  run: (options) => inTemporaryFolder((folder) => measure(options, folder)),
}

async function measure({ quick, rounds, log }: SectionOptions, folder: string): Promise<SectionReport> {
  const measured: Measured[] = []
  const measureOne = async (contender: Contender, replications: number): Promise<Measured> => {
    const one = await cost(contender, { replications, folder: join(folder, `${measured.length}`) })
    const { scenario } = contender.market
    const [wall, cpu] = [one.wallSeconds.toFixed(1), one.cpuSeconds.toFixed(1)]
    log(`${scenario}, ${contender.what}, ${contender.workers}: ${wall} s, ${cpu} CPU-s`)
    measured.push(one)
    return one
  }
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders)
      await measureOne(contender, quick ? 2000 : contender.market.replications)
  }
  const rows = contenders.map((contender) => rowOf(contender, measured))
  if (!quick) {
    const contender = { market: threeWays, what: 'study, summary', workers: 2 } as const
    rows.push(rowOf(contender, [await measureOne(contender, 1_000_000)]))
  }
  const columns = [
    { header: 'scenario', align: 'left' as const },
    { header: 'what', align: 'left' as const },
    ...['workers', 'replications', 'seconds', 'CPU-seconds', 'over run', 'peak MiB', 'files MiB'].map(
      (header) => ({ header, align: 'right' as const }),
    ),
  ]
  const how = isBuilt() ? 'the built command' : 'the sources through tsx, as there is no build'
  const caption = `${how}; medians of ${rounds}, "over run" the median of ratios of CPU-seconds within a round`
  return { text: `${caption}\n\n${formatTable(columns, rows)}`, measurements: measured }
}

function rowOf({ market, what, workers }: Contender, measured: readonly Measured[]): string[] {
  const of = (name: string): Measured[] =>
    measured.filter((one) => one.market === market && one.what === name && one.workers === workers)
  const own = of(what)
  const bare = of('run')
  const middle = (value: (one: Measured) => number): number => median(own.map(value))
  const ratios = own.flatMap((one, round) =>
    bare[round] === undefined ? [] : [one.cpuSeconds / bare[round].cpuSeconds],
  )
  return [
    market.scenario,
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

async function cost(
  contender: Contender,
  { replications, folder }: { replications: number; folder: string },
): Promise<Measured> {
  const { market, what, workers } = contender
  const { scenario, settings } = market
  const command =
    what === 'run'
      ? [
          'run',
          scenario,
          ...Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]),
          '-n',
          String(replications),
        ]
      : ['study', studyFile(folder, { market, record: what.replace('study, ', ''), replications })]
  const found = await runCommand([...command, '--workers', String(workers), '--out', folder, '--quiet'])
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  // A million replications take a gigabyte, and the next ones as much.
  rmSync(folder, { recursive: true })
  return { ...contender, replications, ...found, resultMebibytes: bytes / 2 ** 20 }
}

/** Writes a study of one point beside the folder of its results. */
function studyFile(
  folder: string,
  { market, record, replications }: { market: Market; record: string; replications: number },
): string {
  const path = `${folder}.yaml`
  const text = [
    'title: What a study costs',
    `scenario: ${market.scenario}`,
    `set: ${JSON.stringify(market.settings)}`,
    `record: ${record}`,
    `replications: ${replications}`,
  ]
  writeFileSync(path, `${text.join('\n')}\n`)
  return path
}
