import { describe, expect, test } from 'vitest'
import { quantiles, summaryText, wilson } from '../../engine/run/index.ts'
import { findings } from '../../engine/run/summary-text.ts'
import { cells, columnNamed } from '../../engine/tables/read.ts'
import type { StartupSummary, Summary } from '../../index.ts'
import { tablesOf } from './runs.ts'

describe('the summary', () => {
  test('says what the table of startups says', async () => {
    const { tables, summary } = await tablesOf({ replications: 50, batch: 12, workers: 2 })
    const table = tables.get('startups')!
    const column = <Value>(name: string): Value[] => cells(columnNamed(table, name)) as Value[]
    const [ids, alive, exits, profits] = [
      column<string>('startup'),
      column<number>('alive'),
      column<number | null>('exitMonth'),
      column<number>('profit'),
    ]
    const rowsOf = (id: string): number[] => ids.flatMap((other, row) => (other === id ? [row] : []))
    const meanOf = (id: string, name: string): number => {
      const values = column<number | null>(name)
      const known = rowsOf(id).flatMap((row) => (values[row] === null ? [] : [values[row]!]))
      return known.reduce((sum, value) => sum + value, 0) / known.length
    }
    for (const startup of summary.startups) {
      const rows = rowsOf(startup.id)
      expect(rows).toHaveLength(50)
      for (const { months, share } of startup.survival) {
        const lived = rows.filter((row) => alive[row] === 1 || exits[row]! >= months)
        expect(share).toBe(lived.length / 50)
      }
      expect(startup.survival.map(({ months }) => months)).toEqual([12, 36, 60])
      expect(startup.survivalAtEnd).toEqual(wilson(rows.filter((row) => alive[row] === 1).length, 50))
      const own = rows.map((row) => profits[row]!)
      const [low10, median, high90] = quantiles(
        own.toSorted((one, other) => one - other),
        [0.1, 0.5, 0.9],
      )
      expect(startup.profit).toMatchObject({ low10, median, high90, mean: meanOf(startup.id, 'profit') })
      expect(startup.profit.positive).toEqual(wilson(own.filter((profit) => profit > 0).length, 50))
      const ahead = own.filter((profit, index) => {
        const all = summary.startups.map(({ id }) => profits[rowsOf(id)[index]!]!)
        return all.filter((other) => other >= profit).length === 1
      })
      expect(startup.profit.highest).toEqual(wilson(ahead.length, 50))
      expect(startup.revenueShare).toBe(meanOf(startup.id, 'share'))
      expect([startup.freeUsers, startup.paidUsers]).toEqual([
        meanOf(startup.id, 'freeUsers'),
        meanOf(startup.id, 'paidUsers'),
      ])
      const principles = [
        meanOf(startup.id, 'healthProfit'),
        startup.survivalAtEnd.share,
        meanOf(startup.id, 'healthUsers'),
      ]
      const { overall, profitability, sustainability, userValue } = startup.health
      expect([profitability, sustainability, userValue]).toEqual(principles)
      expect(overall).toBeCloseTo(principles.reduce((a, b) => a * b) ** (1 / 3), 12)
      const failed = rows.filter((row) => alive[row] === 0)
      const causes = failed.map((row) => column<string>('exitCause')[row]!)
      expect(startup.exits.count).toBe(failed.length)
      expect(startup.exits.causes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
      for (const { cause, share } of startup.exits.causes)
        expect(share).toBe(causes.filter((other) => other === cause).length / failed.length)
      const meanOfFailed = (name: string): number =>
        failed.reduce((sum, row) => sum + column<number>(name)[row]!, 0) / failed.length
      expect(startup.exits.winter).toBe(meanOfFailed('exitInWinter'))
      expect(startup.exits.refusedRounds).toBe(meanOfFailed('refused'))
      const late = (name: string): number =>
        rows.filter((row) => alive[row] === 1).reduce((sum, row) => sum + column<number>(name)[row]!, 0)
      expect(startup.grossMargin).toBe(1 - late('lateDirectCost') / late('lateRevenue'))
    }
  })

  test('is the same whatever the sizes of batches, to the last digit', async () => {
    const [one, other] = await Promise.all([4, 28].map((batch) => tablesOf({ replications: 50, batch })))
    expect(one!.summary).toEqual(other!.summary)
  })
})

const startup = (
  name: string,
  { alive, median, highest }: { alive: number; median: number; highest: number },
): StartupSummary => ({
  id: name.toLowerCase(),
  name,
  businessModel: 'none',
  survival: [
    { months: 12, share: 1 },
    { months: 24, share: alive / 100 },
  ],
  survivalAtEnd: wilson(alive, 100),
  profit: {
    mean: median,
    low10: median - 2e6,
    median,
    high90: median + 2e6,
    positive: wilson(median > 0 ? 60 : 10, 100),
    highest: wilson(highest, 100),
  },
  revenueShare: 0.5,
  freeUsers: 1234,
  paidUsers: 0,
  grossMargin: null,
  health: { overall: 0.5, profitability: 0.5, sustainability: 0.5, userValue: 0.5 },
  exits: {
    count: 100 - alive,
    causes: [
      { cause: 'service', share: 0.7 },
      { cause: 'research', share: 0.28 },
      { cause: 'structure', share: 0.02 },
    ],
    winter: 0.5,
    refusedRounds: 1,
  },
})

const summaryOf = (...startups: StartupSummary[]): Summary => ({
  engine: '0',
  scenario: 'a',
  scenarioSha256: '0',
  seed: '1',
  replications: 100,
  recording: 'summary',
  title: 'A',
  months: 24,
  currency: 'EUR',
  startups,
})

describe('what the numbers mean', () => {
  test('names who earns and who lasts', () => {
    const [earns, lasts] = findings(
      summaryOf(
        startup('Ada', { alive: 90, median: 3e6, highest: 70 }),
        startup('Bob', { alive: 50, median: 1e6, highest: 20 }),
        startup('Cyd', { alive: 10, median: -1e6, highest: 10 }),
      ),
    )
    expect(earns).toBe(
      'Ada earns most: a median profit of EUR 3.00 m (10% to 90%: 1.00 to 5.00), above zero in 60% of replications; it is ahead of all others in 70% [60%, 78%].',
    )
    expect(lasts).toBe(
      'Cyd is least likely to last: in business after 24 months in 10% [6%, 17%] of replications; Ada most likely, with 90% [83%, 94%].',
    )
  })

  test('says what emptied the cash of those who fail in a tenth of replications or more', () => {
    const text = summaryText(
      summaryOf(
        startup('Ada', { alive: 95, median: 3e6, highest: 70 }),
        startup('Bob', { alive: 50, median: 1e6, highest: 20 }),
      ),
    )
    expect(text.replaceAll('\n', ' ')).toContain(
      'The first that gross profit did not cover in the year before they failed (the service, fixed costs and overhead, then R&D or marketing): Bob the service itself 70%, R&D 28%.',
    )
  })

  test('does not call a loser a winner, nor a median a majority', () => {
    const [earns] = findings(
      summaryOf(
        startup('Ada', { alive: 90, median: -1e6, highest: 30 }),
        startup('Bob', { alive: 50, median: -3e6, highest: 70 }),
      ),
    )
    expect(earns).toMatch(/^No startup has a median profit above zero; Ada comes closest with EUR -1\.00 m/)
    expect(earns).toMatch(/Bob is ahead of all others in 70%/)
  })

  test('says when the order of the last two may be luck', () => {
    const [, lasts] = findings(
      summaryOf(
        startup('Ada', { alive: 90, median: 1, highest: 90 }),
        startup('Bob', { alive: 12, median: 1, highest: 5 }),
        startup('Cyd', { alive: 10, median: 1, highest: 5 }),
      ),
    )
    expect(lasts).toMatch(/which 100 replications cannot safely tell from Bob \(12%\)/)
  })

  test('says so when all last, or none', () => {
    const two = (alive: number): string[] =>
      findings(
        summaryOf(
          startup('Ada', { alive, median: 1, highest: 90 }),
          startup('Bob', { alive, median: 1, highest: 10 }),
        ),
      )
    expect(two(100)[1]).toBe('All 2 startups are in business after 24 months in every replication.')
    expect(two(0)[1]).toBe('No startup is in business after 24 months in any replication.')
  })

  test('names all of those that are equal, and calls none of them first or last', () => {
    const equal = { alive: 90, median: 3e6, highest: 40 }
    const two = [startup('Ada', equal), startup('Bob', equal)]
    expect(findings(summaryOf(...two))).toEqual([
      'Ada and Bob earn most, with the same median profit of EUR 3.00 m; Ada and Bob are ahead of all others equally often, each in 40% [31%, 50%].',
      'All 2 startups are equally likely to last: in business after 24 months in 90% [83%, 94%] of replications.',
    ])
    const poor = { alive: 10, median: -1e6, highest: 0 }
    const all = [...two, startup('Cyd', poor), startup('Dan', poor)]
    expect(findings(summaryOf(...all))[1]).toBe(
      'Cyd and Dan are equally and least likely to last: in business after 24 months in 10% [6%, 17%] of replications; Ada and Bob most likely, with 90% [83%, 94%].',
    )
    expect(findings(summaryOf(startup('Cyd', poor), startup('Dan', poor)))[0]).toBe(
      'No startup has a median profit above zero; Cyd and Dan come closest with EUR -1.00 m; none is ever ahead of all others.',
    )
  })

  test('prints no control character of a title, a name or a seed', () => {
    const text = summaryText({
      ...summaryOf(startup('A\u001b[2Jda', { alive: 90, median: 1, highest: 1 })),
      title: 'A\rB\u202eC',
      seed: '\u001b]0;x\u0007',
    })
    expect(text).toMatch(/^A\\u000dB\\u202eC: 24 months, 100 replications, seed \\u001b\]0;x\\u0007\n/)
    expect(text).toContain('A\\u001b[2Jda makes')
    expect(text).not.toMatch(/[^\n\P{Cc}]/u)
  })

  test('is one sentence for a startup without rivals', () => {
    expect(findings(summaryOf(startup('Ada', { alive: 90, median: 3e6, highest: 100 })))).toEqual([
      'Ada makes a median profit of EUR 3.00 m in 24 months (10% to 90%: 1.00 to 5.00), above zero in 60% of replications, and is in business at the end in 90% [83%, 94%].',
    ])
  })

  test('never shows a share as certain that is not', () => {
    const text = summaryText({
      ...summaryOf(
        startup('Ada', { alive: 100, median: 1, highest: 1 }),
        startup('Bob', { alive: 0, median: 1, highest: 1 }),
      ),
      replications: 100,
    })
    expect(text).toMatch(/100% \[96%, 100%\]/)
    expect(text).toMatch(/0% \[0%, 4%\]/)
    const nearly = {
      ...startup('Ada', { alive: 0, median: 1, highest: 1 }),
      survivalAtEnd: { share: 0.999, low: 0.995, high: 0.9999 },
    }
    expect(summaryText(summaryOf(nearly, nearly))).toMatch(/>99% \[>99%, >99%\]/)
  })
})
