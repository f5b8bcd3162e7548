/** Owns what the flagship says of things that there are data on: survival, margins, readiness, and churn by contract. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { loadScenario } from '../../scenarios/index.ts'
import { MarketRun, column } from '../market/market-run.ts'

/** The flagship, with some figures set as on the command line. */
export const flagship = (set: readonly string[] = []): MarketDefinition =>
  loadScenario('large-model-market', { set: [...set] })

/** The flagship's answers over many replications. */
export interface FlagshipFigures {
  readonly replications: number
  /** Per startup, in the order of the scenario: the share of replications in which it is alive after each month. */
  readonly alive: readonly (readonly number[])[]
  /** Mean of these over the startups. */
  readonly survival: readonly number[]
  /** Per startup and year: gross profit over revenue, of all replications and months together; NaN without revenue. */
  readonly grossMargin: readonly (readonly number[])[]
  /** Share of consumers that is ready after each month, mean over replications. */
  readonly ready: readonly number[]
  /** Share of consumers that has some product after each month, mean over replications. */
  readonly adopted: readonly number[]
}

const BATCH = 40

/** Simulates replications from 0 on, rounded up to whole batches of 40. */
export function flagshipFigures(market: MarketDefinition, wanted: number): FlagshipFigures {
  const { months, startups } = market
  const replications = Math.ceil(wanted / BATCH) * BATCH
  const run = new MarketRun(market, { recording: 'months', keep: [], rows: BATCH })
  const zeros = (length: number): number[] => Array.from({ length }, () => 0)
  const alive = startups.map(() => zeros(months))
  const revenue = startups.map(() => zeros(Math.ceil(months / 12)))
  const directCost = startups.map(() => zeros(Math.ceil(months / 12)))
  const ready = zeros(months)
  const adopted = zeros(months)
  const consumers = market.segments.findIndex(({ id }) => id === 'consumer')
  for (let first = 0; first < replications; first += BATCH) {
    run.instance.runReplications({ first, count: BATCH })
    const output = (table: string, name: string): ArrayLike<number> =>
      run.instance.output(table, name, { replications: BATCH })
    const [lives, earned, paid] = ['alive', 'revenue', 'directCost'].map((name) => output('months', name))
    const [readiness, customers, potential] = ['readiness', 'customers', 'potential'].map((name) =>
      output('segments', name),
    )
    for (let row = 0; row < BATCH * months; row++) {
      const month = row % months
      startups.forEach((_, f) => {
        const at = row * startups.length + f
        alive[f]![month]! += lives![at]! / replications
        revenue[f]![Math.floor(month / 12)]! += earned![at]!
        directCost[f]![Math.floor(month / 12)]! += paid![at]!
      })
      const at = row * market.segments.length + consumers
      ready[month]! += readiness![at]! / replications
      adopted[month]! += customers![at]! / potential![at]! / replications
    }
  }
  return {
    replications,
    alive,
    survival: zeros(months).map(
      (_, month) => alive.reduce((sum, each) => sum + each[month]!, 0) / startups.length,
    ),
    grossMargin: revenue.map((years, f) => years.map((sum, year) => 1 - directCost[f]![year]! / sum)),
    ready,
    adopted,
  }
}

/** Share of a plan's customers who leave the startup in a month, over all months of the replications. */
export interface ChurnFigures {
  readonly plan: string
  readonly termMonths: number
  readonly perMonth: number
}

/**
 * Churn of each of a startup's plans in one segment: those whose term ends, who compare and for whom something else is
 * better. From the state and the probabilities of each month of the run, so only states are subject to luck.
 */
export function churnByPlan(
  market: MarketDefinition,
  { startup, segment, replications }: { startup: string; segment: string; replications: number },
): ChurnFigures[] {
  const run = new MarketRun(market)
  const f = market.startups.findIndex(({ id }) => id === startup)
  const s = market.segments.findIndex(({ id }) => id === segment)
  const pair = run.pairOf(f, s)
  const offers = run.index.pairs[pair]!.offers
  const tallies = offers.map(() => ({ customers: 0, leaving: 0 }))
  for (let first = 0; first < replications; first += 4) {
    run.start([0, 1, 2, 3].map((lane) => first + lane))
    for (let month = 0; month < market.months; month++) {
      run.month = month
      run.steps({ to: 'choice' })
      offers.forEach((o, k) => {
        const slot = run.firstCohort(o) + (month % run.termOf(run.index.offers[o]!.plan))
        for (const lane of [0, 1, 2, 3])
          for (const component of [0, 1, 2]) {
            const read = (of: Parameters<typeof run.read>[0], record: number): number =>
              run.read(of, record, { lane, component })
            const stays = run.read(column.offers.loyalty, o, { lane }) * read(column.pairs.pull, pair)
            const leaves = 1 - stays / (stays + read(column.pairs.others, pair))
            const attention = run.read(column.offers.attention, o, { lane })
            tallies[k]!.leaving += read(column.cohorts.customers, slot) * attention * leaves
            tallies[k]!.customers += read(column.offers.customers, o)
          }
      })
      run.steps({ after: 'choice' })
    }
  }
  return offers.map((o, k) => {
    const { plan } = run.index.plans[run.index.offers[o]!.plan]!
    return { plan: plan.id, termMonths: plan.term, perMonth: tallies[k]!.leaving / tallies[k]!.customers }
  })
}
