/** What a metric says of itself: the declarations give the tables, the command line and docs/metrics.md. */
import type { ColumnName, EndColumnName, MarketRecord, StartupRecord } from './series.ts'

/** What the reader may choose. */
export interface MetricOptions {
  /** Rate a year at which money of later months is discounted: .1 is ten percent. */
  readonly annualRate: number
}

/** A metric of startups or of markets. */
export interface Metric<Subject> {
  /** Column of the table of metrics. */
  readonly name: string
  /** Unit, in which `currency` stands for that of the scenario. */
  readonly unit: string
  /** What it says, in one line. */
  readonly meaning: string
  /** How it is computed, in the words of the result tables. */
  readonly formula: string
  /** When it has no value; never where this is absent. */
  readonly undefinedWhen?: string
  /** Where the definition is from. */
  readonly source: string
  /** Columns of the result tables that it reads. */
  readonly needs: readonly (ColumnName | EndColumnName)[]
  /** Its value in one replication; `null` where it is undefined, and never NaN. */
  readonly value: (subject: Subject, options: MetricOptions) => number | null
}

/** A metric with a value for each startup and replication. */
export type StartupMetric = Metric<StartupRecord>

/** A metric with a value for each replication. */
export type MarketMetric = Metric<MarketRecord>
