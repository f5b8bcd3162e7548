/** Learning, copying, awareness, third-party stock and readiness (section 7.7). */
import { boundedExp } from '../numerics/exponential.ts'
import {
  clamp,
  each,
  fold,
  max,
  min,
  num,
  only,
  step,
  sum,
  sums,
  together,
  where,
  type Num,
} from '../trace/index.ts'
import {
  ATTRIBUTES,
  offersOf,
  pairsOf,
  presenceOf,
  segments,
  startupOf,
  startups,
  startupsById,
  world,
  type Pair,
  type Segment,
  type Startup,
  type World,
} from './model.ts'
import { sumOfOffers } from './offers.ts'
import type { Acted } from './actions.ts'
import type { Shape } from './shape.ts'

/** The step: quality, efficiency, fit, awareness, readiness and third-party stock. */
export const learning = (shape: Shape, acted: Acted) =>
  step('learning', () => {
    const m = only(world)
    findLeaders(m)
    each(startups, (f) => improve(shape, m, f))
    each(segments, (s) => {
      // What a startup that failed this month spent still counts.
      const { customers, pressure } = sums(pairsOf(s), (p) =>
        together(
          startupOf(p).alive.or(startupOf(p).exits),
          () => becomeKnown(shape, acted, m, s, p),
          () => ({ customers: num(0), pressure: num(0) }),
        ),
      )
      s.adopters = customers
      s.pressure = pressure
      const spread = m.readinessSpeed
        .times(s.innovation.plus(s.imitation.times(s.adopters)))
        .plus(m.education.times(s.pressure))
      s.readiness = min(1, s.readiness.plus(spread.times(num(1).minus(s.readiness))))
    })
    if (shape.thirdParties) each(startups, (f) => attractThirdParties(m, f))
  })

/** The best of each attribute among the living, and how fast it is copied; ties go to the first id. */
function findLeaders(m: World): void {
  const names = ATTRIBUTES.flatMap((a) => [`top${a}`, `copy${a}`] as const)
  type Key = (typeof names)[number]
  const none = Object.fromEntries(names.map((name) => [name, 0])) as Record<Key, number>
  const best = fold(
    startupsById(m),
    none,
    (sofar, f) =>
      Object.fromEntries(
        ATTRIBUTES.flatMap((a) => {
          const quality = where(f.alive, f.quality.at(a), 0)
          const better = quality.isAbove(sofar[`top${a}`])
          return [
            [`top${a}`, where(better, quality, sofar[`top${a}`])],
            [`copy${a}`, where(better, f.imitability, sofar[`copy${a}`])],
          ]
        }),
      ) as Record<Key, Num>,
  )
  for (const a of ATTRIBUTES) {
    m.leaderQuality.set(a, best[`top${a}`])
    m.leaderImitability.set(a, best[`copy${a}`])
  }
}

/** q' = q + (rho e sqrt(3 mix) + ecoQ K)(1 - q) - delta (q - floor) + imitability max(top - q, 0). */
function improve(shape: Shape, m: World, f: Startup): void {
  const effort = f.rdBudget.times(m.perRdScaleNow).squareRoot().times(f.ability)
  for (const a of ATTRIBUTES) {
    const q = f.quality.at(a)
    const own = effort.times(f.mixGain.at(a))
    const gain = shape.thirdParties ? own.plus(f.ecoQuality.times(f.stock)) : own
    const copied = m.leaderImitability.at(a).times(max(m.leaderQuality.at(a).minus(q), 0))
    const next = q
      .plus(gain.times(num(1).minus(q)))
      .minus(m.qualityDecay.times(q.minus(m.qualityFloor)))
      .plus(copied)
    f.quality.set(a, clamp(next, { low: m.qualityLow, high: m.qualityHigh }))
  }
  if (shape.efficiency) {
    const gain = effort.times(f.efficiencyGain)
    const next = f.efficiency
      .plus(gain.times(num(1).minus(f.efficiency)))
      .minus(m.qualityDecay.times(f.efficiency))
    f.efficiency = clamp(next, { low: 0, high: 1 })
  }
  f.studied = f.learnE.times(f.rdBudget.times(m.perRdScale).squareRoot())
}

/** Industry fit and awareness of a startup in a segment; gives its customers and the pressure of its marketing. */
function becomeKnown(
  shape: Shape,
  acted: Acted,
  m: World,
  s: Segment,
  p: Pair,
): { customers: Num; pressure: Num } {
  const f = startupOf(p)
  // No budget closes more than the whole gap.
  const learned = min(m.fitGain.times(f.studied).times(acted.has('split') ? p.shareNow : p.share), 1)
  p.fit = p.fit.plus(learned.times(num(1).minus(p.fit))).minus(m.fitDecay.times(p.fit))
  const pressure = f.marketingBudget.times(p.spendRate)
  const openness = m.opennessAwareness.times(f.openness)
  const presence = where(
    p.isTargeted,
    shape.thirdParties ? openness.plus(f.ecoAwareness.times(f.stock)) : openness,
    0,
  )
  const hazard = pressure.plus(s.wordOfMouthNow.times(p.users)).plus(presence)
  const next = p.awareness.times(num(1).minus(m.forgetting)).plus(
    num(1)
      .minus(p.awareness)
      .times(num(1).minus(boundedExp(max(hazard.negated(), -700)))),
  )
  p.awareness = clamp(next, { low: 0, high: 1 })
  return { customers: sumOfOffers(p, (o) => o.users), pressure }
}

/** K' = K + .08 (K* - K) with K* = b / (b + B50) times what the take rate, or the share paid out, leaves attractive. */
function attractThirdParties(m: World, f: Startup): void {
  const users = sum(presenceOf(f), (p) => sum(offersOf(p), (o) => o.users))
  const taking = f.take.isAbove(0)
  const afterTake = max(0, num(1).minus(f.take.over(m.takeRateAtZeroStock)))
  const afterOut = where(f.out.isAbove(0), f.out.over(f.out.plus(m.outShareHalf)), 0)
  const attraction = where(taking, afterTake, afterOut)
  f.stock = f.stock.plus(
    m.stockSpeed.times(users.over(users.plus(f.stockHalf)).times(attraction).minus(f.stock)),
  )
}
