/**
 * Sobol's sequence in 32 bits: points in Gray code order, as they are or scrambled. Joe and Kuo's direction numbers.
 */
import { RivalryError, assert } from '../errors.ts'
import { RandomSequence } from '../numerics/words.ts'
import { DIRECTION_NUMBERS } from './direction-numbers.ts'

/** Binary digits of a coordinate. */
const BITS = 32

const initial = DIRECTION_NUMBERS.split(',').map((entry) => entry.trim().split(' ').map(Number))

/** Dimensions that there are direction numbers for. */
export const MOST_SOBOL_DIMENSIONS = initial.length

/** Points before a sequence would repeat itself. */
const MOST_POINTS = 2 ** 32

/**
 * Sobol's sequence, one point after another. Unscrambled, a coordinate is a multiple of 2^-32 from 0 on, and the first
 * point is the origin. Scrambled, it is an odd multiple of 2^-33 inside of (0, 1): the middle of its cell, so that
 * every coordinate has mean exactly 1/2 over scrambles.
 *
 * Point n is the exclusive or of the direction numbers at the digits of n's Gray code, so that each point differs from
 * the one before by one number (I. A. Antonov and V. M. Saleev, 1979). Scrambling multiplies the digits of every
 * column with a random lower triangular matrix over {0, 1} whose diagonal is 1, all 32 rows of it, and then adds 32
 * random digits, without carry: J. Matousek (1998), "On the L2-discrepancy for anchored boxes", Journal of Complexity
 * 14(4), 527-556. It keeps what makes the points even: any 2^m points from a multiple of 2^m on hold one point in each
 * interval of length 2^-m, in each coordinate.
 */
export class SobolSequence {
  readonly dimension: number
  /** Direction number of binary digit k (from the lowest of n) in column d at d * 32 + k: digits, highest first. */
  readonly #directions: Uint32Array
  readonly #shifts: Uint32Array
  readonly #digits: Uint32Array
  /** What is added to the digits, so that scrambled points are in the middle of their cell. */
  readonly #inside: number
  #next = 0

  /**
   * @param options.dimension coordinates of a point
   * @param options.scramble whether to scramble; column d draws from sequence d of stream `sobol-scramble`
   * @param options.seed any text; unused without scrambling
   * @param options.skip points that are passed over
   * @throws RivalryError `sobol-dimensions` above `MOST_SOBOL_DIMENSIONS`.
   */
  constructor({
    dimension,
    scramble,
    seed,
    skip = 0,
  }: {
    dimension: number
    scramble: boolean
    seed: string
    skip?: number
  }) {
    assert(Number.isInteger(dimension) && dimension >= 1, 'a point has coordinates', { dimension })
    assert(Number.isInteger(skip) && skip >= 0 && skip < MOST_POINTS, 'points that exist are skipped', {
      skip,
    })
    if (dimension > MOST_SOBOL_DIMENSIONS) {
      throw new RivalryError(
        `sobol points have at most ${MOST_SOBOL_DIMENSIONS} coordinates, not ${dimension}`,
        {
          code: 'sobol-dimensions',
          hint: 'vary fewer parameters (indices by Saltelli need two coordinates each) or use a latin hypercube',
        },
      )
    }
    this.dimension = dimension
    this.#directions = new Uint32Array(dimension * BITS)
    this.#shifts = new Uint32Array(dimension)
    this.#inside = scramble ? 0.5 : 0
    for (let d = 0; d < dimension; d++) {
      const directions = directionsOf(initial[d]!)
      if (scramble) this.#shifts[d] = scrambled(directions, { seed, column: d })
      this.#directions.set(directions, d * BITS)
    }
    this.#digits = this.#shifts.slice()
    this.#next = skip
    const gray = (skip ^ (skip >>> 1)) >>> 0
    for (let k = 0; k < BITS; k++) if ((gray >>> k) & 1) this.#step(k)
  }

  /** Writes the next point to `target` from `offset` on, and goes on. */
  write(target: Float64Array, offset: number): void {
    assert(this.#next < MOST_POINTS, 'the sequence has 2^32 points')
    for (let d = 0; d < this.dimension; d++) {
      target[offset + d] = (this.#digits[d]! + this.#inside) * 2 ** -32
    }
    this.#next++
    // The Gray codes of n - 1 and n differ in the digit at which n's lowest 1 stands.
    if (this.#next < MOST_POINTS) this.#step(31 - Math.clz32(this.#next & -this.#next))
  }

  #step(digit: number): void {
    for (let d = 0; d < this.dimension; d++) this.#digits[d]! ^= this.#directions[d * BITS + digit]!
  }
}

/**
 * The 32 direction numbers of a column, as digits with the highest first: the recurrence of P. Bratley and B. L. Fox
 * (1988), "Algorithm 659", ACM Transactions on Mathematical Software 14(1), equation (2).
 *
 * @param entry the inner coefficients of a primitive polynomial over {0, 1}, as one number, and as many initial numbers
 *   as its degree; no initial numbers for van der Corput's sequence
 */
function directionsOf([coefficients = 0, ...initial]: readonly number[]): Uint32Array {
  const degree = initial.length
  const directions = new Uint32Array(BITS)
  for (let k = 0; k < BITS; k++) {
    if (degree === 0) directions[k] = 1 << (BITS - 1 - k)
    else if (k < degree) directions[k] = initial[k]! << (BITS - 1 - k)
    else {
      let digits = directions[k - degree]! ^ (directions[k - degree]! >>> degree)
      for (let j = 1; j < degree; j++) {
        if ((coefficients >>> (degree - 1 - j)) & 1) digits ^= directions[k - j]!
      }
      directions[k] = digits
    }
  }
  return directions
}

/** Scrambles the direction numbers of a column in place; the result is its shift. */
function scrambled(directions: Uint32Array, { seed, column }: { seed: string; column: number }): number {
  const sequence = new RandomSequence({ seed, stream: 'sobol-scramble', index: column })
  // Row i makes digit i, counted from the highest: of the digits above it at random, and of itself.
  const rows = Uint32Array.from({ length: BITS }, (_, i) => {
    const above = i === 0 ? 0 : -1 << (BITS - i)
    return (sequence.word() & above) | (1 << (BITS - 1 - i))
  })
  for (let k = 0; k < BITS; k++) {
    let digits = 0
    for (let i = 0; i < BITS; i++) digits |= parity(rows[i]! & directions[k]!) << (BITS - 1 - i)
    directions[k] = digits
  }
  return sequence.word()
}

/** Whether a word has an odd number of ones: 1 or 0. */
function parity(word: number): number {
  let folded = word ^ (word >>> 16)
  folded ^= folded >>> 8
  folded ^= folded >>> 4
  folded ^= folded >>> 2
  folded ^= folded >>> 1
  return folded & 1
}
