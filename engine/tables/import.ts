/**
 * The consumer's side of the Arrow C Data Interface: reads the batches that `c-data.ts` describes as views of the
 * kernel's memory, without copying.
 */

import type { RecordBatch } from 'apache-arrow'
import { parseRecordBatch } from 'arrow-js-ffi'
import { assert } from '../errors.ts'
import { dictionaryOf, recordBatch, sameTexts } from './batch.ts'
import type { BatchColumn } from './batch.ts'
import type { BatchPointers, ExportMemory } from './c-data.ts'
import type { ColumnValues } from './declaration.ts'
import type { TableLayout } from './table-layout.ts'

/**
 * The record batch at `pointers`: its values are views of `memory`, valid until the worker reuses it.
 *
 * The schema and dictionaries are the layout's, after a check that those in memory are the same: arrow-js-ffi
 * 0.4.3 numbers dictionaries with a counter of the process and makes a field where a dictionary's type belongs.
 *
 * @throws Error when the batch in memory is not of this table.
 */
export function importBatch(memory: ExportMemory, pointers: BatchPointers, layout: TableLayout): RecordBatch {
  const { declaration } = layout
  // The declared parameter type is ArrayBuffer, but the reader only makes views, which shared memory has too.
  const buffer = memory.buffer as ArrayBuffer
  const parsed: RecordBatch = parseRecordBatch(buffer, pointers.arrayPointer, pointers.schemaPointer, false)
  const { fields } = parsed.schema
  const isOfTable = sameTexts(
    fields.map((field) => field.name),
    declaration.columns.map((column) => column.name),
  )
  assert(isOfTable, 'a batch in memory is of its table', declaration.name)
  const columns = parsed.data.children.map((data, index): BatchColumn => {
    const column = declaration.columns[index]!
    const isAsDeclared =
      fields[index]!.nullable === (column.nullable === true) &&
      sameTexts(dictionaryOf(data), column.dictionary ?? [])
    assert(isAsDeclared, 'a column in memory is as declared', {
      table: declaration.name,
      column: column.name,
    })
    const values = data.values as ColumnValues
    return { values, bitmap: data.nullCount === 0 ? undefined : data.nullBitmap, nullCount: data.nullCount }
  })
  return recordBatch(layout, parsed.numRows, columns)
}
