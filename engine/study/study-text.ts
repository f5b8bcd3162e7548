/** summary.txt of a study: what was asked, what came out, and how well it is known. */
import { printable } from '../files/printable.ts'
import { discoveryLines, sensitivityLines } from './study-text-points.ts'
import type {
  ComparisonSummary,
  MetricSummary,
  StudySummary,
  SurvivalSummary,
  TargetSummary,
} from './study-summary.ts'
import {
  counted,
  figureScale,
  grouped,
  listed,
  percent,
  shortened,
  textTable,
  TEXT_WIDTH,
  wrapped,
  type FigureScale,
  type TextRow,
} from './text-table.ts'

/** The text for people, in lines of at most 110 characters. */
export function studyText(summary: StudySummary): string {
  const sections = [
    [...question(summary), ...replicationLines(summary)],
    metricLines(summary),
    comparisonLines(summary),
    survivalLines(summary),
    sensitivityLines(summary),
    discoveryLines(summary),
    [...meaning(summary), ...caveat(summary)],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** What was asked. */
function question({ title, study, seed, variants, baseline, points, parameters }: StudySummary): string[] {
  const head = `${printable(title)}: study ${printable(study)}, seed ${printable(seed)}`
  const names = variants.map((name) =>
    name === baseline ? `${printable(name)} (baseline)` : printable(name),
  )
  const compared = `${counted(names.length, 'variant')}: ${names.join(', ')}`
  const where =
    parameters.length === 0
      ? ', at one point.'
      : `, at ${counted(points, 'point')} of ${counted(parameters.length, 'parameter')}: ${parameters.map(printable).join(', ')}.`
  return [shortened(head, TEXT_WIDTH), ...wrapped(`${compared}${where}`)]
}

/** How many replications there were, and what they reached. */
function replicationLines(summary: StudySummary): string[] {
  const { total, fewest, most, looks, limit, targets } = summary.replications
  const each = fewest === most ? grouped(most) : `${grouped(fewest)} to ${grouped(most)}`
  const where = summary.points === 1 ? '' : ' at each point'
  const whose = summary.variants.length === 1 ? '' : ' of each variant'
  const head = `${counted(total, 'replication')}: ${each}${whose}${where}`
  if (targets.length === 0) return wrapped(`${head}, a number that was fixed.`)
  const missed = targets.filter(({ reached }) => reached < summary.points)
  const inLooks = `${head}, in ${counted(looks, 'look')}.`
  if (missed.length > 0)
    return wrapped([inLooks, ...missed.map((target) => shortfall(summary, target))].join(' '))
  const known = listed(targets.map((target) => `${subject(summary, target)} to ${wanted(summary, target)}`))
  const when =
    summary.points === 1
      ? `after ${counted(most, 'replication')}`
      : fewest === most
        ? `after ${counted(most, 'replication')} of each point`
        : `after ${grouped(fewest)} to ${counted(most, 'replication')} of a point`
  return wrapped(`${inLooks} Every target was reached ${when}, of ${grouped(limit)} allowed: ${known}.`)
}

/** What a target is about. */
function subject(
  { baseline, variants }: StudySummary,
  { metric, variant, difference }: TargetSummary,
): string {
  const of = variant === undefined ? '' : ` of ${printable(variant)}`
  if (difference === true)
    return `the difference in ${printable(metric)}${of} from ${printable(baseline ?? variants[0]!)}`
  return `${printable(metric)}${of}`
}

function wanted({ metrics }: StudySummary, { metric, halfWidth, relative }: TargetSummary): string {
  const unit = metrics.find((one) => one.metric === metric)?.unit ?? '1'
  return [
    ...(halfWidth === undefined ? [] : [amount(unit, halfWidth)]),
    ...(relative === undefined ? [] : [`+-${shareText(relative)} of itself`]),
  ].join(' and ')
}

/** A half-width with its unit. */
function amount(unit: string, halfWidth: number): string {
  const { show, unit: after } = figureScale(unit, { values: [halfWidth], widths: [2 * halfWidth] })
  return `+-${show(halfWidth)}${after}`
}

function shareText(share: number): string {
  return share >= 0.01 || share === 0 ? percent(share) : `${Number((share * 100).toPrecision(2))}%`
}

/** What a target that was not reached came to. */
function shortfall(summary: StudySummary, target: TargetSummary): string {
  const { points, metrics, replications } = summary
  const unit = metrics.find(({ metric }) => metric === target.metric)?.unit ?? '1'
  const missed = points - target.reached
  const at = points === 1 ? '' : `At ${grouped(missed)} of ${counted(points, 'point')} `
  const upTo = points === 1 || missed === 1 ? '' : 'up to '
  const what = subject(summary, target)
  const limit = `after the limit of ${grouped(replications.limit)}`
  if (target.widest === null)
    return capital(`${at}${what} is still not known at all ${limit}; ${wanted(summary, target)} was wanted.`)
  const isRelative = target.halfWidth === undefined && target.widestRelative !== null
  const wide = isRelative ? `+-${shareText(target.widestRelative)} of itself` : amount(unit, target.widest)
  return capital(`${at}${what} is still ${upTo}${wide} wide ${limit}; ${wanted(summary, target)} was wanted.`)
}

function capital(sentence: string): string {
  // Names of metrics stay as they are written.
  return sentence.replace(/^(?:the|at) /, (word) => word[0]!.toUpperCase() + word.slice(1))
}

/** Metrics of each variant. */
function metricLines({ metrics, variants, points }: StudySummary): string[] {
  const scales = scalesOf(
    metrics,
    ({ mean: { estimate, low, high }, range }) => [
      estimate,
      low,
      high,
      range?.min ?? null,
      range?.max ?? null,
    ],
    ({ mean }) => width(mean),
  )
  const isOne = points === 1
  const columns = [
    { heads: ['metric'], isWords: true },
    { heads: [isOne ? 'mean [95%]' : 'mean over points [95%]'] },
    ...(isOne ? [] : [{ heads: ['least'] }, { heads: ['median'] }, { heads: ['greatest'] }]),
  ]
  const cells = ({ metric, mean, range }: MetricSummary): string[] => {
    const { show } = scales.get(metric)!
    const ranges = isOne ? [] : [range?.min, range?.median, range?.max].map((value) => show(value ?? null))
    return [known(mean, show), ...ranges]
  }
  return textTable(columns, blocks(metrics, { isSingle: variants.length === 1, scales, cells }))
}

/** Differences from the baseline. */
function comparisonLines({ comparisons, variants, baseline, points, replications }: StudySummary): string[] {
  if (baseline === null || comparisons.length === 0) return []
  const scales = scalesOf(
    comparisons,
    ({ difference: { estimate, low, high } }) => [estimate, low, high],
    ({ difference }) => width(difference),
  )
  const isOne = points === 1
  const columns = [
    { heads: ['', 'metric'], isWords: true },
    { heads: ['', isOne ? 'difference [95%]' : 'mean over points [95%]'] },
    ...(isOne ? [] : [{ heads: ['points', 'higher'] }, { heads: ['points', 'lower'] }]),
    { heads: ['variance', 'divided by'] },
    { heads: ['replications', 'if not paired'] },
  ]
  const cells = (row: ComparisonSummary): string[] => [
    known(row.difference, scales.get(row.metric)!.show),
    ...(isOne ? [] : [grouped(row.higher), grouped(row.lower)]),
    row.varianceReduction === null ? '-' : ratio(row.varianceReduction),
    row.unpairedReplications === null ? '-' : grouped(row.unpairedReplications),
  ]
  const each =
    replications.fewest === replications.most
      ? `the ${grouped(replications.most)} here`
      : `the ${grouped(replications.fewest)} to ${grouped(replications.most)} here`
  const gained =
    `Divided by: how much smaller the variance of the difference is than with luck of its own for each variant, which would ` +
    `have needed the replications beside it instead of ${each}${isOne ? '' : '; both are the median over points'}.` +
    (isOne ? '' : ' Higher and lower: points at which the interval of the difference excludes 0.')
  return [
    ...wrapped(`Differences from ${printable(baseline)}, each replication under the same luck:`),
    ...textTable(columns, blocks(comparisons, { isSingle: variants.length === 2, scales, cells })),
    ...wrapped(gained),
  ]
}

/** Rows of variants below the name of their metric; or one for each metric where there is one variant only. */
function blocks<Row extends { readonly metric: string; readonly variant: string }>(
  rows: readonly Row[],
  {
    isSingle,
    scales,
    cells,
  }: {
    isSingle: boolean
    scales: ReadonlyMap<string, FigureScale>
    cells: (row: Row) => string[]
  },
): TextRow[] {
  const head = (metric: string): string => {
    const { unit } = scales.get(metric)!
    return `${printable(metric)}${unit === '' ? '' : `,${unit}`}`
  }
  if (isSingle) return rows.map((row) => [head(row.metric), ...cells(row)])
  const metrics = [...new Set(rows.map(({ metric }) => metric))]
  return metrics.flatMap((metric): TextRow[] => [
    head(metric),
    ...rows
      .filter((row) => row.metric === metric)
      .map((row) => [`  ${printable(row.variant)}`, ...cells(row)]),
  ])
}

/** One scale for each metric: that of all its rows. */
function scalesOf<Row extends { readonly metric: string; readonly unit: string }>(
  rows: readonly Row[],
  values: (row: Row) => readonly (number | null)[],
  widthOf: (row: Row) => number | null,
): Map<string, FigureScale> {
  const metrics = [...new Set(rows.map(({ metric }) => metric))]
  return new Map(
    metrics.map((metric) => {
      const own = rows.filter((row) => row.metric === metric)
      return [metric, figureScale(own[0]!.unit, { values: own.flatMap(values), widths: own.map(widthOf) })]
    }),
  )
}

interface Known {
  readonly estimate: number | null
  readonly low: number | null
  readonly high: number | null
}

function width({ low, high }: Known): number | null {
  return low === null || high === null ? null : high - low
}

function known({ estimate, low, high }: Known, show: FigureScale['show']): string {
  if (estimate === null) return '-'
  return low === null || high === null ? show(estimate) : `${show(estimate)} [${show(low)}, ${show(high)}]`
}

function ratio(value: number): string {
  return value >= 100 ? grouped(value) : value.toPrecision(2)
}

/** Months at which survival is shown. */
const MOST_MILESTONES = 4

/** How long startups live, and whether as long in all variants. */
function survivalLines({ survival, logRank, variants, points }: StudySummary): string[] {
  if (survival.length === 0) return []
  const all = [...new Set(survival.flatMap(({ at }) => at.map(({ months }) => months)))].toSorted(
    (one, other) => one - other,
  )
  // As many as fit: the first ones, and the end.
  const milestones = all.length <= MOST_MILESTONES ? all : [...all.slice(0, MOST_MILESTONES - 1), all.at(-1)!]
  const startups = [...new Set(survival.map(({ startup }) => startup))]
  const isSingle = variants.length === 1
  const { show } = figureScale('share', { values: [1] })
  const columns = [
    { heads: ['', 'startup'], isWords: true },
    ...milestones.map((months, index) => ({
      heads: [index === 0 ? 'in business after' : '', counted(months, 'month')],
    })),
    { heads: ['median', 'months'] },
  ]
  const cells = ({ at, median }: SurvivalSummary): string[] => [
    ...milestones.map((months) => {
      const step = at.find((one) => one.months === months)
      return step === undefined ? '-' : known({ ...step, estimate: step.survival }, show)
    }),
    median.estimate === null ? '-' : String(median.estimate),
  ]
  const rows = startups.flatMap((startup): TextRow[] => {
    const own = survival.filter((row) => row.startup === startup)
    if (isSingle) return own.map((row) => [printable(startup), ...cells(row)])
    const test = logRank.find((row) => row.startup === startup)
    const told =
      test === undefined || test.probability === null ? '' : ` (log-rank ${probability(test.probability)})`
    return [
      `${printable(startup)}${told}`,
      ...own.map((row) => [`  ${printable(row.variant)}`, ...cells(row)]),
    ]
  })
  const months = 'Months count from the entry of each startup.'
  const over = points === 1 ? '' : ' Lives of all points are taken together, and for independent.'
  const endless = survival.some(({ median }) => median.estimate === null)
    ? ' There is no median where more than half live on.'
    : ''
  const test = logRank.length === 0 ? '' : ` ${logRankCaveat(points)}`
  return [...textTable(columns, rows), ...wrapped(`${months}${over}${endless}${test}`)]
}

/** What is wrong with a test for independent samples here: luck that groups share makes them alike, luck within one does not. */
function logRankCaveat(points: number): string {
  const asks = 'The log-rank p asks whether lives are as long in all variants.'
  return points === 1
    ? `${asks} It takes variants for independent, while they share luck, so that it is too cautious.`
    : `${asks} It takes variants and points for independent, while variants share luck and points may: a hint, no proof.`
}

function probability(p: number): string {
  if (p < 0.001) return 'p < 0.001'
  return `p = ${p < 0.1 ? p.toFixed(3) : p.toFixed(2)}`
}

/** Most metrics that are named of one variant in the sentence on what it means. */
const MOST_TOLD = 3

/** What the numbers mean, in a sentence. */
function meaning(summary: StudySummary): string[] {
  const { variants, baseline, metrics, points } = summary
  if (baseline !== null) {
    const told = variants
      .filter((variant) => variant !== baseline)
      .map((variant) => against(summary, variant))
    return wrapped(`Compared with ${printable(baseline)}: ${told.join('; ')}.`)
  }
  const strongest = influences(summary)
  if (strongest.length > 0) return wrapped(`${listed(strongest)}.`)
  const told = metrics.slice(0, MOST_TOLD).flatMap(({ metric, unit, mean, range }) => {
    const { show, unit: after } = figureScale(unit, {
      values: [mean.estimate, range?.min ?? null, range?.max ?? null],
      widths: [width(mean)],
    })
    if (mean.estimate === null) return []
    return range === null
      ? [`${printable(metric)} is ${known(mean, show)}${after} on average`]
      : [`${printable(metric)} lies between ${show(range.min)} and ${show(range.max)}${after}`]
  })
  return told.length === 0 ? [] : wrapped(`${points === 1 ? '' : 'Over the points, '}${listed(told)}.`)
}

/** In what a variant differs from the baseline: what is best known first. */
function against({ comparisons, points }: StudySummary, variant: string): string {
  const own = comparisons.filter((row) => row.variant === variant)
  const clear = own
    .map((row) => ({ row, strength: strengthOf(row.difference) }))
    .filter(({ strength }) => strength > 1)
    .toSorted((one, other) => other.strength - one.strength)
    .slice(0, MOST_TOLD)
    .map(({ row: { metric, unit, difference, higher, lower } }) => {
      const { show, unit: after } = figureScale(unit, {
        values: [difference.estimate, difference.low, difference.high],
        widths: [width(difference)],
      })
      const isHigher = difference.estimate! > 0
      const by = `${isHigher ? 'higher' : 'lower'} by ${show(Math.abs(difference.estimate!))}${after}`
      const at = `, clearly so at ${grouped(isHigher ? higher : lower)} of ${counted(points, 'point')}`
      return `${printable(metric)} is ${by}${points === 1 ? '' : ` on average${at}`}`
    })
  const name = printable(variant)
  return clear.length > 0
    ? `with ${name}, ${listed(clear)}`
    : `${name} cannot be told apart from it in any metric`
}

/** How many half-widths of its interval a difference is from 0; infinite where it is known without error. */
function strengthOf({ estimate, low, high }: Known): number {
  if (estimate === null || low === null || high === null || estimate === 0) return 0
  return high === low ? Infinity : Math.abs(estimate) / ((high - low) / 2)
}

/** Of each of the first metrics, the parameter that matters most. */
function influences({ metrics, sensitivity }: StudySummary): string[] {
  return metrics.slice(0, MOST_TOLD).flatMap(({ metric, variant }) => {
    const rows = sensitivity
      .filter((row) => row.metric === metric && row.variant === variant)
      .filter(({ measure, estimate }) => LEADING.has(measure) && estimate !== null)
      .toSorted((one, other) => Math.abs(other.estimate!) - Math.abs(one.estimate!))
    const [most] = rows
    if (most === undefined || rows.length < 2) return []
    return [`${printable(metric)} depends most on ${printable(most.parameter)}`]
  })
}

/** Measures by which parameters are ranked. */
const LEADING: ReadonlySet<string> = new Set(['total', 'muStar', 'rank'])

/** How exact the numbers are, and what they cannot say. */
function caveat({ points }: StudySummary): string[] {
  const of =
    points === 1
      ? 'Intervals are of 95%, over the luck of replications'
      : 'Intervals of means over points are of 95% and say how the points spread, not how likely each is'
  return wrapped(`${of}; all of it follows from the assumptions of the scenario.`)
}
