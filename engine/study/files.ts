/**
 * The files a run leaves: written beside their place, hashed as they are written, moved into place when whole, and
 * removed when something fails, so that a name without `.part` always is a finished file.
 */

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RecordBatchReader } from 'apache-arrow'
import { RivalryError, assert } from '../errors.ts'
import { ByteDigest } from '../tables/digest.ts'
import { isMagic, notArrow } from '../tables/read.ts'
import type { ArrowSource } from '../tables/read.ts'

/** Name of the file that makes a folder the folder of a run. */
export const MANIFEST_NAME = 'manifest.json'

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
 * A failing write removes the part and throws; `close` moves the file into place.
 */
export class OutputFile {
  readonly path: string
  readonly #part: string
  readonly #digest = new ByteDigest()
  #descriptor: number | undefined

  /** @throws RivalryError `output-not-writable` or `disk-full`. */
  constructor(path: string, { writer }: OutputFileOptions = {}) {
    this.path = path
    this.#part = writer === undefined ? `${path}.part` : `${path}.${writer}.part`
    this.#descriptor = this.#attempt(() => openSync(this.#part, 'w'))
    openFiles.add(this)
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

  /** Makes the file durable and moves it into place, over an older one if there is one. */
  close(): WrittenFile {
    const descriptor = this.#descriptor
    assert(descriptor !== undefined, 'an output file is closed once', { path: this.path })
    this.#attempt(() => {
      fsyncSync(descriptor)
      this.#descriptor = undefined
      closeSync(descriptor)
      renameSync(this.#part, this.path)
      syncFolder(dirname(this.path))
    })
    openFiles.delete(this)
    const { byteCount } = this.#digest
    return { name: basename(this.path), path: this.path, byteCount, sha256: this.#digest.hex() }
  }

  /** Removes what was written. Does nothing when the file is closed or already removed. */
  abort(): void {
    if (!openFiles.delete(this)) return
    if (this.#descriptor !== undefined) closeQuietly(this.#descriptor)
    this.#descriptor = undefined
    rmSync(this.#part, { force: true })
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

/** Files that are neither in place nor removed. */
const openFiles = new Set<OutputFile>()

/** Removes everything half-written by this process: for the moment it is interrupted. */
export function abortOpenFiles(): void {
  for (const file of openFiles) file.abort()
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

/** What may be in an output folder before. */
export interface OutputFolderOptions {
  /** Start over in the folder of another run: its manifest is removed first, so that it is not taken for whole. */
  overwrite?: boolean
  /** Whether a manifest, as parsed JSON, is of the run that is about to write; without it none is. */
  isOwn?: (manifest: unknown) => boolean
}

/**
 * Makes the folder that a run writes to, with its parents, and sees that files can be made there.
 *
 * @throws RivalryError `output-exists` when it holds another run, `output-not-writable` or `disk-full`.
 */
export function prepareOutputFolder(folder: string, { overwrite, isOwn }: OutputFolderOptions = {}): void {
  attemptIn(folder, () => makeFolder(folder))
  const manifestPath = join(folder, MANIFEST_NAME)
  if (existsSync(manifestPath)) {
    const isOther = isOwn === undefined || !isOwn(readManifest(manifestPath))
    if (isOther && overwrite !== true) {
      throw new RivalryError(`the folder ${folder} holds the results of another run`, {
        code: 'output-exists',
        path: manifestPath,
        hint: 'name another folder, or overwrite this one (--overwrite)',
      })
    }
    if (isOther) attemptIn(folder, () => rmSync(manifestPath))
  }
  // Better to fail here than after hours of simulation.
  const probe = join(folder, `.probe-${process.pid}.part`)
  attemptIn(folder, () => {
    closeSync(openSync(probe, 'w'))
    rmSync(probe)
  })
}

/** Makes a folder with its parents. Node's own `recursive` never returns where nobody can, as below `/proc`. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  try {
    mkdirSync(folder)
  } catch (error) {
    const parent = dirname(folder)
    if (errorCode(error) !== 'ENOENT' || existsSync(parent)) throw error
    makeFolder(parent)
    mkdirSync(folder)
  }
}

/** The manifest as parsed JSON, `undefined` when it is not JSON. */
function readManifest(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch {
    return undefined
  }
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

/**
 * The error to show for a failed file operation: `disk-full`, `output-not-writable`, or `output-failed` for what
 * is neither.
 */
export function fileError(cause: unknown, path: string): RivalryError {
  const code = errorCode(cause)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new RivalryError(`no space left on the disk for ${path}`, {
      code: 'disk-full',
      path,
      hint: 'free some space, or name a folder on another disk, and run it again',
      cause,
    })
  }
  if (NOT_WRITABLE.has(code)) {
    return new RivalryError(`cannot write ${path}: ${reason(cause)}`, {
      code: 'output-not-writable',
      path,
      hint: 'name a folder that exists or can be made, and that you may write to',
      cause,
    })
  }
  return new RivalryError(`writing ${path} failed: ${reason(cause)}`, { code: 'output-failed', path, cause })
}

const NOT_WRITABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'ENAMETOOLONG',
])

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'a folder of that name is in the way',
  ENAMETOOLONG: 'the name is too long',
}

function reason(cause: unknown): string {
  return REASONS[errorCode(cause)] ?? (cause instanceof Error ? cause.message : String(cause))
}

function errorCode(cause: unknown): string {
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? ''
}

function attemptIn<Result>(path: string, action: () => Result): Result {
  try {
    return action()
  } catch (cause) {
    throw fileError(cause, path)
  }
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor)
  } catch {
    // The part is removed next; what matters is the error that led here.
  }
}

/** A rename is durable only once its folder is, but not every file system lets folders be synced. */
function syncFolder(folder: string): void {
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
