/** The markets of a study: its scenario under the settings of each variant, for each combination of what is no figure. */
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { BusinessModel } from '../../agents/business-models/index.ts'
import { RivalryError, RivalryErrors } from '../../engine/errors.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { type Path, within } from '../../engine/market/problem.ts'
import type { Variant } from '../../engine/study/definition.ts'
import { didYouMean } from '../../engine/suggest.ts'
import { loadScenario } from '../load.ts'
import { listScenarios } from '../locate.ts'
import type { KnownStrategy } from '../strategies.ts'
import { type Structure, isPath, mostMarkets, tooManyMarkets, whereOf } from './design.ts'
import type { Findings } from './findings.ts'
import type { StudyFile, WrittenSettings } from './schema.ts'
import { isInner, settingTexts } from './settings.ts'

/** What the markets of a study are made of, beside its file. */
export interface MarketOptions {
  /** Name of the study's file: the folder that its scenario is looked for in. */
  readonly file: string
  readonly structures: readonly Structure[]
  /** Paths that the design decides at every point. */
  readonly decided: ReadonlySet<string>
  /** Paths that it should have decided, but for a mistake. */
  readonly lost: readonly string[]
  /** Settings `path=value` of all variants, after those of the file. */
  readonly set: readonly string[]
  readonly models: readonly BusinessModel[] | undefined
  readonly strategies: readonly KnownStrategy[] | undefined
}

/** Name of the only variant of a study that names none. */
export const ONLY_VARIANT = 'base'

/** The variants of a study file: their names and settings. */
export function writtenVariants({ variants = {} }: Pick<StudyFile, 'variants'>): [string, WrittenSettings][] {
  const named = Object.entries(variants).map(([name, settings]): [string, WrittenSettings] => [
    name,
    settings ?? {},
  ])
  return named.length === 0 ? [[ONLY_VARIANT, {}]] : named
}

/** A market of a study. */
export interface MadeMarket {
  readonly variant: string
  readonly structure: Structure
  readonly market: MarketDefinition
}

/** The markets of a study as far as they can be made. */
export interface MadeMarkets {
  /** All variants with all of their markets; `undefined`, and findings, where there are mistakes. */
  readonly variants: readonly Variant[] | undefined
  /** What there is to look for other mistakes in. Where settings have mistakes, they are left out. */
  readonly markets: readonly MadeMarket[]
  /** Whether all of them are there. */
  readonly areAll: boolean
  /** Whether what a setting with a mistake changes may be at a path. */
  readonly isDoubtful: (path: Path) => boolean
}

/** Resolves every market of a study. */
export function studyMarkets(file: StudyFile, options: MarketOptions, findings: Findings): MadeMarkets {
  const { structures } = options
  const before = findings.count
  const doubtful = options.lost.map((path): Path => path.split('.'))
  const isDoubtful = (path: Path): boolean => doubtful.some((one) => areOfOne(one, path))
  const scenario = scenarioOf(file.scenario, options.file, findings)
  const variants = writtenVariants(file)
  checkSettings(file, options, findings)
  const count = variants.length * structures.length
  if (count > mostMarkets) findings.add(tooManyMarkets(count))
  if (scenario === undefined || count > mostMarkets) {
    return { variants: undefined, markets: [], areAll: false, isDoubtful }
  }
  const errors = new MarketErrors({ variants: variants.length, structures: structures.length })
  const markets = variants.flatMap(([variant, settings]) =>
    structures.flatMap((structure): MadeMarket[] => {
      if (errors.isHopeless) return []
      const texts = settingTexts()
      const set = [
        ...texts.textsOf(file.set ?? {}, ['set']),
        ...texts.textsOf(settings, ['variants', variant]),
        ...options.set,
        ...Object.entries(structure.values).flatMap(([path, value]) => {
          const at = structure.places[path]
          return at === undefined ? [] : [texts.textOf(path, value, at)]
        }),
      ]
      const loaded = attempted(scenario, set, options)
      if (loaded.market) return [{ variant, structure, market: loaded.market }]
      errors.add({ variant, structure }, loaded.errors, texts.placeOf)
      const failed = loaded.errors.flatMap(({ path }) => settingOf(path) ?? [])
      doubtful.push(...failed.map((text): Path => text.slice(0, text.indexOf('=')).split('.')))
      const without = attempted(
        scenario,
        set.filter((text) => !failed.some((one) => areNested(text, one))),
        options,
      )
      return without.market ? [{ variant, structure, market: without.market }] : []
    }),
  )
  errors.report(findings)
  const made = variants.map(([name]) => ({
    name,
    markets: markets.flatMap(({ variant, market }) => (variant === name ? [market] : [])),
  }))
  return {
    variants: findings.count > before ? undefined : made,
    markets,
    areAll: markets.length === count,
    isDoubtful,
  }
}

/** The scenario under some settings, or what is wrong with them. */
function attempted(
  scenario: string,
  set: readonly string[],
  { models, strategies }: MarketOptions,
): { readonly market?: MarketDefinition; readonly errors: readonly RivalryError[] } {
  try {
    const market = loadScenario(scenario, { set, strategies, ...(models === undefined ? {} : { models }) })
    return { market, errors: [] }
  } catch (thrown) {
    if (!(thrown instanceof RivalryErrors)) throw thrown
    return { errors: thrown.errors }
  }
}

/** The text of the setting that an error is about. */
function settingOf(path: string | undefined): string | undefined {
  return path?.startsWith('--set ') ? path.slice('--set '.length) : undefined
}

/** Whether a setting sets what another sets, or something around it or in it. */
function areNested(text: string, other: string): boolean {
  const [one = [], two = []] = [text, other].map((setting) =>
    setting.slice(0, setting.indexOf('=')).split('.'),
  )
  return within(one, two) || within(two, one)
}

/** Whether two paths are about the same startup, segment or other thing, as far as they tell. */
function areOfOne(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length, 2)
  return within(one.slice(0, length), other.slice(0, length))
}

/** What the scenario of a study is to `loadScenario`. */
function scenarioOf(given: string, studyFile: string, findings: Findings): string | undefined {
  // One that is missing has been found.
  if (findings.has(['scenario'])) return undefined
  const names = listScenarios().map(({ name }) => name)
  if (names.includes(given)) return given
  const path = isAbsolute(given) ? given : join(dirname(studyFile), given)
  if (existsSync(path)) return path
  const isName = !/[\\/]|\.ya?ml$/i.test(given)
  findings.add({
    code: isName ? 'unknown-scenario' : 'scenario-not-found',
    at: ['scenario'],
    on: 'value',
    message: isName ? `there is no scenario '${given}'` : `there is no file '${path}'`,
    hint: isName
      ? didYouMean(given, names)
      : 'give a path from the folder of the study, or a packaged scenario',
  })
  return undefined
}

/** Settings have paths, and none that the design decides at every point. */
function checkSettings(file: StudyFile, { decided, set }: MarketOptions, findings: Findings): void {
  const message = (path: string): string => `the design decides ${path}, so that setting it changes nothing`
  const check = (settings: WrittenSettings, at: Path): void => {
    for (const path of Object.keys(settings)) {
      const place = [...at, path]
      if (!isPath(path, place, findings) || !decided.has(path)) continue
      const hint = 'leave it out here, or in the design'
      findings.add({ code: 'unused-setting', at: place, on: 'key', message: message(path), hint })
    }
  }
  check(file.set ?? {}, ['set'])
  for (const [name, settings] of Object.entries(file.variants ?? {}))
    check(settings ?? {}, ['variants', name])
  for (const text of set) {
    const path = text.slice(0, Math.max(text.indexOf('='), 0)).trim()
    if (!decided.has(path)) continue
    findings.addElsewhere(
      new RivalryError(message(path), {
        code: 'unused-setting',
        path: `--set ${text}`,
        hint: 'leave it out',
      }),
    )
  }
}

/** Mistakes whose key is wrong, not the value. */
const OF_KEYS = /^(unknown-(key|path|segment|startup|shock|plan|setting)|bad-id|missing-key)$/

/** Codes of a scenario that cannot be read: the study names the wrong thing. */
const OF_FILES = new Set(['scenario-not-found', 'scenario-is-directory', 'scenario-unreadable'])

/** Errors of many markets, which mostly are the same. */
class MarketErrors {
  readonly #counts: { readonly variants: number; readonly structures: number }
  readonly #found = new Map<
    string,
    { error: RivalryError; place?: Path; variants: Set<string>; structures: Set<Structure> }
  >()
  #markets = 0

  /** @param counts how many variants and structures the study has */
  constructor(counts: { readonly variants: number; readonly structures: number }) {
    this.#counts = counts
  }

  /** Whether so many markets failed that the others would tell nothing new. */
  get isHopeless(): boolean {
    return this.#markets >= 50
  }

  /** @param placeOf where in the study file the text of a setting comes from */
  add(
    { variant, structure }: { readonly variant: string; readonly structure: Structure },
    errors: readonly RivalryError[],
    placeOf: (text: string) => Path | undefined,
  ): void {
    this.#markets++
    const earlier = new Map<string, Path[]>()
    for (const error of errors) {
      const text = settingOf(error.path)
      const place = OF_FILES.has(error.code) ? ['scenario'] : text === undefined ? undefined : placeOf(text)
      if (place !== undefined) {
        // A setting that leads nowhere takes those inside of it along.
        const others = earlier.get(error.message) ?? []
        if (isInner(place, others)) continue
        earlier.set(error.message, [...others, place])
      }
      const key = JSON.stringify([error.code, place ?? error.path, error.message])
      const known = this.#found.get(key) ?? {
        error,
        ...(place ? { place } : {}),
        variants: new Set(),
        structures: new Set(),
      }
      known.variants.add(variant)
      known.structures.add(structure)
      this.#found.set(key, known)
    }
  }

  report(findings: Findings): void {
    for (const { error, place, variants, structures } of this.#found.values()) {
      const { code, hint, path } = error
      // From its place in the scenario's file it is not seen which variant makes it a mistake.
      const isPlain = place !== undefined && place[0] !== 'set'
      const ofSome = variants.size < this.#counts.variants ? [...variants][0] : undefined
      const withSome = structures.size < this.#counts.structures ? [...structures][0]! : { values: {} }
      const message = `${error.message}${isPlain ? '' : whereOf(ofSome, withSome.values)}`
      if (place === undefined) findings.addElsewhere(new RivalryError(message, { code, path, hint }))
      else findings.add({ code, at: place, on: OF_KEYS.test(code) ? 'key' : 'value', message, hint })
    }
  }
}
