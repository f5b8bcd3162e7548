/**
 * Choice (section 3.3): a nested logit over startups and their plans, with awareness as a consideration set.
 * Shoppers and customers whose term ends choose; the rest stay. Written once for expected flows, rounded flows and
 * individual draws.
 */
import { boundedExp, exp } from '../numerics/exponential.ts'
import { power } from '../numerics/power.ts'
import { drawSource, uniform } from '../numerics/draws.ts'
import {
  clamp,
  each,
  fold,
  max,
  maximum,
  min,
  month,
  num,
  only,
  step,
  sums,
  when,
  where,
  type Num,
  type Range,
  type Whole,
} from '../trace/index.ts'
import {
  byType,
  splittersOf,
  totalOf,
  type ByType,
  type FlowLaw,
  type Splitter,
  type Splitters,
  type Splitting,
  type Type,
} from './flows.ts'
import {
  ATTRIBUTES,
  RESPONSIVENESS,
  TYPES,
  cohortsOf,
  individualSegments,
  largeSegments,
  marketOffersOf,
  offersOf,
  pairsOf,
  planOf,
  type pairs as allPairs,
  plans,
  rivalsOf,
  segments,
  startupOf,
  startups,
  world,
  type Offer,
  type Pair,
  type Segment,
  type World,
} from './model.ts'
import type { Shape } from './shape.ts'

/** The step: who chooses what, up to the newcomers of every offer. */
export const choice = (shape: Shape) =>
  step('choice', () => {
    const m = only(world)
    each(startups, (f) => {
      f.meanQuality = f.quality.at(0).plus(f.quality.at(1)).plus(f.quality.at(2)).over(3)
    })
    m.openQuality = max(
      m.openFrontier,
      maximum(startups, 0, (f) => where(f.alive, f.openness.times(f.meanQuality), 0)),
    )
    if (shape.demography === 'expected') each(segments, (s) => chooseIn(shape, 'expected', m, s))
    if (shape.rounded) each(largeSegments(m), (s) => chooseIn(shape, 'rounded', m, s))
    if (shape.individual) each(individualSegments(m), (s) => chooseIn(shape, 'individual', m, s))
  })

function chooseIn(shape: Shape, law: FlowLaw, m: World, s: Segment): void {
  const splitters = splittersOf(law, s)
  s.outside = exp(s.u0.plus(s.beta.times(s.psi).times(m.openQuality)))
  const held = weigh(shape, m, s)
  weighOthers(s, law)
  move(s, splitters, law, held)
  each(pairsOf(s), (p) => {
    const arriving = byType((h) => p.arriving.at(h))
    settle(p, arriving, splitters.join, law, 'join', (o, h, count) => o.newcomers.set(h, count))
  })
}

/**
 * Utilities, weights of offers within startups and of startups, and what everybody weighs as far as known. Gives the
 * customers that all startups hold at the start of the month.
 */
function weigh(shape: Shape, m: World, s: Segment): ByType {
  const totals = fold(
    pairsOf(s),
    { h0: 0, h1: 0, h2: 0, r0: s.outside, r1: s.outside, r2: s.outside },
    (sofar, p) => {
      const f = startupOf(p)
      const users = sums(offersOf(p), (o) => byName((h) => o.customers.at(h)))
      p.users = users.h0.plus(users.h1).plus(users.h2)
      const { quality, appeal } = meritsOf(shape, m, s, p)
      const nestedAppeal = appeal.times(m.perNest)
      p.merit = quality
      p.appeal = appeal
      const inside = sums(offersOf(p), (o) =>
        byName((h) => {
          const size = boundedExp(nestedUtilityOf(m, o, h, quality, nestedAppeal))
          return o.size.set(h, shape.openings ? where(planOf(o).openNow, size, 0) : size)
        }),
      )
      const reach = byType((h) => {
        p.arriving.set(h, 0)
        p.inside.set(h, inside[NAMES[h]])
        const pull = p.pull.set(h, where(f.alive, power(inside[NAMES[h]], m.nest), 0))
        // Doing without and the startups before this one; those after it follow.
        p.others.set(h, sofar[`r${h}`])
        const reach = p.reach.set(h, p.awareness.times(pull))
        p.unknown.set(h, pull.minus(reach))
        return reach
      })
      return {
        h0: sofar.h0.plus(users.h0),
        h1: sofar.h1.plus(users.h1),
        h2: sofar.h2.plus(users.h2),
        r0: sofar.r0.plus(reach[0]),
        r1: sofar.r1.plus(reach[1]),
        r2: sofar.r2.plus(reach[2]),
      }
    },
  )
  for (const h of TYPES) s.everyone.set(h, totals[`r${h}`])
  return [totals.h0, totals.h1, totals.h2]
}

/** Quality in the eyes of the segment, and what the startup adds to the utility of all its offers there. */
function meritsOf(shape: Shape, m: World, s: Segment, p: Pair): { quality: Num; appeal: Num } {
  const f = startupOf(p)
  const responsiveness = f.quality.at(RESPONSIVENESS).times(max(m.responsivenessFloor, f.serviceRatio))
  const quality = ATTRIBUTES.map((a) =>
    s.needs.at(a).times(a === RESPONSIVENESS ? responsiveness : f.quality.at(a)),
  ).reduce((a, b) => a.plus(b))
  let appeal = s.theta.times(p.fit).plus(s.network.times(p.users)).plus(p.taste)
  if (shape.thirdParties) appeal = appeal.plus(f.ecoUtility.times(f.stock))
  if (shape.trust) appeal = appeal.minus(m.trustWeight.times(num(1).minus(f.trust)))
  return { quality, appeal }
}

/**
 * u / lambda with u = beta Q g v^eta + appeal - alpha bill - kappa (term - 1) - a adLoad, held within bounds. Worth and
 * sacrifice of an offer come divided by lambda.
 */
function nestedUtilityOf(m: World, o: Offer, h: Type, quality: Num, nestedAppeal: Num): Num {
  return clamp(quality.times(o.worth.at(h)).plus(nestedAppeal).minus(o.sacrifice.at(h)), {
    low: m.nestedLow,
    high: m.nestedHigh,
  })
}

/** The utility u of an offer to a type. */
export function utilityOf(m: World, o: Offer, h: Type, quality: Num, appeal: Num): Num {
  return nestedUtilityOf(m, o, h, quality, appeal.times(m.perNest)).times(m.nest)
}

/**
 * For each startup the weight of doing without and of all the others: summed, not subtracted, so nothing cancels.
 * Integer laws also need what is still to be placed within a startup, from its last plan backwards.
 */
function weighOthers(s: Segment, law: FlowLaw): void {
  fold(
    pairsOf(s),
    carry(0),
    (after, p) => {
      if (law !== 'expected')
        fold(
          offersOf(p),
          carry(0),
          (later, o) => byName((h) => o.tail.set(h, later[NAMES[h]].plus(o.size.at(h)))),
          { backwards: true },
        )
      return byName((h) => {
        p.others.set(h, p.others.at(h).plus(after[NAMES[h]]))
        return after[NAMES[h]].plus(p.reach.at(h))
      })
    },
    { backwards: true },
  )
}

/**
 * Shoppers choose among what they know, P = A W / (D + (1 - A) W), never above A. Customers whose term ends compare
 * with probability phi; some stay and settle on the startup's plans, the others choose among the other startups.
 */
function move(s: Segment, splitters: Splitters, law: FlowLaw, held: ByType): void {
  const shoppers = byType((h) => {
    const ready = s.readiness.times(s.potentialOfType.at(h))
    const pool = max(0, ready.minus(held[h]).minus(s.orphans.at(h)))
    const looking = splitters.choose.whole(s.shop.times(pool)).plus(s.orphans.at(h))
    s.orphans.set(h, 0)
    return s.shoppers.set(h, looking)
  })
  const everyone = byType((h) => s.everyone.at(h))
  splitOver(
    pairsOf(s),
    shoppers,
    splitters.choose,
    (p) => {
      const over = reciprocals(byType((h) => everyone[h].plus(p.unknown.at(h))))
      return {
        probability: (h) => p.reach.at(h).times(over[h]),
        draw: () => ({ stream: 'shop', entity: p.word }),
        place: (h, count) => {
          p.arriving.set(h, p.arriving.at(h).plus(count))
        },
      }
    },
    (p) => {
      const { leaving, kept } = expire(p, splitters.choose)
      for (const h of TYPES) p.leaving.set(h, leaving[h])
      settle(p, kept, splitters.move, law, 'settle', (o, h, count) =>
        o.staying.set(h, o.staying.at(h).plus(count)),
      )
      leave(p, leaving, splitters.move)
    },
  )
}

/** Of the customers of a startup whose term ends: how many leave, how many compare and stay. */
function expire(p: Pair, splitter: Splitter): { leaving: ByType; kept: ByType } {
  const others = byType((h) => p.others.at(h))
  const pull = byType((h) => p.pull.at(h))
  const moved = sums(offersOf(p), (o) => {
    const slot = cohortsOf.at(o, month().modulo(planOf(o).termMonths))
    const loyal = byType((h) => o.loyalty.times(pull[h]))
    const over = reciprocals(byType((h) => loyal[h].plus(others[h])))
    const expiring = byType((h) => slot.customers.at(h))
    const stay = byType((h) => loyal[h].times(over[h]))
    const goes = (h: Type): Num => o.attention.times(num(1).minus(stay[h]))
    const left = splitter.next(splitter.begin(expiring), {
      expected: (h) => expiring[h].times(goes(h)),
      chance: goes,
      draw: () => ({ stream: 'leave', entity: o.word }),
    })
    const stayed = splitter.next(left.splitting, {
      expected: (h) => expiring[h].times(o.attention.times(stay[h])),
      chance: (h) => o.attention.times(stay[h]).over(max(num(1).minus(goes(h)), TINY)),
      draw: () => ({ stream: 'stay', entity: o.word }),
    })
    // Expected fractions round, so what is left of a cohort that compares as a whole may be a hair below zero.
    for (const h of TYPES) o.staying.set(h, max(expiring[h].minus(left.counts[h]).minus(stayed.counts[h]), 0))
    const [l0, l1, l2] = left.counts
    const [k0, k1, k2] = stayed.counts
    return { l0, l1, l2, k0, k1, k2 }
  })
  return { leaving: [moved.l0, moved.l1, moved.l2], kept: [moved.k0, moved.k1, moved.k2] }
}

/** Leavers choose among the other startups they know; the rest leave the market. */
function leave(p: Pair, leaving: ByType, splitter: Splitter): void {
  when(totalOf(leaving).isAbove(0), () => {
    const others = byType((h) => p.others.at(h))
    splitOver(rivalsOf(p), leaving, splitter, (q) => {
      const reach = byType((h) => q.reach.at(h))
      const over = reciprocals(byType((h) => others[h].plus(q.unknown.at(h))))
      return {
        probability: (h) => reach[h].times(over[h]),
        draw: () => ({ stream: 'switch', entity: p.word.times(0x9e3779b1).plus(q.word) }),
        place: (h, count) => {
          q.arriving.set(h, q.arriving.at(h).plus(count))
        },
      }
    })
  })
}

/** Customers settle on the plans of a startup by their shares within it. */
function settle(
  p: Pair,
  group: ByType,
  splitter: Splitter,
  law: FlowLaw,
  stream: string,
  place: (o: Offer, h: Type, count: Num) => void,
): void {
  const inside = byType((h) => p.inside.at(h))
  const perWeight = law === 'individual' ? undefined : shareOut(group, inside)
  fold(offersOf(p), named(splitter.begin(group)), (carried, o) => {
    const { counts, splitting } = splitter.next(unnamed(carried), {
      expected: (h) => o.size.at(h).times((perWeight as ByType)[h]),
      chance: (h) => o.size.at(h).over(max(o.tail.at(h), TINY)),
      ...(law === 'expected' ? {} : { takesRest: (h: Type) => o.tail.at(h).isAtMost(o.size.at(h)) }),
      draw: () => ({ stream, entity: o.word }),
    })
    for (const h of TYPES) place(o, h, counts[h])
    return named(splitting)
  })
}

/** Customers per unit of weight; 0 where there is no weight, since then there are no customers to settle. */
function shareOut(group: ByType, inside: ByType): ByType {
  const positive = inside.map((weight) => max(weight, SMALLEST_WEIGHT)) as unknown as ByType
  const over = reciprocals(positive)
  return byType((h) => group[h].times(over[h]))
}

/**
 * Delivery staff limits how many newcomers a plan with labour takes; the excess stays outside. Then the cohorts
 * whose term starts this month are written.
 */
export const enrolment = (shape: Shape) =>
  step('enrolment', () => {
    const m = only(world)
    if (shape.labour)
      each(plans, (j) =>
        when(j.labour.isAbove(0), () => {
          const counts = sums(marketOffersOf(j), (o) => ({
            customers: o.customers.at(0).plus(o.customers.at(1)).plus(o.customers.at(2)),
            asking: o.newcomers.at(0).plus(o.newcomers.at(1)).plus(o.newcomers.at(2)),
          }))
          const exact = m.hireBase.plus(m.hireRate.times(counts.customers))
          const limit = shape.demography === 'integer' ? exact.plus(0.5).floor() : exact
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
        }),
      )
    each(segments, (s) =>
      each(pairsOf(s), (p) =>
        each(offersOf(p), (o) => {
          const slot = cohortsOf.at(o, month().modulo(planOf(o).termMonths))
          const renewed = byType((h) => o.staying.at(h).plus(o.newcomers.at(h)))
          const customers = byType((h) => {
            // The slots of the ring always add up to the customers; rounding must not take them below zero.
            const others = max(o.customers.at(h).minus(slot.customers.at(h)), 0)
            slot.customers.set(h, renewed[h])
            return o.customers.set(h, others.plus(renewed[h]))
          })
          o.renewed = totalOf(renewed)
          o.users = totalOf(customers)
          o.requests = totalOf(byType((h) => customers[h].times(o.answered.at(h))))
          o.billed = totalOf(byType((h) => customers[h].times(o.usageBill.at(h))))
        }),
      ),
    )
  })

// ------------------------------------------------------------------------------------------------ helpers

function reciprocals(values: ByType): ByType {
  return byType((h) => num(1).over(values[h]))
}

/** Below any weight or count that matters; keeps empty groups from dividing by zero. */
const TINY = 1e-300
/** Below the weight of any offer, which is at least e^-660, and such that a trillion customers over it are finite. */
const SMALLEST_WEIGHT = 1e-290

const NAMES = ['h0', 'h1', 'h2'] as const
type Name = (typeof NAMES)[number]
function byName(of: (type: Type) => Num): Record<Name, Num> {
  return { h0: of(0), h1: of(1), h2: of(2) }
}

const carry = (value: number): Record<Name, number> => ({ h0: value, h1: value, h2: value })

type Carried = Record<`left${Type}` | `position${Type}`, Num>

/** A splitting as named numbers, to be carried through a loop. */
function named({ left, position }: Splitting): Carried {
  return Object.fromEntries(
    TYPES.flatMap((h) => [
      [`left${h}`, left[h]],
      [`position${h}`, position[h]],
    ]),
  ) as Carried
}

function unnamed(carried: Carried): Splitting {
  return { left: byType((h) => carried[`left${h}`]), position: byType((h) => carried[`position${h}`]) }
}

/** One of the places that a group may go to. */
interface Place {
  readonly probability: (type: Type) => Num
  readonly draw: () => { stream: string; entity: Whole }
  readonly place: (type: Type, count: Num) => void
}

/** Splits a group of each type over pairs that need not take all of it. */
function splitOver(
  pairs: Range<(typeof allPairs)['declare']['columns']>,
  totals: ByType,
  splitter: Splitter,
  placeOf: (p: Pair) => Place,
  then: (p: Pair) => void = () => {},
): void {
  fold(
    pairs,
    { ...named(splitter.begin(totals)), spent0: num(0), spent1: num(0), spent2: num(0) },
    (state, p) => {
      const { probability: probabilityOf, draw, place } = placeOf(p)
      const probability = byType(probabilityOf)
      const spent = byType((h) => state[`spent${h}`])
      const { counts, splitting } = splitter.next(unnamed(state), {
        expected: (h) => totals[h].times(probability[h]),
        chance: (h) => probability[h].over(max(num(1).minus(spent[h]), TINY)),
        draw,
      })
      for (const h of TYPES) place(h, counts[h])
      then(p)
      return {
        ...named(splitting),
        spent0: spent[0].plus(probability[0]),
        spent1: spent[1].plus(probability[1]),
        spent2: spent[2].plus(probability[2]),
      }
    },
  )
}
