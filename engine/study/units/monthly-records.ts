/** The replications of a batch as metrics of months take them: from record batches of apache-arrow. */
import { recordsOf, type MetricTable, type ReplicationRecord } from '../../metrics/records.ts'
import { assert } from '../../errors.ts'
import { recordBatch, type ColumnBatch } from '../../tables/batch.ts'
import type { ArrowSource } from '../../tables/read.ts'
import { tableLayout, type TableLayout } from '../../tables/table-layout.ts'
import type { TableDeclaration } from '../../tables/declaration.ts'

/** Layouts of tables, made once for each of a kernel's. */
const layouts = new WeakMap<TableDeclaration, TableLayout>()

/** The replications whose rows these tables hold, in their order. */
export function monthlyRecords(tables: ReadonlyMap<string, ColumnBatch>): AsyncGenerator<ReplicationRecord> {
  const source = (name: MetricTable): ArrowSource => {
    const batch = tables.get(name)
    assert(batch !== undefined, 'metrics of months have their tables', { name })
    const { declaration, rowCount, columns } = batch
    const layout = layouts.get(declaration) ?? tableLayout(declaration)
    layouts.set(declaration, layout)
    return { schema: layout.schema, batches: [recordBatch(layout, rowCount, columns)] }
  }
  return recordsOf({
    startups: source('startups'),
    months: source('months'),
    plans: source('plans'),
    segments: source('segments'),
  })
}
