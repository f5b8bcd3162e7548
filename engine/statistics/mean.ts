/** Means and variances of values that arrive one at a time or in parts. */
import { assert } from '../errors.ts'

/** A mean of values that arrive one at a time, added in that order. */
export class RunningMean {
  #sum = 0
  #count = 0

  add(value: number): void {
    this.#sum += value
    this.#count++
  }

  /** The mean, `null` where there were no values. */
  get value(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count
  }
}

/**
 * Count, mean, variance and range of values that arrive one at a time, without keeping them and without the loss of
 * digits of sums of squares. The result depends on the order of values, by roundings.
 *
 * Source: B. P. Welford (1962), "Note on a method for calculating corrected sums of squares and products",
 * Technometrics 4(3), 419-420.
 */
export class Moments {
  #count = 0
  #mean = 0
  /** Sum of squared deviations from the mean. */
  #squares = 0
  #min = Infinity
  #max = -Infinity

  /** @param values added in their order */
  constructor(values: Iterable<number> = []) {
    for (const value of values) this.add(value)
  }

  /** Adds a finite value. */
  add(value: number): void {
    // The state is only written out for a failure: values come by the million.
    if (!Number.isFinite(value)) assert(false, 'moments are of finite values', { value: String(value) })
    this.#count++
    const deviation = value - this.#mean
    this.#mean += deviation / this.#count
    this.#squares += deviation * (value - this.#mean)
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
  }

  /**
   * Adds all values that went into other moments, which stay as they are: the same as adding them one at a time, but
   * for roundings.
   *
   * Source: T. F. Chan, G. H. Golub and R. J. LeVeque (1979), "Updating formulae and a pairwise algorithm for computing
   * sample variances", Stanford STAN-CS-79-773.
   */
  merge(other: Moments): void {
    if (other.#count === 0) return
    const count = this.#count + other.#count
    const apart = other.#mean - this.#mean
    this.#squares += other.#squares + apart * apart * ((this.#count * other.#count) / count)
    this.#mean += (apart * other.#count) / count
    this.#count = count
    this.#min = Math.min(this.#min, other.#min)
    this.#max = Math.max(this.#max, other.#max)
  }

  get count(): number {
    return this.#count
  }

  /** `null` without values. */
  get mean(): number | null {
    return this.#count === 0 ? null : this.#mean
  }

  /** Sum of squared deviations over n - 1; `null` for fewer than two values. */
  get variance(): number | null {
    return this.#count < 2 ? null : this.#squares / (this.#count - 1)
  }

  /** The square root of the variance; `null` for fewer than two values. */
  get deviation(): number | null {
    return this.variance === null ? null : Math.sqrt(this.variance)
  }

  /** `null` without values. */
  get min(): number | null {
    return this.#count === 0 ? null : this.#min
  }

  /** `null` without values. */
  get max(): number | null {
    return this.#count === 0 ? null : this.#max
  }
}
