/** Studies: many replications of a market, their statistics and their files. */
export { type Proportion, wilson } from '../statistics/proportion.ts'
export { quantiles } from '../statistics/quantiles.ts'
export { type GivenChoices, type Progress } from './options.ts'
export {
  type Manifest,
  type ManifestFile,
  type ResultFormat,
  type RunIdentity,
  type RunManifest,
  type StudyIdentity,
  type StudyManifest,
} from './manifest.ts'
export { type Simulation, type SimulateOptions, simulate } from './simulate.ts'
export { type StartupSummary, type Summary } from './summary.ts'
export { summaryText } from './summary-text.ts'
export { type WorkerEntry } from './threads.ts'
export { engineVersion } from './version.ts'

export {
  type Design,
  type Discovery,
  type Factor,
  type Setting,
  type Stopping,
  type StudyDefinition,
  type StudyMetric,
  type StudyRecording,
  type Target,
  type Variant,
  studyDigest,
  studyRecordings,
} from './definition.ts'
export { type StudyResult, type StudyStatus, mergeStudies, studyStatus } from './run-study.ts'
export { type StudyOptions, type StudyProgress } from './study-options.ts'
export { type StudySummary } from './study-summary.ts'
export { studyText } from './study-text.ts'
export { type StudyRun, study } from './study.ts'
