/** What a study says: the numbers of summary.json, from which summary.txt is written. */
import {
  Moments,
  kaplanMeier,
  logRank,
  meanInterval,
  quantileInterval,
  quantiles,
  stepAt,
  wilson,
  type Interval,
  type PairedDifference,
} from '../statistics/index.ts'
import { comparisonOf, type Estimate } from './collector.ts'
import type { Design, Setting, Target } from './definition.ts'
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
  readonly description?: string | undefined
  readonly design: Design['kind']
  /** Whether points share their luck or have their own. */
  readonly luck: 'common' | 'own'
  readonly points: number
  readonly parameters: readonly string[]
  readonly replications: ReplicationSummary
  readonly metrics: readonly MetricSummary[]
  /** Metrics at each point of a list or of combinations, of which there are at most 20; empty otherwise. */
  readonly byPoint: readonly PointSummary[]
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
  /**
   * At the one point; or the mean over points of the means. Over points there is an interval only where they are a sample
   * with luck of its own (Latin hypercubes and Sobol points): the one that their spread gives.
   */
  readonly mean: Estimate
  /** At the one point, with its interval; `null` for several. */
  readonly median: Estimate | null
  /** Replications of all points without a value, of so many. */
  readonly missing: number
  readonly replications: number
  /** Points with a value. */
  readonly points: number
  /**
   * For several points, the share of the variance of their means that luck alone would give them: the mean variance of
   * a mean over that of the means. Near 1, differences between points are noise. `null` where it is not known.
   */
  readonly noise: number | null
  /** Least, middle and greatest mean of a point, for several points. */
  readonly range: { readonly min: number; readonly median: number; readonly max: number } | null
}

/** The metrics of all variants at one point. */
export interface PointSummary {
  /** Its number, from 0 on, as in the tables of a study. */
  readonly point: number
  /** What was varied, by path; a path that a listed point leaves as it is has none. */
  readonly values: Readonly<Record<string, Setting>>
  readonly means: readonly { readonly variant: string; readonly metric: string; readonly mean: Estimate }[]
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
  /** Points at which all differences are equal, so that nothing is known of their variance. */
  readonly constant: number
  /** Replications of all points in which both have a value, of so many. */
  readonly pairs: number
  readonly replications: number
  /** Share of these pairs in which the variant has more than the baseline, and in which both have the same. */
  readonly more: number | null
  readonly same: number | null
  /** At the one point; over several, the middle of those with a value. */
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

/** Points that are summed up one by one: of more, nobody reads them. */
const MOST_POINTS = 20

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
    ...(definition.description === undefined ? {} : { description: definition.description }),
    design: definition.design.kind,
    luck: definition.luck ?? 'common',
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
    byPoint: pointSummaries(known),
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
    logRank: points.count === 1 ? logRanks(known) : [],
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
  known: Known,
  variant: number,
  metric: number,
): Omit<MetricSummary, 'variant' | 'metric' | 'unit'> {
  const { points, collector } = known
  const all = Array.from({ length: points.count }, (_, point) => collector.moments(variant, point, metric))
  const valued = all.filter(({ count }) => count > 0)
  const replications = all.reduce((sum, _, point) => sum + collector.replications(point), 0)
  const missing = replications - all.reduce((sum, { count }) => sum + count, 0)
  const shared = { missing, replications, points: valued.length }
  if (points.count === 1) {
    const { count } = all[0]!
    const { estimate, low, high } = quantileInterval(known.values(variant, 0, metric), 0.5)
    const median = { count, estimate, low, high }
    return { ...shared, mean: collector.estimate(variant, 0, metric), median, noise: null, range: null }
  }
  const means = new Moments(valued.map(({ mean }) => mean!))
  const ascending = Float64Array.from(valued, ({ mean }) => mean!).sort()
  return {
    ...shared,
    mean: overPoints(known, means),
    median: null,
    noise: noiseOf(valued, means),
    range:
      valued.length === 0
        ? null
        : { min: ascending[0]!, median: quantiles(ascending, [0.5])[0]!, max: ascending.at(-1)! },
  }
}

/** Metrics point by point, where somebody chose the points and they are few. */
function pointSummaries({ definition, points, collector }: Known): PointSummary[] {
  const { design, variants, metrics } = definition
  const isChosen = design.kind === 'list' || design.kind === 'factorial'
  if (!isChosen || points.count > MOST_POINTS) return []
  return Array.from({ length: points.count }, (_, point) => ({
    point,
    values: points.values(point),
    means: variants.flatMap(({ name: variant }, v) =>
      metrics.map(({ name: metric }, m) => ({ variant, metric, mean: collector.estimate(v, point, m) })),
    ),
  }))
}

/** The mean variance of a point's mean over the variance of the means. */
function noiseOf(points: readonly Moments[], means: Moments): number | null {
  const known = points.filter(({ variance }) => variance !== null)
  if (known.length < 2 || means.variance === null || means.variance === 0) return null
  const ofMeans = known.reduce((sum, { variance, count }) => sum + variance! / count, 0) / known.length
  return ofMeans / means.variance
}

function comparisonSummary(
  known: Known,
  variant: number,
  metric: number,
): Omit<ComparisonSummary, 'variant' | 'metric' | 'unit'> {
  const { definition, points, collector } = known
  const all = Array.from({ length: points.count }, (_, point) => collector.paired(variant, point, metric))
  const found = all.map((paired) => comparisonOf(paired, definition.metrics[metric]!))
  const pairs = all.reduce((sum, { count }) => sum + count, 0)
  const share = (of: 'higher' | 'equal'): number | null =>
    pairs === 0 ? null : all.reduce((sum, paired) => sum + paired[of], 0) / pairs
  const hasWidth = found.filter(({ low, high }) => low !== null && high !== null && low < high)
  const shared = {
    higher: hasWidth.filter(({ low }) => low! > 0).length,
    lower: hasWidth.filter(({ high }) => high! < 0).length,
    constant: all.filter(({ count, difference }) => count > 1 && difference.variance === 0).length,
    pairs,
    replications: all.reduce((sum, _, point) => sum + collector.replications(point), 0),
    more: share('higher'),
    same: share('equal'),
  }
  if (points.count === 1) {
    const { count, difference, low, high, correlation, varianceReduction, unpairedReplications } = found[0]!
    const estimate = { count, estimate: difference, low, high }
    return { ...shared, difference: estimate, correlation, varianceReduction, unpairedReplications }
  }
  const differences = new Moments(found.flatMap(({ difference }) => difference ?? []))
  return { ...shared, difference: overPoints(known, differences), ...medians(found) }
}

/** The middle over points of what common luck gained. */
function medians(
  found: readonly PairedDifference[],
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

/** A mean over points, with the interval that their spread gives where they are a sample with luck of its own. */
function overPoints({ definition: { design, luck } }: Known, values: Moments): Estimate {
  const { count, estimate, low, high } = meanInterval(values)
  const isSample = luck === 'own' && (design.kind === 'latin-hypercube' || design.kind === 'sobol')
  return isSample ? { count, estimate, low, high } : { count, estimate, low: null, high: null }
}

function survivalSummaries({ definition, points, collector }: Known): SurvivalSummary[] {
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
          median:
            points.count === 1 ? curve.median : { estimate: curve.median.estimate, low: null, high: null },
          at: milestones.map((milestone) => {
            const step = stepAt(curve, milestone)
            // Before the first exit all live, and that all of so many do says how many might not.
            const first = wilson(curve.count, curve.count)
            const { survival, low, high } =
              step === null ? { survival: 1, low: first.low, high: first.high } : step
            // Lives of several points are no independent ones.
            return points.count === 1
              ? { months: milestone, survival, low, high }
              : { months: milestone, survival, low: null, high: null }
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
