/**
 * The files a run leaves: written beside their place, hashed as they are written, moved into place when whole, and
 * removed when something fails, so that a name without `.part` always is a finished file.
 */

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { RecordBatchReader } from 'apache-arrow'
import { RivalryError, assert } from '../errors.ts'
import { ByteDigest } from '../tables/digest.ts'
import { isMagic, notArrow } from '../tables/read.ts'
import type { ArrowSource } from '../tables/read.ts'
import { fileError, reason } from './file-error.ts'
import { forget, remember } from './unfinished.ts'

/** A file that is in its place, as a manifest lists it. */
export interface WrittenFile {
  /** Name without folders. */
  name: string
  path: string
  byteCount: number
  /** Lower-case hexadecimal digits. */
  sha256: string
}

/** How a file is written. */
export interface OutputFileOptions {
  /**
   * Told apart from other writers of the same file: the file is written to `name.<writer>.part`. Needed where two
   * processes may do the same work at once; without it the part is `name.part`.
   */
  writer?: string
}

/**
 * A file while it is written. `write` is a sink for `CanonicalWriter` and the converters; it writes at once, so
 * its argument may be reused when it returns, and may be a view of shared memory.
 *
 * A failing write removes the part and throws. `seal` ends the writing, and `place` moves the sealed file to its
 * name; `close` does both.
 */
export class OutputFile {
  readonly path: string
  /** Where the bytes are until the file is in its place. */
  readonly partPath: string
  readonly #digest = new ByteDigest()
  #descriptor: number | undefined
  #isSealed = false

  /** @throws RivalryError `output-not-writable` or `disk-full`. */
  constructor(path: string, { writer }: OutputFileOptions = {}) {
    this.path = path
    this.partPath = writer === undefined ? `${path}.part` : `${path}.${writer}.part`
    this.#descriptor = this.#attempt(() => openSync(this.partPath, 'w'))
    remember(this)
  }

  /** Appends `bytes`. */
  readonly write = (bytes: Uint8Array): void => {
    const descriptor = this.#descriptor
    assert(descriptor !== undefined, 'an output file is written while it is open', { path: this.path })
    this.#attempt(() => {
      for (let start = 0; start < bytes.byteLength;) start += writeSync(descriptor, bytes, start)
    })
    this.#digest.update(bytes)
  }

  /** Makes the bytes durable, beside the file's place, and says what the file will be. */
  seal(): WrittenFile {
    const descriptor = this.#descriptor
    assert(descriptor !== undefined, 'an output file is closed once', { path: this.path })
    this.#attempt(() => {
      fsyncSync(descriptor)
      this.#descriptor = undefined
      closeSync(descriptor)
    })
    this.#isSealed = true
    const { byteCount } = this.#digest
    return { name: basename(this.path), path: this.path, byteCount, sha256: this.#digest.hex() }
  }

  /** Moves a sealed file into place, over an older one if there is one. */
  place(): void {
    assert(this.#isSealed, 'a file is moved into place once, when it is sealed', { path: this.path })
    this.#attempt(() => renameSync(this.partPath, this.path))
    this.#isSealed = false
    forget(this)
  }

  /** Makes the file durable and moves it into place, over an older one if there is one. */
  close(): WrittenFile {
    const written = this.seal()
    this.place()
    syncFolder(dirname(this.path))
    return written
  }

  /** Removes what was written. Does nothing when the file is in place or already removed. */
  abort(): void {
    if (!forget(this)) return
    if (this.#descriptor !== undefined) closeQuietly(this.#descriptor)
    this.#descriptor = undefined
    this.#isSealed = false
    removeQuietly(this.partPath)
  }

  #attempt<Result>(action: () => Result): Result {
    try {
      return action()
    } catch (cause) {
      this.abort()
      throw fileError(cause, this.path)
    }
  }
}

/**
 * Writes a file at once, under the same guarantees as an `OutputFile`.
 *
 * @throws RivalryError `output-not-writable` or `disk-full`.
 */
export function writeWholeFile(
  path: string,
  content: Uint8Array | string,
  options?: OutputFileOptions,
): WrittenFile {
  const file = new OutputFile(path, options)
  file.write(typeof content === 'string' ? new TextEncoder().encode(content) : content)
  return file.close()
}

/**
 * Opens an Arrow IPC file whose batches are read from disk one at a time. They can be read once; `close` lets go
 * of the file at any time. A file without batches gives one without rows.
 *
 * @throws RivalryError `input-not-readable` or `not-arrow`.
 */
export async function openArrowFile(path: string): Promise<ArrowSource & { close: () => Promise<void> }> {
  const handle = await open(path).catch((cause: unknown) => {
    throw new RivalryError(`cannot read ${path}: ${reason(cause)}`, {
      code: 'input-not-readable',
      path,
      cause,
    })
  })
  try {
    // A file that was cut off lacks the magic at its end; apache-arrow would take anything there for a footer.
    const end = Buffer.alloc(6)
    await handle.read(end, 0, 6, Math.max((await handle.stat()).size - 6, 0))
    assert(isMagic(end), 'an Arrow file ends as it begins')
    const reader = await RecordBatchReader.from(handle)
    await reader.open()
    assert(reader.isFile(), 'an Arrow file begins with its magic')
    return { schema: reader.schema, batches: reader, close: () => handle.close() }
  } catch (cause) {
    await handle.close()
    throw notArrow(path, cause)
  }
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor)
  } catch {
    // The part is removed next; what matters is the error that led here.
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Nothing may be removed there any more; the next run in this folder does it.
  }
}

/** Makes renames in a folder durable, where the file system lets folders be synced. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // The file is whole and in place; only a power failure in the next seconds could take it back.
  }
}
