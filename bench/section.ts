/** Owns what a section of the benchmark is: one question, measured, and answered with a table. */

import type { Comparison, SkippedContender } from './measure.ts'

/** What every section is told. */
export interface SectionOptions {
  /** A smoke run: everything is started, nothing is measured well. */
  readonly quick: boolean
  /** Rounds of interleaved runs. */
  readonly rounds: number
  /** Gets a line on each run, for progress. */
  readonly log: (line: string) => void
}

/** What a section leaves behind. */
export interface SectionReport {
  /** As printed. */
  readonly text: string
  readonly comparisons?: readonly Comparison[]
  readonly skipped?: readonly SkippedContender[]
  /** Whatever is not a comparison. */
  readonly measurements?: unknown
}

/** One question about speed or size. */
export interface Section {
  /** As `--only` names it. */
  readonly name: string
  readonly title: string
  readonly run: (options: SectionOptions) => Promise<SectionReport>
}
