/**
 * Prints what the study of free or paid comes to, for docs/thesis.md: each business model at its best price, what decides
 * whether free survives, and what free entry does to the industry.
 *
 * Run with `npx tsx docs/thesis.ts [--worlds N] [--replications N]`. The study's results stay in out/free-or-paid.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Moments, meanInterval } from '../engine/statistics/index.ts'
import { readArrow, study } from '../index.ts'
import { companies, freeOrPaid, industry, nameOf, outcomesOf } from '../scenarios/studies/free-or-paid.ts'

const { values } = parseArgs({ options: { worlds: { type: 'string' }, replications: { type: 'string' } } })
const definition = freeOrPaid({
  ...(values.worlds === undefined ? {} : { worlds: Number(values.worlds) }),
  ...(values.replications === undefined ? {} : { replications: Number(values.replications) }),
})
const folder = join('out', definition.name)
const result = await study(definition, { folder, overwrite: true }).result
if (!result.isComplete) throw new Error('the study is not complete')
const { summary } = result
console.log(
  `${summary.title} ${summary.points} worlds, ${summary.replications.most} replications each, ` +
    `${summary.variants.length} variants\n`,
)

const mean = (list: readonly number[]): number => new Moments(list).mean!
const meanOf = (list: readonly boolean[]): number => mean(list.map(Number))
const millions = (list: readonly number[]): number[] => list.map((value) => value / 1e6)

/** The mean over worlds of what one has more than the other, with its standard error. */
function gap(one: readonly number[], other: readonly number[], digits: number): string {
  const { estimate, standardError } = meanInterval(
    new Moments(one.map((value, world) => value - other[world]!)),
  )
  return `${estimate!.toFixed(digits)} (${(standardError ?? NaN).toFixed(digits)})`
}

const outcomes = outcomesOf(definition, readArrow(readFileSync(join(folder, 'statistics.arrow'))))
const best = companies.map((name) =>
  outcomes
    .filter(({ company }) => company === name)
    .reduce((one, other) => (mean(other.profit) > mean(one.profit) ? other : one)),
)
const bestOf = (name: string): (typeof best)[number] => best.find(({ company }) => company === name)!
const reference = bestOf('subscription')
console.log(
  'the company as           price  alive  profit  mean profit  in worlds: lives  lives and earns   less subscription',
)
for (const { company, multiple, alive, earns, profit } of best) {
  const columns: [string | number, number][] = [
    [`x${multiple}`, 6],
    [mean(alive).toFixed(2), 6],
    [mean(earns).toFixed(2), 7],
    [mean(millions(profit)).toFixed(1), 12],
    [meanOf(alive.map((share) => share > 0.5)).toFixed(2), 17],
    [meanOf(alive.map((share, world) => share > 0.5 && profit[world]! > 0)).toFixed(2), 16],
    [company === 'subscription' ? '' : gap(millions(profit), millions(reference.profit), 1), 20],
  ]
  console.log(
    `${company.padEnd(23)} ${columns.map(([text, width]) => String(text).padStart(width)).join(' ')}`.trimEnd(),
  )
}
console.log(
  '\nalive and profit > 0 are shares of all replications; profit in EUR millions, to the end of the run;',
)
console.log(
  'a world counts where the company lives in more than half of its replications; standard errors in brackets',
)

for (const company of ['free-with-ads', 'free-with-services']) {
  const name = nameOf(company, bestOf(company).multiple)
  const rank = (path: string, metric: string): number =>
    summary.sensitivity.find(
      (one) =>
        one.variant === name && one.metric === metric && one.parameter === path && one.measure === 'rank',
    )?.estimate ?? 0
  const decided = summary.parameters.toSorted(
    (one, other) => Math.abs(rank(other, 'earns')) - Math.abs(rank(one, 'earns')),
  )
  console.log(`\n${company}: rank correlation of each uncertain figure with`)
  console.log(`${''.padEnd(36)} alive  profit > 0  mean profit`)
  for (const path of decided) {
    const [alive, earns, profit] = ['alive', 'earns', 'profit'].map((metric) => rank(path, metric).toFixed(2))
    console.log(`${path.padEnd(36)}${alive!.padStart(6)}${earns!.padStart(12)}${profit!.padStart(13)}`)
  }
}
console.log(`\nby chance alone about ${(1 / Math.sqrt(summary.points - 1)).toFixed(2)} either way`)

for (const { name, metric, condition, cases, points, box, found, reason } of summary.discovery) {
  console.log(`\n${name}: mean of ${metric} ${condition}, in ${cases} of ${points} worlds`)
  for (const limit of box) console.log(`  ${limit}`)
  if (found === undefined) console.log(`  ${reason}`)
  else
    console.log(
      `  holds ${found.count} worlds: ${found.cases} are cases (density ${found.density.toFixed(2)}), ` +
        `of all cases ${found.coverage.toFixed(2)} (coverage)`,
    )
}

console.log(
  '\nthe industry, less what it is without the company: EUR millions a month, best quality at the end',
)
const without = industry(definition)
console.log(
  `${'without the company'.padEnd(23)} R&D ${mean(millions(without.rd)).toFixed(2)}  profit ${mean(millions(without.profit)).toFixed(2)}  frontier ${mean(without.frontier).toFixed(3)}`,
)
for (const company of ['free-with-ads', 'free-with-services', 'free-first', 'subscription']) {
  const name = nameOf(company, bestOf(company).multiple)
  const { rd, profit, frontier } = industry(
    definition,
    definition.variants.find((variant) => variant.name === name),
  )
  console.log(
    `${company.padEnd(23)} R&D ${gap(millions(rd), millions(without.rd), 3)}  profit ${gap(millions(profit), millions(without.profit), 2)}  frontier ${gap(frontier, without.frontier, 4)}`,
  )
}
