/**
 * Owns the speed of the flagship market: startup-months per second on one core and with two workers, in both
 * demographies, beside the reference in numpy where that lies next to the project.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { assert } from '../../engine/errors.ts'
import type { MarketMeasurement, MarketOptions } from '../market-entry.ts'
import {
  measureInterleaved,
  type Comparison,
  type Contender,
  type SkippedContender,
  type Timing,
} from '../measure.ts'
import { projectRoot, runForJson, runProgram } from '../programs.ts'
import type { Section, SectionOptions, SectionReport } from '../section.ts'
import { formatTable, millions, skippedLines } from '../table.ts'

const threads = existsSync(join(projectRoot(), 'dist/agents/worker.js')) ? 'built' : 'source'
const reference = join(projectRoot(), '../shared/reference')
const numpy = 'numpy reference'
const oneThread = 'run, one thread'
const twoWorkers = 'run, two workers'

/** The flagship: the kernel alone, whole runs in one thread and with two workers, and the reference. */
export const flagshipSection: Section = {
  name: 'flagship',
  title: 'The flagship: startup-months a second',
  async run(options) {
    const isThere = existsSync(join(reference, 'market_reference.py'))
    const skipped: SkippedContender[] = isThere
      ? []
      : [{ name: numpy, reason: 'the reference does not lie beside the project' }]
    const peers = isThere ? [numpyContender(options.quick)] : []
    const expected = await compare('expected', options, peers)
    const integer = await compare('integer', options, peers)
    return report([expected, integer], skipped)
  },
}

/**
 * Runs take four times the replications that the kernel alone takes: starting threads and compiling take as long for a few
 * as for many, and are no part of what a second worker can speed up.
 */
function compare(
  demography: 'expected' | 'integer',
  { quick, rounds, log }: SectionOptions,
  others: readonly Contender<null>[],
): Promise<Comparison> {
  const usual = demography === 'expected' ? 10_000 : 5000
  const replications = quick ? 200 : usual
  const given = {
    demography,
    recording: 'summary',
    replications,
    folder: '',
    threads,
    warmup: quick ? 40 : 400,
  } as const
  const own = (
    name: string,
    choice: Pick<MarketOptions, 'mode' | 'workers' | 'mechanisms'> & { replications?: number },
  ) => marketContender(name, { ...given, ...choice })
  const contenders = [
    own('kernel', { mode: 'kernel', workers: 0 }),
    own('kernel, all mechanisms', { mode: 'kernel', workers: 0, mechanisms: 'all' }),
    own(oneThread, { mode: 'study', workers: 0, replications: 4 * replications }),
    own(twoWorkers, { mode: 'study', workers: 2, replications: 4 * replications }),
  ]
  /** By how much work was done. */
  const profits = new Map<number, number>()
  return measureInterleaved<null, Timing & { profitTotal?: number }>([...contenders, ...others], {
    label: `${demography} demography`,
    rounds,
    options: null,
    baseline: others.length > 0 ? numpy : 'kernel',
    check: ({ profitTotal, agentSteps }, _, name) => {
      if (profitTotal === undefined) return
      const first = profits.get(agentSteps) ?? profitTotal
      profits.set(agentSteps, first)
      assert(profitTotal === first, `${name} simulates the same market as the others`, { profitTotal, first })
    },
    onRun: (name, round, { agentSteps, cpuSeconds }) =>
      log(`${demography}, round ${round + 1}, ${name}: ${millions(agentSteps / cpuSeconds)}`),
  })
}

/** A run of the flagship in a process of its own. */
export function marketContender(name: string, options: MarketOptions): Contender<null, MarketMeasurement> {
  return { name, run: () => runProgram('market-entry.ts', { ...options }) }
}

function numpyContender(quick: boolean): Contender<null> {
  const script = join(projectRoot(), 'bench/peers/market_reference_timing.py')
  const replications = quick ? '50' : '1000'
  return {
    name: numpy,
    run: () =>
      runForJson<Timing>('python3', [script, '--reference', reference, '--replications', replications]),
  }
}

function report(comparisons: readonly Comparison[], skipped: readonly SkippedContender[]): SectionReport {
  const columns = [
    'demography',
    'what runs',
    'per CPU-second',
    'range',
    'ratio',
    'per second',
    'of one thread',
  ]
  const rows = comparisons.flatMap(({ label, baseline, entries }) => {
    const single = entries.find(({ name }) => name === oneThread)!
    return entries.map((entry) => [
      label.split(' ')[0]!,
      entry.name,
      millions(entry.medianPerCpuSecond),
      `${millions(entry.lowestPerCpuSecond)}..${millions(entry.highestPerCpuSecond)}`,
      `${entry.ratioToBaseline.toPrecision(3)} ${baseline}`,
      millions(entry.medianPerWallSecond),
      entry.name === twoWorkers ? (entry.medianPerWallSecond / single.medianPerWallSecond).toFixed(2) : '',
    ])
  })
  const aligned = columns.map((header, at) => ({
    header,
    align: at < 2 ? ('left' as const) : ('right' as const),
  }))
  const caption = `millions of startup-months, medians of ${comparisons[0]!.entries[0]!.rounds.length} interleaved rounds`
  const text = [caption, formatTable(aligned, rows), skippedLines(skipped)].filter((part) => part !== '')
  return { text: text.join('\n\n'), comparisons, skipped }
}
