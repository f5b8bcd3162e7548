/** Owns the same market with its customers cut finer: how much of a result is the luck of small numbers. */
import type { MarketDefinition, PlanDefinition } from '../../engine/market/definition.ts'
import { MarketRun } from '../market/market-run.ts'

/**
 * Every customer becomes `parts` customers, each with a share of the needs and the money of one: expected flows, books and
 * funding stay as they are, and only what whole customers do to luck changes.
 */
export function finer(market: MarketDefinition, parts: number): MarketDefinition {
  const { parameters } = market
  const cut = (amount: number | null): number | null => (amount === null ? null : amount / parts)
  return {
    ...market,
    parameters: {
      ...parameters,
      userValueBoom: parameters.userValueBoom / parts,
      userValueWinter: parameters.userValueWinter / parts,
      hireBase: parameters.hireBase * parts,
    },
    segments: market.segments.map((segment) => ({
      ...segment,
      potential: segment.potential * parts,
      alpha: segment.alpha * parts,
      usage: segment.usage / parts,
      support: segment.support / parts,
      trade: segment.trade / parts,
      awarenessCost: segment.awarenessCost / parts,
    })),
    startups: market.startups.map((startup) => ({
      ...startup,
      stockHalf: startup.stockHalf * parts,
      privacyCost: startup.privacyCost / parts,
      plans: startup.plans.map((plan): PlanDefinition => ({
        ...plan,
        price: plan.price / parts,
        labour: plan.labour / parts,
        included: plan.included / parts,
        cap: cut(plan.cap),
      })),
    })),
  }
}

const BATCH = 40

/** Share of replications in which each startup is alive at the end, whole batches of 40 from replication 0 on. */
export function aliveAtEnd(market: MarketDefinition, wanted: number): number[] {
  const replications = Math.ceil(wanted / BATCH) * BATCH
  const run = new MarketRun(market, { recording: 'summary', keep: [], rows: BATCH })
  const alive = market.startups.map(() => 0)
  for (let first = 0; first < replications; first += BATCH) {
    run.instance.runReplications({ first, count: BATCH })
    const lives = run.instance.output('startups', 'alive', { replications: BATCH })
    for (let row = 0; row < BATCH; row++)
      alive.forEach((_, f) => (alive[f]! += lives[row * alive.length + f]! / replications))
  }
  return alive
}
