/** The points of a study: for each the value of every path that the design varies. They follow from the study alone. */
import {
  factorial,
  latinHypercube,
  morrisTrajectories,
  saltelli,
  sobolPoints,
  valueAt,
} from '../designs/index.ts'
import type { MorrisDesign, UnitDesign } from '../designs/index.ts'
import type { MarketDefinition } from '../market/definition.ts'
import { assert } from '../errors.ts'
import { pathsOf, type Design, type Setting, type StudyDefinition, type Variant } from './definition.ts'
import { PointMarkets } from './point-markets.ts'

/** The points of a study. */
export class StudyPoints {
  readonly count: number
  readonly paths: readonly string[]
  /** Which path each step of a trajectory changes, in designs of Morris. */
  readonly morris: MorrisDesign | undefined
  readonly #valueAt: (point: number, column: number) => Setting | undefined
  readonly #markets: PointMarkets

  /** @throws RivalryError `design-too-large`, `sobol-dimensions` or `morris-levels`. */
  constructor({ design, seed, structures }: Pick<StudyDefinition, 'design' | 'seed' | 'structures'>) {
    this.paths = pathsOf(design)
    this.#markets = new PointMarkets({ structures })
    const { count, value, morris } = tableOf(design, seed)
    this.count = count
    this.#valueAt = value
    this.morris = morris
  }

  /** The value of a path at a point; `undefined` where a listed point leaves the variant's own. */
  value(point: number, column: number): Setting | undefined {
    assert(point >= 0 && point < this.count, 'there is such a point', { point, count: this.count })
    return this.#valueAt(point, column)
  }

  /** All values at a point, by path. */
  values(point: number): Record<string, Setting> {
    return Object.fromEntries(
      this.paths.flatMap((path, column) => {
        const value = this.value(point, column)
        return value === undefined ? [] : [[path, value]]
      }),
    )
  }

  /**
   * The market of a variant at a point.
   *
   * @throws RivalryErrors when the figures break a rule of markets together.
   */
  market(variant: Variant, point: number): MarketDefinition {
    return this.#markets.market(variant, this.values(point))
  }
}

interface Table {
  readonly count: number
  readonly value: (point: number, column: number) => Setting | undefined
  readonly morris?: MorrisDesign
}

function tableOf(design: Design, seed: string): Table {
  const paths = pathsOf(design)
  switch (design.kind) {
    case 'point':
      return { count: 1, value: () => undefined }
    case 'list':
      return { count: design.points.length, value: (point, column) => design.points[point]![paths[column]!] }
    case 'factorial': {
      const levels = design.factors.map(({ distribution }) => {
        assert(distribution.law === 'choice', 'a factorial design has levels')
        return distribution.values
      })
      const { count, levels: numbers, dimension } = factorial(levels.map(({ length }) => length))
      return { count, value: (point, column) => levels[column]![numbers[point * dimension + column]!] }
    }
    default:
      return sampled(design, unitDesign(design, seed))
  }
}

type Sampled = Extract<Design, { kind: 'latin-hypercube' | 'sobol' | 'saltelli' | 'morris' }>

function unitDesign(design: Sampled, seed: string): UnitDesign | MorrisDesign {
  const dimension = design.factors.length
  switch (design.kind) {
    case 'latin-hypercube':
      return latinHypercube({ points: design.points, dimension, seed })
    case 'sobol':
      return sobolPoints({ points: design.points, dimension, seed, scramble: design.scramble })
    case 'saltelli':
      return saltelli({ base: design.base, dimension, seed, scramble: design.scramble })
    case 'morris':
      return morrisTrajectories({ trajectories: design.trajectories, levels: design.levels, dimension, seed })
  }
}

function sampled({ factors }: Sampled, unit: UnitDesign | MorrisDesign): Table {
  return {
    count: unit.count,
    value: (point, column) =>
      valueAt(factors[column]!.distribution, unit.coordinates[point * unit.dimension + column]!),
    ...('trajectories' in unit ? { morris: unit } : {}),
  }
}
