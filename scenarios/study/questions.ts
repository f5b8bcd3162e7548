/** What a study asks of its metrics: how many replications are enough, and where in the design something happens. */
import { type Path, dotted, shown } from '../../engine/market/problem.ts'
import type { Design, Discovery, Stopping, Target } from '../../engine/study/definition.ts'
import { didYouMean } from '../../engine/suggest.ts'
import type { Findings } from './findings.ts'
import { ONLY_VARIANT } from './markets.ts'
import type { StudyFile, WrittenDiscovery, WrittenTarget } from './schema.ts'

/** The names that questions may use. */
export interface Names {
  /** Names of metrics; `undefined` where mistakes hide what they are. */
  readonly metrics: readonly string[] | undefined
  /** Names of variants; `undefined` likewise. */
  readonly variants: readonly string[] | undefined
  readonly baseline: string | undefined
  readonly findings: Findings
}

/** Replications of each point where a study says nothing, as for a run. */
const USUAL_REPLICATIONS = 400

/** Most replications of a point where a study has targets and no limit of its own. */
const USUAL_MOST = 100_000

/** How many replications each point gets. */
export function stoppingOf(written: StudyFile['replications'], names: Names): Stopping {
  if (written === undefined) return fixed(USUAL_REPLICATIONS)
  if (typeof written === 'number') return fixed(written)
  const { findings } = names
  const at: Path = ['replications']
  const { first = 200, step = first, until } = written
  const isTargeted = until !== undefined || findings.has([...at, 'until'])
  const most = written.most ?? (isTargeted ? Math.max(USUAL_MOST, first) : first)
  if (until?.length === 0) {
    const hint = 'leave it out for a fixed number of replications'
    findings.add({ code: 'no-target', at: [...at, 'until'], on: 'key', message: 'until is empty', hint })
  }
  if (!isTargeted) {
    for (const key of ['step', 'most'] as const) {
      if (written[key] === undefined) continue
      const message = `${key} of replications decides nothing without until`
      const hint = 'say what must be known, as in until: [{ metric: profit, relative: 0.1 }]'
      findings.add({ code: 'unused-key', at: [...at, key], on: 'key', message, hint })
    }
    return fixed(first)
  }
  if (first < 2) {
    const message = `first of replications is ${first}, and an interval needs two`
    findings.add({
      code: 'out-of-bounds',
      at: [...at, 'first'],
      on: 'value',
      message,
      hint: 'some hundred are usual',
    })
  }
  if (most < first) {
    const message = `most of replications is ${most}, below first, ${first}`
    findings.add({ code: 'out-of-order', at: [...at, 'most'], on: 'value', message, hint: 'raise it' })
  }
  const targets = (until ?? []).map((target, index) => targetOf(target, [...at, 'until', index], names))
  return { first, step, most, targets }
}

/** A number of replications that is not up to what they say. */
export function fixed(replications: number): Stopping {
  return { first: replications, step: replications, most: replications, targets: [] }
}

function targetOf(target: WrittenTarget, at: Path, names: Names): Target {
  const { findings, variants, baseline } = names
  const { variant, difference } = target
  checkMetric(target.metric, [...at, 'metric'], names)
  checkVariant(variant, [...at, 'variant'], names)
  checkOne(target, ['halfWidth', 'relative'], at, findings)
  if (target.halfWidth !== undefined && target.halfWidth <= 0) {
    const message = `halfWidth of ${dotted(at)} is ${shown(target.halfWidth)}, not above 0`
    const hint = "it is in the metric's unit"
    findings.add({ code: 'out-of-bounds', at: [...at, 'halfWidth'], on: 'value', message, hint })
  }
  if (difference === true && variants !== undefined && variants.length < 2) {
    const message = 'there is no difference between variants: there is only one'
    const hint = 'leave it out, or write several variants'
    findings.add({ code: 'no-difference', at: [...at, 'difference'], on: 'key', message, hint })
  } else if (difference === true && variant !== undefined && variant === baseline) {
    const message = `'${variant}' is the baseline, which does not differ from itself`
    const hint = 'name another variant, or none'
    findings.add({ code: 'no-difference', at: [...at, 'variant'], on: 'value', message, hint })
  }
  return target
}

/** The questions to the design. */
export function discoveriesOf(
  written: StudyFile['discovery'],
  { kind, ...names }: Names & { readonly kind: Design['kind'] | undefined },
): Discovery[] {
  const { findings, variants } = names
  const entries = Object.entries(written ?? {})
  const discoveries = entries.map(([name, one]) => {
    const at: Path = ['discovery', name]
    checkMetric(one.metric, [...at, 'metric'], names)
    checkVariant(one.variant, [...at, 'variant'], names)
    checkOne(one, ['above', 'below'], at, findings)
    const { metric, variant = variants?.[0] ?? ONLY_VARIANT, above, below } = one
    const { objective = 'lenient1', peel = 0.05, paste = 0.05, minimumMass = 0.05, coverage = 0.8 } = one
    return {
      name,
      variant,
      metric,
      ...(above === undefined ? {} : { above }),
      ...(below === undefined ? {} : { below }),
      objective,
      peel,
      paste,
      minimumMass,
      coverage,
    }
  })
  if (entries.length > 0 && kind === 'point') {
    const message = 'discovery looks for a box in a design, and the study has none'
    const hint = 'add design:, for example of kind latin-hypercube'
    findings.add({ code: 'no-design', at: ['discovery'], on: 'key', message, hint })
  }
  return discoveries
}

function checkMetric(metric: string, at: Path, { metrics, findings }: Names): void {
  if (metrics === undefined || metrics.includes(metric) || findings.has(at)) return
  const message = `the study has no metric '${metric}'`
  findings.add({ code: 'unknown-metric', at, on: 'value', message, hint: didYouMean(metric, metrics) })
}

/** Reports the name of a variant that there is not. */
export function checkVariant(
  variant: string | undefined,
  at: Path,
  { variants, findings }: Pick<Names, 'variants' | 'findings'>,
): void {
  if (variant === undefined || variants === undefined || variants.includes(variant)) return
  const message = `there is no variant '${variant}'`
  findings.add({ code: 'unknown-variant', at, on: 'value', message, hint: didYouMean(variant, variants) })
}

/** Exactly one of two keys is given. */
function checkOne<Written extends WrittenTarget | WrittenDiscovery>(
  written: Written,
  keys: readonly [keyof Written & string, keyof Written & string],
  at: Path,
  findings: Findings,
): void {
  const given = keys.filter((key) => written[key] !== undefined)
  if (given.length === 1 || keys.some((key) => findings.has([...at, key]) && written[key] === undefined))
    return
  const [one, other] = keys
  if (given.length === 2) {
    const message = `${one} and ${other} are both given`
    findings.add({ code: 'one-of-two', at: [...at, other], on: 'key', message, hint: 'keep one of them' })
  } else {
    const message = `neither ${one} nor ${other} is given`
    findings.add({ code: 'one-of-two', at, on: 'value', message, hint: 'give one of them' })
  }
}
