/** Startups made by hand: their columns as lists by month; columns that nobody gave are an error when they are read. */
import type { ColumnName, EndColumnName, Recorded, StartupRecord } from '../../engine/metrics/series.ts'

/** Columns of a record, by month. */
export type Columns = Readonly<Record<string, readonly number[]>>

/** What a startup made by hand has. */
export interface StartupColumns {
  readonly months: Columns
  readonly plans: readonly Columns[]
  /** Values at the end of the run. */
  readonly end?: Readonly<Record<string, number | null>>
}

/** The startup, with a note of every column that is read from it. */
export function startupRecord({ months, plans, end = {} }: StartupColumns): StartupRecord & {
  readonly read: Set<ColumnName | EndColumnName>
} {
  const read = new Set<ColumnName | EndColumnName>()
  const recorded = (table: 'months' | 'plans', columns: Columns, id: string): Recorded => ({
    id,
    of: (column) => {
      read.add(column)
      const found = columns[column.replace(`${table}.`, '')]
      if (found === undefined) throw new Error(`the startup has no ${column}`)
      return Float64Array.from(found)
    },
  })
  const { alive } = months
  return {
    ...recorded('months', months, 'ada'),
    read,
    plans: plans.map((columns, index) => recorded('plans', columns, `ada/${index}`)),
    monthCount: alive!.length,
    business: { from: Math.max(alive!.indexOf(1), 0), to: alive!.lastIndexOf(1) + 1 },
    atEnd: (column) => {
      read.add(column)
      const value = end[column.replace('startups.', '')]
      if (value === undefined) throw new Error(`the startup has no ${column}`)
      return value
    },
  }
}

/**
 * Three months of a startup with a free plan and one at 10 a month. Of 33 paying customers it acquires, 21 come at once
 * and 12 from the free plan; 6 are lost, one of them back to the free plan.
 */
export const freemium: StartupColumns = {
  months: {
    alive: [1, 1, 1],
    revenue: [100, 200, 270],
    directCost: [40, 80, 105],
    operatingCost: [500, 200, 150],
    marketing: [132, 132, 132],
    profit: [-440, -80, 15],
    cashFlow: [-500, -100, 60],
    receipts: [100, 200, 270],
    cash: [1000, 900, 960],
    freeUsers: [100, 150, 180],
    paidUsers: [10, 20, 27],
    thirdParties: [10, 20, 27],
    trade: [50, 60, 70],
    take: [5, 6, 7],
    satisfaction: [1, 2, -1],
  },
  plans: [
    {
      price: [0, 0, 0],
      usagePrice: [0, 0, 0],
      customers: [100, 150, 180],
      joined: [100, 70, 60],
      left: [0, 13, 26],
      converted: [0, 0, 0],
      downgraded: [0, 0, 0],
      recurring: [0, 0, 0],
      usage: [0, 0, 0],
      compute: [20, 30, 36],
      support: [5, 7, 9],
      labour: [0, 0, 0],
    },
    {
      price: [10, 10, 10],
      usagePrice: [0, 0, 0],
      customers: [10, 20, 27],
      joined: [10, 5, 6],
      left: [0, 2, 3],
      converted: [0, 8, 4],
      downgraded: [0, 1, 0],
      recurring: [100, 200, 270],
      usage: [0, 0, 0],
      compute: [3, 6, 8],
      support: [1, 2, 3],
      labour: [10, 20, 27],
    },
  ],
  end: { founderStake: 0.7, healthProfit: 0.5, healthSustain: 0.25, healthUsers: 0.125 },
}
