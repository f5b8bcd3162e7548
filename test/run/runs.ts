/** Short runs for tests, in folders of their own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SimulateOptions } from '../../engine/run/index.ts'
import { readArrow, type ReadTable } from '../../engine/tables/read.ts'
import { loadScenario, simulate, type Manifest, type Summary } from '../../index.ts'

/** A folder that `use` may write to, removed afterwards. */
export async function inFolder<Result>(use: (folder: string) => Result | Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'rivalry-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where tests run a scenario: settings as on the command line, options as in the library. */
export interface ShortRun extends SimulateOptions {
  readonly scenario?: string
  readonly set?: readonly string[]
}

/** Runs a scenario into a folder of its own and gives the manifest. */
export function manifestOf(run: ShortRun): Promise<Manifest> {
  return inFolder(async (folder) => {
    const { manifest } = await simulate(marketOf(run), { ...optionsOf(run), folder: join(folder, 'out') })
    return manifest!
  })
}

/** Runs a scenario and reads its tables back. */
export function tablesOf(
  run: ShortRun,
): Promise<{ tables: ReadonlyMap<string, ReadTable>; summary: Summary }> {
  return inFolder(async (folder) => {
    const { manifest, summary } = await simulate(marketOf(run), { ...optionsOf(run), folder })
    const names = manifest!.files.map(({ name }) => name).filter((name) => name.endsWith('.arrow'))
    const tables = names.map(
      (name) => [name.slice(0, -'.arrow'.length), readArrow(readFileSync(join(folder, name)))] as const,
    )
    return { tables: new Map(tables), summary }
  })
}

function optionsOf({ scenario: _scenario, set: _set, ...options }: ShortRun): SimulateOptions {
  return { workers: 0, ...options }
}

/** The market of a short run. */
export function marketOf({ scenario = 'three-ways', set = [] }: ShortRun): ReturnType<typeof loadScenario> {
  return loadScenario(scenario, { set })
}

/** The digests of a run's files by name. */
export function digestsOf({ files }: Manifest): Record<string, string> {
  return Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]))
}
