/** Runs the command line in a process of its own, from the sources. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a command left. */
export interface Finished {
  /** The exit code, or the signal that ended it. */
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. */
export interface Running {
  readonly process: ChildProcess
  readonly finished: Promise<Finished>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Starts `rivalry` with these arguments. */
export function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/rivalry.ts', ...args], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => (texts[name] += text))
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', ...texts }))
  })
  return { process: child, finished }
}

/** Runs `rivalry` with these arguments to its end. */
export function rivalry(...args: string[]): Promise<Finished> {
  return start(args).finished
}
