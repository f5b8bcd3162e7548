/** Where the packaged scenarios are, from the sources and from a build alike. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RivalryError, RivalryErrors } from '../engine/errors.ts'
import { didYouMean } from '../engine/suggest.ts'

/** A packaged scenario. */
export interface ScenarioListing {
  /** The name that `loadScenario` takes, with its folder where it is in one: `cases/company-x`. */
  readonly name: string
  /** Absolute path of its file. */
  readonly file: string
}

/** Folders of packaged scenarios below `scenarios/`; the other ones hold other things. */
const FOLDERS = ['', 'cases/']

/** The packaged scenarios, by folder and name. */
export function listScenarios(): readonly ScenarioListing[] {
  return FOLDERS.flatMap((below) => {
    const folder = join(packageRoot(), 'scenarios', below)
    return readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => ({ name: `${below}${file.slice(0, -'.yaml'.length)}`, file: join(folder, file) }))
  })
}

/**
 * The file that a user means: the packaged scenario of that name, else a path where it looks like one.
 *
 * @throws RivalryErrors `unknown-scenario` for a bare name that is neither packaged nor a file
 */
export function locateScenario(nameOrPath: string): string {
  const listings = listScenarios()
  const listed = listings.find(({ name }) => name === nameOrPath)
  if (listed) return listed.file
  if (/[\\/]|\.ya?ml$/i.test(nameOrPath)) return nameOrPath
  if (existsSync(nameOrPath)) return nameOrPath
  const hint = didYouMean(
    nameOrPath,
    listings.map(({ name }) => name),
  )
  const message = `there is no scenario '${nameOrPath}'`
  throw new RivalryErrors([new RivalryError(message, { code: 'unknown-scenario', path: nameOrPath, hint })])
}

/** The nearest folder above this file whose package.json is this package's. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'rivalry') return folder
    const above = dirname(folder)
    if (above === folder)
      throw new Error(`no package.json of rivalry above ${fileURLToPath(import.meta.url)}`)
    folder = above
  }
}
