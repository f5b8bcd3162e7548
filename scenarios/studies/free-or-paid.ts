/**
 * The study of free-or-paid.yaml: one company under each business model, in the same worlds with the same luck. What it
 * says is printed by docs/thesis.ts.
 */
import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import seedrandom from 'seedrandom'
import { businessModels } from '../../agents/business-models/index.ts'
import { strategies } from '../../agents/strategies/index.ts'
import { RivalryError } from '../../engine/errors.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { compileMarket, type CompiledMarket } from '../../engine/market/market.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { Instance } from '../../engine/simulation/instance.ts'
import { loadScenario, locateScenario, parseScenario, setPaths } from '../index.ts'

/** The file of a study. */
interface StudyFile {
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

/** A set of parameter values, by path. */
export type World = Readonly<Record<string, number>>

/** Worlds by Latin hypercube sampling (McKay, Beckman and Conover 1979): each range in as many strata as worlds. */
export function latinHypercube(
  uncertain: StudyFile['uncertain'],
  { worlds, seed }: { worlds: number; seed: string },
): World[] {
  const columns = Object.entries(uncertain).map(([path, { low, high, scale }]) => {
    const random = seedrandom(`${seed} ${path}`)
    const strata = Array.from({ length: worlds }, (_, i) => i)
    for (let i = worlds - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1))
      ;[strata[i], strata[j]] = [strata[j] as number, strata[i] as number]
    }
    const values = strata.map((stratum) => {
      const at = (stratum + random()) / worlds
      return scale === 'log' ? low * (high / low) ** at : low + (high - low) * at
    })
    // Customers are whole.
    return [path, path.endsWith('.potential') ? values.map(Math.round) : values] as const
  })
  return Array.from({ length: worlds }, (_, i) =>
    Object.fromEntries(columns.map(([path, values]) => [path, values[i] as number])),
  )
}

/** What a variant came to: one entry per world and replication, in that order. */
export interface Outcome {
  readonly variant: string
  readonly multiple: number
  readonly alive: readonly boolean[]
  /** Millions. */
  readonly profit: readonly number[]
}

/** A study ready to run. */
export class FreeOrPaid {
  readonly file: StudyFile
  readonly worlds: readonly World[]
  readonly replications: number

  constructor(options: { worlds?: number; replications?: number } = {}) {
    this.file = parse(readFileSync(new URL('free-or-paid.yaml', import.meta.url), 'utf8')) as StudyFile
    this.replications = Math.ceil((options.replications ?? this.file.replications) / 4) * 4
    this.worlds = latinHypercube(this.file.uncertain, {
      worlds: options.worlds ?? this.file.worlds,
      seed: this.file.seed,
    })
  }

  /** The names of what the company may be. */
  get variants(): string[] {
    return [...this.file.models, 'free-first']
  }

  /** The flagship with the company in it, under a business model; without it if none is named. */
  market(variant?: string): MarketDefinition {
    const { file } = this
    if (variant === undefined) return loadScenario(file.market, { set: [`demography=${file.demography}`] })
    const base = parse(readFileSync(locateScenario(file.market), 'utf8')) as {
      segments: Record<string, { kind: string }>
      startups: Record<string, unknown>
    }
    const own = variant === 'free-first' ? file.freeFirst : { model: variant }
    const model = businessModels.find(({ name }) => name === own.model)
    if (!model) throw new RivalryError(`there is no business model ${own.model}`, { code: 'unknown-model' })
    const kinds = new Set<string>(model.plans.flatMap(({ offeredTo }) => offeredTo))
    const served = Object.keys(base.segments).filter((id) => kinds.has(base.segments[id]!.kind))
    const split = Object.fromEntries(served.map((id) => [id, 1 / served.length]))
    const text = stringify({
      ...base,
      name: `${file.market}-with-${variant}`,
      demography: file.demography,
      startups: { ...base.startups, company: { ...file.company, split, ...own } },
    })
    return parseScenario(text, { file: 'free-or-paid.yaml' })
  }

  /** Simulates a variant at each multiple of its prices, in every world. */
  outcomes(variant: string): Outcome[] {
    const market = this.market(variant)
    const company = market.startups.findIndex(({ id }) => id === 'company')
    const plans = market.startups[company]!.plans
    const paid = plans.filter(({ price, usagePrice }) => price > 0 || usagePrice > 0)
    const multiples = paid.length === 0 ? [1] : this.file.priceMultiples
    let instance: Instance | undefined
    return multiples.map((multiple) => {
      const alive: boolean[] = []
      const profit: number[] = []
      const priced = Object.fromEntries(
        paid.flatMap(({ id, price, usagePrice }) => [
          [`startups.company.plans.${id}.price`, price * multiple],
          [`startups.company.plans.${id}.usagePrice`, usagePrice * multiple],
        ]),
      )
      for (const world of this.worlds) {
        const compiled = compileMarket(setPaths(market, { ...priced, ...world }), {
          recording: 'summary',
          strategies,
        })
        instance ??= this.instance(compiled)
        instance.setPoint(compiled.values)
        instance.runReplications({ first: 0, count: this.replications })
        const read = (name: string): ArrayLike<number> =>
          instance!.output('startups', name, { replications: this.replications })
        const [lives, gains] = [read('alive'), read('profit')]
        for (let r = 0; r < this.replications; r++) {
          const at = r * market.startups.length + company
          alive.push(lives[at] === 1)
          profit.push(gains[at]! / 1e6)
        }
      }
      return { variant, multiple, alive, profit }
    })
  }

  /**
   * R&D and profit a month of the whole industry, in millions, and quality of the best product at the end: a mean over
   * replications for each world. The company sells at a multiple of its prices; without a variant it is not there.
   */
  industry(variant?: string, multiple = 1): { rd: number[]; profit: number[]; frontier: number[] } {
    const market = this.market(variant)
    const { months, startups } = market
    const company = startups.find(({ id }) => id === 'company')
    const priced = Object.fromEntries(
      (company?.plans ?? []).flatMap(({ id, price, usagePrice }) => [
        [`startups.company.plans.${id}.price`, price * multiple],
        [`startups.company.plans.${id}.usagePrice`, usagePrice * multiple],
      ]),
    )
    let instance: Instance | undefined
    const results = this.worlds.map((world) => {
      const here = Object.fromEntries(
        Object.entries(world).filter(([path]) => company !== undefined || !path.includes('company')),
      )
      const compiled = compileMarket(setPaths(market, { ...priced, ...here }), {
        recording: 'months',
        strategies,
      })
      instance ??= this.instance(compiled)
      instance.setPoint(compiled.values)
      instance.runReplications({ first: 0, count: this.replications })
      const read = (name: string): ArrayLike<number> =>
        instance!.output('months', name, { replications: this.replications })
      const [rd, profit, alive] = [read('rd'), read('profit'), read('alive')]
      const attributes = ['accuracy', 'scalability', 'responsiveness'].map(read)
      const sums = { rd: 0, profit: 0, frontier: 0 }
      for (let r = 0; r < this.replications; r++) {
        const first = r * months * startups.length
        for (let at = first; at < first + months * startups.length; at++) {
          sums.rd += rd[at]! / 1e6 / months
          sums.profit += profit[at]! / 1e6 / months
        }
        const last = first + (months - 1) * startups.length
        sums.frontier += Math.max(
          0,
          ...startups.map((_, f) =>
            alive[last + f] ? attributes.reduce((sum, values) => sum + values[last + f]! / 3, 0) : 0,
          ),
        )
      }
      return sums
    })
    const per = (of: 'rd' | 'profit' | 'frontier'): number[] =>
      results.map((sums) => sums[of] / this.replications)
    return { rd: per('rd'), profit: per('profit'), frontier: per('frontier') }
  }

  private instance(compiled: CompiledMarket): Instance {
    return new Instance(compiled.program, compiled.structure, {
      backend: 'wasm',
      months: compiled.market.months,
      key: seedKeyOf(this.file.seed),
      rows: this.replications,
    })
  }
}

/** The arithmetic mean. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** The mean of each world's replications. */
export function byWorld(values: readonly (number | boolean)[], replications: number): number[] {
  return Array.from({ length: values.length / replications }, (_, world) =>
    mean(values.slice(world * replications, (world + 1) * replications).map(Number)),
  )
}

/** Spearman's rank correlation, with mean ranks for ties. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const ranks = (values: readonly number[]): number[] =>
    values.map((value) => {
      const below = values.filter((other) => other < value).length
      const equal = values.filter((other) => other === value).length
      return below + (equal - 1) / 2
    })
  const [x, y] = [ranks(a), ranks(b)]
  const [mx, my] = [mean(x), mean(y)]
  const covariance = mean(x.map((value, i) => (value - mx) * (y[i]! - my)))
  const spread = (values: readonly number[], middle: number): number =>
    Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
  const scale = spread(x, mx) * spread(y, my)
  return scale === 0 ? 0 : covariance / scale
}
