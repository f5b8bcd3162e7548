/** Small studies for tests: every kind of design, one to three variants, some seconds of one core together. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { strategies } from '../../agents/strategies/index.ts'
import type { Factor, StudyDefinition, StudyOptions } from '../../engine/study/index.ts'
import { MANIFEST_NAME } from '../../engine/files/manifest.ts'
import { runStudy } from '../../engine/study/run-study.ts'
import type { CompleteStudy, StudyResult } from '../../engine/study/study-result.ts'
import { sha256 } from '../../engine/tables/digest.ts'
import { readArrow, type CellValue } from '../../engine/tables/read.ts'
import { parseScenario, type MarketDefinition } from '../../index.ts'

/** A scenario of two startups, the first of which is in danger. */
export const MARKET = `
months: 24
currency: EUR
segments:
  consumer: { kind: consumer, potential: 300_000 }
startups:
  first: { model: freemium }
  second: { model: subscription }
`
const THIRD = `  third: { model: free-with-ads, entry: 6 }
`

/** Two startups, the first of which is in danger; and a third that enters later, where it is asked for. */
export function smallMarket({
  set = [],
  third = false,
}: { set?: readonly string[]; third?: boolean } = {}): MarketDefinition {
  return parseScenario(third ? MARKET + THIRD : MARKET, { set })
}

const computePrice: Factor = {
  path: 'parameters.computePrice',
  distribution: { law: 'log-uniform', low: 0.003, high: 0.09 },
}
const adAversion: Factor = {
  path: 'parameters.adAversion',
  distribution: { law: 'uniform', low: 0.05, high: 0.6 },
}
const cash: Factor = { path: 'startups.first.cash', distribution: { law: 'uniform', low: 1e6, high: 6e6 } }

const plain: Pick<
  StudyDefinition,
  'title' | 'seed' | 'record' | 'structures' | 'discovery' | 'annualRate' | 'resamples'
> = {
  title: 'A small study',
  seed: 'any text: ü',
  record: 'summary',
  structures: [{}],
  discovery: [],
  annualRate: 0.1,
  resamples: 50,
}

const metrics: StudyDefinition['metrics'] = [
  { name: 'alive', of: 'startups.first.alive', unit: 'share' },
  { name: 'profit', of: 'startups.first.profit', unit: 'EUR' },
  { name: 'exit', of: 'startups.first.exitMonth', unit: 'month' },
  { name: 'bearable', of: 'startups.first.profit', above: -8e6, unit: 'share' },
  { name: 'third', of: 'startups.third.profit', unit: 'EUR' },
]

/** A fixed number of replications for each point. */
function fixed(count: number): StudyDefinition['replications'] {
  return { first: count, step: count, most: count, targets: [] }
}

/** One market, one point; no number of replications that four divides. */
export const onePoint: StudyDefinition = {
  ...plain,
  name: 'one-point',
  variants: [{ name: 'base', markets: [smallMarket()] }],
  design: { kind: 'point' },
  replications: fixed(6003),
  metrics,
}

/** Two variants, of which one has a startup more; points stop after one, two or three looks. */
export const stopping: StudyDefinition = {
  ...plain,
  name: 'stopping',
  variants: [
    { name: 'wide', markets: [smallMarket({ third: true })] },
    { name: 'base', markets: [smallMarket()] },
  ],
  baseline: 'base',
  design: { kind: 'latin-hypercube', points: 7, factors: [computePrice, cash] },
  replications: {
    first: 500,
    step: 302,
    most: 1100,
    targets: [
      { metric: 'alive', halfWidth: 0.03 },
      { metric: 'profit', variant: 'wide', difference: true, relative: 0.9 },
    ],
  },
  metrics,
  discovery: [
    {
      name: 'lives',
      variant: 'base',
      metric: 'alive',
      above: 0.8,
      objective: 'lenient1',
      peel: 0.05,
      paste: 0.05,
      minimumMass: 0.05,
      coverage: 0.8,
    },
  ],
}

const MODELS = ['freemium', 'free-with-ads', 'subscription']

/** Every combination of a business model, for which markets are compiled anew, and a figure. */
export const structural: StudyDefinition = {
  ...plain,
  name: 'structural',
  variants: ['0', '50'].map((nu) => ({
    name: `nu-${nu}`,
    markets: MODELS.map((model) =>
      smallMarket({ set: [`startups.first.model=${model}`, `segments.consumer.nu=${nu === '0' ? 0 : 2}`] }),
    ),
  })),
  baseline: 'nu-50',
  structures: MODELS.map((model) => ({ 'startups.first.model': model })),
  design: {
    kind: 'factorial',
    factors: [
      { path: 'startups.first.model', distribution: { law: 'choice', values: MODELS } },
      { path: 'parameters.computePrice', distribution: { law: 'choice', values: [0.01, 0.05] } },
    ],
  },
  replications: fixed(700),
  metrics,
}

/** Sobol indices of what is kept in outcomes only. */
export const sobolIndices: StudyDefinition = {
  ...plain,
  name: 'sobol-indices',
  record: 'outcomes',
  variants: [{ name: 'base', markets: [smallMarket()] }],
  design: { kind: 'saltelli', base: 16, scramble: true, factors: [computePrice, adAversion, cash] },
  replications: fixed(101),
  metrics,
}

/** Elementary effects of three factors. */
export const trajectories: StudyDefinition = {
  ...plain,
  name: 'trajectories',
  record: 'outcomes',
  variants: [{ name: 'base', markets: [smallMarket()] }],
  design: { kind: 'morris', trajectories: 6, levels: 4, factors: [computePrice, adAversion, cash] },
  replications: fixed(302),
  metrics,
}

/** Three variants at listed points with luck of their own, of which one leaves a figure as it is. */
export const threeVariants: StudyDefinition = {
  ...plain,
  name: 'three-variants',
  variants: [
    { name: 'base', markets: [smallMarket()] },
    { name: 'third', markets: [smallMarket({ third: true })] },
    { name: 'rich', markets: [smallMarket({ set: ['startups.first.cash=6_000_000'] })] },
  ],
  baseline: 'base',
  luck: 'own',
  design: {
    kind: 'list',
    points: [{ 'parameters.computePrice': 0.01 }, { 'startups.second.cash': 2e6 }, {}],
  },
  replications: fixed(1301),
  metrics,
}

/** Two variants with months, and metrics that are computed from them. */
export const monthly: StudyDefinition = {
  ...plain,
  name: 'monthly',
  record: 'months',
  variants: [
    { name: 'base', markets: [smallMarket()] },
    { name: 'wide', markets: [smallMarket({ third: true })] },
  ],
  baseline: 'base',
  design: {
    kind: 'list',
    points: [{ 'parameters.computePrice': 0.01 }, { 'parameters.computePrice': 0.05 }],
  },
  replications: fixed(550),
  metrics: [
    ...metrics,
    { name: 'churn', of: 'metrics.first.userChurn', unit: 'share' },
    { name: 'value', of: 'metrics.third.discountedValue', unit: 'EUR' },
    { name: 'concentration', of: 'market.hhi', unit: '1' },
  ],
}

/** All of them. */
export const smallStudies: readonly StudyDefinition[] = [
  onePoint,
  stopping,
  structural,
  sobolIndices,
  trajectories,
  threeVariants,
  monthly,
]

/** Runs or goes on with a study in this thread. */
export function run(definition: StudyDefinition, options: StudyOptions = {}): Promise<StudyResult> {
  return runStudy(definition, { workers: 0, strategies, ...options })
}

/** Sees that a study is complete. */
export function complete(result: StudyResult): CompleteStudy {
  if (!result.isComplete) throw new Error(`the study is not complete: ${JSON.stringify(result.status)}`)
  return result
}

/** The digest of every file in a folder, with those below it, by path. */
export function digestsIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return [path.slice(folder.length + 1), sha256(readFileSync(path))]
      }),
  )
}

/** A row of a table by name of the column. */
export type Row = Readonly<Record<string, CellValue>>

/** All rows of an Arrow file. */
export function rowsOf(folder: string, table: string): Row[] {
  const { columns, rowCount } = readArrow(readFileSync(join(folder, `${table}.arrow`)))
  const read = columns.map(({ declaration: { name, dictionary }, values, bitmap }) => ({
    name,
    at: (row: number): CellValue => {
      if (bitmap !== undefined && ((bitmap[row >> 3]! >> (row & 7)) & 1) === 0) return null
      const value = Number(values[row])
      return dictionary === undefined ? value : dictionary[value]!
    },
  }))
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(read.map(({ name, at }) => [name, at(row)])),
  )
}

/** Names of the results in a folder, as its manifest lists them, with the manifest. */
export function resultNames(folder: string): string[] {
  const { files } = JSON.parse(readFileSync(join(folder, MANIFEST_NAME), 'utf8')) as {
    files: { name: string }[]
  }
  return [...files.map(({ name }) => name), MANIFEST_NAME].toSorted()
}
