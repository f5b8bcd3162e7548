/**
 * Checks what a design sets in markets: that each path is there in all of them, that every value is one it can have,
 * and, for the first points, that the values of a point make a market together.
 */
import type { ContinuousDistribution, Distribution } from '../../engine/designs/index.ts'
import { valueAt } from '../../engine/designs/index.ts'
import { RivalryError, RivalryErrors } from '../../engine/errors.ts'
import type { MarketDefinition, StrategyChoice } from '../../engine/market/definition.ts'
import { type Path, type Problem, shown } from '../../engine/market/problem.ts'
import { type Figure, setPath } from '../../engine/market/set-path.ts'
import type { Design, Factor, Setting, StudyDefinition } from '../../engine/study/definition.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { luckOffset } from '../../engine/study/units/units.ts'
import { type KnownStrategy, checkStrategies } from '../strategies.ts'
import { areFigures, whereOf } from './design.ts'
import type { Findings } from './findings.ts'
import { isPossible } from './law.ts'
import type { MadeMarket } from './markets.ts'
import { type WrittenDesign, mostReplications } from './schema.ts'

/** What designs are checked against. */
export interface FigureContext {
  /** At least one. */
  readonly markets: readonly MadeMarket[]
  /** Whether markets are of several variants. */
  readonly areSeveral: boolean
  readonly isDoubtful: (path: Path) => boolean
  readonly strategies: readonly KnownStrategy[] | undefined
  /** Paths that the design decides. */
  readonly decided: ReadonlySet<string>
  readonly findings: Findings
}

/** A value of a figure, and where it stands. */
interface Given {
  readonly path: string
  readonly value: Figure
  readonly at: Path
  /** The path in the design, where it would not exist. */
  readonly key: Path
  /** Whether it is where a law ends that states no end. */
  readonly isOpen?: boolean
}

/** Checks single values of a design, and makes the laws of whole numbers whole. */
export function checkFigures(design: Design, written: WrittenDesign, context: FigureContext): Design {
  if (design.kind === 'point') return design
  if (design.kind === 'list') {
    const paths = new Set(design.points.flatMap((point) => Object.keys(point)))
    const isFigure = new Set(
      [...paths].filter((path) =>
        areFigures(
          path,
          design.points.map((point) => point[path] ?? null),
        ),
      ),
    )
    design.points.forEach((point, index) => {
      for (const [path, value] of Object.entries(point)) {
        const at: Path = ['design', 'list', index, path]
        if (isFigure.has(path)) checkValue({ path, value: value as Figure, at, key: at }, context)
      }
    })
    return design
  }
  return { ...design, factors: design.factors.map((factor) => checkFactor(factor, written, context)) }
}

function checkFactor(factor: Factor, { parameters = {} }: WrittenDesign, context: FigureContext): Factor {
  const { path, distribution } = factor
  const key: Path = ['design', 'parameters', path]
  if (distribution.law === 'choice') {
    if (!areFigures(path, distribution.values)) return factor
    distribution.values.forEach((value, index) =>
      checkValue({ path, value: value as Figure, at: [...key, index], key }, context),
    )
    return factor
  }
  const whole = isWhole(path, context) ? { ...distribution, whole: true } : distribution
  if (whole !== distribution && !isPossible(whole, key, context.findings)) return factor
  const law = parameters[path] ?? {}
  for (const [end, u] of [['low', 0] as const, ['high', 1] as const]) {
    const isOpen = !(end in law)
    if (isOpen && context.findings.has(key)) continue
    const at = isOpen ? key : [...key, end]
    if (!checkValue({ path, value: endOf(whole, u), at, key, isOpen }, context)) break
  }
  return { path, distribution: whole satisfies Distribution }
}

function endOf(distribution: ContinuousDistribution, u: 0 | 1): number {
  return valueAt(distribution, u)
}

/** Whether a figure takes whole numbers only: a half is refused, and for that reason. */
function isWhole(path: string, { markets }: FigureContext): boolean {
  const [error] = errorsOf(() => setPath(markets[0]!.market, path, 0.5))
  return error?.code === 'not-whole'
}

/** Tries a value in every market, and reports the first that refuses it; false where one does. */
function checkValue(given: Given, context: FigureContext): boolean {
  const { path, value, at, key, isOpen } = given
  const { markets, areSeveral, isDoubtful, findings } = context
  const refused = markets.flatMap((made) => {
    const [error] = errorsOf(() => setPath(made.market, path, value))
    return error === undefined ? [] : [{ ...made, error }]
  })
  if (refused.length > 0) {
    const { variant, structure, error } = refused[0]!
    const { code, message, hint } = error
    if (code === 'unknown-path') {
      if (isDoubtful(path.split('.'))) return true
      const isEverywhere = refused.length === markets.length
      const where = isEverywhere ? '' : whereOf(areSeveral ? variant : undefined, structure.values)
      findings.add({ code, at: key, on: 'key', message: `${message}${where}`, hint })
    } else if (isOpen) {
      const bounds = hint === undefined ? '' : `, ${hint}`
      const end = Number(Number(value).toPrecision(3))
      const told = `the law of ${path} goes to ${shown(end)}, out of bounds`
      findings.add({ code, at, on: 'value', message: told, hint: `cut it off: give low and high${bounds}` })
    } else findings.add({ code, at, on: 'value', message, hint })
    return false
  }
  const unknown = strategyProblem(given, context)
  if (unknown !== undefined) findings.add({ ...unknown, at, on: 'value' })
  return unknown === undefined
}

/** What is wrong with the name of a strategy, or with a setting of one that the design leaves as it is. */
function strategyProblem({ path, value }: Given, context: FigureContext): Problem | undefined {
  const { markets, strategies, decided } = context
  const [, id = '', field, part, key] = path.split('.')
  if (field !== 'strategy' || strategies === undefined) return undefined
  const check = (strategy: StrategyChoice): Problem | undefined =>
    checkStrategies({ startups: { [id]: { strategy } } }, strategies)[0]
  if (part === 'name') return check({ name: String(value), settings: {} })
  const others = [`startups.${id}.strategy`, `startups.${id}.strategy.name`]
  if (key === undefined || others.some((other) => decided.has(other))) return undefined
  for (const { market } of markets) {
    const { name } = market.startups.find((startup) => startup.id === id)!.strategy
    const problem = check({ name, settings: { [key]: Number(value) } })
    if (problem !== undefined) return problem
  }
  return undefined
}

function errorsOf(attempt: () => unknown): readonly RivalryError[] {
  try {
    attempt()
    return []
  } catch (thrown) {
    if (thrown instanceof RivalryErrors) return thrown.errors
    if (thrown instanceof RivalryError) return [thrown]
    throw thrown
  }
}

/** Markets of points that are tried: a few seconds at most. */
const MOST_TRIED = 4000

/** Most points that are tried. */
const MOST_POINTS = 2000

/** Reports points that have more luck of their own than there is, and the first whose values break a rule together. */
export function checkPoints(
  study: Pick<StudyDefinition, 'design' | 'seed' | 'structures' | 'variants' | 'replications' | 'luck'>,
  { strategies, findings }: { strategies: readonly KnownStrategy[] | undefined; findings: Findings },
): void {
  const { design, variants } = study
  let points: StudyPoints
  try {
    points = new StudyPoints(study)
  } catch (thrown) {
    if (!(thrown instanceof RivalryError)) throw thrown
    const { code, message, hint } = thrown
    findings.add({ code, at: ['design'], on: 'key', message, hint })
    return
  }
  const { most } = study.replications
  if ((points.count - 1) * luckOffset(study) + most > mostReplications) {
    const message = `${points.count} points of up to ${most} replications with luck of their own need more than ${mostReplications}`
    const hint = 'lower most of replications, use fewer points, or let them share it with luck: common'
    findings.add({ code: 'too-many-replications', at: ['design'], on: 'key', message, hint })
  }
  const named = points.paths.some((path) => path.split('.')[2] === 'strategy') ? strategies : undefined
  const count = Math.min(points.count, MOST_POINTS, Math.ceil(MOST_TRIED / variants.length))
  for (let point = 0; point < count; point++) {
    for (const variant of variants) {
      const found = problemOf(() => points.market(variant, point), named)
      if (found === undefined) continue
      const values = Object.entries(points.values(point)).map(([path, value]) => `${path} ${rounded(value)}`)
      const where = variants.length > 1 ? ` in variant '${variant.name}'` : ''
      findings.add({
        code: found.code,
        at: design.kind === 'list' ? ['design', 'list', point] : ['design'],
        on: design.kind === 'list' ? 'value' : 'key',
        message: `point ${point}${where} makes no market: ${found.message} (${values.join(', ')})`,
        hint: found.hint,
      })
      return
    }
  }
}

function rounded(value: Setting): string {
  return shown(typeof value === 'number' ? Number(value.toPrecision(4)) : value)
}

function problemOf(
  make: () => MarketDefinition,
  strategies: readonly KnownStrategy[] | undefined,
): { readonly code: string; readonly message: string; readonly hint?: string | undefined } | undefined {
  let market: MarketDefinition | undefined
  const [error] = errorsOf(() => (market = make()))
  if (error !== undefined || market === undefined || strategies === undefined) return error
  const startups = Object.fromEntries(market.startups.map(({ id, strategy }) => [id, { strategy }]))
  return checkStrategies({ startups }, strategies)[0]
}
