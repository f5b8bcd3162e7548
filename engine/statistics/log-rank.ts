/** Whether groups differ in how long they last. */
import gammainc from '@stdlib/math-base-special-gammainc'
import { assert } from '../errors.ts'
import { type Exits, countOf } from './exits.ts'

/** What the log-rank test finds. */
export interface LogRank {
  /** Events by group. */
  readonly observed: readonly number[]
  /** Events by group that would be expected if all groups had one hazard. */
  readonly expected: readonly number[]
  /** Of observed - expected, by group and group: its rows add up to 0. */
  readonly covariance: readonly (readonly number[])[]
  readonly chiSquared: number
  /** Groups - 1, less where groups were never at risk together. */
  readonly degreesOfFreedom: number
  /** Chance of a chi-squared as large if the groups do not differ; `null` where nothing can be compared. */
  readonly probability: number | null
  /** For two groups: observed - expected of the first, its variance, and their z; `null` for more groups or no variance. */
  readonly twoGroups: { readonly score: number; readonly variance: number; readonly z: number } | null
}

/** A group's variance that the groups before explain but for this part is rounding, of some hundred times at most 1e-16. */
const RELATIVE_PIVOT = 1e-10

/**
 * The log-rank test of k groups: at each time with d events among n at risk, group j with n_j at risk is expected to
 * have d n_j / n of them, with covariance d (n - d) / (n - 1) n_j / n ([i = j] - n_i / n). Observed - expected, summed
 * over times, has a chi-squared of k - 1 degrees of freedom: its quadratic form in the inverse covariance of all
 * groups but the last. What is censored at the time of an event is at risk of it.
 *
 * Sources: N. Mantel (1966), Cancer Chemotherapy Reports 50, 163-170; R. Peto and J. Peto (1972), Journal of the Royal
 * Statistical Society A 135, 185-207; J. P. Klein and M. L. Moeschberger (2003), "Survival Analysis", section 7.3.
 *
 * @param groups exits of each group, ascending in time; at least two groups
 */
export function logRank(groups: readonly (readonly Exits[])[]): LogRank {
  const size = groups.length
  assert(size >= 2, 'a log-rank test compares at least two groups', { groups: size })
  const atRisk = groups.map(countOf)
  const next = groups.map(() => 0)
  const observed = groups.map(() => 0)
  const expected = groups.map(() => 0)
  const covariance = groups.map(() => groups.map(() => 0))
  for (;;) {
    const time = Math.min(...groups.map((group, j) => group[next[j]!]?.time ?? Infinity))
    if (time === Infinity) break
    const here = groups.map((group, j) => (group[next[j]!]?.time === time ? group[next[j]!++]! : null))
    const events = here.reduce((sum, exits) => sum + (exits?.events ?? 0), 0)
    const all = atRisk.reduce((sum, count) => sum + count, 0)
    const spread = all > 1 ? (events * (all - events)) / (all - 1) : 0
    for (let i = 0; i < size; i++) {
      const part = atRisk[i]! / all
      observed[i]! += here[i]?.events ?? 0
      expected[i]! += events * part
      for (let j = 0; j < size; j++)
        covariance[i]![j]! += spread * part * ((i === j ? 1 : 0) - atRisk[j]! / all)
    }
    here.forEach((exits, j) => (atRisk[j]! -= exits === null ? 0 : exits.events + exits.censored))
  }
  const excess = observed.map((count, j) => count - expected[j]!)
  const { form: chiSquared, rank } = quadraticForm(covariance, excess)
  const [score, variance] = [excess[0]!, covariance[0]![0]!]
  return {
    observed,
    expected,
    covariance,
    chiSquared,
    degreesOfFreedom: rank,
    probability: rank === 0 ? null : gammainc(chiSquared / 2, rank / 2, true, true),
    twoGroups: size === 2 && variance > 0 ? { score, variance, z: score / Math.sqrt(variance) } : null,
  }
}

/**
 * v' M^- v over all coordinates but the last, and the rank of M there, for a positive semidefinite M in whose range v
 * lies: by elimination, leaving out coordinates that those before explain.
 */
function quadraticForm(
  matrix: readonly (readonly number[])[],
  vector: readonly number[],
): { form: number; rank: number } {
  const size = vector.length - 1
  const rows = matrix.slice(0, size).map((row, i) => [...row.slice(0, size), vector[i]!])
  let form = 0
  let rank = 0
  for (let pivot = 0; pivot < size; pivot++) {
    const own = rows[pivot]!
    if (!(own[pivot]! > RELATIVE_PIVOT * matrix[pivot]![pivot]!)) continue
    rank++
    // In the decomposition L D L' the form is the sum of squares of L^-1 v over D.
    form += (own[size]! * own[size]!) / own[pivot]!
    for (let i = pivot + 1; i < size; i++) {
      const factor = rows[i]![pivot]! / own[pivot]!
      for (let j = pivot + 1; j <= size; j++) rows[i]![j]! -= factor * own[j]!
    }
  }
  return { form, rank }
}
