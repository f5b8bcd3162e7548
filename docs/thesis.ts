/**
 * Prints what the study of free or paid comes to, for docs/thesis.md: each business model at its best price, what decides
 * whether free survives, and what free entry does to the industry.
 *
 * Run with `npx tsx docs/thesis.ts [--worlds N] [--replications N]`.
 */
import { parseArgs } from 'node:util'
import { FreeOrPaid, byWorld, mean, rankCorrelation } from '../scenarios/studies/free-or-paid.ts'

const { values } = parseArgs({
  options: { worlds: { type: 'string' }, replications: { type: 'string' } },
})
const study = new FreeOrPaid({
  ...(values.worlds === undefined ? {} : { worlds: Number(values.worlds) }),
  ...(values.replications === undefined ? {} : { replications: Number(values.replications) }),
})
const { worlds, replications } = study
console.log(`${study.file.title} ${worlds.length} worlds, ${replications} replications each\n`)
const best = study.variants.map((variant) =>
  study.outcomes(variant).reduce((a, b) => (mean(b.profit) > mean(a.profit) ? b : a)),
)
const reference = best.find(({ variant }) => variant === 'subscription')!
console.log(
  'the company as           price  alive  profit  mean profit  in worlds: lives  lives and earns   less subscription',
)
for (const { variant, multiple, alive, profit } of best) {
  const lives = byWorld(alive, replications)
  const earns = byWorld(profit, replications)
  const gaps = byWorld(
    profit.map((value, i) => value - reference.profit[i]!),
    replications,
  )
  const error = Math.sqrt(mean(gaps.map((gap) => (gap - mean(gaps)) ** 2)) / (gaps.length - 1))
  console.log(
    [
      variant.padEnd(23),
      `x${multiple}`.padStart(6),
      mean(alive.map(Number)).toFixed(2).padStart(6),
      mean(profit.map((value) => Number(value > 0)))
        .toFixed(2)
        .padStart(7),
      mean(profit).toFixed(1).padStart(12),
      mean(lives.map((share) => Number(share >= 0.5)))
        .toFixed(2)
        .padStart(17),
      mean(lives.map((share, i) => Number(share >= 0.5 && earns[i]! > 0)))
        .toFixed(2)
        .padStart(16),
      variant === 'subscription' ? '' : `${mean(gaps).toFixed(1)} (${error.toFixed(1)})`.padStart(20),
    ].join(' '),
  )
}
console.log(
  '\nalive and profit > 0 are shares of all replications; profit in EUR millions, to the end of the run;',
)
console.log(
  'a world counts where the company lives in at least half of its replications; standard errors in brackets',
)

for (const variant of ['free-with-ads', 'free-with-services']) {
  const { alive, profit } = best.find((outcome) => outcome.variant === variant)!
  const against = (path: string, values: readonly (number | boolean)[]): number =>
    rankCorrelation(
      worlds.map((world) => world[path]!),
      byWorld(values, replications),
    )
  const decided = Object.keys(study.file.uncertain)
    .map((path) => ({
      path,
      lives: against(path, alive),
      pays: against(
        path,
        profit.map((value) => value > 0),
      ),
      mean: against(path, profit),
    }))
    .sort((a, b) => Math.abs(b.pays) - Math.abs(a.pays))
  console.log(`\n${variant}: rank correlation of each uncertain figure with`)
  console.log(`${''.padEnd(36)} alive  profit > 0  mean profit`)
  for (const { path, ...with_ } of decided)
    console.log(
      `${path.padEnd(36)}${with_.lives.toFixed(2).padStart(6)}${with_.pays.toFixed(2).padStart(12)}${with_.mean.toFixed(2).padStart(13)}`,
    )
}
console.log(`\nby chance alone about ${(1 / Math.sqrt(worlds.length - 1)).toFixed(2)} either way`)

console.log(
  '\nthe industry, less what it is without the company: EUR millions a month, best quality at the end',
)
const without = study.industry()
const told = (values: readonly number[], base: readonly number[], digits: number): string => {
  const gaps = values.map((value, world) => value - base[world]!)
  const error = Math.sqrt(mean(gaps.map((gap) => (gap - mean(gaps)) ** 2)) / (gaps.length - 1))
  return `${mean(gaps).toFixed(digits)} (${error.toFixed(digits)})`
}
console.log(
  `${'without the company'.padEnd(23)} R&D ${mean(without.rd).toFixed(2)}  profit ${mean(without.profit).toFixed(2)}  frontier ${mean(without.frontier).toFixed(3)}`,
)
for (const variant of ['free-with-ads', 'free-with-services', 'free-first', 'subscription']) {
  const { rd, profit, frontier } = study.industry(
    variant,
    best.find((outcome) => outcome.variant === variant)!.multiple,
  )
  console.log(
    `${variant.padEnd(23)} R&D ${told(rd, without.rd, 3)}  profit ${told(profit, without.profit, 2)}  frontier ${told(frontier, without.frontier, 4)}`,
  )
}
