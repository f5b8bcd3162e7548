/**
 * Owns running a market with strategies month by month, and what tests look at: decisions, prices and their
 * effects.
 */
import type { Backend } from '../../../engine/backends/kernel.ts'
import type { TracedStrategy } from '../../../engine/market/decisions.ts'
import type { MarketDefinition } from '../../../engine/market/definition.ts'
import { compileMarket } from '../../../engine/market/market.ts'
import { plans, startups } from '../../../engine/market/model.ts'
import { seedKeyOf } from '../../../engine/numerics/seed.ts'
import { Instance } from '../../../engine/simulation/instance.ts'
import { LANES } from '../../../engine/trace/layout.ts'
import { strategies as packaged } from '../../../agents/strategies/index.ts'

/** What startups and plans did in a month, by their position in the scenario. */
export interface Decided {
  readonly alive: readonly boolean[]
  readonly rd: readonly number[]
  readonly marketing: readonly number[]
  readonly cash: readonly number[]
  readonly multiplier: readonly number[]
  readonly price: readonly number[]
  readonly usagePrice: readonly number[]
  readonly cap: readonly number[]
}

const startupColumns = { alive: 'alive', rd: 'rdBudget', marketing: 'marketingBudget', cash: 'cash' } as const
const planColumns = {
  multiplier: 'multiplier',
  price: 'priceNow',
  usagePrice: 'usagePriceNow',
  cap: 'capNow',
} as const
const keep = [
  ...Object.values(startupColumns).map((name) => startups.column[name]),
  ...Object.values(planColumns).map((name) => plans.column[name]),
]

/** Plays replications 0 to 3 and gives, by month, what replication `lane` decided. */
export function playMonths(
  market: MarketDefinition,
  {
    backend = 'wasm',
    strategies = packaged,
    lane = 0,
  }: { backend?: Backend; strategies?: readonly TracedStrategy[]; lane?: number } = {},
): Decided[] {
  const { program, structure, values } = compileMarket(market, { recording: 'summary', strategies, keep })
  const instance = new Instance(program, structure, {
    backend,
    months: market.months,
    key: seedKeyOf('1'),
    rows: LANES,
  })
  instance.setPoint(values)
  instance.assignBlock(0, { replications: [0, 1, 2, 3], row: 0 })
  const block = instance.blockAddress(0)
  instance.kernel.start(block)
  return Array.from({ length: market.months }, (_, month) => {
    instance.kernel.run(block, month, month + 1)
    const ofStartups = (name: keyof typeof startups.column) =>
      market.startups.map((_, record) => instance.read(startups.column[name], { record, lane, month }))
    const ofPlans = (name: keyof typeof plans.column) =>
      market.startups
        .flatMap((startup) => startup.plans)
        .map((_, record) => instance.read(plans.column[name], { record, lane, month }))
    return {
      alive: ofStartups('alive').map((flag) => flag !== 0),
      rd: ofStartups('rdBudget'),
      marketing: ofStartups('marketingBudget'),
      cash: ofStartups('cash'),
      multiplier: ofPlans('multiplier'),
      price: ofPlans('priceNow'),
      usagePrice: ofPlans('usagePriceNow'),
      cap: ofPlans('capNow'),
    }
  })
}

/** Every recorded number of some replications, as bytes, and the marks of actions that were not finite. */
export function recordAll(
  market: MarketDefinition,
  {
    backend,
    strategies = packaged,
    replications = 4,
  }: { backend: Backend; strategies?: readonly TracedStrategy[]; replications?: number },
): Map<string, Uint8Array> {
  const { program, structure, values } = compileMarket(market, { recording: 'months', strategies })
  const rows = Math.ceil(replications / LANES) * LANES
  const instance = new Instance(program, structure, {
    backend,
    months: market.months,
    key: seedKeyOf('1'),
    rows,
  })
  instance.setPoint(values)
  instance.runReplications({ first: 0, count: replications })
  return new Map(
    program.tables.flatMap((table) =>
      table.columns.map(({ name }) => {
        const column = instance.output(table.name, name, { replications })
        return [
          `${table.name} ${name}`,
          new Uint8Array(column.buffer, column.byteOffset, column.byteLength).slice(),
        ] as const
      }),
    ),
  )
}
