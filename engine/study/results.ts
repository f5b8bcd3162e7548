/** The files of a study: rows of its units, in the order of variants, looks, points and replications, and what they mean. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ColumnBatch } from '../tables/batch.ts'
import type { TableDeclaration } from '../tables/declaration.ts'
import type { CellValue } from '../tables/read.ts'
import { tableLayout } from '../tables/table-layout.ts'
import { rowsBatch, type TableRows } from './rows.ts'
import { canonicalJson } from '../files/canonical-json.ts'
import type { StudyDefinition } from './definition.ts'
import type { ResultFormat, StudyIdentity, StudyManifest } from '../files/manifest.ts'
import { RunFolder } from '../files/result-folder.ts'
import { keptTables, outcomesTable } from './study-tables.ts'
import type { UnitFile } from './units/unit-file.ts'

/** Texts that a study leaves beside its tables. */
const DOCUMENTS = ['study.json', 'summary.json', 'summary.txt']

/** The folder of a study's results while they are written. */
export class StudyResults {
  readonly #folder: RunFolder
  readonly #definition: StudyDefinition
  readonly #streamed: readonly TableDeclaration[]

  /**
   * Takes the folder.
   *
   * @param options.derived tables that are made at the end, without their rows
   * @throws RivalryError `folder-in-use`, `output-exists`, `output-not-writable` or `disk-full`.
   */
  constructor(
    definition: StudyDefinition,
    {
      folder,
      format,
      derived,
      overwrite,
    }: {
      folder: string
      format: ResultFormat
      derived: readonly TableDeclaration[]
      overwrite: boolean
    },
  ) {
    this.#definition = definition
    this.#streamed = [outcomesTable(definition), ...keptTables(definition)]
    this.#folder = new RunFolder({
      folder,
      format,
      tables: [...this.#streamed, ...derived],
      documents: DOCUMENTS,
      overwrite,
    })
  }

  /** A variant's rows in a unit's file; `undefined` where they are not as they were written. */
  read(file: UnitFile, variant: number): ColumnBatch[] | undefined {
    const tables = this.#streamed.flatMap((declaration) => file.rows(variant, declaration) ?? [])
    return tables.length === this.#streamed.length ? tables : undefined
  }

  /** Appends rows that were read. */
  async append(tables: readonly ColumnBatch[], signal?: AbortSignal): Promise<void> {
    for (const batch of tables) await this.#folder.appendColumns(batch, signal)
  }

  /** Writes what follows from the rows, and moves everything into place. */
  async finish({
    identity,
    derived,
    summary,
    text,
    signal,
  }: {
    identity: StudyIdentity
    derived: readonly TableRows[]
    summary: unknown
    text: string
    signal?: AbortSignal | undefined
  }): Promise<StudyManifest> {
    for (const { declaration, rows } of derived) {
      const layout = tableLayout(declaration)
      let waiting: (readonly CellValue[])[] = []
      for (const row of rows) {
        waiting.push(row)
        if (waiting.length < ROWS_AT_ONCE) continue
        await this.#folder.append(declaration.name, rowsBatch(layout, waiting), signal)
        waiting = []
        // Making rows takes time: the signal is heard in between.
        await nextTurn()
        signal?.throwIfAborted()
      }
      await this.#folder.append(declaration.name, rowsBatch(layout, waiting), signal)
    }
    const documents = {
      'study.json': canonicalJson(this.#definition),
      'summary.json': canonicalJson(summary),
      'summary.txt': text,
    }
    return this.#folder.finish({ identity, documents, signal })
  }

  /** Removes what was written. Does nothing when it is finished. */
  abort(): void {
    this.#folder.abort()
  }
}

/** Rows that are made at a time. */
const ROWS_AT_ONCE = 4096
