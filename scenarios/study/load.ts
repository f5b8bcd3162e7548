/** Loads studies from files, and lists the packaged ones. */
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RivalryError, RivalryErrors } from '../../engine/errors.ts'
import type { StudyDefinition } from '../../engine/study/definition.ts'
import { didYouMean } from '../../engine/suggest.ts'
import { locateScenario } from '../locate.ts'
import { readTextFile } from '../text-file.ts'
import { type ParseStudyOptions, parseStudy } from './parse.ts'

/** A packaged study. */
export interface StudyListing {
  /** The name that `loadStudy` takes. */
  readonly name: string
  /** Absolute path of its file. */
  readonly file: string
}

/** Files beside the packaged studies that are of another kind: this one is read by docs/thesis.ts. */
const OTHERS = new Set(['free-or-paid.yaml'])

/** The packaged studies, by name. */
export function listStudies(): readonly StudyListing[] {
  // They stand below the packaged scenarios.
  const folder = join(dirname(locateScenario('three-ways')), 'studies')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && !OTHERS.has(file))
    .sort()
    .map((file) => ({ name: file.slice(0, -'.yaml'.length), file: join(folder, file) }))
}

/**
 * Loads a study from a file, or the packaged one of a bare name such as `freemium-or-subscription`.
 *
 * @param options.set settings `path=value` of every variant that override those of the file, in order
 * @param options.strategies decision rules that it may name; without them they are checked when it is simulated
 * @throws RivalryErrors with everything wrong with the file, its text, its scenario and the options
 */
export function loadStudy(
  nameOrPath: string,
  options: Omit<ParseStudyOptions, 'file'> = {},
): StudyDefinition {
  const file = locateStudy(nameOrPath)
  return parseStudy(readTextFile(file, 'study'), { ...options, file })
}

/**
 * The file that a user means: the packaged study of that name, else a path where it looks like one.
 *
 * @throws RivalryErrors `unknown-study` for a bare name that is neither packaged nor a file
 */
export function locateStudy(nameOrPath: string): string {
  const listings = listStudies()
  const listed = listings.find(({ name }) => name === nameOrPath)
  if (listed) return listed.file
  if (/[\\/]|\.ya?ml$/i.test(nameOrPath) || existsSync(nameOrPath)) return nameOrPath
  const names = listings.map(({ name }) => name)
  throw failure(`there is no study '${nameOrPath}'`, {
    code: 'unknown-study',
    path: nameOrPath,
    hint: didYouMean(nameOrPath, names),
  })
}

function failure(
  message: string,
  details: { readonly code: string; readonly path: string; readonly hint: string; readonly cause?: unknown },
): RivalryErrors {
  return new RivalryErrors([new RivalryError(message, details)])
}
