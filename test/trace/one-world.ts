/** A model of one record, for trying out a few operations at a time. */
import {
  bool,
  dimension,
  flow,
  num,
  only,
  parameter,
  recordRow,
  replication,
  state,
  type Bool,
  type Num,
  type RecordTable,
} from '../../engine/trace/index.ts'
import { run, structured, tableOf, traceOf } from './helper.ts'

/** One record with a column of each role. */
export const world = dimension('world', 'everything', {
  a: parameter({ unit: '1', meaning: 'a parameter' }),
  x: state({ unit: '1', meaning: 'a state' }),
  y: state({ unit: '1', meaning: 'a state' }),
  live: state({ unit: '1', meaning: 'a condition', kind: 'bool' }),
  v: state({ unit: '1', meaning: 'a vector', length: 3 }),
  u: flow({ unit: '1', meaning: 'a flow' }),
  w: flow({ unit: '1', meaning: 'a flow' }),
})
/** A structure with that record alone. */
export const oneWorld = structured({ counts: [[world, 1]] })

/** What `work` gives in each of the four lanes, computed at the end of a month of a model with one record. */
export function valuesOf(
  work: () => Record<string, Num | Bool>,
  { months = 1, start }: { months?: number; start?: () => void } = {},
): Record<string, number[]> {
  const tables: RecordTable[] = []
  const program = traceOf({
    dimensions: [world],
    tables,
    start: () => {
      const w = only(world)
      w.x = num(0)
      w.y = num(0)
      w.live = bool(false)
      for (const i of [0, 1, 2]) w.v.set(i, 0)
      start?.()
    },
    month: () => {
      const values = work()
      const table = tables[0] ?? tableOf('values', world, Object.keys(values), true)
      if (tables.length === 0) tables.push(table)
      recordRow(table, only(world), values)
    },
  })
  const instance = run(program, oneWorld, { months, point: new Map([[world.column.a, [2.5]]]) })
  return Object.fromEntries(
    (tables[0] as RecordTable).columns.map(({ name }) => {
      const rows = Array.from(instance.output('values', name, { replications: 4 }))
      return [name, rows.filter((_, i) => i % months === months - 1)]
    }),
  )
}
/** The same in all four lanes. */
export const same = (value: number): number[] => [value, value, value, value]
/** The replication's number as a number: 0 to 3 in the four lanes. */
export const lane = (): Num => replication().toNum()
