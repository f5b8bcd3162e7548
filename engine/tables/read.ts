/** Reads result tables back: columns with their units and meanings, and rows without a value as `null`. */

import { RecordBatchReader } from 'apache-arrow'
import type { DataType, Dictionary, Field, RecordBatch, Schema } from 'apache-arrow'
import { RivalryError, assert } from '../errors.ts'
import { columnsOf, dictionaryOf, type ColumnBatch } from './batch.ts'
import { bitAt, bitmapBytes, copyBits, setBits } from './bits.ts'
import { valueArray } from './declaration.ts'
import type { ColumnDeclaration, ColumnType, ColumnValues, TableDeclaration } from './declaration.ts'

/** Record batches with their schema, from memory or from a file that is read as they are asked for. */
export interface ArrowSource {
  schema: Schema
  batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>
}

/** A value as a program wants it: text decoded, `null` where the row has none. */
export type CellValue = number | string | null

/** One column of a table that was read. */
export interface ReadColumn {
  /** Name, unit and meaning as the file has them. */
  declaration: ColumnDeclaration
  /** One value per row, dictionary indices for text, 0 in rows without a value. */
  values: ColumnValues
  /** Bit `row & 7` of byte `row >> 3` is 1 where the row has a value; `undefined` when all rows have one. */
  bitmap: Uint8Array | undefined
}

/** A table that was read. */
export interface ReadTable {
  declaration: TableDeclaration
  rowCount: number
  columns: readonly ReadColumn[]
}

/**
 * Opens an Arrow IPC file that lies in memory.
 *
 * @throws RivalryError `not-arrow` when the bytes are something else or not whole.
 */
export function arrowSource(bytes: Uint8Array, path?: string): ArrowSource {
  if (!isMagic(bytes.subarray(0, 6)) || !isMagic(bytes.subarray(-6))) throw notArrow(path)
  try {
    const reader = RecordBatchReader.from(bytes).open()
    return { schema: reader.schema, batches: [...reader] }
  } catch (cause) {
    throw notArrow(path, cause)
  }
}

/** Whether these are the six bytes with which an Arrow IPC file begins and ends. */
export function isMagic(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes) === 'ARROW1'
}

/** The error for a file that is not an Arrow file. */
export function notArrow(path: string | undefined, cause?: unknown): RivalryError {
  return new RivalryError('the file is not a whole Arrow IPC file', {
    code: 'not-arrow',
    path,
    hint: 'give a file with the ending .arrow from the folder of a finished run',
    cause,
  })
}

/**
 * Reads a whole table from the bytes of an Arrow IPC file.
 *
 * @throws RivalryError `not-arrow`, or `column-type` for columns of types that results do not have.
 */
export function readArrow(bytes: Uint8Array, path?: string): ReadTable {
  const { schema, batches } = arrowSource(bytes, path)
  return readBatches(schema, [...(batches as Iterable<RecordBatch>)])
}

/** A batch as plain columns. */
export function columnBatch(schema: Schema, batch: RecordBatch): ColumnBatch {
  return { declaration: declarationOf(schema, batch), rowCount: batch.numRows, columns: columnsOf(batch) }
}

/** The batches of a source as plain columns. */
export async function* columnBatches({ schema, batches }: ArrowSource): AsyncGenerator<ColumnBatch> {
  for await (const batch of batches) yield columnBatch(schema, batch)
}

/** A whole table from its batches. */
export function readBatches(schema: Schema, batches: readonly RecordBatch[]): ReadTable {
  const rowCount = batches.reduce((sum, batch) => sum + batch.numRows, 0)
  const declaration = declarationOf(schema, batches[0])
  const columns = declaration.columns.map((column, index): ReadColumn => {
    const chunks = batches.map((batch) => batch.data.children[index]!)
    const values = new (valueArray(column.type))(rowCount)
    const hasNulls = chunks.some((chunk) => chunk.nullCount > 0)
    const bitmap = hasNulls ? new Uint8Array(bitmapBytes(rowCount)) : undefined
    let next = 0
    for (const chunk of chunks) {
      values.set(chunk.values.subarray(0, chunk.length), next)
      if (bitmap !== undefined) {
        if (chunk.nullCount === 0) setBits(bitmap, next, chunk.length)
        else copyBits(chunk.nullBitmap, chunk.offset, bitmap, next, chunk.length)
      }
      next += chunk.length
    }
    return { declaration: column, values, bitmap }
  })
  return { declaration, rowCount, columns }
}

/**
 * The column of that name.
 *
 * @throws RivalryError `unknown-column` when the table has none.
 */
export function columnNamed(table: ReadTable, name: string): ReadColumn {
  const found = table.columns.find((column) => column.declaration.name === name)
  if (found !== undefined) return found
  throw new RivalryError(`the table ${table.declaration.name} has no column ${JSON.stringify(name)}`, {
    code: 'unknown-column',
    hint: `it has ${table.declaration.columns.map((column) => column.name).join(', ')}`,
  })
}

/** The value of one row, text decoded, `null` where there is none. */
export function cellAt({ declaration, values, bitmap }: ReadColumn, row: number): CellValue {
  assert(row >= 0 && row < values.length, 'a row is in its table', { column: declaration.name, row })
  if (bitmap !== undefined && !bitAt(bitmap, row)) return null
  const value = values[row]!
  return declaration.type === 'text' ? declaration.dictionary![value]! : value
}

/** All values of a column, text decoded, `null` where there is none. */
export function cells(column: ReadColumn): CellValue[] {
  return Array.from(column.values, (_, row) => cellAt(column, row))
}

/**
 * The declaration that a file of this schema was written with. Dictionaries are those of `batch`, because a schema
 * does not hold them; without a batch they are empty.
 *
 * @throws RivalryError `column-type` for columns of types that results do not have.
 */
export function declarationOf(schema: Schema, batch?: RecordBatch): TableDeclaration {
  const columns = schema.fields.map((field, index): ColumnDeclaration => {
    const type = columnType(field)
    const data = batch?.data.children[index]
    return {
      name: field.name,
      type,
      unit: field.metadata.get('unit') ?? '',
      meaning: field.metadata.get('meaning') ?? '',
      ...(field.nullable ? { nullable: true } : {}),
      ...(type === 'text' ? { dictionary: data === undefined ? [] : dictionaryOf(data) } : {}),
    }
  })
  return { name: schema.metadata.get('table') ?? '', meaning: schema.metadata.get('meaning') ?? '', columns }
}

const COLUMN_TYPES: Readonly<Record<string, ColumnType>> = {
  Float64: 'f64',
  Int32: 'i32',
  Uint8: 'u8',
  'Dictionary<Int32, Utf8>': 'text',
}

function columnType(field: Field<DataType | Dictionary>): ColumnType {
  const type = COLUMN_TYPES[String(field.type)]
  if (type !== undefined) return type
  throw new RivalryError(`the column ${JSON.stringify(field.name)} has the type ${String(field.type)}`, {
    code: 'column-type',
    hint: `columns of results have the types ${Object.keys(COLUMN_TYPES).join(', ')}`,
  })
}
