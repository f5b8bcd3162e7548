/**
 * The encoder of Arrow IPC files: apache-arrow's, but synchronous and without a queue, because a queue would keep
 * views of buffers that are reused.
 */

import { RecordBatchFileWriter, RecordBatchWriter } from 'apache-arrow'
import type { Schema } from 'apache-arrow'

/**
 * The file writer of apache-arrow with its queue of bytes replaced by a list that is taken after every batch.
 * `write` adds a batch, `close` the footer.
 */
export class IpcEncoder extends RecordBatchFileWriter {
  #pieces: Uint8Array[] = []

  constructor(schema: Schema) {
    super()
    this.reset(this._sink, schema)
  }

  /** The bytes since the last call: views of what was written, and the small ones in between joined. */
  takePieces(): Uint8Array[] {
    const pieces = this.#pieces
    this.#pieces = []
    return joinSmall(pieces)
  }

  protected override _write(chunk: unknown): this {
    if (!this._started) return this
    const { buffer, byteOffset, byteLength } = chunk as ArrayBufferView
    if (byteLength > 0) this.#pieces.push(new Uint8Array(buffer, byteOffset, byteLength))
    this._position += byteLength
    return this
  }

  /**
   * Also writes the schema in front, which apache-arrow leaves to the footer: the format asks for it, and readers
   * that read in sequence need it. https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
   */
  protected override _writeSchema(schema: Schema): this {
    super._writeSchema(schema)
    // Called on this writer, past the file writer's own.
    const writeSchemaMessage = RecordBatchWriter.prototype['_writeSchema'] as (schema: Schema) => void
    writeSchemaMessage.call(this, schema)
    return this
  }
}

/** Pieces below this many bytes are joined with their neighbours, so that a file is written in few calls. */
const SMALL_PIECE_BYTES = 4096

function joinSmall(pieces: readonly Uint8Array[]): Uint8Array[] {
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
