/** Prints what intervals cover as tables in Markdown: `npx tsx test/statistics/coverage-report.ts`. */
import { coverageCases, coverageOf } from './coverage.ts'
import { type Law, laws, sequentialCoverageOf } from './sequential-coverage.ts'

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`

function print(table: readonly (readonly string[])[]): void {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  const lines = table.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`,
  )
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
  console.log(lines.join('\n'))
}

print([
  ['interval, at 95%', 'sample', 'repetitions', 'covered', 'expected', 'because'],
  ...coverageCases.map(coverageOf).map(({ interval, sample, repetitions, covered, expected, because }) => {
    const error = Math.sqrt((covered * (1 - covered)) / repetitions)
    const counted = `${percent(covered)} +- ${(100 * error).toFixed(1)}`
    return [interval, sample, String(repetitions), counted, percent(expected), because]
  }),
])

/** Errors of a loss are then less than a point. */
const REPETITIONS = 3000

/** Values at the first look and at each that follows. */
const LOOKS = [
  [20, 20],
  [100, 100],
  [100, 20],
  [200, 200],
  [400, 400],
] as const

/** The target that costs most, of four that are tried: covered, of what as many values cover if their number is fixed. */
function worst(law: Law, [first, step]: readonly [number, number]): string {
  const counted = [false, true].flatMap((isRelative) =>
    [1.5, 4].map((times) => sequentialCoverageOf({ law, first, step, isRelative, times }, REPETITIONS)),
  )
  const { covered, fixed, count } = counted.reduce((one, other) =>
    other.fixed - other.covered > one.fixed - one.covered ? other : one,
  )
  return `${percent(covered)} of ${percent(fixed)} at ${count.toFixed(0)}`
}

console.log()
print([
  ['stopped when narrow enough, looked at', ...LOOKS.map(([first, step]) => `${first}, then + ${step}`)],
  ...laws.map((law) => [law.name, ...LOOKS.map((look) => worst(law, look))]),
])
