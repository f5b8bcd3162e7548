/** Settings of a study file as those of `--set`, and from what is said of them back to the line in the study file. */
import { type Path, within } from '../../engine/market/problem.ts'
import { type WrittenSettings, settingPattern } from './schema.ts'

/** Where texts of settings come from. */
export interface SettingTexts {
  /** The settings of a map, in order, as `path=value`. */
  readonly textsOf: (settings: WrittenSettings, at: Path) => string[]
  /** The text of one setting. */
  readonly textOf: (path: string, value: unknown, at: Path) => string
  /** The place in the study file of a text that was made here. */
  readonly placeOf: (text: string) => Path | undefined
}

/** Makes texts of settings, no two alike, so that each leads back to its place. */
export function settingTexts(): SettingTexts {
  const places = new Map<string, Path>()
  const textOf = (path: string, value: unknown, at: Path): string => {
    // A comment of YAML: it tells the text apart and means nothing.
    const text = `${path}=${yamlOf(value)} #${places.size}`
    places.set(text, at)
    return text
  }
  // A map is set, and then what is in it again: that changes nothing, and a mistake is found where it stands.
  const withInner = (path: string, value: unknown, at: Path): string[] => [
    textOf(path, value, at),
    ...entriesOf(value).flatMap(([key, inner]) => withInner(`${path}.${key}`, inner, [...at, key])),
  ]
  return {
    textOf,
    textsOf: (settings, at) =>
      Object.entries(settings)
        // Others have been found.
        .filter(([path]) => settingPattern.test(path))
        .flatMap(([path, value]) => withInner(path, value, [...at, path])),
    placeOf: (text) => places.get(text),
  }
}

/** Whether a place is that of a setting inside of another one's map. */
export function isInner(place: Path, others: readonly Path[]): boolean {
  return others.some((other) => other.length < place.length && within(place, other))
}

/** What is in a map or a list, by keys that a path can have. */
function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return value.map((inner: unknown, i) => [i, inner])
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).filter(([key]) => /^[^\s=.#\d][^\s=.#]*$/.test(key))
}

/** A value of a YAML file as YAML in one line. */
function yamlOf(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf'
  }
  if (Array.isArray(value)) return `[${value.map(yamlOf).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${yamlOf(inner)}`)
    return `{${entries.join(', ')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
