/**
 * The library: `import { loadScenario, simulate } from 'rivalry'`. What is exported here is what a program needs to
 * load a scenario, run it and read its results; the rest of the tree may be imported by path, without promises.
 */
import { strategies } from './agents/strategies/index.ts'
import { workerEntry } from './agents/worker-entry.ts'
import type { MarketDefinition } from './engine/market/definition.ts'
import { simulate as simulateWith, type SimulateOptions, type Simulation } from './engine/study/index.ts'

/**
 * Simulates a market with the packaged strategies, on all cores unless told otherwise. Strategies of your own are
 * functions, which do not cross threads: give them as `strategies` or `plainStrategies` and the run stays in this
 * thread, or write a module like agents/worker.ts and give it as `workerEntry`.
 *
 * ```ts
 * const { summary } = await simulate(loadScenario('three-ways'), { replications: 1000, seed: 7 })
 * ```
 */
export function simulate(market: MarketDefinition, options: SimulateOptions = {}): Promise<Simulation> {
  if (options.strategies === undefined && options.plainStrategies === undefined)
    return simulateWith(market, { strategies, workerEntry, ...options })
  return simulateWith(market, { ...options, strategies: [...(options.strategies ?? []), ...strategies] })
}

export { RivalryError, RivalryErrors } from './engine/errors.ts'
export type { MarketDefinition } from './engine/market/definition.ts'
export {
  type Manifest,
  type Progress,
  type SimulateOptions,
  type Simulation,
  type StartupSummary,
  type Summary,
  engineVersion,
  summaryText,
} from './engine/study/index.ts'
export { batchWorker } from './engine/study/worker.ts'
export { readArrow } from './engine/tables/read.ts'
export { listScenarios, loadScenario, parseScenario } from './scenarios/index.ts'
