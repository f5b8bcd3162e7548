/** Prints what intervals cover as a table in Markdown: `npx tsx test/statistics/coverage-report.ts`. */
import { coverageCases, coverageOf } from './coverage.ts'

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`

const rows = coverageCases
  .map(coverageOf)
  .map(({ interval, sample, repetitions, covered, expected, because }) => {
    const error = Math.sqrt((covered * (1 - covered)) / repetitions)
    const counted = `${percent(covered)} +- ${(100 * error).toFixed(1)}`
    return [interval, sample, String(repetitions), counted, percent(expected), because]
  })
const table = [['interval, at 95%', 'sample', 'repetitions', 'covered', 'expected', 'because'], ...rows]
const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
const lines = table.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`)
lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
console.log(lines.join('\n'))
