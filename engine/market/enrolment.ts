/** Enrolment: whom a plan can take, and the cohorts whose term starts this month. */
import { drawSource, uniform } from '../numerics/draws.ts'
import {
  each,
  fold,
  max,
  min,
  month,
  num,
  only,
  step,
  sums,
  when,
  whenAny,
  where,
  type Num,
} from '../trace/index.ts'
import {
  TYPES,
  cohortsOf,
  marketOffersOf,
  pairsOf,
  planOf,
  plans,
  segments,
  world,
  type Cohort,
  type Offer,
  type Plan,
} from './model.ts'
import { inBusiness, TINY } from './flows.ts'
import type { Acted } from './actions.ts'
import type { Shape } from './shape.ts'
import { eachOffer } from './offers.ts'
import { byType, totalOf, type ByType } from './types.ts'

/**
 * Delivery staff limits how many newcomers a plan with labour takes; the excess stays outside. Then the cohorts
 * whose term starts this month are written.
 */
export const enrolment = (shape: Shape, acted: Acted) =>
  step('enrolment', () => {
    const m = only(world)
    if (shape.labour)
      each(plans, (j) => {
        if (acted.has('hiring')) j.idleStaff = num(0)
        when(j.labour.isAbove(0), () => {
          const counts = sums(marketOffersOf(j), (o) => ({
            customers: o.customers.at(0).plus(o.customers.at(1)).plus(o.customers.at(2)),
            asking: o.newcomers.at(0).plus(o.newcomers.at(1)).plus(o.newcomers.at(2)),
          }))
          const limitAt = (rate: Num): Num => {
            const exact = m.hireBase.plus(rate.times(counts.customers))
            return shape.demography === 'integer' ? exact.plus(0.5).floor() : exact
          }
          const usual = limitAt(m.hireRate)
          const limit = acted.has('hiring') ? limitAt(m.hireRate.times(hiringFor(shape, j))) : usual
          // Staff beyond the usual is paid from the month in which it is hired, whether or not customers come.
          if (acted.has('hiring')) j.idleStaff = max(limit.minus(max(usual, counts.asking)), 0)
          const admitted = limit.over(max(counts.asking, TINY))
          when(counts.asking.isAbove(limit), () => {
            if (shape.demography === 'expected') {
              each(marketOffersOf(j), (o) => {
                for (const h of TYPES) o.newcomers.set(h, o.newcomers.at(h).times(admitted))
              })
              return
            }
            const offset = uniform(drawSource({ stream: 'hiring', entity: j.word }))
            fold(marketOffersOf(j), { position: offset, left: limit }, (state, o) => {
              let { position, left } = state
              for (const h of TYPES) {
                const end = position.plus(o.newcomers.at(h).times(admitted))
                const taken = min(end.floor().minus(position.floor()), left)
                o.newcomers.set(h, taken)
                position = end
                left = left.minus(taken)
              }
              return { position, left }
            })
          })
        })
      })
    each(segments, (s) =>
      each(pairsOf(s), (p) =>
        inBusiness(p, () =>
          eachOffer(p, (o) => {
            const slot = cohortsOf.at(o, month().modulo(planOf(o).termMonths))
            const renewed = byType((h) => o.staying.at(h).plus(o.newcomers.at(h)))
            // A ring of one slot holds all customers. The slots of a longer one always add up to them; rounding must
            // not take them below zero.
            whenAny(
              planOf(o).termMonths.equals(1),
              () => enrol(o, slot, renewed, renewed),
              () => {
                const others = byType((h) => max(o.customers.at(h).minus(slot.customers.at(h)), 0))
                enrol(
                  o,
                  slot,
                  renewed,
                  byType((h) => others[h].plus(renewed[h])),
                )
              },
            )
          }),
        ),
      ),
    )
  })

/** Writes who holds an offer and whose term starts. */
function enrol(o: Offer, slot: Cohort, renewed: ByType, customers: ByType): void {
  for (const h of TYPES) {
    slot.customers.set(h, renewed[h])
    o.customers.set(h, customers[h])
  }
  o.renewed = totalOf(renewed)
  o.users = totalOf(customers)
  o.requests = totalOf(byType((h) => customers[h].times(o.answered.at(h))))
  o.billed = totalOf(byType((h) => customers[h].times(o.usageBill.at(h))))
}

/** Hire rate over the usual one: nobody hires for a plan that takes no customers. */
function hiringFor(shape: Shape, j: Plan): Num {
  return shape.openings ? where(j.openNow, j.hiring, 1) : j.hiring
}
