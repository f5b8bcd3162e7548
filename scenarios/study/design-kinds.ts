/** What a kind of design says beyond its points: which one is meant by another name, and whether points share their luck. */
import type { Findings } from './findings.ts'
import type { WrittenDesign } from './schema.ts'

type Kind = WrittenDesign['kind']

/** What else the kinds of designs are called: plain letters, with - between words. */
const OTHER_NAMES: Readonly<Record<string, Kind>> = {
  none: 'point',
  single: 'point',
  points: 'list',
  scenarios: 'list',
  worlds: 'list',
  'full-factorial': 'factorial',
  grid: 'factorial',
  sweep: 'factorial',
  lhs: 'latin-hypercube',
  latin: 'latin-hypercube',
  hypercube: 'latin-hypercube',
  'monte-carlo': 'latin-hypercube',
  random: 'latin-hypercube',
  uniform: 'latin-hypercube',
  'quasi-monte-carlo': 'sobol',
  qmc: 'sobol',
  'sobol-sequence': 'sobol',
  'low-discrepancy': 'sobol',
  'sobol-indices': 'saltelli',
  'variance-based': 'saltelli',
  jansen: 'saltelli',
  screening: 'morris',
  'elementary-effects': 'morris',
}

/** The kind of design that is meant by another usual name of it. */
export function kindMeant(given: unknown): Kind | undefined {
  if (typeof given !== 'string') return undefined
  const name = given
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '-')
  return Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined
}

/**
 * Whether points share their luck where a study does not say: not where they are a sample of what nobody knows, so that
 * the spread between them is all that a mean over points is uncertain by.
 */
export function usualLuck(kind: Kind): 'common' | 'own' {
  return kind === 'latin-hypercube' || kind === 'sobol' ? 'own' : 'common'
}

/** Reports luck of their own for points that are compared with each other. */
export function checkLuck(luck: 'common' | 'own' | undefined, kind: Kind, findings: Findings): void {
  if (luck !== 'own' || (kind !== 'saltelli' && kind !== 'morris')) return
  const message = `luck is own, and a design of kind ${kind} compares points under the same luck`
  const hint = 'leave it out: luck of its own would count as the effect of every parameter'
  findings.add({ code: 'luck-as-effect', at: ['luck'], on: 'value', message, hint })
}
