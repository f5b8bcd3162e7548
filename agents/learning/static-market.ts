/**
 * Owns a market as a game in prices: what every startup earns in a month, as the compiled market says, at any prices.
 * Only for markets in which a month leaves nothing behind, such as `scenarios/duopoly.yaml`.
 */
import { RivalryError, assert } from '../../engine/errors.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { compileMarket } from '../../engine/market/market.ts'
import { plans, startups } from '../../engine/market/model.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { Instance } from '../../engine/simulation/instance.ts'
import { LANES } from '../../engine/trace/layout.ts'

/** Profits of the second month may differ from the first's by rounding alone, relative to the largest profit. */
const SAME = 1e-9

/** A market of startups with one plan each, whose monthly profits follow from the prices of that month alone. */
export class StaticMarket {
  readonly market: MarketDefinition
  /** Ids of the startups, in order. */
  readonly startups: readonly string[]
  readonly #instance: Instance

  /** @throws RivalryError `several-plans` when a startup has not exactly one plan. */
  constructor(market: MarketDefinition) {
    for (const { id, plans: offered } of market.startups) {
      if (offered.length === 1) continue
      throw new RivalryError(`startup ${id} has ${offered.length} plans`, {
        code: 'several-plans',
        path: `startups.${id}.plans`,
        hint: 'a learner sets one price: give every startup exactly one plan',
      })
    }
    this.market = { ...market, months: 2 }
    this.startups = market.startups.map(({ id }) => id)
    // Prices differ by replication, so that one block asks about four combinations at once.
    const { program, structure, values } = compileMarket(this.market, {
      recording: 'summary',
      laneParameters: [plans.column.price],
      keep: [startups.column.profit],
    })
    this.#instance = new Instance(program, structure, {
      backend: 'wasm',
      months: this.market.months,
      key: seedKeyOf(1),
      rows: LANES,
    })
    this.#instance.setPoint(values)
  }

  /**
   * Monthly profits at many combinations of prices.
   *
   * @param prices currency a month, `[combination * startups + startup]`
   * @returns currency a month, in the same order
   * @throws RivalryError `not-static` when the second month at the same prices earns something else than the first.
   */
  profitsAt(prices: ArrayLike<number>): Float64Array {
    const count = this.startups.length
    const combinations = prices.length / count
    assert(Number.isInteger(combinations), 'every combination has a price of every startup', prices.length)
    const profits = new Float64Array(prices.length)
    const inBlock = new Float64Array(count * LANES)
    for (let first = 0; first < combinations; first += LANES) {
      for (let at = 0; at < inBlock.length; at++) {
        // The last block repeats the last combination.
        const combination = Math.min(first + (at % LANES), combinations - 1)
        inBlock[at] = prices[combination * count + Math.floor(at / LANES)]!
      }
      this.#runBlock(first, inBlock, profits)
    }
    return profits
  }

  #runBlock(first: number, prices: Float64Array, profits: Float64Array): void {
    const instance = this.#instance
    const block = instance.blockAddress(0)
    const count = this.startups.length
    const profitOf = (record: number, lane: number): number =>
      instance.read(startups.column.profit, { record, lane })
    const lanes = Math.min(LANES, profits.length / count - first)
    instance.assignBlock(0, { replications: [0, 1, 2, 3], row: 0 })
    instance.setLaneParameter(plans.column.price, prices)
    instance.kernel.start(block)
    instance.kernel.run(block, 0, 1)
    for (let lane = 0; lane < lanes; lane++)
      for (let i = 0; i < count; i++) profits[(first + lane) * count + i] = profitOf(i, lane)
    instance.kernel.run(block, 1, 2)
    for (let lane = 0; lane < lanes; lane++) {
      const earned = profits.subarray((first + lane) * count, (first + lane + 1) * count)
      const largest = earned.reduce((most, profit) => Math.max(most, Math.abs(profit)), 0)
      earned.forEach((profit, i) => {
        const next = profitOf(i, lane)
        if (Math.abs(next - profit) <= SAME * largest) return
        throw new RivalryError(
          `startup ${this.startups[i]} earns ${profit} in the first and ${next} in the second month at the same prices`,
          {
            code: 'not-static',
            hint: 'a tabular learner sees prices only: switch off what months leave behind, as scenarios/duopoly.yaml does',
          },
        )
      })
    }
  }
}
