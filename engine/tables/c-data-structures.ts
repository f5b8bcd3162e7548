/**
 * Where the `ArrowSchema` and `ArrowArray` structures of a table lie in memory, and their bytes.
 *
 * Layout of the structures: Apache Arrow, "The Arrow C Data Interface", for 32-bit pointers (wasm32). The memory
 * stays the worker's and is reused after the reader is done, so `release` is null: there is nothing to free.
 */

import { bitmapBytes } from './bits.ts'
import { columnMetadata, encodeTexts, tableMetadata } from './declaration.ts'
import type { ColumnDeclaration, TableDeclaration } from './declaration.ts'

/** Bytes of an `ArrowSchema` structure on wasm32. */
export const ARROW_SCHEMA_BYTES = 48
/** Bytes of an `ArrowArray` structure on wasm32. */
export const ARROW_ARRAY_BYTES = 64

const FLAG_NULLABLE = 2n
const FORMATS = { f64: 'g', i32: 'i', u8: 'C', text: 'i' } as const
const encoder = new TextEncoder()

/** Addresses of everything that describes one column. */
interface ColumnPlace {
  schema: number
  array: number
  /** The two pointers of the array to its validity bitmap and values. */
  buffers: number
  bitmap: number
  name: number
  format: number
  metadata: number
  dictionary: DictionaryPlace | undefined
}

interface DictionaryPlace {
  schema: number
  array: number
  /** Pointers to validity (null), offsets and characters. */
  buffers: number
  offsets: number
  bytes: number
  format: number
}

/** Addresses of everything that describes a table's batches. */
export interface ExportPlan {
  rootSchema: number
  rootArray: number
  rootBuffers: number
  schemaChildren: number
  arrayChildren: number
  rootFormat: number
  rootMetadata: number
  /** A zero: the empty name, and metadata without entries. */
  zero: number
  columns: readonly ColumnPlace[]
  end: number
}

/** Places all structures of a table from address `start` on, each aligned to 8 bytes. */
export function planExport(declaration: TableDeclaration, maxRows: number, start: number): ExportPlan {
  let next = start
  const take = (bytes: number): number => {
    const address = next
    // Addresses reach 4 GiB, which bitwise operators would cut off.
    next += Math.ceil(bytes / 8) * 8
    return address
  }
  const count = declaration.columns.length
  const root = {
    rootSchema: take(ARROW_SCHEMA_BYTES),
    rootArray: take(ARROW_ARRAY_BYTES),
    rootBuffers: take(4),
    schemaChildren: take(4 * count),
    arrayChildren: take(4 * count),
    rootFormat: take(3),
    rootMetadata: take(metadataBytes(tableMetadata(declaration)).length),
    zero: take(8),
  }
  const columns = declaration.columns.map((column): ColumnPlace => {
    const place = {
      schema: take(ARROW_SCHEMA_BYTES),
      array: take(ARROW_ARRAY_BYTES),
      buffers: take(8),
      bitmap: column.nullable === true ? take(bitmapBytes(maxRows + 1)) : 0,
      name: take(encoder.encode(column.name).length + 1),
      format: take(2),
      metadata: take(metadataBytes(columnMetadata(column)).length),
    }
    return { ...place, dictionary: planDictionary(column, take) }
  })
  return { ...root, columns, end: next }
}

function planDictionary(
  column: ColumnDeclaration,
  take: (bytes: number) => number,
): DictionaryPlace | undefined {
  if (column.dictionary === undefined) return undefined
  const { offsets, bytes } = encodeTexts(column.dictionary)
  return {
    schema: take(ARROW_SCHEMA_BYTES),
    array: take(ARROW_ARRAY_BYTES),
    buffers: take(12),
    offsets: take(offsets.byteLength),
    bytes: take(bytes.byteLength),
    format: take(2),
  }
}

/** Writes all that is the same for every batch: schemas, names, metadata, dictionaries. */
export function writeFixedPart(
  buffer: ArrayBufferLike,
  declaration: TableDeclaration,
  plan: ExportPlan,
): void {
  const view = new DataView(buffer)
  const bytes = new Uint8Array(buffer)
  bytes.fill(0, plan.rootSchema, plan.end)
  const count = declaration.columns.length
  bytes.set(encoder.encode('+s'), plan.rootFormat)
  bytes.set(metadataBytes(tableMetadata(declaration)), plan.rootMetadata)
  writeSchema(view, plan.rootSchema, {
    format: plan.rootFormat,
    name: plan.zero,
    metadata: plan.rootMetadata,
    childCount: count,
    children: plan.schemaChildren,
  })
  writeArray(view, plan.rootArray, { bufferCount: 1, buffers: plan.rootBuffers })
  view.setBigInt64(plan.rootArray + 32, BigInt(count), true)
  view.setUint32(plan.rootArray + 44, plan.arrayChildren, true)
  declaration.columns.forEach((column, index) => {
    const place = plan.columns[index]!
    view.setUint32(plan.schemaChildren + 4 * index, place.schema, true)
    view.setUint32(plan.arrayChildren + 4 * index, place.array, true)
    bytes.set(encoder.encode(FORMATS[column.type]), place.format)
    bytes.set(encoder.encode(column.name), place.name)
    bytes.set(metadataBytes(columnMetadata(column)), place.metadata)
    writeSchema(view, place.schema, {
      format: place.format,
      name: place.name,
      metadata: place.metadata,
      isNullable: column.nullable === true,
      dictionary: place.dictionary?.schema,
    })
    writeArray(view, place.array, {
      bufferCount: 2,
      buffers: place.buffers,
      dictionary: place.dictionary?.array,
    })
    if (place.dictionary !== undefined) {
      writeDictionary(buffer, place.dictionary, column.dictionary ?? [], plan.zero)
    }
  })
}

function writeDictionary(
  buffer: ArrayBufferLike,
  place: DictionaryPlace,
  texts: readonly string[],
  zero: number,
): void {
  const view = new DataView(buffer)
  const { offsets, bytes } = encodeTexts(texts)
  new Uint8Array(buffer).set(encoder.encode('u'), place.format)
  writeSchema(view, place.schema, { format: place.format, name: zero, metadata: zero })
  writeArray(view, place.array, { bufferCount: 3, buffers: place.buffers })
  writeLength(view, place.array, texts.length, 0)
  view.setUint32(place.buffers + 4, place.offsets, true)
  view.setUint32(place.buffers + 8, place.bytes, true)
  new Int32Array(buffer, place.offsets, offsets.length).set(offsets)
  new Uint8Array(buffer, place.bytes, bytes.length).set(bytes)
}

interface SchemaFields {
  format: number
  name: number
  /** Never null: arrow-js-ffi reads the number of entries at whatever address stands here. */
  metadata: number
  isNullable?: boolean
  childCount?: number
  children?: number
  dictionary?: number | undefined
}

function writeSchema(view: DataView, address: number, fields: SchemaFields): void {
  view.setUint32(address, fields.format, true)
  view.setUint32(address + 4, fields.name, true)
  view.setUint32(address + 8, fields.metadata, true)
  view.setBigInt64(address + 16, fields.isNullable === true ? FLAG_NULLABLE : 0n, true)
  view.setBigInt64(address + 24, BigInt(fields.childCount ?? 0), true)
  view.setUint32(address + 32, fields.children ?? 0, true)
  view.setUint32(address + 36, fields.dictionary ?? 0, true)
}

interface ArrayFields {
  bufferCount: number
  buffers: number
  dictionary?: number | undefined
}

function writeArray(view: DataView, address: number, fields: ArrayFields): void {
  view.setBigInt64(address + 24, BigInt(fields.bufferCount), true)
  view.setUint32(address + 40, fields.buffers, true)
  view.setUint32(address + 48, fields.dictionary ?? 0, true)
}

/** Fills in how many rows an `ArrowArray` has and how many of them lack a value. */
export function writeLength(view: DataView, address: number, length: number, nullCount: number): void {
  view.setBigInt64(address, BigInt(length), true)
  view.setBigInt64(address + 8, BigInt(nullCount), true)
}

/** Key-value pairs as the interface lays them out: their number, then each key and value with its length. */
function metadataBytes(entries: readonly (readonly [string, string])[]): Uint8Array {
  const texts = entries.flat().map((text) => encoder.encode(text))
  const bytes = new Uint8Array(texts.reduce((sum, text) => sum + 4 + text.length, 4))
  const view = new DataView(bytes.buffer)
  view.setInt32(0, entries.length, true)
  let next = 4
  for (const text of texts) {
    view.setInt32(next, text.length, true)
    bytes.set(text, next + 4)
    next += 4 + text.length
  }
  return bytes
}
