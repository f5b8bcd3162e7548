/**
 * What each offer gives and asks this month (section 3.3): prices, requests answered, share served, bill. Without
 * actions that differ by replication, all of this is the same for every replication and computed once.
 */
import { exp } from '../numerics/exponential.ts'
import { power } from '../numerics/power.ts'
import { each, max, min, month, only, step, where } from '../trace/index.ts'
import { TYPES, offersOf, pairsOf, planOf, plans, segments, world } from './model.ts'
import type { Shape } from './shape.ts'

/** The step: what every offer gives and asks. */
export const terms = (shape: Shape, pricing: boolean) =>
  step('terms', () => {
    const m = only(world)
    each(plans, (j) => {
      const factor = pricing ? j.multiplier.times(j.slide) : j.slide
      j.priceNow = j.price.times(factor)
      j.usagePriceNow = j.usagePrice.times(factor)
      if (shape.openings)
        j.openNow = month().toNum().isAtLeast(j.opens).and(month().toNum().isBelow(j.closes))
    })
    each(segments, (s) =>
      each(pairsOf(s), (p) =>
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
            o.worth.set(h, s.beta.times(j.qualityShare).times(power(served, m.capCurvature)).times(m.perNest))
            o.sacrifice.set(
              h,
              s.alphaOfType.at(h).times(j.priceNow.plus(usageBill)).plus(ads).times(m.perNest),
            )
          }
        }),
      ),
    )
  })
