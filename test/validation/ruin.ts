/**
 * Owns the limit in which a startup's cash is a random walk with drift: it earns a given amount on average each month,
 * give or take a normal error, and nobody gives it capital.
 */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { compileMarket } from '../../engine/market/market.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { Instance } from '../../engine/simulation/instance.ts'
import { PlainRunner, type PlainStrategy } from '../../engine/simulation/plain-strategies.ts'
import { LANES } from '../../engine/trace/layout.ts'
import { oneSeller } from './one-seller.ts'

/** A walk of cash: what there is before month 0, and mean and standard deviation of what each month adds. */
export interface Walk {
  readonly cash: number
  readonly drift: number
  readonly sd: number
}

const MONTHS = 60

/** Taste of .01 utils: at a share of one half, demand is linear in it to within a third of 1e-4 of its own spread. */
const TASTE_SD = 0.01

/**
 * The walk by the engine's own luck. Half of all customers buy at a price that makes a taste of one standard deviation
 * worth `sd`; taste is drawn anew each month; fixed costs leave the drift.
 */
export function walkByTaste({ cash, drift, sd }: Walk): MarketDefinition {
  // d share / d taste = share (1 - share) = 1/4, and a mass of one pays.
  const price = (4 * sd) / TASTE_SD
  return oneSeller({
    months: MONTHS,
    segment: { alpha: 1 / price, beta: 1, u0: 0 },
    parameters: { tasteSd: TASTE_SD, tastePersistence: 0 },
    startup: { cash, fixed: price / 2 - drift },
    plan: { price },
  })
}

/** The name of the strategy that spends at random. */
const SPENDER = 'random-spender'

/** The walk by a strategy in plain TypeScript: everybody buys, and R&D takes all but the drift, give or take an error. */
export function walkBySpending({ cash, drift, sd }: Walk): {
  readonly market: MarketDefinition
  readonly strategy: PlainStrategy
} {
  const revenue = 100 * sd
  const normal = normals(1)
  return {
    market: oneSeller({
      months: MONTHS,
      segment: { alpha: 1 / revenue, u0: -60 },
      startup: { cash, strategy: { name: SPENDER, settings: {} } },
      plan: { price: revenue },
    }),
    strategy: {
      name: SPENDER,
      decide: ({ does, replications }) => {
        for (let r = 0; r < replications; r++) does.rd[r] = revenue - drift + sd * normal()
      },
    },
  }
}

/** Standard normal numbers of a generator of its own: mulberry32, and Box and Muller (1958). */
function normals(seed: number): () => number {
  let state = seed
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** Of so many replications, the share in which the startup has failed by the end of each month, month 0 first. */
export function ruinOf(
  market: MarketDefinition,
  replications: number,
  strategies: readonly PlainStrategy[] = [],
): number[] {
  const rows = 5000
  const compiled = compileMarket(market, {
    recording: 'summary',
    outside: strategies.map(({ name }) => name),
  })
  const instance = new Instance(compiled.program, compiled.structure, {
    backend: 'wasm',
    months: market.months,
    key: seedKeyOf('ruin'),
    rows,
    blocks: strategies.length > 0 ? rows / LANES : 1,
  })
  instance.setPoint(compiled.values)
  const failures = Array.from({ length: market.months }, () => 0)
  for (let first = 0; first < replications; first += rows) {
    if (strategies.length > 0) new PlainRunner(instance, compiled, strategies).run({ first, count: rows })
    else instance.runReplications({ first, count: rows })
    const alive = instance.output('startups', 'alive', { replications: rows })
    const months = instance.output('startups', 'exitMonth', { replications: rows })
    alive.forEach((lives, r) => {
      if (lives === 0) failures[months[r]!]!++
    })
  }
  let failed = 0
  return failures.map((count) => (failed += count) / replications)
}

/** Probability that a walk has gone below zero by a number of months. */
export interface RuinRow {
  readonly drift: number
  readonly months: number
  /** Looked at once a month: two quadratures that agree to 1e-16. */
  readonly monthly: number
  /** Looked at always: the closed form of Brownian motion. */
  readonly continuous: number
}

/**
 * Ruin of cash 100 with a monthly standard deviation of 10. Computed apart from this project; 4 million simulated paths
 * agree. Continuous: Phi((-c - mu T) / (sd sqrt T)) + exp(-2 mu c / sd^2) Phi((-c + mu T) / (sd sqrt T)).
 */
export const ruinRows: readonly RuinRow[] = [
  { drift: -1, months: 12, monthly: 0.006854384910253865, continuous: 0.010060367699010378 },
  { drift: -1, months: 24, monthly: 0.08308338553268942, continuous: 0.10241376297096501 },
  { drift: -1, months: 60, monthly: 0.4129613470019756, continuous: 0.4463839134041293 },
  { drift: 0, months: 12, monthly: 0.0025141094442548808, continuous: 0.0038924171227786293 },
  { drift: 0, months: 24, monthly: 0.03166518121869501, continuous: 0.0412268333371637 },
  { drift: 0, months: 60, monthly: 0.17277463726034387, continuous: 0.1967056024589469 },
  { drift: 1, months: 12, monthly: 0.0008310841694675654, continuous: 0.001361522712010039 },
  { drift: 1, months: 24, monthly: 0.01002555690493892, continuous: 0.013860195619002867 },
  { drift: 1, months: 60, monthly: 0.04975781387587569, continuous: 0.06041149335281543 },
]
