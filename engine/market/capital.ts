/** Capital (section 7.6): funding rounds for short runways, then exit of startups whose cash is below zero. */
import { exp } from '../numerics/exponential.ts'
import { log } from '../numerics/logarithm.ts'
import {
  bool,
  clamp,
  each,
  max,
  min,
  month,
  num,
  only,
  step,
  sum,
  when,
  where,
  whereWhole,
  type Num,
} from '../trace/index.ts'
import { runwayOf } from './decisions.ts'
import { ageOf } from './entry.ts'
import { ledger } from './ledger.ts'
import {
  TYPES,
  cohortsOf,
  duesOf,
  lagsOf,
  offersOf,
  presenceOf,
  segmentOf,
  shocks,
  startups,
  world,
  type Pair,
  type Startup,
  type World,
} from './model.ts'
import type { Shape } from './shape.ts'

/** The step: who looks for capital, and who gets how much. */
export const capital = (shape: Shape) =>
  step('capital', () => {
    const m = only(world)
    m.userValue = where(m.boom, m.userValueBoom, m.userValueWinter)
    each(startups, (f) => raise(shape, m, f))
  })

/** Growth, score, pre-money value and amount of a round, and whether it succeeds. */
function raise(shape: Shape, m: World, f: Startup): void {
  const { post, amount } = ledger(shape.books)
  const revenue = amount(f.revenue)
  const past = remember(shape, m, f, revenue)
  f.asked = f.alive
    .and(max(runwayOf(m, amount(f.cash), f.burn), 0).isBelow(m.askBelowRunway))
    .and(month().toNum().minus(f.lastRound).isAtLeast(m.monthsBetweenRounds))
    .and(ageOf(shape, f).isAtLeast(m.firstRoundMonth))
  f.raised = num(0)
  f.refused = f.refused.plus(where(f.asked, 1, 0))
  when(f.asked, () => {
    const margin = where(
      revenue.isAbove(m.smallRevenue),
      clamp(f.grossProfit.over(max(revenue, 1e-300)), { low: m.marginLow, high: m.marginHigh }),
      m.smallRevenueMargin,
    )
    const weighed = (money: Num, users: Num): Num =>
      money.plus(m.growthUserWeight.times(m.userValue).times(users)).plus(m.growthOffset)
    const growth = m.growthScale.times(log(weighed(revenue, f.users).over(weighed(past.revenue, past.users))))
    const score = m.fundingIntercept
      .plus(m.fundingGrowth.times(clamp(growth, { low: m.fundingGrowthLow, high: m.fundingGrowthHigh })))
      .plus(m.fundingMargin.times(margin))
      .plus(where(m.boom, 0, m.fundingWinter))
      .plus(m.fundingPerRound.times(f.rounds))
    const floor = where(f.rounds.equals(0), m.firstFloor.times(where(m.boom, 1, m.firstFloorWinterFactor)), 0)
    const multiple = where(m.boom, m.multipleBoom, m.multipleWinter)
    const worth = multiple
      .times(12)
      .times(max(revenue, 0))
      .times(clamp(margin, { low: m.preMarginLow, high: m.preMarginHigh }))
      .plus(m.userValue.times(f.users))
    const preMoney = max(floor, worth)
    const burn = max(f.burn, 0)
    const sum = min(m.roundBurnMonths.times(burn), preMoney.times(m.dilution.over(num(1).minus(m.dilution))))
    const against = exp(score.negated())
    const succeeds = f.fundingDraw
      .isBelow(num(1).over((shape.shocks ? against.over(m.fundingOdds) : against).plus(1)))
      .and(sum.isAtLeast(m.roundLeastBurnMonths.times(burn)))
      .and(sum.isAtLeast(m.roundLeast))
    when(succeeds, () => {
      f.raised = post(sum)
      f.cash = f.cash.plus(f.raised)
      f.founderStake = f.founderStake.times(preMoney.over(preMoney.plus(sum)))
      f.lastRound = month().toNum()
      f.rounds = f.rounds.plus(1)
      f.refused = num(0)
      f.raisedTotal = f.raisedTotal.plus(f.raised)
    })
  })
}

/** Writes this month into the history, and gives revenue and users of `growthWindow` months ago, or of the first month. */
function remember(shape: Shape, m: World, f: Startup, revenue: Num): { revenue: Num; users: Num } {
  const window = m.growthWindowMonths
  const slots = window.plus(1)
  const now = lagsOf.at(f, month().modulo(slots))
  now.revenue = revenue
  now.users = f.users
  // The slot after this month's holds the month `window` ago; before that, month 0 is in slot 0.
  const past = lagsOf.at(f, whereWhole(month().isBelow(window), 0, month().plus(1).modulo(slots)))
  if (!shape.entry) return { revenue: past.revenue, users: past.users }
  const age = ageOf(shape, f)
  const isFirst = age.equals(0)
  f.firstRevenue = where(isFirst, revenue, f.firstRevenue)
  f.firstUsers = where(isFirst, f.users, f.firstUsers)
  const isYoung = age.isBelow(window.toNum())
  return {
    revenue: where(isYoung, f.firstRevenue, past.revenue),
    users: where(isYoung, f.firstUsers, past.users),
  }
}

/** A startup whose cash is below zero is insolvent: its customers are orphans and shop next month. */
export const exits = (shape: Shape) =>
  step('exits', () => {
    const m = only(world)
    each(startups, (f) => {
      const fails = f.alive.and(f.cash.isBelow(0))
      f.exits = fails
      when(fails, () => {
        f.alive = bool(false)
        f.exitMonth = month().toNum()
        f.exitCause = causeOf(f)
        f.exitInWinter = where(m.boom, 0, 1)
        if (shape.shocks) f.shocksAtExit = sum(shocks, (k) => k.lasts.toNum())
        f.writtenOffCash = f.cash.negated()
        f.writtenOffDeferred = f.deferred
        f.cash = num(0)
        f.deferred = num(0)
        if (shape.credit) {
          f.writtenOffReceivable = f.receivable
          f.receivable = num(0)
          each(duesOf(f), (due) => {
            due.amount = num(0)
          })
        }
        each(presenceOf(f), (p) => release(p))
      })
    })
  })

/** What may have emptied the cash, in the order of their numbers. */
export const EXIT_CAUSES = ['service', 'structure', 'research', 'marketing'] as const

/**
 * The number of the first account that the gross profit of about the last year did not cover: the service itself where
 * there was none; what a startup pays whether it sells or not; then what it chose to spend, the larger first.
 */
function causeOf(f: Startup): Num {
  const { recentGross: gross, recentRd: research, recentMarketing: marketing, recentStructure: structure } = f
  const chosen = where(marketing.isAbove(research), 3, 2)
  return where(gross.isBelow(0), 0, where(gross.isBelow(structure), 1, chosen))
}

/** Customers and what they have paid go with a startup that fails. */
function release(p: Pair): void {
  const s = segmentOf(p)
  each(offersOf(p), (o) => {
    for (const h of TYPES) {
      s.orphans.set(h, s.orphans.at(h).plus(o.customers.at(h)))
      o.customers.set(h, 0)
    }
    o.users = num(0)
    o.earned = num(0)
    each(cohortsOf(o), (c) => {
      for (const h of TYPES) c.customers.set(h, 0)
      c.monthly = num(0)
    })
  })
}
