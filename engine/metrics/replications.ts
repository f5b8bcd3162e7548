/** Reads a table one replication after the other, however its rows are cut into batches. */
import { RivalryError } from '../errors.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { bitAt } from '../tables/bits.ts'

/** A table in batches, from memory or from a file that is read as they are asked for. */
export type TableSource = Iterable<ColumnBatch> | AsyncIterable<ColumnBatch>

/** The rows of one replication of a table, columns by name. */
export interface ReplicationRows {
  readonly replication: number
  readonly rowCount: number
  /** Values by row, 0 where there is none; positions in the dictionary for text. */
  readonly values: ReadonlyMap<string, Float64Array>
  /** Rows without a value, by the columns that have such rows. */
  readonly missing: ReadonlyMap<string, ReadonlySet<number>>
  /** What the positions of text columns mean. */
  readonly dictionaries: ReadonlyMap<string, readonly string[]>
}

/**
 * The replications of a table in their order, one in memory at a time beside a batch.
 *
 * @throws RivalryError `unknown-column` when it has no column `replication`; `order` when they do not ascend
 */
export async function* replicationsOf(batches: TableSource): AsyncGenerator<ReplicationRows> {
  let pieces: Piece[] = []
  let last = -1
  for await (const table of batches) {
    for (const piece of piecesOf(table)) {
      if (piece.replication < last) {
        throw new RivalryError(
          `the table ${table.declaration.name} has replication ${piece.replication} after ${last}`,
          { code: 'order', hint: 'give the tables as a run leaves them' },
        )
      }
      if (piece.replication > last && pieces.length > 0) {
        yield joined(pieces)
        pieces = []
      }
      pieces.push(piece)
      last = piece.replication
    }
  }
  if (pieces.length > 0) yield joined(pieces)
}

/** Rows of one replication in one batch. */
interface Piece {
  readonly replication: number
  readonly table: ColumnBatch
  readonly from: number
  readonly to: number
}

function* piecesOf(table: ColumnBatch): Generator<Piece> {
  const { name, columns } = table.declaration
  const values = table.columns[columns.findIndex((column) => column.name === 'replication')]?.values
  if (values === undefined) {
    throw new RivalryError(`the table ${name} has no column replication`, {
      code: 'unknown-column',
      hint: `it has ${columns.map((column) => column.name).join(', ')}`,
    })
  }
  for (let from = 0; from < table.rowCount;) {
    const replication = values[from]!
    let to = from + 1
    while (to < table.rowCount && values[to] === replication) to++
    yield { replication, table, from, to }
    from = to
  }
}

function joined(pieces: readonly Piece[]): ReplicationRows {
  const rowCount = pieces.reduce((sum, { from, to }) => sum + to - from, 0)
  const values = new Map<string, Float64Array>()
  const missing = new Map<string, Set<number>>()
  const dictionaries = new Map<string, readonly string[]>()
  pieces[0]!.table.declaration.columns.forEach(({ name, dictionary }, index) => {
    const all = new Float64Array(rowCount)
    const none = new Set<number>()
    let at = 0
    for (const { table, from, to } of pieces) {
      const { values: some, bitmap, bitmapStart = 0 } = table.columns[index]!
      all.set(some.subarray(from, to), at)
      if (bitmap !== undefined)
        for (let row = from; row < to; row++) {
          if (bitAt(bitmap, bitmapStart + row)) continue
          none.add(at + row - from)
          all[at + row - from] = 0
        }
      at += to - from
    }
    values.set(name, all)
    if (none.size > 0) missing.set(name, none)
    if (dictionary !== undefined) dictionaries.set(name, dictionary)
  })
  return { replication: pieces[0]!.replication, rowCount, values, missing, dictionaries }
}
