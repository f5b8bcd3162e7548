/** All metrics, in the order in which they are shown. */
import { acquisitionMetrics } from './acquisition.ts'
import { cashMetrics } from './cash.ts'
import { churnMetrics } from './churn.ts'
import { concentrationMetrics } from './concentration.ts'
import { healthMetrics } from './health.ts'
import type { MarketMetric, StartupMetric } from './metric.ts'
import { profitabilityMetrics } from './profitability.ts'
import { revenueMetrics } from './revenue.ts'
import { valueMetrics } from './value.ts'
import { benefitMetrics, welfareMetrics } from './welfare.ts'

const metrics = {
  startup: [
    ...revenueMetrics,
    ...churnMetrics,
    ...acquisitionMetrics,
    ...profitabilityMetrics,
    ...cashMetrics,
    ...valueMetrics,
    ...benefitMetrics,
    ...healthMetrics,
  ],
  market: [...concentrationMetrics, ...welfareMetrics],
} as const satisfies { startup: readonly StartupMetric[]; market: readonly MarketMetric[] }

/** The metrics of startups, or of markets: names, units, meanings, formulas, sources and what they need. */
export function metricsOf(subject: 'startup'): readonly StartupMetric[]
export function metricsOf(subject: 'market'): readonly MarketMetric[]
export function metricsOf(subject: 'startup' | 'market'): readonly (StartupMetric | MarketMetric)[] {
  return metrics[subject]
}
