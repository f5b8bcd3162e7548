/**
 * Owns exact values to judge numerics by: exp, log, powers and the normal distribution to about 160 bits, in
 * whole numbers only. Slow and plain on purpose; it shares nothing with the engine.
 */

/** A number as mantissa x 2^exponent, exact or good to about 160 bits. */
export interface Exact {
  readonly mantissa: bigint
  readonly exponent: number
}

/** Fraction bits of intermediate values. */
const BITS = 280
const UNIT = 1n << BigInt(BITS)

/** The exact value of a double. */
export function exactOf(x: number): Exact {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  const high = view.getUint32(0)
  const biased = (high >>> 20) & 0x7ff
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(view.getUint32(4))
  const size = biased === 0 ? fraction : fraction | (1n << 52n)
  return { mantissa: high >>> 31 ? -size : size, exponent: Math.max(biased, 1) - 1075 }
}

/** The closest double above 0 that is next to x, for ulps: 2^-52 times the power of two below |x|. */
export function ulpExponent({ mantissa, exponent }: Exact): number {
  const size = mantissa < 0n ? -mantissa : mantissa
  return Math.max(exponent + size.toString(2).length - 53, -1074)
}

/** |computed - exact| in units in the last place of the exact value. */
export function ulpsOff(computed: number, exact: Exact): number {
  const difference = sum(exactOf(computed), { mantissa: -exact.mantissa, exponent: exact.exponent })
  return Math.abs(
    numberOf({ mantissa: difference.mantissa, exponent: difference.exponent - ulpExponent(exact) }),
  )
}

/** |computed - exact| / |exact|. */
export function relativeError(computed: number, exact: Exact): number {
  const difference = sum(exactOf(computed), { mantissa: -exact.mantissa, exponent: exact.exponent })
  return Math.abs(
    numberOf({
      mantissa: (difference.mantissa << 80n) / exact.mantissa,
      exponent: difference.exponent - exact.exponent - 80,
    }),
  )
}

/** A nearby double, to about 15 digits; only for reporting. */
export function numberOf({ mantissa, exponent }: Exact): number {
  const size = mantissa < 0n ? -mantissa : mantissa
  const spare = Math.max(size.toString(2).length - 60, 0)
  const short = Number(size >> BigInt(spare))
  const value = short * 2 ** Math.max(exponent + spare, -1000) * 2 ** Math.min(exponent + spare + 1000, 0)
  return mantissa < 0n ? -value : value
}

export function sum(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent)
  return {
    mantissa: (a.mantissa << BigInt(a.exponent - exponent)) + (b.mantissa << BigInt(b.exponent - exponent)),
    exponent,
  }
}

export function product(a: Exact, b: Exact): Exact {
  return { mantissa: a.mantissa * b.mantissa, exponent: a.exponent + b.exponent }
}

/** As a whole number of 2^-BITS, rounded down. */
function fixed({ mantissa, exponent }: Exact): bigint {
  const shift = exponent + BITS
  return shift >= 0 ? mantissa << BigInt(shift) : mantissa >> BigInt(-shift)
}

/** e^x: reduction by ln 2, then by 2^12, Taylor's series, squarings. */
export function exactExp(x: Exact): Exact {
  const value = fixed(x)
  const power = (value + LN2 / 2n) / LN2 - (value + LN2 / 2n < 0n ? 1n : 0n)
  const r = (value - power * LN2) >> 12n
  let term = UNIT
  let total = UNIT
  for (let i = 1n; term !== 0n && term !== -1n; i++) {
    term = ((term * r) >> BigInt(BITS)) / i
    total += term
  }
  for (let i = 0; i < 12; i++) total = (total * total) >> BigInt(BITS)
  return { mantissa: total, exponent: Number(power) - BITS }
}

/** log x for x > 0: 2 atanh((m - 1) / (m + 1)) of the significand m, and multiples of ln 2. */
export function exactLog(x: Exact): Exact {
  const power = x.exponent + x.mantissa.toString(2).length
  const m = fixed({ mantissa: x.mantissa, exponent: x.exponent - power })
  const total = 2n * atanh(((m - UNIT) << BigInt(BITS)) / (m + UNIT)) + BigInt(power) * LN2
  return { mantissa: total, exponent: -BITS }
}

/** x^y = e^(y log x) for x > 0. */
export function exactPower(x: number, y: number): Exact {
  return exactExp(product(exactOf(y), exactLog(exactOf(x))))
}

/** log(1 - p). */
export function exactLogOneMinus(p: number): Exact {
  return exactLog(sum({ mantissa: 1n, exponent: 0 }, exactOf(-p)))
}

/** The probability that a standard normal variable falls below z, |z| < 12, by its power series. */
export function exactNormal(z: number): Exact {
  const value = fixed(exactOf(z))
  const half = (value * value) >> BigInt(BITS + 1)
  let term = value
  let total = value
  for (let k = 1n; term > 1n || term < -1n; k++) {
    term = -((term * half) >> BigInt(BITS)) / k
    total += term / (2n * k + 1n)
  }
  return { mantissa: UNIT / 2n + (total * UNIT) / SQRT_TWO_PI, exponent: -BITS }
}

/** The standard normal density at z. */
export function exactNormalDensity(z: number): Exact {
  const { mantissa, exponent } = product(exactOf(z), exactOf(z))
  const density = exactExp({ mantissa: -mantissa, exponent: exponent - 1 })
  return { mantissa: (density.mantissa << BigInt(BITS)) / SQRT_TWO_PI, exponent: density.exponent }
}

function atanh(z: bigint): bigint {
  const square = (z * z) >> BigInt(BITS)
  let power = z
  let total = z
  for (let k = 3n; power > 1n || power < -1n; k += 2n) {
    power = (power * square) >> BigInt(BITS)
    total += power / k
  }
  return total
}

function arctanOfInverse(n: bigint): bigint {
  let power = UNIT / n
  let total = power
  for (let k = 3n, sign = -1n; power !== 0n; k += 2n, sign = -sign) {
    power /= n * n
    total += (sign * power) / k
  }
  return total
}

function squareRoot(value: bigint): bigint {
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

const LN2 = 2n * atanh(UNIT / 3n)
/** Machin: pi = 16 arctan(1/5) - 4 arctan(1/239). */
const PI = 16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n)
const SQRT_TWO_PI = squareRoot((2n * PI) << BigInt(BITS))
