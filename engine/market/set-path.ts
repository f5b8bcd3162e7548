/** Changes single figures of a market, as the points of a study do, without going back to the file. */
import { RivalryError, RivalryErrors } from '../errors.ts'
import { type MarketDefinition, planTable, segmentTable, shockTable, startupTable } from './definition.ts'
import { type Declaration, parameterTable } from './parameters.ts'
import { checkMarket } from './check.ts'
import { dotted, labelOf, shown } from './problem.ts'
import { shares } from './shares.ts'
import { didYouMean } from '../suggest.ts'

/** What a figure can be set to: null where it may be absent, text for the name of a strategy. */
export type Figure = number | string | null

/**
 * A copy of a market in which the figure at `path` is `value`; the rest is shared with the original. Paths are
 * those of `--set`: `startups.free-ads.cash`, `segments.consumer.nu`, `startups.freemium.plans.free.cap`,
 * `startups.api.strategy.settings.markup`, `shocks.glut.size`, `startups.api.rdMix.0`, `months`.
 *
 * Bounds are checked, rules over several figures are not: see `setPaths`.
 *
 * @throws RivalryErrors `unknown-path`, `wrong-type`, `not-finite`, `not-whole` or `out-of-bounds`
 */
export function setPath(market: MarketDefinition, path: string, value: Figure): MarketDefinition {
  const parts = path.split('.')
  return replaced(market, { path, parts, depth: 0, value }) as MarketDefinition
}

/**
 * A copy of a market with several figures set, in the order of the keys. Marketing splits are scaled to sum
 * to one again, and the rules over several figures are checked once, at the end.
 *
 * @throws RivalryErrors as `setPath`, and with every rule that the new market breaks
 */
export function setPaths(
  market: MarketDefinition,
  values: Readonly<Record<string, Figure>>,
): MarketDefinition {
  let changed = market
  for (const [path, value] of Object.entries(values)) changed = setPath(changed, path, value)
  if (changed.startups !== market.startups) {
    const startups = changed.startups.map((startup) =>
      market.startups.includes(startup)
        ? startup
        : { ...startup, split: shares(startup.split, changed.segments) },
    )
    changed = { ...changed, startups }
  }
  const problems = checkMarket(changed)
  for (const startup of changed.startups) {
    if (Object.values(startup.split).some((share) => share > 0)) continue
    const at = ['startups', startup.id, 'split']
    problems.push({ code: 'weights', at, on: 'value', message: `split of startups.${startup.id} sums to 0` })
  }
  if (problems.length === 0) return changed
  throw new RivalryErrors(
    problems.map(
      ({ code, at, message, hint }) => new RivalryError(message, { code, path: dotted(at), hint }),
    ),
  )
}

/**
 * The figure at a path of a market.
 *
 * @throws RivalryErrors `unknown-path` where there is none
 */
export function getPath(market: MarketDefinition, path: string): Figure {
  const parts = path.split('.')
  let node: unknown = market
  parts.forEach((part, depth) => {
    node = childOf(node, { path, parts, depth }, part).child
  })
  if (typeof node === 'object' && node !== null) throw notAFigure({ path, parts, depth: parts.length })
  return node as Figure
}

interface Step {
  readonly path: string
  readonly parts: readonly string[]
  readonly depth: number
}

function replaced(node: unknown, step: Step & { readonly value: Figure }): unknown {
  const { parts, depth, value } = step
  const part = parts[depth]
  if (part === undefined) return checked(node, step)
  if (isSettings(parts, depth))
    return { ...(node as object), [part]: checked(0, { ...step, depth: depth + 1 }) }
  const { child, index } = childOf(node, step, part)
  const next = replaced(child, { ...step, depth: depth + 1, value })
  if (Array.isArray(node)) return node.map((item, i) => (i === index ? next : item))
  return { ...(node as object), [part]: next }
}

function childOf(node: unknown, step: Step, part: string): { child: unknown; index?: number } {
  if (Array.isArray(node)) {
    const ids = node.map((item, i) =>
      typeof item === 'object' && item !== null ? String(item.id) : String(i),
    )
    const index = ids.indexOf(part)
    if (index < 0) throw unknownPath(step, part, ids)
    return { child: node[index], index }
  }
  if (typeof node !== 'object' || node === null) throw unknownPath(step, part, [])
  if (!Object.hasOwn(node, part)) throw unknownPath(step, part, Object.keys(node))
  return { child: (node as Record<string, unknown>)[part] }
}

function checked(present: unknown, step: Step & { readonly value: Figure }): Figure {
  const { path, parts, value } = step
  const fail = (code: string, message: string, hint?: string) =>
    new RivalryErrors([new RivalryError(`${labelOf(parts)} ${message}`, { code, path, hint })])
  const row = declarationOf(parts)
  const nullable = row?.default === null
  const text = parts.at(-1) === 'name' && parts.at(-2) === 'strategy'
  if (!text && typeof present !== 'number' && !nullable) throw notAFigure(step)
  if (text) {
    if (typeof value === 'string' && value !== '') return value
    throw fail('wrong-type', `is ${shown(value)}, not the name of a strategy`)
  }
  if (value === null && nullable) return null
  if (typeof value !== 'number') throw fail('wrong-type', `is ${shown(value)}, not a number`)
  if (!Number.isFinite(value)) throw fail('not-finite', `is ${shown(value)}, not a finite number`)
  if (!row) return value
  const range = `from ${shown(row.low)} to ${shown(row.high)} ${row.unit}`
  if (row.whole && !Number.isInteger(value))
    throw fail('not-whole', `is ${shown(value)}, not a whole number`, range)
  if (value < row.low || value > row.high)
    throw fail('out-of-bounds', `is ${shown(value)}, out of bounds`, range)
  return value
}

type Bounds = Pick<Declaration<unknown>, 'default' | 'low' | 'high' | 'whole' | 'unit'>

const share: Bounds = { default: 0, low: 0, high: 1, unit: '(share)' }
const node: Bounds = { default: 0, low: -10, high: 10, unit: '(node)' }
const months: Bounds = { default: 96, low: 1, high: 600, whole: true, unit: 'months' }
const customers: Bounds = { default: 20_000, low: 0, high: 1e6, whole: true, unit: 'customers' }

function declarationOf(parts: readonly string[]): Bounds | undefined {
  const [group, , field, id, last] = parts
  const row = (table: object, name: string | undefined) => (table as Record<string, Bounds>)[name ?? '']
  if (parts.length === 1)
    return group === 'months' ? months : group === 'individualBelow' ? customers : undefined
  if (group === 'parameters') return row(parameterTable, parts[1])
  if (group === 'shocks') return row(shockTable, field)
  if (group === 'types') return parts[1] === 'nodes' ? node : share
  if (group === 'segments') return id === undefined ? row(segmentTable, field) : share
  if (field === 'plans') return row(planTable, last)
  if (field === 'strategy') return undefined
  return id === undefined ? row(startupTable, field) : share
}

function isSettings(parts: readonly string[], depth: number): boolean {
  return depth === 4 && parts.length === 5 && parts[2] === 'strategy' && parts[3] === 'settings'
}

function unknownPath({ path, parts, depth }: Step, part: string, allowed: readonly string[]): RivalryErrors {
  const where = depth === 0 ? 'the market' : parts.slice(0, depth).join('.')
  const hint = didYouMean(part, allowed)
  return new RivalryErrors([
    new RivalryError(`there is no '${part}' in ${where}`, { code: 'unknown-path', path, hint }),
  ])
}

function notAFigure({ path, parts }: Step): RivalryErrors {
  const hint = 'name a single number'
  return new RivalryErrors([
    new RivalryError(`${labelOf(parts)} is not a figure that can be set`, {
      code: 'unknown-path',
      path,
      hint,
    }),
  ])
}
