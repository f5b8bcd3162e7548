/** Owns step 3.4 of the naive month: usage against reserved compute. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import type { ChoiceFlow } from './choice.ts'
import type { Actions } from './decisions.ts'
import { type MarketMonth, type NaiveState, type Offer, clip, sum } from './state.ts'

/** The flows of the service step. */
export interface ServiceFlow {
  /** Requests asked within caps, [o]. */
  readonly requests: number[]
  /** Compute cost if all were answered, currency, [o]. */
  readonly fullCompute: number[]
  /** Share of requests answered, [f]. */
  readonly ratio: number[]
  /** Compute cost, currency, [f]. */
  readonly compute: number[]
  /** Cost of idle reservation, currency, [f]. */
  readonly idle: number[]
}

/** Serves the month; sets the next reservation, trust and next month's responsiveness. */
export function service(
  { parameters: p, startups }: MarketDefinition,
  offers: readonly Offer[],
  state: NaiveState,
  market: MarketMonth,
  actions: Actions,
  { customers, terms }: ChoiceFlow,
): ServiceFlow {
  const meanQuality = state.quality.map((attributes) => sum(attributes) / 3)
  const requests = offers.map((_, o) => sum(customers[o]!.map((count, h) => count * terms[o]!.requests[h]!)))
  const fullCompute = offers.map(({ f, j }, o) => {
    const quality = (actions.qualityShare[j]! * meanQuality[f]!) ** p.qualityCostElasticity
    return requests[o]! * market.computePrice * quality * (1 - p.efficiencySaving * state.efficiency[f]!)
  })
  const flow: ServiceFlow = { requests, fullCompute, ratio: [], compute: [], idle: [] }
  startups.forEach((_, f) => {
    const mine = (values: number[]) => sum(values.filter((_, o) => offers[o]!.f === f))
    const usage = mine(requests)
    const reserved = actions.reserved[f] ?? state.reserved[f]!
    const ratio = Math.min(1, reserved / Math.max(usage, p.usageLeast))
    const idle = clip(reserved - usage, 0, p.idleUpToUsage * usage)
    flow.ratio.push(ratio)
    flow.compute.push(mine(fullCompute) * ratio)
    flow.idle.push(
      idle * market.computePrice * p.idleShareOfCost * meanQuality[f]! ** p.qualityCostElasticity,
    )
    const growth = usage / Math.max(state.usage[f]!, p.usageLeast) - 1
    const headroom = p.reserveHeadroom * (1 + clip(growth, p.reserveGrowthLow, p.reserveGrowthHigh))
    state.reserved[f] = Math.max(p.reservedMinimum, usage * headroom)
    state.usage[f] = usage
    state.serviceRatio[f] = ratio
    const trust = state.trust[f]!
    state.trust[f] = clip(
      trust + p.trustRecovery * (1 - trust) - p.trustLoss * (1 - ratio) - market.outage[f]!,
      0,
      1,
    )
  })
  return flow
}
