/**
 * What each offer gives and asks this month (section 7.3): prices, requests answered, share served, bill. Without
 * actions that differ by replication, all of this is the same for every replication and computed once.
 */
import { boundedExp, exp } from '../numerics/exponential.ts'
import { power } from '../numerics/power.ts'
import { clamp, each, max, min, only, step, sum, where, type Num } from '../trace/index.ts'
import {
  TYPES,
  offersOf,
  pairsOf,
  planOf,
  plans,
  segments,
  world,
  type Offer,
  type Pair,
  type Plan,
  type Segment,
  type World,
} from './model.ts'
import type { Acted } from './actions.ts'
import type { Shape } from './shape.ts'
import { byType, type Type } from './types.ts'

/** The step: what every offer gives and asks. */
export const terms = (shape: Shape, acted: Acted) =>
  step('terms', () => {
    const m = only(world)
    each(plans, (j) => {
      const factor = acted.has('priceMultiplier') ? j.multiplier.times(j.slide) : j.slide
      j.priceNow = j.price.times(factor)
      j.usagePriceNow = j.usagePrice.times(factor)
      j.qualityCost = power(servedQuality(j, acted), m.qualityCostElasticity)
    })
    each(segments, (s) =>
      each(pairsOf(s), (p) => {
        each(offersOf(p), (o) => {
          const j = planOf(o)
          const cap = j.capNow.times(j.allowance)
          const included = j.included.times(j.allowance)
          const attention = where(j.ownPhi.isAbove(0), j.phi, s.phi)
          o.attention = shape.openings ? where(j.openNow, attention, 1) : attention
          o.loyalty = exp(where(j.ownSigma.isAbove(0), j.sigma, s.sigma).plus(j.sigmaAdded))
          const annoyance = m.commitment.times(j.termMonths.toNum().minus(1))
          const ads = shape.advertising ? annoyance.plus(m.adAversion.times(j.adLoadNow)) : annoyance
          for (const h of TYPES) {
            const usage = s.usageOfType.at(h)
            const answered = o.answered.set(h, min(usage, cap))
            const served = min(1, cap.over(usage))
            const usageBill = o.usageBill.set(h, j.usagePriceNow.times(max(0, answered.minus(included))))
            o.worth.set(
              h,
              s.beta.times(servedQuality(j, acted)).times(power(served, m.capCurvature)).times(m.perNest),
            )
            o.sacrifice.set(
              h,
              s.alphaOfType.at(h).times(j.priceNow.plus(usageBill)).plus(ads).times(m.perNest),
            )
          }
          compareTypes(m, p, o)
        })
        for (const h of TYPES) p.idealPull.set(h, idealPull(m, s, p, h))
      }),
    )
  })

/** Quality share of a plan: its own, unless somebody decides on it. */
function servedQuality(j: Plan, acted: Acted): Num {
  return acted.has('freeQuality') ? j.qualityNow : j.qualityShare
}

/**
 * Whether an offer is worth the same to all types of customer, who then differ in what they pay only, and by which
 * factor that changes its weight. Beyond e^40 both ways their utilities are found one by one.
 */
function compareTypes(m: World, p: Pair, o: Offer): void {
  const exponent = where(p.offerCount.equals(1), m.nest, 1)
  const spared = ([0, 2] as const).map((h) => o.sacrifice.at(1).minus(o.sacrifice.at(h))) as [Num, Num]
  const [worth0, worth1, worth2] = byType((h) => o.worth.at(h))
  const farthest = max(spared[0].absolute(), spared[1].absolute())
  o.isAlike = worth0.equals(worth1).and(worth2.equals(worth1)).and(farthest.isAtMost(40))
  o.relief.set(0, exp(spared[0].times(exponent)))
  o.relief.set(2, exp(spared[1].times(exponent)))
}

/** Weight of a startup's offers at frontier quality and cost price, but for what sets the startup apart in the segment. */
function idealPull(m: World, s: Segment, p: Pair, h: Type): Num {
  const inside = sum(offersOf(p), (o) => {
    const j = planOf(o)
    const compute = m.compute.times(j.qualityCost).times(o.answered.at(h))
    const support = s.support.times(where(j.isFree, m.freeSupportFactor, 1))
    const cost = compute.plus(support).plus(j.labour)
    const utility = o.worth.at(h).minus(s.alphaOfType.at(h).times(cost).times(m.perNest))
    return boundedExp(clamp(utility, { low: m.nestedLow, high: m.nestedHigh }))
  })
  return power(inside, m.nest)
}
