/** The law of a parameter from what is written: which one follows from the keys. */
import { type ContinuousDistribution, distributionProblems } from '../../engine/designs/index.ts'
import type { Path } from '../../engine/market/problem.ts'
import type { Findings } from './findings.ts'
import type { WrittenLaw } from './schema.ts'

const FORMS =
  'give low and high; low, mode and high; mean and sd; or median and sigma, these two with or without low and high'

/** Keys that make a law what it is, beside low and high. */
const OWN_KEYS = ['mode', 'mean', 'sd', 'median', 'sigma'] as const
type OwnKey = (typeof OWN_KEYS)[number]

/** Which of these keys go together, and what law they make. */
const LAWS: readonly { readonly law: ContinuousDistribution['law']; readonly keys: readonly OwnKey[] }[] = [
  { law: 'triangular', keys: ['mode'] },
  { law: 'normal', keys: ['mean', 'sd'] },
  { law: 'log-normal', keys: ['median', 'sigma'] },
]

/** The distribution that is written at a path of a study file; `undefined`, and a finding, where there is none. */
export function lawOf(written: WrittenLaw, at: Path, findings: Findings): ContinuousDistribution | undefined {
  const path = String(at.at(-1))
  const given = OWN_KEYS.filter((key) => written[key] !== undefined)
  const meant = LAWS.find(({ keys }) => keys.some((key) => given.includes(key)))
  const foreign = given.find((key) => meant?.keys.includes(key) === false)
  if (foreign !== undefined) {
    const message = `${foreign} of ${path} does not go with ${given.find((key) => key !== foreign)}`
    findings.add({ code: 'mixed-law', at: [...at, foreign], on: 'key', message, hint: FORMS })
    return undefined
  }
  const isBounded = meant === undefined || meant.law === 'triangular'
  const needed = [...(isBounded ? (['low', 'high'] as const) : []), ...(meant?.keys ?? [])]
  const missing = needed.filter((key) => written[key] === undefined)
  // A key that is there, but wrong or misspelt, is known already.
  if (missing.length > 0 && findings.has(at)) return undefined
  for (const key of missing) {
    const message = `${key} is missing in the law of ${path}`
    findings.add({ code: 'missing-key', at, on: 'key', message, hint: FORMS })
  }
  const { low = 0, high = 0, mode = 0, mean = 0, sd = 0, median = 0, sigma = 0, scale } = written
  const law = meant?.law ?? (scale === 'log' ? 'log-uniform' : 'uniform')
  if (scale !== undefined && meant !== undefined && !(law === 'log-normal' && scale === 'log')) {
    const message = `scale of ${path} is ${scale}, but the law with ${meant.keys.join(' and ')} has none`
    const hint = law === 'normal' ? 'a log-normal law has median and sigma' : 'leave it out'
    findings.add({ code: 'mixed-law', at: [...at, 'scale'], on: 'key', message, hint })
    return undefined
  }
  if (missing.length > 0) return undefined
  const ends = {
    ...(written.low === undefined ? {} : { low }),
    ...(written.high === undefined ? {} : { high }),
  }
  switch (law) {
    case 'uniform':
    case 'log-uniform':
      return { law, low, high }
    case 'triangular':
      return { law, low, mode, high }
    case 'normal':
      return { law, mean, deviation: sd, ...ends }
    case 'log-normal':
      return { law, median, sigma, ...ends }
  }
}

/** Reports what is wrong with a distribution at its place; true where nothing is. */
export function isPossible(
  distribution: Parameters<typeof distributionProblems>[0],
  at: Path,
  findings: Findings,
): boolean {
  const problems = distributionProblems(distribution)
  for (const problem of problems) {
    const message = `${at.at(-1)}: ${problem.replace(/^deviation\b/, 'sd')}`
    findings.add({ code: 'impossible-law', at, on: 'value', message })
  }
  return problems.length === 0
}

/** Whether a law has an end on both sides. */
export function isBounded(distribution: ContinuousDistribution): boolean {
  return distribution.low !== undefined && distribution.high !== undefined
}
