/** Owns the check that memory does not grow with the number of replications, on the real command. */

import { join } from 'node:path'

import { isBuilt, runCommand } from '../commands.ts'
import { inTemporaryFolder } from '../programs.ts'
import type { Section } from '../section.ts'
import { formatTable } from '../table.ts'

/** Peak memory of a run of the scenario three-ways against replications. */
export const memorySection: Section = {
  name: 'memory',
  title: 'Peak memory against replications (rivalry run three-ways, summary)',
  async run({ quick, log }) {
    const measurements: { replications: number; peakMebibytes: number; seconds: number }[] = []
    for (const replications of quick ? [100, 1000] : [1000, 10_000, 100_000]) {
      const choices = ['--replications', String(replications), '--quiet']
      const { peakMebibytes, wallSeconds: seconds } = await inTemporaryFolder((folder) =>
        runCommand(['run', 'three-ways', ...choices, '--out', join(folder, 'out')]),
      )
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
    const how = isBuilt() ? 'the built command' : 'the sources through tsx, as there is no build'
    const caption = `resident memory of ${how}, workers included, result files written`
    return { text: `${caption}\n\n${formatTable(columns, rows)}`, measurements }
  },
}
