import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { fc, test } from '@fast-check/vitest'
import type { Data, RecordBatch } from 'apache-arrow'
import { parseRecordBatch } from 'arrow-js-ffi'
import { describe, expect } from 'vitest'
import { recordBatch } from '../../engine/tables/batch.ts'
import { bitAt, bitmapBytes } from '../../engine/tables/bits.ts'
import { TableExport, packValidity, tableExportBytes } from '../../engine/tables/c-data.ts'
import type { BatchPointers, ColumnLocation } from '../../engine/tables/c-data.ts'
import { valueArray, valueBytes } from '../../engine/tables/declaration.ts'
import { tableLayout } from '../../engine/tables/table-layout.ts'
import type { TableDeclaration } from '../../engine/tables/declaration.ts'
import { sha256 } from '../../engine/tables/digest.ts'
import { importBatch } from '../../engine/tables/import.ts'
import { viewBatch } from '../../engine/tables/view.ts'
import { exportedTable } from './exported.ts'
import { canonicalBytes, sampleBatch, sampleLayout, sampleTable } from './sample.ts'

type Memory = WebAssembly.Memory & { grow: (pages: number) => number }

interface Exported {
  memory: Memory
  pointers: BatchPointers
  columns: ColumnLocation[]
}

/** A batch laid into a new shared memory as a kernel would leave it: columns, and 0 and 1 beside the nullable ones. */
function exportBatch(
  batch: RecordBatch,
  table: TableDeclaration = sampleTable,
  maxRows = batch.numRows,
): Exported {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 200, shared: true }) as Memory
  memory.grow(
    Math.ceil((tableExportBytes(table, maxRows) + batch.numRows * 16 * table.columns.length) / 65_536),
  )
  let next = 8 + tableExportBytes(table, maxRows)
  const take = (bytes: number): number => {
    const offset = next
    next += (bytes + 7) & ~7
    return offset
  }
  const columns = table.columns.map((column, index): ColumnLocation => {
    const data: Data = batch.data.children[index]!
    const offset = take(valueBytes[column.type] * batch.numRows)
    new data.values.constructor(memory.buffer, offset, batch.numRows).set(data.values)
    if (column.nullable !== true) return { offset }
    const type = (['f64', 'i32', 'u8'] as const)[index % 3]!
    const companion = take(8 * batch.numRows)
    const marks = new (valueArray(type))(memory.buffer, companion, batch.numRows)
    for (let row = 0; row < batch.numRows; row++) marks[row] = data.getValid(row) ? 1 : 0
    return { offset, validity: { offset: companion, type } }
  })
  const pointers = new TableExport(memory, 8, table, maxRows).write(batch.numRows, columns)
  return { memory, pointers, columns }
}

describe('a batch in shared WebAssembly memory', () => {
  test('is viewed as plain columns that are those of its record batch', () => {
    for (const rows of [0, 1, 63, 64, 500]) {
      const { memory, pointers } = exportBatch(sampleBatch(0, rows))
      const { columns, rowCount } = viewBatch(memory, pointers, sampleTable)
      const imported = importBatch(memory, pointers, sampleLayout)
      expect(rowCount).toBe(rows)
      for (const [index, { values, bitmap, nullCount }] of columns.entries()) {
        const data = imported.data.children[index]!
        expect(values.buffer).toBe(memory.buffer)
        expect(values).toEqual(data.values)
        expect(nullCount).toBe(data.nullCount)
        for (let row = 0; row < rows; row++)
          expect(bitmap === undefined || bitAt(bitmap, row)).toBe(data.getValid(row))
      }
    }
  })

  test('recorded by a kernel in a worker is read where the worker left it', async () => {
    const [module, here] = ['./export-worker.ts', import.meta.url].map((text) => JSON.stringify(text))
    const load = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${module}, ${here}))`
    const worker = new Worker(load, { eval: true })
    try {
      worker.postMessage({ rowCount: 900, scale: 0.5 })
      const [{ memory, pointers, columns }] = (await once(worker, 'message')) as [Exported]
      const batch = importBatch(memory, pointers, tableLayout(exportedTable))
      expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer)
      batch.data.children.forEach(({ values }, index) => {
        expect(values.buffer).toBe(memory.buffer)
        expect(values.byteOffset).toBe(columns[index]!.offset)
        expect(values.length).toBe(900)
      })
      expect(batch.data.children[0]!.nullBitmap.buffer).toBe(memory.buffer)
      const rows = [0, 1, 2, 899].map((row) => [batch.getChildAt(0)!.get(row), batch.getChildAt(1)!.get(row)])
      expect(rows).toEqual([
        [0, 'atlas'],
        [null, 'bréve'],
        [1, ''],
        [449.5, ''],
      ])
      // The next batch of the worker appears in the same place: what was read first was a view, not a copy.
      worker.postMessage({ rowCount: 900, scale: 2 })
      await once(worker, 'message')
      expect(batch.getChildAt(0)!.get(2)).toBe(4)
    } finally {
      await worker.terminate()
    }
  })

  test('gives the same file as a batch that never was there', async () => {
    const batch = sampleBatch(0, 70_000)
    const { memory, pointers } = exportBatch(batch)
    const imported = importBatch(memory, pointers, sampleLayout)
    expect(sha256(await canonicalBytes([imported]))).toBe(sha256(await canonicalBytes([batch])))
  })

  test.prop([fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 130 }), fc.nat(50)])(
    'has the same values and nulls when it is read, whatever its length',
    (start, count, spare) => {
      const batch = sampleBatch(start, count)
      const { memory, pointers, columns } = exportBatch(batch, sampleTable, count + spare)
      const imported = importBatch(memory, pointers, sampleLayout)
      expect(imported.numRows).toBe(count)
      batch.data.children.forEach((data, index) => {
        const read = imported.data.children[index]!
        expect(read.values.buffer).toBe(memory.buffer)
        expect(read.values.byteOffset).toBe(columns[index]!.offset)
        expect(read.nullCount).toBe(data.nullCount)
        expect([...imported.getChildAt(index)!]).toEqual([...batch.getChildAt(index)!])
      })
    },
  )

  test('is still read after its memory grew', () => {
    const { memory, pointers } = exportBatch(sampleBatch(0, 100))
    const before = importBatch(memory, pointers, sampleLayout)
    memory.grow(1)
    expect(before.getChildAt(1)!.get(1)).toBe(-999 / 7)
    expect(importBatch(memory, pointers, sampleLayout).getChildAt(1)!.get(1)).toBe(-999 / 7)
  })

  test('describes itself by the C Data Interface: schema, metadata and dictionary', () => {
    const { memory, pointers } = exportBatch(sampleBatch(0, 10))
    const { arrayPointer, schemaPointer } = pointers
    const buffer = memory.buffer as unknown as ArrayBuffer
    const parsed = parseRecordBatch(buffer, arrayPointer, schemaPointer, false) as RecordBatch
    const { fields, metadata } = sampleLayout.schema
    expect(parsed.schema.metadata).toEqual(metadata)
    expect(parsed.schema.fields.map((field) => [field.name, field.nullable, field.metadata])).toEqual(
      fields.map((field) => [field.name, field.nullable, field.metadata]),
    )
    expect(parsed.data.children[4]!.dictionary!.toArray()).toEqual(sampleTable.columns[4]!.dictionary)
  })

  test('is refused when it is of another table, or its dictionary or nullability differs', () => {
    const { memory, pointers } = exportBatch(sampleBatch(0, 10))
    const changed = (
      change: Partial<TableDeclaration['columns'][number]>,
      index: number,
    ): TableDeclaration => ({
      ...sampleTable,
      columns: sampleTable.columns.map((column, at) => (at === index ? { ...column, ...change } : column)),
    })
    const read = (table: TableDeclaration) => () => importBatch(memory, pointers, tableLayout(table))
    expect(read(changed({ name: 'months' }, 0))).toThrow(/of its table/)
    expect(read(changed({ nullable: true }, 1))).toThrow(/as declared.*cash/)
    expect(read(changed({ dictionary: ['atlas'] }, 4))).toThrow(/as declared.*startup/)
    expect(read(changed({ type: 'f64' }, 0))).toThrow(/values of its type.*month/)
  })
})

describe('an export', () => {
  const place = { offset: 4096 }

  test('stays inside of the bytes it announces', () => {
    const size = tableExportBytes(sampleTable, 77)
    const memory = { buffer: new SharedArrayBuffer(16_384) }
    const bytes = new Uint8Array(memory.buffer).fill(0xaa)
    const columns = sampleTable.columns.map((column) =>
      column.nullable === true ? { ...place, validity: { offset: 8192, type: 'i32' as const } } : place,
    )
    new Int32Array(memory.buffer, 8192, 77).fill(1)
    const marked = bytes.slice()
    new TableExport(memory, 16, sampleTable, 77).write(77, columns)
    expect(size).toBeLessThan(4096 - 16)
    expect(bytes.subarray(0, 16)).toEqual(marked.subarray(0, 16))
    expect(bytes.subarray(16 + size)).toEqual(marked.subarray(16 + size))
  })

  test('refuses too many rows, columns outside of memory or misaligned, and nulls that are not declared', () => {
    const memory = { buffer: new SharedArrayBuffer(8192) }
    const table = { ...exportedTable, columns: exportedTable.columns.slice(1) }
    const made = new TableExport(memory, 8, table, 100)
    expect(() => made.write(101, [place])).toThrow(/fits its export/)
    expect(() => made.write(100, [{ offset: 7800 }])).toThrow(/lies in memory/)
    expect(() => made.write(100, [{ offset: 4098 }])).toThrow(/lies in memory/)
    expect(() => made.write(100, [{ ...place, validity: { offset: 0, type: 'f64' } }])).toThrow(
      /only nullable/,
    )
    expect(() => new TableExport(memory, 8, table, 1e6)).not.toThrow()
    expect(() => new TableExport(memory, 8, exportedTable, 1e6)).toThrow(/fits into its memory/)
    expect(() => new TableExport(memory, 0, table, 1)).toThrow(/not at address 0/)
  })
})

describe('a validity bitmap', () => {
  test.prop([
    fc.array(fc.boolean(), { maxLength: 300 }),
    fc.constantFrom('f64' as const, 'i32' as const, 'u8' as const),
  ])('has the bits of its companion column and zeros behind them', (marks, type) => {
    const buffer = new SharedArrayBuffer(8192)
    const bytes = new Uint8Array(buffer).fill(0xff)
    const companion = new (valueArray(type))(buffer, 512, 300)
    companion.set(marks.map(Number))
    const nullCount = packValidity(buffer, { offset: 512, type }, marks.length, 64)
    const length = bitmapBytes(marks.length + 1)
    const bitmap = bytes.slice(64, 64 + length)
    expect(nullCount).toBe(marks.filter((mark) => !mark).length)
    for (let bit = 0; bit < length * 8; bit++) expect(bitAt(bitmap, bit)).toBe(marks[bit] ?? false)
    expect([bytes[63], bytes[64 + length]]).toEqual([0xff, 0xff])
  })

  test.each([2, -1, 0.5, Number.NaN])('is refused for a companion that holds %d', (mark) => {
    const buffer = new SharedArrayBuffer(512)
    new Float64Array(buffer, 128, 20).fill(1)[13] = mark
    expect(() => packValidity(buffer, { offset: 128, type: 'f64' }, 20, 64)).toThrow(/holds 0 and 1/)
  })
})

describe('a batch of columns in memory', () => {
  test('is refused when a column is missing, too short or of another type', () => {
    const table = { ...exportedTable, columns: exportedTable.columns.slice(0, 1) }
    const layout = tableLayout(table)
    expect(() => recordBatch(layout, 1, [])).toThrow(/has the columns/)
    expect(() => recordBatch(layout, 3, [{ values: new Float64Array(2) }])).toThrow(/all rows/)
    expect(() => recordBatch(layout, 1, [{ values: new Int32Array(2) }])).toThrow(/of its type/)
  })

  test('is refused for tables with two columns of a name or text without a dictionary', () => {
    const [revenue, startup] = exportedTable.columns as [
      TableDeclaration['columns'][number],
      TableDeclaration['columns'][number],
    ]
    const withColumns =
      (...columns: TableDeclaration['columns']) =>
      () =>
        tableLayout({ ...exportedTable, columns })
    expect(withColumns(revenue, revenue)).toThrow(/names differ/)
    expect(withColumns({ ...revenue, type: 'text' })).toThrow(/have dictionaries/)
    expect(withColumns({ ...startup, type: 'i32' })).toThrow(/have dictionaries/)
    expect(withColumns({ ...startup, dictionary: ['a', 'a'] })).toThrow(/entries differ/)
  })
})
