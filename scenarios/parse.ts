/** From the text of a scenario to a market, or to all of its mistakes at once. Reads no file. */
import type { BusinessModel } from '../agents/business-models/index.ts'
import { businessModels } from '../agents/business-models/index.ts'
import type { MarketDefinition } from '../engine/market/definition.ts'
import { RivalryError, RivalryErrors } from '../engine/errors.ts'
import { checkMarket } from '../engine/market/check.ts'
import { problemsOf } from './issues.ts'
import { type Path, type Problem, dotted, shown, within } from '../engine/market/problem.ts'
import { resolveScenario } from './resolve.ts'
import { scenarioSchema } from './schema.ts'
import {
  type Setting,
  type SettingProblem,
  applySettings,
  readSetting,
  settingAt,
  withValue,
  withoutValue,
} from './setting.ts'
import { type KnownStrategy, checkStrategies } from './strategies.ts'
import { refuseUnreadable } from './text-file.ts'
import { type LocatedProblem, type Tree, readTree } from './tree.ts'

const packagedSchema = scenarioSchema()

/** Mistakes of form after which nothing else said about the file would help. */
const unreadable = new Set(['yaml-syntax', 'too-many-aliases', 'too-deep'])

/** What a scenario is read with. */
export interface ParseOptions {
  /** Name of the file in error messages; also names the scenario where it does not name itself. */
  readonly file?: string
  /** Settings `path=value` that override the file, in order. */
  readonly set?: readonly string[]
  /** Business models that `model:` may name, in place of the packaged ones. */
  readonly models?: readonly BusinessModel[]
  /** Decision rules that `strategy:` may name, beside the default one; without them any name will do. */
  readonly strategies?: readonly KnownStrategy[] | undefined
}

/**
 * Turns the YAML text of a scenario into a market.
 *
 * @throws RivalryErrors with everything wrong in the text and the settings, each with file, line, column and key
 */
export function parseScenario(text: string, options: ParseOptions = {}): MarketDefinition {
  const { file = 'scenario', set = [], models = businessModels, strategies } = options
  refuseUnreadable(text, { kind: 'scenario', file })
  const written = readTree(text)
  const read = set.map(readSetting)
  const settings = read.filter((setting): setting is Setting => 'value' in setting)
  const found: (Problem | LocatedProblem | SettingProblem)[] = [
    ...written.problems,
    ...read.filter((setting): setting is SettingProblem => 'code' in setting),
  ]
  if (!written.problems.some(({ code }) => unreadable.has(code))) {
    if (!isMap(written.value)) throw new RivalryErrors([notAMap(written, file)])
    const applied = applySettings(written.value, settings, models)
    const checked = checkTree(applied.tree, { name: nameOf(file), models, strategies })
    found.push(...applied.problems, ...checked.problems)
    if (found.length === 0 && checked.market) return checked.market
  }
  throw located(found, { file, tree: written, settings })
}

/** What `checkTree` makes of plain data: a market where nothing is wrong. */
interface Checked {
  readonly market?: MarketDefinition
  readonly problems: readonly Problem[]
}

/**
 * Checks plain data against the schema, and what is left after taking the mistakes out against the rules
 * that concern several figures, so that one pass finds mistakes of both kinds.
 */
function checkTree(
  tree: unknown,
  {
    name,
    models,
    strategies,
  }: {
    name: string
    models: readonly BusinessModel[]
    strategies: readonly KnownStrategy[] | undefined
  },
): Checked {
  const schema = models === businessModels ? packagedSchema : scenarioSchema(models)
  const problems: Problem[] = []
  let sound = tree
  // What taking a mistake out uncovers was hidden by it, and is not reported; three passes are enough for that.
  for (let pass = 0; pass < 3; pass++) {
    const result = schema.safeParse(sound, { reportInput: true })
    if (result.success) {
      const { definition, problems: unresolved } = resolveScenario(result.data, { name, models })
      const unknown = strategies === undefined ? [] : checkStrategies(result.data, strategies)
      const broken = [...unresolved, ...unknown, ...checkMarket(definition)]
      if (problems.length + broken.length === 0) return { market: definition, problems }
      for (const problem of broken) if (!isConsequence(problem, problems)) problems.push(problem)
      return { problems }
    }
    const found = problemsOf(schema, result.error.issues)
    problems.push(...found.filter((problem) => !isConsequence(problem, problems)))
    sound = found.reduce(withoutMistake, sound)
  }
  return { problems }
}

/** A copy of the data in which what is wrong is left out, or stands in for itself where it is required. */
function withoutMistake(tree: unknown, { at }: Problem): unknown {
  if (at.length === 1 && (at[0] === 'segments' || at[0] === 'startups')) return withValue(tree, at, {})
  if (at.length === 3 && at[0] === 'segments' && at[2] === 'kind') return withValue(tree, at, 'consumer')
  // A shock of no kind is none.
  if (at.length === 3 && at[0] === 'shocks' && at[2] === 'kind')
    return withoutValue(tree, at.slice(0, 2)) ?? {}
  // Settings without the name of a strategy are those of none.
  if (at.length === 4 && at[2] === 'strategy' && at[3] === 'name')
    return withoutValue(tree, at.slice(0, 3)) ?? {}
  return withoutValue(tree, at) ?? {}
}

/** Whether a problem may only be there because of what was taken out for known ones. */
function isConsequence({ code, at, message }: Problem, known: readonly Problem[]): boolean {
  const isKnown = (test: (other: Path) => boolean) => known.some((other) => test(other.at))
  if (isKnown((other) => within(at, other))) return true
  if (code === 'no-segment' || code === 'no-startup') return isKnown((other) => within(other, at))
  const ofOwnModel = (other: Path) => at[0] === 'startups' && within(other, [...at.slice(0, 2), 'model'])
  const ofKind = (other: Path) => other[0] === 'segments' && other[2] === 'kind'
  const ofLostSegment = (other: Path) => other[0] === 'segments' && other.length === 2
  if (code === 'no-plan') {
    const ofPlans = (other: Path) => within(other, [...at, 'plans'])
    return isKnown((other) => ofOwnModel(other) || ofPlans(other) || ofKind(other) || ofLostSegment(other))
  }
  if (code === 'unknown-segment') {
    const isOfPreset = at[2] === 'plans' && at.length === 4
    const names = (other: Path) => message.includes(`'${other[1]}'`)
    return isKnown((other) => (isOfPreset && ofKind(other)) || (ofLostSegment(other) && names(other)))
  }
  if (code === 'weights') return isKnown((other) => within(other, at))
  return at[2] === 'plans' && isKnown(ofOwnModel)
}

interface Context {
  readonly file: string
  readonly tree: Tree
  readonly settings: readonly Setting[]
}

/** The problems as errors, in the order of the file, those of settings last. */
function located(
  problems: readonly (Problem | LocatedProblem | SettingProblem)[],
  { file, tree, settings }: Context,
): RivalryErrors {
  const placed = problems.map((problem) => {
    const { code, message, hint, at, on } = problem
    const setting =
      'setting' in problem ? problem.setting : settingAt(settings, problem, (path) => tree.has(path))?.text
    if (setting !== undefined) {
      const error = new RivalryError(message, { code, path: `--set ${setting}`, hint })
      return { error, line: Infinity, column: 0 }
    }
    const { line, column } = 'position' in problem ? problem.position : tree.locate(at, on)
    return {
      error: new RivalryError(message, { code, path: pathOf(file, line, column, at), hint }),
      line,
      column,
    }
  })
  const inOrder = placed.sort((a, b) => (a.line === b.line ? a.column - b.column : a.line - b.line))
  return new RivalryErrors(inOrder.map(({ error }) => error))
}

function pathOf(file: string, line: number, column: number, at: Path): string {
  const key = dotted(at)
  return `${file}:${line}:${column}${key === '' ? '' : ` ${key}`}`
}

function notAMap(tree: Tree, file: string): RivalryError {
  const { line, column } = tree.locate([], 'value')
  const path = pathOf(file, line, column, [])
  const hint = 'a scenario needs at least segments: and startups:'
  if (tree.value === null)
    return new RivalryError('the scenario is empty', { code: 'empty-scenario', path, hint })
  return new RivalryError(`the scenario is ${shown(tree.value)}, not a map`, {
    code: 'wrong-type',
    path,
    hint,
  })
}

/** The base name of a file without its extension. */
function nameOf(file: string): string {
  const base = file.split(/[\\/]/).at(-1) ?? file
  return base.replace(/\.ya?ml$/i, '') || 'scenario'
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
