/**
 * The study of free-or-paid.yaml: one company under each business model and at each price, in the same worlds with the
 * same luck. docs/thesis.ts runs it and prints what it says.
 */
import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import { businessModels } from '../../agents/business-models/index.ts'
import { strategies } from '../../agents/strategies/index.ts'
import { RivalryError, assert } from '../../engine/errors.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { compileMarket } from '../../engine/market/market.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { Instance } from '../../engine/simulation/instance.ts'
import { RunningMean } from '../../engine/statistics/index.ts'
import type { StudyDefinition, Variant } from '../../engine/study/index.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { type ReadTable, cells, columnNamed } from '../../engine/tables/read.ts'
import { LANES } from '../../engine/trace/layout.ts'
import { loadScenario, locateScenario, parseScenario, setPaths } from '../index.ts'

/** The file of the study. */
interface File {
  readonly title: string
  readonly market: string
  readonly demography: string
  readonly company: Readonly<Record<string, unknown>>
  readonly priceMultiples: readonly number[]
  readonly models: readonly string[]
  readonly freeFirst: Readonly<Record<string, unknown>> & { readonly model: string }
  readonly worlds: number
  readonly replications: number
  readonly seed: string
  readonly uncertain: Readonly<Record<string, { low: number; high: number; scale?: 'log' }>>
}

const file = parse(readFileSync(new URL('free-or-paid.yaml', import.meta.url), 'utf8')) as File

/** What the company may be: a business model, or free first. */
export const companies: readonly string[] = [...file.models, 'free-first']

/** The company at one multiple of its prices: for each world, means over its replications. */
export interface Outcome {
  readonly company: string
  readonly multiple: number
  /** Shares of replications. */
  readonly alive: readonly number[]
  /** Shares of replications. */
  readonly earns: readonly number[]
  /** EUR, to the end of the run. */
  readonly profit: readonly number[]
}

/** The study, in fewer worlds and replications than the file's if so stated: a variant for each company and multiple. */
export function freeOrPaid({
  worlds = file.worlds,
  replications = file.replications,
}: { worlds?: number; replications?: number } = {}): StudyDefinition {
  const factors = Object.entries(file.uncertain).map(([path, { low, high, scale }]) => ({
    path,
    distribution: {
      law: scale === 'log' ? ('log-uniform' as const) : ('uniform' as const),
      low,
      high,
      // Customers are whole.
      ...(path.endsWith('.potential') ? { whole: true } : {}),
    },
  }))
  const search = { objective: 'lenient1' as const, peel: 0.05, paste: 0.05, minimumMass: 0.05, coverage: 0.6 }
  return {
    name: 'free-or-paid',
    title: file.title,
    seed: file.seed,
    record: 'outcomes',
    variants: companies.flatMap(variantsOf),
    baseline: nameOf('subscription', 1),
    structures: [{}],
    design: { kind: 'latin-hypercube', points: worlds, factors },
    replications: { first: replications, step: replications, most: replications, targets: [] },
    metrics: [
      { name: 'alive', of: 'startups.company.alive', unit: 'share' },
      { name: 'profit', of: 'startups.company.profit', unit: 'EUR' },
      { name: 'earns', of: 'startups.company.profit', above: 0, unit: 'share' },
    ],
    discovery: [
      {
        name: 'free with ads lives',
        variant: nameOf('free-with-ads', 1),
        metric: 'alive',
        above: 0.5,
        ...search,
      },
      {
        name: 'free with ads pays',
        variant: nameOf('free-with-ads', 1),
        metric: 'earns',
        above: 0.5,
        ...search,
      },
    ],
    annualRate: 0.1,
    resamples: 1000,
  }
}

/** The name of a variant. */
export function nameOf(company: string, multiple: number): string {
  return `${company} x${multiple}`
}

/** Every variant's outcome in each world, from the study's table of statistics. */
export function outcomesOf({ variants }: StudyDefinition, statistics: ReadTable): Outcome[] {
  const [names, metrics, means] = ['variant', 'metric', 'mean'].map((name) =>
    cells(columnNamed(statistics, name)),
  ) as [string[], string[], number[]]
  return variants.map(({ name }) => {
    const rows = [...means.keys()].filter((row) => names[row] === name)
    const worlds = (metric: string): number[] =>
      rows.filter((row) => metrics[row] === metric).map((row) => means[row]!)
    const [company, multiple] = name.split(' x') as [string, string]
    return {
      company,
      multiple: Number(multiple),
      alive: worlds('alive'),
      earns: worlds('earns'),
      profit: worlds('profit'),
    }
  })
}

/**
 * R&D and profit of the whole industry, in EUR a month, and quality of the best product at the end: a mean over
 * replications for each world of a study. Without a variant the company is not there.
 */
export function industry(
  definition: StudyDefinition,
  variant?: Variant,
): { rd: number[]; profit: number[]; frontier: number[] } {
  const points = new StudyPoints(definition)
  const base = variant === undefined ? withoutCompany() : variant.markets[0]!
  const { most } = definition.replications
  const rows = Math.ceil(most / LANES) * LANES
  let instance: Instance | undefined
  const worlds = Array.from({ length: points.count }, (_, point) => {
    const values = Object.entries(points.values(point) as Record<string, number>)
    const here = values.filter(([path]) => variant !== undefined || !path.startsWith('startups.company.'))
    const market = setPaths(base, Object.fromEntries(here))
    const compiled = compileMarket(market, { recording: 'months', strategies })
    instance ??= new Instance(compiled.program, compiled.structure, {
      backend: 'wasm',
      months: market.months,
      key: seedKeyOf(definition.seed),
      rows,
    })
    instance.setPoint(compiled.values)
    instance.runReplications({ first: 0, count: rows })
    const read = (name: string): ArrayLike<number> => instance!.output('months', name, { replications: most })
    return worldOf(market, most, read)
  })
  return {
    rd: worlds.map(({ rd }) => rd),
    profit: worlds.map(({ profit }) => profit),
    frontier: worlds.map(({ frontier }) => frontier),
  }
}

/** Means over the replications of a market, whose months `read` gives. */
function worldOf(
  { months, startups }: MarketDefinition,
  replications: number,
  read: (name: string) => ArrayLike<number>,
): { rd: number; profit: number; frontier: number } {
  const [rd, profit, alive] = [read('rd'), read('profit'), read('alive')]
  const attributes = ['accuracy', 'scalability', 'responsiveness'].map(read)
  const [rdMean, profitMean, frontier] = [new RunningMean(), new RunningMean(), new RunningMean()]
  for (let first = 0; first < replications * months * startups.length; first += startups.length) {
    const rowsOfMonth = startups.map((_, f) => first + f)
    rdMean.add(rowsOfMonth.reduce((sum, row) => sum + rd[row]!, 0))
    profitMean.add(rowsOfMonth.reduce((sum, row) => sum + profit[row]!, 0))
    if ((first / startups.length + 1) % months !== 0) continue
    const qualities = rowsOfMonth
      .filter((row) => alive[row] === 1)
      .map((row) => attributes.reduce((sum, values) => sum + values[row]!, 0) / attributes.length)
    frontier.add(Math.max(0, ...qualities))
  }
  return { rd: rdMean.value!, profit: profitMean.value!, frontier: frontier.value! }
}

function withoutCompany(): MarketDefinition {
  return loadScenario(file.market, { set: [`demography=${file.demography}`] })
}

/** The market with the company in it, at each multiple of its prices; at one where it has none. */
function variantsOf(company: string): Variant[] {
  const market = withCompany(company)
  const { plans } = market.startups.find(({ id }) => id === 'company')!
  const isPaid = plans.some(({ price, usagePrice }) => price > 0 || usagePrice > 0)
  return (isPaid ? file.priceMultiples : [1]).map((multiple) => {
    const prices = plans.flatMap(({ id, price, usagePrice }) => [
      [`startups.company.plans.${id}.price`, price * multiple],
      [`startups.company.plans.${id}.usagePrice`, usagePrice * multiple],
    ])
    return {
      name: nameOf(company, multiple),
      markets: [setPaths(market, Object.fromEntries(prices) as Record<string, number>)],
    }
  })
}

function withCompany(company: string): MarketDefinition {
  const base = parse(readFileSync(locateScenario(file.market), 'utf8')) as {
    segments: Record<string, { kind: string }>
    startups: Record<string, unknown>
  }
  const own = company === 'free-first' ? file.freeFirst : { model: company }
  const model = businessModels.find(({ name }) => name === own.model)
  if (!model) throw new RivalryError(`there is no business model ${own.model}`, { code: 'unknown-model' })
  const kinds = new Set<string>(model.plans.flatMap(({ offeredTo }) => offeredTo))
  const served = Object.keys(base.segments).filter((id) => kinds.has(base.segments[id]!.kind))
  assert(served.length > 0, 'somebody is offered something', { company })
  const text = stringify({
    ...base,
    name: `${file.market}-with-${company}`,
    demography: file.demography,
    startups: {
      ...base.startups,
      company: {
        ...file.company,
        split: Object.fromEntries(served.map((id) => [id, 1 / served.length])),
        ...own,
      },
    },
  })
  return parseScenario(text, { file: 'free-or-paid.yaml' })
}
