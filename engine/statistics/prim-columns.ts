/** The data of patient rule induction: columns of numbers, of whole numbers and of categories, checked and encoded. */
import { RivalryError } from '../errors.ts'

/** A value of a column of categories. */
export type Category = string | number | boolean

/** What a column holds: any numbers, whole numbers, or categories without an order. */
export type PrimKind = 'number' | 'whole' | 'category'

/** One input of the cases, with its value in each case. */
export interface PrimColumn {
  readonly name: string
  readonly values: Float64Array | readonly Category[]
  /**
   * Told from the values where it is not given: strings and truth values are categories, numbers that are all whole
   * are `whole`, other numbers `number`. Numbers count as categories only when asked for.
   */
  readonly kind?: PrimKind | undefined
}

/** A column of numbers as the search sees it. */
export interface NumericColumn {
  readonly kind: 'number' | 'whole'
  readonly name: string
  readonly values: Float64Array
  readonly minimum: number
  readonly maximum: number
}

/** A column of categories as the search sees it: for each case a place among the categories. */
export interface CategoryColumn {
  readonly kind: 'category'
  readonly name: string
  readonly codes: Int32Array
  /** In an order of their own, not that of the cases: truth values, numbers, strings, each ascending. */
  readonly categories: readonly Category[]
}

/** A column as the search sees it. */
export type CheckedColumn = NumericColumn | CategoryColumn

/**
 * Checks columns and gives them the form that the search reads.
 *
 * @param length how many cases there are
 * @throws RivalryError for no columns, a name that is empty or comes twice, another length, a value that is not a
 *   finite number where numbers are meant, and numbers mixed with other values
 */
export function checkedColumns(columns: readonly PrimColumn[], length: number): CheckedColumn[] {
  if (columns.length === 0) {
    throw mistake('columns', 'columns are empty', 'give at least one column to search over')
  }
  const names = new Set<string>()
  return columns.map((column, index) => {
    const { name, values } = column
    if (name === '') throw mistake(`columns[${index}].name`, `the name of column ${index} is empty`)
    if (names.has(name)) throw mistake(`columns[${index}].name`, `column "${name}" is given twice`)
    names.add(name)
    if (values.length !== length) {
      throw mistake(name, `column "${name}" has ${values.length} values, but the outcome has ${length}`)
    }
    const kind = column.kind ?? kindOf(name, values)
    return kind === 'category' ? categoryColumn(name, values) : numericColumn(name, values, kind)
  })
}

/** A user's mistake in what is given to the search; its `path` is the option or column. */
export function mistake(path: string, message: string, hint?: string): RivalryError {
  return new RivalryError(message, { code: 'prim-input', path, hint })
}

function kindOf(name: string, values: PrimColumn['values']): PrimKind {
  let numbers = 0
  let isWhole = true
  for (const value of values) {
    if (typeof value !== 'number') continue
    numbers++
    isWhole &&= Number.isSafeInteger(value)
  }
  if (numbers === 0) return 'category'
  if (numbers < values.length) {
    throw mistake(
      name,
      `column "${name}" mixes numbers with other values`,
      'set kind: category if that is meant',
    )
  }
  return isWhole ? 'whole' : 'number'
}

function numericColumn(name: string, values: PrimColumn['values'], kind: 'number' | 'whole'): NumericColumn {
  let minimum = Infinity
  let maximum = -Infinity
  const numbers = Float64Array.from(values as ArrayLike<Category>, (value, row) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw mistake(name, `column "${name}" is ${value} in row ${row}, which is not a finite number`)
    }
    if (kind === 'whole' && !Number.isSafeInteger(value)) {
      throw mistake(name, `column "${name}" is ${value} in row ${row}, which is not a whole number`)
    }
    if (value < minimum) minimum = value
    if (value > maximum) maximum = value
    return value
  })
  return { kind, name, values: numbers, minimum, maximum }
}

function categoryColumn(name: string, values: PrimColumn['values']): CategoryColumn {
  const categories = [...new Set<Category>(values)].sort(byTypeThenValue)
  const places = new Map(categories.map((category, place) => [category, place]))
  for (const category of categories) {
    if (!['string', 'boolean'].includes(typeof category) && !Number.isFinite(category)) {
      throw mistake(name, `column "${name}" holds ${category}, which is not a category`)
    }
  }
  const codes = Int32Array.from(values as ArrayLike<Category>, (value) => places.get(value) ?? 0)
  return { kind: 'category', name, codes, categories }
}

function byTypeThenValue(a: Category, b: Category): number {
  if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1
  if (a === b) return 0
  return a < b ? -1 : 1
}
