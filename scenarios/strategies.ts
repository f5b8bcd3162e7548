/** Checks what a scenario says about decision rules against those that there are. */
import { DEFAULT_STRATEGY } from '../engine/market/shape.ts'
import { didYouMean } from '../engine/suggest.ts'
import { type Path, type Problem, labelOf, shown } from '../engine/market/problem.ts'
import type { ScenarioFile, StartupEntry } from './schema.ts'

/** A decision rule that scenarios may name, and the bounds of its settings; a `TracedStrategy` is one. */
export interface KnownStrategy {
  readonly name: string
  readonly settings: Readonly<Record<string, { readonly low: number; readonly high: number }>>
}

/** Every startup's mistakes about its strategy: a name that there is not, settings that it has not or out of bounds. */
export function checkStrategies(
  { startups }: Pick<ScenarioFile, 'startups'>,
  strategies: readonly KnownStrategy[],
): Problem[] {
  const known = [{ name: DEFAULT_STRATEGY, settings: {} }, ...strategies]
  return Object.entries(startups).flatMap(([id, { strategy }]) =>
    strategy === undefined ? [] : checkChoice(strategy, ['startups', id, 'strategy'], known),
  )
}

function checkChoice(
  choice: NonNullable<StartupEntry['strategy']>,
  at: Path,
  known: readonly KnownStrategy[],
): Problem[] {
  const { name, settings = {} } = typeof choice === 'string' ? { name: choice } : choice
  const strategy = known.find((one) => one.name === name)
  if (strategy !== undefined) {
    return Object.entries(settings).flatMap(([key, value]) =>
      checkSetting(strategy, [...at, 'settings', key], value),
    )
  }
  return [
    {
      code: 'unknown-strategy',
      at: typeof choice === 'string' ? at : [...at, 'name'],
      on: 'value',
      message: `there is no strategy '${name}'`,
      hint: didYouMean(
        name,
        known.map((one) => one.name),
      ),
    },
  ]
}

function checkSetting({ name, settings }: KnownStrategy, at: Path, value: number): Problem[] {
  const key = String(at.at(-1))
  const bounds = Object.hasOwn(settings, key) ? settings[key] : undefined
  if (bounds === undefined) {
    const message = `strategy ${name} has no setting '${key}'`
    const names = Object.keys(settings)
    const hint = names.length === 0 ? 'it has none' : didYouMean(key, names)
    return [{ code: 'unknown-setting', at, on: 'key', message, hint }]
  }
  const { low, high } = bounds
  if (value >= low && value <= high) return []
  const message = `${labelOf(at)} is ${shown(value)}, out of bounds`
  const hint = `strategy ${name} takes it from ${shown(low)} to ${shown(high)}`
  return [{ code: 'out-of-bounds', at, on: 'value', message, hint }]
}
