/**
 * What a result table is: its name, its columns with units and meanings, and the Arrow schema that follows from
 * them. The same declaration drives the kernel's export, the file and the readers, so they cannot disagree.
 */

import {
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  Schema,
  Uint8,
  Utf8,
  Vector,
  makeData,
} from 'apache-arrow'
import { assert } from '../errors.ts'

/** How a column's values are stored: 8-byte floats, 4-byte integers, bytes, or indices into a fixed dictionary. */
export type ColumnType = 'f64' | 'i32' | 'u8' | 'text'

/** One column of a table. */
export interface ColumnDeclaration {
  name: string
  type: ColumnType
  /** Unit of the values, for example `USD/month`; `1` for pure numbers and the empty string for text. */
  unit: string
  /** What the column says, in one line. */
  meaning: string
  /** Whether a row may lack a value. */
  nullable?: boolean
  /** All values that a text column can take in this file, in the order of their indices; text columns only. */
  dictionary?: readonly string[]
}

/** One table of results. */
export interface TableDeclaration {
  name: string
  /** What one row is, in one line. */
  meaning: string
  columns: readonly ColumnDeclaration[]
}

/** A declaration with the Arrow objects made from it, shared by everything that reads or writes the table. */
export interface TableLayout {
  declaration: TableDeclaration
  schema: Schema
  /** The dictionary of each text column by column index; `undefined` for other columns. */
  dictionaries: readonly (Vector<Utf8> | undefined)[]
}

/** Typed array that holds a column's values; text columns hold their dictionary indices. */
export type ColumnValues = Float64Array | Int32Array | Uint8Array

/** Bytes that one value takes in memory, by column type. */
export const valueBytes: Readonly<Record<ColumnType, number>> = { f64: 8, i32: 4, u8: 1, text: 4 }

/**
 * The Arrow schema of a table and its dictionaries.
 *
 * Units and meanings are in the metadata, always in the same order: `table`, `meaning` for the schema, `unit`,
 * `meaning` for fields. Dictionary ids are 0, 1, 2... in the order of the text columns, because apache-arrow
 * would otherwise number them with a counter of the whole process.
 *
 * @throws Error when the declaration is contradictory: names twice, a text column without a dictionary...
 */
export function tableLayout(declaration: TableDeclaration): TableLayout {
  checkDeclaration(declaration)
  let nextDictionaryId = 0
  const dictionaries: (Vector<Utf8> | undefined)[] = []
  const fields = declaration.columns.map((column) => {
    const isText = column.type === 'text'
    const type = isText ? new Dictionary(new Utf8(), new Int32(), nextDictionaryId++) : valueType(column.type)
    dictionaries.push(isText ? textVector(column.dictionary ?? []) : undefined)
    return new Field<DataType>(column.name, type, column.nullable === true, new Map(columnMetadata(column)))
  })
  return { declaration, schema: new Schema(fields, new Map(tableMetadata(declaration))), dictionaries }
}

/** The metadata of a table's schema: keys and values in their fixed order. */
export function tableMetadata({ name, meaning }: TableDeclaration): [string, string][] {
  return [
    ['table', name],
    ['meaning', meaning],
  ]
}

/** The metadata of a column's field: keys and values in their fixed order. */
export function columnMetadata({ unit, meaning }: ColumnDeclaration): [string, string][] {
  return [
    ['unit', unit],
    ['meaning', meaning],
  ]
}

/** The Arrow type of a column's stored values: for text, of its indices. */
export function valueType(type: ColumnType): Float64 | Int32 | Uint8 {
  if (type === 'f64') return new Float64()
  return type === 'u8' ? new Uint8() : new Int32()
}

/** Makes typed arrays of one type, new ones or views of memory. */
export interface ValueArray {
  new (length: number): ColumnValues
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ColumnValues
}

/** The constructor of the typed array that holds a column's values. */
export function valueArray(type: ColumnType): ValueArray {
  if (type === 'f64') return Float64Array
  return type === 'u8' ? Uint8Array : Int32Array
}

/** The strings as UTF-8 bytes one after the other, and where each begins: `offsets` has one entry more. */
export function encodeTexts(texts: readonly string[]): { offsets: Int32Array; bytes: Uint8Array } {
  const encoder = new TextEncoder()
  const encoded = texts.map((text) => encoder.encode(text))
  const offsets = new Int32Array(texts.length + 1)
  encoded.forEach((text, index) => (offsets[index + 1] = offsets[index]! + text.length))
  const bytes = new Uint8Array(offsets[texts.length]!)
  encoded.forEach((text, index) => bytes.set(text, offsets[index]!))
  return { offsets, bytes }
}

function textVector(texts: readonly string[]): Vector<Utf8> {
  const { offsets, bytes } = encodeTexts(texts)
  const type = new Utf8()
  return new Vector([
    makeData({ type, length: texts.length, nullCount: 0, valueOffsets: offsets, data: bytes }),
  ])
}

function checkDeclaration({ name, columns }: TableDeclaration): void {
  assert(name !== '', 'a table has a name')
  const names = new Set<string>()
  for (const column of columns) {
    assert(column.name !== '' && !names.has(column.name), 'column names differ', {
      table: name,
      column: column.name,
    })
    names.add(column.name)
    const { dictionary } = column
    assert(
      (column.type === 'text') === (dictionary !== undefined),
      'exactly the text columns have dictionaries',
      {
        table: name,
        column: column.name,
      },
    )
    assert(
      dictionary === undefined || new Set(dictionary).size === dictionary.length,
      'dictionary entries differ',
      {
        table: name,
        column: column.name,
        dictionary,
      },
    )
  }
}
