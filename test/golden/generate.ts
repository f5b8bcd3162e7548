/** Writes digests.json beside itself: for changes of the model or of the files that are meant. */
import { writeFileSync } from 'node:fs'
import { digestsOf, manifestOf } from '../run/runs.ts'
import { goldenRuns } from './runs.ts'

const digests: Record<string, Record<string, string>> = {}
for (const [name, run] of Object.entries(goldenRuns)) digests[name] = digestsOf(await manifestOf(run))
writeFileSync(new URL('digests.json', import.meta.url), `${JSON.stringify(digests, null, 2)}\n`)
