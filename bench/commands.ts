/** Owns how the benchmark runs the real command: as users have it, built, and with what it cost at its end. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { programArguments, projectRoot } from './programs.ts'

/** What a run of the command cost, worker threads included. */
export interface CommandCost {
  readonly wallSeconds: number
  /** Of all cores, system calls included. */
  readonly cpuSeconds: number
  /** The most memory that was resident at once. */
  readonly peakMebibytes: number
}

/** Makes the command's main thread say, when it ends, what the process took. */
const reportCost = `data:text/javascript,${encodeURIComponent(
  `import { isMainThread } from 'node:worker_threads'
   if (isMainThread) process.on('exit', () => {
     const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
     console.error('cost ' + maxRSS + ' ' + (userCPUTime + systemCPUTime) / 1e6)
   })`,
)}`

const timeoutMs = 30 * 60_000

/** Whether `npm run build` has been run; without it commands run from the sources, which start slowly. */
export function isBuilt(): boolean {
  return existsSync(builtCommand())
}

/** Runs `rivalry` with these arguments. @throws Error when it fails. */
export async function runCommand(args: readonly string[]): Promise<CommandCost> {
  const command = isBuilt() ? [builtCommand()] : programArguments('../bin/rivalry.ts')
  const env = { ...process.env, NODE_OPTIONS: '' }
  const start = performance.now()
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', reportCost, ...command, ...args],
    { env, timeout: timeoutMs, maxBuffer: 2 ** 26 },
  )
  const wallSeconds = (performance.now() - start) / 1000
  const [, kibibytes, cpuSeconds] = /^cost (\d+) ([\d.]+)$/m.exec(stderr) ?? []
  if (kibibytes === undefined) throw new Error(`the command does not say what it cost: ${stderr}`)
  return { wallSeconds, cpuSeconds: Number(cpuSeconds), peakMebibytes: Number(kibibytes) / 1024 }
}

function builtCommand(): string {
  return join(projectRoot(), 'dist/bin/rivalry.js')
}
