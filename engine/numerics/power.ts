/** Real powers of non-negative numbers, written once in the trace language. */
import { chooseNum } from '../trace/conditions.ts'
import { type Num, num, where, type NumLike } from '../trace/values.ts'
import { exp } from './exponential.ts'
import { log } from './logarithm.ts'

const SMALLEST_NORMAL = 2.2250738585072014e-308

/**
 * x^y for x >= 0 as e^(y log x), and exactly the square root, x and the rounded square where y is 0.5, 1 and
 * 2: each way is computed only if some lane needs it, so a common exponent costs what it should. Relative
 * error at most 1.1e-16 (1 + 1.5 |y log x|). 0^y is 0 for every y, 0 included; subnormal x count as 0 unless
 * y is one of the three. Finite, but for the square of x above 1e154.
 */
export function power(x: NumLike, y: NumLike): Num {
  const base = num(x)
  const degree = num(y)
  if (typeof y === 'number')
    return powers.find(({ degree: known }) => known === y)?.of(base) ?? general(base, degree)
  return powers.reduce<() => Num>(
    (otherwise, { degree: known, of }) =>
      () =>
        chooseNum(degree.equals(known), () => of(base), otherwise),
    () => general(base, degree),
  )()
}

/** Exponents with a way of their own, the most common last because it is asked first. */
const powers: readonly { degree: number; of: (base: Num) => Num }[] = [
  { degree: 2, of: (base) => base.squared() },
  { degree: 1, of: (base) => base },
  { degree: 0.5, of: (base) => base.squareRoot() },
]

function general(base: Num, degree: Num): Num {
  return where(base.isBelow(SMALLEST_NORMAL), 0, exp(degree.times(log(base))))
}
