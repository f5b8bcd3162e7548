/**
 * Result tables in other formats: CSV for people and spreadsheets, Parquet for DuckDB and for small files. Both
 * are written as they are read, a batch at a time.
 */

import { RecordBatchStreamWriter } from 'apache-arrow'
import type { RecordBatch, Schema } from 'apache-arrow'
import { recordBatch } from './batch.ts'
import type { ByteSink } from './canonical.ts'
import { BATCH_ROWS } from './canonical.ts'
import { valueArray } from './declaration.ts'
import { tableLayout } from './table-layout.ts'
import { cellAt, declarationOf, readBatches } from './read.ts'
import type { ArrowSource, CellValue } from './read.ts'

/** Rows of text that are handed to the sink together. */
const CSV_ROWS = 4096

/**
 * Writes a table as CSV: a header, then one line per row, by RFC 4180.
 *
 * Rows without a value are empty fields, empty texts are `""`, and numbers are the shortest ones that read back
 * as the same 64-bit float.
 */
export async function writeCsv({ schema, batches }: ArrowSource, sink: ByteSink): Promise<void> {
  const encoder = new TextEncoder()
  await sink(encoder.encode(csvLine(schema.fields.map((field) => field.name))))
  for await (const batch of batches) {
    const { columns, rowCount } = readBatches(schema, [batch])
    for (let start = 0; start < rowCount; start += CSV_ROWS) {
      let lines = ''
      for (let row = start; row < Math.min(start + CSV_ROWS, rowCount); row++) {
        lines += csvLine(columns.map((column) => cellAt(column, row)))
      }
      await sink(encoder.encode(lines))
    }
  }
}

/** One line of CSV with its line end. */
export function csvLine(cells: readonly CellValue[]): string {
  return `${cells.map(csvField).join(',')}\r\n`
}

function csvField(cell: CellValue): string {
  if (cell === null) return ''
  // String(-0) is '0', which would read back as another number.
  if (typeof cell === 'number') return Object.is(cell, -0) ? '-0' : String(cell)
  return cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/**
 * Writes a table as Parquet: Snappy compression, row groups of 65,536 rows.
 *
 * Units and meanings are in the Arrow schema that Parquet files carry along, which pandas and polars read, and for
 * all others as JSON under the key `rivalry` of the file's metadata.
 */
export async function writeParquet({ schema, batches }: ArrowSource, sink: ByteSink): Promise<void> {
  // Loaded when asked for: it is 5 MB of WebAssembly that most runs do not need.
  const parquet = await import('parquet-wasm')
  const properties = new parquet.WriterPropertiesBuilder()
    .setCompression(parquet.Compression.SNAPPY)
    .setCreatedBy('rivalry')
    // One key only: the order of several would change from file to file.
    .setKeyValueMetadata(new Map([['rivalry', describe(schema)]]))
    .setMaxRowGroupSize(BATCH_ROWS)
    .build()
  const iterator = rowsOrNone(schema, batches)
  const input = new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await iterator.next()
        if (done === true) return controller.close()
        // Through bytes, because parquet-wasm's memory is its own; one batch at a time keeps it small.
        const table = parquet.Table.fromIPCStream(ipcStream(value))
        controller.enqueue(table.recordBatch(0))
        table.free()
      },
    },
    { highWaterMark: 0 },
  )
  const output = await parquet.transformParquetStream(input as never, properties)
  for await (const bytes of output as unknown as AsyncIterable<Uint8Array>) await sink(bytes)
}

/** The batches that have rows, or one without: a Parquet file needs one to know its columns. */
async function* rowsOrNone(schema: Schema, batches: ArrowSource['batches']): AsyncGenerator<RecordBatch> {
  let rowCount = 0
  for await (const batch of batches) {
    if (batch.numRows > 0) yield batch
    rowCount += batch.numRows
  }
  if (rowCount > 0) return
  const layout = tableLayout(declarationOf(schema))
  const columns = layout.declaration.columns.map(({ type }) => ({ values: new (valueArray(type))(0) }))
  yield recordBatch(layout, 0, columns)
}

function ipcStream(batch: RecordBatch): Uint8Array {
  const writer = new RecordBatchStreamWriter()
  writer.write(batch)
  writer.close()
  return writer.toUint8Array(true)
}

function describe(schema: Schema): string {
  const { name, meaning, columns } = declarationOf(schema)
  const described = columns.map((column) => ({
    name: column.name,
    unit: column.unit,
    meaning: column.meaning,
  }))
  return JSON.stringify({ table: name, meaning, columns: described })
}
