/**
 * The values of metrics at one point, for quantiles: read back from the units, since they are not kept in memory. Metrics
 * are read together as far as 16 MiB hold them, or one at a time where a point has more replications than that.
 */
import { assert } from '../errors.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { OrderStatistics } from '../statistics/index.ts'
import type { TableDeclaration } from '../tables/declaration.ts'
import { columnReader } from './units/column-reader.ts'
import type { StudyDefinition } from './definition.ts'
import { outcomesTable } from './study-tables.ts'
import { Scratch } from './units/scratch.ts'
import type { UnitFile } from './units/unit-file.ts'
import type { Unit } from './units/units.ts'

/** Values that are held at a time. */
const MOST_VALUES = 2 ** 21
/** Units whose rows are kept while points are walked through: those of one point, or those that share points. */
const MOST_OPEN = 4

/** Reads values of cells. */
export class CellValues {
  readonly #definition: StudyDefinition
  readonly #table: TableDeclaration
  readonly #open: (unit: Unit, scratch: Scratch) => UnitFile | undefined
  readonly #unitsOf = new Map<number, Unit[]>()
  /** Each in memory of its own, which the next one takes over from the oldest. */
  readonly #kept: { unit: Unit; variant: number; batch: ColumnBatch; scratch: Scratch }[] = []
  /** Values of some metrics of a cell, from metric `first` on. */
  #cell: { variant: number; point: number; first: number; values: OrderStatistics[] } | undefined

  constructor({
    definition,
    units,
    open,
  }: {
    definition: StudyDefinition
    units: readonly Unit[]
    open: (unit: Unit, scratch: Scratch) => UnitFile | undefined
  }) {
    this.#definition = definition
    this.#table = outcomesTable(definition)
    this.#open = open
    for (const unit of units)
      for (const point of unit.points) {
        const own = this.#unitsOf.get(point)
        if (own === undefined) this.#unitsOf.set(point, [unit])
        else own.push(unit)
      }
  }

  /** The order statistics of all values, without those that are missing; valid until another metric is asked for. */
  ranked(variant: number, point: number, metric: number): OrderStatistics {
    const known = this.#cell
    const isKnown = known?.variant === variant && known.point === point && metric >= known.first
    const found = isKnown ? known.values[metric - known.first] : undefined
    if (found !== undefined) return found
    // What was there before need not be in memory together with what follows.
    this.#cell = undefined
    const values = this.#read(variant, point, metric)
    this.#cell = { variant, point, first: metric, values }
    return values[0]!
  }

  /** The values of a metric and of as many of those after it as may be held. */
  #read(variant: number, point: number, first: number): OrderStatistics[] {
    const units = this.#unitsOf.get(point) ?? []
    const most = units.reduce((sum, { count }) => sum + count, 0)
    const metrics = this.#definition.metrics.slice(first, first + Math.max(1, Math.floor(MOST_VALUES / most)))
    const values = metrics.map(() => new Float64Array(most))
    const counts = metrics.map(() => 0)
    for (const unit of units) {
      const batch = this.#rows(unit, variant)
      const points = batch.columns[1]!.values
      // Rows of a point stand together.
      const from = unit.points.indexOf(point) * unit.count
      let to = from
      while (to < batch.rowCount && points[to] === point) to++
      metrics.forEach(({ name }, index) => {
        const column = columnReader(batch, name)!
        for (let row = from; row < to; row++)
          if (column.has(row)) values[index]![counts[index]!++] = column.at(row)
      })
    }
    return values.map((all, index) => new OrderStatistics(all.subarray(0, counts[index])))
  }

  #rows(unit: Unit, variant: number): ColumnBatch {
    const known = this.#kept.find((one) => one.unit === unit && one.variant === variant)
    if (known !== undefined) return known.batch
    const oldest = this.#kept.length < MOST_OPEN ? undefined : this.#kept.shift()
    const scratch = oldest?.scratch ?? new Scratch()
    scratch.reset()
    const file = this.#open(unit, scratch)
    const rows = file?.rows(variant, this.#table)
    file?.close()
    assert(rows !== undefined, 'a unit stays as it was while a study is finished', { unit: unit.id })
    this.#kept.push({ unit, variant, batch: rows, scratch })
    return rows
  }
}
