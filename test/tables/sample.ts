/** A table with every kind of column, and rows for it that depend on their number only. */

import type { RecordBatch } from 'apache-arrow'
import { recordBatch } from '../../engine/tables/batch.ts'
import { bitmapBytes, setBits } from '../../engine/tables/bits.ts'
import { CanonicalWriter } from '../../engine/tables/canonical.ts'
import { tableLayout } from '../../engine/tables/table-layout.ts'
import type { TableDeclaration } from '../../engine/tables/declaration.ts'
import { concatenate } from '../../engine/tables/pieces.ts'

export const sampleTable: TableDeclaration = {
  name: 'months',
  meaning: 'one month of one startup',
  columns: [
    { name: 'month', type: 'i32', unit: 'month', meaning: 'months since the start' },
    { name: 'cash', type: 'f64', unit: 'USD', meaning: 'cash at the end of the month' },
    {
      name: 'growth',
      type: 'f64',
      unit: '1/month',
      meaning: 'growth where there was revenue',
      nullable: true,
    },
    { name: 'live', type: 'u8', unit: '1', meaning: '1 while the startup operates' },
    {
      name: 'startup',
      type: 'text',
      unit: '',
      meaning: 'identifier of the startup',
      dictionary: ['atlas', 'bréve', 'with "quotes", commas\r\nand lines', ''],
    },
    {
      name: 'cause',
      type: 'text',
      unit: '',
      meaning: 'why it ended, where it did',
      nullable: true,
      dictionary: ['insolvency', 'acquisition'],
    },
    { name: 'round', type: 'i32', unit: '1', meaning: 'funding round, where there was one', nullable: true },
  ],
}

export const sampleLayout = tableLayout(sampleTable)

/** The values of row `row` as a reader should give them back. */
export function sampleRow(row: number): (number | string | null)[] {
  const dictionary = sampleTable.columns[4]!.dictionary!
  return [
    row % 97,
    (row - 1000) / 7,
    row % 11 === 3 ? null : row / 1e6,
    row % 2,
    dictionary[row % dictionary.length]!,
    row % 64 < 63 ? null : ['insolvency', 'acquisition'][(row >> 6) % 2]!,
    row % 5 === 0 ? row : null,
  ]
}

/** Rows `start` to `start + count` as a batch that holds garbage in its null slots. */
export function sampleBatch(start: number, count: number): RecordBatch {
  const values = [
    new Int32Array(count),
    new Float64Array(count),
    new Float64Array(count),
    new Uint8Array(count),
    new Int32Array(count),
    new Int32Array(count),
    new Int32Array(count),
  ] as const
  const bitmaps = sampleTable.columns.map((column) =>
    column.nullable === true ? new Uint8Array(bitmapBytes(count)) : undefined,
  )
  for (let index = 0; index < count; index++) {
    for (const [column, value] of sampleRow(start + index).entries()) {
      const { dictionary } = sampleTable.columns[column]!
      if (value === null) {
        values[column as 0][index] = column === 2 ? Number.NaN : -7
        continue
      }
      values[column as 0][index] = typeof value === 'string' ? dictionary!.indexOf(value) : value
      const bitmap = bitmaps[column]
      if (bitmap !== undefined) setBits(bitmap, index, 1)
    }
  }
  return recordBatch(
    sampleLayout,
    count,
    values.map((column, index) => ({ values: column, bitmap: bitmaps[index] })),
  )
}

/** The bytes of the canonical file of `batches`. */
export async function canonicalBytes(
  batches: Iterable<RecordBatch>,
  declaration: TableDeclaration = sampleTable,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  // Copied, because a piece is valid during the call only.
  const writer = new CanonicalWriter(declaration, (bytes) => void pieces.push(bytes.slice()))
  for (const batch of batches) await writer.append(batch)
  await writer.close()
  return concatenate(pieces)
}
