/** From the user's seed to the generator's key. */
import seedrandom from 'seedrandom'

/** The key of the counter-based generator: four unsigned 32-bit words. */
export type SeedKey = readonly [number, number, number, number]

/**
 * The key that a seed text stands for: the first four words of seedrandom's ARC4 generator, fed with the
 * length of the text's UTF-8 bytes, a colon and the bytes. (ARC4 repeats its key, so bare texts `1`, `11` and
 * `111` would all be one seed; and seedrandom keeps only the low byte of a character.) 7 and '7' are the same
 * seed.
 */
export function seedKeyOf(seed: string | number): SeedKey {
  const bytes = new TextEncoder().encode(String(seed))
  const generator = seedrandom(
    `${bytes.length}:${Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')}`,
  )
  const word = (): number => generator.int32() >>> 0
  return [word(), word(), word(), word()]
}
