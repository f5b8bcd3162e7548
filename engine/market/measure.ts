/** Running totals of each replication, kept while it runs so that a summary needs no months in memory. */
import { exp } from '../numerics/exponential.ts'
import { log } from '../numerics/logarithm.ts'
import {
  clamp,
  each,
  max,
  min,
  month,
  num,
  only,
  step,
  sum,
  sums,
  whenAny,
  where,
  type Num,
} from '../trace/index.ts'
import { runwayOf } from './decisions.ts'
import { ledger } from './ledger.ts'
import {
  climateNoticeOf,
  entryNoticesOf,
  exitNoticeOf,
  offersOf,
  pairsOf,
  planOf,
  presenceOf,
  roundNoticeOf,
  segments,
  shockNoticeOf,
  shocks,
  startupOf,
  startups,
  world,
  type World,
} from './model.ts'
import { NAMES, byName, byType, totalOf, type Type } from './types.ts'
import type { Shape } from './shape.ts'

/** Months at the end of the run over which margins are judged. */
const LATE_MONTHS = 24

/** The step: totals since the start and, once a year, the value to users. */
export const measure = (shape: Shape) =>
  step('measure', () => {
    const m = only(world)
    const { amount } = ledger(shape.books)
    const late = month().toNum().isAtLeast(m.horizon.minus(LATE_MONTHS))
    each(startups, (f) => {
      f.revenueTotal = f.revenueTotal.plus(f.revenue)
      f.profitTotal = f.profitTotal.plus(f.profit)
      f.lateRevenue = f.lateRevenue.plus(where(late, f.revenue, 0))
      f.lateDirectCost = f.lateDirectCost.plus(where(late, f.directCost, 0))
      f.lateOperatingCost = f.lateOperatingCost.plus(where(late, f.operatingCost, 0))
      f.monthsAlive = f.monthsAlive.plus(where(f.alive, 1, 0))
      const runway = runwayOf(m, amount(f.cash), f.burn)
      f.healthSustain = f.healthSustain.plus(
        where(f.alive, clamp(runway.times(1 / 18), { low: 0, high: 1 }), 0),
      )
    })
    const months = monthsToJudge(m)
    whenAny(months.isAbove(0), () => valueToUsers(m, months))
  })

/**
 * What a startup's customers gain over doing without, in money, and the same were its products at the frontier and sold
 * at cost. A customer's gain is the surplus of the logit with taste shocks, ln(1 + W / U0) / alpha for one who can
 * choose this startup or do without, the open alternative included (Small and Rosen 1981); it is the same in
 * expectation for those who chose the startup.
 */
function valueToUsers(m: World, months: Num): void {
  each(segments, (s) => {
    const perUtil = byType((h) =>
      where(s.alphaOfType.at(h).isAbove(0), months.over(max(s.alphaOfType.at(h), 1e-300)), 0),
    )
    const perOutside = num(1).over(s.outside)
    each(pairsOf(s), (p) =>
      whenAny(startupOf(p).alive, () => {
        const f = startupOf(p)
        const held = sums(offersOf(p), (o) => byName((h) => o.customers.at(h)))
        const affinity = exp(clamp(p.appeal, { low: -60, high: 60 }))
        const gain = (weightOf: (h: Type) => Num): Num =>
          totalOf(
            byType((h) => log(weightOf(h).times(perOutside).plus(1)).times(perUtil[h]).times(held[NAMES[h]])),
          )
        f.userValueSum = f.userValueSum.plus(gain((h) => p.pull.at(h)))
        f.idealValueSum = f.idealValueSum.plus(
          gain((h) => min(affinity.times(p.idealPull.at(h)), m.mostPull)),
        )
      }),
    )
  })
}

/** After how many months the value to users is judged, and at the end of the run: it takes as long as half a month. */
const JUDGED_AFTER = [6, 12, 24, 48, 96, 192, 384]

/** Months since the value to users was last judged, where that is due; otherwise 0. */
function monthsToJudge(m: World): Num {
  const now = month().toNum().plus(1)
  const before = JUDGED_AFTER.reduce((last, after) => where(now.isAbove(after), after, last), num(0))
  const isDue = JUDGED_AFTER.reduce((due, after) => due.or(now.equals(after)), now.equals(m.horizon))
  return where(isDue, now.minus(before), 0)
}

/** The step: users of every startup and revenue of all, after every month that is recorded or after the last one. */
export const count = step('count', () => {
  const m = only(world)
  each(startups, (f) => {
    const users = sums(presenceOf(f), (p) =>
      sums(offersOf(p), (o) => {
        const free = planOf(o).isFree
        return { free: where(free, o.users, 0), paid: where(free, 0, o.users) }
      }),
    )
    f.freeUsers = users.free
    f.paidUsers = users.paid
  })
  m.marketRevenue = sum(startups, (f) => f.revenue)
})

/** Notes what happened this month for the table of events: an amount that is not 0. */
export const notice = (
  shape: Shape,
  record: (
    event: 'climate' | 'round' | 'exit' | 'entry' | 'shock',
    record: never,
    values: { amount: Num; cause: Num },
  ) => void,
) =>
  step('notices', () => {
    const m = only(world)
    const none = num(0)
    record('climate', climateNoticeOf(m) as never, { amount: m.turn, cause: none })
    each(startups, (f) => {
      record('round', roundNoticeOf(f) as never, { amount: f.raised, cause: none })
      record('exit', exitNoticeOf(f) as never, {
        amount: where(f.exits, f.writtenOffCash, 0),
        cause: where(f.exits, f.exitCause, 0),
      })
      if (shape.entry)
        each(entryNoticesOf(f), (n) => record('entry', n as never, { amount: f.enters.toNum(), cause: none }))
    })
    if (shape.shocks)
      each(shocks, (k) =>
        record('shock', shockNoticeOf(k) as never, { amount: k.begins.toNum(), cause: none }),
      )
  })
