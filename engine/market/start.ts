/** The state before month 0. */
import { drawSource, normal } from '../numerics/draws.ts'
import { exp } from '../numerics/exponential.ts'
import { each, num, only, step, where, bool, type Num } from '../trace/index.ts'
import { letWait } from './entry.ts'
import { ledger } from './ledger.ts'
import {
  ATTRIBUTES,
  TYPES,
  cohorts,
  dues,
  lags,
  offers,
  pairs,
  plans,
  segmentOf,
  segments,
  shocks,
  startupOf,
  startups,
  world,
} from './model.ts'
import type { Shape } from './shape.ts'

/** Positions of the draws of four months. */
const FOUR_MONTHS = [0, 1, 2, 3] as const

/** The step before month 0: the state of everything, with the draws that last a replication. */
export const start = (shape: Shape) =>
  step('start', () => {
    const m = only(world)
    const { post } = ledger(shape.books)
    m.boom = m.startInBoom.isAbove(0)
    m.readinessSpeed = lognormalOfMeanOne(m.readinessSd, normal(drawSource({ stream: 'readiness' })))
    for (const i of FOUR_MONTHS) m.climateDraws.set(i, 0)
    each(segments, (s) => {
      s.readiness = m.readinessStart
      for (const h of TYPES) s.orphans.set(h, 0)
    })
    each(startups, (f) => {
      f.alive = bool(true)
      f.ability = exp(m.abilitySd.times(normal(drawSource({ stream: 'ability', entity: f.word }))))
      f.startingCash = post(
        f.initialCash.times(
          lognormalOfMeanOne(m.cashSd, normal(drawSource({ stream: 'cash', entity: f.word }))),
        ),
      )
      f.cash = f.startingCash
      if (shape.entry) letWait(f)
      for (const a of ATTRIBUTES) f.quality.set(a, f.initialQuality.at(a))
      f.trust = m.trustStart
      f.serviceRatio = num(1)
      f.reserved = m.reservedMinimum
      f.founderStake = num(1)
      f.lastRound = m.monthsBetweenRounds.negated()
      f.burn = f.rd.plus(f.marketing).plus(f.fixed)
      f.exitMonth = num(-1)
      f.efficiency = num(0)
      f.stock = num(0)
      f.usage = num(0)
      f.deferred = num(0)
      f.receivable = num(0)
      f.writtenOffReceivable = num(0)
      f.grossProfit = num(0)
      f.rounds = num(0)
      f.raisedTotal = num(0)
      f.profitTotal = num(0)
      f.revenueTotal = num(0)
      f.writtenOffCash = num(0)
      f.writtenOffDeferred = num(0)
      f.lateRevenue = num(0)
      f.lateDirectCost = num(0)
      f.lateOperatingCost = num(0)
      f.healthSustain = num(0)
      f.userValueSum = num(0)
      f.idealValueSum = num(0)
      f.monthsAlive = num(0)
      f.recentGross = num(0)
      f.recentRd = num(0)
      f.recentMarketing = num(0)
      f.recentStructure = num(0)
      f.refused = num(0)
      f.exitCause = num(0)
      f.exitInWinter = num(0)
      f.shocksAtExit = num(0)
      for (const i of FOUR_MONTHS) f.fundingDraws.set(i, 0)
    })
    each(pairs, (p) => {
      const f = startupOf(p)
      const targeted = p.share.isAbove(0)
      p.taste = num(0)
      for (const i of FOUR_MONTHS) p.tasteDraws.set(i, 0)
      p.fit = p.initialFit
      p.awareness = where(targeted, f.awarenessTargeted, f.awarenessElsewhere)
      f.burn = f.burn.plus(where(targeted, segmentOf(p).cost, 0))
    })
    if (shape.shocks)
      each(shocks, (k) => {
        k.ends = num(0)
      })
    each(dues, (due) => {
      due.amount = num(0)
    })
    each(lags, (lag) => {
      lag.revenue = num(0)
      lag.users = num(0)
    })
    each(plans, (j) => {
      j.multiplier = num(1)
      j.wasOpen = bool(false)
    })
    each(offers, (o) => {
      o.earned = num(0)
      for (const h of TYPES) o.customers.set(h, 0)
    })
    each(cohorts, (c) => {
      for (const h of TYPES) c.customers.set(h, 0)
      c.monthly = num(0)
    })
  })

/** exp(sd z - sd^2 / 2): lognormal with mean 1 for a standard normal z. */
function lognormalOfMeanOne(sd: Num, z: Num): Num {
  return exp(sd.times(z).minus(sd.squared().times(0.5)))
}
