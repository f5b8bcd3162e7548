/**
 * A mistake found in a market, before it is known where in a file it stands. Every stage (reading, schema,
 * resolving, checking) hands back problems, so that all of them can be reported at once.
 */

/** The way to a value: keys of maps and indices of lists, from the root of the scenario. */
export type Path = readonly (string | number)[]

/** A mistake found in a scenario, before it is located. */
export interface Problem {
  /** Stable, kebab-case name of the kind of mistake. */
  readonly code: string
  readonly at: Path
  /** Whether the key or the value is wrong. */
  readonly on: 'key' | 'value'
  /** Lower case; names what was given and what is allowed. */
  readonly message: string
  readonly hint?: string | undefined
}

/** A path as users write it: `startups.freemium.plans.free.cap`. */
export function dotted(path: Path): string {
  return path.join('.')
}

/** Whether `inner` is `outer` or lies within it. */
export function within(inner: Path, outer: Path): boolean {
  return outer.length <= inner.length && outer.every((part, i) => String(part) === String(inner[i]))
}

/** A value as it appears in a message: short, strings in quotes, numbers as YAML writes them. */
export function shown(value: unknown): string {
  if (typeof value === 'number') return shownNumber(value)
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 37)}...` : value}'`
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a map' : String(value)
}

function shownNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  const exponential = value.toExponential().replace('e+', 'e')
  return exponential.length < String(value).length ? exponential : String(value)
}

/** A path as the subject of a sentence: the key, and what it belongs to. */
export function labelOf(at: Path): string {
  if (typeof at.at(-1) === 'number') return `value ${Number(at.at(-1)) + 1} of ${labelOf(at.slice(0, -1))}`
  const owner = at.slice(0, -1)
  return owner.length === 0 || owner[0] === 'parameters'
    ? String(at.at(-1))
    : `${at.at(-1)} of ${dotted(owner)}`
}
