/** Reads a column of some rows by name, row by row. */
import type { ColumnBatch } from '../../tables/batch.ts'
import { bitAt } from '../../tables/bits.ts'

/** A column's values. */
export interface ColumnReader {
  /** The value in a row; what stands where it has none does not matter. */
  at(row: number): number
  /** Whether the row has a value. */
  has(row: number): boolean
}

/** The column of that name; `undefined` where the batch has none. */
export function columnReader({ declaration, columns }: ColumnBatch, name: string): ColumnReader | undefined {
  const index = declaration.columns.findIndex((column) => column.name === name)
  if (index < 0) return undefined
  const { values, bitmap, bitmapStart = 0 } = columns[index]!
  return {
    at: (row) => values[row]!,
    has: (row) => bitmap === undefined || bitAt(bitmap, bitmapStart + row),
  }
}
