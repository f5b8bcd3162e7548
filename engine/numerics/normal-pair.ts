/**
 * Two independent standard normals from two uniforms (Box and Muller 1958), for draws that are made every month: one
 * logarithm and one root for two normals, and no branch. Inversion, which keeps order, is in `normal-quantile.ts`.
 */
import { num, optional, where, type Num } from '../trace/values.ts'
import { log } from './logarithm.ts'
import { polynomial } from './polynomial.ts'

/** Kernels of sine and cosine on [-pi/4, pi/4] from Sun's fdlibm (k_sin.c, k_cos.c): below 1 ulp there. */
const SINE = [
  -1.66666666666666324348e-1, 8.33333333332248946124e-3, -1.98412698298579493134e-4,
  2.75573137070700676789e-6, -2.50507602534068634195e-8, 1.58969099521155010221e-10,
]
const COSINE = [
  4.16666666666666019037e-2, -1.38888888888741095749e-3, 2.48015872894767294178e-5,
  -2.75573143513906633035e-7, 2.0875723212981748279e-9, -1.13596475577881948265e-11,
]

/** sqrt(-2 ln u) times cosine and sine of an angle that `v` spreads evenly over the circle; u and v in (0, 1). */
export function normalPair([u, v]: readonly [Num, Num]): readonly [Num, Num] {
  const radius = log(u).times(-2).squareRoot()
  // Quarter of the circle, and the angle within it, from -pi/4 to pi/4.
  const turned = v.times(4)
  const quarter = turned.floor()
  const x = turned
    .minus(quarter)
    .minus(0.5)
    .times(Math.PI / 2)
  const z = x.squared()
  const sine = x.plus(x.times(z).times(polynomial(z, SINE)))
  const cosine = num(1)
    .minus(z.times(0.5))
    .plus(z.squared().times(polynomial(z, COSINE)))
  const half = quarter.times(0.5)
  const isOdd = half.floor().isBelow(half)
  const sign = where(quarter.isBelow(2), radius, radius.negated())
  const along = where(isOdd, sine.negated(), cosine)
  const across = where(isOdd, cosine, sine)
  return [optional(sign.times(along)), optional(sign.times(across))]
}
