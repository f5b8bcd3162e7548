/** Owns what it costs to keep every month of the flagship: in the kernel, in a run, and on the way to files. */

import { join } from 'node:path'

import type { MarketMeasurement, MarketOptions } from '../market-entry.ts'
import { measureInterleaved, median, ratioWithinRounds, type Comparison, type Contender } from '../measure.ts'
import { inTemporaryFolder } from '../programs.ts'
import type { Section, SectionOptions, SectionReport } from '../section.ts'
import { formatTable, millions } from '../table.ts'
import { marketContender } from './flagship.ts'

const demographies = ['expected', 'integer'] as const

/** The flagship with summary and with monthly tables: kernel, run without files, run with Arrow files. */
export const recordingSection: Section = {
  name: 'recording',
  title: 'The cost of recording: the flagship, summary against months',
  run: (options) => inTemporaryFolder((folder) => measure(options, folder)),
}

async function measure({ quick, rounds, log }: SectionOptions, folder: string): Promise<SectionReport> {
  const comparisons: Comparison[] = []
  const bytes = new Map<string, number>()
  for (const demography of quick ? demographies.slice(0, 1) : demographies) {
    const given = { demography, replications: quick ? 100 : 1000, warmup: quick ? 40 : 200 } as const
    const unused = { workers: 0, threads: 'source' } as const
    const contenders = (['summary', 'months'] as const).flatMap((recording) => {
      const own = (what: string, choice: Pick<MarketOptions, 'mode' | 'folder'>) =>
        remembering(
          marketContender(`${what}, ${recording}`, { ...given, ...unused, recording, ...choice }),
          bytes,
        )
      return [
        own('kernel', { mode: 'kernel', folder: '' }),
        own('run', { mode: 'study', folder: '' }),
        own('run to files', { mode: 'study', folder: join(folder, `${demography}-${recording}`) }),
      ]
    })
    comparisons.push(
      await measureInterleaved(contenders, {
        label: demography,
        rounds,
        options: null,
        baseline: 'kernel, summary',
        onRun: (name, round, { agentSteps, cpuSeconds }) =>
          log(`${demography}, round ${round + 1}, ${name}: ${millions(agentSteps / cpuSeconds)}`),
      }),
    )
  }
  return {
    text: textOf(comparisons, bytes),
    comparisons,
    measurements: { fileBytes: Object.fromEntries(bytes) },
  }
}

/** The contender, noting the bytes that it leaves in files. */
function remembering(
  contender: Contender<null, MarketMeasurement>,
  bytes: Map<string, number>,
): Contender<null, MarketMeasurement> {
  return {
    name: contender.name,
    async run(options) {
      const measurement = await contender.run(options)
      if (measurement.fileBytes > 0) bytes.set(contender.name, measurement.fileBytes)
      return measurement
    },
  }
}

function textOf(comparisons: readonly Comparison[], bytes: ReadonlyMap<string, number>): string {
  const columns = [
    'demography',
    'what runs',
    'summary',
    'months',
    'lost',
    'MB of months',
    'CPU s for files',
    'wall s for files',
  ]
  const rows = comparisons.flatMap((comparison) =>
    ['kernel', 'run', 'run to files'].map((what) => {
      const rate = (recording: string) =>
        comparison.entries.find(({ name }) => name === `${what}, ${recording}`)!.medianPerCpuSecond
      const lost = 1 - ratioWithinRounds(comparison, `${what}, months`, `${what}, summary`)
      const files = bytes.get(`${what}, months`)
      return [
        comparison.label,
        what,
        millions(rate('summary')),
        millions(rate('months')),
        `${(100 * lost).toFixed(0)}%`,
        ...(files === undefined
          ? ['', '', '']
          : [
              (files / 1e6).toFixed(0),
              extra(comparison, 'cpuSeconds').toFixed(2),
              extra(comparison, 'wallSeconds').toFixed(2),
            ]),
      ]
    }),
  )
  const aligned = columns.map((header, at) => ({
    header,
    align: at < 2 ? ('left' as const) : ('right' as const),
  }))
  const caption =
    'millions of startup-months per CPU-second in one thread; files: Arrow, hashed, synced; their seconds: with files ' +
    'less without, months'
  return `${caption}\n\n${formatTable(aligned, rows)}`
}

/** Median over the rounds of what files add to a run with monthly tables, in seconds. */
function extra({ entries }: Comparison, key: 'cpuSeconds' | 'wallSeconds'): number {
  const rounds = (name: string) => entries.find((entry) => entry.name === name)!.rounds
  const without = rounds('run, months')
  return median(rounds('run to files, months').map((timing, round) => timing[key] - without[round]![key]))
}
