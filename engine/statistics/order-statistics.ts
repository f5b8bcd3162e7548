/** Order statistics of samples: the value that has a rank. */
import quickselect from 'quickselect'
import { assert } from '../errors.ts'

/** Values that can be asked for by rank from 0: a sorted array, or `OrderStatistics` of any. */
export interface Ranked {
  readonly length: number
  at(rank: number): number | undefined
}

/**
 * The order statistics of values, found when they are asked for: a study asks for some of a million, and sorting them all
 * takes several times as long.
 *
 * Source: R. W. Floyd and R. L. Rivest (1975), "Expected time bounds for selection", Communications of the ACM 18(3).
 */
export class OrderStatistics implements Ranked {
  readonly #values: Float64Array
  /** Ranks whose values stand at their places, ascending, between places before and behind all values. */
  readonly #settled: number[]

  /** @param values finite; they are rearranged, and must stay as they are then */
  constructor(values: Float64Array) {
    this.#values = values
    this.#settled = [-1, values.length]
  }

  get length(): number {
    return this.#values.length
  }

  /** The value that `rank` others stand before in ascending order; `undefined` beyond the ends. */
  at(rank: number): number | undefined {
    assert(Number.isInteger(rank), 'a rank is whole', { rank })
    if (rank < 0 || rank >= this.length) return undefined
    const next = this.#settled.findIndex((settled) => settled >= rank)
    if (this.#settled[next] !== rank) {
      const [from, to] = [this.#settled[next - 1]! + 1, this.#settled[next]! - 1]
      // Of arrays it is declared for, it uses what typed ones have too.
      quickselect(this.#values as unknown as number[], rank, from, to)
      this.#settled.splice(next, 0, rank)
    }
    return this.#values[rank]
  }
}
