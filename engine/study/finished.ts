/** Results that lie finished in a folder: whose they are, and what they say. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RivalryError } from '../errors.ts'
import { reason } from '../files/file-error.ts'
import { MANIFEST_NAME, manifestOf, whoseResults, type StudyManifest } from '../files/manifest.ts'
import type { CompleteStudy } from './study-result.ts'
import type { StudySummary } from './study-summary.ts'

/** The manifest in a folder, if there is one. @throws RivalryError `input-not-readable` */
export function manifestIn(folder: string): ReturnType<typeof manifestOf> {
  const path = join(folder, MANIFEST_NAME)
  if (!existsSync(path)) return undefined
  try {
    return manifestOf(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new RivalryError(`cannot read ${path}: ${reason(cause)}`, {
      code: 'input-not-readable',
      path,
      cause,
    })
  }
}

/**
 * Refuses a folder with results of another run or study.
 *
 * @throws RivalryError `output-exists`
 */
export function refuseOthers(folder: string): void {
  const manifest = manifestIn(folder)
  if (manifest === undefined) return
  throw new RivalryError(`the folder ${folder} holds the results of ${whoseResults(manifest)}`, {
    code: 'output-exists',
    path: join(folder, MANIFEST_NAME),
    hint: 'name another folder; or ask for those results with the same file, settings and format',
  })
}

/**
 * The finished results of a study.
 *
 * @throws RivalryError `results-damaged` where a file is not there, or not as long as it was
 */
export function resultsOf(folder: string, manifest: StudyManifest): CompleteStudy {
  const lost = manifest.files.find(
    ({ name, bytes }) => statSync(join(folder, name), { throwIfNoEntry: false })?.size !== bytes,
  )
  if (lost === undefined) {
    const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as StudySummary
    return { isComplete: true, summary, manifest }
  }
  throw new RivalryError(`the results in ${folder} are not whole: ${lost.name} is missing or was changed`, {
    code: 'results-damaged',
    path: join(folder, lost.name),
    hint: 'compute them anew (--overwrite), or name another folder',
  })
}

/** When the manifest in a folder was put there; `undefined` where there is none. */
export function manifestMs(folder: string): number | undefined {
  try {
    return statSync(join(folder, MANIFEST_NAME), { throwIfNoEntry: false })?.mtimeMs
  } catch {
    // A part of the path is no folder: whoever makes it says so.
    return undefined
  }
}
