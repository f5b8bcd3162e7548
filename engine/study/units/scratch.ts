/** Memory that is used again and again, so that rows on their way leave no garbage behind. */

/** Bytes between the starts of two pieces: whatever is read there is aligned. */
const ALIGNMENT = 64

/** Pieces of memory that are all given back at once. */
export class Scratch {
  #memory = Buffer.alloc(0)
  #used = 0

  /** A piece of so many bytes, valid until `reset`. */
  take(bytes: number): Buffer {
    const start = Math.ceil(this.#used / ALIGNMENT) * ALIGNMENT
    if (start + bytes > this.#memory.length) {
      // What was taken keeps the memory it is in.
      this.#memory = Buffer.from(new ArrayBuffer(Math.max(2 * this.#memory.length, bytes, 2 ** 16)))
      this.#used = bytes
      return this.#memory.subarray(0, bytes)
    }
    this.#used = start + bytes
    return this.#memory.subarray(start, start + bytes)
  }

  /** Takes all pieces back. */
  reset(): void {
    this.#used = 0
  }
}
