/**
 * Names of streams and entities as 32-bit words of a counter. Plain TypeScript: computed before a run, and
 * the same for ever, since every recorded result depends on it.
 */
import { RivalryError, assert } from '../errors.ts'

const OFFSET_BASIS = 0x811c9dc5
const PRIME = 0x01000193
const encoder = new TextEncoder()

/** The word of a named stream of draws, such as `taste` or `climate`: FNV-1a over UTF-8, then mixed. */
export function streamId(name: string): number {
  return mixed(hashed(OFFSET_BASIS, encoder.encode(name)))
}

/**
 * The word that tells the draws of one stream apart: of the ids of a startup, a segment and so on, in order.
 * Names and numbers never collide by concatenation; a number is a whole number from 0 to 2^32 - 1.
 */
export function entityWord(...ids: readonly (string | number)[]): number {
  return mixed(
    ids.reduce<number>((hash, id) => {
      const bytes = typeof id === 'string' ? encoder.encode(id) : bytesOf(id)
      // A tag and the length before each part make the encoding of the list one to one.
      return hashed(hashed(hash, [typeof id === 'string' ? 1 : 2, ...bytesOf(bytes.length)]), bytes)
    }, OFFSET_BASIS),
  )
}

/**
 * The entity words of several lists of ids, all different: two entities with one word would share their luck.
 * Among a thousand entities that happens to one scenario in ten thousand.
 * @throws RivalryError `entity-collision` naming the two, so that one can be renamed.
 */
export function entityWords(lists: readonly (readonly (string | number)[])[]): Uint32Array {
  const seen = new Map<number, readonly (string | number)[]>()
  return Uint32Array.from(lists, (ids) => {
    const word = entityWord(...ids)
    const other = seen.get(word)
    if (other) {
      throw new RivalryError(
        `entities ${other.join('/')} and ${ids.join('/')} would draw the same random numbers`,
        {
          code: 'entity-collision',
          hint: 'rename either of them',
        },
      )
    }
    seen.set(word, ids)
    return word
  })
}

function bytesOf(value: number): number[] {
  assert(
    Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff,
    'an id is a whole number below 2^32',
    value,
  )
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff]
}

/** FNV-1a (Fowler, Noll, Vo), 32 bits, continued from `start`. */
function hashed(start: number, bytes: Iterable<number>): number {
  let hash = start
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME)
  return hash >>> 0
}

/** The finaliser of MurmurHash3 (Appleby): every bit of the input reaches every bit of the output. */
function mixed(hash: number): number {
  let word = hash
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return (word ^ (word >>> 16)) >>> 0
}
