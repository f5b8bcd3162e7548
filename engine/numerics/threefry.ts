/**
 * Threefry4x32-20, the counter-based generator of Salmon, Moraes, Dror and Shaw ("Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011): a keyed bijection of four 32-bit words made of additions, rotations and
 * exclusive ors.
 */
import { routine } from '../trace/routine.ts'
import { whole, type Whole, type WholeLike } from '../trace/values.ts'

const ROUNDS = 20
/** Skein's parity constant for 32-bit words, and the rotations of rounds 0 to 7 (Random123, threefry.h). */
const PARITY = 0x1bd11bda
const ROTATIONS = [
  [10, 26],
  [11, 21],
  [13, 27],
  [23, 5],
  [6, 20],
  [17, 11],
  [25, 10],
  [18, 20],
] as const

/** Four 32-bit words. */
export type Words = readonly [Whole, Whole, Whole, Whole]
type WordsLike = readonly [WholeLike, WholeLike, WholeLike, WholeLike]

const block = routine(
  'threefry',
  ['whole', 'whole', 'whole', 'whole', 'whole', 'whole', 'whole', 'whole'],
  (k0, k1, k2, k3, c0, c1, c2, c3) => encrypt([k0, k1, k2, k3], [c0, c1, c2, c3]),
)

/** The four words that `key` makes of `counter`; a call, not inlined. */
export function threefry(key: WordsLike, counter: WordsLike): Words {
  return block(...key, ...counter)
}

/** The routine behind `threefry`: arguments key 0 to 3, counter 0 to 3; results the four words. */
export const threefryRoutine = block

function encrypt(key: Words, counter: Words): Words {
  const parity = key.reduce((mixed, word) => mixed.xor(word), whole(PARITY))
  const schedule = [...key, parity]
  const part = (i: number): Whole => schedule[i % 5] as Whole
  let [x0, x1, x2, x3] = counter.map((word, i) => word.plus(part(i))) as unknown as [
    Whole,
    Whole,
    Whole,
    Whole,
  ]
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = ROTATIONS[round % 8] as readonly [number, number]
    if (round % 2 === 0) {
      x0 = x0.plus(x1)
      x1 = x1.rotatedLeft(first).xor(x0)
      x2 = x2.plus(x3)
      x3 = x3.rotatedLeft(second).xor(x2)
    } else {
      x0 = x0.plus(x3)
      x3 = x3.rotatedLeft(first).xor(x0)
      x2 = x2.plus(x1)
      x1 = x1.rotatedLeft(second).xor(x2)
    }
    if (round % 4 === 3) {
      const injection = (round + 1) / 4
      x0 = x0.plus(part(injection))
      x1 = x1.plus(part(injection + 1))
      x2 = x2.plus(part(injection + 2))
      x3 = x3.plus(part(injection + 3)).plus(injection)
    }
  }
  return [x0, x1, x2, x3]
}
