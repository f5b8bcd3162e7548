/** Rows in memory, as plain columns or as record batches: how what no kernel recorded enters a table, without copying. */

import { RecordBatch, Struct, makeData } from 'apache-arrow'
import type { Data } from 'apache-arrow'
import { assert } from '../errors.ts'
import { countNulls } from './bits.ts'
import { valueArray } from './declaration.ts'
import { valueType } from './table-layout.ts'
import type { ColumnValues, TableDeclaration } from './declaration.ts'
import type { TableLayout } from './table-layout.ts'

/** The values of one column of a batch. */
export interface BatchColumn {
  /** One value per row; dictionary indices for text. What stands in rows without a value does not matter. */
  values: ColumnValues
  /** Validity bitmap (see `bits.ts`); absent when all rows have a value. */
  bitmap?: Uint8Array | undefined
  /** The bit of the first row; 0 when absent. */
  bitmapStart?: number | undefined
  /** Rows without a value, when known; counted otherwise. */
  nullCount?: number | undefined
}

/** Rows of a table as plain columns, in the order of its declaration. */
export interface ColumnBatch {
  readonly declaration: TableDeclaration
  readonly rowCount: number
  readonly columns: readonly BatchColumn[]
}

/**
 * A record batch of `rowCount` rows that views `columns`, which are in the order of the declaration.
 *
 * @throws Error when a column has the wrong type or too few rows.
 */
export function recordBatch(
  layout: TableLayout,
  rowCount: number,
  columns: readonly BatchColumn[],
): RecordBatch {
  const { declaration, schema, dictionaries } = layout
  assert(columns.length === declaration.columns.length, 'a batch has the columns of its table', {
    table: declaration.name,
    columns: columns.length,
    declared: declaration.columns.length,
  })
  const children = declaration.columns.map((column, index): Data => {
    const { values, bitmap, nullCount } = columns[index]!
    const state = { table: declaration.name, column: column.name, rowCount, values: values.length }
    assert(values instanceof valueArray(column.type), 'a column holds values of its type', state)
    assert(values.length >= rowCount, 'a column has all rows', state)
    const shared = {
      length: rowCount,
      nullCount: bitmap === undefined ? 0 : (nullCount ?? countNulls(bitmap, rowCount)),
      nullBitmap: bitmap ?? null,
      data: values.subarray(0, rowCount),
    }
    const dictionary = dictionaries[index]
    if (dictionary === undefined) return makeData({ type: valueType(column.type), ...shared } as never)
    return makeData({ type: schema.fields[index]!.type, dictionary, ...shared } as never)
  })
  const type = new Struct(schema.fields)
  return new RecordBatch(schema, makeData({ type, length: rowCount, nullCount: 0, children }))
}

/** The columns of a record batch, where they are. */
export function columnsOf({ data }: RecordBatch): BatchColumn[] {
  // Slices of apache-arrow move the values, but leave the bitmap and count its bits from `offset`.
  return data.children.map(({ values, nullBitmap, nullCount, offset }) => ({
    values: values as ColumnValues,
    bitmap: nullCount === 0 ? undefined : nullBitmap,
    bitmapStart: offset,
    nullCount,
  }))
}

/** The strings that a column's indices mean; none for columns that are not text. */
export function dictionaryOf(data: Data): string[] {
  return data.dictionary === undefined ? [] : (data.dictionary.toArray() as string[])
}

/** Whether two lists hold the same strings in the same order. */
export function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index])
}
