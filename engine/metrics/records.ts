/** The tables of a run as what metrics are computed from: one market with its startups for each replication. */
import { RivalryError, assert } from '../errors.ts'
import { replicationsOf, type ReplicationRows, type TableSource } from './replications.ts'
import type {
  ColumnName,
  EndColumnName,
  MarketRecord,
  MonthlyTable,
  Recorded,
  StartupRecord,
} from './series.ts'

/** A table that metrics are computed from. */
export type MetricTable = 'startups' | MonthlyTable

/** One replication of a run. */
export interface ReplicationRecord extends MarketRecord {
  readonly replication: number
}

/**
 * The replications of a run, one in memory at a time.
 *
 * @throws RivalryError `tables-disagree` when the tables are not of one run with months recorded
 */
export async function* recordsOf(
  sources: Readonly<Record<MetricTable, TableSource>>,
): AsyncGenerator<ReplicationRecord> {
  const readers = [sources.startups, sources.months, sources.plans, sources.segments].map((source) =>
    replicationsOf(source),
  )
  for (;;) {
    const next = await Promise.all(readers.map((reader) => reader.next()))
    const [startups, months, plans, segments] = next.map(({ value }) => value as ReplicationRows | undefined)
    if (next.every(({ done }) => done)) return
    if (startups === undefined || months === undefined || plans === undefined || segments === undefined)
      throw disagreement('some have more replications than others')
    const numbers = new Set([startups, months, plans, segments].map(({ replication }) => replication))
    if (numbers.size > 1)
      throw disagreement(`they have replications ${[...numbers].join(' and ')} side by side`)
    yield recordOf({ startups, months, plans, segments })
  }
}

function recordOf(tables: Readonly<Record<MetricTable, ReplicationRows>>): ReplicationRecord {
  const { startups, months, plans } = tables
  const startupCount = startups.rowCount
  const monthCount = columnOf(months, 'months.month').at(-1)! + 1
  if (months.rowCount !== startupCount * monthCount)
    throw disagreement('startups and months have other startups')
  const strideOf = (name: MonthlyTable): number => {
    const stride = tables[name].rowCount / monthCount
    if (Number.isInteger(stride)) return stride
    throw disagreement(`the table ${name} has ${tables[name].rowCount} rows for ${monthCount} months`)
  }
  const planStartups = columnOf(plans, 'plans.startup').subarray(0, strideOf('plans'))
  const recorded = (table: MonthlyTable, text: string, position: number): Recorded => ({
    id: textAt(tables[table], text, position),
    of: byMonth(tables[table], table, { position, stride: strideOf(table) }),
  })
  const ids = Array.from({ length: startupCount }, (_, row) => textAt(startups, 'startup', row))
  return {
    replication: startups.replication,
    monthCount,
    startups: ids.map((id, row): StartupRecord => {
      const months = recorded('months', 'startup', row)
      if (months.id !== id) throw disagreement(`${id} in one stands where ${months.id} does in another`)
      return {
        ...months,
        monthCount,
        business: monthsInBusiness(months.of('months.alive')),
        plans: [...planStartups.keys()]
          .filter((position) => textAt(plans, 'startup', position) === id)
          .map((position) => recorded('plans', 'plan', position)),
        atEnd: (column) =>
          startups.missing.get(nameIn(column))?.has(row) === true ? null : columnOf(startups, column)[row]!,
      }
    }),
    segments: Array.from({ length: strideOf('segments') }, (_, row) => recorded('segments', 'segment', row)),
  }
}

/** A startup enters once and fails once. */
function monthsInBusiness(alive: Float64Array): StartupRecord['business'] {
  return { from: Math.max(alive.indexOf(1), 0), to: alive.lastIndexOf(1) + 1 }
}

/** Reads one record's column by month; each is cut out once, however many metrics need it. */
function byMonth(
  rows: ReplicationRows,
  table: MonthlyTable,
  { position, stride }: { position: number; stride: number },
): Recorded['of'] {
  const known = new Map<ColumnName, Float64Array>()
  return (column) => {
    assert(column.startsWith(`${table}.`), 'a record has columns of its table', { column, table })
    const found = known.get(column)
    if (found !== undefined) return found
    const all = columnOf(rows, column)
    const series = Float64Array.from(
      { length: rows.rowCount / stride },
      (_, month) => all[month * stride + position]!,
    )
    known.set(column, series)
    return series
  }
}

const nameIn = (column: ColumnName | EndColumnName): string => column.slice(column.indexOf('.') + 1)

function columnOf(rows: ReplicationRows, column: ColumnName | EndColumnName): Float64Array {
  const values = rows.values.get(nameIn(column))
  if (values !== undefined) return values
  throw new RivalryError(
    `the table ${column.slice(0, column.indexOf('.'))} has no column ${nameIn(column)}`,
    {
      code: 'unknown-column',
      hint: 'run the scenario again with this version, with --record months',
    },
  )
}

function textAt(rows: ReplicationRows, column: string, row: number): string {
  const text = rows.dictionaries.get(column)?.[rows.values.get(column)?.[row] ?? -1]
  assert(text !== undefined, 'a row has its id', { column, row })
  return text
}

function disagreement(what: string): RivalryError {
  return new RivalryError(`the tables are not of one run: ${what}`, {
    code: 'tables-disagree',
    hint: 'give the folder of a finished run as it is',
  })
}
