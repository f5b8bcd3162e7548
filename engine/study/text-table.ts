/** Tables and sentences in plain text: columns under their heads, numbers in a unit that fits, lines of a fair width. */

/** Widest line of a text for people. */
export const TEXT_WIDTH = 110

/** A column: its heads, one for each line of heading, and whether it holds words, which may be shortened. */
export interface TextColumn {
  readonly heads: readonly string[]
  readonly isWords?: boolean
}

/** A line of a table: a cell for each column, or a text over all of them. */
export type TextRow = readonly string[] | string

/** The lines of a table; words are shortened in their middle where it would be wider than a text may be. */
export function textTable(columns: readonly TextColumn[], rows: readonly TextRow[]): string[] {
  const headLines = Math.max(...columns.map(({ heads }) => heads.length))
  const heads = Array.from({ length: headLines }, (_, line) =>
    columns.map((column) => column.heads[line - headLines + column.heads.length] ?? ''),
  )
  const cells = [...heads, ...rows.filter((row) => typeof row !== 'string')]
  const widths = fitting(
    columns,
    columns.map((_, index) => Math.max(...cells.map((row) => row[index]!.length))),
  )
  return [...heads, ...rows].map((row) =>
    typeof row === 'string'
      ? shortened(row, TEXT_WIDTH)
      : columns
          .map(({ isWords }, index) => {
            const text = shortened(row[index]!, widths[index]!)
            return isWords ? text.padEnd(widths[index]!) : text.padStart(widths[index]!)
          })
          .join(GAP)
          .trimEnd(),
  )
}

const GAP = '  '
/** Shorter words would say nothing. */
const LEAST_WORDS = 10

/** Takes from the widest columns of words what is too wide. */
function fitting(columns: readonly TextColumn[], widths: readonly number[]): number[] {
  const fitted = [...widths]
  const excess = (): number =>
    fitted.reduce((sum, width) => sum + width, 0) + GAP.length * (fitted.length - 1) - TEXT_WIDTH
  while (excess() > 0) {
    const words = fitted.map((width, index) => (columns[index]!.isWords === true ? width : 0))
    const widest = Math.max(...words)
    if (widest <= LEAST_WORDS) break
    fitted[words.indexOf(widest)]!--
  }
  return fitted
}

/** A text of at most `width` characters: both ends say more than the middle. */
export function shortened(text: string, width: number): string {
  const characters = Array.from(text)
  if (characters.length <= width) return text
  const kept = Math.max(0, width - 3)
  const start = Math.ceil(kept / 2)
  return `${characters.slice(0, start).join('')}...${characters.slice(characters.length - (kept - start)).join('')}`
}

/** The words of a sentence on lines as wide as a text may be, indented alike. */
export function wrapped(sentence: string, indent = ''): string[] {
  const lines: string[] = []
  let line = ''
  for (const given of sentence.split(' ')) {
    const word = shortened(given, TEXT_WIDTH - indent.length)
    if (line !== '' && indent.length + line.length + 1 + word.length > TEXT_WIDTH) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((line) => `${indent}${line}`)
}

/** How the values of one metric are shown. */
export interface FigureScale {
  /** After the numbers, with a space before it where there is one: ` M EUR`. */
  readonly unit: string
  readonly show: (value: number | null) => string
}

/**
 * The scale that fits some values of one unit: shares with two digits, others in thousands (k), millions (M) or billions
 * (bn) of the largest. There are more digits where the widths of intervals would otherwise vanish.
 *
 * @param options.widths lengths of intervals that are to be told from nothing
 */
export function figureScale(
  unit: string,
  { values, widths = [] }: { values: readonly (number | null)[]; widths?: readonly (number | null)[] },
): FigureScale {
  const most = values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0)
  const ofOne = isShare(unit)
  const [divisor, prefix] = ofOne ? ([1, ''] as const) : scaled(most)
  const least = widths.reduce<number>((least, width) => (width ? Math.min(least, width) : least), Infinity)
  const usual = ofOne ? 2 : digitsOf(most / divisor)
  const digits = Math.min(usual + 2, Math.max(usual, decimals(least / divisor)))
  const after = [prefix, ofOne || unit === '1' ? '' : plural(unit)].filter((part) => part !== '').join(' ')
  return {
    unit: after === '' ? '' : ` ${after}`,
    show: (value) => (value === null ? '-' : fixed(value / divisor, digits)),
  }
}

/** Whether a unit is that of numbers between 0 and 1. */
export function isShare(unit: string): boolean {
  return unit === 'share' || unit === '0 or 1'
}

/** The number of a month is read as so many months. */
function plural(unit: string): string {
  return unit === 'month' ? 'months' : unit
}

function scaled(most: number): readonly [divisor: number, prefix: string] {
  // From ten thousand on: years, months and the like stay as they are.
  if (most >= 1e9) return [1e9, 'bn']
  if (most >= 1e6) return [1e6, 'M']
  return most >= 1e4 ? [1e3, 'k'] : [1, '']
}

/** Digits after the point that show a number of this size with three or four. */
function digitsOf(size: number): number {
  if (size >= 100) return 0
  if (size >= 10 || size === 0) return 1
  return size >= 1 ? 2 : Math.min(8, decimals(size) + 1)
}

/** Digits after the point up to the first that is not 0. */
function decimals(size: number): number {
  let digits = 0
  for (let rest = size; rest < 1 && digits < 8; rest *= 10) digits++
  return digits
}

/** A number with so many digits after the point; -0 is 0. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? (0).toFixed(digits) : text
}

/** A whole number with commas: 20,000. */
export function grouped(number: number): string {
  return String(Math.round(number)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}

/** A share in whole percent; one that is neither 0 nor 1 does not look like it. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return '<1%'
  if (share < 1 && share >= 0.995) return '>99%'
  return `${fixed(share * 100, 0)}%`
}

/** A number of things: 1 point, 2,000 points. */
export function counted(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** a, b and c. */
export function listed(words: readonly string[], and = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`
}

/** A number with the ends of its interval, where it has one. */
export interface KnownFigure {
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
}

/** The width of an interval; `null` where there is none. */
export function width({ low, high }: Pick<KnownFigure, 'low' | 'high'>): number | null {
  return low === null || high === null ? null : high - low
}

/** A number with its interval: 0.80 [0.76, 0.84]. */
export function known({ estimate, low, high }: KnownFigure, show: FigureScale['show']): string {
  if (estimate === null) return '-'
  return low === null || high === null ? show(estimate) : `${show(estimate)} [${show(low)}, ${show(high)}]`
}

/** A mean with its interval; one without a width says that all are alike, and nothing of how well the mean is known. */
export function knownMean(mean: KnownFigure, show: FigureScale['show']): string {
  const isAlike = mean.estimate !== null && mean.low !== null && mean.low === mean.high
  return isAlike ? `${show(mean.estimate)} (all alike)` : known(mean, show)
}
