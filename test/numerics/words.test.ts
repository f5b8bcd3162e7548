/** Random numbers outside of a kernel: the same for ever, uniform, and as many as are asked for. */
import { describe, expect, test } from 'vitest'
import { RandomSequence, fillWords } from '../../engine/numerics/words.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { streamId } from '../../engine/numerics/streams.ts'

const sequence = (index = 0, stream = 'test'): RandomSequence =>
  new RandomSequence({ seed: 'words', stream, index })

describe('a sequence', () => {
  test('is the words of its address, block after block', () => {
    const words = new Uint32Array(4096)
    fillWords(words, {
      key: seedKeyOf('words'),
      stream: streamId('test'),
      index: 3,
      purpose: 0,
      firstBlock: 0,
    })
    const random = sequence(3)
    expect(Array.from(words, () => random.word())).toEqual([...words])
  })

  test('differs by seed, stream and index', () => {
    const firsts = [
      sequence(),
      sequence(1),
      sequence(0, 'other'),
      new RandomSequence({ seed: 'x', stream: 'test' }),
    ].map((random) => random.word())
    expect(new Set(firsts).size).toBe(4)
  })

  test('has uniforms inside of (0, 1) with the mean and variance of the law', () => {
    const random = sequence()
    const values = Array.from({ length: 100_000 }, () => random.uniform())
    expect(values.every((value) => value > 0 && value < 1)).toBe(true)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const square = values.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / values.length
    // Five standard errors: sqrt(1/12 / n), and sqrt((1/80 - 1/144) / n) for the variance.
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / values.length))
    expect(Math.abs(square - 1 / 12)).toBeLessThan(5 * Math.sqrt((1 / 80 - 1 / 144) / values.length))
  })

  test('draws whole numbers below a bound, each as likely', () => {
    const random = sequence(1)
    const counts = Array.from({ length: 7 }, () => 0)
    for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++
    const chi2 = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    // The 99.99% quantile of chi-square with six degrees of freedom.
    expect(chi2).toBeLessThan(27.86)
  })

  test('permutes: every order of four is as likely', () => {
    const random = sequence(2)
    const counts = new Map<string, number>()
    for (let i = 0; i < 24_000; i++) {
      const order = [...random.permutation(4)].join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    const chi2 = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    // The 99.99% quantile of chi-square with 23 degrees of freedom.
    expect(chi2).toBeLessThan(56.0)
  })
})
