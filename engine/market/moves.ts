/**
 * Who goes where: shoppers, customers whose term ends, leavers and newcomers, once for expected flows and once for
 * whole customers.
 */
import {
  each,
  fold,
  max,
  month,
  num,
  sums,
  together,
  whenAny,
  type Num,
  type Range,
  type Whole,
} from '../trace/index.ts'
import { inBusiness, TINY, type FlowLaw, type Splitter, type Splitters, type Splitting } from './flows.ts'
import {
  TYPES,
  cohortsOf,
  offersOf,
  type pairs as allPairs,
  pairsOf,
  planOf,
  rivalsOf,
  startupOf,
  type Offer,
  type Pair,
  type Segment,
} from './model.ts'
import { byCount } from './offers.ts'
import { NAMES, byName, byType, reciprocals, totalOf, type ByType, type Type } from './types.ts'

/** Customers who compared and stay settle on a plan of the startup. */
function stay(o: Offer, h: Type, count: Num): void {
  o.settled.set(h, count)
  o.staying.set(h, o.staying.at(h).plus(count))
}

/** Expected flows: every startup gathers what comes to it, A W times the sum of those who choose over what they weigh. */
export function flow(s: Segment, splitter: Splitter, shoppers: ByType): void {
  each(pairsOf(s), (p) => inBusiness(p, () => part(p, splitter)))
  const everyone = byType((h) => s.everyone.at(h))
  each(pairsOf(s), (p) =>
    inBusiness(p, () => {
      const unknown = unknownOf(p)
      const rivals = sums(rivalsOf(p), (q) => {
        const over = reciprocals(byType((h) => q.others.at(h).plus(unknown[h])))
        return byName((h) => q.leaving.at(h).times(over[h]))
      })
      const over = reciprocals(byType((h) => everyone[h].plus(unknown[h])))
      const arriving = byType((h) => p.reach.at(h).times(shoppers[h].times(over[h]).plus(rivals[NAMES[h]])))
      settle(p, arriving, splitter, 'expected', 'join', (o, h, count) => o.newcomers.set(h, count))
    }),
  )
}

/** Weight that a startup lacks for want of awareness. A difference costs less than three columns that keep it. */
function unknownOf(p: Pair): ByType {
  return byType((h) => p.pull.at(h).minus(p.reach.at(h)))
}

/** Expected flows of customers whose term ends: who leaves a startup, and on which of its plans the others settle. */
function part(p: Pair, splitter: Splitter): void {
  const lose = (leaving: ByType): void => TYPES.forEach((h) => void p.leaving.set(h, leaving[h]))
  byCount(
    p,
    (o) => {
      const slot = cohortsOf.at(o, month().modulo(planOf(o).termMonths))
      const loyal = byType((h) => o.loyalty.times(p.pull.at(h)))
      const over = reciprocals(byType((h) => loyal[h].plus(p.others.at(h))))
      // One type after the other, each set before the next is read: less is held at a time.
      const left = byType((h) => {
        const expiring = slot.customers.at(h)
        const comparing = expiring.times(o.attention)
        const stayed = comparing.times(loyal[h].times(over[h]))
        const passive = expiring.minus(comparing)
        o.kept.set(h, stayed)
        o.settled.set(h, stayed)
        o.staying.set(h, passive.plus(stayed))
        return p.leaving.set(h, comparing.minus(stayed))
      })
      o.left = totalOf(left)
    },
    () => {
      const { leaving, kept } = expire(p, choiceIn(p), compareInPart)
      lose(leaving)
      settleOnMany(p, kept, splitter, 'expected', 'settle', stay)
    },
  )
}

/**
 * Shoppers choose among what they know, P = A W / (D + (1 - A) W), never above A. Customers whose term ends compare
 * with probability phi; some stay and settle on the startup's plans, the others choose among the other startups.
 */
export function move(s: Segment, splitters: Splitters, law: FlowLaw, shoppers: ByType): void {
  const everyone = byType((h) => s.everyone.at(h))
  splitOver(
    pairsOf(s),
    shoppers,
    splitters.choose,
    (p) => {
      const unknown = unknownOf(p)
      const over = reciprocals(byType((h) => everyone[h].plus(unknown[h])))
      return {
        probability: (h) => p.reach.at(h).times(over[h]),
        draw: () => ({ stream: 'shop', entity: p.word }),
        place: (h, count) => {
          p.arriving.set(h, p.arriving.at(h).plus(count))
        },
      }
    },
    (p) => {
      const { leaving, kept } = expire(p, choiceIn(p), (o, expiring, stay) =>
        compareOneByOne(o, expiring, stay, splitters.choose),
      )
      for (const h of TYPES) p.leaving.set(h, leaving[h])
      settle(p, kept, splitters.move, law, 'settle', stay)
      leave(p, leaving, splitters.move)
    },
  )
  each(pairsOf(s), (p) =>
    inBusiness(p, () => {
      const arriving = byType((h) => p.arriving.at(h))
      settle(p, arriving, splitters.join, law, 'join', (o, h, count) => o.newcomers.set(h, count))
    }),
  )
}

/** What becomes of customers whose term ends, given the chance that one who compares stays. */
type Comparison = (
  o: Offer,
  expiring: ByType,
  stay: ByType,
) => { left: ByType; stayed: ByType; passive: ByType }

/** What customers whose term ends weigh against each other: the startup and all the others, by type. */
interface Choice {
  readonly pull: ByType
  readonly others: ByType
}

function choiceIn(p: Pair): Choice {
  return { pull: byType((h) => p.pull.at(h)), others: byType((h) => p.others.at(h)) }
}

/** Of the customers of an offer whose term ends: who leaves, who compares and stays, who does not compare. */
function compareIn(o: Offer, { pull, others }: Choice, compare: Comparison): ReturnType<Comparison> {
  const slot = cohortsOf.at(o, month().modulo(planOf(o).termMonths))
  const loyal = byType((h) => o.loyalty.times(pull[h]))
  const over = reciprocals(byType((h) => loyal[h].plus(others[h])))
  return compare(
    o,
    byType((h) => slot.customers.at(h)),
    byType((h) => loyal[h].times(over[h])),
  )
}

/** Of the customers of a startup whose term ends: how many leave, how many compare and stay. */
function expire(p: Pair, choosing: Choice, compare: Comparison): { leaving: ByType; kept: ByType } {
  const moved = sums(offersOf(p), (o) => {
    const { left, stayed, passive } = compareIn(o, choosing, compare)
    o.left = totalOf(left)
    for (const h of TYPES) {
      o.staying.set(h, passive[h])
      o.kept.set(h, stayed[h])
    }
    const [l0, l1, l2] = left
    const [k0, k1, k2] = stayed
    return { l0, l1, l2, k0, k1, k2 }
  })
  return { leaving: [moved.l0, moved.l1, moved.l2], kept: [moved.k0, moved.k1, moved.k2] }
}

/** Expected flows: a share compares, and a share of these stays. */
const compareInPart: Comparison = (o, expiring, stay) => {
  const comparing = byType((h) => expiring[h].times(o.attention))
  const stayed = byType((h) => comparing[h].times(stay[h]))
  return {
    left: byType((h) => comparing[h].minus(stayed[h])),
    stayed,
    passive: byType((h) => expiring[h].minus(comparing[h])),
  }
}

/** Whole customers: who leaves, and who stays of those who do not. */
function compareOneByOne(
  o: Offer,
  expiring: ByType,
  stay: ByType,
  splitter: Splitter,
): ReturnType<Comparison> {
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
  return { left: left.counts, stayed: stayed.counts, passive: stayed.splitting.left }
}

/** Leavers choose among the other startups they know; the rest leave the market. */
function leave(p: Pair, leaving: ByType, splitter: Splitter): void {
  // Nobody leaving goes nowhere: all lanes can go together.
  whenAny(totalOf(leaving).isAbove(0), () => {
    const others = byType((h) => p.others.at(h))
    splitOver(rivalsOf(p), leaving, splitter, (q) => {
      const unknown = unknownOf(q)
      const over = reciprocals(byType((h) => others[h].plus(unknown[h])))
      return {
        probability: (h) => q.reach.at(h).times(over[h]),
        draw: () => ({ stream: 'switch', entity: p.word.times(0x9e3779b1).plus(q.word) }),
        place: (h, count) => {
          q.arriving.set(h, q.arriving.at(h).plus(count))
        },
      }
    })
  })
}

/** Customers settle on the plans of a startup by their shares within it; on a single plan all of them do. */
function settle(
  p: Pair,
  group: ByType,
  splitter: Splitter,
  law: FlowLaw,
  stream: string,
  place: (o: Offer, h: Type, count: Num) => void,
): void {
  byCount(
    p,
    (o) => TYPES.forEach((h) => place(o, h, group[h])),
    () => settleOnMany(p, group, splitter, law, stream, place),
  )
}

function settleOnMany(
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
  return byType((h) => group[h].over(positive[h]))
}

/** Below the weight of any offer, which is at least e^-660, and such that a trillion customers over it are finite. */
const SMALLEST_WEIGHT = 1e-290

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
      const visit = (): Record<keyof typeof state, Num> => {
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
      }
      return together(startupOf(p).alive, visit, () => state)
    },
  )
}
