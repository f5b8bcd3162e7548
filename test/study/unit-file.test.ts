/** A unit's file is told from everything else, whatever happened to it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Scratch } from '../../engine/study/units/scratch.ts'
import { UnitFile, UnitWriter } from '../../engine/study/units/unit-file.ts'
import { UnitStore } from '../../engine/study/units/unit-store.ts'
import { columnReader } from '../../engine/study/units/column-reader.ts'
import { columnsOf } from '../../engine/tables/batch.ts'
import type { TableDeclaration } from '../../engine/tables/declaration.ts'
import { sampleBatch, sampleRow, sampleTable } from '../tables/sample.ts'

const unit = 'ab'.repeat(32)
const other: TableDeclaration = { ...sampleTable, name: 'empty' }
const HEAD_AT = 44

const sampleRows = (start: number, count: number): Parameters<UnitWriter['append']>[2] => ({
  count,
  columns: columnsOf(sampleBatch(start, count)),
})

/** A file of two variants: rows in two batches, rows in one, and a table without rows. */
function bytesOf(id = unit, writer = new UnitWriter()): Buffer {
  writer.begin(id)
  writer.append(0, sampleTable, sampleRows(0, 20))
  writer.append(1, sampleTable, sampleRows(5, 3))
  writer.append(0, sampleTable, sampleRows(20, 7))
  writer.append(1, other, sampleRows(0, 0))
  return Buffer.concat(writer.finish())
}

const whole = bytesOf()
let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivalry-unit-'))
  path = join(folder, 'one.unit')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Whether somebody would take these bytes for the unit's. */
function isTaken(bytes: Uint8Array, id = unit): boolean {
  writeFileSync(path, bytes)
  const file = UnitFile.open(path, id)
  const isWhole = file?.isWhole() ?? false
  if (file !== undefined) {
    const rows = [0, 1].flatMap((variant) => [sampleTable, other].map((table) => file.rows(variant, table)))
    // Whoever reads the rows one by one finds out as well.
    expect(rows.every((batch) => batch !== undefined)).toBe(isWhole)
    file.close()
  }
  return isWhole
}

describe("a unit's file", () => {
  test('gives back the rows of every table and variant, in memory of its own and in memory used again', () => {
    writeFileSync(path, whole)
    for (const scratch of [undefined, new Scratch()]) {
      for (let time = 0; time < 3; time++) {
        scratch?.reset()
        const file = UnitFile.open(path, unit, { scratch })!
        const read = (variant: number): unknown[][] => {
          const batch = file.rows(variant, sampleTable)!
          return Array.from({ length: batch.rowCount }, (_, row) =>
            sampleTable.columns.map(({ name, dictionary }) => {
              const column = columnReader(batch, name)!
              if (!column.has(row)) return null
              return dictionary === undefined ? column.at(row) : dictionary[column.at(row)]
            }),
          )
        }
        expect(read(0)).toEqual(Array.from({ length: 27 }, (_, row) => sampleRow(row)))
        expect(read(1)).toEqual(Array.from({ length: 3 }, (_, row) => sampleRow(row + 5)))
        expect(file.rows(1, other)!.rowCount).toBe(0)
        expect(file.rows(2, sampleTable)!.rowCount).toBe(0)
        file.close()
      }
    }
  })

  test('is the same bytes with memory that was used before', () => {
    const writer = new UnitWriter()
    writer.begin('x')
    writer.append(0, sampleTable, sampleRows(0, 9000))
    writer.append(0, other, { count: 3, columns: sampleTable.columns.map((_, index) => index) })
    writer.finish()
    expect(bytesOf(unit, writer).equals(whole)).toBe(true)
  })

  test('gives back columns that have one value, or none', () => {
    const writer = new UnitWriter()
    writer.begin(unit)
    const columns = sampleTable.columns.map(({ nullable }, index) => (nullable === true ? undefined : index))
    writer.append(0, sampleTable, { count: 13, columns })
    writeFileSync(path, Buffer.concat(writer.finish()))
    const file = UnitFile.open(path, unit)!
    const batch = file.rows(0, sampleTable)!
    file.close()
    expect(batch.rowCount).toBe(13)
    sampleTable.columns.forEach(({ name, nullable }, index) => {
      const column = columnReader(batch, name)!
      for (let row = 0; row < 13; row++) {
        expect(column.has(row)).toBe(nullable !== true)
        if (nullable !== true) expect(column.at(row)).toBe(index)
      }
    })
  })

  test('is taken as it was written', () => {
    expect(isTaken(whole)).toBe(true)
  })

  test('is not taken when it was cut off, anywhere', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(isTaken(whole.subarray(0, length))).toBe(false)
      }),
      { examples: [[0], [7], [8], [11], [HEAD_AT - 1], [HEAD_AT], [whole.length - 1]] },
    )
  })

  test('is not taken when something was added', () => {
    expect(isTaken(Buffer.concat([whole, Buffer.alloc(1)]))).toBe(false)
    expect(isTaken(Buffer.concat([whole, whole]))).toBe(false)
  })

  test('is not taken when any bit is another', () => {
    const flipped = fc.tuple(fc.nat(whole.length - 1), fc.nat(7))
    fc.assert(
      fc.property(flipped, ([at, bit]) => {
        const bytes = Buffer.from(whole)
        bytes[at]! ^= 1 << bit
        expect(isTaken(bytes)).toBe(false)
      }),
      { examples: Array.from({ length: HEAD_AT }, (_, at) => [[at, at % 8]]), numRuns: 300 },
    )
  })

  test('is not taken when a stretch of it is zeros, as after a power failure', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 64, max: 4096 }), (at, length) => {
        const bytes = Buffer.from(whole).fill(0, at, Math.min(at + length, whole.length))
        fc.pre(!bytes.equals(whole))
        expect(isTaken(bytes)).toBe(false)
      }),
    )
  })

  test('is not taken for that of another unit', () => {
    expect(isTaken(whole, 'cd'.repeat(32))).toBe(false)
    expect(isTaken(bytesOf('cd'.repeat(32)))).toBe(false)
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['some text', Buffer.from('hello')],
    ['a head that claims 4 GiB', Buffer.concat([Buffer.from('RIVUNIT2'), Buffer.alloc(200, 0xff)])],
  ])('is not what holds %s', (_, bytes) => {
    expect(isTaken(bytes)).toBe(false)
  })

  test('is neither a folder nor absent', () => {
    mkdirSync(path)
    expect(UnitFile.open(path, unit)).toBeUndefined()
    expect(UnitFile.open(join(folder, 'none'), unit)).toBeUndefined()
  })
})

describe('a store', () => {
  test('leaves a file whole or not at all, and no parts beside it', () => {
    const store = new UnitStore(folder)
    expect(store.has(unit)).toBe(false)
    store.write(unit, [whole.subarray(0, 50), whole.subarray(50)])
    expect(store.has(unit)).toBe(true)
    expect(readdirSync(join(folder, 'units', unit.slice(0, 2)))).toEqual([`${unit}.unit`])
    store.discard(unit)
    expect(store.has(unit)).toBe(false)
  })

  test('takes whole files over from another one, in place of those that are cut off, and leaves others behind', () => {
    const [from, to] = ['from', 'to'].map((name) => new UnitStore(join(folder, name))) as [
      UnitStore,
      UnitStore,
    ]
    const ids = ['aa', 'bb', 'cc'].map((text) => text.repeat(32)) as [string, string, string]
    for (const id of ids.slice(0, 2)) from.write(id, [bytesOf(id)])
    from.write(ids[2], [bytesOf(ids[2]).subarray(0, 60)])
    to.write(ids[0], [bytesOf(ids[0]).subarray(0, -1)])
    to.copyFrom(from)
    expect(ids.map((id) => to.has(id))).toEqual([true, true, false])
    expect(readdirSync(join(folder, 'to', 'units')).toSorted()).toEqual(['aa', 'bb'])
  })

  test('remembers what failed until it is done', () => {
    const store = new UnitStore(folder)
    const failure = { unit, message: 'no', variant: 'base', point: 3, first: 7, count: 1, seed: '1' }
    store.fail(failure)
    expect(store.failures()).toEqual([failure])
    store.write(unit, [whole])
    expect(store.failures()).toEqual([])
  })
})
