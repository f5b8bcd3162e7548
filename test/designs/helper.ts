/** What tests of designs share: columns, digests, cells. */
import type { UnitDesign } from '../../engine/designs/index.ts'

/** Coordinate `d` of every point. */
export function columnOf({ coordinates, count, dimension }: UnitDesign, d: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => coordinates[i * dimension + d]!)
}

/** FNV-1a, a whole number at a time: the same in any language. */
export function hashOf(values: Iterable<number>): number {
  let hash = 0x811c9dc5
  for (const value of values) hash = Math.imul(hash ^ value, 16777619)
  return hash >>> 0
}

/** The 32 digits of every coordinate of a design. */
export function digitsOf({ coordinates }: UnitDesign): number[] {
  return Array.from(coordinates, (u) => Math.floor(u * 2 ** 32))
}

/** The rows of a design, as arrays. */
export function rowsOf({ coordinates, count, dimension }: UnitDesign): number[][] {
  return Array.from({ length: count }, (_, i) =>
    Array.from(coordinates.subarray(i * dimension, (i + 1) * dimension)),
  )
}
