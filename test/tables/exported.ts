/** The table that the tests of the export share with their worker, and where its columns lie. */

import type { ColumnLocation } from '../../engine/tables/c-data.ts'
import type { TableDeclaration } from '../../engine/tables/declaration.ts'

export const exportedTable: TableDeclaration = {
  name: 'startups',
  meaning: 'one startup in one replication',
  columns: [
    {
      name: 'revenue',
      type: 'f64',
      unit: 'USD/month',
      meaning: 'revenue, where it sold — in US$',
      nullable: true,
    },
    { name: 'startup', type: 'text', unit: '', meaning: 'its name', dictionary: ['atlas', 'bréve', ''] },
  ],
}

/** Places the columns, and the companion of the first, one after the other from byte `start` on. */
export function exportedColumns(start: number, maxRows: number): ColumnLocation[] {
  const companion = start + 8 * maxRows
  return [
    { offset: start, validity: { offset: companion, type: 'f64' } },
    { offset: companion + 8 * maxRows },
  ]
}
