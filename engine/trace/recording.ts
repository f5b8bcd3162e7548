/** What steps record, and what code outside the kernel hands in. */
import type { RecordTable, Value } from './ir.ts'
import { NODE } from './dimension.ts'
import { here, traceError, tracer } from './tracer.ts'
import { Num, type BoolLike, type NumLike } from './values.ts'
import { literal } from './kinds.ts'

/** What code outside the kernel put into a `byRecord` table for `record`, one number for each replication. */
export function inputOf(table: RecordTable, record: { readonly [NODE]: Value }, column: string): Num {
  if (table.byRecord !== true || !table.columns.some(({ name }) => name === column)) {
    throw traceError(`${table.name}.${column} is not an input`, { site: here() })
  }
  return new Num(tracer().pure('input', 'num', [record[NODE]], { input: { table, column }, uniform: false }))
}

/** Writes a row of an output table for `record`, one for each replication. */
export function recordRow(
  table: RecordTable,
  record: { readonly [NODE]: Value },
  values: Record<string, NumLike | BoolLike>,
): void {
  const t = tracer()
  const site = here()
  if (t.masks.length > 0 || t.together > 0) {
    throw traceError(`a row of ${table.name} is recorded under a condition`, {
      site,
      hint: 'every replication writes every row: record outside when(), choose() and repeat(), and use where() for the values',
    })
  }
  if (table.everyMonth && t.phase !== 'month')
    throw traceError(`table ${table.name} has a row for every month: record it in a month step`, { site })
  if (record[NODE].dimension !== table.dimension) {
    throw traceError(
      `table ${table.name} has rows for ${table.dimension.name}, not for ${record[NODE].dimension?.name}`,
      { site },
    )
  }
  const rows = table.columns.map(({ name }) => {
    const value = values[name]
    if (value === undefined) throw traceError(`column ${name} of table ${table.name} is not given`, { site })
    return { name, value: t.lane(literal(value)) }
  })
  t.push({ type: 'record', table, entity: record[NODE], values: rows, site })
}
