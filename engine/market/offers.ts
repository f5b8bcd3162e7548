/**
 * Work on the offers of a startup in a segment. Most startups have one there, and for one there is no loop: its code is
 * straight, the processor sees further ahead in it, and what a loop would carry needs no place.
 */
import { each, sum, together, whenAny, type Num } from '../trace/index.ts'
import { offersOf, type Offer, type Pair } from './model.ts'

/** Does the work for the only offer, or the other for several or none. */
export function byCount(p: Pair, one: (o: Offer) => void, many: () => void): void {
  whenAny(p.offerCount.equals(1), () => one(offersOf.at(p, 0)), many)
}

/** `each` over the offers of a startup in a segment. */
export function eachOffer(p: Pair, visit: (o: Offer) => void): void {
  byCount(p, visit, () => each(offersOf(p), visit))
}

/** `sum` over the offers of a startup in a segment, of numbers none of which is -0. */
export function sumOfOffers(p: Pair, of: (o: Offer) => Num): Num {
  return together(
    p.offerCount.equals(1),
    () => ({ total: of(offersOf.at(p, 0)) }),
    () => ({ total: sum(offersOf(p), of) }),
  ).total
}
