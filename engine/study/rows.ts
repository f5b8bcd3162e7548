/** Tables that are made row by row: small ones, of what follows from the results. */
import type { RecordBatch } from 'apache-arrow'
import { assert } from '../errors.ts'
import { recordBatch, type BatchColumn } from '../tables/batch.ts'
import { bitmapBytes, setBits } from '../tables/bits.ts'
import { valueArray, type TableDeclaration } from '../tables/declaration.ts'
import type { CellValue } from '../tables/read.ts'
import type { TableLayout } from '../tables/table-layout.ts'

/** A table with its rows: one value for each column, in the order of the declaration. */
export interface TableRows {
  readonly declaration: TableDeclaration
  /** Made as they are asked for: a study of many points has many. */
  readonly rows: Iterable<readonly CellValue[]>
}

/** A record batch of some rows. */
export function rowsBatch(layout: TableLayout, rows: readonly (readonly CellValue[])[]): RecordBatch {
  const columns = layout.declaration.columns.map((column, index): BatchColumn => {
    const values = new (valueArray(column.type))(rows.length)
    const bitmap = column.nullable === true ? new Uint8Array(bitmapBytes(rows.length)) : undefined
    rows.forEach((row, i) => {
      const value = row[index]
      const state = { table: layout.declaration.name, column: column.name, value }
      assert(value !== undefined && (value !== null || bitmap !== undefined), 'a row has its values', state)
      if (value === null) return
      if (bitmap !== undefined) setBits(bitmap, i, 1)
      values[i] = typeof value === 'string' ? column.dictionary!.indexOf(value) : value
    })
    return { values, bitmap }
  })
  return recordBatch(layout, rows.length, columns)
}
