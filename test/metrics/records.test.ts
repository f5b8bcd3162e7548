import type { RecordBatch } from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { MetricCollector } from '../../engine/metrics/collect.ts'
import { recordsOf, type ReplicationRecord } from '../../engine/metrics/records.ts'
import { replicationsOf } from '../../engine/metrics/replications.ts'
import { spreadOf, summariseMetrics } from '../../engine/metrics/summary.ts'
import type { ColumnBatch } from '../../engine/tables/batch.ts'
import { cells, columnBatch, readBatches, columnNamed } from '../../engine/tables/read.ts'
import { freemium } from './startup-record.ts'
import { tableOf, type Row } from './tables.ts'

const REPLICATIONS = 3
const MONTHS = 3

/** The freemium startup as ada, and a copy of half the size as bob, over three replications that differ by a factor. */
function tables(batchRows: number): Parameters<typeof recordsOf>[0] {
  const startups: Row[] = []
  const months: Row[] = []
  const plans: Row[] = []
  const segments: Row[] = []
  for (let replication = 0; replication < REPLICATIONS; replication++) {
    const factorOf = (id: string): number => (replication + 1) * (id === 'ada' ? 1 : 0.5)
    for (const id of ['ada', 'bob'])
      startups.push({ replication, startup: id, ...freemium.end, healthUsers: id === 'ada' ? 0.125 : null })
    for (let month = 0; month < MONTHS; month++) {
      const at = (columns: Readonly<Record<string, readonly number[]>>, factor: number): Row =>
        Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[month]! * factor]))
      for (const id of ['ada', 'bob']) {
        const flows = at({ ...freemium.months, overhead: [6, 12, 16] }, factorOf(id))
        months.push({
          replication,
          month,
          startup: id,
          ...flows,
          alive: 1,
          satisfaction: month === 0 ? null : 2,
        })
        freemium.plans.forEach((columns, plan) => {
          const { price, usagePrice } = at(columns, 1)
          const row = { ...at(columns, factorOf(id)), price: price!, usagePrice: usagePrice! }
          plans.push({ replication, month, startup: id, plan: `${id}/${plan}`, ...row })
        })
      }
      for (const segment of ['x', 'y'])
        segments.push({
          replication,
          month,
          segment,
          customers: 100,
          potential: 400,
          shoppers: 10,
          surplus: 25,
        })
    }
  }
  const of = (name: string, rows: readonly Row[]): ColumnBatch[] => batchesOf(name, rows, batchRows)
  return {
    startups: of('startups', startups),
    months: of('months', months),
    plans: of('plans', plans),
    segments: of('segments', segments),
  }
}

/** A table as metrics take it, which may be walked through again and again. */
function batchesOf(name: string, rows: readonly Row[], batchRows: number): ColumnBatch[] {
  const { schema, batches } = tableOf(name, rows, batchRows)
  return Array.from(batches as Iterable<RecordBatch>, (batch) => columnBatch(schema, batch))
}

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = []
  for await (const value of values) list.push(value)
  return list
}

async function collected(batchRows: number): Promise<MetricCollector> {
  const collector = new MetricCollector({ annualRate: 0 })
  for await (const record of recordsOf(tables(batchRows))) collector.add(record)
  return collector
}

describe('the tables of a run', () => {
  test.each([1, 2, 5, 7, 18, 1000])('are read by replication from batches of %i rows', async (batchRows) => {
    const rows = await all(replicationsOf(tables(batchRows).months))
    expect(rows.map(({ replication, rowCount }) => [replication, rowCount])).toEqual([
      [0, 6],
      [1, 6],
      [2, 6],
    ])
    expect([...rows[1]!.values.get('revenue')!]).toEqual([200, 100, 400, 200, 540, 270])
    expect([...rows[2]!.missing.get('satisfaction')!]).toEqual([0, 1])
    expect(rows[2]!.dictionaries.get('startup')).toEqual(['ada', 'bob'])
  })

  test('give each startup its months and its plans', async () => {
    const records = await all(recordsOf(tables(4)))
    expect(records.map(({ replication }) => replication)).toEqual([0, 1, 2])
    const bob = (records[1] as ReplicationRecord).startups[1]!
    expect(bob).toMatchObject({ id: 'bob', monthCount: 3, business: { from: 0, to: 3 } })
    expect([...bob.of('months.revenue')]).toEqual([100, 200, 270])
    expect(bob.plans.map(({ id }) => id)).toEqual(['bob/0', 'bob/1'])
    expect([...bob.plans[1]!.of('plans.customers')]).toEqual([10, 20, 27])
    expect(bob.atEnd('startups.healthUsers')).toBeNull()
    expect(records[0]!.segments.map(({ id }) => id)).toEqual(['x', 'y'])
  })

  test('give the same metrics however they are cut', async () => {
    const [whole, cut] = await Promise.all([collected(1000), collected(5)])
    expect(cut.values('bob')).toEqual(whole.values('bob'))
    expect(cut.values()).toEqual(whole.values())
    // Rates do not depend on the size, amounts do.
    expect(whole.values('bob').get('cac')).toEqual([12, 12, 12])
    expect(whole.values('bob').get('mrr')).toEqual([135, 270, 405])
    expect(whole.values('bob').get('userValue')).toEqual([null, null, null])
  })

  test('of different runs are refused', async () => {
    const { startups, months, plans, segments } = tables(1000)
    const short = batchesOf('startups', [{ replication: 0, startup: 'ada' }], 10)
    const bobs = batchesOf(
      'startups',
      ['bob', 'ada'].map((startup) => ({ replication: 0, startup })),
      10,
    )
    const late = batchesOf(
      'startups',
      ['ada', 'bob'].map((startup) => ({ replication: 1, startup })),
      10,
    )
    for (const other of [short, bobs, late])
      await expect(all(recordsOf({ startups: other, months, plans, segments }))).rejects.toMatchObject({
        code: 'tables-disagree',
      })
    const back = batchesOf('months', [{ replication: 1 }, { replication: 0 }], 10)
    await expect(all(replicationsOf(back))).rejects.toMatchObject({ code: 'order' })
    const bare = batchesOf('plans', [{ replication: 0, month: 0, startup: 'ada', plan: 'ada/0' }], 10)
    await expect(all(recordsOf({ startups, months, plans: bare, segments }))).rejects.toMatchObject({
      code: 'tables-disagree',
    })
  })
})

describe('the market of the two', () => {
  test('has the metrics worked out by hand', async () => {
    const market = (await collected(1000)).values()
    const first = (name: string): number | null => market.get(name)![0]!
    // Revenue 570 and 285 over three months.
    expect(first('marketRevenue')).toBeCloseTo(285, 12)
    expect(first('hhi')).toBeCloseTo(5 / 9, 12)
    expect(first('penetration')).toBe(0.25)
    expect(first('consumerSurplus')).toBe(2.5)
    // (570 - 225 - 34) x 1.5.
    expect(first('producerSurplus')).toBeCloseTo(466.5, 10)
    expect(first('thirdPartyIncome')).toBeCloseTo(328.5, 10)
  })
})

describe('over replications', () => {
  test('metrics have a median, a range, a mean and the share with a value', async () => {
    const collector = await collected(1000)
    const { startups, market, replications } = summariseMetrics(collector, { currency: 'EUR', annualRate: 0 })
    expect(replications).toBe(3)
    expect(startups.map(({ id, alive }) => [id, alive])).toEqual([
      ['ada', 1],
      ['bob', 1],
    ])
    expect(startups[0]!.metrics.find(({ name }) => name === 'mrr')).toMatchObject({
      unit: 'EUR/month',
      defined: 1,
      mean: 540,
      median: 540,
      low10: 324,
      high90: 756,
    })
    expect(market.find(({ name }) => name === 'penetration')).toMatchObject({ defined: 1, median: 0.25 })
  })

  test('a metric without values has none, and one with some is over those', () => {
    expect(spreadOf([null, null])).toEqual({
      defined: 0,
      mean: null,
      median: null,
      low10: null,
      high90: null,
    })
    expect(spreadOf([])).toMatchObject({ defined: 0, mean: null })
    expect(spreadOf([null, 4, null, 2])).toMatchObject({ defined: 0.5, mean: 3, median: 3 })
    expect(spreadOf([5])).toEqual({ defined: 1, mean: 5, median: 5, low10: 5, high90: 5 })
  })

  test('tables hold every value, and null where there is none', async () => {
    const [startups, market] = (await collected(1000)).tables('EUR')
    const table = readBatches(startups!.batch.schema, [startups!.batch])
    expect(cells(columnNamed(table, 'startup'))).toEqual(['ada', 'bob', 'ada', 'bob', 'ada', 'bob'])
    expect(cells(columnNamed(table, 'replication'))).toEqual([0, 0, 1, 1, 2, 2])
    expect(cells(columnNamed(table, 'mrr'))).toEqual([270, 135, 540, 270, 810, 405])
    expect(cells(columnNamed(table, 'userValue'))).toEqual([0.125, null, 0.125, null, 0.125, null])
    expect(columnNamed(table, 'mrr').declaration.unit).toBe('EUR/month')
    expect(readBatches(market!.batch.schema, [market!.batch]).rowCount).toBe(3)
  })
})
