/**
 * The study of free-or-paid.yaml: one company under each business model and at each price, in the same worlds with the
 * same luck. docs/thesis.ts runs it and prints what it says.
 */
import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import { businessModels } from '../../agents/business-models/index.ts'
import { strategies } from '../../agents/strategies/index.ts'
import { RivalryError } from '../../engine/errors.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { compileMarket } from '../../engine/market/market.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { Instance } from '../../engine/simulation/instance.ts'
import type { StudyDefinition, Variant } from '../../engine/study/index.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { luckOffset } from '../../engine/study/units/units.ts'
import { type ReadTable, cells, columnNamed } from '../../engine/tables/read.ts'
import { LANES } from '../../engine/trace/layout.ts'
import { type Figure, loadScenario, locateScenario, parseScenario, setPaths } from '../index.ts'

/** The file of the study. */
interface File {
  readonly market: string
  readonly demography: string
  readonly company: Readonly<Record<string, unknown>>
  readonly priceMultiples: readonly number[]
  readonly models: readonly string[]
  readonly freeFirst: Readonly<Record<string, unknown>> & { readonly model: string }
  readonly study: Omit<StudyDefinition, 'variants'>
}

const file = parse(readFileSync(new URL('free-or-paid.yaml', import.meta.url), 'utf8'), {
  merge: true,
}) as File

/** What the company may be: a business model, or free first. */
export const companies: readonly string[] = [...file.models, 'free-first']

/** The company at one multiple of its prices: for each world, means over its replications. */
export interface Outcome {
  readonly company: string
  readonly multiple: number
  /** Name of the variant. */
  readonly variant: string
  /** Shares of replications. */
  readonly alive: readonly number[]
  /** Shares of replications. */
  readonly earns: readonly number[]
  /** EUR, to the end of the run. */
  readonly profit: readonly number[]
}

/** The study, with a variant for each company and multiple; in fewer worlds and replications if so stated. */
export function freeOrPaid(less: { worlds?: number; replications?: number } = {}): StudyDefinition {
  const { design, replications, ...study } = file.study
  const first = less.replications ?? replications.first
  return {
    ...study,
    variants: companies.flatMap(variantsOf),
    design: { ...design, ...(less.worlds === undefined ? {} : { points: less.worlds }) } as typeof design,
    replications: { first, step: first, most: first, targets: [] },
  }
}

/** Every variant's outcome in each world, from the study's table of statistics. */
export function outcomesOf({ variants }: StudyDefinition, statistics: ReadTable): Outcome[] {
  const [names, metrics, means] = ['variant', 'metric', 'mean'].map((name) =>
    cells(columnNamed(statistics, name)),
  ) as [string[], string[], number[]]
  return variants.map(({ name: variant }) => {
    const rows = [...means.keys()].filter((row) => names[row] === variant)
    const [alive, earns, profit] = ['alive', 'earns', 'profit'].map((metric) =>
      rows.filter((row) => metrics[row] === metric).map((row) => means[row]!),
    ) as [number[], number[], number[]]
    const [company, multiple] = variant.split(' x') as [string, string]
    return { company, multiple: Number(multiple), variant, alive, earns, profit }
  })
}

/** A whole industry in one world: means over replications. */
export interface Industry {
  /** EUR a month. */
  readonly rd: number
  /** EUR a month. */
  readonly profit: number
  /** Quality of the best product at the end. */
  readonly frontier: number
}

/** The industry in each world of a study, with the company of a variant; not in it without one. */
export function industryOf(definition: StudyDefinition, variant?: Variant): Industry[] {
  const points = new StudyPoints(definition)
  const { most } = definition.replications
  const rows = Math.ceil(most / LANES) * LANES
  const alone = loadScenario(file.market, { set: [`demography=${file.demography}`] })
  let instance: Instance | undefined
  return Array.from({ length: points.count }, (_, point) => {
    const others = Object.entries(points.values(point)).filter(([path]) => !path.includes('.company.'))
    const market =
      variant === undefined
        ? setPaths(alone, Object.fromEntries(others) as Record<string, Figure>)
        : points.market(variant, point)
    const { program, structure, values } = compileMarket(market, { recording: 'months', strategies })
    const key = seedKeyOf(definition.seed)
    instance ??= new Instance(program, structure, { backend: 'wasm', months: market.months, key, rows })
    instance.setPoint(values)
    instance.runReplications({ first: point * luckOffset(definition), count: rows })
    return meansOf(market, most, (name) => instance!.output('months', name, { replications: most }))
  })
}

function meansOf(
  { months, startups }: MarketDefinition,
  replications: number,
  read: (name: string) => ArrayLike<number>,
): Industry {
  const [rd, profit, alive] = [read('rd'), read('profit'), read('alive')]
  const attributes = ['accuracy', 'scalability', 'responsiveness'].map(read)
  const sums = { rd: 0, profit: 0, frontier: 0 }
  for (let row = 0; row < replications * months * startups.length; row++) {
    sums.rd += rd[row]! / months
    sums.profit += profit[row]! / months
  }
  for (let replication = 1; replication <= replications; replication++) {
    const last = (replication * months - 1) * startups.length
    const qualities = startups.map((_, f) =>
      alive[last + f] === 1 ? attributes.reduce((sum, values) => sum + values[last + f]! / 3, 0) : 0,
    )
    sums.frontier += Math.max(...qualities)
  }
  const { rd: spent, profit: gained, frontier } = sums
  return { rd: spent / replications, profit: gained / replications, frontier: frontier / replications }
}

/** The market with the company in it, at each multiple of its prices; at one where it has none. */
function variantsOf(company: string): Variant[] {
  const market = marketWith(company)
  const { plans } = market.startups.find(({ id }) => id === 'company')!
  const isPaid = plans.some(({ price, usagePrice }) => price > 0 || usagePrice > 0)
  return (isPaid ? file.priceMultiples : [1]).map((multiple) => {
    const prices = plans.flatMap(({ id, price, usagePrice }) => [
      [`startups.company.plans.${id}.price`, price * multiple],
      [`startups.company.plans.${id}.usagePrice`, usagePrice * multiple],
    ])
    const priced = setPaths(market, Object.fromEntries(prices) as Record<string, number>)
    return { name: `${company} x${multiple}`, markets: [priced] }
  })
}

function marketWith(company: string): MarketDefinition {
  const base = parse(readFileSync(locateScenario(file.market), 'utf8')) as {
    segments: Record<string, { kind: string }>
    startups: Record<string, unknown>
  }
  const own = company === 'free-first' ? file.freeFirst : { model: company }
  const model = businessModels.find(({ name }) => name === own.model)
  if (!model) throw new RivalryError(`there is no business model ${own.model}`, { code: 'unknown-model' })
  const kinds = new Set<string>(model.plans.flatMap(({ offeredTo }) => offeredTo))
  const served = Object.keys(base.segments).filter((id) => kinds.has(base.segments[id]!.kind))
  const split = Object.fromEntries(served.map((id) => [id, 1 / served.length]))
  const text = stringify({
    ...base,
    name: `${file.market}-with-${company}`,
    demography: file.demography,
    startups: { ...base.startups, company: { ...file.company, split, ...own } },
  })
  return parseScenario(text, { file: 'free-or-paid.yaml' })
}
