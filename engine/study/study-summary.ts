/** What a study says: the numbers of summary.json, from which summary.txt is written. */
import {
  Moments,
  kaplanMeier,
  logRank,
  meanInterval,
  pairedDifference,
  quantiles,
  stepAt,
  type Interval,
} from '../statistics/index.ts'
import type { Estimate } from './collector.ts'
import type { Target } from './definition.ts'
import type { Known } from './derived.ts'
import { discoveriesOf, type DiscoveryResult } from './discovery.ts'
import type { StudyIdentity } from '../files/manifest.ts'
import { sensitivityOf, type Sensitivity } from './sensitivity.ts'
import { livesTable } from './study-tables.ts'

/** The numbers of a study, for people (summary.txt) and machines (summary.json). */
export interface StudySummary extends StudyIdentity {
  readonly title: string
  readonly variants: readonly string[]
  readonly baseline: string | null
  readonly points: number
  readonly parameters: readonly string[]
  readonly replications: ReplicationSummary
  readonly metrics: readonly MetricSummary[]
  readonly comparisons: readonly ComparisonSummary[]
  readonly survival: readonly SurvivalSummary[]
  readonly logRank: readonly LogRankSummary[]
  readonly sensitivity: readonly Sensitivity[]
  readonly discovery: readonly Omit<DiscoveryResult, 'trajectory' | 'chosen'>[]
}

/** How many replications there were, and what they were to reach. */
export interface ReplicationSummary {
  /** Of all variants at all points. */
  readonly total: number
  /** Of each variant at a point: the fewest and the most. */
  readonly fewest: number
  readonly most: number
  readonly looks: number
  /** The most that were allowed at a point. */
  readonly limit: number
  readonly targets: readonly TargetSummary[]
}

/** What became of a target. */
export interface TargetSummary extends Target {
  /** Points at which it holds, for all variants that it is about. */
  readonly reached: number
  /** The widest half-interval of any point, and the share of the estimate that it is; `null` where one is unknown. */
  readonly widest: number | null
  readonly widestRelative: number | null
}

/** A metric of a variant. */
export interface MetricSummary {
  readonly variant: string
  readonly metric: string
  readonly unit: string
  /** At the one point; or the mean over points of the means, with the interval that their spread gives. */
  readonly mean: Estimate
  /** Least, middle and greatest mean of a point, for several points. */
  readonly range: { readonly min: number; readonly median: number; readonly max: number } | null
}

/** A variant's metric against the baseline's. */
export interface ComparisonSummary {
  readonly variant: string
  readonly metric: string
  readonly unit: string
  /** At the one point; or the mean over points, with the interval that their spread gives. */
  readonly difference: Estimate
  /** Points at which the interval is above 0, and below. */
  readonly higher: number
  readonly lower: number
  /** Over all replications of all points. */
  readonly correlation: number | null
  readonly varianceReduction: number | null
  readonly unpairedReplications: number | null
}

/** How long a startup lives. */
export interface SurvivalSummary {
  readonly variant: string
  readonly startup: string
  /** How many entered. */
  readonly count: number
  readonly median: Interval
  readonly at: readonly {
    readonly months: number
    readonly survival: number
    readonly low: number | null
    readonly high: number | null
  }[]
}

/** Whether a startup lives as long in all variants. */
export interface LogRankSummary {
  readonly startup: string
  readonly variants: readonly string[]
  readonly chiSquared: number
  readonly degreesOfFreedom: number
  readonly probability: number | null
}

/** Months at which survival is stated. */
const MILESTONES = [12, 36, 60, 96]

/** Sums up a study whose units have all been collected. */
export function studySummary(known: Known, identity: StudyIdentity, looks: number): StudySummary {
  const { definition, points, collector } = known
  const { variants, metrics, title } = definition
  const all = Array.from({ length: points.count }, (_, point) => point)
  const counts = all.map((point) => collector.replications(point))
  return {
    ...identity,
    title,
    variants: variants.map(({ name }) => name),
    baseline: variants.length > 1 ? variants[collector.baseline]!.name : null,
    points: points.count,
    parameters: points.paths,
    replications: {
      total: variants.length * counts.reduce((sum, count) => sum + count, 0),
      fewest: counts.reduce((least, count) => Math.min(least, count), Infinity),
      most: counts.reduce((most, count) => Math.max(most, count), 0),
      looks,
      limit: definition.replications.most,
      targets: definition.replications.targets.map((target) => targetSummary(known, target)),
    },
    metrics: variants.flatMap(({ name: variant }, v) =>
      metrics.map(({ name, unit }, m) => ({ variant, metric: name, unit, ...metricSummary(known, v, m) })),
    ),
    comparisons: variants.flatMap(({ name: variant }, v) =>
      v === collector.baseline
        ? []
        : metrics.map(({ name, unit }, m) => ({
            variant,
            metric: name,
            unit,
            ...comparisonSummary(known, v, m),
          })),
    ),
    survival: survivalSummaries(known),
    logRank: logRanks(known),
    sensitivity:
      definition.design.kind === 'point' || definition.design.kind === 'list' ? [] : sensitivityOf(known),
    discovery: discoveriesOf(known).map(withoutTrajectory),
  }
}

function withoutTrajectory(result: DiscoveryResult): StudySummary['discovery'][number] {
  const { trajectory: _trajectory, chosen: _chosen, ...rest } = result
  return rest
}

function targetSummary({ points, collector }: Known, target: Target): TargetSummary {
  let [reached, widest, widestRelative]: [number, number | null, number | null] = [0, 0, 0]
  for (let point = 0; point < points.count; point++) {
    const widths = collector.variantsOf(target).map((variant) => collector.width(target, variant, point))
    if (collector.isReached(point, [target])) reached++
    for (const width of widths) {
      widest = width === null || widest === null ? null : Math.max(widest, width.halfWidth)
      const relative =
        width === null || width.estimate === 0 ? null : width.halfWidth / Math.abs(width.estimate)
      widestRelative =
        relative === null || widestRelative === null ? null : Math.max(widestRelative, relative)
    }
  }
  return { ...target, reached, widest, widestRelative }
}

function metricSummary(
  { points, collector }: Known,
  variant: number,
  metric: number,
): Pick<MetricSummary, 'mean' | 'range'> {
  if (points.count === 1) return { mean: collector.estimate(variant, 0, metric), range: null }
  const means: number[] = []
  for (let point = 0; point < points.count; point++) {
    const { mean } = collector.moments(variant, point, metric)
    if (mean !== null) means.push(mean)
  }
  const mean = overPoints(means)
  if (means.length === 0) return { mean, range: null }
  const ascending = Float64Array.from(means).sort()
  return {
    mean,
    range: {
      min: ascending[0]!,
      median: quantiles(ascending, [0.5])[0]!,
      max: ascending.at(-1)!,
    },
  }
}

function comparisonSummary(
  { points, collector }: Known,
  variant: number,
  metric: number,
): Omit<ComparisonSummary, 'variant' | 'metric' | 'unit'> {
  const found = Array.from({ length: points.count }, (_, point) =>
    pairedDifference(collector.paired(variant, point, metric)),
  )
  const higher = found.filter(({ low }) => low !== null && low > 0).length
  const lower = found.filter(({ high }) => high !== null && high < 0).length
  const [only] = found
  if (points.count === 1) {
    const { count, difference, low, high, correlation, varianceReduction, unpairedReplications } = only!
    return {
      difference: { count, estimate: difference, low, high },
      higher,
      lower,
      correlation,
      varianceReduction,
      unpairedReplications,
    }
  }
  const differences = found.flatMap(({ difference }) => (difference === null ? [] : [difference]))
  return {
    difference: overPoints(differences),
    higher,
    lower,
    ...medians(found),
  }
}

/** The middle over points of what common luck gained. */
function medians(
  found: readonly ReturnType<typeof pairedDifference>[],
): Pick<ComparisonSummary, 'correlation' | 'varianceReduction' | 'unpairedReplications'> {
  const middle = (of: 'correlation' | 'varianceReduction' | 'unpairedReplications'): number | null => {
    const ascending = Float64Array.from(found.flatMap((one) => one[of] ?? [])).sort()
    return ascending.length === 0 ? null : quantiles(ascending, [0.5])[0]!
  }
  return {
    correlation: middle('correlation'),
    varianceReduction: middle('varianceReduction'),
    unpairedReplications: middle('unpairedReplications'),
  }
}

/** A mean over points with the interval that their spread gives. */
function overPoints(values: readonly number[]): Estimate {
  const { count, estimate, low, high } = meanInterval(new Moments(values))
  return { count, estimate, low, high }
}

function survivalSummaries({ definition, collector }: Known): SurvivalSummary[] {
  const ids = livesTable(definition).columns[1]!.dictionary!
  return definition.variants.flatMap(({ name: variant, markets }, v) => {
    const months = Math.max(...markets.map((market) => market.months))
    const milestones = [...MILESTONES.filter((milestone) => milestone < months), months]
    return ids.flatMap((startup) => {
      const exits = collector.lives(v, startup)
      if (exits.length === 0) return []
      const curve = kaplanMeier(exits)
      return [
        {
          variant,
          startup,
          count: curve.count,
          median: curve.median,
          at: milestones.map((milestone) => {
            const step = stepAt(curve, milestone)
            return {
              months: milestone,
              survival: step?.survival ?? 1,
              low: step === null ? 1 : step.low,
              high: step === null ? 1 : step.high,
            }
          }),
        },
      ]
    })
  })
}

function logRanks({ definition, collector }: Known): LogRankSummary[] {
  const ids = livesTable(definition).columns[1]!.dictionary!
  return ids.flatMap((startup) => {
    const groups = definition.variants
      .map(({ name }, v) => ({ name, exits: collector.lives(v, startup) }))
      .filter(({ exits }) => exits.length > 0)
    if (groups.length < 2) return []
    const { chiSquared, degreesOfFreedom, probability } = logRank(groups.map(({ exits }) => exits))
    const variants = groups.map(({ name }) => name)
    return [{ startup, variants, chiSquared, degreesOfFreedom, probability }]
  })
}
