/**
 * Owns how benchmarks measure: contenders take turns (A B C A B C ...), each reports its own time from
 * inside, and what is compared are medians and the ratios within a round. Noise of a shared machine is slow:
 * the runs of one round share it, and their ratio is free of it.
 */

import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import { assert } from '../engine/errors.ts'

/** What one run did and what it took, as the contender itself counted: process start and warm-up excluded. */
export interface Timing {
  agentSteps: number
  wallSeconds: number
  /** User and system time of all threads of the process that ran. */
  cpuSeconds: number
}

/** A program that can be measured: `run` does the whole work once and says what it took. */
export interface Contender<Options, Result extends Timing = Timing> {
  name: string
  run(options: Options): Promise<Result>
}

/** A contender that cannot run here, with the reason in words. */
export interface SkippedContender {
  name: string
  reason: string
}

/** All rounds of one contender, rates in agent-steps per second. */
export interface ComparisonEntry {
  name: string
  rounds: Timing[]
  medianPerCpuSecond: number
  lowestPerCpuSecond: number
  highestPerCpuSecond: number
  medianPerWallSecond: number
  /** Median over the rounds of this contender's rate per CPU-second over the baseline's in the same round. */
  ratioToBaseline: number
}

/** Contenders that took turns at the same work. */
export interface Comparison {
  label: string
  /** Name of the contender that ratios refer to. */
  baseline: string
  options: unknown
  entries: ComparisonEntry[]
}

/** What to measure, how often, and what every result must satisfy. */
export interface InterleavedOptions<Options, Result extends Timing> {
  label: string
  rounds: number
  /** Given unchanged to every run. */
  options: Options
  /** Name of the contender that ratios refer to; the first one unless given. */
  baseline?: string | undefined
  /** Throws when a result is wrong, so that no wrong program is timed. */
  check?: ((result: Result, options: Options, name: string) => void) | undefined
  /** Called after each run, for progress. */
  onRun?: ((name: string, round: number, timing: Timing) => void) | undefined
}

/**
 * Runs every contender once per round, in the order given, one after the other, for `rounds` rounds.
 *
 * @throws whatever a contender or `check` throws: a comparison with a failed run says nothing.
 */
export async function measureInterleaved<Options, Result extends Timing>(
  contenders: readonly Contender<Options, Result>[],
  { label, rounds, options, baseline, check, onRun }: InterleavedOptions<Options, Result>,
): Promise<Comparison> {
  assert(contenders.length > 0, 'a comparison has at least one contender')
  assert(Number.isInteger(rounds) && rounds >= 1, 'a comparison has at least one round', { rounds })
  const names = contenders.map((contender) => contender.name)
  assert(new Set(names).size === names.length, 'contenders have names of their own', names)

  const timings = new Map<string, Timing[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      const result = await contender.run(options)
      check?.(result, options, contender.name)
      const { agentSteps, wallSeconds, cpuSeconds } = result
      assert(agentSteps > 0 && wallSeconds > 0 && cpuSeconds > 0, `${contender.name} reports work and time`, {
        agentSteps,
        wallSeconds,
        cpuSeconds,
      })
      timings.get(contender.name)?.push({ agentSteps, wallSeconds, cpuSeconds })
      onRun?.(contender.name, round, result)
    }
  }
  return summarise(label, options, timings, baseline ?? names[0]!)
}

/**
 * Median over the rounds of one contender's rate per CPU-second over another's in the same round.
 *
 * @throws Error when a name is not in the comparison.
 */
export function ratioWithinRounds(comparison: Comparison, numerator: string, denominator: string): number {
  const roundsOf = (name: string) => comparison.entries.find((entry) => entry.name === name)?.rounds
  return medianRatio(roundsOf(numerator), roundsOf(denominator))
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  assert(values.length > 0, 'a median has values')
  const sorted = values.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1) return sorted[middle]!
  return (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * Starts the clocks of a run inside this process; the returned function reads them, in seconds. CPU time is
 * that of all threads, so that a contender with workers pays for them.
 */
export function startStopwatch(): () => { wallSeconds: number; cpuSeconds: number } {
  const cpuStart = process.cpuUsage()
  const wallStart = process.hrtime.bigint()
  return () => {
    const wallSeconds = Number(process.hrtime.bigint() - wallStart) / 1e9
    const cpu = process.cpuUsage(cpuStart)
    return { wallSeconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 }
  }
}

/**
 * Waits until this process has done next to nothing for 300 ms, 10 s at most: V8 optimises in the background what a
 * warm-up made hot, and that is neither finished when the warm-up is nor part of what comes after.
 */
export async function untilIdle(): Promise<void> {
  let idleWindows = 0
  for (let waited = 0; waited < 100 && idleWindows < 3; waited++) {
    const start = process.cpuUsage()
    await sleep(100)
    const { user, system } = process.cpuUsage(start)
    idleWindows = user + system < 5000 ? idleWindows + 1 : 0
  }
}

/** What a reader needs to judge a measured speed, without anything that tells whose machine it was. */
export interface Machine {
  cpuModel: string
  coreCount: number
  memoryGibibytes: number
  platform: string
  node: string
  v8: string
  /** Versions of the other tools by name; null where one is not installed. */
  tools: Record<string, string | null>
}

/** Describes this machine: no host name, no user, no path. */
export async function describeMachine(): Promise<Machine> {
  const [gcc, python, numpy] = await Promise.all([
    versionPrintedBy('g++', ['-dumpfullversion']),
    versionPrintedBy('python3', ['--version']),
    versionPrintedBy('python3', ['-c', 'import numpy; print(numpy.__version__)']),
  ])
  const cpus = os.cpus()
  return {
    cpuModel: cpus[0]?.model.trim() ?? 'unknown',
    coreCount: cpus.length,
    memoryGibibytes: Math.round(os.totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    tools: { 'g++': gcc, python, numpy },
  }
}

/** What a benchmark leaves behind. */
export interface Report {
  /** Day of the measurement, `YYYY-MM-DD`. */
  measuredOn: string
  machine: Machine
  comparisons: Comparison[]
  skipped: SkippedContender[]
}

/** Describes the machine, writes the report as JSON to `file`, its folder made if need be, and returns it. */
export async function writeReport(
  file: string,
  { comparisons, skipped }: Pick<Report, 'comparisons' | 'skipped'>,
): Promise<Report> {
  const machine = await describeMachine()
  const report: Report = { measuredOn: new Date().toISOString().slice(0, 10), machine, comparisons, skipped }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
  return report
}

function summarise(
  label: string,
  options: unknown,
  timings: ReadonlyMap<string, Timing[]>,
  baseline: string,
): Comparison {
  const entries = [...timings].map(([name, rounds]): ComparisonEntry => {
    const perCpuSecond = rounds.map((timing) => timing.agentSteps / timing.cpuSeconds)
    return {
      name,
      rounds,
      medianPerCpuSecond: median(perCpuSecond),
      lowestPerCpuSecond: Math.min(...perCpuSecond),
      highestPerCpuSecond: Math.max(...perCpuSecond),
      medianPerWallSecond: median(rounds.map((timing) => timing.agentSteps / timing.wallSeconds)),
      ratioToBaseline: medianRatio(rounds, timings.get(baseline)),
    }
  })
  return { label, baseline, options, entries }
}

function medianRatio(rounds: readonly Timing[] | undefined, others: readonly Timing[] | undefined): number {
  assert(rounds !== undefined && others !== undefined, 'both sides of a ratio are in the comparison')
  return median(
    rounds.map((timing, round) => {
      const other = others[round]!
      return timing.agentSteps / timing.cpuSeconds / (other.agentSteps / other.cpuSeconds)
    }),
  )
}

/** The first number with dots that a tool prints about itself, or null where the tool is absent or fails. */
async function versionPrintedBy(command: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { timeout: 30_000 })
    return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? null
  } catch {
    return null
  }
}
