/**
 * Prints what the study of free or paid comes to, for docs/thesis.md: each business model at its best price, what decides
 * whether free survives, and what free entry does to the industry.
 *
 * Run with `npx tsx docs/thesis.ts [--worlds N] [--replications N]`; the study's tables stay in out/free-or-paid.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Moments, meanInterval } from '../engine/statistics/index.ts'
import { isRestricted } from '../engine/statistics/prim-box.ts'
import { readArrow, study } from '../index.ts'
import {
  type Industry,
  companies,
  freeOrPaid,
  industryOf,
  outcomesOf,
} from '../scenarios/studies/free-or-paid.ts'

const { values } = parseArgs({ options: { worlds: { type: 'string' }, replications: { type: 'string' } } })
const definition = freeOrPaid({
  ...(values.worlds === undefined ? {} : { worlds: Number(values.worlds) }),
  ...(values.replications === undefined ? {} : { replications: Number(values.replications) }),
})
const folder = 'out/free-or-paid'
const result = await study(definition, { folder, overwrite: true }).result
if (!result.isComplete) throw new Error(`a unit failed: ${result.status.failures[0]?.message}`)
const { title, points, parameters, sensitivity, discovery, replications } = result.summary
console.log(`${title} ${points} worlds, ${replications.most} replications each\n`)

const mean = (list: readonly number[]): number => new Moments(list).mean!
const millions = (list: readonly number[]): number[] => list.map((value) => value / 1e6)
const shareOf = (worlds: readonly boolean[]): string => mean(worlds.map(Number)).toFixed(2)

/** The mean over worlds of what the one has more than the other, with its standard error. */
function gap(one: readonly number[], other: readonly number[], digits: number): string {
  const gaps = new Moments(one.map((value, world) => value - other[world]!))
  return `${gaps.mean!.toFixed(digits)} (${meanInterval(gaps).standardError!.toFixed(digits)})`
}

const outcomes = outcomesOf(definition, readArrow(readFileSync(`${folder}/statistics.arrow`)))
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
for (const outcome of best) {
  const { company, multiple, alive, earns, profit } = outcome
  const columns = [
    company.padEnd(23),
    `x${multiple}`.padStart(6),
    mean(alive).toFixed(2).padStart(6),
    mean(earns).toFixed(2).padStart(7),
    mean(millions(profit)).toFixed(1).padStart(12),
    shareOf(alive.map((share) => share > 0.5)).padStart(17),
    shareOf(alive.map((share, world) => share > 0.5 && profit[world]! > 0)).padStart(16),
    outcome === reference ? '' : gap(millions(profit), millions(reference.profit), 1).padStart(20),
  ]
  console.log(columns.join(' ').trimEnd())
}
console.log(`
alive and profit > 0 are shares of all replications; profit in EUR millions, to the end of the run;
a world counts where the company lives in more than half of its replications; standard errors in brackets`)

for (const company of ['free-with-ads', 'free-with-services']) {
  const { variant } = bestOf(company)
  const ranks = sensitivity.filter((one) => one.variant === variant)
  const rank = (path: string, of: string): number =>
    ranks.find(({ metric, parameter }) => metric === of && parameter === path)!.estimate ?? 0
  console.log(`\n${company}: rank correlation of each uncertain figure with`)
  console.log(`${''.padEnd(36)} alive  profit > 0  mean profit`)
  for (const path of parameters.toSorted((a, b) => Math.abs(rank(b, 'earns')) - Math.abs(rank(a, 'earns')))) {
    const [alive, earns, profit] = ['alive', 'earns', 'profit'].map((metric) => rank(path, metric).toFixed(2))
    console.log(`${path.padEnd(36)}${alive!.padStart(6)}${earns!.padStart(12)}${profit!.padStart(13)}`)
  }
}
console.log(`\nby chance alone about ${(1 / Math.sqrt(points - 1)).toFixed(2)} either way`)

for (const { name, metric, condition, cases, box, found, reason } of discovery) {
  console.log(`\n${name} (${metric} ${condition}) in ${cases} of ${points} worlds`)
  if (found === undefined) {
    console.log(`  no box: ${reason}`)
    continue
  }
  console.log('  a box of them, with quasi-p values of its ends:')
  for (const [i, limit] of found.limits.filter(isRestricted).entries()) {
    const chances = limit.kind === 'category' ? [limit.quasiP] : [limit.lowerQuasiP, limit.upperQuasiP]
    const told = chances.flatMap((chance) => chance?.toFixed(2) ?? []).join(', ')
    console.log(`  ${box[i]!.padEnd(56)} ${told}`)
  }
  const [density, coverage] = [found.density.toFixed(2), found.coverage.toFixed(2)]
  console.log(
    `  in ${found.cases} of its ${found.count} worlds (density ${density}), ${coverage} of all cases (coverage)`,
  )
}

console.log(
  '\nthe industry, less what it is without the company: EUR millions a month, best quality at the end',
)
const without = industryOf(definition)
const told = (name: string, number: (of: keyof Industry, digits: number) => string): void =>
  console.log(
    `${name.padEnd(23)} R&D ${number('rd', 3)}  profit ${number('profit', 2)}  frontier ${number('frontier', 4)}`,
  )
const column = (worlds: readonly Industry[], of: keyof Industry): number[] =>
  worlds.map((world) => world[of] / (of === 'frontier' ? 1 : 1e6))
told('without the company', (of, digits) => mean(column(without, of)).toFixed(digits))
for (const company of ['free-with-ads', 'free-with-services', 'free-first', 'subscription']) {
  const { variant } = bestOf(company)
  const worlds = industryOf(
    definition,
    definition.variants.find(({ name }) => name === variant),
  )
  told(company, (of, digits) => gap(column(worlds, of), column(without, of), digits))
}
