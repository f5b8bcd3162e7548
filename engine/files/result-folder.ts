/**
 * The folder of a run while it is written: locked, one canonical table after the other's rows beside the results of
 * an earlier run if there are any, all files moved into place at the end and the manifest last, or nothing at all.
 */
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RecordBatch } from 'apache-arrow'
import { RivalryError, assert } from '../errors.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { BATCH_ROWS, CanonicalWriter } from '../tables/canonical.ts'
import { writeCsv, writeParquet } from '../tables/convert.ts'
import type { TableDeclaration } from '../tables/declaration.ts'
import { canonicalJson } from './canonical-json.ts'
import { fileError } from './file-error.ts'
import { OutputFile, openArrowFile, syncFolder, type WrittenFile } from './output-file.ts'
import { FolderLock } from './folder-lock.ts'
import { makeFolders, removeFolders } from './folders.ts'
import {
  MANIFEST_NAME,
  manifestOf,
  whoseResults,
  type Manifest,
  type ManifestFile,
  type ResultFormat,
  type RunIdentity,
  type StudyIdentity,
} from './manifest.ts'
import { clearParts, partWriter, replacedName } from './parts.ts'
import { forget, remember } from './unfinished.ts'

/** What is written, and where. */
export interface RunFolderOptions {
  readonly folder: string
  readonly format: ResultFormat
  readonly tables: readonly TableDeclaration[]
  /** Names of the texts beside the tables. */
  readonly documents: readonly string[]
  /** Whether the results of another run in the folder are replaced. */
  readonly overwrite: boolean
}

/** A table with the canonical file that its rows go to. */
interface TableFile {
  readonly name: string
  readonly canonical: OutputFile
  readonly writer: CanonicalWriter
}

/** A file that is whole, beside its place. */
interface SealedFile {
  readonly file: OutputFile
  readonly written: WrittenFile
}

/**
 * The files of one run: rows are appended while it runs, `finish` moves everything into place, `abort` removes it.
 */
export class RunFolder {
  readonly #folder: string
  readonly #format: ResultFormat
  readonly #results: readonly string[]
  readonly #overwrite: boolean
  /** Folders that were not there before, outermost first. */
  readonly #madeFolders: readonly string[]
  readonly #lock: FolderLock
  readonly #tables: readonly TableFile[]
  readonly #files: OutputFile[] = []
  #isAborted = false

  /** @throws RivalryError `folder-in-use`, `output-exists`, `output-not-writable` or `disk-full`. */
  constructor({ folder, format, tables, documents, overwrite }: RunFolderOptions) {
    this.#folder = folder
    this.#format = format
    this.#overwrite = overwrite
    this.#results = [...tables.map(({ name }) => `${name}.${format}`), ...documents]
    this.#madeFolders = makeFolders(folder)
    try {
      this.#lock = new FolderLock(folder)
    } catch (error) {
      removeFolders(this.#madeFolders)
      throw error
    }
    remember(this)
    try {
      clearParts(folder)
      this.#replaced()
      this.#tables = tables.map((declaration) => this.#table(declaration))
    } catch (error) {
      this.abort()
      throw error
    }
  }

  /** Appends rows to a table; they may be reused when the promise settles. In a large batch the signal is heard. */
  async append(table: string, batch: RecordBatch, signal?: AbortSignal): Promise<void> {
    const writer = this.#writer(table)
    if (batch.numRows <= BATCH_ROWS) return writer.append(batch)
    await inTurns(batch.numRows, signal, (first, count) => writer.append(batch.slice(first, first + count)))
  }

  /** Appends rows that are plain columns, of one of the declarations that were given; else as `append`. */
  async appendColumns(batch: ColumnBatch, signal?: AbortSignal): Promise<void> {
    const writer = this.#writer(batch.declaration.name)
    await inTurns(batch.rowCount, signal, (first, count) => writer.appendColumns(batch, first, count))
  }

  #writer(table: string): CanonicalWriter {
    const found = this.#tables.find(({ name }) => name === table)
    assert(found !== undefined, 'the table is one of the run', { table })
    return found.writer
  }

  /**
   * Finishes all tables, writes the documents beside them, and moves everything into place, the manifest last.
   *
   * @param options.documents texts by file name, those that were announced
   * @throws the signal's reason when it is aborted meanwhile; the caller then aborts the folder.
   */
  async finish<Identity extends RunIdentity | StudyIdentity>({
    identity,
    documents,
    signal,
  }: {
    identity: Identity
    documents: Readonly<Record<string, string>>
    signal?: AbortSignal | undefined
  }): Promise<Identity & Pick<Manifest, 'format' | 'files'>> {
    for (const { writer } of this.#tables) await writer.close()
    const sealed: (SealedFile & { rows?: number })[] = []
    for (const table of this.#tables) {
      const file = this.#format === 'arrow' ? table.canonical : await this.#convert(table, signal)
      sealed.push({ file, written: file.seal(), rows: table.writer.rowCount })
    }
    for (const [name, text] of Object.entries(documents)) sealed.push(this.#document(name, text))
    await nextTurn()
    signal?.throwIfAborted()
    const files = sealed.map(({ written, rows }) => manifestFile(written, rows))
    const manifest = { ...identity, format: this.#format, files: files.sort(byName) }
    sealed.push(this.#document(MANIFEST_NAME, canonicalJson(manifest)))
    this.#moveIntoPlace(sealed.map(({ file }) => file))
    forget(this)
    this.#lock.release()
    return manifest
  }

  /** Removes everything that this run wrote. Does nothing when it is finished. */
  abort(): void {
    if (!forget(this)) return
    this.#isAborted = true
    for (const file of this.#files) file.abort()
    this.#lock.release()
    removeFolders(this.#madeFolders)
  }

  /** What the run before left, and this one may replace: files that its manifest lists. */
  #replaced(): string[] {
    const path = join(this.#folder, MANIFEST_NAME)
    const old = existsSync(path) ? this.#oldManifest(path) : undefined
    const listed = (old?.files ?? [])
      .map(({ name }) => name)
      .filter((name) => name !== MANIFEST_NAME && this.#isFile(name))
    for (const name of this.#results) {
      if (listed.includes(name) || !existsSync(join(this.#folder, name))) continue
      this.#isFile(name)
      throw new RivalryError(`the folder ${this.#folder} holds a file ${name} that no run left there`, {
        code: 'output-exists',
        path: join(this.#folder, name),
        hint: 'name another folder, or move this file elsewhere: nothing but results of runs is overwritten',
      })
    }
    return listed
  }

  #oldManifest(path: string): Manifest {
    this.#isFile(MANIFEST_NAME)
    const manifest = manifestOf(readText(path))
    if (manifest === undefined) {
      throw new RivalryError(`the folder ${this.#folder} holds a ${MANIFEST_NAME} that is of no run`, {
        code: 'output-exists',
        path,
        hint: 'name another folder, or move this file elsewhere: nothing but results of runs is overwritten',
      })
    }
    if (this.#overwrite) return manifest
    throw new RivalryError(`the folder ${this.#folder} holds the results of ${whoseResults(manifest)}`, {
      code: 'output-exists',
      path,
      hint: 'name another folder, or overwrite this one (--overwrite)',
    })
  }

  /** Whether there is a file of that name. @throws RivalryError `output-not-writable` where it is a folder. */
  #isFile(name: string): boolean {
    const path = join(this.#folder, name)
    const status = statSync(path, { throwIfNoEntry: false })
    if (status?.isDirectory() === true) throw fileError({ code: 'EISDIR' }, path)
    return status !== undefined
  }

  #table(declaration: TableDeclaration): TableFile {
    const { name } = declaration
    // What is converted later never comes into place.
    const canonical = this.#open(this.#format === 'arrow' ? `${name}.arrow` : `.${name}.canonical`)
    return { name, canonical, writer: new CanonicalWriter(declaration, canonical.write) }
  }

  #open(name: string): OutputFile {
    assert(!this.#isAborted, 'nothing is written after a run is aborted', { name })
    const file = new OutputFile(join(this.#folder, name), { writer: partWriter(this.#lock.id) })
    this.#files.push(file)
    return file
  }

  #document(name: string, text: string): SealedFile {
    assert(name === MANIFEST_NAME || this.#results.includes(name), 'documents are announced', { name })
    const file = this.#open(name)
    file.write(new TextEncoder().encode(text))
    return { file, written: file.seal() }
  }

  /** The table in the format asked for, from its canonical file, which is removed. */
  async #convert({ name, canonical }: TableFile, signal: AbortSignal | undefined): Promise<OutputFile> {
    canonical.seal()
    const source = await openArrowFile(canonical.partPath)
    try {
      const file = this.#open(`${name}.${this.#format}`)
      const convert = this.#format === 'csv' ? writeCsv : writeParquet
      await convert(source, async (bytes) => {
        file.write(bytes)
        await nextTurn()
        signal?.throwIfAborted()
      })
      return file
    } finally {
      await source.close()
      canonical.abort()
    }
  }

  /**
   * Puts sealed files where those of the run before were: first those are moved aside, the manifest before all others,
   * then the new ones into place, the manifest after all others. If a move fails everything is moved back; if the
   * process ends here, the next run in this folder does that (`clearParts`).
   */
  #moveIntoPlace(files: readonly OutputFile[]): void {
    const aside: { readonly from: string; readonly to: string }[] = []
    const placed: string[] = []
    try {
      const old = this.#replaced()
      if (existsSync(join(this.#folder, MANIFEST_NAME))) old.unshift(MANIFEST_NAME)
      for (const name of old) {
        const move = {
          from: join(this.#folder, name),
          to: join(this.#folder, replacedName(name, this.#lock.id)),
        }
        renameSync(move.from, move.to)
        aside.push(move)
      }
      for (const file of files) {
        file.place()
        placed.push(file.path)
      }
      syncFolder(this.#folder)
    } catch (cause) {
      for (const path of placed) rmSync(path, { force: true })
      for (const { from, to } of aside.toReversed()) renameSync(to, from)
      throw cause instanceof RivalryError ? cause : fileError(cause, this.#folder)
    }
    for (const { to } of aside) rmSync(to, { force: true })
  }
}

/** Appends rows, of a large batch some at a time, so that the thread does in between what else waits. */
async function inTurns(
  rowCount: number,
  signal: AbortSignal | undefined,
  append: (first: number, count: number) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < rowCount; first += BATCH_ROWS) {
    if (first > 0) {
      await nextTurn()
      signal?.throwIfAborted()
    }
    await append(first, Math.min(BATCH_ROWS, rowCount - first))
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw fileError(cause, path)
  }
}

function manifestFile({ name, byteCount, sha256 }: WrittenFile, rows: number | undefined): ManifestFile {
  return { name, bytes: byteCount, sha256, ...(rows === undefined ? {} : { rows }) }
}

function byName(one: ManifestFile, other: ManifestFile): number {
  return one.name < other.name ? -1 : 1
}
