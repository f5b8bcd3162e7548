/** Folders that are made for results, and taken away again when there are none. */
import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { errorCode, fileError } from './file-error.ts'

/**
 * Makes a folder with its parents, and gives those that were not there, outermost first.
 *
 * @throws RivalryError `output-not-writable` or `disk-full`; then none of them is left.
 */
export function makeFolders(folder: string): string[] {
  const made: string[] = []
  try {
    make(resolve(folder), made)
    return made
  } catch (cause) {
    removeFolders(made)
    throw fileError(cause, folder)
  }
}

/** Removes folders that `makeFolders` made, as far as they are empty. */
export function removeFolders(made: readonly string[]): void {
  for (const folder of made.toReversed()) {
    try {
      rmdirSync(folder)
    } catch {
      // Somebody else put something there.
      return
    }
  }
}

/**
 * Node's own `recursive` never returns where nobody can make a folder, as below `/proc`, and says of a disk that is
 * read-only that there is no such folder.
 */
function make(folder: string, made: string[]): void {
  if (isFolder(folder)) return
  try {
    makeOne(folder, made)
  } catch (error) {
    const parent = dirname(folder)
    if (errorCode(error) !== 'ENOENT' || existsSync(parent)) throw error
    make(parent, made)
    makeOne(folder, made)
  }
}

function makeOne(folder: string, made: string[]): void {
  try {
    mkdirSync(folder)
    made.push(folder)
  } catch (error) {
    // Another process may have made it just now.
    if (errorCode(error) !== 'EEXIST' || !isFolder(folder)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
