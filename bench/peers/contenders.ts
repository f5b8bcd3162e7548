/**
 * Owns which peers of the micro-model can run on this machine, how they are built and how they are run: each
 * in a process of its own, which prints one line of JSON. Nothing of a peer is a dependency of this project.
 * Packages and compiled programs lie in the ignored folder `bench/.peers`, where this puts the packages:
 *
 *   npm install --no-save --prefix bench/.peers flocc agentscript
 */

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename } from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { assert } from '../../engine/errors.ts'
import type { Contender, SkippedContender } from '../measure.ts'
import { projectRoot } from '../programs.ts'
import type { Measurement, MicroModelOptions } from './measurement.ts'

/** The peers that can run here and those that cannot, with reasons. */
export interface PeerSurvey {
  contenders: Contender<MicroModelOptions, Measurement>[]
  skipped: SkippedContender[]
}

/** The builds of the C++ program, by the name of the contender. */
export const compilerFlags: Readonly<Record<string, readonly string[]>> = {
  'C++ -O2': ['-O2'],
  'C++ -O3 native': ['-O3', '-march=native'],
  // The same source; these flags alone let the compiler take the exponentials eight at a time from libmvec.
  'C++ fast-math simd': ['-O3', '-march=native', '-ffast-math', '-fopenmp-simd'],
}

const execute = promisify(execFile)
const runTimeoutMs = 20 * 60_000

/** Looks for every peer, compiles what has to be compiled, and says which can run. Takes seconds. */
export async function surveyPeers(): Promise<PeerSurvey> {
  const root = projectRoot()
  const found = await Promise.all([
    ...Object.entries(compilerFlags).map(([name, flags]) => compiledPeer(root, name, flags)),
    numpyPeer(root),
    nodePeer(root, 'typed arrays', 'typed-arrays.mjs'),
    nodePeer(root, 'AgentScript', 'agentscript.mjs', 'agentscript'),
    nodePeer(root, 'flocc', 'flocc.mjs', 'flocc'),
  ])
  const contenders: PeerSurvey['contenders'] = []
  const skipped: SkippedContender[] = []
  for (const peer of found) {
    if ('reason' in peer) skipped.push(peer)
    else contenders.push(peer)
  }
  return { contenders, skipped }
}

/**
 * A contender that runs in a process of its own: `command ...args --replications R --sigma S --record 0|1
 * --warmup W`, printing a `Measurement` as its last line. An engine's entry can be measured this way as well.
 */
export function processContender(
  name: string,
  command: string,
  args: readonly string[],
): Contender<MicroModelOptions, Measurement> {
  return {
    name,
    async run({ replications, sigma, record, warmupReplications }) {
      const options = ['--replications', `${replications}`, '--sigma', `${sigma}`]
      options.push('--record', record ? '1' : '0', '--warmup', `${warmupReplications}`)
      // The parent's loaders and hooks are not the child's.
      const env = { ...process.env, NODE_OPTIONS: '' }
      const { stdout } = await execute(command, [...args, ...options], { env, timeout: runTimeoutMs })
      return readMeasurement(name, stdout)
    },
  }
}

function readMeasurement(name: string, stdout: string): Measurement {
  const line = stdout.trimEnd().split('\n').at(-1) ?? ''
  const measurement = JSON.parse(line) as Measurement
  const { agentSteps, wallSeconds, cpuSeconds, recordedRows, recordedMeanUnits, totals } = measurement
  const numbers = [agentSteps, wallSeconds, cpuSeconds, recordedRows, recordedMeanUnits]
  numbers.push(totals?.meanUnits, totals?.meanPrice, totals?.meanCum, totals?.hhiUnits)
  assert(numbers.every(Number.isFinite), `${name} prints a measurement`, line)
  return { agentSteps, wallSeconds, cpuSeconds, totals, recordedRows, recordedMeanUnits }
}

type Peer = PeerSurvey['contenders'][number] | SkippedContender

async function compiledPeer(root: string, name: string, flags: readonly string[]): Promise<Peer> {
  const source = join(root, 'bench/peers/micro-model.cpp')
  const version = await outputOf('g++', ['-dumpfullversion'])
  if (version === null) return { name, reason: 'g++ is not installed' }
  // A build for the native machine is worth nothing on another, and one of an older source nothing at all.
  const key = JSON.stringify([await readFile(source, 'utf8'), flags, version, os.cpus()[0]?.model])
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 16)
  const folder = join(root, 'bench/.peers/build')
  const program = join(folder, `micro-model-${digest}`)
  if (!existsSync(program)) {
    await mkdir(folder, { recursive: true })
    const unfinished = `${program}.${process.pid}`
    const built = await outputOf('g++', ['-std=c++20', ...flags, source, '-o', unfinished])
    if (built === null) return { name, reason: `g++ ${version} cannot build it with ${flags.join(' ')}` }
    await rename(unfinished, program)
  }
  return processContender(name, program, [])
}

async function numpyPeer(root: string): Promise<Peer> {
  const name = 'numpy'
  const version = await outputOf('python3', ['-c', 'import numpy; print(numpy.__version__)'])
  if (version === null) return { name, reason: 'python3 with numpy is not installed' }
  return processContender(name, 'python3', [join(root, 'bench/peers/micro_model.py')])
}

async function nodePeer(root: string, name: string, file: string, packageName?: string): Promise<Peer> {
  const installed = (dependency: string) =>
    existsSync(join(root, 'bench/.peers/node_modules', dependency, 'package.json'))
  if (packageName !== undefined && !installed(packageName))
    return { name, reason: `not installed: npm install --no-save --prefix bench/.peers flocc agentscript` }
  return processContender(name, process.execPath, [join(root, 'bench/peers', file)])
}

/** What a command prints, or null where it is absent or fails. */
async function outputOf(command: string, args: readonly string[]): Promise<string | null> {
  try {
    return (await execute(command, args, { timeout: 120_000 })).stdout.trim()
  } catch {
    return null
  }
}
