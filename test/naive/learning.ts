/** Owns step 3.7 of the naive month: quality, efficiency, copying, fit, awareness, third parties, readiness. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import type { ChoiceFlow } from './choice.ts'
import type { Actions } from './decisions.ts'
import { type Draws, type MarketMonth, type NaiveState, type Offer, clip, customersOf, sum } from './state.ts'

/** Moves everything that is learned, copied, forgotten or spread, after exits. */
export function learning(
  definition: MarketDefinition,
  offers: readonly Offer[],
  state: NaiveState,
  market: MarketMonth,
  draws: Draws,
  actions: Actions,
  { usersBefore }: ChoiceFlow,
): void {
  const { parameters: p, segments, startups } = definition
  const customers = customersOf(state)
  const users = startups.map((_, f) =>
    segments.map((_, s) =>
      sum(offers.map((offer, o) => (offer.f === f && offer.s === s ? sum(customers[o]!) : 0))),
    ),
  )
  const reached = startups.map((_, f) =>
    segments.map(
      (segment, s) =>
        (actions.marketing[f]! * actions.split[f]![s]!) / (segment.awarenessCost * market.potential[s]!),
    ),
  )
  const leaders = [0, 1, 2].map((a) => leaderOf(definition, state, a))
  const before = state.quality
  state.quality = before.map((attributes, f) => {
    const startup = startups[f]!
    return attributes.map((quality, a) => {
      const share = actions.rdMix[f]![a]! * (1 - actions.efficiencyShare[f]!)
      const gain = p.rdGain * effortOf(f) * Math.sqrt(3 * share) + startup.ecoQuality * state.stock[f]!
      const leader = leaders[a]!
      const copied =
        leader < 0 ? 0 : startups[leader]!.imitability * Math.max(before[leader]![a]! - quality, 0)
      const next = quality + gain * (1 - quality) - p.qualityDecay * (quality - p.qualityFloor) + copied
      return clip(next, p.qualityLow, p.qualityHigh)
    })
  })
  startups.forEach((startup, f) => {
    const efficiency = state.efficiency[f]!
    const saved = p.rdGain * effortOf(f) * Math.sqrt(3 * actions.efficiencyShare[f]!)
    state.efficiency[f] = clip(efficiency + saved * (1 - efficiency) - p.qualityDecay * efficiency, 0, 1)

    segments.forEach((_, s) => {
      const split = actions.split[f]![s]!
      const fit = state.fit[f]![s]!
      // Industry fit uses the budget as it is: no inflation, no ability.
      const studied = startup.learnE * split * Math.sqrt(actions.rd[f]! / p.rdScale)
      state.fit[f]![s] = fit + Math.min(p.fitGain * studied, 1) * (1 - fit) - p.fitDecay * fit

      const presence = p.opennessAwareness * startup.openness + startup.ecoAwareness * state.stock[f]!
      const heard = (p.wordOfMouth * usersBefore[f]![s]!) / market.potential[s]!
      const hazard = reached[f]![s]! + heard + (split > 0 ? presence : 0)
      const awareness = state.awareness[f]![s]!
      const next = awareness * (1 - p.forgetting) + (1 - awareness) * (1 - Math.exp(-hazard))
      state.awareness[f]![s] = clip(next, 0, 1)
    })
  })
  // Quality and awareness above use this month's stock; the next month's comes last.
  startups.forEach((startup, f) => {
    const [base, take, out] = [sum(users[f]!), actions.takeRate[f]!, actions.outShare[f]!]
    const attraction = take > 0 ? Math.max(0, 1 - take / p.takeRateAtZeroStock) : out / (out + p.outShareHalf)
    state.stock[f]! += p.stockSpeed * ((base / (base + startup.stockHalf)) * attraction - state.stock[f]!)
  })
  segments.forEach((segment, s) => {
    const adopted = sum(users.map((row) => row[s]!)) / market.potential[s]!
    // The speed of readiness multiplies the Bass part only (3.8).
    const bass = draws.readiness() * (segment.p / 12 + (segment.q / 12) * adopted)
    const taught = p.education * sum(reached.map((row) => row[s]!))
    const readiness = state.readiness[s]!
    state.readiness[s] = Math.min(1, readiness + (bass + taught) * (1 - readiness))
  })

  function effortOf(f: number): number {
    return Math.sqrt(actions.rd[f]! / (p.rdScale * p.rdInflationPerYear ** market.years)) * draws.ability(f)
  }
}

/**
 * The living startup of highest quality in an attribute, or -1 where none lives. Ties go to the first id (3.8): the
 * first in the order of ids, whatever the order of startups; the numpy reference takes the first in the list.
 */
function leaderOf({ startups }: MarketDefinition, state: NaiveState, attribute: number): number {
  let leader = -1
  startups.forEach(({ id }, f) => {
    if (!state.alive[f]) return
    const lead = leader < 0 ? 1 : state.quality[f]![attribute]! - state.quality[leader]![attribute]!
    if (lead > 0 || (lead === 0 && id < startups[leader]!.id)) leader = f
  })
  return leader
}
