/** The list of whole numbers that decides a random program. */

/** Reads one choice after another. */
export class Choices {
  private readonly numbers: readonly number[]
  private at = 0

  constructor(numbers: readonly number[]) {
    this.numbers = numbers
  }

  /** A whole number below `n`. */
  below(n: number): number {
    return (this.numbers[this.at++] ?? 0) % n
  }

  /** True once in `n` times; false when nothing is left. */
  oneIn(n: number): boolean {
    return this.below(n) === n - 1
  }

  of<T>(options: readonly T[]): T {
    return options[this.below(options.length)] as T
  }

  get exhausted(): boolean {
    return this.at >= this.numbers.length
  }
}
