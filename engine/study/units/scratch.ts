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

/** Bytes that are added at the end. */
export class GrowingBytes {
  #memory = new Uint8Array(2 ** 16)
  #length = 0

  append(bytes: Uint8Array): void {
    const end = this.#length + bytes.byteLength
    if (end > this.#memory.length) {
      const grown = new Uint8Array(Math.max(2 * this.#memory.length, end))
      grown.set(this.#memory.subarray(0, this.#length))
      this.#memory = grown
    }
    this.#memory.set(bytes, this.#length)
    this.#length = end
  }

  /** A view of what was added, valid until the next call. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length)
  }

  clear(): void {
    this.#length = 0
  }
}
