/** The metrics of a unit's replications, for one variant: what a study's statistics are computed from. */
import type { RecordBatch } from 'apache-arrow'
import { RivalryError, assert } from '../../errors.ts'
import type { MarketDefinition } from '../../market/definition.ts'
import { metricsOf } from '../../metrics/registry.ts'
import { recordsOf, type ReplicationRecord } from '../../metrics/records.ts'
import { recordBatch } from '../../tables/batch.ts'
import { bitmapBytes, setBits } from '../../tables/bits.ts'
import type { ArrowSource } from '../../tables/read.ts'
import type { TableLayout } from '../../tables/table-layout.ts'
import { columnReader } from './column-reader.ts'
import type { StudyDefinition, StudyMetric } from '../definition.ts'

/** Tables that metrics of months are computed from. */
const METRIC_TABLES = ['startups', 'months', 'plans', 'segments'] as const

/** Rows of one variant, filled in the order of points and replications. */
export class OutcomeRows {
  readonly layout: TableLayout
  readonly #definition: StudyDefinition
  readonly #variant: number
  readonly #points: Int32Array
  readonly #replications: Int32Array
  readonly #metrics: readonly { values: Float64Array; bitmap: Uint8Array }[]
  #count = 0

  /** @param options.layout of `outcomesTable` */
  constructor(
    definition: StudyDefinition,
    { layout, variant, rows }: { layout: TableLayout; variant: number; rows: number },
  ) {
    this.layout = layout
    this.#definition = definition
    this.#variant = variant
    this.#points = new Int32Array(rows)
    this.#replications = new Int32Array(rows)
    this.#metrics = definition.metrics.map(() => ({
      values: new Float64Array(rows),
      bitmap: new Uint8Array(bitmapBytes(rows)),
    }))
  }

  /** Adds the replications of a batch at a point. */
  async add(
    tables: ReadonlyMap<string, RecordBatch>,
    { market, point }: { market: MarketDefinition; point: number },
  ): Promise<void> {
    const { metrics, annualRate } = this.#definition
    const startups = tables.get('startups')!
    const count = startups.numRows / market.startups.length
    const first = this.#count
    const replication = columnReader(startups, 'replication')!
    for (let i = 0; i < count; i++) {
      this.#points[first + i] = point
      this.#replications[first + i] = replication.at(i * market.startups.length)
    }
    metrics.forEach((metric, index) => {
      if (metric.of.startsWith('startups.')) this.#addColumn(index, { startups, market, count })
    })
    if (metrics.some(({ of }) => !of.startsWith('startups.'))) {
      let row = first
      for await (const record of recordsOf(sourcesOf(tables))) {
        metrics.forEach((metric, index) => {
          if (!metric.of.startsWith('startups.'))
            this.#set(index, row, monthlyMetric(metric, record, annualRate))
        })
        row++
      }
    }
    this.#count += count
  }

  /** All rows that were added. */
  batch(): RecordBatch {
    return recordBatch(this.layout, this.#count, [
      { values: new Int32Array(this.#count).fill(this.#variant) },
      { values: this.#points },
      { values: this.#replications },
      ...this.#metrics,
    ])
  }

  #addColumn(
    index: number,
    { startups, market, count }: { startups: RecordBatch; market: MarketDefinition; count: number },
  ): void {
    const [, id, name] = this.#definition.metrics[index]!.of.split('.') as [string, string, string]
    const position = market.startups.findIndex((startup) => startup.id === id)
    // Of a startup that a variant does without nothing is known, whatever a missing value counts as.
    if (position < 0) return
    // A market may do without what a column is about: then there is no value.
    const column = columnReader(startups, name)
    for (let i = 0; i < count; i++) {
      const row = i * market.startups.length + position
      this.#set(index, this.#count + i, column?.has(row) === true ? column.at(row) : null)
    }
  }

  #set(index: number, row: number, value: number | null): void {
    const { above, below, missing } = this.#definition.metrics[index]!
    if (value === null && missing !== 'zero') return
    const { values, bitmap } = this.#metrics[index]!
    setBits(bitmap, row, 1)
    if (value === null) return
    const isCase = (above === undefined || value > above) && (below === undefined || value < below)
    values[row] = above === undefined && below === undefined ? value : Number(isCase)
  }
}

function monthlyMetric({ of }: StudyMetric, record: ReplicationRecord, annualRate: number): number | null {
  const [group, ...rest] = of.split('.')
  const name = rest.at(-1)!
  if (group === 'market') {
    const metric = metricsOf('market').find((one) => one.name === name)
    if (metric === undefined) throw unknownMetric(of)
    return metric.value(record, { annualRate })
  }
  const metric = metricsOf('startup').find((one) => one.name === name)
  if (group !== 'metrics' || metric === undefined) throw unknownMetric(of)
  const startup = record.startups.find(({ id }) => id === rest[0])
  return startup === undefined ? null : metric.value(startup, { annualRate })
}

function unknownMetric(of: string): RivalryError {
  return new RivalryError(`there is no metric ${of}`, { code: 'unknown-metric', path: of })
}

function sourcesOf(
  tables: ReadonlyMap<string, RecordBatch>,
): Readonly<Record<(typeof METRIC_TABLES)[number], ArrowSource>> {
  const source = (name: string): ArrowSource => {
    const batch = tables.get(name)
    assert(batch !== undefined, 'metrics of months have their tables', { name })
    return { schema: batch.schema, batches: [batch] }
  }
  return {
    startups: source('startups'),
    months: source('months'),
    plans: source('plans'),
    segments: source('segments'),
  }
}
