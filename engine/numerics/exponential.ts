/**
 * The exponential function, written once in the trace language so that every back end computes the same bits.
 *
 * x = k ln 2 + r with |r| <= ln(2)/2, and e^r = 1 + 2r / (R(r^2) - r), the rational form of Sun's fdlibm with
 * coefficients refitted by Remez exchange. A division costs less than the five more terms of a polynomial
 * (2.6 against 3.0 ns a lane), and the compensated last sum gives 0.69 units in the last place instead of
 * 0.98.
 */
import { type Num, clamp, num, powerOfTwo, type NumLike } from '../trace/values.ts'
import { polynomial } from './polynomial.ts'

const LOG2_E = 1.4426950408889634
/** ln 2 in two parts; the first has 21 trailing zero bits, so its product with k is exact. */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10

/**
 * r (e^r + 1) / (e^r - 1) = 2 + t P(t) with t = r^2; minimax on |r| <= ln(2)/2, error 1.6e-3 x 2^-53 in e^r.
 */
const RATIONAL = [
  0.16666666666666555, -0.002777777777669827, 6.61375625054861e-5, -1.6533837541340934e-6,
  4.1360595314035906e-8,
]

/** Beyond these e^x is 0 or would overflow. */
const SMALLEST = -746
const LARGEST = 709.782712893384

/**
 * e^x for every x: at most 0.69 units in the last place (ulp) off where the result is normal. Below -708.4
 * the result is subnormal (1 ulp of those), below -745.2 it is 0; above 709.78 it stays at the largest e^x
 * that is finite, about 1.797e308. Never infinite.
 */
export function exp(x: NumLike): Num {
  const { mantissa, power } = reduced(clamp(x, { low: SMALLEST, high: LARGEST }))
  const half = power.times(0.5).floor()
  return mantissa.times(powerOfTwo(half)).times(powerOfTwo(power.minus(half)))
}

/**
 * `exp` for x known to lie in [-708, 709]: the same bits, a sixth cheaper. Outside that range the result is
 * meaningless, so clamp first or use `exp`.
 */
export function boundedExp(x: NumLike): Num {
  const { mantissa, power } = reduced(num(x))
  return mantissa.times(powerOfTwo(power))
}

/** e^x = mantissa 2^power with the mantissa in [0.70, 1.42] and a whole power. */
function reduced(x: Num): { mantissa: Num; power: Num } {
  const power = x.times(LOG2_E).plus(0.5).floor()
  const high = x.minus(power.times(LN2_HIGH))
  const low = power.times(LN2_LOW)
  const r = high.minus(low)
  const t = r.squared()
  const c = r.minus(t.times(polynomial(t, RATIONAL)))
  // 1 + high with what its rounding lost, so that only the last sum rounds.
  const sum = high.plus(1)
  const lost = high.minus(sum.minus(1))
  return { mantissa: sum.plus(lost.minus(low).plus(r.times(c).over(num(2).minus(c)))), power }
}
