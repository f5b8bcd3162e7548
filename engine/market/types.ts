/** The three types of customer of a segment: something for each, and sums over them. */
import { num, type Num } from '../trace/index.ts'

/** Number of a customer type. */
export type Type = 0 | 1 | 2

/** Something for each type of customer. */
export type ByType<T = Num> = readonly [T, T, T]

/** Makes something for each type of customer. */
export const byType = <T>(of: (type: Type) => T): ByType<T> => [of(0), of(1), of(2)]

/** The sum over the types. */
export const totalOf = ([a, b, c]: ByType): Num => a.plus(b).plus(c)

/** Names of the types, for results of sums and folds. */
export const NAMES = ['h0', 'h1', 'h2'] as const
/** Name of a customer type. */
export type Name = (typeof NAMES)[number]
/** Makes something for each type of customer, by name. */
export function byName(of: (type: Type) => Num): Record<Name, Num> {
  return { h0: of(0), h1: of(1), h2: of(2) }
}

/**
 * One over each, by a single division: 1/a is bc/(abc). Each must be between 1e-100 and 1e100, as sums of weights with
 * that of doing without are, since utilities are bounded.
 */
export function reciprocals([a, b, c]: ByType): ByType {
  const ab = a.times(b)
  const over = num(1).over(ab.times(c))
  const overAb = over.times(c)
  return [overAb.times(b), overAb.times(a), over.times(ab)]
}
