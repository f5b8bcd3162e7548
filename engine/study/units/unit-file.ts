/**
 * The file of a unit: the rows of its tables, each table of each variant column by column, one after the other behind a
 * head that says how many they are, where they lie and what their digests are. A file that was cut off, or whose bytes changed, is told
 * from a whole one whatever happened to it, so that nothing needs to be synced to disk while a study runs.
 *
 *   bytes 0-7    `RIVUNIT2`
 *   bytes 8-11   length of the head, little-endian
 *   then         SHA-256 of the head, 32 bytes; the head, JSON; the sections
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { ColumnBatch } from '../../tables/batch.ts'
import type { TableDeclaration } from '../../tables/declaration.ts'
import { ByteDigest, sha256 } from '../../tables/digest.ts'
import { joinSmall } from '../../tables/pieces.ts'
import { GrowingRows, rowsIn, type ColumnSource } from './growing-rows.ts'
import type { Scratch } from './scratch.ts'

const MAGIC = 'RIVUNIT2'
const HEAD_AT = 8 + 4 + 32
/** No head is longer than this: 16 MiB, far more than a study of a thousand variants needs. */
const LONGEST_HEAD = 2 ** 24

/** A table of one variant in a unit's file. */
interface Section {
  readonly variant: number
  readonly table: string
  readonly rows: number
  /** By column, rows that have no value. */
  readonly missing: readonly number[]
  readonly bytes: number
  readonly sha256: string
}

interface Head {
  readonly unit: string
  readonly sections: readonly Section[]
}

/** Rows of a table of one variant, on their way. */
interface WrittenSection {
  readonly variant: number
  readonly rows: GrowingRows
}

/** Collects the rows of units, one unit after the other in the same memory, and gives the bytes of their files. */
export class UnitWriter {
  #unit = ''
  /** Of this unit, in the order in which they came. */
  #sections: WrittenSection[] = []
  /** Of all units. */
  readonly #known: WrittenSection[] = []

  /** Begins a unit; the bytes of the one before are not needed any more. */
  begin(unit: string): void {
    this.#unit = unit
    for (const { rows } of this.#sections) rows.clear()
    this.#sections = []
  }

  /** Adds rows behind those of the same table and variant; what they are given in may be used again afterwards. */
  append(
    variant: number,
    declaration: TableDeclaration,
    { count, columns }: { count: number; columns: readonly ColumnSource[] },
  ): void {
    const isOf = (one: WrittenSection): boolean =>
      one.variant === variant && one.rows.declaration === declaration
    let section = this.#sections.find(isOf)
    if (section === undefined) {
      section = this.#known.find(isOf)
      if (section === undefined) {
        section = { variant, rows: new GrowingRows(declaration) }
        this.#known.push(section)
      }
      this.#sections.push(section)
    }
    section.rows.append(count, columns)
  }

  /** The bytes of the unit's file, in pieces that are valid until the next one is begun. */
  finish(): Uint8Array[] {
    const bodies = this.#sections.map(({ rows }) => joinSmall(rows.bytes()))
    const sections = this.#sections.map(({ variant, rows }, index): Section => {
      const digest = new ByteDigest()
      for (const piece of bodies[index]!) digest.update(piece)
      const { declaration, rowCount, missing } = rows
      const { byteCount } = digest
      const table = declaration.name
      return { variant, table, rows: rowCount, missing, bytes: byteCount, sha256: digest.hex() }
    })
    const head = Buffer.from(JSON.stringify({ unit: this.#unit, sections } satisfies Head))
    const start = Buffer.alloc(HEAD_AT)
    start.write(MAGIC, 'latin1')
    start.writeUInt32LE(head.length, 8)
    createHash('sha256').update(head).digest().copy(start, 12)
    return [Buffer.concat([start, head]), ...bodies.flat()]
  }
}

/** How a file is read. */
export interface UnitFileOptions {
  /** Where rows are read to; memory of their own when left out. */
  readonly scratch?: Scratch | undefined
  /** Whether the bytes are known to be those that were written, because this process just wrote them. */
  readonly isTrusted?: boolean | undefined
}

/** A unit's file, open for reading. */
export class UnitFile {
  readonly #descriptor: number
  readonly #sections: readonly (Section & { readonly at: number })[]
  readonly #options: UnitFileOptions

  /** Opens the file of a unit; `undefined` where there is none, or none that is whole as far as its length and head say. */
  static open(path: string, unit: string, options: UnitFileOptions = {}): UnitFile | undefined {
    let descriptor: number
    try {
      descriptor = openSync(path, 'r')
    } catch {
      return undefined
    }
    try {
      const head = headOf(descriptor)
      if (head?.unit === unit) return new UnitFile(descriptor, head, options)
    } catch {
      // A folder of that name, or a disk that fails.
    }
    closeSync(descriptor)
    return undefined
  }

  private constructor(
    descriptor: number,
    { sections, size }: Head & { readonly size: number },
    options: UnitFileOptions,
  ) {
    this.#descriptor = descriptor
    this.#options = options
    let at = size
    this.#sections = sections.map((section) => {
      const here = { ...section, at }
      at += section.bytes
      return here
    })
  }

  /** Whether every section has the bytes that it was written with. */
  isWhole(): boolean {
    return this.#sections.every((section) => {
      const bytes = readAt(this.#descriptor, section, this.#options.scratch)
      return bytes !== undefined && sha256(bytes) === section.sha256
    })
  }

  /** The rows of a table of one variant; `undefined` where its bytes are not those that were written. */
  rows(variant: number, declaration: TableDeclaration): ColumnBatch | undefined {
    const section = this.#sections.find((one) => one.variant === variant && one.table === declaration.name)
    // What had no rows may not have been written.
    if (section === undefined) return batchOf(new Uint8Array(0), declaration, { rows: 0, missing: [] })
    const { scratch, isTrusted = false } = this.#options
    const bytes = readAt(this.#descriptor, section, scratch)
    if (bytes === undefined || (!isTrusted && sha256(bytes) !== section.sha256)) return undefined
    return batchOf(bytes, declaration, section)
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

function batchOf(
  bytes: Uint8Array,
  declaration: TableDeclaration,
  { rows: rowCount, missing }: Pick<Section, 'rows' | 'missing'>,
): ColumnBatch | undefined {
  const columns = rowsIn(bytes, { declaration, rowCount, missing })
  return columns && { declaration, rowCount, columns }
}

/** The head with its end; `undefined` where the file is not whole. */
function headOf(descriptor: number): (Head & { readonly size: number }) | undefined {
  const start = readAt(descriptor, { at: 0, bytes: HEAD_AT })
  if (start?.toString('latin1', 0, 8) !== MAGIC) return undefined
  const length = start.readUInt32LE(8)
  if (length > LONGEST_HEAD) return undefined
  const text = readAt(descriptor, { at: HEAD_AT, bytes: length })
  if (text === undefined || !createHash('sha256').update(text).digest().equals(start.subarray(12, HEAD_AT)))
    return undefined
  const head = JSON.parse(text.toString()) as Head
  const size = HEAD_AT + length
  const end = head.sections.reduce((sum, { bytes }) => sum + bytes, size)
  return fstatSync(descriptor).size === end ? { ...head, size } : undefined
}

/** Bytes of a file; `undefined` where it ends before. */
function readAt(
  descriptor: number,
  { at, bytes }: { at: number; bytes: number },
  scratch?: Scratch,
): Buffer | undefined {
  // Not of Node's pool, whose pieces begin anywhere: columns are aligned.
  const content = scratch?.take(bytes) ?? Buffer.allocUnsafeSlow(bytes)
  for (let done = 0; done < bytes;) {
    const count = readSync(descriptor, content, done, bytes - done, at + done)
    if (count === 0) return undefined
    done += count
  }
  return content
}
