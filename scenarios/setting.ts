/** Settings given beside a scenario, as in `--set startups.free-ads.cash=20e6`: their form, and how they apply. */
import type { BusinessModel } from '../agents/business-models/index.ts'
import { type Path, type Problem, shown, within } from '../engine/market/problem.ts'
import { didYouMean } from '../engine/suggest.ts'
import { readTree } from './tree.ts'

/** One setting, read. */
export interface Setting {
  /** As the user wrote it. */
  readonly text: string
  readonly at: Path
  readonly value: unknown
}

/** A problem of a setting, which is not in the file. */
export interface SettingProblem extends Problem {
  readonly setting: string
}

/**
 * Reads `path=value`, the value as YAML. Returns a problem where the form is wrong.
 */
export function readSetting(text: string): Setting | SettingProblem {
  const equals = text.indexOf('=')
  const path = text.slice(0, Math.max(equals, 0)).trim()
  const bad = (message: string): SettingProblem => {
    const hint = 'write path=value, as in startups.free-ads.cash=20e6'
    return { code: 'bad-setting', at: [], on: 'key', message, hint, setting: text }
  }
  if (equals < 0) return bad(`setting '${text}' has no '='`)
  if (path === '' || path.split('.').includes('')) return bad(`setting '${text}' has no path before '='`)
  if (path.split('.').includes('__proto__'))
    return bad(`setting '${text}' names '__proto__', which cannot be a key`)
  const tree = readTree(text.slice(equals + 1))
  const [first] = tree.problems
  if (first) return bad(`value of setting '${text}' is not YAML: ${first.message}`)
  return { text, at: path.split('.'), value: tree.value }
}

/**
 * A copy of `tree` with the settings applied in order, and a problem for each that leads nowhere. Keys that the
 * schema does not know are left for the schema to find.
 */
export function applySettings(
  tree: unknown,
  settings: readonly Setting[],
  models: readonly BusinessModel[],
): { readonly tree: unknown; readonly problems: readonly SettingProblem[] } {
  const problems: SettingProblem[] = []
  let applied = tree
  for (const setting of settings) {
    const ready = withStrategyAsMap(applied, setting.at)
    const problem = unknownId(ready, setting, models) ?? blocked(ready, setting)
    if (problem) problems.push(problem)
    else applied = withValue(ready, setting.at, setting.value)
  }
  return { tree: applied, problems }
}

/**
 * The last setting that decided what stands at a path, or that nothing stands there: one for it, for a map around it,
 * for one value of the list there, or one that made the map in which something is missing.
 */
export function settingAt(
  settings: readonly Setting[],
  { at, on }: Pick<Problem, 'at' | 'on'>,
  isWritten: (at: Path) => boolean,
): Setting | undefined {
  const map = at.slice(0, -1)
  return settings.findLast((setting) => {
    if (within(at, setting.at)) return true
    if (on === 'key' && map.length > 0 && within(setting.at, map) && !isWritten(map)) return true
    const isElement = setting.at.length === at.length + 1 && /^\d+$/.test(String(setting.at.at(-1)))
    return within(setting.at, at) && (isElement || !isWritten(at))
  })
}

/** `strategy: undercut` is short for `strategy: { name: undercut }`, so that its settings can be set. */
function withStrategyAsMap(tree: unknown, at: Path): unknown {
  if (at[0] !== 'startups' || at[2] !== 'strategy' || at.length < 4) return tree
  const name = at.slice(0, 3).reduce(entry, tree)
  return typeof name === 'string' ? withValue(tree, at.slice(0, 3), { name }) : tree
}

function unknownId(
  tree: unknown,
  { at, text }: Setting,
  models: readonly BusinessModel[],
): SettingProblem | undefined {
  const [group, id, field, planId] = at.map(String)
  if ((group !== 'segments' && group !== 'startups' && group !== 'shocks') || id === undefined)
    return undefined
  const problem = (kind: string, given: string, allowed: readonly string[]): SettingProblem => {
    const message = `there is no ${kind} '${given}' to set`
    return {
      code: `unknown-${kind}`,
      at,
      on: 'key',
      message,
      hint: didYouMean(given, allowed),
      setting: text,
    }
  }
  const known = keys(entry(tree, group))
  if (!known.includes(id)) return problem(group.slice(0, -1), id, known)
  if (group !== 'startups' || field !== 'plans' || planId === undefined) return undefined
  const startup = at.slice(0, 2).reduce(entry, tree)
  const preset = models.find((model) => model.name === entry(startup, 'model'))
  const plans = new Set([...(preset?.plans.map((plan) => plan.id) ?? []), ...keys(entry(startup, 'plans'))])
  return plans.has(planId) ? undefined : problem('plan', planId, [...plans])
}

/** The problem of a path that goes through something without keys, or past the end of a list. */
function blocked(tree: unknown, { at, text }: Setting): SettingProblem | undefined {
  let node = tree
  for (const [depth, part] of at.entries()) {
    const isIndex = /^\d+$/.test(String(part))
    const fits = Array.isArray(node) ? isIndex && Number(part) < node.length : isMap(node) || node == null
    if (!fits || (isIndex && !Array.isArray(node))) {
      const owner = at.slice(0, depth).join('.')
      const message = fits
        ? `${owner} is not written as a list`
        : `${owner} is ${shown(node)} without '${part}'`
      return { code: 'unknown-path', at, on: 'key', message, hint: `set ${owner} as a whole`, setting: text }
    }
    node = entry(node, part)
  }
  return undefined
}

/** A copy of plain data in which `value` stands at `at`; maps on the way are made where there are none. */
export function withValue(tree: unknown, at: Path, value: unknown): unknown {
  const [first, ...rest] = at
  if (first === undefined) return value
  const changed = withValue(entry(tree, first), rest, value)
  if (Array.isArray(tree)) return tree.map((item, i) => (String(i) === String(first) ? changed : item))
  return { ...(isMap(tree) ? tree : {}), [first]: changed }
}

/** A copy of plain data without what stands at `at`; where that is in a list, without the whole list. */
export function withoutValue(tree: unknown, at: Path): unknown {
  const [first, ...rest] = at
  if (first === undefined || Array.isArray(tree)) return undefined
  if (!isMap(tree)) return tree
  const { [String(first)]: child, ...others } = tree
  const changed = rest.length === 0 ? undefined : withoutValue(child, rest)
  return changed === undefined ? others : { ...tree, [first]: changed }
}

function entry(tree: unknown, key: string | number): unknown {
  if (Array.isArray(tree)) return tree[Number(key)]
  return isMap(tree) && Object.hasOwn(tree, key) ? tree[key] : undefined
}

function keys(tree: unknown): string[] {
  return isMap(tree) ? Object.keys(tree) : []
}

function isMap(tree: unknown): tree is Record<string, unknown> {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree)
}
