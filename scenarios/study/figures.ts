/**
 * Checks what a design sets in markets: that each path is there in all of them, that every value is one it can have,
 * and, for the first points, that the values of a point make a market together.
 */
import type { ContinuousDistribution, Distribution } from '../../engine/designs/index.ts'
import { valueAt } from '../../engine/designs/index.ts'
import { RivalryError, RivalryErrors } from '../../engine/errors.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { type Path, shown } from '../../engine/market/problem.ts'
import { type Figure, setPath } from '../../engine/market/set-path.ts'
import type { Design, Factor, Setting, StudyDefinition, Variant } from '../../engine/study/definition.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { type KnownStrategy, checkStrategies } from '../strategies.ts'
import { type Structure, areFigures } from './design.ts'
import type { Findings } from './findings.ts'
import { isPossible } from './law.ts'
import type { WrittenDesign } from './schema.ts'

/** What designs are checked against. */
export interface FigureContext {
  readonly variants: readonly Variant[]
  readonly structures: readonly Structure[]
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
    const at = isOpen ? key : [...key, end]
    if (!checkValue({ path, value: endOf(whole, u), at, key, isOpen }, context)) break
  }
  return { path, distribution: whole satisfies Distribution }
}

function endOf(distribution: ContinuousDistribution, u: 0 | 1): number {
  return valueAt(distribution, u)
}

/** Whether a figure takes whole numbers only: a half is refused, and for that reason. */
function isWhole(path: string, { variants }: FigureContext): boolean {
  const [error] = errorsOf(() => setPath(variants[0]!.markets[0]!, path, 0.5))
  return error?.code === 'not-whole'
}

/** Tries a value in every market, and reports the first that refuses it; false where one does. */
function checkValue(given: Given, { variants, structures, findings }: FigureContext): boolean {
  const { path, value, at, key, isOpen } = given
  for (const { name, markets } of variants) {
    for (const [index, market] of markets.entries()) {
      const [error] = errorsOf(() => setPath(market, path, value))
      if (error === undefined) continue
      const isUnknown = error.code === 'unknown-path'
      const where = placeOf(variants.length > 1 ? name : undefined, structures[index]!.values)
      const bounds = error.hint === undefined ? '' : `; it goes ${error.hint}`
      findings.add({
        code: error.code,
        at: isUnknown ? key : at,
        on: isUnknown ? 'key' : 'value',
        message: `${error.message}${isUnknown || isOpen ? where : ''}`,
        hint: isOpen && !isUnknown ? `its law goes there: give low and high${bounds}` : error.hint,
      })
      return false
    }
  }
  return true
}

function placeOf(variant: string | undefined, structure: Readonly<Record<string, Setting>>): string {
  const parts = [
    ...(variant === undefined ? [] : [`in variant '${variant}'`]),
    ...Object.entries(structure).map(([path, value]) => `with ${path} ${shown(value)}`),
  ]
  return parts.length === 0 ? '' : ` (${parts.join(' ')})`
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

/** Reports the first point whose values break a rule together. */
export function checkPoints(
  study: Pick<StudyDefinition, 'design' | 'seed' | 'structures' | 'variants'>,
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
  const named = points.paths.some((path) => path.split('.')[2] === 'strategy') ? strategies : undefined
  const count = Math.min(points.count, MOST_POINTS, Math.ceil(MOST_TRIED / variants.length))
  for (let point = 0; point < count; point++) {
    for (const variant of variants) {
      const found = problemOf(() => points.market(variant, point), named)
      if (found === undefined) continue
      const values = Object.entries(points.values(point)).map(([path, value]) => `${path} ${shown(value)}`)
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
