/** What a caller of `study` may choose, checked. */
import type { Backend } from '../backends/kernel.ts'
import { RivalryError, RivalryErrors } from '../errors.ts'
import { didYouMean } from '../suggest.ts'
import type { Agents } from '../run/executor.ts'
import type { ResultFormat } from '../files/manifest.ts'
import { choiceProblems, chosen, shown } from '../run/options.ts'
import type { WorkerEntry } from '../run/threads.ts'

/** Units whose number leaves this remainder: part `index` of `of`, from 1. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/** How far a study is. */
export interface StudyProgress {
  /** Number of the look, from 0. */
  readonly look: number
  /** Units that are done, and all of this look and before; of a shard, its own. */
  readonly units: { readonly done: number; readonly total: number }
  /** Units that were there before this process began. */
  readonly found: number
  /** Units that failed for good. */
  readonly failed: number
  /** Replications of these units, of all variants and points. */
  readonly replications: number
}

/** What changes no byte of a study's results, but where they are, their format, and who computes them. */
export interface StudyOptions extends Agents {
  /** Folder of the results, and of the units until they are finished; a temporary one that is removed when left out. */
  readonly folder?: string | undefined
  readonly format?: ResultFormat | undefined
  /** Threads; 0 computes in this one. All cores unless stated. */
  readonly workers?: number | undefined
  readonly backend?: Backend | undefined
  /** Whether to go on with a study that was begun in the folder. */
  readonly resume?: boolean | undefined
  /** Whether to drop what is in the folder: units that were begun, and results of another run or study. */
  readonly overwrite?: boolean | undefined
  /** Whether to keep the units beside the results. */
  readonly keepUnits?: boolean | undefined
  /** Which part of the units to compute; others share the folder, or their folders are merged. */
  readonly shard?: Shard | undefined
  /** Whether a shard waits for the units of others; without it ends when its own are done. */
  readonly wait?: boolean | undefined
  /** Address of a Redis server, whose workers compute the units: `redis://host:6379`. */
  readonly queue?: string | undefined
  /** Ends the study at once; units that are done stay. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: StudyProgress) => void) | undefined
  /** The module of worker threads, whose default export is a `unitWorker`; without it there are none. */
  readonly workerEntry?: WorkerEntry | undefined
}

type Kind = { readonly name: string; readonly fits: (value: unknown) => boolean }

const truth: Kind = { name: 'true or false', fits: (value) => typeof value === 'boolean' }
const has = (value: unknown, key: string): boolean =>
  typeof value === 'object' && value !== null && key in value
const rules: Kind = {
  name: 'a list of strategies',
  fits: (value) => Array.isArray(value) && value.every((rule) => has(rule, 'name') && has(rule, 'decide')),
}

const KINDS: { readonly [Name in keyof Required<StudyOptions>]: Kind | 'choice' } = {
  folder: { name: 'the path of a folder', fits: (value) => typeof value === 'string' && value !== '' },
  format: 'choice',
  workers: 'choice',
  backend: 'choice',
  resume: truth,
  overwrite: truth,
  keepUnits: truth,
  shard: { name: 'a part such as { index: 1, of: 5 }', fits: isShard },
  wait: truth,
  queue: {
    name: 'the address of a Redis server, such as redis://host:6379',
    fits: (value) => typeof value === 'string' && /^rediss?:\/\/./.test(value),
  },
  signal: { name: 'an AbortSignal', fits: (value) => has(value, 'aborted') },
  onProgress: { name: 'a function', fits: (value) => typeof value === 'function' },
  workerEntry: { name: 'an object with the url of a module', fits: (value) => has(value, 'url') },
  strategies: rules,
  plainStrategies: rules,
}

/** The options with their defaults. */
export type ChosenStudyOptions = StudyOptions & {
  readonly format: ResultFormat
  readonly workers: number
  readonly backend: Backend
  readonly resume: boolean
  readonly overwrite: boolean
  readonly keepUnits: boolean
  readonly wait: boolean
}

/** @throws RivalryErrors `unknown-option` and `invalid-option`, all at once. */
export function checkedStudyOptions(options: StudyOptions): ChosenStudyOptions {
  const found = [
    ...unknownOptions(options),
    ...misfits(options),
    ...contradictions(options),
    ...choiceProblems(options),
  ]
  if (found.length > 0) throw new RivalryErrors(found)
  const { format, workers, backend } = chosen(options)
  const { resume = false, overwrite = false, keepUnits = false, wait = false } = options
  return { ...options, format, workers, backend, resume, overwrite, keepUnits, wait }
}

function unknownOptions(options: StudyOptions): RivalryError[] {
  return Object.keys(options)
    .filter((name) => !Object.hasOwn(KINDS, name))
    .map((name) => {
      const hint = didYouMean(name, Object.keys(KINDS))
      return new RivalryError(`there is no option '${name}'`, { code: 'unknown-option', path: name, hint })
    })
}

function misfits(options: StudyOptions): RivalryError[] {
  return (Object.entries(KINDS) as [keyof StudyOptions, Kind | 'choice'][]).flatMap(([name, kind]) => {
    const value: unknown = options[name]
    if (value === undefined || kind === 'choice' || kind.fits(value)) return []
    const message = `${name} is ${shown(value)}, not ${kind.name}`
    return [new RivalryError(message, { code: 'invalid-option', path: name })]
  })
}

/** A shard that drops what others did would never end, and one of them would begin a finished study anew. */
function contradictions({ shard, overwrite }: StudyOptions): RivalryError[] {
  if (shard === undefined || overwrite !== true) return []
  return [
    new RivalryError('overwrite cannot be combined with shard: parts share what is in the folder', {
      code: 'invalid-option',
      path: 'overwrite',
      hint: 'name another folder, or remove this one first',
    }),
  ]
}

function isShard(value: unknown): boolean {
  const { index, of } = (value ?? {}) as Partial<Shard>
  return Number.isInteger(index) && Number.isInteger(of) && index! >= 1 && index! <= of! && of! <= 1_000_000
}
