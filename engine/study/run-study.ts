/** Studies as functions: run one, bring the parts of one together, ask how far one is. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { RivalryError, assert } from '../errors.ts'
import { canonicalJson } from '../files/canonical-json.ts'
import { makeFolders } from '../files/folders.ts'
import { MANIFEST_NAME, isOfStudy, type StudyManifest } from '../files/manifest.ts'
import { studyDigest, type StudyDefinition } from './definition.ts'
import { manifestIn, refuseOthers, resultsOf } from './finished.ts'
import { checkedStudyOptions, type StudyOptions } from './study-options.ts'
import type { StudyResult, StudyStatus } from './study-result.ts'
import { StudyRunner } from './study-runner.ts'
import { UnitStore } from './units/unit-store.ts'

/**
 * Runs a study, or goes on with it.
 *
 * @throws RivalryErrors for wrong options; RivalryError `study-unfinished`, `output-exists`, `folder-in-use`,
 *   `output-not-writable` or `disk-full`; the signal's reason when it is aborted. Units that are done stay in the folder.
 */
export async function runStudy(given: StudyDefinition, options: StudyOptions = {}): Promise<StudyResult> {
  const choices = checkedStudyOptions(options)
  // What comes from a file and what comes from the folder of a study must not differ, not even in the order of keys.
  const definition = JSON.parse(canonicalJson(given)) as StudyDefinition
  options.signal?.throwIfAborted()
  if (options.folder !== undefined)
    return new StudyRunner(definition, {
      ...choices,
      folder: options.folder,
      mode: 'run',
    }).run()
  const folder = mkdtempSync(join(tmpdir(), 'rivalry-study-'))
  try {
    const result = await new StudyRunner(definition, { ...choices, folder, mode: 'run' }).run()
    return result.isComplete ? { isComplete: true, summary: result.summary } : result
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Brings the units of a study together that were computed in several folders, and finishes it if none is missing. The
 * folders stay as they are, and one of them may be that of the results.
 *
 * @throws RivalryError `no-study` for a folder in which none was begun, `output-exists` where they are of several studies,
 *   and as `runStudy`
 */
export async function mergeStudies(
  folders: readonly string[],
  options: Omit<StudyOptions, 'folder' | 'shard' | 'queue'> & { readonly folder: string },
): Promise<StudyResult> {
  const { folder } = options
  const choices = { ...checkedStudyOptions(options), folder, resume: true, mode: 'merge' as const }
  const finished = finishedIn(folders, folder)
  if (finished !== undefined) return finished
  // Before anything is written: whatever is not of this study.
  const [definition, ...others] = folders.map(begunIn)
  assert(definition !== undefined, 'there is something to merge')
  for (const [i, other] of others.entries())
    if (studyDigest(other) !== studyDigest(definition)) throw notAlike(folders[i + 1]!, other, definition)
  const store = new UnitStore(folder)
  if (!choices.overwrite && !store.mayOverwrite) refuseOthers(folder)
  makeFolders(folder)
  store.begin(definition)
  for (const from of folders) {
    options.signal?.throwIfAborted()
    if (resolve(from) !== resolve(folder)) store.copyFrom(new UnitStore(from))
  }
  return new StudyRunner(definition, choices).run()
}

/** The results of a merge that is done: the folder is one of those merged, and its units are gone. */
function finishedIn(folders: readonly string[], folder: string): StudyResult | undefined {
  const isPart = folders.some((from) => resolve(from) === resolve(folder))
  const manifest = isPart && !new UnitStore(folder).exists ? manifestIn(folder) : undefined
  if (manifest === undefined || !isOfStudy(manifest)) return undefined
  const others = folders.map((from) => new UnitStore(from)).filter((store) => store.exists)
  if (others.some((store) => studyDigest(store.study()!) !== manifest.studySha256)) return undefined
  return resultsOf(folder, manifest)
}

/** @throws RivalryError `no-study` */
function begunIn(folder: string): StudyDefinition {
  const definition = new UnitStore(folder).study()
  if (definition !== undefined) return definition
  throw new RivalryError(`no study was begun in ${folder}`, {
    code: 'no-study',
    path: folder,
    hint: existsSync(join(folder, MANIFEST_NAME))
      ? 'the folder holds results that are finished; their units are gone'
      : 'give folders that were named to `rivalry study` with --out',
  })
}

function notAlike(folder: string, other: StudyDefinition, study: StudyDefinition): RivalryError {
  return new RivalryError(
    `the folder ${folder} is of another study, ${other.name}, or of another version of ${study.name}`,
    {
      code: 'output-exists',
      path: folder,
      hint: 'merge folders of one study, begun from the same file with the same version of rivalry',
    },
  )
}

/**
 * How far the study in a folder is.
 *
 * @throws RivalryError `no-study` where none was begun.
 */
export async function studyStatus(folder: string): Promise<StudyStatus> {
  const manifest = manifestIn(folder)
  const begun = new UnitStore(folder).study()
  // Units may be those of another study that is under way here.
  const isOther =
    begun !== undefined && studyDigest(begun) !== (manifest as StudyManifest | undefined)?.studySha256
  if (manifest !== undefined && isOfStudy(manifest) && !isOther) {
    return {
      study: manifest.study,
      isFinished: true,
      look: 0,
      units: { done: 0, total: 0 },
      missing: [],
      failures: [],
      mayGrow: false,
    }
  }
  const definition = begunIn(folder)
  const result = await new StudyRunner(definition, {
    ...checkedStudyOptions({}),
    folder,
    mode: 'watch',
  }).run()
  assert(!result.isComplete, 'whoever watches does not finish')
  return result.status
}
