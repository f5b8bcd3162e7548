/** Studies: many replications of a market, their statistics and their files. */
export { type GivenChoices, type Progress } from './options.ts'
export { type Manifest, type ManifestFile, type ResultFormat, type RunIdentity } from './manifest.ts'
export { type Simulation, type SimulateOptions, simulate } from './simulate.ts'
export { type StartupSummary, type Summary } from './summary.ts'
export { summaryText } from './summary-text.ts'
export { type Proportion, quantiles, wilson } from './statistics.ts'
export { type WorkerEntry } from './threads.ts'
export { engineVersion } from './version.ts'
