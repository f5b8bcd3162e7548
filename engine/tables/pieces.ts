/** Bytes in pieces, as files are made of them. */

/** Pieces below this many bytes are joined with their neighbours, so that a file is written in few calls. */
const SMALL_PIECE_BYTES = 4096

/** The same bytes with small pieces joined. */
export function joinSmall(pieces: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = []
  let small: Uint8Array[] = []
  const join = (): void => {
    if (small.length > 0) joined.push(concatenate(small))
    small = []
  }
  for (const piece of pieces) {
    if (piece.length < SMALL_PIECE_BYTES) {
      small.push(piece)
      continue
    }
    join()
    joined.push(piece)
  }
  join()
  return joined
}

/** The bytes of all pieces one after the other. */
export function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let next = 0
  for (const piece of pieces) {
    bytes.set(piece, next)
    next += piece.length
  }
  return bytes
}
