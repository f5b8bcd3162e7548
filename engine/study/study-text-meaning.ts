/** The last lines of a study's text: what its numbers mean in a sentence, and what they cannot say. */
import { printable } from '../files/printable.ts'
import type { Sensitivity } from './sensitivity.ts'
import type { ComparisonSummary, StudySummary } from './study-summary.ts'
import { excludesZero, figure, isSample } from './study-text-tables.ts'
import { counted, figureScale, grouped, knownMean, listed, width, wrapped } from './text-table.ts'

/** Most metrics that are named in a sentence. */
const MOST_TOLD = 4

/** What the numbers mean, in a sentence; metrics in the order of the study, but for those with missing values. */
export function meaningLines(summary: StudySummary): string[] {
  const told = sentence(summary)
  const left = leftOut(summary).map(printable)
  return [
    ...(told === undefined ? [] : wrapped(told)),
    ...(told === undefined || left.length === 0
      ? []
      : wrapped(`Left out, as values are missing: ${listed(first(left))}.`)),
  ]
}

function sentence(summary: StudySummary): string | undefined {
  const { variants, baseline, metrics, points } = summary
  if (baseline !== null) {
    const told = variants
      .filter((variant) => variant !== baseline)
      .map((variant) => against(summary, variant))
    return `Compared with ${printable(baseline)}: ${told.join('; ')}.`
  }
  const strongest = influences(summary)
  if (strongest.length > 0) return `${first(strongest).join('; ')}.`
  const told = metrics
    .filter(({ missing }) => missing === 0)
    .flatMap(({ metric, unit, mean, range }) => {
      const { show, unit: after } = figureScale(unit, {
        values: [mean.estimate, mean.low, mean.high, range?.min ?? null, range?.max ?? null],
        widths: [width(mean)],
      })
      if (mean.estimate === null) return []
      return range === null
        ? [`${printable(metric)} is ${knownMean(mean, show)}${after} on average`]
        : [`${printable(metric)} lies between ${show(range.min)} and ${show(range.max)}${after}`]
    })
  return told.length === 0 ? undefined : `${points === 1 ? '' : 'Over the points, '}${listed(first(told))}.`
}

/** Metrics with missing values: of those with one, variants do not compare. */
function leftOut({ metrics, comparisons }: StudySummary): string[] {
  const incomplete = [
    ...(comparisons.length > 0 ? [] : metrics.filter(({ missing }) => missing > 0)),
    ...comparisons.filter(({ pairs, replications }) => pairs < replications),
  ]
  return [...new Set(incomplete.map(({ metric }) => metric))]
}

/** The first few, and how many more there are. */
function first(told: readonly string[]): string[] {
  const rest = told.length - MOST_TOLD
  return rest > 0 ? [...told.slice(0, MOST_TOLD), `${grouped(rest)} more`] : [...told]
}

/** In what a variant differs from the baseline. */
function against(summary: StudySummary, variant: string): string {
  const own = summary.comparisons.filter((row) => row.variant === variant)
  const complete = own.filter(({ pairs, replications }) => pairs === replications)
  const told = complete.flatMap((row) => difference(summary, row) ?? [])
  if (told.length > 0) return `with ${printable(variant)}, ${listed(first(told))}`
  const which =
    complete.length === own.length
      ? 'any metric'
      : complete.length === 0
        ? 'any metric, as all have missing values'
        : 'any metric that is without missing values'
  return `${printable(variant)} cannot be told apart from it${isSample(summary) ? ' on average' : ''} in ${which}`
}

/** How far a metric is from the baseline's, where that is known to be other than by luck. */
function difference(summary: StudySummary, row: ComparisonSummary): string | undefined {
  const { points } = summary
  const { metric, unit, difference, higher, lower, pairs } = row
  const name = printable(metric)
  const { estimate } = difference
  if (estimate === null) return undefined
  const by = (): string =>
    `${estimate > 0 ? 'higher' : 'lower'} by ${figure(unit, Math.abs(estimate), width(difference) ?? 0)}`
  if (points > 1) {
    const at = `${higher >= lower ? 'higher' : 'lower'} at ${grouped(Math.max(higher, lower))}`
    const other = Math.min(higher, lower)
    const counts = `${at}${other === 0 ? '' : ` and ${higher >= lower ? 'lower' : 'higher'} at ${grouped(other)}`} of ${counted(points, 'point')}`
    if (isSample(summary))
      return excludesZero(difference) ? `${name} is ${by()} on average, ${counts}` : undefined
    return Math.max(higher, lower) > BY_CHANCE * points ? `${name} is ${counts}` : undefined
  }
  if (excludesZero(difference)) return `${name} is ${by()}`
  const isAlike = difference.low !== null && difference.low === difference.high && estimate !== 0
  return isAlike ? `${name} is ${by()} in each of the ${counted(pairs, 'replication')} alike` : undefined
}

/** Share of points at which intervals exclude 0 by chance, on both sides together. */
const BY_CHANCE = 0.05

/** Of each metric the parameter that matters most, where that is known. */
function influences({ metrics, sensitivity }: StudySummary): string[] {
  return metrics.flatMap(({ metric, variant, missing }) => {
    if (missing > 0) return []
    const own = sensitivity.filter((row) => row.metric === metric && row.variant === variant)
    const [most, ...others] = own
      .flatMap((row) => sized(row) ?? [])
      .toSorted((one, other) => other.size - one.size)
    if (most === undefined || others.length === 0 || most.low === 0) return []
    const name = `${own.some(({ measure }) => measure === 'levels') ? 'of the parameters with an order, ' : ''}${printable(metric)}`
    const alike = others.filter(({ high }) => high >= most.low)
    if (alike.length === 0) return [`${name} depends most on ${printable(most.parameter)}`]
    if (alike.length >= MOST_TOLD)
      return [
        `on what ${name} depends most cannot be told: ${grouped(alike.length + 1)} parameters come near`,
      ]
    const names = [most, ...alike].map(({ parameter }) => printable(parameter))
    return [`${name} depends most on ${listed(names, 'or')}, which cannot be told apart`]
  })
}

interface Sized {
  readonly parameter: string
  readonly size: number
  readonly low: number
  readonly high: number
}

/** How strong an influence is, whatever its sign, with its interval; `undefined` where that is not known. */
function sized({ parameter, measure, estimate, low, high }: Sensitivity): Sized | undefined {
  if (!LEADING.has(measure) || estimate === null || low === null || high === null || low === high)
    return undefined
  const size = Math.abs(estimate)
  if (low <= 0 && high >= 0) return { parameter, size, low: 0, high: Math.max(-low, high) }
  return {
    parameter,
    size,
    low: Math.min(Math.abs(low), Math.abs(high)),
    high: Math.max(Math.abs(low), Math.abs(high)),
  }
}

/** Measures by which parameters are ranked. */
const LEADING: ReadonlySet<string> = new Set(['total', 'muStar', 'rank'])

/** How exact the numbers are, and what they cannot say. */
export function caveatLines(summary: StudySummary): string[] {
  const all = 'all of it follows from the assumptions of the scenario.'
  const uncorrected = 'Intervals are of 95% and not corrected for their number'
  if (summary.points === 1)
    return wrapped(`${uncorrected}; they are over the luck of replications, and ${all}`)
  // Of points that are listed there may be none.
  const hasIntervals =
    isSample(summary) || summary.comparisons.length > 0 || summary.sensitivity.some(({ low }) => low !== null)
  if (!hasIntervals) return wrapped(`Ranges say how the points spread, not how likely each is, and ${all}`)
  const spread = `${isSample(summary) ? 'those of means over points' : 'ranges'} say how the points spread, not how likely each is, and ${all}`
  return wrapped(`${uncorrected}; ${spread}`)
}
