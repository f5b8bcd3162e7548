/** Owns what the small market does month by month as reckoned by the naive executor, and how it is compared. */
import { expect } from 'vitest'
import { strategies } from '../../../agents/strategies/index.ts'
import type { MarketDefinition } from '../../../engine/market/definition.ts'
import type { NaiveStrategy } from '../../naive/decisions.ts'
import { calmDraws } from '../../naive/draws.ts'
import { type NaiveFlow, simulateNaive } from '../../naive/month.ts'
import { sum } from '../../naive/state.ts'
import { strategyByHand } from './by-hand.ts'
import type { Decided } from './strategic-run.ts'

const defaultOf = (name: string, setting: string): number =>
  strategies.find((s) => s.name === name)!.settings[setting]!.default

/**
 * The same months by the naive executor with strategies by hand; cash and life are those at the end of the
 * month.
 */
export function reckonMonths(
  market: MarketDefinition,
  strategy: NaiveStrategy = strategyByHand(market, defaultOf),
): Decided[] {
  const months: Decided[] = []
  const plans = market.startups.flatMap((startup) => startup.plans)
  simulateNaive(market, calmDraws(), {
    strategy,
    watch: (step, _month, state, flow) => {
      if (step !== 'learning') return
      const { decisions, events } = flow as NaiveFlow
      const factor = plans.map((plan, j) => decisions.priceMultiplier[j]! * events.fall ** plan.passThrough)
      months.push({
        alive: [...state.alive],
        rd: decisions.rd,
        marketing: decisions.marketing,
        cash: [...state.cash],
        multiplier: decisions.priceMultiplier,
        price: plans.map((plan, j) => plan.price * factor[j]!),
        usagePrice: plans.map((plan, j) => plan.usagePrice * factor[j]!),
        cap: decisions.cap,
        open: decisions.open.map(Number),
        quality: state.quality.map((attributes) => sum(attributes) / 3),
        segmentCost: (flow as NaiveFlow).books.operating.segmentCost,
        labour: (flow as NaiveFlow).books.direct.labour,
        serviceRatio: [...state.serviceRatio],
        users: (flow as NaiveFlow).books.users,
      })
    },
  })
  return months
}

/**
 * Fails with the first numbers that are further apart than rounding over the months of the run explains: 1e-9
 * of a number, and of cash, from which sums cancel, 1e-9 of what a startup began with.
 */
export function compare(
  played: readonly Decided[],
  reckoned: readonly Decided[],
  market: MarketDefinition,
): void {
  const found: string[] = []
  reckoned.forEach((month, m) => {
    const [lives, shouldLive] = [played[m]!.alive.join(), month.alive.join()]
    if (lives !== shouldLive) found.push(`month ${m}: alive is ${lives}, by hand ${shouldLive}`)
    for (const [name, values] of Object.entries(month) as [keyof Decided, number[]][]) {
      if (name === 'alive') continue
      values.forEach((value, i) => {
        // Of a startup that has failed nothing is left to compare.
        const ofStartup = month[name].length === market.startups.length
        if (ofStartup && !month.alive[i]) return
        const actual = played[m]![name][i] as number
        const close = 1e-9 * Math.max(Math.abs(value), name === 'cash' ? market.startups[i]!.cash : 0)
        if (actual !== value && !(Math.abs(actual - value) <= close))
          found.push(`month ${m}: ${name}[${i}] is ${actual}, by hand ${value}`)
      })
    }
  })
  expect(found.slice(0, 8)).toEqual([])
}
