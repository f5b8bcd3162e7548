/** Owns the same market in another currency. */
import {
  type MarketDefinition,
  planTable,
  segmentTable,
  startupTable,
} from '../../engine/market/definition.ts'
import { parameterTable } from '../../engine/market/parameters.ts'

type Table = Readonly<Record<string, { readonly money?: 1 | -1 }>>

/** The market with every figure that the tables declare as money multiplied by `factor`, and sensitivities to it divided. */
export function inOtherMoney(market: MarketDefinition, factor: number): MarketDefinition {
  const scale = <Item extends object>(item: Item, table: Table): Item =>
    Object.fromEntries(
      Object.entries(item).map(([name, value]) => {
        const power = table[name]?.money
        if (power === undefined || typeof value !== 'number') return [name, value]
        return [name, power === 1 ? value * factor : value / factor]
      }),
    ) as Item
  return {
    ...market,
    parameters: scale(market.parameters, parameterTable),
    segments: market.segments.map((segment) => scale(segment, segmentTable)),
    startups: market.startups.map((startup) => ({
      ...scale(startup, startupTable),
      plans: startup.plans.map((plan) => scale(plan, planTable)),
    })),
  }
}
