/**
 * The design of a study from its file. Paths whose values are figures are set in markets at each point; those that are
 * not, such as a business model, are settings of the scenario: each combination of their values needs a market.
 */
import { type Distribution, isPowerOfTwo } from '../../engine/designs/index.ts'
import { type Path, type Problem, shown } from '../../engine/market/problem.ts'
import type { Design, Factor, Setting } from '../../engine/study/definition.ts'
import type { Findings } from './findings.ts'
import { isBounded, isPossible, lawOf } from './law.ts'
import { type WrittenDesign, settingPattern } from './schema.ts'

/** Settings that are no figures, and where in the file each value stands. */
export interface Structure {
  readonly values: Readonly<Record<string, Setting>>
  readonly places: Readonly<Record<string, Path>>
}

/** A design as far as it can be read without a market: without what has mistakes, which are findings. */
export interface ReadDesign {
  readonly design: Design
  readonly structures: readonly Structure[]
  /** Paths that it should have decided, and cannot. */
  readonly lost: readonly string[]
}

/** Most markets of a study: each is checked and compiled by itself. */
export const mostMarkets = 1000

/** A study without a design: the markets as they are. */
export const onePoint: ReadDesign = {
  design: { kind: 'point' },
  structures: [{ values: {}, places: {} }],
  lost: [],
}

type Kind = WrittenDesign['kind']
type Key = Exclude<keyof WrittenDesign, 'kind'>

/** The keys of each kind of design: those that it needs, and those that it may have. */
const KEYS: {
  readonly [kind in Kind]: { readonly needed: readonly Key[]; readonly optional: readonly Key[] }
} = {
  point: { needed: [], optional: [] },
  list: { needed: ['list'], optional: [] },
  factorial: { needed: ['parameters'], optional: [] },
  'latin-hypercube': { needed: ['points', 'parameters'], optional: [] },
  sobol: { needed: ['points', 'parameters'], optional: ['scramble'] },
  saltelli: { needed: ['base', 'parameters'], optional: ['scramble'] },
  morris: { needed: ['trajectories', 'parameters'], optional: ['levels'] },
}

/** Reads a design; `undefined`, and findings, where it is none. */
export function readDesign(written: WrittenDesign | undefined, findings: Findings): ReadDesign | undefined {
  if (written === undefined) return findings.has(['design']) ? undefined : onePoint
  checkKeys(written, findings)
  checkCounts(written, findings)
  if (written.kind === 'point') return onePoint
  return written.kind === 'list' ? readList(written, findings) : readFactors(written, findings)
}

function checkKeys(written: WrittenDesign, findings: Findings): void {
  const { kind } = written
  const { needed, optional } = KEYS[kind]
  const known: readonly string[] = ['kind', ...needed, ...optional]
  for (const key of Object.keys(written)) {
    if (known.includes(key)) continue
    const message = `a design of kind ${kind} has no ${key}`
    const hint = known.length === 1 ? 'leave it out' : `it has ${known.slice(1).join(', ')}`
    findings.add({ code: 'unused-key', at: ['design', key], on: 'key', message, hint })
  }
  for (const key of needed) {
    if (written[key] !== undefined || findings.has(['design', key])) continue
    const message = `${key} is missing in design, of kind ${kind}`
    findings.add({ code: 'missing-key', at: ['design', key], on: 'key', message, hint: NEEDED[key] })
  }
}

const NEEDED: { readonly [key in Key]?: string } = {
  list: 'write a list of points, each a map of paths to values',
  parameters: 'write what varies: paths as in --set, each with its law or a list of values',
  points: 'a whole number: at least some ten for each parameter',
  base: 'a power of two, such as 256',
  trajectories: 'a whole number: 10 to 100 are usual',
}

function checkCounts({ kind, base, levels }: WrittenDesign, findings: Findings): void {
  if (kind === 'saltelli' && base !== undefined && !isPowerOfTwo(base)) {
    const below = 2 ** Math.floor(Math.log2(base))
    const message = `base of design is ${base}, not a power of two`
    const hint = `Sobol points are balanced in powers of two: use ${below} or ${2 * below}`
    findings.add({ code: 'not-a-power-of-two', at: ['design', 'base'], on: 'value', message, hint })
  }
  if (kind === 'morris' && levels !== undefined && levels % 2 !== 0) {
    const message = `levels of design is ${levels}, not an even number`
    const hint = 'use 4, as is usual: of an odd number some would be more likely than others'
    findings.add({ code: 'morris-levels', at: ['design', 'levels'], on: 'value', message, hint })
  }
}

function readFactors(written: WrittenDesign, findings: Findings): ReadDesign | undefined {
  const { kind, parameters = {} } = written
  if (Object.keys(parameters).length === 0) {
    if (!findings.has(['design', 'parameters'])) reportEmpty('parameters', findings)
    return undefined
  }
  const factors = Object.entries(parameters).flatMap(([path, law]): Factor[] => {
    const at: Path = ['design', 'parameters', path]
    if (!isPath(path, at, findings)) return []
    const distribution: Distribution | undefined = isList(law)
      ? { law: 'choice', values: law }
      : lawOf(law, at, findings)
    if (distribution === undefined || !isPossible(distribution, at, findings)) return []
    if (distribution.law !== 'choice' && kind === 'factorial') {
      const message = `${path} has a law, and a factorial design combines lists of values`
      findings.add({ code: 'not-levels', at, on: 'value', message, hint: 'list its values, as in [1, 2, 4]' })
    }
    if (distribution.law !== 'choice' && kind === 'morris' && !isBounded(distribution)) {
      const message = `${path} has no end, and a design of kind morris goes to both ends`
      findings.add({ code: 'unbounded-law', at, on: 'value', message, hint: 'give its law low and high' })
    }
    return [{ path, distribution }]
  })
  const choices = factors.flatMap(({ path, distribution }) =>
    distribution.law === 'choice' && !areFigures(path, distribution.values)
      ? [{ path, values: distribution.values }]
      : [],
  )
  const count = choices.reduce((product, { values }) => product * values.length, 1)
  if (count > mostMarkets) {
    findings.add(tooManyMarkets(count))
    return undefined
  }
  const lost = Object.keys(parameters).filter((path) => !factors.some((factor) => factor.path === path))
  return { design: designOf(written, factors), structures: combinations(choices), lost }
}

/** Which market is meant, as the end of a message; nothing where there is only one. */
export function whereOf(variant: string | undefined, values: Structure['values']): string {
  const parts = [
    ...(variant === undefined ? [] : [`in variant '${variant}'`]),
    ...Object.entries(values).map(([path, value]) => `with ${path} ${shown(value)}`),
  ]
  return parts.length === 0 ? '' : ` (${parts.join(' ')})`
}

/** The problem of a study that would need more than `mostMarkets`. */
export function tooManyMarkets(count: number): Problem {
  const message = `the study needs ${count} markets, one for each variant and combination of what is no figure`
  const hint = `at most ${mostMarkets}: use fewer variants or fewer values`
  return { code: 'too-many-markets', at: ['design'], on: 'key', message, hint }
}

function isList<Item>(given: readonly Item[] | object): given is readonly Item[] {
  return Array.isArray(given)
}

/** The design of a file that has what its kind needs; what is missing has been found and stands for nothing. */
function designOf(
  { kind, points = 1, base = 1, trajectories = 1, levels = 4, scramble = true }: WrittenDesign,
  factors: readonly Factor[],
): Design {
  switch (kind) {
    case 'latin-hypercube':
      return { kind, points, factors }
    case 'sobol':
      return { kind, points, scramble, factors }
    case 'saltelli':
      return { kind, base, scramble, factors }
    case 'morris':
      return { kind, trajectories, levels, factors }
    default:
      return { kind: 'factorial', factors }
  }
}

function readList({ list: points = [] }: WrittenDesign, findings: Findings): ReadDesign | undefined {
  if (points.length === 0) {
    if (!findings.has(['design', 'list'])) reportEmpty('list', findings)
    return undefined
  }
  const paths = [...new Set(points.flatMap((point) => Object.keys(point)))]
  for (const path of paths) {
    const index = points.findIndex((point) => Object.hasOwn(point, path))
    isPath(path, ['design', 'list', index, path], findings)
  }
  const structural = paths.filter(
    (path) =>
      !areFigures(
        path,
        points.map((point) => point[path] ?? null),
      ),
  )
  const found = new Map<string, Structure>()
  points.forEach((point, index) => {
    // Where a point leaves a path out, null stands for what the variant says.
    const values = Object.fromEntries(structural.map((path) => [path, point[path] ?? null]))
    const key = JSON.stringify(values)
    const written = structural.filter((path) => values[path] !== null)
    const places = written.map((path): [string, Path] => [path, ['design', 'list', index, path]])
    if (!found.has(key)) found.set(key, { values, places: Object.fromEntries(places) })
  })
  return { design: { kind: 'list', points }, structures: [...found.values()], lost: [] }
}

function reportEmpty(key: 'parameters' | 'list', findings: Findings): void {
  const message = `${key} of design is empty`
  findings.add({ code: 'empty-design', at: ['design', key], on: 'key', message, hint: NEEDED[key] })
}

/** Whether text can be the path of a setting; a finding where not. */
export function isPath(path: string, at: Path, findings: Findings): boolean {
  if (settingPattern.test(path)) return true
  const hint = 'write it as in --set: names with dots between them, as in startups.free-ads.cash'
  findings.add({ code: 'bad-path', at, on: 'key', message: `'${path}' is no path of a setting`, hint })
  return false
}

/** Whether values are set in markets; null is a figure that is absent, and text the name of a strategy. */
export function areFigures(path: string, values: readonly Setting[]): boolean {
  return values.every(
    (value) =>
      typeof value === 'number' ||
      value === null ||
      (typeof value === 'string' && path.endsWith('.strategy.name')),
  )
}

/** Every combination of values, the last path fastest; one empty one of no paths. */
function combinations(
  levels: readonly { readonly path: string; readonly values: readonly Setting[] }[],
): Structure[] {
  return levels.reduce<Structure[]>(
    (before, { path, values }) =>
      before.flatMap((one) =>
        values.map((value, index) => ({
          values: { ...one.values, [path]: value },
          places: { ...one.places, [path]: ['design', 'parameters', path, index] },
        })),
      ),
    [...onePoint.structures],
  )
}
