/**
 * Owns running a market with strategies month by month, and what tests look at: decisions, prices and their
 * effects.
 */
import type { Backend } from '../../../engine/backends/kernel.ts'
import type { TracedStrategy } from '../../../engine/market/decisions.ts'
import type { MarketDefinition } from '../../../engine/market/definition.ts'
import { compileMarket, type CompiledMarket } from '../../../engine/market/market.ts'
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
  /** 1 where the plan takes new customers. */
  readonly open: readonly number[]
  /** Mean quality at the end of the month, which the R&D mix moves. */
  readonly quality: readonly number[]
  readonly segmentCost: readonly number[]
  readonly labour: readonly number[]
  readonly serviceRatio: readonly number[]
  readonly users: readonly number[]
}

const startupColumns = {
  alive: 'alive',
  rd: 'rdBudget',
  marketing: 'marketingBudget',
  cash: 'cash',
  quality: 'quality',
  segmentCost: 'segmentCosts',
  labour: 'labourCost',
  serviceRatio: 'serviceRatio',
  users: 'users',
} as const
const planColumns = {
  multiplier: 'multiplier',
  price: 'priceNow',
  usagePrice: 'usagePriceNow',
  cap: 'capNow',
  open: 'openNow',
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
    const ofStartups = (name: keyof typeof startups.column, component = 0) =>
      market.startups.map((_, record) =>
        instance.read(startups.column[name], { record, component, lane, month }),
      )
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
      open: ofPlans('openNow'),
      quality: market.startups.map((_, f) =>
        [0, 1, 2].map((a) => ofStartups('quality', a)[f]! / 3).reduce((a, b) => a + b),
      ),
      segmentCost: ofStartups('segmentCosts'),
      labour: ofStartups('labourCost'),
      serviceRatio: ofStartups('serviceRatio'),
      users: ofStartups('users'),
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
  return bytesOf(market, compileMarket(market, { recording: 'months', strategies }), {
    backend,
    replications,
  })
}

/** The same of a market that is compiled already. */
export function bytesOf(
  market: MarketDefinition,
  { program, structure, values }: CompiledMarket,
  { backend, replications }: { backend: Backend; replications: number },
): Map<string, Uint8Array> {
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
