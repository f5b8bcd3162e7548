/**
 * The file of a unit: the rows of its tables, each table of each variant as an Arrow IPC file, one after the other behind
 * a head that says where they lie and what their digests are. A file that was cut off, or whose bytes changed, is told
 * from a whole one whatever happened to it, so that nothing needs to be synced to disk while a study runs.
 *
 *   bytes 0-7    `RIVUNIT1`
 *   bytes 8-11   length of the head, little-endian
 *   then         SHA-256 of the head, 32 bytes; the head, JSON; the sections
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { RecordBatch } from 'apache-arrow'
import { IpcEncoder } from '../../tables/encoder.ts'
import { arrowSource } from '../../tables/read.ts'
import { sha256 } from '../../tables/digest.ts'
import type { TableLayout } from '../../tables/table-layout.ts'
import { GrowingBytes, type Scratch } from './scratch.ts'

const MAGIC = 'RIVUNIT1'
const HEAD_AT = 8 + 4 + 32
/** No head is longer than this: 16 MiB, far more than a study of a thousand variants needs. */
const LONGEST_HEAD = 2 ** 24

/** A table of one variant in a unit's file. */
interface Section {
  readonly variant: number
  readonly table: string
  readonly bytes: number
  readonly sha256: string
}

interface Head {
  readonly unit: string
  readonly sections: readonly Section[]
}

/** Collects the rows of a unit, table by table of each variant, and gives the bytes of its file. */
export class UnitWriter {
  readonly #unit: string
  readonly #memory: GrowingBytes[]
  readonly #sections: { variant: number; table: string; body: GrowingBytes; encoder: IpcEncoder }[] = []

  /** @param memory used for the sections: that of the unit before, whose bytes are written */
  constructor(unit: string, memory: GrowingBytes[] = []) {
    this.#unit = unit
    this.#memory = memory
  }

  /** Adds rows behind those of the same table and variant; their memory may be used again afterwards. */
  append(variant: number, layout: TableLayout, batch: RecordBatch): void {
    const table = layout.declaration.name
    let section = this.#sections.find((one) => one.variant === variant && one.table === table)
    if (section === undefined) {
      const body = (this.#memory[this.#sections.length] ??= new GrowingBytes())
      body.clear()
      section = { variant, table, body, encoder: new IpcEncoder(layout.schema) }
      this.#sections.push(section)
    }
    if (batch.numRows === 0) return
    section.encoder.write(batch)
    // The pieces are views of what was written.
    for (const piece of section.encoder.takePieces()) section.body.append(piece)
  }

  /** The bytes of the file, in pieces that are valid until the memory is used again. */
  finish(): Uint8Array[] {
    const sections = this.#sections.map(({ variant, table, body, encoder }): Section => {
      encoder.close()
      for (const piece of encoder.takePieces()) body.append(piece)
      return { variant, table, bytes: body.bytes.byteLength, sha256: sha256(body.bytes) }
    })
    const head = Buffer.from(JSON.stringify({ unit: this.#unit, sections } satisfies Head))
    const start = Buffer.alloc(HEAD_AT)
    start.write(MAGIC, 'latin1')
    start.writeUInt32LE(head.length, 8)
    createHash('sha256').update(head).digest().copy(start, 12)
    return [start, head, ...this.#sections.map(({ body }) => body.bytes)]
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
  rows(variant: number, table: string): RecordBatch[] | undefined {
    const section = this.#sections.find((one) => one.variant === variant && one.table === table)
    // What had no rows was not written.
    if (section === undefined) return []
    const { scratch, isTrusted = false } = this.#options
    const bytes = readAt(this.#descriptor, section, scratch)
    if (bytes === undefined || (!isTrusted && sha256(bytes) !== section.sha256)) return undefined
    return [...(arrowSource(bytes).batches as Iterable<RecordBatch>)]
  }

  close(): void {
    closeSync(this.#descriptor)
  }
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
  const content = scratch?.take(bytes) ?? Buffer.allocUnsafe(bytes)
  for (let done = 0; done < bytes;) {
    const count = readSync(descriptor, content, done, bytes - done, at + done)
    if (count === 0) return undefined
    done += count
  }
  return content
}
