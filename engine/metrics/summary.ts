/** What metrics come to over replications: median, 10% to 90%, mean, and how often there is a value at all. */
import { quantiles } from '../statistics/quantiles.ts'
import { unitIn, type MetricCollector, type MetricValues, type ValuesByMetric } from './collect.ts'
import type { Metric } from './metric.ts'
import { metricsOf } from './registry.ts'

/** A metric over the replications in which it has a value; all `null` where it has none. */
export interface Spread {
  /** Share of replications with a value. */
  readonly defined: number
  readonly mean: number | null
  readonly median: number | null
  readonly low10: number | null
  readonly high90: number | null
}

/** A metric of a startup or the market, summarised. */
export interface SummarisedMetric extends Spread {
  readonly name: string
  readonly unit: string
  readonly meaning: string
}

/** The metrics of a run, summarised. */
export interface MetricSummary {
  readonly replications: number
  readonly currency: string
  readonly annualRate: number
  readonly startups: readonly {
    readonly id: string
    /** Share of replications in which it is in business at the end. */
    readonly alive: number
    readonly metrics: readonly SummarisedMetric[]
  }[]
  readonly market: readonly SummarisedMetric[]
}

/** Summarises values over replications. Infinite ones do not occur: an unbounded metric is undefined. */
export function spreadOf(values: MetricValues): Spread {
  const known = Float64Array.from(values.filter((value) => value !== null)).sort()
  const defined = values.length === 0 ? 0 : known.length / values.length
  if (known.length === 0) return { defined, mean: null, median: null, low10: null, high90: null }
  const [low10, median, high90] = quantiles(known, [0.1, 0.5, 0.9]) as [number, number, number]
  return {
    defined,
    mean: known.reduce((sum, value) => sum + value, 0) / known.length,
    median,
    low10,
    high90,
  }
}

/** The metrics of all startups, or of those named, and of the market. */
export function summariseMetrics(
  collector: MetricCollector,
  {
    currency,
    annualRate,
    startups = collector.startups,
  }: { currency: string; annualRate: number; startups?: readonly string[] },
): MetricSummary {
  const summarise = (metrics: readonly Metric<never>[], values: ValuesByMetric): SummarisedMetric[] =>
    metrics.map(({ name, unit, meaning }) => ({
      name,
      unit: unitIn(unit, currency),
      meaning,
      ...spreadOf(values.get(name)!),
    }))
  return {
    replications: collector.replications,
    currency,
    annualRate,
    startups: startups.map((id) => ({
      id,
      alive: collector.survivals(id) / collector.replications,
      metrics: summarise(metricsOf('startup'), collector.values(id)),
    })),
    market: summarise(metricsOf('market'), collector.values()),
  }
}
