import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  normal,
  normals,
  uniformOf,
  uniformTriple,
  uniforms,
  type DrawSource,
} from '../../engine/numerics/draws.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { entityWord, entityWords, streamId } from '../../engine/numerics/streams.ts'
import { threefryRoutine } from '../../engine/numerics/threefry.ts'
import { routine } from '../../engine/trace/routine.ts'
import type { Whole } from '../../engine/trace/values.ts'
import { plain } from './evaluate.ts'

interface Vector {
  counter: string[]
  key: string[]
  expected: string[]
}
const { kat } = JSON.parse(readFileSync(new URL('../reference/numerics.json', import.meta.url), 'utf8')) as {
  kat: Record<string, Vector[]>
}
const words = (hex: string[]): number[] => hex.map((word) => parseInt(word, 16))

const threefry = plain<number[]>(threefryRoutine)
const eightWords = ['whole', 'whole', 'whole', 'whole', 'whole', 'whole', 'whole', 'whole', 'whole'] as const
const sourceOf = ([k0, k1, k2, k3, replication, stream, entity, month]: Whole[]): DrawSource =>
  ({ key: [k0, k1, k2, k3], replication, stream, entity, month }) as DrawSource
const uniformPair = plain<number[]>(
  routine('uniforms', eightWords, (...given) => uniforms(sourceOf(given), given[8] as Whole)),
)
const triple = plain<number[]>(
  routine('uniformTriple', eightWords, (...given) => uniformTriple(sourceOf(given), given[8] as Whole)),
)
const normalPair = plain<number[]>(
  routine('normals', eightWords, (...given) => normals(sourceOf(given), given[8] as Whole)),
)
const oneNormal = plain(
  routine('normal', eightWords, (...given) => normal(sourceOf(given), given[8] as Whole)),
)
const key = seedKeyOf('draws')

describe('threefry', () => {
  it('gives the known answers of Random123', () => {
    const vectors = kat.threefry4x32_20 as Vector[]
    expect(vectors.length).toBe(3)
    for (const { counter, key, expected } of vectors)
      expect(threefry(...words(key), ...words(counter))).toEqual(words(expected))
  })

  it('changes half of the output bits, give or take, whichever input bit is flipped', () => {
    const base = threefry(1, 2, 3, 4, 5, 6, 7, 8)
    for (let bit = 0; bit < 256; bit++) {
      const input = [1, 2, 3, 4, 5, 6, 7, 8]
      input[bit >> 5] = ((input[bit >> 5] as number) ^ (1 << (bit & 31))) >>> 0
      const flipped = threefry(...input)
      const ones = flipped.reduce((count, word, i) => count + popCount(word ^ (base[i] as number)), 0)
      // 128 bits, standard deviation 5.7: five of them.
      expect(Math.abs(ones - 64)).toBeLessThan(29)
    }
  })
})

describe('uniforms', () => {
  const uniformOfWords = plain(routine('uniformOf', ['whole', 'whole'], (a, b) => uniformOf(a, b)))

  it('lie on the odd multiples of 2^-53, strictly between 0 and 1', () => {
    expect(uniformOfWords(0, 0)).toBe(2 ** -53)
    expect(uniformOfWords(0xffff_ffff, 0xffff_ffff)).toBe(1 - 2 ** -53)
    expect(uniformOfWords(0x8000_0000, 0)).toBe(0.5 + 2 ** -53)
    expect(uniformOfWords(0x40, 0x40)).toBe((2 ** 26 + 1.5) / 2 ** 52)
  })

  it('are the first two and the last two words of the counter with month + 2^16 attempt last', () => {
    const [a, b, c, d] = threefry(...key, 11, 22, 33, 44 + 5 * 65536) as [number, number, number, number]
    expect(uniformPair(...key, 11, 22, 33, 44, 5)).toEqual([uniformOfWords(a, b), uniformOfWords(c, d)])
  })

  it('come in threes of 42 bits: a word each and ten bits of the last', () => {
    const [a, b, c, d] = threefry(...key, 11, 22, 33, 44) as [number, number, number, number]
    const expected = [
      [a, d],
      [b, d >>> 10],
      [c, d >>> 20],
    ].map(([word, bits]) => ((word as number) * 1024 + ((bits as number) & 1023) + 0.5) / 2 ** 42)
    expect(triple(...key, 11, 22, 33, 44, 0)).toEqual(expected)
  })

  it('fill 64 x 64 cells of the square evenly, replication by replication and month by month', () => {
    for (const varied of ['replication', 'month'] as const) {
      const cells = new Float64Array(4096)
      const count = 60_000
      for (let i = 0; i < count; i++) {
        const [u, v] = uniformPair(
          ...key,
          varied === 'month' ? 1 : i,
          2,
          3,
          varied === 'month' ? i : 4,
          0,
        ) as [number, number]
        const cell = Math.floor(u * 64) * 64 + Math.floor(v * 64)
        cells[cell] = (cells[cell] as number) + 1
      }
      const expected = count / 4096
      const statistic = cells.reduce((total, seen) => total + (seen - expected) ** 2 / expected, 0)
      // Chi-square with 4095 degrees of freedom: mean 4095, standard deviation 90.5; four of them.
      expect(Math.abs(statistic - 4095)).toBeLessThan(362)
    }
  })
})

describe('normals', () => {
  it('have the moments of the standard normal law and are uncorrelated', () => {
    const count = 100_000
    const sums = { first: 0, second: 0, third: 0, fourth: 0, cross: 0 }
    for (let i = 0; i < count; i++) {
      const [x, y] = normalPair(...key, i, 9, 0, 0, 0) as [number, number]
      sums.first += x
      sums.second += x * x
      sums.third += x ** 3
      sums.fourth += x ** 4
      sums.cross += x * y
    }
    const five = (variance: number): number => 5 * Math.sqrt(variance / count)
    expect(Math.abs(sums.first / count)).toBeLessThan(five(1))
    expect(Math.abs(sums.second / count - 1)).toBeLessThan(five(2))
    expect(Math.abs(sums.third / count)).toBeLessThan(five(15))
    expect(Math.abs(sums.fourth / count - 3)).toBeLessThan(five(96))
    expect(Math.abs(sums.cross / count)).toBeLessThan(five(1))
  })

  it('come singly as the first of the pair', () => {
    for (let i = 0; i < 100; i++)
      expect(oneNormal(...key, i, 1, 2, 3, 4)).toBe((normalPair(...key, i, 1, 2, 3, 4) as number[])[0])
  })
})

describe('a seed', () => {
  it('gives the same key for ever', () => {
    expect(seedKeyOf('rivalry')).toMatchInlineSnapshot(`
      [
        3339719496,
        1703635532,
        1775832892,
        3631395371,
      ]
    `)
    expect(seedKeyOf(7)).toEqual(seedKeyOf('7'))
  })

  it('gives four words that differ from seed to seed', () => {
    const all = new Set(Array.from({ length: 1000 }, (_, i) => seedKeyOf(i)).flat())
    expect(all.size).toBe(4000)
    expect(seedKeyOf('1')).not.toEqual(seedKeyOf('11'))
    expect(seedKeyOf('\u0131')).not.toEqual(seedKeyOf('1'))
  })
})

describe('words of streams and entities', () => {
  it('stay the same for ever', () => {
    expect([streamId('taste'), streamId('climate'), entityWord('acme', 'b2b'), entityWord('acme', 3)])
      .toMatchInlineSnapshot(`
      [
        3532293708,
        3847823312,
        3114249446,
        1587363629,
      ]
    `)
  })

  it('tell apart lists that would be equal joined', () => {
    const lists = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      ['abc', ''],
      ['', 'abc'],
      [],
      ['1'],
      [1],
      [1, 0],
      [0, 1],
      ['a', 1],
      ['a', '1'],
    ]
    expect(new Set(lists.map((ids) => entityWord(...ids))).size).toBe(lists.length)
  })

  it('are refused when two entities share one', () => {
    const pair = collision()
    expect(() => entityWords(pair)).toThrow(/would draw the same random numbers/)
    expect(entityWords([['a'], ['b'], ['a', 'b']])).toEqual(
      Uint32Array.of(entityWord('a'), entityWord('b'), entityWord('a', 'b')),
    )
  })

  it('refuse ids that are not whole numbers from 0 to 2^32 - 1', () => {
    for (const id of [-1, 1.5, 2 ** 32, Number.NaN]) expect(() => entityWord(id)).toThrow(/whole number/)
  })
})

/** Two ids with the same word, by the birthday of 2^16 or so. */
function collision(): [number[], number[]] {
  const seen = new Map<number, number>()
  for (let id = 0; ; id++) {
    const word = entityWord(id, id >>> 3)
    const other = seen.get(word)
    if (other !== undefined)
      return [
        [other, other >>> 3],
        [id, id >>> 3],
      ]
    seen.set(word, id)
  }
}

function popCount(word: number): number {
  let count = 0
  for (let rest = word >>> 0; rest !== 0; rest &= rest - 1) count++
  return count
}
