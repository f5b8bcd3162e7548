/**
 * Owns the random words of a session: Threefry4x32-20 as in `engine/numerics/threefry.ts`, written out for filling an
 * array, since a learner uses millions of words. Word w of a session is lane w mod 4 of block floor(w / 4), whose
 * counter is session, stream, purpose, block; so every word has an address and sessions share none.
 */
import { streamId } from '../../engine/numerics/streams.ts'

const STREAM = streamId('q-learning')
/** Skein's parity constant for 32-bit words. */
const PARITY = 0x1bd11bda

/** What words of a session are for: two purposes never share any. */
export const PURPOSE = { firstState: 0, exploration: 1 } as const

/** Where words stand. */
export interface WordsAddress {
  /** The study's key: four words. */
  readonly key: readonly number[]
  readonly session: number
  readonly purpose: number
  /** Number of the first block of four words, below 2^32. */
  readonly firstBlock: number
}

/** Fills an array, whose length is a multiple of four, with the words from an address on. */
export function fillWords(words: Uint32Array, { key, session, purpose, firstBlock }: WordsAddress): void {
  const [k0, k1, k2, k3] = [0, 1, 2, 3].map((i) => key[i]! | 0) as [number, number, number, number]
  const k4 = PARITY ^ k0 ^ k1 ^ k2 ^ k3
  for (let at = 0, block = firstBlock; at < words.length; at += 4, block++) {
    let a = (session + k0) | 0
    let b = (STREAM + k1) | 0
    let c = (purpose + k2) | 0
    let d = (block + k3) | 0
    // Eight rounds a turn, of which the last has four; the key is added after every fourth.
    for (let turn = 0; ; turn++) {
      a = (a + b) | 0
      b = ((b << 10) | (b >>> 22)) ^ a
      c = (c + d) | 0
      d = ((d << 26) | (d >>> 6)) ^ c
      a = (a + d) | 0
      d = ((d << 11) | (d >>> 21)) ^ a
      c = (c + b) | 0
      b = ((b << 21) | (b >>> 11)) ^ c
      a = (a + b) | 0
      b = ((b << 13) | (b >>> 19)) ^ a
      c = (c + d) | 0
      d = ((d << 27) | (d >>> 5)) ^ c
      a = (a + d) | 0
      d = ((d << 23) | (d >>> 9)) ^ a
      c = (c + b) | 0
      b = ((b << 5) | (b >>> 27)) ^ c
      if (turn === 2) break
      a = (a + (turn === 0 ? k1 : k3)) | 0
      b = (b + (turn === 0 ? k2 : k4)) | 0
      c = (c + (turn === 0 ? k3 : k0)) | 0
      d = (d + (turn === 0 ? k4 + 1 : k1 + 3)) | 0
      a = (a + b) | 0
      b = ((b << 6) | (b >>> 26)) ^ a
      c = (c + d) | 0
      d = ((d << 20) | (d >>> 12)) ^ c
      a = (a + d) | 0
      d = ((d << 17) | (d >>> 15)) ^ a
      c = (c + b) | 0
      b = ((b << 11) | (b >>> 21)) ^ c
      a = (a + b) | 0
      b = ((b << 25) | (b >>> 7)) ^ a
      c = (c + d) | 0
      d = ((d << 10) | (d >>> 22)) ^ c
      a = (a + d) | 0
      d = ((d << 18) | (d >>> 14)) ^ a
      c = (c + b) | 0
      b = ((b << 20) | (b >>> 12)) ^ c
      a = (a + (turn === 0 ? k2 : k4)) | 0
      b = (b + (turn === 0 ? k3 : k0)) | 0
      c = (c + (turn === 0 ? k4 : k1)) | 0
      d = (d + (turn === 0 ? k0 + 2 : k2 + 4)) | 0
    }
    words[at] = a + k0
    words[at + 1] = b + k1
    words[at + 2] = c + k2
    words[at + 3] = d + k3 + 5
  }
}
