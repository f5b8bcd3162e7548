/** Validity bitmaps as Arrow defines them: bit `row & 7` of byte `row >> 3` is 1 where the row has a value. */

/** Bytes of a bitmap for `rowCount` rows, padded to a multiple of 8. */
export function bitmapBytes(rowCount: number): number {
  return ((rowCount + 63) >> 6) << 3
}

/** Whether `row` has a value. */
export function bitAt(bitmap: Uint8Array, row: number): boolean {
  return ((bitmap[row >> 3]! >> (row & 7)) & 1) === 1
}

/** Sets bits `start` to `start + count` to 1. */
export function setBits(bitmap: Uint8Array, start: number, count: number): void {
  for (let done = 0; done < count;) {
    const bit = (start + done) & 7
    const taken = Math.min(8 - bit, count - done)
    bitmap[(start + done) >> 3]! |= ((1 << taken) - 1) << bit
    done += taken
  }
}

/** Copies `count` bits from `sourceStart` to `targetStart`; the target's bits must be 0 before. */
export function copyBits(
  source: Uint8Array,
  sourceStart: number,
  target: Uint8Array,
  targetStart: number,
  count: number,
): void {
  for (let done = 0; done < count;) {
    const bit = (targetStart + done) & 7
    const taken = Math.min(8 - bit, count - done)
    const from = sourceStart + done
    // The second byte is read only to fill up the first: past the end it contributes nothing that is kept.
    const pair = source[from >> 3]! | ((source[(from >> 3) + 1] ?? 0) << 8)
    target[(targetStart + done) >> 3]! |= ((pair >> (from & 7)) & ((1 << taken) - 1)) << bit
    done += taken
  }
}

/** How many of the first `rowCount` rows have no value. */
export function countNulls(bitmap: Uint8Array, rowCount: number): number {
  let valid = 0
  for (let index = 0; index < rowCount >> 3; index++) valid += onesIn(bitmap[index]!)
  const tailBits = rowCount & 7
  if (tailBits > 0) valid += onesIn(bitmap[rowCount >> 3]! & ((1 << tailBits) - 1))
  return rowCount - valid
}

function onesIn(byte: number): number {
  const pairs = byte - ((byte >> 1) & 0x55)
  const quads = (pairs & 0x33) + ((pairs >> 2) & 0x33)
  return (quads + (quads >> 4)) & 0x0f
}
