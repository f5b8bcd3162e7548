/** The elementary functions against decimal.js, a multiple-precision library of someone else's. */
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { exp } from '../../engine/numerics/exponential.ts'
import { log } from '../../engine/numerics/logarithm.ts'
import { neighbour, plainUnary, testUniforms } from './evaluate.ts'

const Precise = Decimal.clone({ precision: 40 })
const points = 1500

/** A double as the number it is, to 40 digits: decimal.js itself would take its shortest decimal form. */
function exactOf(x: number): Decimal {
  const exponent = Math.floor(Math.log2(Math.abs(x))) - 52
  return new Precise(x / 2 ** exponent).times(new Precise(2).pow(exponent))
}

/** Units in the last place between a double and an exact value, seen from the double nearest to the value. */
function ulpsOff(value: number, exact: Decimal): number {
  const nearest = exact.toNumber()
  const ulp = exactOf(Math.abs(neighbour(nearest, 1) - nearest))
  return exactOf(value).minus(exact).abs().div(ulp).toNumber()
}

function worstOf(f: (x: number) => number, exactly: (x: Decimal) => Decimal, next: () => number): number {
  return Array.from({ length: points }, next).reduce(
    (worst, x) => Math.max(worst, ulpsOff(f(x), exactly(exactOf(x)))),
    0,
  )
}

describe('against decimal.js', () => {
  it('exp is within 0.7 ulp', () => {
    const next = testUniforms(11)
    expect(
      worstOf(
        plainUnary('exp', exp),
        (x) => x.exp(),
        () => next() * 1400 - 700,
      ),
    ).toBeLessThan(0.7)
  })

  it('log is within 0.9 ulp, also near 1', () => {
    const next = testUniforms(12)
    const f = plainUnary('log', log)
    expect(
      worstOf(
        f,
        (x) => x.ln(),
        () => 2 ** (next() * 2000 - 1000),
      ),
    ).toBeLessThan(0.9)
    expect(
      worstOf(
        f,
        (x) => x.ln(),
        () => 0.5 + next() * 1.5,
      ),
    ).toBeLessThan(0.9)
  })
})
