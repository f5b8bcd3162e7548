/**
 * What a study asks: variants of a market, a design of points at which they are compared, what is measured, how many
 * replications are enough, and what is made of the results. Plain data: it crosses threads and machines as JSON, and
 * together with the version of the engine it decides every byte of the results.
 */
import type { Distribution } from '../designs/index.ts'
import type { MarketDefinition } from '../market/definition.ts'
import type { Figure } from '../market/set-path.ts'
import { sha256 } from '../tables/digest.ts'
import { canonicalJson } from '../files/canonical-json.ts'
import { engineVersion } from '../files/version.ts'

/** A value that a path of `--set` can have. */
export type Setting = Figure | boolean

/** What rows a study keeps: those of its metrics only, or also the tables of `rivalry run`, with months or without. */
export const studyRecordings = ['outcomes', 'summary', 'months'] as const
/** One of `studyRecordings`. */
export type StudyRecording = (typeof studyRecordings)[number]

/** A market to compare with others, under the same luck. */
export interface Variant {
  readonly name: string
  /** One market for each entry of `StudyDefinition.structures`, in that order. */
  readonly markets: readonly MarketDefinition[]
}

/** A path that a design varies, and how. */
export interface Factor {
  /** As in `--set`. */
  readonly path: string
  readonly distribution: Distribution
}

/** Which points of the parameters' space a study looks at. */
export type Design =
  | { readonly kind: 'point' }
  | { readonly kind: 'list'; readonly points: readonly Readonly<Record<string, Setting>>[] }
  | { readonly kind: 'factorial'; readonly factors: readonly Factor[] }
  | { readonly kind: 'latin-hypercube'; readonly points: number; readonly factors: readonly Factor[] }
  | {
      readonly kind: 'sobol'
      readonly points: number
      readonly scramble: boolean
      readonly factors: readonly Factor[]
    }
  /** Saltelli's sampling, for Sobol indices: base * (factors + 2) points. */
  | {
      readonly kind: 'saltelli'
      readonly base: number
      readonly scramble: boolean
      readonly factors: readonly Factor[]
    }
  /** Trajectories of Morris, for elementary effects: trajectories * (factors + 1) points. */
  | {
      readonly kind: 'morris'
      readonly trajectories: number
      readonly levels: number
      readonly factors: readonly Factor[]
    }

/** A number that each replication gives. */
export interface StudyMetric {
  readonly name: string
  /**
   * `startups.ID.COLUMN` for a column of the table of startups; for those of docs/metrics.md, which need the months of a
   * run and hence more time, `metrics.ID.METRIC` of a startup or `market.METRIC`.
   */
  readonly of: string
  /** If given, the metric is 1 where the number is above this, and 0 elsewhere: a proportion. */
  readonly above?: number | undefined
  /** If given, the metric is 1 where the number is below this, and 0 elsewhere. */
  readonly below?: number | undefined
  /**
   * What a replication without a value counts as: a month of failure has none where a startup lives. `exclude` leaves it
   * out, and the metric is conditional on having one; `zero` counts it as 0, for a share as "not so". Excluded unless
   * stated.
   */
  readonly missing?: 'exclude' | 'zero' | undefined
  readonly unit: string
}

/** The half-width of a 95% interval that is narrow enough. */
export interface Target {
  /** Name of a metric. */
  readonly metric: string
  /** Name of the variant; every one when left out. */
  readonly variant?: string | undefined
  /** Whether it is the paired difference from the baseline that must be known so well, instead of the mean. */
  readonly difference?: boolean | undefined
  /** In the metric's unit. */
  readonly halfWidth?: number | undefined
  /** As a share of the estimate's size. */
  readonly relative?: number | undefined
}

/** How many replications each point gets. */
export interface Stopping {
  /** Replications at the first look. */
  readonly first: number
  /** Replications that every later look adds; at fixed counts, so that where a study stops is no matter of luck or speed. */
  readonly step: number
  /** Most replications of a point; equal to `first` where nothing is targeted. */
  readonly most: number
  /** What must hold at a point for it to need no more; empty for a fixed number of replications. */
  readonly targets: readonly Target[]
}

/** A question to a design: in which box of the parameters' space does something happen? */
export interface Discovery {
  readonly name: string
  readonly variant: string
  readonly metric: string
  /** A point is a case of interest where the metric's mean over its replications is above this ... */
  readonly above?: number | undefined
  /** ... or below this. */
  readonly below?: number | undefined
  readonly objective: 'lenient1' | 'lenient2' | 'original'
  readonly peel: number
  readonly paste: number
  readonly minimumMass: number
  /** The box shown is the densest of those that cover at least this share of the cases. */
  readonly coverage: number
}

/** A whole study. */
export interface StudyDefinition {
  readonly name: string
  readonly title: string
  readonly description?: string | undefined
  readonly seed: string
  readonly record: StudyRecording
  /** At least one. */
  readonly variants: readonly Variant[]
  /** Name of the variant with which the others are compared; none without others. */
  readonly baseline?: string | undefined
  /** Combinations of settings that are no figures, such as a business model; one empty one where there are none. */
  readonly structures: readonly Readonly<Record<string, Setting>>[]
  readonly design: Design
  readonly replications: Stopping
  /**
   * Whether points share their luck: replication r has the same at every point, so that points differ by their figures
   * alone, or each point has luck of its own, so that points are independent samples. Variants always share it. Common unless stated.
   */
  readonly luck?: 'common' | 'own' | undefined
  /** At least one. */
  readonly metrics: readonly StudyMetric[]
  readonly discovery: readonly Discovery[]
  /** Rate a year at which metrics discount money. */
  readonly annualRate: number
  /** Resamples of bootstrap intervals. */
  readonly resamples: number
}

/** What identifies a study: the SHA-256 of its definition and of the version of the engine. */
export function studyDigest(definition: StudyDefinition): string {
  return sha256(canonicalJson({ engine: engineVersion, study: definition }))
}

/** Paths that a design varies, in the order of the columns of points. */
export function pathsOf(design: Design): string[] {
  if (design.kind === 'point') return []
  if (design.kind === 'list') return [...new Set(design.points.flatMap((point) => Object.keys(point)))]
  return design.factors.map(({ path }) => path)
}
