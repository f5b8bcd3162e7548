/** Reads a column of a record batch by name, row by row. */
import type { RecordBatch } from 'apache-arrow'
import { bitAt } from '../../tables/bits.ts'

/** A column's values. */
export interface ColumnReader {
  /** The value in a row; what stands where it has none does not matter. */
  at(row: number): number
  /** Whether the row has a value. */
  has(row: number): boolean
}

/** The column of that name; `undefined` where the batch has none. */
export function columnReader(batch: RecordBatch, name: string): ColumnReader | undefined {
  const index = batch.schema.fields.findIndex((field) => field.name === name)
  if (index < 0) return undefined
  const { values, nullBitmap, nullCount, offset } = batch.data.children[index]!
  return {
    at: (row) => values[row] as number,
    has: (row) => nullCount === 0 || bitAt(nullBitmap, offset + row),
  }
}
