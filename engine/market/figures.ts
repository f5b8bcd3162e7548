/** Declared figures as people read them: numbers as text, and the range that is plausible for a default. */
import type { Declaration, Range } from './parameters.ts'

/** A number as people read it: separators, fractions such as 1/30, no more digits than needed; null is `none`. */
export function shownFigure(value: number | null): string {
  if (value === null) return 'none'
  const inverse = 1 / value
  // Shares that were made to sum to one are decimals but for their last digits.
  const isFraction = Math.abs(value) < 1 && Math.abs(Number(value.toPrecision(6)) / value - 1) > 1e-9
  if (isFraction && Math.abs(inverse - Math.round(inverse)) < 1e-9) return `1/${Math.round(inverse)}`
  if (Math.abs(value) >= 1e7 || (value !== 0 && Math.abs(value) < 1e-4))
    return Number(value.toPrecision(7)).toExponential().replace('e+', 'e')
  const [whole = '', fraction] = String(Number(value.toPrecision(7))).split('.')
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? separated : `${separated}.${fraction}`
}

/**
 * The plausible range of a figure whose default is `usual`, cut at its bounds; undefined where none is declared, or
 * where it is a multiple of nothing.
 */
export function plausibleRange(
  { plausible, plausibleTimes, low, high }: Omit<Declaration<unknown>, 'default'>,
  usual: number | null,
): Range | undefined {
  if (plausible !== undefined || plausibleTimes === undefined || usual === null || usual === 0)
    return plausible
  const [least, most] = plausibleTimes.map((times) => Math.min(Math.max(times * usual, low), high))
  return [least as number, most as number]
}

/** A range as people read it; nothing where there is none. */
export function shownRange(range: Range | undefined): string {
  return range === undefined ? '' : `${shownFigure(range[0])} to ${shownFigure(range[1])}`
}
