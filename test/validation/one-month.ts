/** Owns one month that is played again and again from one state: what whole customers do, over many replications. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { BLOCK } from '../../engine/trace/layout.ts'
import { MarketRun, column } from '../market/market-run.ts'
import { smallMarket, smallPlan } from '../naive/markets.ts'

/** The month that is played: plans that close then are closed, and prepaid terms of three months renew in slot 2. */
export const MONTH = 2

const types = [0, 1, 2] as const

/**
 * Three startups in one segment: one with a monthly and a quarterly plan, one with an open plan and a closed one, one
 * with a single plan. Nothing is random but whom customers choose, and all counts that are rounded once are whole: a
 * sixth of the potential, and half of those who are ready and have nothing.
 */
export function crowd(potential: number, changes: Partial<MarketDefinition> = {}): MarketDefinition {
  const market = smallMarket({
    segment: { potential, growth: 0, shop: 0.5, phi: 0.4, sigma: 0.5, nu: 1, u0: 2.2 },
    parameters: { tasteSd: 0, abilitySd: 0, cashSd: 0, readinessSd: 0 },
    startups: {
      first: {
        awarenessTargeted: 0.6,
        plans: [smallPlan('monthly', { price: 3 }), smallPlan('quarterly', { price: 2.5, term: 3 })],
      },
      second: {
        awarenessTargeted: 0.9,
        quality: [0.5, 0.6, 0.7],
        plans: [smallPlan('open', { price: 0, cap: 40 }), smallPlan('closed', { price: 1, closes: MONTH })],
      },
      third: {
        awarenessTargeted: 0.3,
        quality: [0.8, 0.8, 0.8],
        plans: [smallPlan('only', { price: 6, phi: 0.9, sigma: 2 })],
      },
    },
  })
  return { ...market, months: MONTH + 1, demography: 'integer', books: 'cents', ...changes }
}

/** What is counted in the month, by name. */
export type Counts = ReadonlyMap<string, number>

/** A market that stands before month `MONTH` with customers in every cohort, and some without a startup. */
export class OneMonth {
  readonly run: MarketRun
  private readonly state: Float64Array
  private readonly saved: Float64Array

  /** Without `customers` nobody has a plan yet; `emptyOffer` is one that nobody has. */
  constructor(
    market: MarketDefinition,
    {
      customers = true,
      emptyOffer = -1,
    }: { readonly customers?: boolean; readonly emptyOffer?: number } = {},
  ) {
    this.run = new MarketRun(market)
    const { run } = this
    run.start()
    run.month = MONTH
    const [{ potential }] = market.segments as [MarketDefinition['segments'][number]]
    for (const lane of [0, 1, 2, 3])
      for (const h of types) {
        const put = (of: typeof column.offers.customers, record: number, value: number): void =>
          run.instance.write(of, value, { record, component: h, lane })
        // Even numbers, a twentieth to a tenth of the type a cohort, so that half of those without a startup is whole.
        const share = potential * market.types.weights[h]!
        run.index.offers.forEach(({ plan }, o) => {
          let held = 0
          for (let slot = 0; slot < run.termOf(plan); slot++) {
            const count =
              customers && o !== emptyOffer ? 2 * Math.round(share * 0.01 * (2 + ((o + slot + h) % 4))) : 0
            put(column.cohorts.customers, run.firstCohort(o) + slot, count)
            held += count
          }
          put(column.offers.customers, o, held)
        })
        put(column.segments.orphans, 0, 2 * Math.round(share * 0.02))
      }
    const { instance } = run
    this.state = new Float64Array(
      instance.memory.buffer,
      instance.blockAddress(0) + BLOCK.bytes,
      (instance.stateBytes - BLOCK.bytes) / 8,
    )
    this.saved = this.state.slice()
  }

  /** Plays the month for four replications, and counts what customers did in each. */
  play(replications: readonly number[]): Counts[] {
    const { run } = this
    run.instance.assignBlock(0, { replications, row: 0 })
    this.state.set(this.saved)
    run.steps({ to: 'enrolment' })
    return [0, 1, 2, 3].map((lane) => this.counted(lane))
  }

  private counted(lane: number): Counts {
    const { run } = this
    const counts = new Map<string, number>()
    for (const h of types) {
      const read = (of: typeof column.offers.customers, record: number): number =>
        run.read(of, record, { lane, component: h })
      counts.set(`shoppers ${h}`, read(column.segments.shoppers, 0))
      run.index.pairs.forEach((_, p) =>
        counts.set(`leaving startup ${p}, type ${h}`, read(column.pairs.leaving, p)),
      )
      run.index.offers.forEach(({ plan }, o) => {
        counts.set(`newcomers to offer ${o}, type ${h}`, read(column.offers.newcomers, o))
        const renewed = read(column.cohorts.customers, run.firstCohort(o) + (MONTH % run.termOf(plan)))
        counts.set(`renewed in offer ${o}, type ${h}`, renewed - read(column.offers.newcomers, o))
      })
    }
    return counts
  }
}

/** Mean and standard error over replications of everything that is counted. */
export function averaged(
  month: OneMonth,
  replications: number,
): ReadonlyMap<string, { readonly mean: number; readonly error: number }> {
  const sums = new Map<string, { sum: number; squares: number }>()
  for (let first = 0; first < replications; first += 4) {
    for (const counts of month.play([first, first + 1, first + 2, first + 3])) {
      for (const [name, count] of counts) {
        const seen = sums.get(name) ?? { sum: 0, squares: 0 }
        seen.sum += count
        seen.squares += count * count
        sums.set(name, seen)
      }
    }
  }
  return new Map(
    [...sums].map(([name, { sum, squares }]) => {
      const mean = sum / replications
      // Of a count that never varies, squares and mean squared differ by rounding only.
      const variance = Math.max(0, squares / replications - mean * mean)
      return [name, { mean, error: Math.sqrt(variance / replications) }]
    }),
  )
}
