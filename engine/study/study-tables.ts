/**
 * The tables of a study: those of a run, with variant and point before their columns, for all variants together. Variants
 * may differ in what they have; a column that one lacks has no values there.
 */
import { assert } from '../errors.ts'
import type { MarketDefinition } from '../market/definition.ts'
import { shapeOf, type Shape } from '../market/shape.ts'
import { eventsDeclaration, marketTables, type Recording } from '../market/tables.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import type { ColumnDeclaration, TableDeclaration } from '../tables/declaration.ts'
import { pathsOf, type StudyDefinition } from './definition.ts'
import type { ColumnSource } from './units/growing-rows.ts'

/** What the kernel records: months also where metrics are computed from them. */
export function kernelRecording({ record, metrics }: StudyDefinition): Recording {
  return record === 'months' || metrics.some(({ of }) => !of.startsWith('startups.')) ? 'months' : 'summary'
}

/** The table that every study has: a row for each variant, point and replication, a column for each metric. */
export function outcomesTable({ variants, metrics }: StudyDefinition): TableDeclaration {
  return {
    name: 'outcomes',
    meaning: 'one row per variant, point and replication',
    columns: [
      variantColumn(variants.map(({ name }) => name)),
      pointColumn,
      { name: 'replication', type: 'i32', unit: '1', meaning: 'number of the replication' },
      ...metrics.map(({ name, of, above, below, unit }): ColumnDeclaration => ({
        name,
        type: 'f64',
        unit,
        meaning: `${of}${above === undefined ? '' : ` above ${above}`}${below === undefined ? '' : ` below ${below}`}`,
        nullable: true,
      })),
    ],
  }
}

/** How long startups lived: exits, and lives that the end of the run cut short, by month since entry. */
export function livesTable({ variants }: StudyDefinition): TableDeclaration {
  const markets = variants.flatMap((variant) => variant.markets)
  return {
    name: 'lives',
    meaning: 'one row per variant, startup and months in business, over all points and replications',
    columns: [
      variantColumn(variants.map(({ name }) => name)),
      {
        name: 'startup',
        type: 'text',
        unit: '',
        meaning: 'id of the startup',
        dictionary: union(markets.map(({ startups }) => startups.map(({ id }) => id))),
      },
      { name: 'months', type: 'i32', unit: 'months', meaning: 'months in business, from its entry' },
      { name: 'exits', type: 'f64', unit: 'startups', meaning: 'that failed then' },
      { name: 'censored', type: 'f64', unit: 'startups', meaning: 'that lived when the run ended' },
    ],
  }
}

/** The tables of runs that a study keeps, in the order of their files; none if it keeps outcomes only. */
export function keptTables(definition: StudyDefinition): TableDeclaration[] {
  const { record, variants } = definition
  if (record === 'outcomes') return []
  const markets = variants.flatMap((variant) => variant.markets)
  const needed = neededShape(pathsOf(definition.design))
  const byMarket = markets.map((market) => declarations(market, record, needed))
  return byMarket[0]!.map(({ name, meaning }, index) => {
    const tables = byMarket.map((tables) => tables[index]!)
    return {
      name,
      meaning: meaning.replace('one row per ', 'one row per variant, point, '),
      columns: [
        variantColumn(variants.map((variant) => variant.name)),
        pointColumn,
        ...unionOfColumns(tables.map(({ columns }) => columns)),
      ],
    }
  })
}

/**
 * The mechanisms that every market of a study is compiled with since some point may use them and columns depend on them:
 * those of a market that does without hold what doing without means, and not nothing.
 *
 * @param paths that the study's design varies
 */
export function neededShape(paths: readonly string[]): Partial<Shape> {
  const varies = (path: RegExp): boolean => paths.some((varied) => path.test(varied))
  return {
    ...(varies(/^startups\.[^.]+\.entry/) ? { entry: true } : {}),
    ...(varies(/^(segments\.[^.]+\.compliance|startups\.[^.]+\.privacyCost)$/) ? { compliance: true } : {}),
  }
}

function declarations(
  market: MarketDefinition,
  recording: Recording,
  needed: Partial<Shape>,
): TableDeclaration[] {
  const shape = { ...shapeOf(market), ...needed }
  const tables = marketTables(market, shape, recording)
  return [...tables.map(({ declaration }) => declaration), eventsDeclaration(market, shape)]
}

/** All columns of several tables of one name, in the order in which the first that has one has it. */
function unionOfColumns(tables: readonly (readonly ColumnDeclaration[])[]): ColumnDeclaration[] {
  const names: string[] = []
  for (const columns of tables) {
    columns.forEach(({ name }, index) => {
      if (names.includes(name)) return
      const before = columns[index - 1]?.name
      names.splice(before === undefined ? 0 : names.indexOf(before) + 1, 0, name)
    })
  }
  return names.map((name) => {
    const found = tables.flatMap((columns) => columns.filter((column) => column.name === name))
    const isNullable = found.length < tables.length || found.some(({ nullable }) => nullable === true)
    const { dictionary: _, nullable: __, ...first } = found[0]!
    return {
      ...first,
      ...(isNullable ? { nullable: true } : {}),
      ...(first.type === 'text'
        ? { dictionary: union(found.map(({ dictionary }) => dictionary ?? [])) }
        : {}),
    }
  })
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())]
}

function variantColumn(dictionary: readonly string[]): ColumnDeclaration {
  return { name: 'variant', type: 'text', unit: '', meaning: 'name of the variant', dictionary }
}

const pointColumn: ColumnDeclaration = {
  name: 'point',
  type: 'i32',
  unit: '1',
  meaning: 'number of the point: a row of points',
}

/** Brings the rows of one market's table into the form that a study's table has. */
export class RowConformer {
  readonly declaration: TableDeclaration
  readonly #columns: readonly Origin[]
  readonly #variant: number

  /** @param options.from the market's table; `to` the study's; `variant` the position of the variant */
  constructor({ from, to, variant }: { from: TableDeclaration; to: TableDeclaration; variant: number }) {
    this.declaration = to
    this.#variant = variant
    this.#columns = to.columns.slice(2).map((column): Origin => {
      const index = from.columns.findIndex(({ name }) => name === column.name)
      if (index < 0) return {}
      const own = from.columns[index]!.dictionary
      if (own === undefined) return { index }
      const renumbered = Int32Array.from(own, (text) => column.dictionary!.indexOf(text))
      assert(!renumbered.includes(-1), 'a column of a study has all texts of its markets', {
        column: column.name,
      })
      return renumbered.every((number, i) => number === i) ? { index } : { index, renumbered }
    })
    const missing = from.columns.find(({ name }) => !to.columns.some((column) => column.name === name))
    assert(missing === undefined, 'a table of a study has all columns of its markets', missing)
  }

  /** The rows of `batch` at a point. They view its memory where nothing is to be changed. */
  conform({ rowCount, columns }: ColumnBatch, point: number): { count: number; columns: ColumnSource[] } {
    const conformed = this.#columns.map(({ index, renumbered }): ColumnSource => {
      if (index === undefined) return undefined
      const own = columns[index]!
      if (renumbered === undefined) return own
      return {
        ...own,
        values: Int32Array.from({ length: rowCount }, (_, row) => renumbered[own.values[row]!] ?? 0),
      }
    })
    return { count: rowCount, columns: [this.#variant, point, ...conformed] }
  }
}

/** Where a column of the study's table comes from. */
interface Origin {
  /** Position in the market's table; none where it lacks the column. */
  readonly index?: number
  /** For each text of the market its number in the study, where that differs. */
  readonly renumbered?: Int32Array
}
