/** The markets of a study: its scenario under the settings of each variant, for each combination of what is no figure. */
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { BusinessModel } from '../../agents/business-models/index.ts'
import { RivalryError, RivalryErrors } from '../../engine/errors.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import type { Path } from '../../engine/market/problem.ts'
import type { Variant } from '../../engine/study/definition.ts'
import { didYouMean } from '../../engine/suggest.ts'
import { loadScenario } from '../load.ts'
import { listScenarios } from '../locate.ts'
import type { KnownStrategy } from '../strategies.ts'
import { type Structure, isPath, mostMarkets, tooManyMarkets } from './design.ts'
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
  /** Settings `path=value` of all variants, after those of the file. */
  readonly set: readonly string[]
  readonly models: readonly BusinessModel[] | undefined
  readonly strategies: readonly KnownStrategy[] | undefined
}

/** Name of the only variant of a study that names none. */
const ONLY_VARIANT = 'base'

/** The variants of a study file: their names and settings. */
export function writtenVariants({ variants = {} }: Pick<StudyFile, 'variants'>): [string, WrittenSettings][] {
  const named = Object.entries(variants).map(([name, settings]): [string, WrittenSettings] => [
    name,
    settings ?? {},
  ])
  return named.length === 0 ? [[ONLY_VARIANT, {}]] : named
}

/** Resolves every market of a study; `undefined`, and findings, where the scenario or a setting has mistakes. */
export function studyVariants(
  file: StudyFile,
  options: MarketOptions,
  findings: Findings,
): readonly Variant[] | undefined {
  const before = findings.count
  const scenario = scenarioOf(file.scenario, options.file, findings)
  const variants = writtenVariants(file)
  checkSettings(file, options, findings)
  const count = variants.length * options.structures.length
  if (count > mostMarkets) findings.add(tooManyMarkets(count))
  if (scenario === undefined || count > mostMarkets) return undefined
  const errors = new MarketErrors(variants.map(([name]) => name))
  const made = variants.map(([name, settings]) => ({
    name,
    markets: options.structures.flatMap((structure): MarketDefinition[] => {
      if (errors.isHopeless) return []
      const texts = settingTexts()
      const set = [
        ...texts.textsOf(file.set ?? {}, ['set']),
        ...texts.textsOf(settings, ['variants', name]),
        ...options.set,
        ...Object.entries(structure.values).flatMap(([path, value]) => {
          const at = structure.places[path]
          return at === undefined ? [] : [texts.textOf(path, value, at)]
        }),
      ]
      const { models, strategies } = options
      try {
        return [loadScenario(scenario, { set, strategies, ...(models === undefined ? {} : { models }) })]
      } catch (thrown) {
        if (!(thrown instanceof RivalryErrors)) throw thrown
        errors.add(name, thrown.errors, texts.placeOf)
        return []
      }
    }),
  }))
  errors.report(findings)
  return findings.count > before ? undefined : made
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
  readonly #variants: readonly string[]
  readonly #found = new Map<string, { error: RivalryError; place?: Path; variants: Set<string> }>()
  #markets = 0

  constructor(variants: readonly string[]) {
    this.#variants = variants
  }

  /** Whether so many markets failed that the others would tell nothing new. */
  get isHopeless(): boolean {
    return this.#markets >= 50
  }

  /** @param placeOf where in the study file the text of a setting comes from */
  add(variant: string, errors: readonly RivalryError[], placeOf: (text: string) => Path | undefined): void {
    this.#markets++
    const earlier = new Map<string, Path[]>()
    for (const error of errors) {
      const text = error.path?.startsWith('--set ') ? error.path.slice('--set '.length) : undefined
      const place = OF_FILES.has(error.code) ? ['scenario'] : text === undefined ? undefined : placeOf(text)
      if (place !== undefined) {
        // A setting that leads nowhere takes those inside of it along.
        const others = earlier.get(error.message) ?? []
        if (isInner(place, others)) continue
        earlier.set(error.message, [...others, place])
      }
      const key = JSON.stringify([error.code, place ?? error.path, error.message])
      const known = this.#found.get(key)
      if (known) known.variants.add(variant)
      else this.#found.set(key, { error, ...(place ? { place } : {}), variants: new Set([variant]) })
    }
  }

  report(findings: Findings): void {
    for (const { error, place, variants } of this.#found.values()) {
      const { code, hint, path } = error
      // Of a mistake in the scenario's file it is not seen from the place which variant makes it one.
      const isOfSome = variants.size < this.#variants.length && place?.[0] !== 'variants'
      const message = isOfSome ? `${error.message} (in variant '${[...variants][0]}')` : error.message
      if (place === undefined) findings.addElsewhere(new RivalryError(message, { code, path, hint }))
      else findings.add({ code, at: place, on: OF_KEYS.test(code) ? 'key' : 'value', message, hint })
    }
  }
}
