/**
 * Files of a run that are not results yet, or not any more: `NAME.rivalry-ID.part` is being written, and
 * `NAME.replaced.rivalry-ID.part` was a result until another run took its place. The names are only Rivalry's, so
 * that what a killed run left can be told from files of the user.
 */
import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileError } from './file-error.ts'
import { MANIFEST_NAME, manifestOf } from './manifest.ts'

const PART = /^(.+)\.rivalry-([0-9a-f]{16})\.part$/
const REPLACED = '.replaced'

/** What tells the parts of a run with this id from others: the `writer` of its output files. */
export function partWriter(id: string): string {
  return `rivalry-${id}`
}

/** The name that a result of another run has while it is replaced. */
export function replacedName(name: string, id: string): string {
  return `${name}${REPLACED}.${partWriter(id)}.part`
}

/** A part that lies in a folder. */
interface Part {
  readonly file: string
  /** The name that it was to have, or had. */
  readonly name: string
  readonly id: string
}

/**
 * Cleans up after runs that were killed: results that were about to be replaced come back, and parts are removed.
 * Call it with the folder locked; then no living run has parts there.
 *
 * @throws RivalryError `output-not-writable`.
 */
export function clearParts(folder: string): void {
  try {
    const parts = partsIn(folder)
    if (parts.length === 0) return
    // A manifest is moved away first and into place last: without one, moving was not finished.
    if (!existsSync(join(folder, MANIFEST_NAME))) putBack(folder, parts)
    for (const { file } of partsIn(folder)) rmSync(join(folder, file), { force: true })
  } catch (cause) {
    throw fileError(cause, folder)
  }
}

function partsIn(folder: string): Part[] {
  return readdirSync(folder).flatMap((file) => {
    const [, name, id] = PART.exec(file) ?? []
    return name === undefined || id === undefined ? [] : [{ file, name, id }]
  })
}

/** Undoes the moves of a run that was killed among them. */
function putBack(folder: string, parts: readonly Part[]): void {
  const files = new Set(parts.map(({ file }) => file))
  for (const { file, name, id } of parts) {
    // The manifest that was to come says which results are new: those whose part is not there any more.
    if (name !== MANIFEST_NAME) continue
    const manifest = manifestOf(readFileSync(join(folder, file), 'utf8'))
    for (const result of manifest?.files ?? []) {
      if (!files.has(`${result.name}.${partWriter(id)}.part`))
        rmSync(join(folder, result.name), { force: true })
    }
  }
  const replaced = parts.filter(({ name }) => name.endsWith(REPLACED))
  const nameOf = ({ name }: Part): string => name.slice(0, -REPLACED.length)
  // The manifest last: only then is the folder that of a run.
  const inOrder = replaced.toSorted((one, other) =>
    nameOf(one) === MANIFEST_NAME ? 1 : nameOf(other) === MANIFEST_NAME ? -1 : 0,
  )
  for (const part of inOrder) renameSync(join(folder, part.file), join(folder, nameOf(part)))
}
