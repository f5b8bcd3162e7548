/**
 * The natural logarithm, written once in the trace language.
 *
 * x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)], and log(1 + f) by Sun's fdlibm series in s = f / (2 +
 * f).
 */
import { type Num, exponent, num, significand, where, type NumLike } from '../trace/values.ts'
import { polynomial } from './polynomial.ts'

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const SQRT_2 = 1.4142135623730951

/**
 * log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), R with these coefficients from s^2 on (fdlibm e_log.c; error
 * 2^-58.45).
 */
const SERIES = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
]

/**
 * The natural logarithm of a positive normal number: at most 0.86 units in the last place off, log(1) exactly
 * 0. For 0, subnormal or negative numbers the result is finite and meaningless, so guard them with `where`.
 */
export function log(x: NumLike): Num {
  const value = num(x)
  const inOneToTwo = significand(value)
  const upper = inOneToTwo.isAbove(SQRT_2)
  const power = exponent(value).plus(where(upper, 1, 0))
  const f = where(upper, inOneToTwo.times(0.5), inOneToTwo).minus(1)
  const s = f.over(f.plus(2))
  const z = s.squared()
  const halfSquare = f.times(0.5).times(f)
  const series = z.times(polynomial(z, SERIES))
  const tail = s.times(halfSquare.plus(series)).plus(power.times(LN2_LOW))
  return power.times(LN2_HIGH).minus(halfSquare.minus(tail).minus(f))
}

/**
 * log(1 - p) for p in [0, 1 - 2^-53], relative error at most 4e-16 however small p: the logarithm of the
 * rounded difference plus what rounding took away.
 */
export function logOneMinus(p: NumLike): Num {
  const value = num(p)
  const rest = num(1).minus(value)
  const lost = num(1).minus(rest).minus(value)
  return log(rest).plus(lost.over(rest))
}
