/**
 * The folder of a run while it is written: one canonical table after the other's rows, all files moved into place
 * at the end and the manifest last, or nothing at all.
 */
import { existsSync, rmSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RecordBatch } from 'apache-arrow'
import { RivalryError, assert } from '../errors.ts'
import { CanonicalWriter } from '../tables/canonical.ts'
import { writeCsv, writeParquet } from '../tables/convert.ts'
import type { TableDeclaration } from '../tables/declaration.ts'
import { canonicalJson } from './canonical-json.ts'
import {
  MANIFEST_NAME,
  OutputFile,
  fileError,
  openArrowFile,
  prepareOutputFolder,
  writeWholeFile,
  type WrittenFile,
} from './files.ts'
import {
  resultFormats,
  type Manifest,
  type ManifestFile,
  type ResultFormat,
  type RunIdentity,
} from './manifest.ts'

/** Every table that a run can leave. */
const TABLE_NAMES = ['startups', 'events', 'months', 'plans', 'segments', 'decisions']

/** What is written, and where. */
export interface RunFolderOptions {
  readonly folder: string
  readonly format: ResultFormat
  readonly tables: readonly TableDeclaration[]
  /** Whether what another run left in the folder is removed first. */
  readonly overwrite: boolean
}

/** A table with the canonical file that its rows go to. */
interface TableFile {
  readonly name: string
  readonly canonical: OutputFile
  readonly writer: CanonicalWriter
}

/**
 * The files of one run: rows are appended while it runs, `finish` moves everything into place, `abort` removes it.
 */
export class RunFolder {
  readonly #folder: string
  readonly #format: ResultFormat
  readonly #tables: readonly TableFile[]
  readonly #isNewFolder: boolean
  /** Files that are open, and those in place that only a manifest makes valid. */
  readonly #files: OutputFile[] = []
  readonly #inPlace: string[] = []
  #isAborted = false

  /** @throws RivalryError `output-exists`, `output-not-writable` or `disk-full`. */
  constructor({ folder, format, tables, overwrite }: RunFolderOptions) {
    this.#folder = folder
    this.#format = format
    this.#isNewFolder = !existsSync(folder)
    prepareOutputFolder(folder, { overwrite })
    clear(folder, overwrite)
    this.#tables = tables.map((declaration) => {
      assert(TABLE_NAMES.includes(declaration.name), 'the names of tables are known', declaration.name)
      // What is converted later lies beside the results under a name that no result has.
      const name = format === 'arrow' ? `${declaration.name}.arrow` : `.${declaration.name}.canonical`
      const canonical = this.#open(name)
      return { name: declaration.name, canonical, writer: new CanonicalWriter(declaration, canonical.write) }
    })
  }

  /** Appends rows to a table; they may be reused when the promise settles. */
  async append(table: string, batch: RecordBatch): Promise<void> {
    await this.#table(table).writer.append(batch)
  }

  /**
   * Finishes all tables, writes the documents beside them, moves everything into place and writes the manifest.
   *
   * @param options.documents texts by file name
   * @throws the signal's reason when it is aborted meanwhile; the caller then aborts the folder.
   */
  async finish({
    identity,
    documents,
    signal,
  }: {
    identity: RunIdentity
    documents: Readonly<Record<string, string>>
    signal?: AbortSignal | undefined
  }): Promise<Manifest> {
    for (const { writer } of this.#tables) await writer.close()
    const outputs: { file: OutputFile; rows?: number }[] = []
    for (const table of this.#tables) {
      const file = this.#format === 'arrow' ? table.canonical : await this.#convert(table, signal)
      outputs.push({ file, rows: table.writer.rowCount })
    }
    for (const [name, text] of Object.entries(documents)) {
      const file = this.#open(name)
      file.write(new TextEncoder().encode(text))
      outputs.push({ file })
    }
    await nextTurn()
    signal?.throwIfAborted()
    const files = outputs.map(({ file, rows }) => manifestFile(this.#place(file), rows))
    const manifest: Manifest = { ...identity, format: this.#format, files: files.sort(byName) }
    writeWholeFile(join(this.#folder, MANIFEST_NAME), canonicalJson(manifest), writerOptions)
    return manifest
  }

  /** Removes everything that this run wrote. Does nothing after a manifest is written. */
  abort(): void {
    this.#isAborted = true
    for (const file of this.#files) file.abort()
    if (existsSync(join(this.#folder, MANIFEST_NAME))) return
    for (const path of this.#inPlace) rmSync(path, { force: true })
    try {
      if (this.#isNewFolder) rmdirSync(this.#folder)
    } catch {
      // Somebody else put something there.
    }
  }

  #table(name: string): TableFile {
    const found = this.#tables.find((table) => table.name === name)
    assert(found !== undefined, 'the table is one of the run', { name })
    return found
  }

  #open(name: string): OutputFile {
    assert(!this.#isAborted, 'nothing is written after a run is aborted', { name })
    const file = new OutputFile(join(this.#folder, name), writerOptions)
    this.#files.push(file)
    return file
  }

  #place(file: OutputFile): WrittenFile {
    const written = file.close()
    this.#inPlace.push(written.path)
    return written
  }

  /** The table in the format asked for, from its canonical file, which is removed. */
  async #convert({ name, canonical }: TableFile, signal: AbortSignal | undefined): Promise<OutputFile> {
    const { path } = this.#place(canonical)
    const source = await openArrowFile(path)
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
      rmSync(path, { force: true })
    }
  }
}

/** Runs of two processes in one folder do not write to each other's parts. */
const writerOptions = { writer: String(process.pid) }

/** Sees that no file of a run is in the folder, whole or not. */
function clear(folder: string, overwrite: boolean): void {
  const tables = TABLE_NAMES.flatMap((table) => resultFormats.map((format) => `${table}.${format}`))
  const names = [...tables, 'scenario.json', 'summary.json', 'summary.txt']
  const found = names.map((name) => join(folder, name)).filter((path) => existsSync(path))
  if (found.length > 0 && !overwrite) {
    throw new RivalryError(`the folder ${folder} holds the results of another run`, {
      code: 'output-exists',
      path: found[0],
      hint: 'name another folder, or overwrite this one (--overwrite)',
    })
  }
  for (const path of found) {
    try {
      rmSync(path)
    } catch (cause) {
      throw fileError(cause, path)
    }
  }
}

function manifestFile({ name, byteCount, sha256 }: WrittenFile, rows: number | undefined): ManifestFile {
  return { name, bytes: byteCount, sha256, ...(rows === undefined ? {} : { rows }) }
}

function byName(one: ManifestFile, other: ManifestFile): number {
  return one.name < other.name ? -1 : 1
}
