/** How the metrics of a study depend on the parameters that its design varies. */
import { morrisEffects } from '../statistics/morris.ts'
import { sobolIndices } from '../statistics/sobol-indices.ts'
import { Moments, spearmanInterval } from '../statistics/index.ts'
import type { Known } from './derived.ts'

/** One measure of one parameter. */
export interface Sensitivity {
  readonly variant: string
  readonly metric: string
  readonly parameter: string
  readonly measure: 'first' | 'total' | 'mu' | 'muStar' | 'sigma' | 'rank' | 'levels'
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
}

/** What was computed of a study: resampling is slow, and both the summary and a table show it. */
const computed = new WeakMap<Known, Sensitivity[]>()

/**
 * Sobol indices for designs of Saltelli, elementary effects for those of Morris, for the others rank correlations of
 * parameters with an order and the variance between the levels of those without; of the metric's mean at each point.
 * Of fewer than 8 points there are no correlations and no variance between levels: over two, all are 1. A metric that
 * has no value at some point, or is the same at all, has no estimates. Computed once.
 */
export function sensitivityOf(known: Known): Sensitivity[] {
  const found = computed.get(known) ?? sensitivities(known)
  computed.set(known, found)
  return found
}

function sensitivities(known: Known): Sensitivity[] {
  const { definition, points } = known
  const { kind } = definition.design
  if (kind !== 'saltelli' && kind !== 'morris' && points.count < FEWEST_POINTS) return []
  return definition.variants.flatMap(({ name: variant }, v) =>
    definition.metrics.flatMap(({ name: metric }, m) => {
      const values = meansByPoint(known, v, m)
      const measures = values === null ? points.paths.map(() => nothing(known)) : measured(known, values)
      return points.paths.flatMap((parameter, column) =>
        measures[column]!.map((measure) => ({ variant, metric, parameter, ...measure })),
      )
    }),
  )
}

/** Fewest points whose correlations say anything: of 8, one of 0.74 is beyond chance (5%); of 5, only one of 1. */
const FEWEST_POINTS = 8

/** The mean of a metric at each point; `null` where there is none at some. */
export function meansByPoint(
  { points, collector }: Known,
  variant: number,
  metric: number,
): Float64Array | null {
  const means = Array.from(
    { length: points.count },
    (_, point) => collector.moments(variant, point, metric).mean,
  )
  return means.includes(null) ? null : Float64Array.from(means as number[])
}

type Measured = Pick<Sensitivity, 'measure' | 'estimate' | 'low' | 'high'>

/** The measures of each parameter. */
function measured({ definition, points }: Known, values: Float64Array): Measured[][] {
  const { design, seed, resamples } = definition
  const dimension = points.paths.length
  if (design.kind === 'saltelli') {
    const { first, total } = sobolIndices(values, { dimension, seed, resamples })
    return points.paths.map((_, i) => [
      { measure: 'first', ...first[i]! },
      { measure: 'total', ...total[i]! },
    ])
  }
  if (design.kind === 'morris') {
    return morrisEffects(values, points.morris!, { seed, resamples }).map(({ mu, muStar, sigma }) => [
      { measure: 'mu', estimate: mu, low: null, high: null },
      { measure: 'muStar', ...muStar },
      { measure: 'sigma', estimate: sigma, low: null, high: null },
    ])
  }
  return points.paths.map((_, column) => {
    const given = Array.from({ length: points.count }, (_, point) => points.value(point, column))
    if (given.every((value) => typeof value === 'number'))
      return [{ measure: 'rank', ...spearmanInterval(given, values) }]
    return [{ measure: 'levels', estimate: betweenLevels(given, values), low: null, high: null }]
  })
}

/** The share of the variance of values that lies between those of each level; `null` where they do not vary. */
function betweenLevels(levels: readonly unknown[], values: Float64Array): number | null {
  const all = new Moments(values)
  if (all.variance === null || all.variance === 0) return null
  const byLevel = new Map<unknown, Moments>()
  levels.forEach((level, point) => {
    const own = byLevel.get(level) ?? new Moments()
    own.add(values[point]!)
    byLevel.set(level, own)
  })
  let between = 0
  for (const { count, mean } of byLevel.values()) between += count * (mean! - all.mean!) * (mean! - all.mean!)
  return between / (all.variance * (all.count - 1))
}

/** The measures of a parameter where there is nothing to measure. */
function nothing({ definition: { design } }: Known): Measured[] {
  const measures: Measured['measure'][] =
    design.kind === 'saltelli'
      ? ['first', 'total']
      : design.kind === 'morris'
        ? ['mu', 'muStar', 'sigma']
        : ['rank']
  return measures.map((measure) => ({ measure, estimate: null, low: null, high: null }))
}
