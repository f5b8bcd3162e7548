import { setTimeout as sleep } from 'node:timers/promises'
import { fc, test } from '@fast-check/vitest'
import { Dictionary, Int32, RecordBatchReader, Utf8, tableFromIPC } from 'apache-arrow'
import type { RecordBatch } from 'apache-arrow'
import { beforeAll, describe, expect } from 'vitest'
import { recordBatch } from '../../engine/tables/batch.ts'
import { BATCH_ROWS, CanonicalWriter } from '../../engine/tables/canonical.ts'
import { tableLayout } from '../../engine/tables/table-layout.ts'
import type { TableDeclaration } from '../../engine/tables/declaration.ts'
import { concatenate } from '../../engine/tables/pieces.ts'
import { sha256 } from '../../engine/tables/digest.ts'
import { readIpcFile } from './ipc-reader.ts'
import { canonicalBytes, sampleBatch, sampleRow, sampleTable } from './sample.ts'

const ROWS = BATCH_ROWS + 1003
let all: RecordBatch
let whole: Uint8Array

beforeAll(async () => {
  all = sampleBatch(0, ROWS)
  whole = await canonicalBytes([all])
})

/** The sample's rows in pieces of the given sizes, over and over, without copying. */
function* piecesOf(sizes: readonly number[]): Generator<RecordBatch> {
  for (let start = 0, index = 0; start < ROWS; index++) {
    const size = Math.min(sizes[index % sizes.length]!, ROWS - start)
    yield all.slice(start, start + size)
    start += size
  }
}

/** Sizes of which one at least is large, so that a property takes seconds. */
const sizes = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 6 }),
    fc.integer({ min: 3000, max: 70_000 }),
  )
  .map(([some, large]) => [...some, large])

describe('a canonical file', () => {
  test.prop([sizes], { numRuns: 25 })('has the same bytes however its rows arrive', async (chosen) => {
    expect(sha256(await canonicalBytes(piecesOf(chosen)))).toBe(sha256(whole))
  })

  test.prop([fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 70 })], { numRuns: 40 })(
    'has the same bytes for separate batches as for slices of one',
    async (start, count) => {
      const separate = await canonicalBytes([sampleBatch(start, count), sampleBatch(start + count, 5)])
      expect(sha256(separate)).toBe(sha256(await canonicalBytes([all.slice(start, start + count + 5)])))
    },
  )

  test('has the same bytes again after other dictionaries were made in the process', async () => {
    for (let count = 0; count < 10; count++) void new Dictionary(new Utf8(), new Int32())
    expect(sha256(await canonicalBytes([all]))).toBe(sha256(whole))
  })

  test('has the same bytes with a slow asynchronous sink', async () => {
    const pieces: Uint8Array[] = []
    const writer = new CanonicalWriter(sampleTable, async (bytes) => {
      await sleep(1)
      pieces.push(bytes.slice())
    })
    for (const piece of piecesOf([40_000])) await writer.append(piece)
    await writer.close()
    expect(sha256(concatenate(pieces))).toBe(sha256(whole))
  })

  test('is the same for chosen rows of shuffled blocks as for the rows in order', async () => {
    // A block of 4 lanes holds its rows by month, then lane; the file wants lane, then month. Lane 3 is padding.
    const [lanes, months] = [4, 50]
    const kept = 3 * months
    const rowInFile = (row: number): number => (row % lanes) * months + Math.floor(row / lanes)
    const order = Int32Array.from(
      { length: kept },
      (_, row) => (row % months) * lanes + Math.floor(row / months),
    )
    const blockRows = Array.from({ length: lanes * months }, (_, row) => sampleBatch(rowInFile(row), 1))
    const block = tableFromIPC(await canonicalBytes(blockRows)).batches[0]!
    const pieces: Uint8Array[] = []
    const writer = new CanonicalWriter(sampleTable, (bytes) => void pieces.push(bytes.slice()))
    await writer.append(block, order)
    await writer.close()
    expect(sha256(concatenate(pieces))).toBe(sha256(await canonicalBytes([sampleBatch(0, kept)])))
  })

  test('reads back row by row in a reader of its own, with zero null slots, tails and padding', () => {
    const file = readIpcFile(whole)
    expect(file.batches.map((batch) => batch.rowCount)).toEqual([BATCH_ROWS, ROWS - BATCH_ROWS])
    let row = 0
    for (const { rowCount, columns } of file.batches) {
      for (let index = 0; index < rowCount; index++, row++) {
        const read = columns.map((column, number) => {
          if (!column.valid[index]) return null
          const id = file.fields[number]!.dictionaryId
          return id === undefined ? column.values[index] : file.dictionaries.get(id)![column.values[index]!]
        })
        if (row % 331 === 0 || row > ROWS - 70) expect(read).toEqual(sampleRow(row))
      }
    }
    expect(row).toBe(ROWS)
  })

  test('says in its metadata what it means, and nothing about when, where and how it was made', () => {
    const file = readIpcFile(whole)
    expect(file.metadata).toEqual([
      ['table', 'months'],
      ['meaning', 'one month of one startup'],
    ])
    expect(file.fields.slice(2, 6)).toEqual([
      {
        name: 'growth',
        nullable: true,
        type: 'float64',
        metadata: [
          ['unit', '1/month'],
          ['meaning', 'growth where there was revenue'],
        ],
      },
      {
        name: 'live',
        nullable: false,
        type: 'uint8',
        metadata: [
          ['unit', '1'],
          ['meaning', '1 while the startup operates'],
        ],
      },
      expect.objectContaining({ name: 'startup', type: 'utf8 by int32', dictionaryId: 0 }),
      expect.objectContaining({ name: 'cause', type: 'utf8 by int32', dictionaryId: 1 }),
    ])
    expect([...file.dictionaries]).toEqual([
      [0, sampleTable.columns[4]!.dictionary],
      [1, ['insolvency', 'acquisition']],
    ])
  })

  test('has the committed digest, whatever made it: a machine, a version of Node or of apache-arrow', () => {
    expect([whole.length, sha256(whole)]).toEqual([
      2_225_194,
      '8c16ded5bc9cc2d78a54b647950da2ab6699b96470612f4f636c10c6bed32531',
    ])
  })

  test('is also a stream after its first eight bytes', () => {
    const rows = [...RecordBatchReader.from(whole.subarray(8))].map((batch) => batch.numRows)
    expect(rows).toEqual([BATCH_ROWS, ROWS - BATCH_ROWS])
  })

  test('of no rows has its schema and no batch', async () => {
    const empty = await canonicalBytes([])
    expect(empty).toEqual(await canonicalBytes([all.slice(5, 5)]))
    const file = readIpcFile(empty)
    expect(file.batches).toEqual([])
    expect(file.fields.map((field) => field.name)).toEqual(sampleTable.columns.map((column) => column.name))
  })

  test('can have a column of text that never has a value, with an empty dictionary', async () => {
    const table: TableDeclaration = {
      name: 'events',
      meaning: 'one event',
      columns: [
        { name: 'shock', type: 'text', unit: '', meaning: 'its name', nullable: true, dictionary: [] },
      ],
    }
    const values = Int32Array.of(5, 6, 7)
    const batch = recordBatch(tableLayout(table), 3, [{ values, bitmap: new Uint8Array(8) }])
    const file = readIpcFile(await canonicalBytes([batch], table))
    expect(file.batches[0]!.columns[0]).toEqual({
      nullCount: 3,
      valid: [false, false, false],
      values: [0, 0, 0],
    })
  })
})

describe('the canonical writer', () => {
  const numbers: TableDeclaration = {
    name: 'numbers',
    meaning: 'one number',
    columns: [
      { name: 'value', type: 'f64', unit: '1', meaning: 'a number' },
      { name: 'kind', type: 'text', unit: '', meaning: 'its kind', dictionary: ['a', 'b'] },
    ],
  }
  const batchOf = (values: number[], kinds: number[], table = numbers): RecordBatch =>
    recordBatch(tableLayout(table), values.length, [
      { values: Float64Array.from(values) },
      { values: Int32Array.from(kinds) },
    ])

  test('hands out the first batch when it is full, not when the file ends', async () => {
    let byteCount = 0
    const writer = new CanonicalWriter(sampleTable, (bytes) => void (byteCount += bytes.length))
    await writer.append(all.slice(0, BATCH_ROWS - 1))
    const before = byteCount
    // With a sink that returns nothing, the rows are taken before the promise is looked at.
    void writer.append(all.slice(BATCH_ROWS - 1, BATCH_ROWS))
    expect(before).toBe(0)
    expect(byteCount).toBeGreaterThan(BATCH_ROWS * 28)
    expect(writer.rowCount).toBe(BATCH_ROWS)
  })

  test('reuses its memory: the same buffers hold every batch', async () => {
    const buffers = new Set<ArrayBufferLike>()
    const writer = new CanonicalWriter(sampleTable, (bytes) => {
      if (bytes.length >= BATCH_ROWS) buffers.add(bytes.buffer)
    })
    for (let count = 0; count < 5; count++) await writer.append(all.slice(0, BATCH_ROWS))
    await writer.close()
    expect(buffers.size).toBe(sampleTable.columns.length)
  })

  test('refuses a NaN and names its column and row', async () => {
    const batch = batchOf([1, Infinity, Number.NaN, -Infinity], [0, 0, 0, 0])
    await expect(canonicalBytes([batch], numbers)).rejects.toThrow(/no NaN.*"column":"value","row":2/)
  })

  test('takes infinities of both signs and keeps the sign of zero', async () => {
    const values = [Infinity, -Infinity, -0, Number.MIN_VALUE, Number.MAX_VALUE, Number.MAX_VALUE]
    const file = readIpcFile(await canonicalBytes([batchOf(values, [0, 1, 0, 1, 0, 1])], numbers))
    expect(file.batches[0]!.columns[0]!.values).toEqual(values)
  })

  test.each([-1, 2])('refuses the index %i in a dictionary of two', async (index) => {
    await expect(canonicalBytes([batchOf([1], [index])], numbers)).rejects.toThrow(/in its dictionary/)
  })

  test('refuses a batch with another dictionary, other columns or nulls that are not declared', async () => {
    const [value, kind] = numbers.columns as [(typeof numbers.columns)[0], (typeof numbers.columns)[0]]
    const other = { ...numbers, columns: [value, { ...kind, dictionary: ['b', 'a'] }] }
    await expect(canonicalBytes([batchOf([1], [0], other)], numbers)).rejects.toThrow(/one dictionary/)
    const renamed = { ...numbers, columns: [{ ...value, name: 'v' }, kind] }
    await expect(canonicalBytes([batchOf([1], [0], renamed)], numbers)).rejects.toThrow(/of its table/)
    const nullable = { ...numbers, columns: [{ ...value, nullable: true }, kind] }
    const withNull = recordBatch(tableLayout(nullable), 1, [
      { values: Float64Array.of(1), bitmap: new Uint8Array(8) },
      { values: Int32Array.of(0) },
    ])
    await expect(canonicalBytes([withNull], numbers)).rejects.toThrow(/only nullable columns/)
  })

  test('refuses appends that overlap, chosen rows that are not there and use after its end', async () => {
    const slow = new CanonicalWriter(sampleTable, () => sleep(20))
    const first = slow.append(all)
    await expect(slow.append(all)).rejects.toThrow(/do not overlap/)
    await first
    const writer = new CanonicalWriter(sampleTable, () => undefined)
    await writer.close()
    await expect(writer.close()).rejects.toThrow(/closed once/)
    const choosing = new CanonicalWriter(sampleTable, () => undefined)
    await expect(choosing.append(all.slice(0, 3), Int32Array.of(0, 3))).rejects.toThrow(/in its batch/)
  })

  test('passes on the error of a sink', async () => {
    const writer = new CanonicalWriter(sampleTable, () => Promise.reject(new Error('the disk is full')))
    await expect(writer.append(all)).rejects.toThrow('the disk is full')
  })
})
