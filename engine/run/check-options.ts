/** What a caller of `simulate` got wrong, found before anything is done: for programs that no type checker saw. */
import { RivalryError, RivalryErrors } from '../errors.ts'
import { didYouMean } from '../suggest.ts'
import { choiceProblems, shown } from './options.ts'
import type { SimulateOptions } from './simulate.ts'

/** What each option may be, beside left out; those that are choices are checked by value. */
const KINDS: { readonly [Name in keyof Required<SimulateOptions>]: Kind | 'choice' } = {
  replications: 'choice',
  seed: 'choice',
  recording: 'choice',
  format: 'choice',
  workers: 'choice',
  backend: 'choice',
  batch: 'choice',
  folder: { name: 'the path of a folder', fits: (value) => typeof value === 'string' && value !== '' },
  overwrite: { name: 'true or false', fits: (value) => typeof value === 'boolean' },
  signal: { name: 'an AbortSignal', fits: (value) => has(value, 'aborted') },
  onProgress: { name: 'a function', fits: (value) => typeof value === 'function' },
  onBatch: { name: 'a function', fits: (value) => typeof value === 'function' },
  strategies: { name: 'a list of strategies', fits: areRules },
  plainStrategies: { name: 'a list of strategies', fits: areRules },
  workerEntry: { name: 'an object with the url of a module', fits: (value) => has(value, 'url') },
}

interface Kind {
  readonly name: string
  readonly fits: (value: unknown) => boolean
}

/**
 * Checks what `simulate` was given.
 *
 * @throws RivalryErrors `invalid-market`, `unknown-option` and `invalid-option`, all at once.
 */
export function checkOptions(market: unknown, options: unknown): void {
  const found = [...marketProblems(market), ...optionProblems(options)]
  if (found.length > 0) throw new RivalryErrors(found)
}

function marketProblems(market: unknown): RivalryError[] {
  const isOne = ['months', 'parameters', 'segments', 'startups'].every((key) => has(market, key))
  if (isOne) return []
  const hint = 'load one with loadScenario or parseScenario'
  return [new RivalryError(`the market is ${shown(market)}, not a market`, { code: 'invalid-market', hint })]
}

function optionProblems(options: unknown): RivalryError[] {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return [new RivalryError(`the options are ${shown(options)}, not an object`, { code: 'invalid-option' })]
  }
  const unknown = Object.keys(options)
    .filter((name) => !Object.hasOwn(KINDS, name))
    .map((name) => {
      const hint = didYouMean(name, Object.keys(KINDS))
      return new RivalryError(`there is no option '${name}'`, { code: 'unknown-option', path: name, hint })
    })
  const given = options as SimulateOptions
  const misfits = (Object.entries(KINDS) as [keyof SimulateOptions, Kind | 'choice'][]).flatMap(
    ([name, kind]) => {
      const value: unknown = given[name]
      if (value === undefined || kind === 'choice' || kind.fits(value)) return []
      const hint = value instanceof URL ? 'make it a path with fileURLToPath' : undefined
      const message = `${name} is ${shown(value)}, not ${kind.name}`
      return [new RivalryError(message, { code: 'invalid-option', path: name, hint })]
    },
  )
  return [...unknown, ...choiceProblems(given), ...misfits]
}

function areRules(value: unknown): boolean {
  return Array.isArray(value) && value.every((rule) => has(rule, 'name') && has(rule, 'decide'))
}

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value
}
