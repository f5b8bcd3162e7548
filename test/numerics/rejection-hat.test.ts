import { describe, expect, it } from 'vitest'
import { binomialLaw } from './law.ts'

/**
 * Rejection is exact if its hat lies above the law and its squeezes on the right sides of it. The paper gives the
 * constants without proof, so they are checked here from its text, apart from the engine's code.
 */
const cases = [0.5, 0.499, 0.4, 0.25, 0.1, 0.03, 0.001, 1e-5].flatMap((p) =>
  [32, 33.5, 40, 64, 100, 317, 1000, 10_000].map((mean) => [Math.ceil(mean / p), p] as const),
)

interface Proposal {
  readonly k: number
  /** The height below which v is accepted, as a share of the hat. */
  readonly share: number
  readonly edge: number
}

/** What is proposed over a fine grid of the first uniform, to far in both tails, and how the law compares. */
function* proposals(n: number, p: number): Generator<Proposal> {
  const deviation = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * deviation
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const alpha = (2.83 + 5.1 / b) * deviation
  const law = binomialLaw(n, p)
  const top = law.get(Math.floor((n + 1) * p)) as number
  for (let i = 1; i <= 8000; i++) {
    // Half of the grid is even, half crowds towards the ends of the uniform.
    const edge = i <= 4000 ? i / 8000 : 10 ** (-1 - (i - 4000) / 800)
    for (const side of [1, -1]) {
      const k = Math.floor(((2 * a) / edge + b) * side * (0.5 - edge) + n * p + 0.5)
      const chance = law.get(k)
      if (chance !== undefined) yield { k, edge, share: ((chance / top) * (a / edge ** 2 + b)) / alpha }
      else if (edge >= 0.07) yield { k, edge, share: 0 }
    }
  }
}

describe('the hat of binomial rejection', () => {
  it.each(cases)('lies above the law of %i trials of probability %f, and its squeeze below', (n, p) => {
    const safe = 0.92 - 4.2 / (1.15 + 2.53 * Math.sqrt(n * p * (1 - p)))
    let highest = 0
    let lowestAccepted = 1
    for (const { share, edge } of proposals(n, p)) {
      highest = Math.max(highest, share)
      if (edge >= 0.07) lowestAccepted = Math.min(lowestAccepted, share)
    }
    expect(highest).toBeLessThan(1)
    expect(lowestAccepted).toBeGreaterThan(safe)
  })

  it.each(cases)(
    'fits the law of %i trials of probability %f so closely that 32 proposals suffice',
    (n, p) => {
      const deviation = Math.sqrt(n * p * (1 - p))
      const alpha = (2.83 + 5.1 / (1.15 + 2.53 * deviation)) * deviation
      const top = binomialLaw(n, p).get(Math.floor((n + 1) * p)) as number
      // Of the area below the hat, 1 / (alpha top) lies below the law.
      expect((1 - 1 / (alpha * top)) ** 32).toBeLessThan(2 ** -64)
    },
  )

  it.each(cases)('has bounds by the normal law around the law of %i trials of probability %f', (n, p) => {
    const law = binomialLaw(n, p)
    const mode = Math.floor((n + 1) * p)
    const variance = n * p * (1 - p)
    const outside: number[] = []
    for (const [k, chance] of law) {
      const distance = Math.abs(k - mode)
      if (distance === 0 || distance >= variance / 2 - 1) continue
      const room = (distance / variance) * ((distance * (distance / 3 + 0.625) + 1 / 6) / variance + 0.5)
      const off = Math.log(chance / (law.get(mode) as number)) + distance ** 2 / (2 * variance)
      if (!(Math.abs(off) <= room)) outside.push(k)
    }
    expect(outside).toEqual([])
  })
})
