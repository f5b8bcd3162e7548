/** Binomial draws by inversion, for few expected successes; written once in the trace language. */
import { chooseNum, repeat } from '../trace/conditions.ts'
import { max, min, num, optional, where, type Num } from '../trace/values.ts'
import { boundedExp } from './exponential.ts'
import { logOneMinus } from './logarithm.ts'

/**
 * Numbers of trials below which the chance of no success is a product by repeated squaring: of 4 and of 10
 * factors.
 */
const FEW = 2 ** 4
const MANY = 2 ** 10
/**
 * Counting stops where a single outcome is this unlikely: it lies beyond the mode, and all that follow weigh
 * less than 2^-76.
 */
const NEGLIGIBLE = 2 ** -80

/**
 * The chance of no success in n >= 1 trials of probability p <= 1/2. Products cost less than a logarithm and
 * an exponential, and lose n units in the last place at most.
 */
export function noSuccess(n: Num, p: Num): Num {
  return chooseNum(
    n.isBelow(MANY),
    () => {
      const few = squarings({ trials: n, power: num(1).minus(p), product: num(1) }, 4)
      return chooseNum(
        n.isBelow(FEW),
        () => few.product,
        () => squarings(few, 6).product,
      )
    },
    () => boundedExp(n.times(logOneMinus(p))),
  )
}

interface Powers {
  readonly trials: Num
  readonly power: Num
  readonly product: Num
}

/**
 * Takes the lowest binary digits of the number of trials into the product. Every digit is found from the number itself,
 * so that none waits for the one before; and as powers of a chance are at most 1, the larger of a power and 1 is 1.
 */
function squarings({ trials, power, product }: Powers, digits: number): Powers {
  let rest = trials
  // 2^-digit: halving is exact.
  let place = 1
  for (let digit = 1; digit <= digits; digit++) {
    const half = rest.times(0.5)
    place /= 2
    rest = trials.times(place).floor()
    product = product.times(max(power, where(rest.equals(half), 1, 0)))
    power = power.squared()
  }
  return { trials: optional(rest), power: optional(power), product }
}

/**
 * The smallest k whose distribution function exceeds u, that is the number of k from 0 up at which u is not
 * below it. For n >= 1, p <= 1/2 and n p below about 30, so that the chance of no success, with which
 * counting starts, is far above `NEGLIGIBLE`.
 */
export function invertedBinomial(n: Num, p: Num, u: Num): Num {
  const odds = p.over(num(1).minus(p))
  const atNone = noSuccess(n, p)
  // The first steps need no loop and no division, and most draws no more than these.
  const atOne = atNone.times(n.times(odds))
  const atTwo = atOne.times(n.minus(1).times(odds).times(0.5))
  const upToOne = atNone.plus(atOne)
  const upToTwo = upToOne.plus(atTwo)
  const { k } = repeat(
    u.isAtLeast(upToTwo).and(atTwo.isAbove(NEGLIGIBLE)),
    { k: passed(u, atNone).plus(passed(u, upToOne)), chance: atTwo, upTo: upToTwo },
    ({ k, chance, upTo }) => {
      // u is beyond k. Two steps at a time: a lane that is done costs as much as one that is not.
      const next = k.plus(1)
      const after = k.plus(2)
      const atNext = chance.times(n.minus(k).times(odds).over(next))
      const atAfter = atNext.times(n.minus(next).times(odds).over(after))
      const upToNext = upTo.plus(atNext)
      const upToAfter = upToNext.plus(atAfter)
      return {
        again: u.isAtLeast(upToAfter).and(atAfter.isAbove(NEGLIGIBLE)),
        next: { k: next.plus(passed(u, upToNext)), chance: atAfter, upTo: upToAfter },
      }
    },
  )
  return min(k, n)
}

/** 1 where u is not below a value of the distribution function, else 0. */
function passed(u: Num, upTo: Num): Num {
  return u.isAtLeast(upTo).toNum()
}
