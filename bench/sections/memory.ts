/** Owns the check that memory does not grow with the number of replications, on the real command. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { inTemporaryFolder, programArguments, projectRoot } from '../programs.ts'
import type { Section } from '../section.ts'
import { formatTable } from '../table.ts'

/** Makes the command's main thread say, when it ends, the most memory that the process had at once. */
const reportPeak = `data:text/javascript,${encodeURIComponent(
  `import { isMainThread } from 'node:worker_threads'
   if (isMainThread) process.on('exit', () => console.error('peak ' + process.resourceUsage().maxRSS))`,
)}`

/** Peak memory of a run of the scenario three-ways against replications. */
export const memorySection: Section = {
  name: 'memory',
  title: 'Peak memory against replications (rivalry run three-ways, summary)',
  async run({ quick, log }) {
    const measurements: { replications: number; peakMebibytes: number; seconds: number }[] = []
    for (const replications of quick ? [100, 1000] : [1000, 10_000, 100_000]) {
      const start = performance.now()
      const peakMebibytes = await inTemporaryFolder((folder) => peakOf(replications, folder))
      const seconds = (performance.now() - start) / 1000
      log(`${replications} replications: ${peakMebibytes.toFixed(0)} MiB in ${seconds.toFixed(1)} s`)
      measurements.push({ replications, peakMebibytes, seconds })
    }
    const columns = ['replications', 'peak MiB', 'seconds'].map((header) => ({
      header,
      align: 'right' as const,
    }))
    const rows = measurements.map(({ replications, peakMebibytes, seconds }) => [
      String(replications),
      peakMebibytes.toFixed(0),
      seconds.toFixed(1),
    ])
    const how = existsSync(builtCommand())
      ? 'the built command'
      : 'the sources through tsx, as there is no build'
    const caption = `resident memory of ${how}, workers included, result files written`
    return { text: `${caption}\n\n${formatTable(columns, rows)}`, measurements }
  },
}

function builtCommand(): string {
  return join(projectRoot(), 'dist/bin/rivalry.js')
}

async function peakOf(replications: number, folder: string): Promise<number> {
  const command = existsSync(builtCommand()) ? [builtCommand()] : programArguments('../bin/rivalry.ts')
  const choices = ['--replications', String(replications), '--out', join(folder, 'out'), '--quiet']
  const args = ['--import', reportPeak, ...command, 'run', 'three-ways', ...choices]
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { stderr } = await promisify(execFile)(process.execPath, args, { env, timeout: 20 * 60_000 })
  const kibibytes = Number(/^peak (\d+)$/m.exec(stderr)?.[1])
  if (!(kibibytes > 0)) throw new Error(`the command does not say how much memory it had: ${stderr}`)
  return kibibytes / 1024
}
