/** How the metrics of a study depend on the parameters that its design varies. */
import { morrisEffects } from '../statistics/morris.ts'
import { sobolIndices } from '../statistics/sobol-indices.ts'
import { spearman } from '../statistics/index.ts'
import type { Known } from './derived.ts'

/** One measure of one parameter. */
export interface Sensitivity {
  readonly variant: string
  readonly metric: string
  readonly parameter: string
  readonly measure: 'first' | 'total' | 'mu' | 'muStar' | 'sigma' | 'rank'
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
}

/**
 * Sobol indices for designs of Saltelli, elementary effects for those of Morris, rank correlations for the others; of
 * the metric's mean at each point. A metric that has no value at some point, or is the same at all, has no estimates.
 */
export function sensitivityOf(known: Known): Sensitivity[] {
  const { definition, points } = known
  return definition.variants.flatMap(({ name: variant }, v) =>
    definition.metrics.flatMap(({ name: metric }, m) => {
      const values = meansByPoint(known, v, m)
      return points.paths.flatMap((parameter, column) =>
        measuresOf(known, values, column).map((measured) => ({ variant, metric, parameter, ...measured })),
      )
    }),
  )
}

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

const kept = new WeakMap<Float64Array, Measured[][]>()

/** The measures of one parameter; those of all are computed together, once. */
function measuresOf(known: Known, values: Float64Array | null, column: number): Measured[] {
  if (values === null) return nothing(known)
  const all = kept.get(values) ?? measured(known, values)
  kept.set(values, all)
  return all[column]!
}

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
    const numbers = given.every((value) => typeof value === 'number') ? given : undefined
    const estimate = numbers === undefined || points.count < 3 ? null : spearman(numbers, values)
    return [{ measure: 'rank', estimate, low: null, high: null }]
  })
}

function nothing({ definition: { design } }: Known): Measured[] {
  const measures: Measured['measure'][] =
    design.kind === 'saltelli'
      ? ['first', 'total']
      : design.kind === 'morris'
        ? ['mu', 'muStar', 'sigma']
        : ['rank']
  return measures.map((measure) => ({ measure, estimate: null, low: null, high: null }))
}
