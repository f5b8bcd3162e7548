/**
 * The library: `import { loadScenario, simulate } from 'rivalry'`. What is exported here is what a program needs to
 * load a scenario, run it and read its results, to write strategies, and to write markets of its own; the rest of the
 * tree has no promises.
 */
import { strategies } from './agents/strategies/index.ts'
import { studyWorkerEntry, workerEntry } from './agents/worker-entry.ts'
import type { MarketDefinition } from './engine/market/definition.ts'
import { simulate as simulateWith, type SimulateOptions, type Simulation } from './engine/run/index.ts'
import {
  mergeStudies as mergeStudiesWith,
  study as studyWith,
  type StudyDefinition,
  type StudyOptions,
  type StudyResult,
  type StudyRun,
} from './engine/study/index.ts'

/**
 * Simulates a market on all cores unless told otherwise. Startups may follow the packaged strategies and those given
 * as `strategies`, which are compiled here and run in every thread. `plainStrategies` are functions that do not cross
 * threads: the run stays in this one, unless `workerEntry` names a module that knows them as well, whose default
 * export is `batchWorker({ plainStrategies })`.
 *
 * ```ts
 * const { summary } = await simulate(loadScenario('three-ways'), { replications: 1000, seed: 7 })
 * ```
 *
 * @throws RivalryErrors with every option that is unknown or has an impossible value; RivalryError as the engine does.
 */
export function simulate(market: MarketDefinition, options: SimulateOptions = {}): Promise<Simulation> {
  // What is no list is for the check of the options to find.
  const own = options?.strategies ?? []
  const known = Array.isArray(own) ? [...own, ...strategies] : own
  const packaged = options?.plainStrategies === undefined ? { workerEntry } : {}
  if (typeof options !== 'object' || options === null) return simulateWith(market, options)
  return simulateWith(market, { ...packaged, ...options, strategies: known })
}

/**
 * Begins a study, on all cores unless told otherwise: units that are done stay in the folder, and the study can be
 * stopped and gone on with at any time. About strategies the same holds as for `simulate`; a `workerEntry` exports
 * `unitWorker({ strategies, plainStrategies })`, since units are compiled where they are computed. With strategies of
 * your own and no such module, units are computed in this thread.
 *
 * ```ts
 * const run = study(loadStudy('freemium-or-subscription'), { folder: 'out/study' })
 * for await (const { units } of run) console.log(`${units.done} of ${units.total}`)
 * const result = await run.result
 * ```
 *
 * @throws (as a rejection of `result`) RivalryErrors with every option that is wrong; RivalryError as the engine does.
 */
export function study(definition: StudyDefinition, options: StudyOptions = {}): StudyRun {
  return studyWith(definition, withAgents(options))
}

/** Brings folders with parts of a study together, and finishes it if nothing is missing. */
export function mergeStudies(
  folders: readonly string[],
  options: Omit<StudyOptions, 'folder' | 'shard' | 'queue'> & { readonly folder: string },
): Promise<StudyResult> {
  return mergeStudiesWith(folders, options)
}

function withAgents(options: StudyOptions): StudyOptions {
  const { strategies: own, plainStrategies } = options
  const isPackaged = own === undefined && plainStrategies === undefined
  return {
    ...(isPackaged ? { workerEntry: studyWorkerEntry } : {}),
    ...options,
    strategies: [...(own ?? []), ...strategies],
  }
}

export { RivalryError, RivalryErrors } from './engine/errors.ts'
export type { MarketDefinition } from './engine/market/definition.ts'
export {
  type Manifest,
  type Progress,
  type RunManifest,
  type StudyManifest,
  type SimulateOptions,
  type Simulation,
  type StartupSummary,
  type Summary,
  type WorkerEntry,
  engineVersion,
  summaryText,
} from './engine/run/index.ts'
export {
  type Design,
  type Discovery,
  type Factor,
  type Stopping,
  type StudyDefinition,
  type StudyMetric,
  type StudyOptions,
  type StudyProgress,
  type StudyResult,
  type StudyRun,
  type StudyStatus,
  type StudySummary,
  type Target,
  type Variant,
  studyStatus,
  studyText,
} from './engine/study/index.ts'
export { unitWorker } from './engine/study/units/unit-worker.ts'
export { batchWorker } from './engine/run/worker.ts'
export { readArrow } from './engine/tables/read.ts'
export {
  type Figure,
  type KnownStrategy,
  listScenarios,
  listStudies,
  loadScenario,
  loadStudy,
  parseScenario,
  parseStudy,
  setPaths,
} from './scenarios/index.ts'

// Business models: presets that a scenario names (docs/business-models.md).
export { type BusinessModel, type PresetPlan, businessModels } from './agents/business-models/index.ts'

// Strategies: what they are, what they see, and how they find their way around the market (docs/strategies.md).
export { strategies } from './agents/strategies/index.ts'
export {
  costMultiples,
  leadingQuality,
  qualityOf,
  revenueBefore,
  rivalMultiples,
  shareOf,
} from './agents/strategies/observations.ts'
export type { Actions, Situation, TracedStrategy } from './engine/market/decisions.ts'
export {
  type Offer,
  type Pair,
  type Plan,
  type Segment,
  type Startup,
  type World,
  ATTRIBUTES,
  TYPES,
  lagsOf,
  marketOffersOf,
  offersOf,
  ownerOf,
  pairOf,
  pairsOf,
  planOf,
  plansOf,
  presenceOf,
  rivalsOf,
  segmentOf,
  startupOf,
} from './engine/market/model.ts'
export type {
  PlainPlan,
  PlainRival,
  PlainSegment,
  PlainSituation,
  PlainStrategy,
} from './engine/simulation/plain-strategies.ts'

// The language that strategies and markets are written in, its numerics and draws, and how a program is run
// (docs/language.md).
export * from './engine/trace/index.ts'
export { binomial } from './engine/numerics/binomial.ts'
export { type DrawSource, drawSource, normal, normals, uniform, uniforms } from './engine/numerics/draws.ts'
export { exp } from './engine/numerics/exponential.ts'
export { log } from './engine/numerics/logarithm.ts'
export { power } from './engine/numerics/power.ts'
export { seedKeyOf } from './engine/numerics/seed.ts'
export {
  type InstanceOptions,
  type PointValues,
  type Structure,
  Instance,
} from './engine/simulation/instance.ts'
