/** Polynomials in Horner's order, which is part of the result's bits. */
import { num, type Num } from '../trace/values.ts'

/** The sum of coefficients[i] x^i, from the highest power down: a product and a sum each. */
export function polynomial(x: Num, coefficients: readonly number[]): Num {
  return (
    coefficients.reduceRight<Num | undefined>((sum, c) => (sum ? sum.times(x).plus(c) : num(c)), undefined) ??
    num(0)
  )
}
