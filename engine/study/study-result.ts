/** What becomes of a study: its results, or how far it is. */
import type { StudyManifest } from '../files/manifest.ts'
import type { StudySummary } from './study-summary.ts'
import type { UnitFailure } from './units/unit-store.ts'
import type { Unit } from './units/units.ts'

/** What became of a study. */
export type StudyResult = CompleteStudy | IncompleteStudy

/** All units are done. */
export interface CompleteStudy {
  readonly isComplete: true
  readonly summary: StudySummary
  /** What was written; nothing is without a folder. */
  readonly manifest?: StudyManifest | undefined
}

/** Some units are not done: they failed, are those of other shards, or wait for them. */
export interface IncompleteStudy {
  readonly isComplete: false
  readonly status: StudyStatus
}

/** How far a study is. */
export interface StudyStatus {
  readonly study: string
  /** Whether the results are in place; nothing is known of units then. */
  readonly isFinished: boolean
  /** Looks that are done, and the number of the one that is not. */
  readonly look: number
  /** Units of this look and those before. */
  readonly units: { readonly done: number; readonly total: number }
  /** Those that are missing, in their order. */
  readonly missing: readonly Unit[]
  /** Those of them that failed. */
  readonly failures: readonly UnitFailure[]
  /** Whether further looks may follow, and more units with them. */
  readonly mayGrow: boolean
}
