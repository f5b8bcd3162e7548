/** Loads scenarios from files. */
import type { MarketDefinition } from '../engine/market/definition.ts'
import { locateScenario } from './locate.ts'
import { type ParseOptions, parseScenario } from './parse.ts'
import { readTextFile } from './text-file.ts'

/**
 * Loads a scenario from a file, or the packaged one of a bare name such as `large-model-market`.
 *
 * @param options.set settings `path=value` that override the file, in order
 * @param options.strategies decision rules that it may name; without them they are checked when it is simulated
 * @throws RivalryErrors with everything wrong with the file, its text and the settings
 */
export function loadScenario(nameOrPath: string, options: Omit<ParseOptions, 'file'> = {}): MarketDefinition {
  const file = locateScenario(nameOrPath)
  return parseScenario(readTextFile(file, 'scenario'), { ...options, file })
}
