/** What a caller chooses about a run, its bounds and its defaults. */
import type { Backend } from '../backends/kernel.ts'
import { RivalryError, RivalryErrors } from '../errors.ts'
import type { Recording } from '../market/tables.ts'
import { LANES } from '../trace/layout.ts'
import { usableCores } from './cores.ts'
import { resultFormats, type ResultFormat } from '../files/manifest.ts'

/** How far a run is. */
export interface Progress {
  /** Replications whose results are taken over. */
  readonly done: number
  readonly total: number
}

/** What decides a run's results. */
export interface RunChoices {
  /** Independent repetitions with other luck; 400 unless stated. */
  readonly replications: number
  /** Any text or number; '1' unless stated. */
  readonly seed: string
  /** Rows at the end of each replication only, or also every month. */
  readonly recording: Recording
  readonly format: ResultFormat
}

/** What decides how a run is computed, and changes no byte of its results. */
export interface ComputeChoices {
  /** Threads; 0 computes in this one. All cores unless stated. */
  readonly workers: number
  readonly backend: Backend
  /** Replications computed together, rounded up to a multiple of four; chosen by memory unless stated. */
  readonly batch?: number | undefined
}

/** Least and greatest values of the options that are whole numbers. */
export const optionBounds = {
  // Replications are numbered with 32 bits in results.
  replications: { low: 1, high: 2 ** 31 - 1 },
  workers: { low: 0, high: 1024 },
  batch: { low: 1, high: 2 ** 20 },
} as const

/** The values of the options that are one of a list. */
export const optionValues = {
  backend: ['wasm', 'javascript'],
  recording: ['summary', 'months'],
  format: resultFormats,
} as const satisfies Record<string, readonly string[]>

/** Choices as callers give them: all optional, seeds also as numbers. */
export type GivenChoices = {
  readonly [Name in keyof (RunChoices & ComputeChoices)]?:
    | (RunChoices & ComputeChoices)[Name]
    | (Name extends 'seed' ? number : never)
    | undefined
}

/**
 * The choices with defaults filled in.
 *
 * @throws RivalryErrors (code `invalid-option`) that name every option with an impossible value.
 */
export function chosen(given: GivenChoices): RunChoices & ComputeChoices {
  const found = choiceProblems(given)
  if (found.length > 0) throw new RivalryErrors(found)
  const { replications = 400, seed = '1', recording = 'summary', format = 'arrow' } = given
  const { workers = usableCores(), backend = 'wasm', batch } = given
  return { replications, seed: String(seed), recording, format, workers, backend, batch }
}

/** Every choice with an impossible value. */
export function choiceProblems(given: GivenChoices): RivalryError[] {
  return [
    ...keysOf(optionBounds).map((name) => numberProblem(name, given[name])),
    seedProblem(given.seed),
    ...keysOf(optionValues).map((name) => valueProblem(name, given[name])),
  ].filter((error) => error !== undefined)
}

function seedProblem(seed: unknown): RivalryError | undefined {
  if (seed === undefined || typeof seed === 'string' || Number.isFinite(seed)) return undefined
  return new RivalryError(`seed is ${shown(seed)}, not text or a number`, {
    code: 'invalid-option',
    path: 'seed',
    hint: "leave it out for '1'",
  })
}

/** A value as it appears in a message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return 'a list'
  if (value instanceof URL) return 'a URL'
  return typeof value === 'object' && value !== null
    ? 'an object'
    : typeof value === 'function'
      ? 'a function'
      : String(value)
}

function numberProblem(name: keyof typeof optionBounds, value: number | undefined): RivalryError | undefined {
  const { low, high } = optionBounds[name]
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return undefined
  return new RivalryError(`${name} is ${shown(value)}, not a whole number from ${low} to ${high}`, {
    code: 'invalid-option',
    path: name,
    hint: name === 'workers' ? 'leave it out to use all cores' : undefined,
  })
}

function valueProblem(name: keyof typeof optionValues, value: string | undefined): RivalryError | undefined {
  const values: readonly string[] = optionValues[name]
  if (value === undefined || values.includes(value)) return undefined
  return new RivalryError(`${name} is ${shown(value)}, not one of ${values.join(', ')}`, {
    code: 'invalid-option',
    path: name,
  })
}

/** Bytes of results that a batch may take in a worker's memory, in each of its output sets. */
const BATCH_BYTES = 4 * 2 ** 20
/** Most replications of a batch in the caller's own thread, which does nothing else meanwhile: some 100 ms. */
const IN_PROCESS_REPLICATIONS = 32
/** Batches that each worker gets at least, so that all end at about the same time. */
const BATCHES_PER_WORKER = 4

/** Replications of a batch: as many as fit, but few enough that every worker gets some. */
export function batchReplications(
  { replications, workers, batch }: Pick<RunChoices & ComputeChoices, 'replications' | 'workers' | 'batch'>,
  replicationBytes: number,
): number {
  if (batch !== undefined) return Math.min(blocks(batch), blocks(replications))
  const fitting = fittingReplications(replicationBytes)
  const patient = workers === 0 ? IN_PROCESS_REPLICATIONS : Infinity
  const fair = blocks(replications / (Math.max(workers, 1) * BATCHES_PER_WORKER))
  return Math.max(LANES, Math.min(fitting, fair, patient))
}

/** As many replications as fit into a batch; whole blocks, and one at least. */
export function fittingReplications(replicationBytes: number): number {
  return Math.max(LANES, Math.floor(BATCH_BYTES / replicationBytes / LANES) * LANES)
}

/** Rounded up to whole blocks. */
function blocks(replications: number): number {
  return Math.ceil(replications / LANES) * LANES
}

function keysOf<T extends object>(table: T): (keyof T)[] {
  return Object.keys(table) as (keyof T)[]
}
