/**
 * The canonical file of a table: Arrow IPC bytes that depend on the rows and their order and on nothing else, not
 * on the sizes in which the rows arrive. Batches have 65,536 rows, the last one the rest; null slots, tail bits
 * and padding are zero; dictionary ids and metadata come from the declaration. It knows no times and no paths.
 */

import type { RecordBatch } from 'apache-arrow'
import { assert } from '../errors.ts'
import { columnsOf, dictionaryOf, recordBatch, sameTexts } from './batch.ts'
import type { BatchColumn, ColumnBatch } from './batch.ts'
import { bitAt, bitmapBytes, copyBits, countNulls, setBits } from './bits.ts'
import { valueArray } from './declaration.ts'
import { tableLayout } from './table-layout.ts'
import type { ColumnDeclaration, ColumnValues, TableDeclaration } from './declaration.ts'
import type { TableLayout } from './table-layout.ts'
import { IpcEncoder } from './encoder.ts'

/** Rows of every batch of a canonical file but the last. */
export const BATCH_ROWS = 65_536

/** Receives the bytes of a file in order; each piece is valid until the call, or the promise it returns, is done. */
export type ByteSink = (bytes: Uint8Array) => void | Promise<void>

/**
 * Writes one table as a canonical Arrow IPC file into `sink`, holding at most one batch in memory.
 *
 * Rows are copied once, into a buffer of 65,536 rows that is reused. With a sink that returns nothing, everything
 * is read and written before `append` returns; with one that returns promises, sources must stay as they are
 * until the promise of `append` settles, and appends must not overlap.
 */
export class CanonicalWriter {
  readonly declaration: TableDeclaration
  readonly #layout: TableLayout
  readonly #columns: readonly PendingColumn[]
  readonly #encoder: IpcEncoder
  readonly #sink: ByteSink
  /** Dictionaries that were found equal to the declared ones. */
  readonly #knownDictionaries = new WeakSet<object>()
  #pendingRows = 0
  #writtenRows = 0
  #state: 'open' | 'busy' | 'closed' = 'open'

  constructor(declaration: TableDeclaration, sink: ByteSink) {
    this.declaration = declaration
    this.#sink = sink
    this.#layout = tableLayout(declaration)
    this.#columns = declaration.columns.map(pendingColumn)
    this.#encoder = new IpcEncoder(this.#layout.schema)
  }

  /** Rows appended so far. */
  get rowCount(): number {
    return this.#writtenRows + this.#pendingRows
  }

  /**
   * Appends the rows of `batch`, or only those whose numbers stand in `rows`, in that order.
   *
   * @throws Error when the batch is not of this table, holds a NaN or an index outside of its dictionary.
   */
  async append(batch: RecordBatch, rows?: Int32Array | Uint32Array): Promise<void> {
    // A file without batches is read as one empty batch, which has no dictionaries: nothing to add, or to check.
    if (batch.numRows > 0) this.#check(batch)
    if (rows !== undefined) checkRows(rows, batch.numRows)
    const sources = columnsOf(batch)
    await this.#append(rows?.length ?? batch.numRows, (target, index, from, count) => {
      const source = sources[index]!
      if (rows === undefined) copyRange(source, from, target, this.#pendingRows, count)
      else copyRows(source, rows.subarray(from, from + count), target, this.#pendingRows)
    })
  }

  /**
   * Appends `count` rows of `batch` from row `first` on; its declaration is the writer's own.
   *
   * @throws Error as `append`
   */
  async appendColumns(batch: ColumnBatch, first: number, count: number): Promise<void> {
    assert(batch.declaration === this.declaration, 'a batch is of its table', batch.declaration.name)
    await this.#append(count, (target, index, from, taken) =>
      copyRange(batch.columns[index]!, first + from, target, this.#pendingRows, taken),
    )
  }

  /** Appends rows that `copy` brings behind the waiting ones of a column: `count` rows from `from` on. */
  async #append(
    rowCount: number,
    copy: (target: PendingColumn, index: number, from: number, count: number) => void,
  ): Promise<void> {
    assert(this.#state === 'open', 'appends to a canonical file do not overlap', { state: this.#state })
    this.#state = 'busy'
    for (let from = 0; from < rowCount;) {
      const taken = Math.min(BATCH_ROWS - this.#pendingRows, rowCount - from)
      for (const [index, column] of this.#columns.entries()) copy(column, index, from, taken)
      this.#pendingRows += taken
      from += taken
      if (this.#pendingRows === BATCH_ROWS) {
        const written = this.#flush()
        if (written !== undefined) await written
      }
    }
    this.#state = 'open'
  }

  /** Writes the remaining rows and the end of the file. A table without rows is a file without batches. */
  async close(): Promise<void> {
    assert(this.#state === 'open', 'a canonical file is closed once, after its appends', {
      state: this.#state,
    })
    this.#state = 'closed'
    if (this.#pendingRows > 0) {
      const written = this.#flush()
      if (written !== undefined) await written
    }
    this.#encoder.close()
    const written = this.#drain()
    if (written !== undefined) await written
  }

  #check(batch: RecordBatch): void {
    const { name, columns } = this.declaration
    const names = batch.schema.fields.map((field) => field.name)
    assert(
      sameTexts(
        names,
        columns.map((column) => column.name),
      ),
      'a batch is of its table',
      { name, names },
    )
    columns.forEach((column, index) => {
      const data = batch.data.children[index]!
      const state = { table: name, column: column.name }
      assert(data.values instanceof valueArray(column.type), 'a column holds values of its type', state)
      assert(column.nullable === true || data.nullCount === 0, 'only nullable columns lack values', state)
      const { dictionary } = data
      assert((dictionary === undefined) === (column.dictionary === undefined), 'text has dictionaries', state)
      if (dictionary === undefined || this.#knownDictionaries.has(dictionary)) return
      assert(sameTexts(dictionaryOf(data), column.dictionary!), 'a file has one dictionary a column', state)
      this.#knownDictionaries.add(dictionary)
    })
  }

  #flush(): Promise<void> | undefined {
    const rowCount = this.#pendingRows
    const columns = this.#columns.map(({ values, bitmap }) => {
      if (bitmap === undefined) return { values }
      const nullCount = countNulls(bitmap, rowCount)
      const used = bitmap.subarray(0, bitmapBytes(rowCount))
      if (nullCount > 0) zeroNulls(values, used, rowCount)
      return { values, nullCount, bitmap: nullCount > 0 ? used : undefined }
    })
    this.#columns.forEach((column) => checkValues(this.declaration, column, rowCount, this.#writtenRows))
    this.#encoder.write(recordBatch(this.#layout, rowCount, columns))
    this.#writtenRows += rowCount
    this.#pendingRows = 0
    const clearBitmaps = (): void => this.#columns.forEach(({ bitmap }) => bitmap?.fill(0))
    const written = this.#drain()
    if (written !== undefined) return written.then(clearBitmaps)
    clearBitmaps()
    return undefined
  }

  /** Hands what the encoder made to the sink; a promise only where the sink returns one. */
  #drain(): Promise<void> | undefined {
    const pieces = this.#encoder.takePieces()
    for (const [index, piece] of pieces.entries()) {
      const written = this.#sink(piece)
      if (written !== undefined) return this.#drainRest(written, pieces.slice(index + 1))
    }
    return undefined
  }

  async #drainRest(written: Promise<void>, pieces: readonly Uint8Array[]): Promise<void> {
    await written
    for (const piece of pieces) await this.#sink(piece)
  }
}

/** Rows of one column that wait for their batch to be full. */
interface PendingColumn {
  declaration: ColumnDeclaration
  values: ColumnValues
  /** Bits beyond the waiting rows are zero; `undefined` where every row has a value. */
  bitmap: Uint8Array | undefined
}

function pendingColumn(declaration: ColumnDeclaration): PendingColumn {
  const values = new (valueArray(declaration.type))(BATCH_ROWS)
  return {
    declaration,
    values,
    bitmap: declaration.nullable === true ? new Uint8Array(BATCH_ROWS / 8) : undefined,
  }
}

function copyRange(
  { values, bitmap, bitmapStart = 0 }: BatchColumn,
  from: number,
  target: PendingColumn,
  at: number,
  count: number,
): void {
  target.values.set(values.subarray(from, from + count), at)
  if (target.bitmap === undefined) return
  if (bitmap === undefined) setBits(target.bitmap, at, count)
  else copyBits(bitmap, bitmapStart + from, target.bitmap, at, count)
}

function copyRows(
  source: BatchColumn,
  rows: Int32Array | Uint32Array,
  target: PendingColumn,
  at: number,
): void {
  const { values, bitmap } = target
  for (let index = 0; index < rows.length; index++) {
    values[at + index] = source.values[rows[index]!]!
  }
  if (bitmap === undefined) return
  if (source.bitmap === undefined) return setBits(bitmap, at, rows.length)
  for (let index = 0; index < rows.length; index++) {
    if (bitAt(source.bitmap, (source.bitmapStart ?? 0) + rows[index]!)) setBits(bitmap, at + index, 1)
  }
}

function checkRows(rows: Int32Array | Uint32Array, rowCount: number): void {
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!
    if (row < 0 || row >= rowCount) assert(false, 'a chosen row is in its batch', { index, row, rowCount })
  }
}

function zeroNulls(values: ColumnValues, bitmap: Uint8Array, rowCount: number): void {
  for (let start = 0; start < rowCount; start += 8) {
    if (bitmap[start >> 3] === 0xff) continue
    const end = Math.min(start + 8, rowCount)
    for (let row = start; row < end; row++) if (!bitAt(bitmap, row)) values[row] = 0
  }
}

/** NaN has many bit patterns and no meaning here, and an index outside of its dictionary breaks every reader. */
function checkValues(
  table: TableDeclaration,
  { declaration, values, bitmap }: PendingColumn,
  rowCount: number,
  firstRow: number,
): void {
  const state = { table: table.name, column: declaration.name }
  if (declaration.type === 'f64') {
    if (!mayHoldNaN(values, rowCount)) return
    const row = values.subarray(0, rowCount).findIndex(Number.isNaN)
    assert(row === -1, 'results hold no NaN', { ...state, row: firstRow + row })
  }
  if (declaration.type === 'text') {
    const size = declaration.dictionary!.length
    for (let row = 0; row < rowCount; row++) {
      const index = values[row]!
      const isKnown = index >= 0 && index < size
      if (isKnown || (bitmap !== undefined && !bitAt(bitmap, row))) continue
      assert(false, 'text is in its dictionary', { ...state, row: firstRow + row, index, size })
    }
  }
}

/** Whether there may be a NaN among the values: only then their sum is one. Four sums run side by side. */
function mayHoldNaN(values: ColumnValues, rowCount: number): boolean {
  let [first, second, third, fourth] = [0, 0, 0, 0]
  const even = rowCount & ~3
  for (let row = 0; row < even; row += 4) {
    first += values[row]!
    second += values[row + 1]!
    third += values[row + 2]!
    fourth += values[row + 3]!
  }
  for (let row = even; row < rowCount; row++) first += values[row]!
  return Number.isNaN(first + second + third + fourth)
}
