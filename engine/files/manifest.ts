/**
 * The manifest of a run or a study: what was simulated and the digest of every file it left. It is the same wherever and
 * however the run was computed: no times, no paths, no number of workers, no back end.
 */
import type { MarketDefinition } from '../market/definition.ts'
import type { Recording } from '../market/tables.ts'
import { sha256 } from '../tables/digest.ts'
import { canonicalJson } from './canonical-json.ts'
import { engineVersion } from './version.ts'

/** Formats in which tables are written. */
export const resultFormats = ['arrow', 'parquet', 'csv'] as const
/** One of `resultFormats`. */
export type ResultFormat = (typeof resultFormats)[number]

/** What decides every byte of a run's tables. */
export interface RunIdentity {
  readonly engine: string
  /** Name of the scenario. */
  readonly scenario: string
  /** SHA-256 of the resolved scenario as canonical JSON, which is also that of the file scenario.json. */
  readonly scenarioSha256: string
  readonly seed: string
  readonly replications: number
  readonly recording: Recording
}

/** What decides every byte of a study's results. */
export interface StudyIdentity {
  readonly engine: string
  /** Name of the study. */
  readonly study: string
  /** SHA-256 of the resolved study as canonical JSON, which is also that of the file study.json. */
  readonly studySha256: string
  readonly seed: string
}

/** One file of a run or a study. */
export interface ManifestFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  /** Rows, for tables. */
  readonly rows?: number
}

/** What manifest.json holds beside the identity. */
interface ManifestContent {
  readonly format: ResultFormat
  readonly files: readonly ManifestFile[]
}

/** What manifest.json holds for a run. */
export type RunManifest = RunIdentity & ManifestContent
/** What manifest.json holds for a study. */
export type StudyManifest = StudyIdentity & ManifestContent
/** What manifest.json holds. */
export type Manifest = RunManifest | StudyManifest

/** Name of the file that makes a folder the folder of a run or a study. */
export const MANIFEST_NAME = 'manifest.json'

/** The manifest that a text holds; `undefined` where it is of no run or study, or names files outside of its folder. */
export function manifestOf(text: string): Manifest | undefined {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return undefined
  }
  return isManifest(read) ? read : undefined
}

/** Whether a manifest is of a study. */
export function isOfStudy(manifest: Manifest): manifest is StudyManifest {
  return 'study' in manifest
}

/** Whose results a manifest is of, in words: `another run`, or the study and its format. */
export function whoseResults(manifest: Manifest): string {
  return isOfStudy(manifest) ? `the study ${manifest.study}, as ${manifest.format}` : 'another run'
}

function isManifest(read: unknown): read is Manifest {
  const manifest = (read ?? {}) as Readonly<Record<string, unknown>>
  const isText = (name: string): boolean => typeof manifest[name] === 'string'
  const isRun =
    isText('scenario') &&
    isDigest(manifest['scenarioSha256']) &&
    Number.isInteger(manifest['replications']) &&
    isText('recording')
  const isStudy = isText('study') && isDigest(manifest['studySha256'])
  return (
    isText('engine') &&
    isText('seed') &&
    (isRun || isStudy) &&
    isText('format') &&
    Array.isArray(manifest['files']) &&
    manifest['files'].every(isManifestFile)
  )
}

function isManifestFile(read: unknown): read is ManifestFile {
  const { name, bytes, sha256: digest } = (read ?? {}) as Partial<Record<keyof ManifestFile, unknown>>
  return (
    typeof name === 'string' && /^[\w-][\w.-]*$/.test(name) && Number.isInteger(bytes) && isDigest(digest)
  )
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

/** What identifies a run of a market. */
export function runIdentity(
  market: MarketDefinition,
  { seed, replications, recording }: { seed: string; replications: number; recording: Recording },
): RunIdentity {
  return {
    engine: engineVersion,
    scenario: market.name,
    scenarioSha256: sha256(canonicalJson(market)),
    seed,
    replications,
    recording,
  }
}
