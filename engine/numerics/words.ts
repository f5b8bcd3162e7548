/**
 * Random words outside of a kernel: for learners, designs and resampling, which need millions. Threefry4x32-20 as in
 * `threefry.ts`, written out for filling an array. Every word has an address, so streams share none and any part of one
 * can be had again: word w of a stream is lane w mod 4 of block floor(w / 4), whose counter is (index, stream, purpose,
 * block).
 */
import { assert } from '../errors.ts'
import { seedKeyOf } from './seed.ts'
import { streamId } from './streams.ts'

/** Skein's parity constant for 32-bit words. */
const PARITY = 0x1bd11bda

/** Where words stand. */
export interface WordsAddress {
  /** The study's key: four words. */
  readonly key: readonly number[]
  /** What the words are for: a word, as `streamId` makes them of names. */
  readonly stream: number
  /** Which of many alike: the session, the resample, the parameter. */
  readonly index: number
  /** Tells uses within one stream and index apart. */
  readonly purpose: number
  /** Number of the first block of four words, below 2^32. */
  readonly firstBlock: number
}

/** Fills an array, whose length is a multiple of four, with the words from an address on. */
export function fillWords(
  words: Uint32Array,
  { key, stream, index, purpose, firstBlock }: WordsAddress,
): void {
  const [k0, k1, k2, k3] = [0, 1, 2, 3].map((i) => key[i]! | 0) as [number, number, number, number]
  const k4 = PARITY ^ k0 ^ k1 ^ k2 ^ k3
  for (let at = 0, block = firstBlock; at < words.length; at += 4, block++) {
    let a = (index + k0) | 0
    let b = (stream + k1) | 0
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

/** Words that are made at a time: 4 KiB. */
const WORDS_AT_ONCE = 1024

/** A sequence of random numbers: of a seed, for one purpose, the same for ever. */
export class RandomSequence {
  readonly #address: Omit<WordsAddress, 'firstBlock'>
  readonly #words = new Uint32Array(WORDS_AT_ONCE)
  #next = WORDS_AT_ONCE
  #blocks = 0

  /**
   * @param options.seed any text, as users give it
   * @param options.stream what the numbers are for, such as `latin-hypercube`
   * @param options.index which of many sequences of one stream, from 0
   */
  constructor({ seed, stream, index = 0 }: { seed: string; stream: string; index?: number }) {
    this.#address = { key: seedKeyOf(seed), stream: streamId(stream), index, purpose: 0 }
  }

  /** The next 32 bits. */
  word(): number {
    if (this.#next === WORDS_AT_ONCE) {
      fillWords(this.#words, { ...this.#address, firstBlock: this.#blocks })
      this.#blocks += WORDS_AT_ONCE / 4
      this.#next = 0
    }
    return this.#words[this.#next++]!
  }

  /** A uniform number: an odd multiple of 2^-53, inside of (0, 1). */
  uniform(): number {
    const high = this.word()
    const low = this.word() >>> 12
    return (high * 2 ** 20 + low + 0.5) * 2 ** -52
  }

  /** A whole number from 0 to `count` - 1, each as likely: words in the incomplete last multiple are passed over. */
  below(count: number): number {
    assert(Number.isInteger(count) && count > 0 && count <= 2 ** 32, 'numbers are drawn from 1 to 2^32', {
      count,
    })
    const limit = 2 ** 32 - (2 ** 32 % count)
    for (;;) {
      const word = this.word()
      if (word < limit) return word % count
    }
  }

  /** The whole numbers from 0 to `count` - 1 in random order (Fisher and Yates 1938, in Durstenfeld's form). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i)
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const kept = order[i]!
      order[i] = order[j]!
      order[j] = kept
    }
    return order
  }
}
