/** Studies: variants of markets at the points of a design, their statistics and their files. */
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
export { mergeStudies, studyStatus } from './run-study.ts'
export { type StudyResult, type StudyStatus } from './study-result.ts'
export { type StudyOptions, type StudyProgress } from './study-options.ts'
export { type StudySummary } from './study-summary.ts'
export { studyText } from './study-text.ts'
export { type StudyRun, study } from './study.ts'
