import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { metricsOf } from '../../engine/metrics/registry.ts'
import type { MetricSummary } from '../../engine/metrics/summary.ts'
import { cells, columnNamed, readArrow, type CellValue } from '../../engine/tables/read.ts'
import { simulate } from '../../index.ts'
import { marketOf } from '../run/runs.ts'
import { rivalry, type Finished } from './command.ts'

const REPLICATIONS = 12
const STARTUPS = ['free-ads', 'freemium', 'subscription']

let folder = ''
let run = ''
let printed: Finished

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rivalry-metrics-'))
  run = join(folder, 'run')
  const market = marketOf({ set: ['months=36'] })
  await simulate(market, { replications: REPLICATIONS, recording: 'months', workers: 0, folder: run })
  printed = await rivalry('metrics', run)
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A column of a table that was written. */
function column(file: string, name: string): CellValue[] {
  return cells(columnNamed(readArrow(readFileSync(file)), name))
}

describe('rivalry metrics', () => {
  test('prints a table for each startup and the market, and leaves every value beside the run', () => {
    const { code, stdout, stderr } = printed
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `metrics of ${REPLICATIONS} replications in ${run}\n`,
    })
    for (const id of STARTUPS)
      expect(stdout).toMatch(
        new RegExp(`^${id}: in business at the end in \\d+% of ${REPLICATIONS} replications$`, 'm'),
      )
    for (const { name } of metricsOf('startup'))
      expect(stdout.match(new RegExp(`^${name} .*%`, 'gm')), name).toHaveLength(
        name === 'thirdPartyIncome' ? 4 : 3,
      )
    for (const { name } of metricsOf('market')) expect(stdout).toMatch(new RegExp(`^${name} .*%`, 'm'))
    expect(stdout).not.toMatch(/NaN|undefined|null|Infinity/)
    expect(stdout).toMatch(/EUR\/month/)
    const file = join(run, 'metrics.arrow')
    expect(column(file, 'startup')).toEqual(Array.from({ length: REPLICATIONS }, () => STARTUPS).flat())
    expect(columnNamed(readArrow(readFileSync(file)), 'mrr').declaration.unit).toBe('EUR/month')
    expect(column(join(run, 'market-metrics.arrow'), 'replication')).toEqual([...Array(REPLICATIONS).keys()])
  })

  test('computes what the tables say', () => {
    const revenue = column(join(run, 'months.arrow'), 'revenue') as number[]
    const months = 36
    // Rows are in order of replication, month and startup.
    const at = (replication: number, month: number, startup: number): number =>
      revenue[(replication * months + month) * 3 + startup]!
    const hhi = column(join(run, 'market-metrics.arrow'), 'hhi') as number[]
    for (let replication = 0; replication < REPLICATIONS; replication++) {
      const late = [0, 1, 2].map((startup) =>
        Array.from({ length: 12 }, (_, month) => at(replication, 24 + month, startup)).reduce(
          (a, b) => a + b,
        ),
      )
      const whole = late.reduce((a, b) => a + b)
      expect(hhi[replication]).toBeCloseTo(
        late.reduce((sum, size) => sum + (size / whole) ** 2, 0),
        12,
      )
    }
    const stakes = column(join(run, 'startups.arrow'), 'founderStake')
    expect(column(join(run, 'metrics.arrow'), 'founderStake')).toEqual(stakes)
    const exits = column(join(run, 'startups.arrow'), 'exitMonth')
    expect(column(join(run, 'metrics.arrow'), 'livedMonths')).toEqual(exits.map((month) => month ?? months))
    // Freemium is the only one with a free plan beside paid ones.
    const converts = column(join(run, 'metrics.arrow'), 'freeToPaid')
    expect(converts.filter((_, row) => row % 3 !== 1)).toEqual(
      Array.from({ length: 2 * REPLICATIONS }, () => null),
    )
    expect(converts.filter((_, row) => row % 3 === 1).every((rate) => (rate as number) > 0)).toBe(true)
  })

  test('--json prints the same for machines, --startup one of them, --rate discounts', async () => {
    const summary = async (...args: string[]): Promise<MetricSummary> => {
      const { code, stdout, stderr } = await rivalry(
        'metrics',
        run,
        '--json',
        '--quiet',
        '--out',
        join(folder, 'other'),
        ...args,
      )
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return JSON.parse(stdout) as MetricSummary
    }
    const usual = await summary()
    const plain = await summary('--startup', 'freemium', '--rate', '0')
    expect(usual).toMatchObject({ replications: REPLICATIONS, currency: 'EUR', annualRate: 0.1 })
    expect(usual.startups.map(({ id }) => id)).toEqual(STARTUPS)
    expect(plain.startups.map(({ id }) => id)).toEqual(['freemium'])
    const flows = column(join(run, 'months.arrow'), 'cashFlow') as number[]
    const total = flows.filter((_, row) => row % 3 === 1).reduce((sum, flow) => sum + flow, 0)
    const value = plain.startups[0]!.metrics.find(({ name }) => name === 'discountedValue')!
    // A mean of twelve sums of cents.
    expect(value.mean).toBeCloseTo(total / REPLICATIONS, 3)
    expect(value.mean).not.toBe(
      usual.startups[1]!.metrics.find(({ name }) => name === 'discountedValue')!.mean,
    )
  })

  test('writes the same bytes again, and other formats elsewhere', async () => {
    const out = join(folder, 'formats')
    expect((await rivalry('metrics', run, '--quiet', '--out', out)).code).toBe(0)
    const bytes = readFileSync(join(run, 'metrics.arrow'))
    expect(readFileSync(join(out, 'metrics.arrow')).equals(bytes)).toBe(true)
    for (const format of ['csv', 'parquet', 'csv', 'parquet'])
      expect(await rivalry('metrics', run, '--quiet', '--out', out, '--format', format)).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      })
    expect(readdirSync(out).toSorted()).toEqual(
      ['arrow', 'csv', 'parquet']
        .flatMap((format) => [`market-metrics.${format}`, `metrics.${format}`])
        .toSorted(),
    )
    const lines = readFileSync(join(out, 'metrics.csv'), 'utf8').trimEnd().split('\r\n')
    expect(lines).toHaveLength(1 + 3 * REPLICATIONS)
    expect(lines[0]).toMatch(/^replication,startup,livedMonths,mrr,/)
    expect(readFileSync(join(out, 'metrics.parquet')).subarray(0, 4).toString()).toBe('PAR1')
  })

  test('--help shows examples', async () => {
    const { code, stdout } = await rivalry('metrics', '--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /Examples:\n {2}rivalry run three-ways --record months .*\n {2}rivalry metrics out\/three-ways\n/,
    )
  })
})

describe('what a user gets wrong ends with 2, and says where', () => {
  test('a folder without a run, or with one that recorded no months or another format', async () => {
    const empty = await rivalry('metrics', join(folder, 'nowhere'))
    expect(empty).toMatchObject({ code: 2, stdout: '' })
    expect(empty.stderr).toContain(`error[no-run] ${join(folder, 'nowhere', 'manifest.json')}: `)
    const unreadable = join(folder, 'unreadable')
    mkdirSync(join(unreadable, 'manifest.json'), { recursive: true })
    expect((await rivalry('metrics', unreadable)).stderr).toContain(
      `error[input-not-readable] ${join(unreadable, 'manifest.json')}: `,
    )
    const market = marketOf({ set: ['months=6'] })
    const short = join(folder, 'short')
    await simulate(market, { replications: 2, workers: 0, folder: short })
    const summary = await rivalry('metrics', short)
    expect(summary).toMatchObject({ code: 2, stdout: '' })
    expect(summary.stderr).toMatch(
      /^error\[no-months\] .*manifest\.json: .*\n {2}hint: run it again with --record months\n$/,
    )
    const text = join(folder, 'text')
    await simulate(market, { replications: 2, recording: 'months', format: 'csv', workers: 0, folder: text })
    expect((await rivalry('metrics', text)).stderr).toMatch(/^error\[not-arrow\] /)
  })

  test('flags with impossible values, all at once', async () => {
    const { code, stderr } = await rivalry('metrics', run, '--rate', 'ten', '--format', 'xls')
    expect(code).toBe(2)
    expect(stderr).toContain("error[invalid-option] --rate: rate is 'ten'")
    expect(stderr).toContain("error[invalid-option] --format: format is 'xls'")
  })

  test('a startup that the run does not have', async () => {
    const { code, stdout, stderr } = await rivalry(
      'metrics',
      run,
      '--startup',
      'fremium',
      '--out',
      join(folder, 'none'),
    )
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain("error[unknown-startup] --startup: startup is 'fremium'")
    expect(stderr).toContain("hint: did you mean 'freemium'?")
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  test('a file of its own where the metrics would go stays', async () => {
    const out = join(folder, 'mine')
    mkdirSync(out)
    writeFileSync(join(out, 'metrics.arrow'), 'mine')
    const { code, stderr } = await rivalry('metrics', run, '--quiet', '--out', out)
    expect(code).toBe(2)
    expect(stderr).toContain(`error[output-exists] ${join(out, 'metrics.arrow')}: `)
    expect(readFileSync(join(out, 'metrics.arrow'), 'utf8')).toBe('mine')
  })
})
