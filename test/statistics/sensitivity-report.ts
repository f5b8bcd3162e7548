/**
 * Prints how well sensitivity indices are estimated where they are known: `npx tsx test/statistics/sensitivity-report.ts`.
 * First estimates of one seed, then how often intervals of 200 seeds hold the analytic index. Takes a quarter of a minute.
 */
import { type UnitDesign, morrisTrajectories, saltelli, saltelliOf } from '../../engine/designs/index.ts'
import { RandomSequence } from '../../engine/numerics/words.ts'
import { morrisEffects } from '../../engine/statistics/morris.ts'
import { sobolIndices } from '../../engine/statistics/sobol-indices.ts'
import { type TestFunction, ishigami, resultsAt, sobolG } from './test-functions.ts'

const BASE = 1024
const COVERAGE_BASE = 512
const SEEDS = 200
const RESAMPLES = 200
const kinds = ['first', 'total'] as const

const designs: Readonly<Record<string, (of: TestFunction, base: number, seed: string) => UnitDesign>> = {
  'independent rows': ({ dimension }, base, seed) => {
    const sequence = new RandomSequence({ seed, stream: 'independent rows' })
    const coordinates = Float64Array.from({ length: base * 2 * dimension }, () => sequence.uniform())
    return saltelliOf({ count: base, dimension: 2 * dimension, coordinates })
  },
  'scrambled sobol': ({ dimension }, base, seed) => saltelli({ base, dimension, seed, scramble: true }),
}

/** A figure, aligned. */
const shown = (value: number, width = 11): string => value.toPrecision(4).padStart(width)

function printEstimates(of: TestFunction): void {
  const { name, dimension } = of
  const design = saltelli({ base: BASE, dimension, seed: '1', scramble: true })
  const indices = sobolIndices(resultsAt(design, of), { dimension, seed: '1' })
  console.log(`\n${name}: ${BASE} base rows of scrambled sobol points, ${design.count} runs, seed 1`)
  console.log('index       analytic   estimate        low       high')
  for (const kind of kinds) {
    indices[kind].forEach(({ estimate, low, high }, j) => {
      const label = `${kind === 'first' ? 'S' : 'ST'}${j + 1}`.padEnd(8)
      console.log(`${label} ${[of[kind][j]!, estimate!, low!, high!].map((value) => shown(value)).join('')}`)
    })
  }
}

function printCoverage(of: TestFunction): void {
  const { name, dimension } = of
  console.log(
    `\n${name}: share of ${SEEDS} seeds whose 95% interval holds the analytic index, ${COVERAGE_BASE} base rows`,
  )
  for (const [label, designOf] of Object.entries(designs)) {
    const held = kinds.map(() => Array.from({ length: dimension }, () => 0))
    for (let s = 0; s < SEEDS; s++) {
      const results = resultsAt(designOf(of, COVERAGE_BASE, `coverage ${s}`), of)
      const indices = sobolIndices(results, { dimension, seed: `${s}`, resamples: RESAMPLES })
      kinds.forEach((kind, at) =>
        indices[kind].forEach(({ low, high }, j) => {
          if (low! <= of[kind][j]! && of[kind][j]! <= high!) held[at]![j]!++
        }),
      )
    }
    kinds.forEach((kind, at) => {
      const shares = held[at]!.map((count) => (count / SEEDS).toFixed(3))
      console.log(`${label.padEnd(17)} ${kind.padEnd(6)} ${shares.join('  ')}`)
    })
  }
}

function printMorris(of: TestFunction): void {
  const { name, dimension } = of
  const design = morrisTrajectories({ trajectories: 100, levels: 4, dimension, seed: '1' })
  console.log(`\n${name}: elementary effects of 100 trajectories, 4 levels, ${design.count} runs, seed 1`)
  console.log('parameter          mu        mu*        low       high      sigma')
  morrisEffects(resultsAt(design, of), design, { seed: '1' }).forEach(({ mu, muStar, sigma }, j) => {
    const figures = [mu, muStar.estimate!, muStar.low!, muStar.high!, sigma]
    console.log(`${String(j + 1).padEnd(10)}${figures.map((value) => shown(value)).join('')}`)
  })
}

for (const of of [ishigami, sobolG]) printEstimates(of)
for (const of of [ishigami, sobolG]) printMorris(of)
for (const of of [ishigami, sobolG]) printCoverage(of)
