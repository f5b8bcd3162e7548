/** SHA-256 of files while they are written, and of texts that identify things. */

import { createHash } from 'node:crypto'
import type { ByteSink } from './canonical.ts'

/** Collects the SHA-256 and the length of bytes that arrive in pieces. */
export class ByteDigest {
  readonly #hash = createHash('sha256')
  #byteCount = 0

  get byteCount(): number {
    return this.#byteCount
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes)
    this.#byteCount += bytes.byteLength
  }

  /** The digest in lower-case hexadecimal digits; the last thing asked of it. */
  hex(): string {
    return this.#hash.digest('hex')
  }
}

/** A sink that hands everything on to `sink`, if there is one, and knows the digest of what went through. */
export function digestingSink(sink?: ByteSink): { sink: ByteSink; digest: ByteDigest } {
  const digest = new ByteDigest()
  return {
    digest,
    sink: (bytes) => {
      digest.update(bytes)
      return sink?.(bytes)
    },
  }
}

/** The SHA-256 of bytes, or of a text's UTF-8 bytes, in lower-case hexadecimal digits. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}
