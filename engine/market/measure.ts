/** Running totals of each replication, kept while it runs so that a summary needs no months in memory. */
import { clamp, each, max, month, num, only, step, sum, sums, when, where, type Num } from '../trace/index.ts'
import { utilityOf } from './weights.ts'
import { runwayOf } from './decisions.ts'
import { ledger } from './ledger.ts'
import {
  TYPES,
  climateNoticeOf,
  exitNoticeOf,
  offersOf,
  pairsOf,
  planOf,
  presenceOf,
  roundNoticeOf,
  segments,
  startupOf,
  startups,
  world,
} from './model.ts'
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
    // What customers gain is judged once a year, in its last month.
    when(month().modulo(12).equals(11), () => valueToUsers(m))
  })

/** Gain over doing without, in money, of a startup's customers; and the same at frontier quality and cost price. */
function valueToUsers(m: ReturnType<typeof only<(typeof world)['declare']['columns']>>): void {
  each(segments, (s) => {
    const perUtil = TYPES.map((h) =>
      where(s.alphaOfType.at(h).isAbove(0), num(1).over(max(s.alphaOfType.at(h), 1e-300)), 0),
    )
    each(pairsOf(s), (p) => {
      const f = startupOf(p)
      const gains = sums(offersOf(p), (o) => {
        const j = planOf(o)
        const terms = TYPES.map((h) => {
          const cost = m.compute.times(j.qualityCost).times(o.answered.at(h))
          const ideal = clamp(
            o.worth.at(h).times(m.nest).plus(p.appeal).minus(s.alphaOfType.at(h).times(cost)),
            { low: m.utilityLow, high: m.utilityHigh },
          )
          const of = (utility: Num): Num =>
            max(utility.minus(s.u0), 0)
              .times(perUtil[h] as Num)
              .times(o.customers.at(h))
          return { actual: of(utilityOf(m, o, h, p.merit, p.appeal)), ideal: of(ideal) }
        })
        const total = (pick: (term: { actual: Num; ideal: Num }) => Num): Num =>
          terms.map(pick).reduce((a, b) => a.plus(b))
        return { actual: total((t) => t.actual), ideal: total((t) => t.ideal) }
      })
      f.userValueSum = f.userValueSum.plus(gains.actual)
      f.idealValueSum = f.idealValueSum.plus(gains.ideal)
    })
  })
}

/** Notes what happened this month for the table of events: an amount that is not 0. */
export const notice = (record: (event: 'climate' | 'round' | 'exit', record: never, amount: Num) => void) =>
  step('notices', () => {
    const m = only(world)
    record('climate', climateNoticeOf(m) as never, m.turn)
    each(startups, (f) => {
      record('round', roundNoticeOf(f) as never, f.raised)
      record('exit', exitNoticeOf(f) as never, where(f.exits, f.writtenOffCash, 0))
    })
  })
