import { fc, test } from '@fast-check/vitest'
import { RecordBatchReader, vectorFromArray, Table, tableToIPC } from 'apache-arrow'
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet'
import { Table as RustTable } from 'parquet-wasm'
import { beforeAll, describe, expect } from 'vitest'
import { recordBatch } from '../../engine/tables/batch.ts'
import { csvLine, writeCsv, writeParquet } from '../../engine/tables/convert.ts'
import { tableLayout } from '../../engine/tables/table-layout.ts'
import type { TableDeclaration } from '../../engine/tables/declaration.ts'
import { concatenate } from '../../engine/tables/pieces.ts'
import { arrowSource, cellAt, cells, columnNamed, readArrow } from '../../engine/tables/read.ts'
import type { ArrowSource } from '../../engine/tables/read.ts'
import { canonicalBytes, sampleBatch, sampleRow, sampleTable } from './sample.ts'

const ROWS = 66_000
let whole: Uint8Array

beforeAll(async () => {
  whole = await canonicalBytes([sampleBatch(0, ROWS)])
})

const names = sampleTable.columns.map((column) => column.name)

async function converted(convert: typeof writeCsv, source: ArrowSource): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  await convert(source, async (bytes) => {
    await Promise.resolve()
    pieces.push(bytes.slice())
  })
  return concatenate(pieces)
}

describe('a table that is read back', () => {
  test('has the declaration it was written with', () => {
    expect(readArrow(whole).declaration).toEqual(sampleTable)
  })

  test('has every value of every row, and null where there is none', () => {
    const table = readArrow(whole)
    expect(table.rowCount).toBe(ROWS)
    for (let row = 0; row < ROWS; row += row < 500 ? 1 : 97) {
      expect(table.columns.map((column) => cellAt(column, row))).toEqual(sampleRow(row))
    }
    const rounds = cells(columnNamed(table, 'round'))
    expect(rounds.slice(ROWS - 6)).toEqual([null, 65_995, null, null, null, null])
  })

  test('without rows has its columns, without their dictionaries', async () => {
    const table = readArrow(await canonicalBytes([]))
    expect(table.rowCount).toBe(0)
    expect(table.columns.map((column) => cells(column))).toEqual(names.map(() => []))
  })

  test('says which columns it has when it is asked for another', () => {
    const table = readArrow(whole)
    expect(() => columnNamed(table, 'profit')).toThrow(
      expect.objectContaining({
        code: 'unknown-column',
        message: 'the table months has no column "profit"',
        hint: `it has ${names.join(', ')}`,
      }),
    )
  })

  test.each([
    ['nothing', () => new Uint8Array(0)],
    ['text', () => new TextEncoder().encode('month,cash\r\n1,2\r\n')],
    ['half of a file', () => whole.subarray(0, whole.length >> 1)],
    ['a file without its last byte', () => whole.subarray(0, -1)],
    ['a stream', () => whole.subarray(8)],
    ['magics around nothing', () => new TextEncoder().encode('ARROW1__ARROW1')],
    ['a file with its footer overwritten', () => whole.slice().fill(7, whole.length - 400, whole.length - 6)],
  ])('is refused when it is %s', (_, bytes) => {
    expect(() => readArrow(bytes(), 'x.arrow')).toThrow(
      expect.objectContaining({ code: 'not-arrow', path: 'x.arrow' }),
    )
  })

  test('is refused when a column has a type that results do not have', () => {
    const bytes = tableToIPC(new Table({ count: vectorFromArray([1n, 2n]) }), 'file')
    expect(() => readArrow(bytes)).toThrow(expect.objectContaining({ code: 'column-type' }))
  })

  test('is the same in the Rust implementation of Arrow', () => {
    const rust = RustTable.fromIPCStream(whole.subarray(8))
    expect(rust.numBatches).toBe(2)
    const again = [...RecordBatchReader.from(rust.intoIPCStream())]
    const file = arrowSource(whole)
    expect(again.map((batch) => batch.numRows)).toEqual([65_536, ROWS - 65_536])
    for (const [index, batch] of [...(file.batches as Iterable<(typeof again)[number]>)].entries()) {
      for (const [number, name] of names.entries()) {
        const [ours, theirs] = [batch, again[index]!].map((each) =>
          Array.from(each.getChildAt(number)!.slice(0, 3000)),
        )
        expect(theirs, name).toEqual(ours)
      }
    }
  })
})

/** A CSV reader by the letter of RFC 4180: fields as text, and whether they were quoted. */
function parseCsv(text: string): { text: string; quoted: boolean }[][] {
  const lines: { text: string; quoted: boolean }[][] = []
  let line: { text: string; quoted: boolean }[] = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text)
    if (match === null) throw new Error('not by RFC 4180')
    const [, quoted, plain, end] = match
    line.push({ text: quoted?.replaceAll('""', '"') ?? plain!, quoted: quoted !== undefined })
    if (end === ',') continue
    lines.push(line)
    line = []
  }
  return lines
}

describe('CSV', () => {
  test('has a header, and every value of every row, and empty fields where there is none', async () => {
    const text = new TextDecoder().decode(await converted(writeCsv, arrowSource(whole)))
    const [header, ...lines] = parseCsv(text)
    expect(header!.map((field) => field.text)).toEqual(names)
    expect(lines.length).toBe(ROWS)
    for (let row = 0; row < ROWS; row += row < 500 ? 1 : 97) {
      const read = lines[row]!.map((field, index) => {
        if (field.text === '' && !field.quoted) return null
        return sampleTable.columns[index]!.type === 'text' ? field.text : Number(field.text)
      })
      expect(read).toEqual(sampleRow(row))
    }
  })

  test('of no rows is its header', async () => {
    const bytes = await converted(writeCsv, arrowSource(await canonicalBytes([])))
    expect(new TextDecoder().decode(bytes)).toBe(`${names.join(',')}\r\n`)
  })

  test.prop([fc.double({ noNaN: true })])('numbers read back as the same bits', (value) => {
    expect(Number(csvLine([value]))).toBe(value)
  })

  test.prop([fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', 'é') })])(
    'texts read back as they were',
    (text) => {
      expect(parseCsv(csvLine([text, 1]))).toEqual([
        [expect.objectContaining({ text }), { text: '1', quoted: false }],
      ])
    },
  )
})

describe('Parquet', () => {
  let parquet: ArrayBuffer

  beforeAll(async () => {
    parquet = asFile(await converted(writeParquet, arrowSource(whole)))
  })

  const asFile = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer

  test('has every value of every row in an independent reader, in row groups of 65,536', async () => {
    const metadata = parquetMetadata(parquet)
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([65_536, ROWS - 65_536])
    for (const [rowStart, rowEnd] of [
      [0, 500],
      [65_300, ROWS],
    ] as const) {
      const rows = await parquetReadObjects({ file: parquet, rowStart, rowEnd })
      rows.forEach((row, index) => {
        // Nulls may come back as undefined; both mean that the row has no value.
        expect(names.map((name) => row[name] ?? null)).toEqual(sampleRow(rowStart + index))
      })
      expect(rows.length).toBe(rowEnd - rowStart)
    }
  })

  test('says which columns may lack a value', () => {
    const { children } = parquetSchema(parquetMetadata(parquet))
    const optional = children.filter(({ element }) => element.repetition_type === 'OPTIONAL')
    expect(optional.map(({ element }) => element.name)).toEqual(['growth', 'cause', 'round'])
  })

  test('carries the meaning of the table and the units and meanings of its columns', () => {
    const { key_value_metadata: entries, created_by: createdBy } = parquetMetadata(parquet)
    const { value } = entries!.find(({ key }) => key === 'rivalry')!
    const described = sampleTable.columns.map(({ name, unit, meaning }) => ({ name, unit, meaning }))
    expect(JSON.parse(value!)).toEqual({ table: 'months', meaning: sampleTable.meaning, columns: described })
    expect(createdBy).toBe('rivalry')
    expect(entries!.map(({ key }) => key)).toContain('ARROW:schema')
  })

  test('has the same bytes every time', async () => {
    for (let count = 0; count < 3; count++) {
      const again = await converted(writeParquet, arrowSource(whole))
      expect(Buffer.compare(again, new Uint8Array(parquet))).toBe(0)
    }
  })

  test('of no rows has its columns', async () => {
    const bytes = asFile(await converted(writeParquet, arrowSource(await canonicalBytes([]))))
    const metadata = parquetMetadata(bytes)
    expect(Number(metadata.num_rows)).toBe(0)
    expect(parquetSchema(metadata).children.map(({ element }) => element.name)).toEqual(names)
  })

  test('keeps -0, infinities and the smallest and largest numbers', async () => {
    const table: TableDeclaration = {
      name: 'numbers',
      meaning: 'one number',
      columns: [{ name: 'value', type: 'f64', unit: '1', meaning: 'a number' }],
    }
    const values = Float64Array.of(-0, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE)
    const arrow = await canonicalBytes([recordBatch(tableLayout(table), 5, [{ values }])], table)
    const rows = await parquetReadObjects({ file: asFile(await converted(writeParquet, arrowSource(arrow))) })
    expect(rows.map((row) => row['value'])).toEqual([...values])
  })

  test('stops when its sink fails', async () => {
    const failing = (): Promise<void> => Promise.reject(new Error('the disk is full'))
    await expect(writeParquet(arrowSource(whole), failing)).rejects.toThrow('the disk is full')
  })
})
