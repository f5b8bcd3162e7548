/** The inverse of the normal distribution function, written once in the trace language. */
import { chooseNum } from '../trace/conditions.ts'
import { type Num, max, min, num, where, type NumLike } from '../trace/values.ts'
import { log } from './logarithm.ts'
import { polynomial } from './polynomial.ts'

interface Rational {
  readonly over: readonly number[]
  readonly under: readonly number[]
}

/**
 * Coefficients of PPND16 in Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), in ascending powers,
 * rounded to doubles.
 */
const CENTRE: Rational = {
  over: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  under: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
}
const TAIL: Rational = {
  over: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  under: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
}
const FAR_TAIL: Rational = {
  over: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  under: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
}

/**
 * The normal quantile of u in (0, 1): the z below which a standard normal variable falls with probability u.
 * Relative error at most about 1e-15 (to the rounding of u near 1/2, where z vanishes; exactly 0 there). The
 * tails, 15% of the draws, are computed only if some lane is in one.
 */
export function normalQuantile(u: NumLike): Num {
  const probability = num(u)
  const fromMiddle = probability.minus(0.5)
  return chooseNum(
    fromMiddle.absolute().isAtMost(0.425),
    () => fromMiddle.times(ratio(num(0.180625).minus(fromMiddle.squared()), CENTRE)),
    () => {
      const tail = max(min(probability, num(1).minus(probability)), 2.2250738585072014e-308)
      const r = log(tail).negated().squareRoot()
      const size = chooseNum(
        r.isAtMost(5),
        () => ratio(r.minus(1.6), TAIL),
        () => ratio(r.minus(5), FAR_TAIL),
      )
      return where(fromMiddle.isBelow(0), size.negated(), size)
    },
  )
}

function ratio(x: Num, { over, under }: Rational): Num {
  return polynomial(x, over).over(polynomial(x, under))
}
