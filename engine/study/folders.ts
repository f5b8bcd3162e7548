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

/** Node's own `recursive` never returns where nobody can make a folder, as below `/proc`. */
function make(folder: string, made: string[]): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  try {
    mkdirSync(folder)
  } catch (error) {
    const parent = dirname(folder)
    if (errorCode(error) !== 'ENOENT' || existsSync(parent)) throw error
    make(parent, made)
    mkdirSync(folder)
  }
  made.push(folder)
}
