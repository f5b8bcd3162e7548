/** Loads scenarios from files. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { RivalryError, RivalryErrors } from '../engine/errors.ts'
import type { MarketDefinition } from '../engine/market/definition.ts'
import { locateScenario } from './locate.ts'
import { type ParseOptions, longestScenarioBytes, notText, parseScenario, tooLarge } from './parse.ts'

/**
 * Loads a scenario from a file, or the packaged one of a bare name such as `large-model-market`.
 *
 * @param options.set settings `path=value` that override the file, in order
 * @param options.strategies decision rules that it may name; without them they are checked when it is simulated
 * @throws RivalryErrors with everything wrong with the file, its text and the settings
 */
export function loadScenario(nameOrPath: string, options: Omit<ParseOptions, 'file'> = {}): MarketDefinition {
  const file = locateScenario(nameOrPath)
  return parseScenario(readText(file), { ...options, file })
}

function readText(file: string): string {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    const status = fstatSync(descriptor)
    if (status.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' })
    if (!status.isFile() && !status.isFIFO()) throw new Error('not a regular file')
    if (status.size > longestScenarioBytes) throw new RivalryErrors([tooLarge(status.size, file)])
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(descriptor))
  } catch (cause) {
    if (cause instanceof RivalryErrors) throw cause
    throw new RivalryErrors([unreadable(file, cause)])
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function unreadable(file: string, cause: unknown): RivalryError {
  if (cause instanceof TypeError) return notText(file)
  const system = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (system === 'ENOENT' || system === 'ENOTDIR') {
    const hint = 'give the path of a YAML file, or the name of a packaged scenario'
    return new RivalryError(`there is no file '${file}'`, {
      code: 'scenario-not-found',
      path: file,
      hint,
      cause,
    })
  }
  if (system === 'EISDIR') {
    const hint = 'name the YAML file in it'
    return new RivalryError(`'${file}' is a directory`, {
      code: 'scenario-is-directory',
      path: file,
      hint,
      cause,
    })
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  const hint = 'can you open it yourself?'
  return new RivalryError(`cannot read '${file}': ${reason}`, {
    code: 'scenario-unreadable',
    path: file,
    hint,
    cause,
  })
}
