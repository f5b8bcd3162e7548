/** What both back ends need to know of a region before they write it: which memory each record is read through. */
import { handedOut, type Item, type RecordTable, type Region, type Value } from '../trace/ir.ts'
import { BLOCK, type Layout, type Space } from '../trace/layout.ts'

/** For every entity of a step, the kinds of memory that the step touches through it. */
export function spacesOfEntities(region: Region, layout: Layout): Map<Value, Set<Space>> {
  const spaces = new Map<Value, Set<Space>>()
  const touch = (entity: Value, space: Space): void => {
    const known = spaces.get(entity)
    if (known) known.add(space)
    else spaces.set(entity, new Set([space]))
  }
  const see = (item: Item): void => {
    if (item.type === 'value') {
      const { value } = item
      if (value.op === 'load' && value.column) touch(value.args[0] as Value, spaceOf(value.column, layout))
      if (value.op === 'link' || value.op === 'childAt') touch(value.args[0] as Value, 'table')
    }
    if (item.type === 'store') touch(item.entity, spaceOf(item.column, layout))
    if (item.type === 'loop' && item.range.over !== 'all') touch(item.range.parent, 'table')
  }
  const walk = (inside: Region): void => {
    for (const item of inside.items) {
      see(item)
      for (const { region: inner } of handedOut(item)) walk(inner)
    }
  }
  walk(region)
  return spaces
}

/** The column of a `byRecord` table that an `input` reads: its place among the outputs and the columns of its table. */
export function inputPlace({ input }: Value, layout: Layout): { index: number; columns: number } {
  const { table, column } = input as NonNullable<Value['input']>
  const index = layout.outputs.findIndex((output) => output.table === table.name && output.column === column)
  return { index, columns: table.columns.length }
}

/** Where a block says which row of an output table is its first. */
export function firstRow({ perBlock }: RecordTable): number {
  return perBlock === true ? BLOCK.ownRow : BLOCK.row
}

/** The kind of memory that holds a column. */
export function spaceOf(column: NonNullable<Value['column']>, layout: Layout): Space {
  return (layout.columns.get(column) as NonNullable<ReturnType<Layout['columns']['get']>>).space
}
