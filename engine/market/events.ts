/** Events of the month (section 7.1 of the model): climate, shocks, entries, taste shocks, compute price, usage and potential. */
import { exp } from '../numerics/exponential.ts'
import { power } from '../numerics/power.ts'
import { each, max, min, month, num, only, step, where, whereBool, type Num } from '../trace/index.ts'
import {
  TYPES,
  pairs,
  pairsOf,
  plans,
  segments,
  startups,
  startupOf,
  world,
  type Segment,
  type World,
} from './model.ts'
import { target } from './actions.ts'
import { enter, isFirstMonth } from './entry.ts'
import type { Shape } from './shape.ts'
import { computeFactor, forced, spread, strike } from './shocks.ts'

/** e^-660 is about 1e-287, above which weights and their reciprocals times any number of customers stay finite. */
const LEAST_NESTED_UTILITY = -660

/** The step: climate and taste, and all that is the same for every replication of a month. */
export const events = (shape: Shape) =>
  step('events', () => {
    const m = only(world)
    const was = m.boom
    if (shape.shocks) strike(shape)
    const usual = whereBool(
      was,
      m.climateDraw.isAtLeast(m.boomToWinter),
      m.climateDraw.isBelow(m.winterToBoom),
    )
    m.boom = shape.shocks ? forced(m, usual) : usual
    m.turn = m.boom.toNum().minus(was.toNum())
    if (shape.entry) enter(m)
    if (shape.shocks) spread(shape, m)

    // xi' = .95 xi + sd sqrt(1 - .95^2) e, started from its stationary law.
    const inertia = m.tastePersistence
    const innovation = num(1).minus(inertia.squared()).squareRoot().times(m.tasteSd)
    each(pairs, (p) => {
      const first = isFirstMonth(shape, () => startupOf(p))
      p.taste = where(first, m.tasteSd, innovation)
        .times(p.tasteDraw)
        .plus(where(first, 0, inertia).times(p.taste))
    })

    m.years = month().toNum().over(12)
    const fall = power(m.computeFallPerYear, m.years.negated())
    m.fall = shape.shocks ? fall.times(computeFactor(m)) : fall
    m.compute = m.computePrice.times(m.fall)
    m.rdScaleNow = m.rdScale.times(power(m.rdInflationPerYear, m.years))
    m.perRdScaleNow = num(1).over(m.rdScaleNow)
    m.perRdScale = num(1).over(m.rdScale)
    m.perNest = num(1).over(m.nest)
    // Held where e to it is a normal number: at a very small nest the least utility is higher than stated.
    m.nestedLow = max(m.utilityLow.times(m.perNest), LEAST_NESTED_UTILITY)
    m.nestedHigh = m.utilityHigh.times(m.perNest)
    m.leastWeight = exp(m.nestedLow)
    m.mostWeight = exp(m.nestedHigh)
    m.leastPull = exp(m.nestedLow.times(m.nest))
    m.mostPull = exp(m.nestedHigh.times(m.nest))
    each(segments, (s) => {
      s.usageFactor = power(s.usageGrowth, m.years)
      const potential = s.potential.times(power(s.growth.plus(1), m.years))
      // A segment that shrinks keeps a customer, so that shares of its potential are defined.
      s.potentialNow = shape.demography === 'integer' ? max(potential.plus(0.5).floor(), 1) : potential
      // Three types of customer: alpha exp(-omega z), x exp(tau z) over its mean.
      const spread = TYPES.map((h) => exp(s.tau.times(m.nodes.at(h))))
      const mean = TYPES.map((h) => (spread[h] as (typeof spread)[0]).times(m.weights.at(h))).reduce((a, b) =>
        a.plus(b),
      )
      for (const h of TYPES) {
        s.alphaOfType.set(h, s.alpha.times(exp(s.omega.times(m.nodes.at(h)).negated())))
        s.usageOfType.set(
          h,
          s.usage
            .times(s.usageFactor)
            .times(spread[h] as (typeof spread)[0])
            .over(mean),
        )
      }
      setPotentialOfTypes(shape, m, s)
    })
    each(segments, (s) => {
      s.network = s.nu.over(s.potentialNow)
      s.wordOfMouthNow = m.wordOfMouth.over(s.potentialNow)
      s.perAd = m.revenuePerThousandAds.over(1000).over(s.usageFactor)
      s.innovation = s.p.over(12)
      s.imitation = s.q.over(12).over(s.potentialNow)
    })
    each(startups, (f) => {
      f.targetedCost = num(0)
    })
    each(segments, (s) => {
      each(pairsOf(s), (p) => {
        const f = startupOf(p)
        target(s, p, p.share)
        f.targetedCost = f.targetedCost.plus(where(p.isTargeted, s.cost, 0))
      })
    })
    each(plans, (j) => {
      j.allowance = power(j.allowanceGrowth, m.years)
      j.slide = power(m.fall, j.passThrough)
      j.isFree = j.price.equals(0).and(j.usagePrice.equals(0))
    })
  })

/** Each type's part of the potential: fractions, or whole customers that add up to it. */
function setPotentialOfTypes(shape: Shape, m: World, s: Segment): void {
  const part = (h: 0 | 1 | 2): Num => s.potentialNow.times(m.weights.at(h))
  if (shape.demography === 'expected') return TYPES.forEach((h) => s.potentialOfType.set(h, part(h)))
  const first = part(0).plus(0.5).floor()
  const second = min(part(0).plus(part(1)).plus(0.5).floor(), s.potentialNow)
  s.potentialOfType.set(0, first)
  s.potentialOfType.set(1, second.minus(first))
  s.potentialOfType.set(2, s.potentialNow.minus(second))
}
