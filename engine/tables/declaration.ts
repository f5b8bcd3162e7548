/**
 * What a result table is: its name, its columns with units and meanings, and how their values are stored. The same
 * declaration drives the kernel's export, the file and the readers, so they cannot disagree. Nothing here needs
 * apache-arrow, which worker threads do without.
 */

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

/** Typed array that holds a column's values; text columns hold their dictionary indices. */
export type ColumnValues = Float64Array | Int32Array | Uint8Array

/** Bytes that one value takes in memory, by column type. */
export const valueBytes: Readonly<Record<ColumnType, number>> = { f64: 8, i32: 4, u8: 1, text: 4 }

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
