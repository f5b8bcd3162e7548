/** Runs: one market, many replications, their summary and their files. */
export {
  type Manifest,
  type ManifestFile,
  type ResultFormat,
  type RunIdentity,
  type RunManifest,
  type StudyIdentity,
  type StudyManifest,
} from '../files/manifest.ts'
export { engineVersion } from '../files/version.ts'
export { type Proportion, wilson } from '../statistics/proportion.ts'
export { quantiles } from '../statistics/quantiles.ts'
export { type GivenChoices, type Progress } from './options.ts'
export { type Simulation, type SimulateOptions, simulate } from './simulate.ts'
export { type StartupSummary, type Summary } from './summary.ts'
export { summaryText } from './summary-text.ts'
export { type WorkerEntry } from './threads.ts'
