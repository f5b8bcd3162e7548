/** The runs whose digests are committed: short, but every table, format and back end's worth of the model. */
import type { ShortRun } from '../run/runs.ts'

/** By name. Changing one changes digests.json; `npm run golden` writes it anew. */
export const goldenRuns: Readonly<Record<string, ShortRun>> = {
  'three-ways summary': { scenario: 'three-ways', replications: 40 },
  'three-ways months': { scenario: 'three-ways', replications: 6, recording: 'months' },
  'three-ways csv': { scenario: 'three-ways', replications: 6, recording: 'months', format: 'csv', set: ['months=14'] },
  'three-ways parquet': { scenario: 'three-ways', replications: 6, recording: 'months', format: 'parquet', set: ['months=14'] },
  'three-ways expected': { scenario: 'three-ways', replications: 6, set: ['demography=expected', 'books=exact'] },
  'flagship months': { scenario: 'large-model-market', replications: 6, seed: 'golden', recording: 'months' },
  'duopoly months': { scenario: 'duopoly', replications: 5, recording: 'months' },
}
