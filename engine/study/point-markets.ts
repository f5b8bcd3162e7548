/** The markets of a study's variants with the values of a point: what threads need of points, which they are told. */
import { assert } from '../errors.ts'
import type { MarketDefinition } from '../market/definition.ts'
import { setPaths, type Figure } from '../market/set-path.ts'
import type { Setting, StudyDefinition, Variant } from './definition.ts'

/** Values at a point, by path. */
export type Settings = Readonly<Record<string, Setting>>

/** Makes markets. */
export class PointMarkets {
  readonly #structures: ReadonlyMap<string, number>
  readonly #structural: readonly string[]

  constructor({ structures }: Pick<StudyDefinition, 'structures'>) {
    this.#structural = Object.keys(structures[0] ?? {})
    this.#structures = new Map(structures.map((structure, i) => [this.#key(structure), i]))
  }

  /**
   * The market of a variant with the values of a point.
   *
   * @throws RivalryErrors when the figures break a rule of markets together.
   */
  market({ markets }: Pick<Variant, 'markets'>, values: Settings): MarketDefinition {
    const structure = this.#structures.get(this.#key(values))
    assert(structure !== undefined, 'every combination of structures has its market', values)
    const figures = Object.entries(values).filter(([path]) => !this.#structural.includes(path))
    const market = markets[structure]!
    return figures.length === 0
      ? market
      : setPaths(market, Object.fromEntries(figures) as Record<string, Figure>)
  }

  #key(values: Partial<Settings>): string {
    return JSON.stringify(this.#structural.map((path) => values[path] ?? null))
  }
}
