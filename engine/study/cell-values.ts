/**
 * The values of one metric at one point, for quantiles: read back from the units, since they are not kept in memory. At
 * most 8 bytes for each replication of a point are held at a time.
 */
import type { RecordBatch } from 'apache-arrow'
import { assert } from '../errors.ts'
import { columnReader } from './units/column-reader.ts'
import type { StudyDefinition } from './definition.ts'
import type { UnitFile } from './units/unit-file.ts'
import type { Unit } from './units/units.ts'

/** Units whose rows are kept while points are walked through: those of one point, or those that share points. */
const MOST_OPEN = 4

/** Reads values of cells. */
export class CellValues {
  readonly #definition: StudyDefinition
  readonly #open: (unit: Unit) => UnitFile | undefined
  readonly #unitsOf = new Map<number, Unit[]>()
  #kept: { unit: Unit; variant: number; batch: RecordBatch | undefined }[] = []

  constructor({
    definition,
    units,
    open,
  }: {
    definition: StudyDefinition
    units: readonly Unit[]
    open: (unit: Unit) => UnitFile | undefined
  }) {
    this.#definition = definition
    this.#open = open
    for (const unit of units)
      for (const point of unit.points) this.#unitsOf.set(point, [...(this.#unitsOf.get(point) ?? []), unit])
  }

  /** All values, without those that are missing, in ascending order. */
  ascending(variant: number, point: number, metric: number): Float64Array {
    const units = this.#unitsOf.get(point) ?? []
    const values = new Float64Array(units.reduce((sum, { count }) => sum + count, 0))
    let next = 0
    for (const unit of units) {
      const batch = this.#rows(unit, variant)
      if (batch === undefined) continue
      const points = batch.data.children[1]!.values as Int32Array
      const column = columnReader(batch, this.#definition.metrics[metric]!.name)!
      // Rows of a point stand together.
      let row = unit.points.indexOf(point) * unit.count
      for (; row < batch.numRows && points[row] === point; row++)
        if (column.has(row)) values[next++] = column.at(row)
    }
    return values.subarray(0, next).sort()
  }

  #rows(unit: Unit, variant: number): RecordBatch | undefined {
    const known = this.#kept.find((one) => one.unit === unit && one.variant === variant)
    if (known !== undefined) return known.batch
    const file = this.#open(unit)
    const rows = file?.rows(variant, 'outcomes')
    file?.close()
    assert(rows !== undefined, 'a unit stays as it was while a study is finished', { unit: unit.id })
    this.#kept = [...this.#kept.slice(1 - MOST_OPEN), { unit, variant, batch: rows[0] }]
    return rows[0]
  }
}
