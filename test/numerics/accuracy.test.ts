import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { boundedExp, exp } from '../../engine/numerics/exponential.ts'
import { log, logOneMinus } from '../../engine/numerics/logarithm.ts'
import { normalQuantile } from '../../engine/numerics/normal-quantile.ts'
import { normalPair } from '../../engine/numerics/normal-pair.ts'
import { power } from '../../engine/numerics/power.ts'
import { routine } from '../../engine/trace/routine.ts'
import { neighbour, plain, plainBinary, plainUnary, testUniforms, worst } from './evaluate.ts'
import {
  exactExp,
  exactLog,
  exactLogOneMinus,
  exactNormal,
  exactNormalDensity,
  exactOf,
  exactPower,
  numberOf,
  relativeError,
  sum,
  ulpsOff,
} from './exact.ts'

const exponential = plainUnary('exp', exp)
const bounded = plainUnary('boundedExp', boundedExp)
const logarithm = plainUnary('log', log)
const oneMinus = plainUnary('logOneMinus', logOneMinus)
const powerOf = plainBinary('power', power)
const quantile = plainUnary('normalQuantile', normalQuantile)

interface Point {
  x_bits: string
  y_bits: string
}
const reference = JSON.parse(
  readFileSync(new URL('../reference/numerics.json', import.meta.url), 'utf8'),
) as { exp: Point[]; log: Point[] }
const double = (bits: string): number =>
  new DataView(
    Uint8Array.from(bits.match(/../g) as string[], (byte) => parseInt(byte, 16)).buffer,
  ).getFloat64(0)

const LN2 = 0.6931471805599453

function* between(low: number, high: number, count: number): Generator<number> {
  const next = testUniforms(count + Math.round(1000 * (high - low)))
  for (let i = 0; i < count; i++) yield low + (high - low) * next()
}

/** Arguments around the places where reduction changes its multiple of ln 2. */
function* seams(): Generator<number> {
  for (let k = -1020; k <= 1022; k++) for (const step of [-2, 0, 2]) yield neighbour((k + 0.5) * LN2, step)
}

describe('exp', () => {
  const error = (x: number): number => ulpsOff(exponential(x), exactExp(exactOf(x)))

  it('is within 0.7 ulp wherever the result is normal', () => {
    for (const [low, high, count] of [
      [-0.35, 0.35, 15_000],
      [-5, 5, 10_000],
      [-60, 60, 10_000],
      [-708, 709, 15_000],
    ] as const) {
      expect(worst(between(low, high, count), error).error).toBeLessThan(0.7)
    }
    expect(worst(seams(), error).error).toBeLessThan(0.7)
  })

  it('underflows gradually within 1 ulp of subnormals, to 0', () => {
    expect(worst(between(-745, -708, 4000), error).error).toBeLessThan(1)
    for (const x of [-745.2, -746, -1e3, -1e308]) expect(exponential(x)).toBe(0)
  })

  it('stays finite: it ends at the largest argument whose exponential is', () => {
    expect(exponential(709.782712893384)).toBe(double('7fefffffffffff2a'))
    for (const x of [709.79, 1e4, 1e308]) expect(exponential(x)).toBe(exponential(709.782712893384))
  })

  it('is exact at 0 and rounds e correctly', () => {
    expect(exponential(0)).toBe(1)
    expect(exponential(-0)).toBe(1)
    expect(exponential(1)).toBe(Math.E)
  })

  it('agrees with the correctly rounded hard cases to 1 ulp', () => {
    for (const { x_bits, y_bits } of reference.exp) {
      const [x, y] = [double(x_bits), double(y_bits)]
      if (Number.isFinite(y))
        expect(Math.abs(exponential(x) - y), `exp(${x})`).toBeLessThanOrEqual(neighbour(y, 1) - y)
    }
  })

  it('never falls where its argument rises, over neighbouring doubles', () => {
    for (const x of [...between(-700, 700, 2000), ...seams()]) {
      const [low, high] = x < 0 ? [neighbour(x, 1), x] : [x, neighbour(x, 1)]
      expect(exponential(low)).toBeLessThanOrEqual(exponential(high))
    }
  })

  it('has the same bits when bounded', () => {
    for (const x of [...between(-708, 709, 4000), ...between(-2, 2, 2000)])
      expect(bounded(x)).toBe(exponential(x))
  })
})

describe('log', () => {
  const error = (x: number): number => ulpsOff(logarithm(x), exactLog(exactOf(x)))

  it('is within 0.87 ulp for every positive normal number', () => {
    for (const [low, high] of [
      [0.5, 2],
      [0.7, 0.72],
      [1.4, 1.43],
      [0.99, 1.01],
      [1, 1000],
    ] as const) {
      expect(worst(between(low, high, 6000), error).error).toBeLessThan(0.87)
    }
    const spread = [...between(-708, 709, 10_000)].map((x) => Math.exp(x))
    expect(worst(spread, error).error).toBeLessThan(0.87)
    const nearOne = Array.from({ length: 2000 }, (_, i) => neighbour(1, i - 1000))
    expect(
      worst(
        nearOne.filter((x) => x !== 1),
        error,
      ).error,
    ).toBeLessThan(0.87)
    const powers = Array.from({ length: 2046 }, (_, i) => 2 ** (i - 1022)).filter((x) => x !== 1)
    expect(worst(powers, error).error).toBeLessThan(0.87)
  })

  it('is exactly 0 at 1', () => {
    expect(Object.is(logarithm(1), 0)).toBe(true)
  })

  it('agrees with the correctly rounded hard cases to 1 ulp', () => {
    for (const { x_bits, y_bits } of reference.log) {
      const [x, y] = [double(x_bits), double(y_bits)]
      if (x < 2 ** -1022 || !Number.isFinite(x)) continue
      const size = Math.abs(y)
      expect(Math.abs(logarithm(x) - y), `log(${x})`).toBeLessThanOrEqual(neighbour(size, 1) - size)
    }
  })

  it('of 1 - p keeps a relative error below 4e-16 down to the smallest p', () => {
    const error = (p: number): number => relativeError(oneMinus(p), exactLogOneMinus(p))
    const spread = [...between(-100, 0, 3000)].map((x) => Math.exp(x))
    expect(worst(spread, error).error).toBeLessThan(4e-16)
    for (const p of [1e-50, 1e-200, 1e-300]) expect(oneMinus(p)).toBe(-p)
    expect(worst(between(-0, 0.5, 5000), error).error).toBeLessThan(4e-16)
    expect(worst(between(0.5, 1, 5000), error).error).toBeLessThan(4e-16)
    expect(oneMinus(0)).toBe(0)
  })
})

describe('power', () => {
  it('keeps a relative error of 1.2e-16 (1 + 1.5 |y log x|)', () => {
    const next = testUniforms(5)
    let largest = 0
    for (let i = 0; i < 15_000; i++) {
      const x = Math.exp(next() * 80 - 40)
      const y = next() * 4 - 1
      largest = Math.max(
        largest,
        relativeError(powerOf(x, y), exactPower(x, y)) / (1 + 1.5 * Math.abs(y * Math.log(x))),
      )
    }
    expect(largest).toBeLessThan(1.2e-16)
  })

  it('is the rounded root, the number itself and the rounded square at 1/2, 1 and 2', () => {
    for (const x of [...between(0, 100, 500), 0, 1, 1e-300, 1e150]) {
      expect(powerOf(x, 0.5)).toBe(Math.sqrt(x))
      expect(powerOf(x, 1)).toBe(x)
      expect(powerOf(x, 2)).toBe(x * x)
    }
  })

  it('treats a literal exponent as it treats the same number given at run time', () => {
    for (const y of [0.5, 1, 2, 0.3, -1.7]) {
      const literal = plainUnary('literal', (x) => power(x, y))
      for (const x of between(0.001, 50, 200)) expect(literal(x)).toBe(powerOf(x, y))
    }
  })

  it('is 0 at 0, whatever the exponent', () => {
    for (const y of [0.3, 0.5, 1, 2, 7.5]) expect(powerOf(0, y)).toBe(0)
  })
})

describe('the normal quantile', () => {
  /** The error of z divided by z, from the distribution function: (Phi(z) - u) / phi(z). */
  const error = (u: number): number => {
    const z = quantile(u)
    const off = sum(exactNormal(z), exactOf(-u))
    return Math.abs(numberOf(off) / numberOf(exactNormalDensity(z)) / z)
  }

  it('has a relative error below 1e-15 from 2^-53 to 1 - 2^-53', () => {
    expect(worst(between(0.001, 0.999, 8000), error).error).toBeLessThan(1e-15)
    const tails = [...between(-36.7, -1, 4000)].map((x) => Math.exp(x))
    expect(worst(tails, error).error).toBeLessThan(1e-15)
    expect(
      worst(
        tails.map((u) => 1 - u).filter((u) => u < 1),
        error,
      ).error,
    ).toBeLessThan(1e-15)
    expect(
      worst([2 ** -53, 1 - 2 ** -53, 0.075, 0.925, Math.exp(-25), 0.5 + 2 ** -53], error).error,
    ).toBeLessThan(1e-15)
  })

  it('is exactly 0 at 1/2 and antisymmetric', () => {
    expect(quantile(0.5)).toBe(0)
    for (const u of between(0, 0.5, 1000)) {
      const onGrid = (Math.floor(u * 2 ** 52) + 0.5) / 2 ** 52
      expect(quantile(1 - onGrid)).toBe(-quantile(onGrid))
    }
  })
})

describe('pairs of normals', () => {
  const pair = plain<[number, number]>(routine('normalPair', ['num', 'num'], (u, v) => normalPair([u, v])))

  it('are the point at radius sqrt(-2 log u) and angle 2 pi (v - 1/8)', () => {
    const us = [...between(0, 1, 20_000)]
    const largest = us.reduce((most, u, i) => {
      const v = (i + 0.5) / us.length
      const radius = Math.sqrt(-2 * Math.log(u))
      const [x, y] = pair(u, v)
      // The angle is below 6, so its rounding moves the point by less than 1e-15 of the radius.
      const angle = 2 * Math.PI * (v - 0.125)
      return Math.max(most, Math.abs(x / radius - Math.cos(angle)), Math.abs(y / radius - Math.sin(angle)))
    }, 0)
    expect(largest).toBeLessThan(2e-15)
  })
})
