/**
 * Views of the batches that `c-data.ts` describes, as plain columns: for readers that know the table and need nothing of
 * apache-arrow. `import.ts` reads the same structures for everybody else.
 */
import { assert } from '../errors.ts'
import type { BatchColumn, ColumnBatch } from './batch.ts'
import { bitmapBytes } from './bits.ts'
import type { BatchPointers, ExportMemory } from './c-data.ts'
import { valueArray } from './declaration.ts'
import type { TableDeclaration } from './declaration.ts'

/** Where the members of an `ArrowArray` lie on wasm32. */
const [LENGTH, NULL_COUNT, CHILD_COUNT, BUFFERS, CHILDREN] = [0, 8, 32, 40, 44]

/**
 * The rows at `pointers`, which an export of `declaration` described: views of `memory`, valid until it is used again.
 *
 * @throws Error when the batch in memory has not as many columns as the table
 */
export function viewBatch(
  { buffer }: ExportMemory,
  { arrayPointer }: BatchPointers,
  declaration: TableDeclaration,
): ColumnBatch {
  const view = new DataView(buffer)
  // Numbers of rows are 64 bits wide there, and memory ends at 4 GiB.
  const number = (address: number): number => view.getUint32(address, true)
  const rowCount = number(arrayPointer + LENGTH)
  const children = number(arrayPointer + CHILDREN)
  const { name, columns } = declaration
  assert(number(arrayPointer + CHILD_COUNT) === columns.length, 'a batch in memory is of its table', name)
  return {
    declaration,
    rowCount,
    columns: columns.map(({ type }, index): BatchColumn => {
      const array = number(children + 4 * index)
      const [bitmap, values] = [number(array + BUFFERS), number(array + BUFFERS) + 4].map(number) as [
        number,
        number,
      ]
      const nullCount = number(array + NULL_COUNT)
      return {
        values: new (valueArray(type))(buffer, values, rowCount),
        bitmap: nullCount === 0 ? undefined : new Uint8Array(buffer, bitmap, bitmapBytes(rowCount)),
        nullCount,
      }
    }),
  }
}
