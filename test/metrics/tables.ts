/** Tables made by hand, cut into batches anywhere. */
import { recordBatch } from '../../engine/tables/batch.ts'
import { bitmapBytes, setBits } from '../../engine/tables/bits.ts'
import { valueArray, type ColumnDeclaration } from '../../engine/tables/declaration.ts'
import type { ArrowSource } from '../../engine/tables/read.ts'
import { tableLayout } from '../../engine/tables/table-layout.ts'

/** A row of a table by column. */
export type Row = Readonly<Record<string, number | string | null>>

/**
 * The rows as a table whose batches have `batchRows` rows. Columns are those of the first row: whole `replication` and
 * `month`, texts, and numbers that may be null.
 */
export function tableOf(name: string, rows: readonly Row[], batchRows: number): ArrowSource {
  const columns = Object.keys(rows[0]!).map((column): ColumnDeclaration => {
    const described = { name: column, unit: '', meaning: column }
    const texts = rows.map((row) => row[column]).filter((value) => typeof value === 'string')
    if (texts.length > 0) return { ...described, type: 'text', dictionary: [...new Set(texts)] }
    if (column === 'replication' || column === 'month') return { ...described, type: 'i32' }
    return { ...described, type: 'f64', nullable: true }
  })
  const layout = tableLayout({ name, meaning: name, columns })
  const batches = []
  for (let first = 0; first < rows.length; first += batchRows) {
    const some = rows.slice(first, first + batchRows)
    const cells = columns.map(({ name: column, type, dictionary, nullable }) => {
      const values = new (valueArray(type))(some.length)
      const bitmap = new Uint8Array(bitmapBytes(some.length))
      some.forEach((row, at) => {
        const cell = row[column]
        if (cell === null || cell === undefined) return
        values[at] = typeof cell === 'string' ? dictionary!.indexOf(cell) : cell
        setBits(bitmap, at, 1)
      })
      return { values, bitmap: nullable === true ? bitmap : undefined }
    })
    batches.push(recordBatch(layout, some.length, cells))
  }
  return { schema: layout.schema, batches }
}
