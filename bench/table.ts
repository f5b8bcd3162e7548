/** Owns how benchmarks print: aligned columns of plain text. */

import { assert } from '../engine/errors.ts'
import type { Comparison, Machine, SkippedContender } from './measure.ts'

/** One column of a table. Text stands left, numbers stand right. */
export interface Column {
  header: string
  align: 'left' | 'right'
}

/**
 * Lays out rows of cells under their headers, columns two spaces apart, a line of dashes between.
 *
 * @throws Error when a row does not have one cell for each column.
 */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  for (const row of rows)
    assert(row.length === columns.length, 'a row has one cell for each column', {
      row,
      columns: columns.length,
    })
  const widths = columns.map((column, at) =>
    Math.max(column.header.length, ...rows.map((row) => row[at]!.length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) =>
        columns[at]!.align === 'left' ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!),
      )
      .join('  ')
      .trimEnd()
  const header = line(columns.map((column) => column.header))
  const dashes = line(widths.map((width) => '-'.repeat(width)))
  return [header, dashes, ...rows.map(line)].join('\n')
}

/**
 * Prints comparisons side by side: for each its median rate in millions of agent-steps per CPU-second, the
 * range over the rounds, and the ratio to its baseline within the rounds. Contenders are ordered by the first
 * comparison, fastest first; one that is missing in a comparison has dashes there.
 */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const first = comparisons[0]
  assert(first !== undefined, 'a table has at least one comparison')
  const names = first.entries
    .toSorted((left, right) => right.medianPerCpuSecond - left.medianPerCpuSecond)
    .map((entry) => entry.name)
  for (const { entries } of comparisons)
    for (const { name } of entries) if (!names.includes(name)) names.push(name)

  const columns: Column[] = [{ header: 'contender', align: 'left' }]
  for (const { label, baseline } of comparisons)
    columns.push(
      { header: label, align: 'right' },
      { header: 'range', align: 'right' },
      { header: `of ${baseline}`, align: 'right' },
    )
  const rows = names.map((name) => [name, ...comparisons.flatMap((comparison) => cellsOf(comparison, name))])
  const rounds = Math.max(
    ...comparisons.flatMap(({ entries }) => entries.map((entry) => entry.rounds.length)),
  )
  const caption = `millions of agent-steps per CPU-second, medians of ${rounds} interleaved rounds`
  return `${caption}\n\n${formatTable(columns, rows)}`
}

/** One line on the machine that was measured on. */
export function machineLine({
  cpuModel,
  coreCount,
  memoryGibibytes,
  platform,
  node,
  tools,
}: Machine): string {
  const versions = Object.entries(tools).map(([name, version]) => `${name} ${version ?? 'absent'}`)
  return [
    `${cpuModel}, ${coreCount} cores, ${memoryGibibytes} GiB, ${platform}`,
    `node ${node}`,
    ...versions,
  ].join('; ')
}

/** One line for each contender that could not run, or nothing. */
export function skippedLines(skipped: readonly SkippedContender[]): string {
  return skipped.map(({ name, reason }) => `skipped ${name}: ${reason}`).join('\n')
}

function cellsOf(comparison: Comparison, name: string): string[] {
  const entry = comparison.entries.find((candidate) => candidate.name === name)
  if (entry === undefined) return ['-', '-', '-']
  return [
    millions(entry.medianPerCpuSecond),
    `${millions(entry.lowestPerCpuSecond)}..${millions(entry.highestPerCpuSecond)}`,
    entry.ratioToBaseline.toPrecision(3),
  ]
}

/** Three digits after the point below one, one from ten on: rates differ by two orders of magnitude. */
export function millions(rate: number): string {
  const value = rate / 1e6
  return value.toFixed(value < 1 ? 3 : value < 10 ? 2 : 1)
}
