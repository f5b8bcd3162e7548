/**
 * The encoder of Arrow IPC files: apache-arrow's, but synchronous and without a queue, because a queue would keep
 * views of buffers that are reused.
 */

import { RecordBatchFileWriter, RecordBatchWriter } from 'apache-arrow'
import type { Schema } from 'apache-arrow'
import { joinSmall } from './pieces.ts'

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
