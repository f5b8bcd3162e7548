/** The two small rules of arithmetic that patient rule induction rests on: where to cut, and how surprising a box is. */
import { assert } from '../errors.ts'

/**
 * Where to cut a share off sorted values: halfway between the two order statistics around (n - 1) q. Where these
 * are equal, the one further inside the box is moved (the lower for q above 1/2, the upper else) until they differ,
 * so that a cut never leaves a tied value half in.
 *
 * Source: the quantile of sdtoolkit (B. P. Bryant, 2009) and of ema_workbench.
 *
 * @param valueAt the value at a place of the ascending order
 * @param count how many values, at least 1
 * @param quantile q, in (0, 1)
 */
export function cutAt(valueAt: (place: number) => number, count: number, quantile: number): number {
  assert(count > 0, 'a cut needs values')
  assert(quantile > 0 && quantile < 1, 'a cut leaves something on both sides', { quantile })
  const position = (count - 1) * quantile
  let below = Math.floor(position)
  let above = Math.ceil(position)
  if (quantile > 0.5) while (below > 0 && valueAt(below) === valueAt(above)) below--
  else while (above < count - 1 && valueAt(below) === valueAt(above)) above++
  return (valueAt(below) + valueAt(above)) / 2
}

/** A weight that the sums below start from: far above 1, so that tails down to 1e-308 do not lose digits. */
const WEIGHT_OF_MODE = 1e300

/** Terms below this share of their sum are left out: together they are less than its rounding. */
const NEGLIGIBLE = 1e-19

/**
 * The chance of `successes` or more in `trials`, each with the chance `cases / count`: the one-sided binomial test.
 * Sums the law outward from its mode by the ratios of neighbours, and divides by the whole, so no logarithm is
 * needed; the relative error is a few roundings for each place between the mode and `successes`.
 *
 * @returns in [0, 1]; a tail below 5e-324 is 0
 */
export function binomialTail(of: {
  successes: number
  trials: number
  cases: number
  count: number
}): number {
  const { successes, trials, cases, count } = of
  assert(successes >= 0 && successes <= trials, 'successes are among the trials', of)
  assert(cases >= 0 && cases <= count && count > 0, 'a chance is in [0, 1]', of)
  if (successes === 0 || cases === count) return 1
  if (cases === 0) return 0
  const others = count - cases
  const mode = Math.min(Math.floor(((trials + 1) * cases) / count), trials)

  /** Sums weights from `place` on, in one direction, until they no longer matter. */
  const sumFrom = (place: number, weight: number, step: 1 | -1): number => {
    let sum = 0
    for (let i = place; i >= 0 && i <= trials && weight > sum * NEGLIGIBLE; i += step) {
      sum += weight
      weight *= step === 1 ? up(i) : 1 / up(i - 1)
    }
    return sum
  }
  const up = (i: number): number => ((trials - i) * cases) / ((i + 1) * others)

  const total =
    sumFrom(mode, WEIGHT_OF_MODE, 1) + sumFrom(mode - 1, mode > 0 ? WEIGHT_OF_MODE / up(mode - 1) : 0, -1)
  if (successes <= mode) {
    let weight = WEIGHT_OF_MODE
    for (let i = mode; i > successes - 1; i--) weight /= up(i - 1)
    return Math.min(1, 1 - sumFrom(successes - 1, weight, -1) / total)
  }
  let weight = WEIGHT_OF_MODE
  for (let i = mode; i < successes; i++) weight *= up(i)
  return sumFrom(successes, weight, 1) / total
}
