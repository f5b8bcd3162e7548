/**
 * What is known of a study so far: moments of every metric at every point, paired with the baseline's, and how long
 * startups lived. Units are added in their order, so that sums do not depend on who was faster.
 */
import { assert } from '../errors.ts'
import {
  Moments,
  PairedMoments,
  meanInterval,
  monthlyExits,
  pairedDifference,
  pairedProportions,
  wilson,
  type Exits,
  type PairedDifference,
} from '../statistics/index.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { columnReader, type ColumnReader } from './units/column-reader.ts'
import type { StudyDefinition, StudyMetric, Target } from './definition.ts'
import type { StudyPoints } from './points.ts'
import type { TableDeclaration } from '../tables/declaration.ts'
import { livesTable, outcomesTable } from './study-tables.ts'
import { type Width, isNarrow, widthOf } from './stopping.ts'
import type { UnitFile } from './units/unit-file.ts'

/** An estimate with its 95% interval; ends are `null` where there are too few values. */
export interface Estimate {
  readonly count: number
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Collects the results of units. */
export class StudyCollector {
  readonly #definition: StudyDefinition
  readonly #points: StudyPoints
  readonly baseline: number
  readonly #tables: Readonly<Record<'outcomes' | 'lives', TableDeclaration>>
  /** At (variant * points + point) * metrics + metric. */
  readonly #moments: (Moments | undefined)[] = []
  readonly #paired: (PairedMoments | undefined)[] = []
  readonly #replications: Int32Array
  readonly #lives = new Map<string, { exits: number[]; censored: number[] }>()

  constructor(definition: StudyDefinition, points: StudyPoints) {
    this.#definition = definition
    this.#points = points
    this.baseline = Math.max(
      0,
      definition.variants.findIndex(({ name }) => name === definition.baseline),
    )
    this.#replications = new Int32Array(points.count)
    this.#tables = { outcomes: outcomesTable(definition), lives: livesTable(definition) }
  }

  /**
   * Adds a unit's rows.
   *
   * @returns false, having added nothing, where the file is not as it was written
   */
  add(file: UnitFile): boolean {
    const { variants, metrics } = this.#definition
    const read = (table: TableDeclaration): ColumnBatch[] =>
      variants.flatMap((_, variant) => file.rows(variant, table) ?? [])
    const [outcomes, lives] = [read(this.#tables.outcomes), read(this.#tables.lives)]
    if (outcomes.length + lives.length < 2 * variants.length) return false
    const base = columnsOf(outcomes[this.baseline]!, metrics)
    base.point.forEach((point) => this.#replications[point]!++)
    for (const variant of variants.keys()) {
      const own = columnsOf(outcomes[variant]!, metrics)
      this.#addOutcomes(variant, own, base)
      this.#addLives(variant, lives[variant]!)
    }
    return true
  }

  /** Replications of each variant at a point. */
  replications(point: number): number {
    return this.#replications[point]!
  }

  /** Values of a metric that are `null` at a point. */
  missing(variant: number, point: number, metric: number): number {
    return this.replications(point) - this.moments(variant, point, metric).count
  }

  moments(variant: number, point: number, metric: number): Moments {
    return (this.#moments[this.#at(variant, point, metric)] ??= new Moments())
  }

  /** A variant's metric, first, with the baseline's, of the replications in which both have a value. */
  paired(variant: number, point: number, metric: number): PairedMoments {
    return (this.#paired[this.#at(variant, point, metric)] ??= new PairedMoments())
  }

  /** Mean, or share of a metric that is 0 or 1, with its interval: Student's, or Wilson's. */
  estimate(variant: number, point: number, metric: number): Estimate {
    return estimateOf(this.moments(variant, point, metric), this.#definition.metrics[metric]!)
  }

  /** Exits of a variant's startup by month of its life, over all points and replications. */
  lives(variant: number, startup: string): Exits[] {
    return monthlyExits(this.#lives.get(`${variant} ${startup}`) ?? { exits: [], censored: [] })
  }

  /** Half the width of the interval that a target is about at a point, and the estimate; `null` where nothing is known. */
  width(target: Target, variant: number, point: number): Width | null {
    const metric = this.#definition.metrics.findIndex(({ name }) => name === target.metric)
    return widthOf(
      target.difference === true
        ? differenceOf(this.paired(variant, point, metric), this.#definition.metrics[metric]!)
        : this.estimate(variant, point, metric),
    )
  }

  /** Whether a point needs no more replications for these targets. */
  isReached(point: number, targets: readonly Target[]): boolean {
    return targets.every((target) =>
      this.variantsOf(target).every((variant) => isNarrow(target, this.width(target, variant, point))),
    )
  }

  /** Numbers of the variants that a target is about. */
  variantsOf({ variant, difference }: Target): number[] {
    const all = [...this.#definition.variants.keys()]
    const named = this.#definition.variants.findIndex(({ name }) => name === variant)
    if (variant !== undefined) return [named]
    return difference === true ? all.filter((one) => one !== this.baseline) : all
  }

  #addOutcomes(variant: number, own: Columns, base: Columns): void {
    const { metrics } = this.#definition
    assert(own.point.length === base.point.length, 'variants have the same replications')
    for (const metric of metrics.keys()) {
      const [mine, theirs] = [own.metrics[metric]!, base.metrics[metric]!]
      for (let row = 0; row < own.point.length; row++) {
        if (!mine.has(row)) continue
        const point = own.point[row]!
        this.moments(variant, point, metric).add(mine.at(row))
        if (variant !== this.baseline && theirs.has(row))
          this.paired(variant, point, metric).add(mine.at(row), theirs.at(row))
      }
    }
  }

  #addLives(variant: number, batch: ColumnBatch): void {
    const [startup, months, exits, censored] = ['startup', 'months', 'exits', 'censored'].map((name) =>
      columnReader(batch, name)!,
    ) as [ColumnReader, ColumnReader, ColumnReader, ColumnReader]
    const ids = batch.declaration.columns[1]!.dictionary!
    for (let row = 0; row < batch.rowCount; row++) {
      const key = `${variant} ${ids[startup.at(row)]!}`
      const counts = this.#lives.get(key) ?? { exits: [], censored: [] }
      this.#lives.set(key, counts)
      while (counts.exits.length <= months.at(row)) {
        counts.exits.push(0)
        counts.censored.push(0)
      }
      counts.exits[months.at(row)]! += exits.at(row)
      counts.censored[months.at(row)]! += censored.at(row)
    }
  }

  #at(variant: number, point: number, metric: number): number {
    return (variant * this.#points.count + point) * this.#definition.metrics.length + metric
  }
}

/** Whether a metric is 0 or 1 in every replication. */
export function isProportion({ of, above, below }: StudyMetric): boolean {
  return above !== undefined || below !== undefined || /^startups\.[^.]+\.(alive|exitInWinter)$/.test(of)
}

/** The mean of some values of a metric with its interval: Wilson's for shares, else Student's. */
export function estimateOf(moments: Moments, metric: StudyMetric): Estimate {
  const { count, mean } = moments
  if (mean !== null && isProportion(metric)) {
    const { share, low, high } = wilson(Math.round(mean * count), count)
    return { count, estimate: share, low, high }
  }
  const { estimate, low, high } = meanInterval(moments)
  return { count, estimate, low, high }
}

/** The paired difference of two variants in a metric: of shares with Newcombe's interval, else with Student's. */
export function comparisonOf(paired: PairedMoments, metric: StudyMetric): PairedDifference {
  const found = pairedDifference(paired)
  return isProportion(metric) ? { ...found, ...pairedProportions(paired) } : found
}

function differenceOf(paired: PairedMoments, metric: StudyMetric): Estimate {
  const { count, difference, low, high } = comparisonOf(paired, metric)
  return { count, estimate: difference, low, high }
}

interface Columns {
  readonly point: Int32Array
  readonly metrics: readonly ColumnReader[]
}

function columnsOf(batch: ColumnBatch, metrics: readonly StudyMetric[]): Columns {
  return {
    point: batch.columns[1]!.values as Int32Array,
    metrics: metrics.map(({ name }) => columnReader(batch, name)!),
  }
}
