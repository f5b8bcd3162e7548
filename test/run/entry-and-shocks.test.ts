/** Owns the checks of what a run tells about entrants and shocks: events, months of entry, what never came. */
import { beforeAll, describe, expect, test } from 'vitest'
import { cells, columnNamed, type CellValue, type ReadTable } from '../../engine/tables/read.ts'
import type { Summary } from '../../index.ts'
import { marketOf, tablesOf } from './runs.ts'

type Row = Readonly<Record<string, CellValue | undefined>>

function rowsOf(table: ReadTable): Row[] {
  const columns = table.declaration.columns.map(
    ({ name }) => [name, cells(columnNamed(table, name))] as const,
  )
  return Array.from({ length: table.rowCount }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]!])),
  )
}

describe('a run of the scenario shocks', () => {
  const market = marketOf({ scenario: 'shocks' })
  const replications = 400
  let rows: ReadonlyMap<string, Row[]>
  let summary: Summary

  beforeAll(async () => {
    const run = await tablesOf({ scenario: 'shocks', replications, recording: 'summary' })
    rows = new Map([...run.tables].map(([name, table]) => [name, rowsOf(table)]))
    summary = run.summary
  })
  const eventsOf = (kind: string, name: string, id: string): Row[] =>
    rows.get('events')!.filter((row) => row['kind'] === kind && row[name] === id)
  const startupsOf = (id: string): Row[] => rows.get('startups')!.filter(({ startup }) => startup === id)

  test('tells the beginning of scheduled shocks in their month of every replication, about no startup', () => {
    for (const { id, month, chance } of market.shocks!) {
      if (chance !== null) continue
      expect(eventsOf('shock', 'shock', id)).toEqual(
        Array.from({ length: replications }, (_, replication) => ({
          replication,
          month,
          kind: 'shock',
          startup: null,
          amount: null,
          cause: null,
          shock: id,
        })),
      )
    }
  })

  test.each(market.shocks!.filter(({ chance }) => chance !== null))(
    'begins the random shock $id about as often as its chance says, never while it lasts',
    ({ id, month: from, chance, duration }) => {
      const seen = eventsOf('shock', 'shock', id)
      let lasting = 0
      for (let replication = 0; replication < replications; replication++) {
        const months = seen
          .filter((row) => row['replication'] === replication)
          .map((row) => row['month'] as number)
        months.forEach((month, i) => {
          expect(month).toBeGreaterThanOrEqual(i === 0 ? from : months[i - 1]! + duration!)
          lasting += Math.min(month + duration!, market.months) - month - 1
        })
      }
      // Every month in which it does not last from before is a trial; five standard deviations.
      const trials = replications * (market.months - from) - lasting
      const spread = Math.sqrt(trials * chance! * (1 - chance!))
      expect(Math.abs(seen.length - trials * chance!)).toBeLessThan(5 * spread)
    },
  )

  test('tells entries as events and as months of the table of startups', () => {
    for (const { id, entry } of market.startups) {
      const entered = eventsOf('entry', 'startup', id)
      expect(entered.every((row) => row['amount'] === null && row['shock'] === null)).toBe(true)
      const months = startupsOf(id).map((row) => row['entryMonth'])
      if (entry === 0) {
        expect(entered).toEqual([])
        expect(new Set(months)).toEqual(new Set([0]))
      } else {
        expect(entered.map((row) => row['month'])).toEqual(months.filter((month) => month !== null))
      }
    }
    expect(new Set(startupsOf('newcomer').map((row) => row['entryMonth']))).toEqual(new Set([18]))
  })

  test('lets a startup of chance p wait geometrically', () => {
    const { entry, entryChance } = market.startups.find(({ id }) => id === 'follower-b')!
    const months = startupsOf('follower-b').map((row) => row['entryMonth'] as number | null)
    for (const after of [6, 12, 24, 48]) {
      const expected = 1 - (1 - entryChance) ** after
      const share = months.filter((month) => month !== null && month < entry + after).length / replications
      expect(Math.abs(share - expected)).toBeLessThan(
        5 * Math.sqrt((expected * (1 - expected)) / replications),
      )
    }
  })

  test('knows neither entry nor exit of what never came, and counts its survival where it came', () => {
    const never = startupsOf('follower-a').filter((row) => row['entryMonth'] === null)
    expect(never.length).toBeGreaterThan(10)
    for (const row of never) {
      expect(row).toMatchObject({
        alive: 0,
        exitMonth: null,
        exitCause: null,
        revenue: 0,
        profit: 0,
        cash: 0,
        raised: 0,
      })
    }
    const { entered, survivalAtEnd } = summary.startups.find(({ id }) => id === 'follower-a')!
    const came = replications - never.length
    expect(entered).toBe(came / replications)
    const alive = startupsOf('follower-a').filter((row) => row['alive'] === 1).length
    expect(survivalAtEnd.share).toBe(alive / came)
    expect(summary.startups.find(({ id }) => id === 'freemium')!.entered).toBeUndefined()
  })

  test('hears of boom entrants in booms only', async () => {
    const run = await tablesOf({ scenario: 'shocks', replications: 60, recording: 'months' })
    const decisions = rowsOf(run.tables.get('decisions')!)
    const boomAt = new Map(decisions.map((row) => [`${row['replication']} ${row['month']}`, row['boom']]))
    const entries = rowsOf(run.tables.get('events')!).filter(
      (row) => row['kind'] === 'entry' && row['startup'] === 'follower-a',
    )
    expect(entries.length).toBeGreaterThan(10)
    for (const row of entries) expect(boomAt.get(`${row['replication']} ${row['month']}`)).toBe(1)
  })
})
