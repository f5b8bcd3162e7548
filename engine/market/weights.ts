/** What everybody weighs: utilities, weights of offers within startups and of startups in a segment. */
import { boundedExp } from '../numerics/exponential.ts'
import { power } from '../numerics/power.ts'
import { clamp, each, fold, max, num, sums, whenAny, where, type Num } from '../trace/index.ts'
import type { FlowLaw } from './flows.ts'
import {
  ATTRIBUTES,
  RESPONSIVENESS,
  TYPES,
  offersOf,
  pairsOf,
  planOf,
  startupOf,
  type Offer,
  type Pair,
  type Segment,
  type World,
} from './model.ts'
import type { Shape } from './shape.ts'
import { byCount } from './offers.ts'
import { NAMES, byName, type Name, type Type } from './types.ts'

/**
 * Utilities, weights of offers within startups and of startups, and what everybody weighs as far as known; and the
 * customers that all startups hold at the start of the month. Both are summed up in columns of the segment: a sum that
 * a loop carries past all this code would be kept in memory too, and moved at every branch.
 */
export function weigh(shape: Shape, m: World, s: Segment): void {
  for (const h of TYPES) {
    s.held.set(h, 0)
    s.everyone.set(h, s.outside)
  }
  each(pairsOf(s), (p) => {
    for (const h of TYPES) {
      p.arriving.set(h, 0)
      // Doing without and the startups before this one; those after it follow.
      p.others.set(h, s.everyone.at(h))
    }
    whenAny(
      startupOf(p).alive,
      () => weighPair(shape, m, s, p),
      () => absent(p),
    )
  })
}

/** Weights of a startup and its offers in a segment: with one offer, straight on; with several, round by round. */
function weighPair(shape: Shape, m: World, s: Segment, p: Pair): void {
  byCount(
    p,
    (o) => {
      const { quality, nestedAppeal } = judge(
        shape,
        m,
        s,
        p,
        byName((h) => o.customers.at(h)),
      )
      // In a nest of one, e^u.
      weighOffer(shape, m, o, quality, nestedAppeal, 'whole', (h, weight) => attract(s, p, h, weight))
    },
    () => {
      const users = sums(offersOf(p), (o) => byName((h) => o.customers.at(h)))
      const { quality, nestedAppeal } = judge(shape, m, s, p, users)
      // Weights of offers, e^(u / lambda) in a nest of several.
      for (const h of TYPES) p.inside.set(h, 0)
      each(offersOf(p), (o) =>
        weighOffer(shape, m, o, quality, nestedAppeal, 'nested', (h, weight) => {
          o.size.set(h, weight)
          p.inside.set(h, p.inside.at(h).plus(weight))
        }),
      )
      for (const h of TYPES) attract(s, p, h, power(p.inside.at(h), m.nest))
    },
  )
}

/** Customers of a startup in a segment, and what it is to those there. */
function judge(
  shape: Shape,
  m: World,
  s: Segment,
  p: Pair,
  users: Record<Name, Num>,
): { quality: Num; nestedAppeal: Num } {
  for (const h of TYPES) s.held.set(h, s.held.at(h).plus(users[NAMES[h]]))
  p.users = users.h0.plus(users.h1).plus(users.h2)
  const { quality, appeal } = meritsOf(shape, m, s, p)
  p.merit = quality
  p.appeal = appeal
  return { quality, nestedAppeal: appeal.times(m.perNest) }
}

/** Weight of a startup for all of a type, and for those who know it. */
function attract(s: Segment, p: Pair, h: Type, weight: Num): void {
  const pull = p.pull.set(h, where(startupOf(p).alive, weight, 0))
  const reach = p.reach.set(h, p.awareness.times(pull))
  s.everyone.set(h, s.everyone.at(h).plus(reach))
}

/** A startup that is out of business in every lane has no customers, no weight and no flows. */
function absent(p: Pair): void {
  p.users = num(0)
  p.merit = num(0)
  p.appeal = num(0)
  for (const h of TYPES) {
    for (const column of [p.inside, p.pull, p.reach, p.leaving]) column.set(h, 0)
  }
  each(offersOf(p), (o) => {
    for (const h of TYPES) {
      for (const column of [o.newcomers, o.staying, o.kept, o.settled]) column.set(h, 0)
    }
    o.left = num(0)
    o.renewed = num(0)
    o.users = num(0)
    o.requests = num(0)
    o.billed = num(0)
  })
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

/**
 * e^(u / lambda) of an offer to each type, or e^u, none where its plan is closed. Where
 * types differ in what they pay only, one exponential does for all: the others follow by factors that are known before
 * quality is. Each weight is used as soon as it is known: three exponentials side by side need more registers than
 * there are, and `use` should set what it can, since code that sets columns orders the code before it.
 */
function weighOffer(
  shape: Shape,
  m: World,
  o: Offer,
  quality: Num,
  nestedAppeal: Num,
  exponent: 'nested' | 'whole',
  use: (h: Type, weight: Num) => void,
): void {
  const scaled = (nested: Num): Num => (exponent === 'nested' ? nested : nested.times(m.nest))
  const bounds =
    exponent === 'nested'
      ? { low: m.leastWeight, high: m.mostWeight }
      : { low: m.leastPull, high: m.mostPull }
  const offered = (h: Type, weight: Num): void =>
    use(h, shape.openings ? where(planOf(o).openNow, weight, 0) : weight)
  whenAny(
    o.isAlike,
    () => {
      const middle = quality.times(o.worth.at(1)).plus(nestedAppeal).minus(o.sacrifice.at(1))
      const weight = boundedExp(clamp(scaled(middle), { low: -700, high: 660 }))
      for (const h of TYPES) offered(h, clamp(h === 1 ? weight : weight.times(o.relief.at(h)), bounds))
    },
    () =>
      TYPES.forEach((h) => offered(h, boundedExp(scaled(nestedUtilityOf(m, o, h, quality, nestedAppeal))))),
  )
}

/** The utility u of an offer to a type. */
export function utilityOf(m: World, o: Offer, h: Type, quality: Num, appeal: Num): Num {
  return nestedUtilityOf(m, o, h, quality, appeal.times(m.perNest)).times(m.nest)
}

/**
 * For each startup the weight of doing without and of all the others: summed, not subtracted, so nothing cancels.
 * Integer laws also need what is still to be placed within a startup, from its last plan backwards.
 */
export function weighOthers(s: Segment, law: FlowLaw): void {
  fold(
    pairsOf(s),
    carry(0),
    (after, p) => {
      if (law !== 'expected')
        whenAny(p.offerCount.equals(1).not(), () =>
          fold(
            offersOf(p),
            carry(0),
            (later, o) => byName((h) => o.tail.set(h, later[NAMES[h]].plus(o.size.at(h)))),
            { backwards: true },
          ),
        )
      return byName((h) => {
        p.others.set(h, p.others.at(h).plus(after[NAMES[h]]))
        return after[NAMES[h]].plus(p.reach.at(h))
      })
    },
    { backwards: true },
  )
}

const carry = (value: number): Record<Name, number> => ({ h0: value, h1: value, h2: value })
