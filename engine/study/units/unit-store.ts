/**
 * Where the units of a study lie while it runs: `units/` in its folder, a file for each that is done. Any number of
 * processes may write there at once, on machines that share the folder: a file appears whole or not at all, and whoever
 * computes a unit leaves the same bytes, so that doing it twice is harmless.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { RivalryError } from '../../errors.ts'
import { canonicalJson } from '../../files/canonical-json.ts'
import { studyDigest, type StudyDefinition } from '../definition.ts'
import { errorCode, fileError, reason } from '../../files/file-error.ts'
import { engineVersion } from '../../files/version.ts'
import { makeFolders } from '../../files/folders.ts'
import { UnitFile, type UnitFileOptions } from './unit-file.ts'

/** Name of the folder of units in that of the study. */
export const UNITS_FOLDER = 'units'
const STUDY_FILE = 'study.json'
/** There if the results that the folder had before may be replaced. */
const OVERWRITE_FILE = 'overwrite'

/** What the file of a study holds while it runs. */
interface Begun {
  readonly engine: string
  readonly study: StudyDefinition
}

/** What is known of a unit that could not be computed. */
export interface UnitFailure {
  readonly unit: string
  readonly message: string
  readonly code?: string | undefined
  readonly hint?: string | undefined
  /** Where it happened, as far as that is known. */
  readonly variant?: string | undefined
  readonly point?: number | undefined
  readonly values?: Readonly<Record<string, unknown>> | undefined
  /** First replication and number of replications within which it happened. */
  readonly first: number
  readonly count: number
  readonly seed: string
}

/** The units of a study in its folder. */
export class UnitStore {
  readonly folder: string
  readonly #units: string

  constructor(folder: string) {
    this.folder = folder
    this.#units = join(folder, UNITS_FOLDER)
  }

  /** Whether something was begun here. */
  get exists(): boolean {
    return existsSync(join(this.#units, STUDY_FILE))
  }

  /**
   * The study that was begun here; `undefined` where there is none, or none that can be read.
   *
   * @throws RivalryError `other-version`, `input-not-readable`
   */
  study(): StudyDefinition | undefined {
    try {
      const begun = JSON.parse(readFileSync(join(this.#units, STUDY_FILE), 'utf8')) as Partial<Begun>
      // What is not of this form says nothing.
      if (begun.engine === undefined || begun.study?.variants === undefined) return undefined
      if (begun.engine !== engineVersion) throw otherVersion(this.folder, begun.engine)
      return begun.study
    } catch (cause) {
      if (cause instanceof RivalryError) throw cause
      if (errorCode(cause) === 'ENOENT' || cause instanceof SyntaxError) return undefined
      throw new RivalryError(`cannot read ${join(this.#units, STUDY_FILE)}: ${reason(cause)}`, {
        code: 'input-not-readable',
        path: join(this.#units, STUDY_FILE),
        cause,
      })
    }
  }

  /**
   * Begins a study here, or goes on with it.
   *
   * @throws RivalryError `output-exists` where another study was begun; `output-not-writable` or `disk-full`.
   */
  begin(definition: StudyDefinition): void {
    const begun = this.study()
    if (begun !== undefined && studyDigest(begun) !== studyDigest(definition))
      throw otherStudy(this.folder, begun)
    if (begun === undefined)
      this.#place(join(this.#units, STUDY_FILE), [
        Buffer.from(canonicalJson({ engine: engineVersion, study: definition } satisfies Begun)),
      ])
  }

  /** Whether results of another run or study in the folder may be replaced: kept with the units, for a later resume. */
  get mayOverwrite(): boolean {
    return existsSync(join(this.#units, OVERWRITE_FILE))
  }

  allowOverwrite(): void {
    this.#place(join(this.#units, OVERWRITE_FILE), [])
  }

  /** Whether a unit is done, as far as the length and the head of its file say. */
  has(unit: string): boolean {
    const file = this.open(unit)
    file?.close()
    return file !== undefined
  }

  /** Opens the file of a unit; `undefined` where it is not done. */
  open(unit: string, options?: UnitFileOptions): UnitFile | undefined {
    return UnitFile.open(this.#path(unit), unit, options)
  }

  /** Leaves the file of a unit. @throws RivalryError `output-not-writable` or `disk-full`. */
  write(unit: string, pieces: readonly Uint8Array[]): void {
    this.#place(this.#path(unit), pieces)
    removeQuietly(this.#failure(unit))
  }

  /** Removes the file of a unit, whose bytes are not those that were written. */
  discard(unit: string): void {
    rmSync(this.#path(unit), { force: true })
  }

  /** Notes that a unit failed, for whoever asks how the study is. */
  fail(failure: UnitFailure): void {
    this.#place(this.#failure(failure.unit), [Buffer.from(canonicalJson(failure))])
  }

  /** Units that failed and were not done since. */
  failures(): UnitFailure[] {
    const folder = join(this.#units, 'failed')
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .flatMap((name) => {
        try {
          return [JSON.parse(readFileSync(join(folder, name), 'utf8')) as UnitFailure]
        } catch {
          // Somebody did it meanwhile.
          return []
        }
      })
      .filter(({ unit }) => !this.has(unit))
  }

  /** Takes over units of another folder that are not here. @throws RivalryError as `write` */
  copyFrom(other: UnitStore): void {
    for (const name of other.#names()) {
      const to = join(this.#units, name)
      // Files that were cut off do not keep whole ones out, nor are they taken over.
      const unit = basename(name, '.unit')
      if (this.has(unit) || !other.has(unit)) continue
      const part = `${to}.${randomBytes(6).toString('hex')}.part`
      makeFolders(dirname(to))
      try {
        copyFileSync(join(other.#units, name), part)
        renameSync(part, to)
      } catch (cause) {
        removeQuietly(part)
        throw fileError(cause, to)
      }
    }
  }

  /** Paths of the files of all units, in the folder of units. */
  #names(): string[] {
    if (!existsSync(this.#units)) return []
    return readdirSync(this.#units, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.unit'))
      .toSorted()
  }

  /** Bytes of all units that are done. */
  bytes(): number {
    return this.#names().reduce(
      (sum, name) => sum + (statSync(join(this.#units, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    )
  }

  /** Removes all units: the results are in place, or are not wanted. */
  remove(): void {
    try {
      // The study last: without it nobody would know whose units these are.
      for (const name of existsSync(this.#units) ? readdirSync(this.#units) : [])
        if (name !== STUDY_FILE) rmSync(join(this.#units, name), { recursive: true, force: true })
      rmSync(this.#units, { recursive: true, force: true })
    } catch (cause) {
      throw fileError(cause, this.#units)
    }
  }

  #path(unit: string): string {
    // A folder for each first byte: file systems get slow with many files in one.
    return join(this.#units, unit.slice(0, 2), `${unit}.unit`)
  }

  #failure(unit: string): string {
    return join(this.#units, 'failed', `${unit}.json`)
  }

  #place(path: string, pieces: readonly Uint8Array[]): void {
    const part = `${path}.${randomBytes(6).toString('hex')}.part`
    makeFolders(dirname(path))
    try {
      const descriptor = openSync(part, 'wx')
      try {
        for (const piece of pieces)
          for (let done = 0; done < piece.byteLength;) done += writeSync(descriptor, piece, done)
      } finally {
        closeSync(descriptor)
      }
      renameSync(part, path)
    } catch (cause) {
      removeQuietly(part)
      throw fileError(cause, path)
    }
  }
}

/** Removes a file if that can be done: what matters is the error that led here, or that the unit is done. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // A part of the path is no folder, or nothing may be removed there.
  }
}

function otherVersion(folder: string, engine: string): RivalryError {
  return new RivalryError(
    `the units in ${folder} are of version ${engine} of rivalry, and this is ${engineVersion}`,
    {
      code: 'other-version',
      path: join(folder, UNITS_FOLDER),
      hint: 'use that version on all machines, or begin anew in another folder',
    },
  )
}

function otherStudy(folder: string, { name }: StudyDefinition): RivalryError {
  return new RivalryError(
    `the folder ${folder} holds units of another study, ${name}, or of an older version of it`,
    {
      code: 'output-exists',
      path: join(folder, UNITS_FOLDER),
      hint: 'name another folder, or drop these units (--overwrite)',
    },
  )
}
