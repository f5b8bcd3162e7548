/** Counts how long the startups of a unit live: what survival curves are estimated from. */
import { assert } from '../../errors.ts'
import type { MarketDefinition } from '../../market/definition.ts'
import type { ColumnBatch } from '../../tables/batch.ts'
import type { TableDeclaration } from '../../tables/declaration.ts'
import { columnReader } from './column-reader.ts'
import type { ColumnSource } from './growing-rows.ts'

/** Most months of a run: the bound of scenarios. */
const MOST_MONTHS = 600

/** Exits and censored lives of one variant's startups after the other's, by the month of their life. */
export class LifeCounts {
  readonly declaration: TableDeclaration
  #variant = 0
  readonly #ids: readonly string[]
  /** At startup * (months + 1) + month. */
  readonly #exits: Float64Array
  readonly #censored: Float64Array

  /** @param declaration that of `livesTable` */
  constructor(declaration: TableDeclaration) {
    this.declaration = declaration
    this.#ids = declaration.columns[1]!.dictionary!
    this.#exits = new Float64Array(this.#ids.length * (MOST_MONTHS + 1))
    this.#censored = new Float64Array(this.#ids.length * (MOST_MONTHS + 1))
  }

  /** Forgets what was counted, for a variant. */
  begin({ variant }: { variant: number }): void {
    this.#variant = variant
    this.#exits.fill(0)
    this.#censored.fill(0)
  }

  /** Adds rows of the table of startups, whole replications. */
  add(startups: ColumnBatch, market: MarketDefinition): void {
    const numbers = market.startups.map(({ id }) => this.#ids.indexOf(id))
    const [alive, exit] = [columnReader(startups, 'alive'), columnReader(startups, 'exitMonth')]
    const entry = columnReader(startups, 'entryMonth')
    assert(alive !== undefined && exit !== undefined, 'startups have their lives')
    for (let row = 0; row < startups.rowCount; row++) {
      const first = numbers[row % numbers.length]! * (MOST_MONTHS + 1)
      // It fails in the n-th month of its life: those that live for n months are in business at its end.
      const entered = entry === undefined ? 0 : entry.has(row) ? entry.at(row) : undefined
      if (entered === undefined) continue
      if (alive.at(row) === 1) this.#censored[first + market.months - entered]!++
      else if (exit.has(row)) this.#exits[first + exit.at(row) - entered + 1]!++
    }
  }

  /** A row for each startup and month in which some life ended. */
  rows(): { count: number; columns: ColumnSource[] } {
    const rows: number[] = []
    for (let at = 0; at < this.#exits.length; at++)
      if (this.#exits[at]! > 0 || this.#censored[at]! > 0) rows.push(at)
    const perStartup = MOST_MONTHS + 1
    const columns = [
      this.#variant,
      { values: Int32Array.from(rows, (at) => Math.floor(at / perStartup)) },
      { values: Int32Array.from(rows, (at) => at % perStartup) },
      { values: Float64Array.from(rows, (at) => this.#exits[at]!) },
      { values: Float64Array.from(rows, (at) => this.#censored[at]!) },
    ]
    return { count: rows.length, columns }
  }
}
