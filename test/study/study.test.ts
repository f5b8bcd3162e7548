/** What a study says is what runs of its markets say, put together: rows, metrics, statistics, and where it stops. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { strategies } from '../../agents/strategies/index.ts'
import { MetricCollector } from '../../engine/metrics/collect.ts'
import { recordsOf } from '../../engine/metrics/records.ts'
import {
  Moments,
  PairedMoments,
  kaplanMeier,
  meanInterval,
  pairedProportions,
  quantileInterval,
  quantiles,
  wilson,
  type Exits,
} from '../../engine/statistics/index.ts'
import type { StudyDefinition, StudyProgress } from '../../engine/study/index.ts'
import { isProportion } from '../../engine/study/collector.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { arrowSource, columnBatches } from '../../engine/tables/read.ts'
import { simulate, study, type MarketDefinition } from '../../index.ts'
import { inFolder } from '../run/runs.ts'
import {
  complete,
  monthly,
  onePoint,
  rowsOf,
  run,
  stopping,
  structural,
  threeVariants,
  type Row,
} from './study-definitions.ts'

/** Rows of months are many, and are looked at one by one here. */
const fewMonthly: StudyDefinition = {
  ...monthly,
  replications: { first: 50, step: 50, most: 50, targets: [] },
}

/** Runs a study and gives what reads its tables. */
function tablesOf<Result>(
  definition: StudyDefinition,
  use: (table: (name: string) => Row[], folder: string) => Result | Promise<Result>,
): Promise<Result> {
  return inFolder(async (folder) => {
    complete(await run(definition, { folder }))
    return use((name) => rowsOf(folder, name), folder)
  })
}

/** The rows of a run's tables; `metrics` with the recording of months. */
function simulated(
  market: MarketDefinition,
  { seed, replications, recording }: { seed: string; replications: number; recording: 'summary' | 'months' },
): Promise<{ table: (name: string) => Row[]; metrics: MetricCollector }> {
  return inFolder(async (folder) => {
    await simulate(market, { seed, replications, recording, workers: 0, folder })
    const tables = new Map(
      [...(recording === 'months' ? ['months', 'plans', 'segments'] : []), 'startups', 'events'].map(
        (name) => [name, rowsOf(folder, name)],
      ),
    )
    const metrics = new MetricCollector({ annualRate: 0.1 })
    if (recording === 'months') {
      const source = (name: string): ReturnType<typeof columnBatches> =>
        columnBatches(arrowSource(readFileSync(join(folder, `${name}.arrow`))))
      const sources = {
        startups: source('startups'),
        months: source('months'),
        plans: source('plans'),
        segments: source('segments'),
      }
      for await (const record of recordsOf(sources)) metrics.add(record)
    }
    return { table: (name) => tables.get(name)!, metrics }
  })
}

const without = (rows: readonly Row[], ...names: string[]): Row[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))))

/** Rows of one variant at one point. */
const at = (rows: readonly Row[], variant: string, point: number): Row[] =>
  rows.filter((row) => row['variant'] === variant && row['point'] === point)

/** The values of a column that are there. */
const numbers = (rows: readonly Row[], name: string): number[] =>
  rows.flatMap((row) => (row[name] === null ? [] : [row[name] as number]))

describe('the rows of a study', () => {
  test('of one variant and one point are those of a run with its seed', async () => {
    await tablesOf(onePoint, async (table) => {
      const [market] = onePoint.variants[0]!.markets
      const replications = onePoint.replications.first
      const alone = await simulated(market!, { seed: onePoint.seed, replications, recording: 'summary' })
      for (const name of ['startups', 'events'])
        expect(without(table(name), 'variant', 'point')).toEqual(alone.table(name))
      expect(table('startups').every((row) => row['variant'] === 'base' && row['point'] === 0)).toBe(true)
    })
  })

  test.each([
    [structural.name, structural, 4],
    [stopping.name, stopping, 5],
    [monthly.name, fewMonthly, 1],
  ] as const)(
    'of %s are those of runs of the market of each variant and point',
    async (_, definition, point) => {
      await tablesOf(definition, async (table) => {
        const points = new StudyPoints(definition)
        const recording = definition.record === 'months' ? 'months' : 'summary'
        for (const variant of definition.variants) {
          const market = points.market(variant, point)
          const own = at(table('startups'), variant.name, point)
          const replications = own.length / market.startups.length
          const alone = await simulated(market, { seed: definition.seed, replications, recording })
          for (const name of recording === 'months'
            ? ['startups', 'events', 'months', 'plans']
            : ['startups', 'events']) {
            const found = without(at(table(name), variant.name, point), 'variant', 'point')
            const expected = alone.table(name)
            // What this variant does not have, and another one has, has no values.
            const columns = Object.keys(expected[0]!)
            const rest = Object.keys(found[0]!).filter((column) => !columns.includes(column))
            expect(without(found, ...rest)).toEqual(expected)
            for (const column of rest) expect(numbers(found, column)).toEqual([])
          }
        }
      })
    },
  )

  test('have the luck of other replications at every point where that is asked for', async () => {
    await tablesOf(threeVariants, async (table) => {
      const [variant] = threeVariants.variants
      const points = new StudyPoints(threeVariants)
      const offset = Math.ceil(threeVariants.replications.most / 4) * 4
      const alone = await simulated(points.market(variant!, 1), {
        seed: threeVariants.seed,
        replications: offset + 8,
        recording: 'summary',
      })
      const found = without(at(table('startups'), variant!.name, 1), 'variant', 'point').slice(0, 16)
      const columns = Object.keys(alone.table('startups')[0]!)
      const rest = Object.keys(found[0]!).filter((column) => !columns.includes(column))
      expect(without(found, ...rest)).toEqual(alone.table('startups').slice(2 * offset))
      // Points 0 and 2 of other variants are under the luck of their own point, too.
      const firsts = threeVariants.variants.flatMap(({ name }) =>
        [0, 1, 2].map((point) => at(table('outcomes'), name, point)[0]!['replication']),
      )
      expect(firsts).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2].map((point) => point * offset))
    })
  })
})

describe('the outcomes of a study', () => {
  test('are the columns that they name', async () => {
    await tablesOf(stopping, (table) => {
      const byKey = new Map(
        table('startups').map((row) => [
          [row['variant'], row['point'], row['replication'], row['startup']].join(),
          row,
        ]),
      )
      const outcomes = table('outcomes')
      expect(outcomes.length).toBeGreaterThan(10_000)
      for (const row of outcomes) {
        const startup = (id: string): Row | undefined =>
          byKey.get([row['variant'], row['point'], row['replication'], id].join())
        const first = startup('first')!
        const profit = first['profit'] as number
        const expected = {
          alive: first['alive'],
          profit,
          exit: first['exitMonth'],
          bearable: Number(profit > -8e6),
          third: startup('third')?.['profit'] ?? null,
        }
        expect(without([row], 'variant', 'point', 'replication')[0]).toEqual(expected)
      }
    })
  })

  test('are the metrics that `rivalry metrics` gives of a run with months', async () => {
    await tablesOf(fewMonthly, async (table) => {
      const points = new StudyPoints(fewMonthly)
      for (const variant of fewMonthly.variants) {
        const rows = at(table('outcomes'), variant.name, 0)
        const { metrics } = await simulated(points.market(variant, 0), {
          seed: fewMonthly.seed,
          replications: rows.length,
          recording: 'months',
        })
        const column = (name: string): unknown[] => rows.map((row) => row[name])
        expect(column('churn')).toEqual(metrics.values('first').get('userChurn'))
        expect(column('concentration')).toEqual(metrics.values().get('hhi'))
        expect(column('value')).toEqual(
          variant.name === 'wide'
            ? metrics.values('third').get('discountedValue')
            : column('value').map(() => null),
        )
        expect(numbers(rows, 'churn').length).toBeGreaterThan(0)
      }
    })
  })
})

describe('the tables of a study', () => {
  const proportions = ['alive', 'bearable']

  /** Mean, or share, with its interval. */
  function estimate(values: readonly number[], metric: string): (number | null)[] {
    if (values.length === 0) return [null, null, null]
    if (proportions.includes(metric)) {
      const { share, low, high } = wilson(values.filter((value) => value === 1).length, values.length)
      return [share, low, high]
    }
    const found = meanInterval(new Moments(values))
    return [found.estimate, found.low, found.high]
  }

  test('give the statistics of the outcomes', async () => {
    await tablesOf(stopping, (table) => {
      const outcomes = table('outcomes')
      const statistics = table('statistics')
      expect(statistics).toHaveLength(2 * 7 * stopping.metrics.length)
      for (const row of statistics) {
        const metric = row['metric'] as string
        const own = at(outcomes, row['variant'] as string, row['point'] as number)
        const values = numbers(own, metric)
        const ascending = Float64Array.from(values).sort()
        const some = values.length > 0
        const median = some ? quantileInterval(ascending, 0.5) : { low: null, high: null }
        const [mean, low, high] = estimate(values, metric)
        expect(row).toMatchObject({
          count: values.length,
          missing: own.length - values.length,
          mean,
          meanLow: low,
          meanHigh: high,
          deviation: new Moments(values).deviation,
          min: some ? ascending[0] : null,
          max: some ? ascending.at(-1) : null,
          medianLow: median.low,
          medianHigh: median.high,
        })
        const names = ['p05', 'p25', 'median', 'p75', 'p95']
        expect(names.map((name) => row[name])).toEqual(
          some ? [...quantiles(ascending, [0.05, 0.25, 0.5, 0.75, 0.95])] : names.map(() => null),
        )
      }
    })
  })

  test('compare variants replication by replication', async () => {
    await tablesOf(stopping, (table) => {
      const outcomes = table('outcomes')
      const comparisons = table('comparisons')
      expect(comparisons.map((row) => row['variant'])).toEqual(comparisons.map(() => 'wide'))
      expect(comparisons).toHaveLength(7 * stopping.metrics.length)
      for (const row of comparisons) {
        const metric = row['metric'] as string
        const [wide, base] = ['wide', 'base'].map((name) => at(outcomes, name, row['point'] as number))
        const differences = wide!.flatMap((one, i) => {
          const other = base![i]!
          expect(one['replication']).toBe(other['replication'])
          return one[metric] === null || other[metric] === null
            ? []
            : [(one[metric] as number) - (other[metric] as number)]
        })
        expect(row['count']).toBe(differences.length)
        const pairs = new PairedMoments()
        wide!.forEach((one, i) => {
          const [mine, theirs] = [one[metric], base![i]![metric]]
          if (mine !== null && theirs !== null) pairs.add(mine as number, theirs as number)
        })
        const isShare = isProportion(stopping.metrics.find(({ name }) => name === metric)!)
        const shares = isShare ? pairedProportions(pairs) : undefined
        const expected =
          shares === undefined
            ? meanInterval(new Moments(differences))
            : { ...shares, estimate: shares.difference }
        expect(row['higher']).toBe(pairs.count === 0 ? null : pairs.higher / pairs.count)
        expect(row['equal']).toBe(pairs.count === 0 ? null : pairs.equal / pairs.count)
        for (const [name, value] of [
          ['difference', expected.estimate],
          ['low', expected.low],
          ['high', expected.high],
        ] as const) {
          // Differences are summed here, and sums of both there: of 8 million, rounded at the 16th digit.
          if (value === null) expect(row[name]).toBeNull()
          else expect(Math.abs((row[name] as number) - value)).toBeLessThan(1e-9 * Math.abs(value) + 1e-6)
        }
      }
    })
  })

  test('give the lives of all startups, counted from their entry', async () => {
    await tablesOf(stopping, (table) => {
      for (const [variant, startup] of [
        ['base', 'first'],
        ['wide', 'second'],
        ['wide', 'third'],
      ] as const) {
        // The third enters in month 6: there are 18 months for it to live.
        const entry = startup === 'third' ? 6 : 0
        const counts = new Map<number, { exits: number; censored: number }>()
        for (const row of table('startups')) {
          if (row['variant'] !== variant || row['startup'] !== startup) continue
          const isAlive = row['alive'] === 1
          const months = isAlive ? 24 - entry : (row['exitMonth'] as number) - entry + 1
          const count = counts.get(months) ?? { exits: 0, censored: 0 }
          counts.set(months, count)
          if (isAlive) count.censored++
          else count.exits++
        }
        const months = [...counts.keys()].sort((one, other) => one - other)
        const exits = months.map((time): Exits => {
          const { exits: events, censored } = counts.get(time)!
          return { time, events, censored }
        })
        const found = table('survival').filter(
          (row) => row['variant'] === variant && row['startup'] === startup,
        )
        expect(found.map((row) => [row['months'], row['exits'], row['censored']])).toEqual(
          exits.map(({ time, events, censored }) => [time, events, censored]),
        )
        // Lives of several points are no independent ones: there is no interval.
        expect(found.map((row) => [row['atRisk'], row['survival'], row['low']])).toEqual(
          kaplanMeier(exits).steps.map(({ atRisk, survival }) => [atRisk, survival, null]),
        )
      }
      expect(table('survival').some((row) => row['variant'] === 'base' && row['startup'] === 'third')).toBe(
        false,
      )
    })
  })

  test('list the points with their figures', async () => {
    await tablesOf(threeVariants, (table) => {
      expect(table('points')).toEqual([
        { point: 0, 'parameters.computePrice': 0.01, 'startups.second.cash': null },
        { point: 1, 'parameters.computePrice': null, 'startups.second.cash': 2e6 },
        { point: 2, 'parameters.computePrice': null, 'startups.second.cash': null },
      ])
    })
  })
})

describe('a stopping rule', () => {
  test('stops every point at the first look at which its targets hold, and not before', async () => {
    await tablesOf(stopping, (table, folder) => {
      const outcomes = table('outcomes')
      const { first, step, most, targets } = stopping.replications
      const counts = [first, first + step, most]
      const seen = new Set<number>()
      for (let point = 0; point < 7; point++) {
        const [wide, base] = ['wide', 'base'].map((name) => at(outcomes, name, point)) as [Row[], Row[]]
        expect(wide.map((row) => row['replication'])).toEqual(wide.map((_, i) => i))
        expect(base).toHaveLength(wide.length)
        const isReached = (count: number): boolean => {
          const alive = [wide, base].every((rows) => {
            const { low, high } = wilson(numbers(rows.slice(0, count), 'alive').filter(Boolean).length, count)
            return (high - low) / 2 <= targets[0]!.halfWidth!
          })
          const differences = wide
            .slice(0, count)
            .map((row, i) => (row['profit'] as number) - (base[i]!['profit'] as number))
          const { estimate, low, high } = meanInterval(new Moments(differences))
          return alive && (high! - low!) / 2 <= targets[1]!.relative! * Math.abs(estimate!)
        }
        const expected = counts.find((count) => isReached(count)) ?? most
        expect([point, wide.length]).toEqual([point, expected])
        seen.add(expected)
      }
      // One, two and three looks: the rule had something to decide.
      expect([...seen].sort((one, other) => one - other)).toEqual(counts)
      const { replications } = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as {
        replications: { total: number; looks: number }
      }
      expect(replications).toMatchObject({ total: outcomes.length, looks: 3 })
    })
  })
})

describe('a study that a program watches', () => {
  test('tells how far it is until it ends, and then what it came to', async () => {
    const begun = study(stopping, { workers: 0 })
    const told: StudyProgress[] = []
    for await (const progress of begun) told.push(progress)
    const { summary } = complete(await begun.result)
    expect(told.length).toBeGreaterThan(0)
    const done = told.map(({ units }) => units.done)
    expect(done).toEqual([...done].sort((one, other) => one - other))
    expect(new Set(done).size).toBe(done.length)
    const last = told.at(-1)!
    expect(last.units.done).toBe(last.units.total)
    expect(last).toMatchObject({ replications: summary.replications.total, failed: 0, found: 0, look: 2 })
    // Whoever comes late is told the end.
    const late: StudyProgress[] = []
    for await (const progress of begun) late.push(progress)
    expect(late).toEqual([last])
  })

  test('may be left in the middle', async () => {
    const begun = study(stopping, { workers: 0 })
    for await (const progress of begun) {
      expect(progress.units.done).toBeGreaterThan(0)
      break
    }
    complete(await begun.result)
  })

  test('ends with the reason of its signal, in the loop and in the result', async () => {
    await inFolder(async (folder) => {
      const controller = new AbortController()
      const reason = new Error('enough')
      const begun = study(stopping, { workers: 0, folder, signal: controller.signal })
      const loop = async (): Promise<void> => {
        for await (const _ of begun) controller.abort(reason)
      }
      await expect(loop()).rejects.toBe(reason)
      await expect(begun.result).rejects.toBe(reason)
      const again = study(stopping, { folder, workers: 0, resume: true })
      let found = 0
      for await (const progress of again) found = progress.found
      expect(found).toBeGreaterThan(0)
      complete(await again.result)
    })
  })

  test('does not begin where the signal was given before', async () => {
    await inFolder(async (parent) => {
      const folder = join(parent, 'out')
      const reason = new Error('never')
      await expect(run(stopping, { folder, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      expect(() => readFileSync(folder)).toThrow(/ENOENT/)
    })
  })

  test('refuses options that do not exist or do not fit, all at once', async () => {
    const wrong = { resum: true, shard: { index: 3, of: 2 }, workers: -1, wait: 'yes' } as object
    await expect(study(onePoint, { ...wrong, strategies }).result).rejects.toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ code: 'unknown-option', path: 'resum' }),
        expect.objectContaining({ code: 'invalid-option', path: 'shard' }),
        expect.objectContaining({ code: 'invalid-option', path: 'wait' }),
        expect.objectContaining({ path: 'workers' }),
      ]) as unknown,
    })
  })
})
