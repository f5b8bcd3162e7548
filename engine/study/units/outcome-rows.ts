/** The metrics of a unit's replications, for one variant: what a study's statistics are computed from. */
import { RivalryError, assert } from '../../errors.ts'
import type { MarketDefinition } from '../../market/definition.ts'
import { metricsOf } from '../../metrics/registry.ts'
import { recordsOf, type MetricTable, type ReplicationRecord } from '../../metrics/records.ts'
import type { ColumnBatch } from '../../tables/batch.ts'
import { bitmapBytes, countNulls, setBits } from '../../tables/bits.ts'
import type { TableDeclaration } from '../../tables/declaration.ts'
import { columnReader } from './column-reader.ts'
import type { ColumnSource } from './growing-rows.ts'
import type { StudyDefinition, StudyMetric } from '../definition.ts'

/** Rows of one variant after the other, each filled in the order of points and replications, in the same memory. */
export class OutcomeRows {
  readonly declaration: TableDeclaration
  readonly #definition: StudyDefinition
  #variant = 0
  #points = new Int32Array(0)
  #replications = new Int32Array(0)
  #metrics: readonly { values: Float64Array; bitmap: Uint8Array }[] = []
  #count = 0

  /** @param declaration that of `outcomesTable` */
  constructor(definition: StudyDefinition, declaration: TableDeclaration) {
    this.#definition = definition
    this.declaration = declaration
  }

  /** Forgets all rows, for so many of a variant. */
  begin({ variant, rows }: { variant: number; rows: number }): void {
    this.#variant = variant
    this.#count = 0
    if (rows > this.#points.length) {
      this.#points = new Int32Array(rows)
      this.#replications = new Int32Array(rows)
      this.#metrics = this.#definition.metrics.map(() => ({
        values: new Float64Array(rows),
        bitmap: new Uint8Array(bitmapBytes(rows)),
      }))
    }
    for (const { values, bitmap } of this.#metrics) {
      values.fill(0)
      bitmap.fill(0)
    }
  }

  /** Adds the replications of a batch at a point. */
  async add(
    tables: ReadonlyMap<string, ColumnBatch>,
    { market, point }: { market: MarketDefinition; point: number },
  ): Promise<void> {
    const { metrics, annualRate } = this.#definition
    const startups = tables.get('startups')!
    const count = startups.rowCount / market.startups.length
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
      for await (const record of monthlyRecords(tables)) {
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
  rows(): { count: number; columns: ColumnSource[] } {
    const metrics = this.#metrics.map(({ values, bitmap }) => {
      const nullCount = countNulls(bitmap, this.#count)
      return { values, bitmap: nullCount === 0 ? undefined : bitmap, nullCount }
    })
    const columns = [this.#variant, { values: this.#points }, { values: this.#replications }, ...metrics]
    return { count: this.#count, columns }
  }

  #addColumn(
    index: number,
    { startups, market, count }: { startups: ColumnBatch; market: MarketDefinition; count: number },
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

/** The replications of a batch, with their months. */
function monthlyRecords(tables: ReadonlyMap<string, ColumnBatch>): AsyncGenerator<ReplicationRecord> {
  const source = (name: MetricTable): [ColumnBatch] => {
    const batch = tables.get(name)
    assert(batch !== undefined, 'metrics of months have their tables', { name })
    return [batch]
  }
  return recordsOf({
    startups: source('startups'),
    months: source('months'),
    plans: source('plans'),
    segments: source('segments'),
  })
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
