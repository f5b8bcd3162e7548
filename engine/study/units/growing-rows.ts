/** Rows of a table that are added at the end, in memory that is used again and again: those of a unit on its way. */
import { assert } from '../../errors.ts'
import type { BatchColumn } from '../../tables/batch.ts'
import { bitmapBytes, copyBits, setBits } from '../../tables/bits.ts'
import {
  valueArray,
  valueBytes,
  type ColumnDeclaration,
  type ColumnValues,
  type TableDeclaration,
} from '../../tables/declaration.ts'

/** What rows have in a column: values of their own, one value for all, or none at all. */
export type ColumnSource = BatchColumn | number | undefined

/** Rows of one table. */
export class GrowingRows {
  readonly declaration: TableDeclaration
  readonly #columns: readonly GrowingColumn[]
  #rowCount = 0
  #capacity = 0

  constructor(declaration: TableDeclaration) {
    this.declaration = declaration
    this.#columns = declaration.columns.map((column) => new GrowingColumn(column))
  }

  get rowCount(): number {
    return this.#rowCount
  }

  /** By column, rows that have no value. */
  get missing(): number[] {
    return this.#columns.map(({ missing }) => missing)
  }

  /** Adds rows, given column by column in the order of the declaration; what they are given in may be used again. */
  append(count: number, sources: readonly ColumnSource[]): void {
    const { name } = this.declaration
    assert(sources.length === this.#columns.length, 'rows have the columns of their table', { name })
    const end = this.#rowCount + count
    if (end > this.#capacity) {
      this.#capacity = Math.max(2 * this.#capacity, end)
      for (const column of this.#columns) column.grow(this.#capacity, this.#rowCount)
    }
    for (const [index, column] of this.#columns.entries()) column.set(sources[index], this.#rowCount, count)
    this.#rowCount = end
  }

  /** Forgets all rows, and keeps their memory. */
  clear(): void {
    for (const column of this.#columns) column.clear(this.#rowCount)
    this.#rowCount = 0
  }

  /**
   * The bytes of all rows: of each column its values and then, where some row has none, its bitmap, each filled up with
   * zeros to 8 bytes. Views, valid until rows are added or forgotten.
   */
  bytes(): Uint8Array[] {
    return this.#columns.flatMap((column) => column.bytes(this.#rowCount))
  }
}

/** The rows that `GrowingRows` gave the bytes of; `undefined` where there are more or fewer bytes than they take. */
export function rowsIn(
  bytes: Uint8Array,
  {
    declaration,
    rowCount,
    missing,
  }: { declaration: TableDeclaration; rowCount: number; missing: readonly number[] },
): BatchColumn[] | undefined {
  let at = bytes.byteOffset
  const end = at + bytes.byteLength
  const columns: BatchColumn[] = []
  for (const [index, { type }] of declaration.columns.entries()) {
    const nullCount = missing[index] ?? 0
    const valuesAt = at
    at += padded(rowCount * valueBytes[type])
    const bitmapAt = at
    if (nullCount > 0) at += bitmapBytes(rowCount)
    if (at > end) return undefined
    columns.push({
      values: new (valueArray(type))(bytes.buffer, valuesAt, rowCount),
      bitmap: nullCount > 0 ? new Uint8Array(bytes.buffer, bitmapAt, bitmapBytes(rowCount)) : undefined,
      nullCount,
    })
  }
  return at === end ? columns : undefined
}

const ZEROS = new Uint8Array(8)

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}

class GrowingColumn {
  missing = 0
  readonly #declaration: ColumnDeclaration
  #values: ColumnValues
  /** Bits behind the rows are zero; `undefined` where every row has a value. */
  #bitmap: Uint8Array | undefined

  constructor(declaration: ColumnDeclaration) {
    this.#declaration = declaration
    this.#values = new (valueArray(declaration.type))(0)
    this.#bitmap = declaration.nullable === true ? new Uint8Array(0) : undefined
  }

  grow(capacity: number, rowCount: number): void {
    const values = new (valueArray(this.#declaration.type))(capacity)
    values.set(this.#values.subarray(0, rowCount))
    this.#values = values
    if (this.#bitmap === undefined) return
    const bitmap = new Uint8Array(bitmapBytes(capacity))
    bitmap.set(this.#bitmap)
    this.#bitmap = bitmap
  }

  /** Fills in the rows from `at` on. */
  set(source: ColumnSource, at: number, count: number): void {
    const column = typeof source === 'object' ? source : undefined
    const nullCount =
      source === undefined ? count : column?.bitmap === undefined ? 0 : (column.nullCount ?? 1)
    if (column !== undefined) this.#values.set(column.values.subarray(0, count), at)
    else this.#values.fill(typeof source === 'number' ? source : 0, at, at + count)
    assert(this.#bitmap !== undefined || nullCount === 0, 'only nullable columns lack values', {
      column: this.#declaration.name,
    })
    if (this.#bitmap === undefined || source === undefined) {
      this.missing += nullCount
    } else if (nullCount === 0) {
      setBits(this.#bitmap, at, count)
    } else {
      const { bitmap, bitmapStart = 0 } = column!
      copyBits(bitmap!, bitmapStart, this.#bitmap, at, count)
      this.missing += nullCount
    }
  }

  clear(rowCount: number): void {
    this.#bitmap?.fill(0, 0, bitmapBytes(rowCount))
    this.missing = 0
  }

  bytes(rowCount: number): Uint8Array[] {
    const { buffer, byteOffset, BYTES_PER_ELEMENT } = this.#values
    const length = rowCount * BYTES_PER_ELEMENT
    return [
      new Uint8Array(buffer, byteOffset, length),
      ZEROS.subarray(0, padded(length) - length),
      ...(this.missing > 0 ? [this.#bitmap!.subarray(0, bitmapBytes(rowCount))] : []),
    ]
  }
}
