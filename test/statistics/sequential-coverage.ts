/**
 * What stopping costs in coverage: studies add replications of a point until a 95% interval is narrow enough, looking at
 * fixed counts. Whoever stops when the spread happens to look small states intervals that hold the truth less often than
 * those of as many replications fixed beforehand. Counted here on known laws with the rule that studies use.
 *
 * With 16 000 repetitions and looks as far apart as the first, the targets that cost most cost, of 95%: 8 points from 20
 * values on, 4 from 100, 2.4 from 200 and 1.3 from 400 for a skewness of 6.2; 4, 0.3, 0.4 and none for an exponential law; 5,
 * 1, 0.7 and none for shares, which oscillate by as much; and nothing for normal values and paired differences from 100 on.
 */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { RandomSequence } from '../../engine/numerics/words.ts'
import { Moments, PairedMoments, pairedDifference } from '../../engine/statistics/index.ts'
import { type Estimate, estimateOf } from '../../engine/study/collector.ts'
import type { StudyMetric } from '../../engine/study/definition.ts'
import { isNarrow, widthOf } from '../../engine/study/stopping.ts'
import { isIn } from './coverage.ts'

/** Values of one law, one after the other. */
interface Sample {
  draw(): void
  estimate(): Estimate
}

/** A law whose mean is known. */
export interface Law {
  readonly name: string
  readonly mean: number
  readonly deviation: number
  readonly sample: (random: RandomSequence) => Sample
}

const number: StudyMetric = { name: 'value', of: 'startups.it.profit', unit: 'EUR' }
const share: StudyMetric = { ...number, above: 0, unit: 'share' }

function lawOf(
  name: string,
  { mean, deviation, metric = number }: { mean: number; deviation: number; metric?: StudyMetric },
  value: (random: RandomSequence) => number,
): Law {
  const sample = (random: RandomSequence): Sample => {
    const moments = new Moments()
    return { draw: () => moments.add(value(random)), estimate: () => estimateOf(moments, metric) }
  }
  return { name, mean, deviation, sample }
}

const normal = (random: RandomSequence): number => normalQuantile(random.uniform(), 0, 1)
const exponential = (random: RandomSequence): number => -ln(random.uniform())

function bernoulli(p: number): Law {
  const moments = { mean: p, deviation: Math.sqrt(p * (1 - p)), metric: share }
  return lawOf(`share of p = ${p}`, moments, (random) => Number(random.uniform() < p))
}

/** 2 s + e and s + f of exponential s, e and f, as variants under the same luck: what differs is s + e - f. */
const difference: Law = {
  name: 'paired difference',
  mean: 1,
  deviation: Math.sqrt(3),
  sample: (random) => {
    const paired = new PairedMoments()
    return {
      draw: () => {
        const luck = exponential(random)
        paired.add(2 * luck + exponential(random), luck + exponential(random))
      },
      estimate: () => {
        const { count, difference: estimate, low, high } = pairedDifference(paired)
        return { count, estimate, low, high }
      },
    }
  },
}

/** What is counted: values as metrics give them, from well-behaved to very skewed. */
export const laws: readonly Law[] = [
  lawOf('normal', { mean: 1, deviation: 1 }, (random) => 1 + normal(random)),
  lawOf('exponential', { mean: 1, deviation: 1 }, exponential),
  // Skewness 6.2; sigma is 1.
  lawOf('log-normal', { mean: exp(0.5), deviation: Math.sqrt((exp(1) - 1) * exp(1)) }, (random) =>
    exp(normal(random)),
  ),
  difference,
  bernoulli(0.3),
  bernoulli(0.05),
]

/** One rule on one law. */
export interface SequentialCase {
  readonly law: Law
  /** Values at the first look. */
  readonly first: number
  /** Values that each later look adds. */
  readonly step: number
  /** Whether the target is a share of the estimate. */
  readonly isRelative: boolean
  /** The target is the half-width that so many times `first` values have on average. */
  readonly times: number
}

/** What was counted. */
export interface SequentialCoverage extends SequentialCase {
  /** Of intervals at the stop. */
  readonly covered: number
  /** Mean count at the stop. */
  readonly count: number
  /** Of intervals of that many values, fixed beforehand. */
  readonly fixed: number
  /** Standard error of `fixed` - `covered`. */
  readonly error: number
}

/** Counts a case; both ways with numbers of its own. */
export function sequentialCoverageOf(given: SequentialCase, repetitions: number): SequentialCoverage {
  const { law, first, step, isRelative, times } = given
  const halfWidth = (1.96 * law.deviation) / Math.sqrt(times * first)
  const target = isRelative ? { relative: halfWidth / law.mean } : { halfWidth }
  const name = [law.name, first, step, isRelative, times].join('/')
  const random = new RandomSequence({ seed: 'sequential coverage', stream: name })
  let [hits, total] = [0, 0]
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const sample = law.sample(random)
    let count = drawn(sample, first)
    let estimate = sample.estimate()
    for (; !isNarrow(target, widthOf(estimate)); estimate = sample.estimate()) count += drawn(sample, step)
    if (isIn(estimate, law.mean)) hits++
    total += count
  }
  const count = total / repetitions
  let fixedHits = 0
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const sample = law.sample(random)
    drawn(sample, Math.round(count))
    if (isIn(sample.estimate(), law.mean)) fixedHits++
  }
  const [covered, fixed] = [hits / repetitions, fixedHits / repetitions]
  const error = Math.sqrt((covered * (1 - covered) + fixed * (1 - fixed)) / repetitions)
  return { ...given, covered, count, fixed, error }
}

function drawn(sample: Sample, count: number): number {
  for (let i = 0; i < count; i++) sample.draw()
  return count
}
