/** Collects the metrics of a run, one replication after the other: values by subject and metric, and their tables. */
import { assert } from '../errors.ts'
import { recordBatch, type BatchColumn } from '../tables/batch.ts'
import { bitmapBytes, setBits } from '../tables/bits.ts'
import type { ColumnDeclaration, TableDeclaration } from '../tables/declaration.ts'
import { tableLayout } from '../tables/table-layout.ts'
import type { MetricOptions } from './metric.ts'
import type { ReplicationRecord } from './records.ts'
import { metricsOf } from './registry.ts'
import { livedMonths, total } from './series.ts'

/** A metric's values by replication; `null` where it is undefined. */
export type MetricValues = readonly (number | null)[]

/** All values of a startup or a market, by name of the metric. */
export type ValuesByMetric = ReadonlyMap<string, MetricValues>

/** A table of metrics with its rows. */
export interface MetricTableRows {
  readonly declaration: TableDeclaration
  readonly batch: ReturnType<typeof recordBatch>
}

/** The metrics of a run. */
export class MetricCollector {
  readonly #options: MetricOptions
  readonly #replications: number[] = []
  readonly #startups = new Map<string, Map<string, (number | null)[]>>()
  readonly #market = emptyValues('market')
  readonly #lived = new Map<string, { months: number[]; survivals: number }>()

  constructor(options: MetricOptions) {
    this.#options = options
  }

  /** Adds a replication. */
  add(record: ReplicationRecord): void {
    this.#replications.push(record.replication)
    for (const metric of metricsOf('market'))
      this.#market.get(metric.name)!.push(checked(metric.name, metric.value(record, this.#options)))
    for (const startup of record.startups) {
      const { id, business, monthCount } = startup
      const values = this.#startups.get(id) ?? emptyValues('startup')
      this.#startups.set(id, values)
      // A startup that has yet to enter posts nothing, and one that fails at once does: nothing is known of the former.
      const wasThere = business.to > 0 || total(startup.of('months.operatingCost')) !== 0
      for (const metric of metricsOf('startup'))
        values
          .get(metric.name)!
          .push(wasThere ? checked(metric.name, metric.value(startup, this.#options)) : null)
      const lived = this.#lived.get(id) ?? { months: [], survivals: 0 }
      lived.months.push(livedMonths(startup))
      if (business.to === monthCount) lived.survivals++
      this.#lived.set(id, lived)
    }
  }

  /** Replications so far. */
  get replications(): number {
    return this.#replications.length
  }

  /** Ids of the startups, in the order of the tables. */
  get startups(): readonly string[] {
    return [...this.#startups.keys()]
  }

  /** Values of a startup, or without an id those of the market. */
  values(startup?: string): ValuesByMetric {
    const values = startup === undefined ? this.#market : this.#startups.get(startup)
    assert(values !== undefined, 'the startup is one of the run', { startup })
    return values
  }

  /** Replications in which a startup is in business at the end. */
  survivals(startup: string): number {
    return this.#lived.get(startup)?.survivals ?? 0
  }

  /** The tables of all values, in order of replication, then startup. `currency` is that of the run. */
  tables(currency: string): MetricTableRows[] {
    const count = this.replications
    const ids = this.startups
    const every = (value: (replication: number, startup: number) => number): Int32Array =>
      Int32Array.from({ length: count * ids.length }, (_, row) =>
        value(Math.floor(row / ids.length), row % ids.length),
      )
    const perStartup = [...metricsOf('startup').keys()].map((position): BatchColumn => {
      const { name } = metricsOf('startup')[position]!
      const all = ids.map((id) => this.values(id).get(name)!)
      return column(count * ids.length, (row) => all[row % ids.length]![Math.floor(row / ids.length)]!)
    })
    const ofMarket = metricsOf('market').map(({ name }): BatchColumn => {
      const values = this.#market.get(name)!
      return column(count, (row) => values[row]!)
    })
    const [startups, market] = metricTables(currency, ids) as [TableDeclaration, TableDeclaration]
    return [
      {
        declaration: startups,
        batch: recordBatch(tableLayout(startups), count * ids.length, [
          { values: every((replication) => this.#replications[replication]!) },
          { values: every((_, startup) => startup) },
          { values: every((replication, startup) => this.#lived.get(ids[startup]!)!.months[replication]!) },
          ...perStartup,
        ]),
      },
      {
        declaration: market,
        batch: recordBatch(tableLayout(market), count, [
          { values: Int32Array.from(this.#replications) },
          ...ofMarket,
        ]),
      },
    ]
  }
}

/** The tables of metrics: `metrics` of startups and `market-metrics`. */
export function metricTables(currency: string, startups: readonly string[]): TableDeclaration[] {
  const metricColumns = (subject: 'startup' | 'market'): ColumnDeclaration[] =>
    (subject === 'startup' ? metricsOf('startup') : metricsOf('market')).map(({ name, unit, meaning }) => ({
      name,
      type: 'f64',
      unit: unitIn(unit, currency),
      meaning,
      nullable: true,
    }))
  const replication: ColumnDeclaration = {
    name: 'replication',
    type: 'i32',
    unit: '1',
    meaning: 'number of the replication',
  }
  return [
    {
      name: 'metrics',
      meaning:
        'one row per replication and startup: standard metrics, of the last year in business where not said otherwise',
      columns: [
        replication,
        { name: 'startup', type: 'text', unit: '', meaning: 'id of the startup', dictionary: startups },
        {
          name: 'livedMonths',
          type: 'i32',
          unit: 'months',
          meaning: 'months at whose end it was in business',
        },
        ...metricColumns('startup'),
      ],
    },
    {
      name: 'market-metrics',
      meaning: 'one row per replication: standard metrics of the market',
      columns: [replication, ...metricColumns('market')],
    },
  ]
}

/** A metric's unit with the currency of a run. */
export function unitIn(unit: string, currency: string): string {
  return unit.replace('currency', currency)
}

function emptyValues(subject: 'startup' | 'market'): Map<string, (number | null)[]> {
  const names = (subject === 'startup' ? metricsOf('startup') : metricsOf('market')).map(({ name }) => name)
  return new Map(names.map((name) => [name, []]))
}

function checked(name: string, value: number | null): number | null {
  assert(value === null || Number.isFinite(value), 'a metric is a finite number or none', { name, value })
  return value
}

function column(rowCount: number, valueAt: (row: number) => number | null): BatchColumn {
  const values = new Float64Array(rowCount)
  const bitmap = new Uint8Array(bitmapBytes(rowCount))
  for (let row = 0; row < rowCount; row++) {
    const value = valueAt(row)
    if (value === null) continue
    values[row] = value
    setBits(bitmap, row, 1)
  }
  return { values, bitmap }
}
