/**
 * Markets that are traced and compiled once for all threads of a process: each variant at a study's first point. Other
 * points differ from it by their figures as a rule, and figures are all that a thread then sees to.
 */
import type { Backend } from '../../backends/kernel.ts'
import type { MarketDefinition } from '../../market/definition.ts'
import { compileMarket } from '../../market/market.ts'
import { indexMarket, pointValuesOf, structureOf } from '../../market/populate.ts'
import { DEFAULT_STRATEGY, shapeOf, type Shape } from '../../market/shape.ts'
import type { Structure } from '../../simulation/instance.ts'
import { detached, runnableMarket, type RunnableMarket } from '../../simulation/runnable.ts'
import type { Column } from '../../trace/index.ts'
import { pathsOf, type StudyDefinition } from '../definition.ts'
import { PointMarkets, type Settings } from '../point-markets.ts'
import { kernelRecording, neededShape } from '../study-tables.ts'

/** A compiled market; plain data, because it crosses threads. */
export interface PreparedMarket {
  readonly runnable: RunnableMarket
  /** What a market must share with it to differ by figures alone. */
  readonly kind: string
}

/** Markets that are compiled before threads begin, which takes about half a second for each: nothing is heard meanwhile. */
const MOST_MARKETS = 8

/**
 * Compiles the first variants of a study. Those with decision rules of their own are left to the threads, which know the
 * rules, and so are those that cannot be compiled, for which a thread finds out where the mistake is.
 *
 * @param values those of a point, such as the first
 */
export function preparedMarkets(
  definition: StudyDefinition,
  values: Settings,
  backend: Backend,
): PreparedMarket[] {
  const markets = new PointMarkets(definition)
  const recording = kernelRecording(definition)
  const needed = neededShape(pathsOf(definition.design))
  return definition.variants.slice(0, MOST_MARKETS).flatMap((variant) => {
    try {
      const market = markets.market(variant, values)
      if (hasRules(market)) return []
      const shape = { ...shapeOf(market), ...needed }
      const compiled = compileMarket(market, { recording, shape })
      const runnable = detached(runnableMarket(compiled, { backend }))
      return [{ runnable, kind: kindOf(market, shape, compiled.structure) }]
    } catch {
      return []
    }
  })
}

/** A market as one of the compiled ones with other figures; `undefined` where it differs from all by more than those. */
export function fromPrepared(
  prepared: readonly PreparedMarket[],
  market: MarketDefinition,
  shape: Shape = shapeOf(market),
): RunnableMarket | undefined {
  if (prepared.length === 0 || hasRules(market)) return undefined
  const index = indexMarket(market)
  const kind = kindOf(market, shape, structureOf(market, index))
  const found = prepared.find((one) => one.kind === kind)
  if (found === undefined) return undefined
  const { runnable } = found
  const values = new Map(
    [...pointValuesOf(market, index, [])].map(([column, value]) => [nameOf(column), value]),
  )
  // Columns are keys, and those that crossed threads are copies.
  const own = [...runnable.values.keys()].map((column) => [column, values.get(nameOf(column))!] as const)
  return { ...runnable, market, values: new Map(own) }
}

/** All of a market that is written into a kernel's memory when it is made, and not with its figures. */
export function structureText(
  { months, startups }: MarketDefinition,
  { counts, relations, values }: Structure,
): string {
  return JSON.stringify([
    months,
    startups.map(({ id }) => id),
    ...[counts, relations, values].map((map) => [...map.values()]),
  ])
}

/** What decides a market's program, its tables and what is in memory beside figures. */
function kindOf(market: MarketDefinition, shape: Shape, structure: Structure): string {
  const { startups, segments, shocks = [] } = market
  const ids = [startups.map(({ plans }) => plans.map(({ id }) => id)), segments.map(({ id }) => id)]
  return JSON.stringify([shape, ids, shocks.map(({ id }) => id), structureText(market, structure)])
}

function hasRules({ startups }: MarketDefinition): boolean {
  return startups.some(({ strategy }) => strategy.name !== DEFAULT_STRATEGY)
}

function nameOf({ dimension, name }: Column): string {
  return `${dimension.name}.${name}`
}
