import { beforeAll, describe, expect, test } from 'vitest'
import { cells, columnNamed, type CellValue, type ReadTable } from '../../engine/tables/read.ts'
import { tablesOf } from './runs.ts'

type Row = Readonly<Record<string, CellValue | undefined>>

function rowsOf(table: ReadTable): Row[] {
  const columns = table.declaration.columns.map(
    ({ name }) => [name, cells(columnNamed(table, name))] as const,
  )
  return Array.from({ length: table.rowCount }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]!])),
  )
}

describe.each([['cents'], ['exact']])('the events of a run with %s', (books) => {
  let tables: ReadonlyMap<string, Row[]>

  beforeAll(async () => {
    const run = await tablesOf({ replications: 30, recording: 'months', set: [`books=${books}`] })
    tables = new Map([...run.tables].map(([name, table]) => [name, rowsOf(table)]))
  })

  const ofKind = (...kinds: string[]): Row[] =>
    tables.get('events')!.filter(({ kind }) => kinds.includes(kind as string))

  test('are the months in which capital was raised, with the amounts', () => {
    const raised = tables.get('months')!.filter((row) => (row['raised'] as number) > 0)
    expect(raised.length).toBeGreaterThan(10)
    expect(ofKind('round')).toEqual(
      raised.map(({ replication, month, startup, raised: amount }) => ({
        replication,
        month,
        kind: 'round',
        startup,
        amount,
        cause: null,
      })),
    )
  })

  test('are the exits of the table of startups, with the debts', () => {
    const failed = tables.get('startups')!.filter(({ alive }) => alive === 0)
    expect(failed.length).toBeGreaterThan(10)
    const key = (row: Row): string => `${row['replication']} ${row['startup']}`
    const exits = ofKind('exit').sort((one, other) => (key(one) < key(other) ? -1 : 1))
    const expected = failed.map(({ replication, exitMonth, startup, debt, exitCause }) => ({
      replication,
      month: exitMonth,
      kind: 'exit',
      startup,
      amount: debt,
      cause: exitCause,
    }))
    expect(exits).toEqual(expected.sort((one, other) => (key(one) < key(other) ? -1 : 1)))
  })

  test('are the months in which the climate turned, which concern no startup', () => {
    const climate = tables.get('decisions')!.filter(({ startup }) => startup === 'free-ads')
    const turns = climate.flatMap(({ replication, month, boom }, index) => {
      const before = month === 0 ? undefined : climate[index - 1]!['boom']
      if (before === undefined || before === boom) return []
      return [
        {
          replication,
          month,
          kind: boom === 1 ? 'boom' : 'winter',
          startup: null,
          amount: null,
          cause: null,
        },
      ]
    })
    expect(turns.length).toBeGreaterThan(10)
    // Month 0 may turn too, from a climate before the run that no table holds.
    expect(ofKind('boom', 'winter').filter(({ month }) => month !== 0)).toEqual(turns)
  })

  test('come in order of replication and month', () => {
    const events = tables.get('events')!
    const order = events.map(({ replication, month }) => (replication as number) * 1000 + (month as number))
    expect(order).toEqual([...order].sort((one, other) => one - other))
  })
})
