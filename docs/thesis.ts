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

console.log(
  '\nwhat decides whether free with ads lives and earns: rank correlation with each uncertain figure',
)
const free = best.find(({ variant }) => variant === 'free-with-ads')!
const decided = Object.keys(study.file.uncertain)
  .map((path) => ({
    path,
    lives: rankCorrelation(
      worlds.map((world) => world[path]!),
      byWorld(free.alive, replications),
    ),
    earns: rankCorrelation(
      worlds.map((world) => world[path]!),
      byWorld(free.profit, replications),
    ),
  }))
  .sort((a, b) => Math.abs(b.lives) - Math.abs(a.lives))
for (const { path, lives, earns } of decided)
  console.log(
    `${path.padEnd(36)} lives ${lives.toFixed(2).padStart(6)}   earns ${earns.toFixed(2).padStart(6)}`,
  )
console.log(`by chance alone about ${(1 / Math.sqrt(worlds.length - 1)).toFixed(2)} either way`)

console.log(
  '\nthe industry with the company in it: R&D and profit in EUR millions a month, best quality at the end',
)
for (const variant of [undefined, 'free-with-ads', 'free-first', 'subscription']) {
  const { rd, profit, frontier } = study.industry(variant)
  console.log(
    `${(variant ?? 'without the company').padEnd(23)} R&D ${rd.toFixed(3)}  profit ${profit.toFixed(3)}  frontier ${frontier.toFixed(4)}`,
  )
}
