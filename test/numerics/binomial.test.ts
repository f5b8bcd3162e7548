import { describe, expect, it } from 'vitest'
import { binomialFromUniformRoutine, binomialRoutine } from '../../engine/numerics/binomial.ts'
import { SOURCE, sourceOf, uniform } from '../../engine/numerics/draws.ts'
import { stirlingCorrection } from '../../engine/numerics/factorial.ts'
import { routine } from '../../engine/trace/routine.ts'
import { plain, plainUnary, testUniforms } from './evaluate.ts'
import { binomialLaw, chiSquare, exactDistribution, logFactorial } from './law.ts'

const draw = plain(binomialRoutine)
const KEY = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const

const fromUniform = plain(binomialFromUniformRoutine)

/** One binomial draw; `stream` and `replication` tell draws apart. */
const binomial = (n: number, p: number, replication: number, stream = 1): number =>
  draw(n, p, ...KEY, replication, stream, 7, 3)

describe('binomial draws', () => {
  const cases = [
    [1, 0.3],
    [1, 0.999],
    [2, 0.5],
    [3, 0.01],
    [5, 0.7],
    [8, 0.5],
    [9, 0.5],
    [12, 0.9],
    [30, 0.1],
    [31, 0.5],
    [33, 0.5],
    [40, 0.6],
    [64, 0.49],
    [65, 0.5],
    [60, 0.3],
    [160, 0.199],
    [160, 0.201],
    [200, 0.92],
    [3000, 0.011],
    [400, 0.5],
    [1000, 0.001],
    [1000, 0.03],
    [5000, 0.25],
    [20_000, 0.00159],
    [20_000, 0.00161],
    [20_000, 0.4],
    [1e5, 0.5],
    [1e6, 1e-5],
    [1e6, 0.02],
    [1e7, 1e-7],
    [1e7, 3.3e-6],
    [1e7, 0.5],
  ] as const

  it.each(cases)('follow the binomial law of %i trials of probability %f', (n, p) => {
    const count = 40_000
    const law = binomialLaw(n, p)
    const seen = new Map<number, number>()
    for (let i = 0; i < count; i++) {
      const k = binomial(n, p, i)
      seen.set(k, (seen.get(k) ?? 0) + 1)
    }
    // The draws are fixed, so this holds or fails for ever; 1e-4 over 32 cases fails a sound generator 3
    // times in 1000.
    expect(chiSquare({ seen, count, law }).probability).toBeGreaterThan(1e-4)
  })

  it.each([
    [1, 0.3],
    [2, 0.5],
    [5, 0.01],
    [15, 0.4],
    [16, 0.4],
    [60, 0.5],
    [63, 0.5],
    [500, 0.06],
    [1023, 0.03],
    [1024, 0.03],
    [1e5, 3e-4],
    [1e7, 3.1e-6],
    [1e7, 1e-12],
  ] as const)(
    'by inversion pass from each outcome of %i trials of probability %f to the next where the exact law does',
    (n, p) => {
      // Rounding of the first probability (n log(1 - p) = 45 at most: 45 units of 1.1e-16) and of some 60
      // sums.
      const tolerance = 1.5e-14
      for (const [k, upTo] of exactDistribution(n, p)) {
        if (upTo > 2 * tolerance)
          expect(fromUniform(n, p, upTo - tolerance, ...KEY, 0, 0, 0, 0)).toBeLessThanOrEqual(k)
        if (upTo < 1 - 2 * tolerance)
          expect(fromUniform(n, p, upTo + tolerance, ...KEY, 0, 0, 0, 0)).toBeGreaterThan(k)
      }
    },
  )

  it('from a uniform at hand are the draws that would have drawn it', () => {
    const uniformOf = plain(routine('uniform', SOURCE, (...place) => uniform(sourceOf(place))))
    for (let i = 0; i < 500; i++) {
      const u = uniformOf(...KEY, i, 1, 7, 3)
      expect(fromUniform(20, 0.3, u, ...KEY, i, 9, 9, 9)).toBe(binomial(20, 0.3, i))
    }
  })

  it('by rejection from a uniform at hand follow the law too', () => {
    const next = testUniforms(17)
    for (const [n, p] of [
      [100, 0.4],
      [3000, 0.02],
      [20_000, 0.7],
    ] as const) {
      const count = 40_000
      const seen = new Map<number, number>()
      for (let i = 0; i < count; i++) {
        const k = fromUniform(n, p, (Math.floor(next() * 2 ** 32) + 0.5) / 2 ** 32, ...KEY, i, 5, 6, 7)
        seen.set(k, (seen.get(k) ?? 0) + 1)
      }
      expect(chiSquare({ seen, count, law: binomialLaw(n, p) }).probability).toBeGreaterThan(1e-4)
    }
  })

  it('have the right mean and variance over lanes that mix every kind of trial', () => {
    const next = testUniforms(11)
    let mean = 0
    let variance = 0
    const count = 60_000
    for (let i = 0; i < count; i++) {
      const n = Math.floor(Math.exp(next() * 14))
      const p = next() < 0.5 ? next() : Math.exp(-next() * 12)
      const standard = (binomial(n, p, i, 2) - n * p) / Math.sqrt(n * p * (1 - p))
      mean += standard / count
      // Rare successes have heavy tails, so only the common ones can show their variance.
      variance += n * p * (1 - p) > 1 ? (standard ** 2 - 1) / count : 0
    }
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count))
    expect(Math.abs(variance)).toBeLessThan(5 * Math.sqrt(3 / count))
  })

  it('are certain where the law is: no trials, impossible or certain successes', () => {
    for (let i = 0; i < 200; i++) {
      expect(binomial(0, 0.4, i)).toBe(0)
      for (const n of [1, 7, 1000, 1e7]) {
        for (const p of [0, -1e-17, -1]) expect(binomial(n, p, i)).toBe(0)
        for (const p of [1, 1 + 2e-16, 2]) expect(binomial(n, p, i)).toBe(n)
      }
    }
  })

  it('are whole and between 0 and n, also where p is extreme', () => {
    const next = testUniforms(3)
    for (let i = 0; i < 20_000; i++) {
      const n = Math.floor(Math.exp(next() * 16.2))
      const small = Math.exp(-next() * 60)
      const p = next() < 0.5 ? small : 1 - small
      const k = binomial(n, p, i, 3)
      expect(Number.isInteger(k) && k >= 0 && k <= n, `${k} of ${n} at ${p}`).toBe(true)
    }
  })

  it('count failures where successes count at 1 - p', () => {
    // 1 - p is exact for p a multiple of 2^-53.
    for (let i = 0; i < 2000; i++) {
      const p = 0.5 + (i + 1) / 4096
      expect(binomial(50, p, i) + binomial(50, 1 - p, i)).toBe(50)
    }
  })

  it('rise with p while they are inverted: the same luck, a better chance', () => {
    for (let i = 0; i < 500; i++) {
      const counts = Array.from({ length: 16 }, (_, step) => binomial(30, 0.03 * (step + 1), i, 4))
      for (let step = 1; step < 16; step++)
        expect(counts[step]).toBeGreaterThanOrEqual(counts[step - 1] as number)
    }
  })

  it('depend on nothing but what they are asked', () => {
    for (let i = 0; i < 100; i++) expect(binomial(300, 0.3, i, 5)).toBe(binomial(300, 0.3, i, 5))
    const distinct = new Set(Array.from({ length: 50 }, (_, stream) => binomial(1e7, 0.5, 1, stream)))
    expect(distinct.size).toBeGreaterThan(45)
  })
})

describe('multinomial draws by conditional binomials', () => {
  /** Places n over the chances, each part at its chance among the rest. */
  function multinomial(n: number, chances: readonly number[], replication: number): number[] {
    let left = n
    let chance = 1
    return chances.map((share, part) => {
      const count =
        part === chances.length - 1 ? left : binomial(left, share / chance, replication, 100 + part)
      left -= count
      chance -= share
      return count
    })
  }

  it('follow the multinomial law jointly', () => {
    const chances = [0.2, 0.05, 0.45, 0.3]
    for (const n of [1, 3, 6]) {
      const count = 40_000
      const seen = new Map<number, number>()
      for (let i = 0; i < count; i++) {
        const cell = multinomial(n, chances, i).reduce((code, k) => code * (n + 1) + k, 0)
        seen.set(cell, (seen.get(cell) ?? 0) + 1)
      }
      const law = new Map<number, number>()
      const place = (left: number, part: number, code: number, log: number): void => {
        const last = part === chances.length - 1
        for (let k = last ? left : 0; k <= left; k++) {
          const next = log + k * Math.log(chances[part] as number) - logFactorial(k)
          if (last) law.set(code * (n + 1) + k, Math.exp(next))
          else place(left - k, part + 1, code * (n + 1) + k, next)
        }
      }
      place(n, 0, 0, logFactorial(n))
      expect(chiSquare({ seen, count, law }).probability).toBeGreaterThan(1e-4)
    }
  })

  it('keep the total and correlate negatively as the law says', () => {
    const chances = [0.5, 0.3, 0.2]
    const n = 400
    const count = 20_000
    let covariance = 0
    for (let i = 0; i < count; i++) {
      const parts = multinomial(n, chances, i) as [number, number, number]
      expect(parts[0] + parts[1] + parts[2]).toBe(n)
      covariance += ((parts[0] - n * 0.5) * (parts[1] - n * 0.3)) / count
    }
    // Cov = -n p q = -60; the product's standard deviation is about 110.
    expect(Math.abs(covariance + 60)).toBeLessThan((5 * 110) / Math.sqrt(count))
  })
})

describe("the correction of Stirling's formula", () => {
  it('gives log k! to 5e-15 at every k', () => {
    const correction = plainUnary('stirling', stirlingCorrection)
    // The exact corrections at 0, 1, 2, 5 and 20 to 17 digits, by multiple precision.
    const known = [
      [0, 0.08106146679532726],
      [1, 0.04134069595540929],
      [2, 0.02767792568499834],
      [5, 0.013876128823070748],
      [20, 0.00396795421864086],
    ] as const
    for (const [k, value] of known) expect(Math.abs(correction(k) - value)).toBeLessThan(5e-15)
    for (const k of [100, 1e3, 1e5, 1e7]) {
      const t = 1 / (k + 1)
      expect(Math.abs(correction(k) - (t / 12 - t ** 3 / 360 + t ** 5 / 1260))).toBeLessThan(5e-15)
    }
  })
})
