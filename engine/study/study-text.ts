/** summary.txt of a study: what was asked, what came out, and how well it is known. */
import { printable } from '../files/printable.ts'
import type { StudySummary, TargetSummary } from './study-summary.ts'
import { caveatLines, meaningLines } from './study-text-meaning.ts'
import { byPointLines, discoveryLines, sensitivityLines } from './study-text-points.ts'
import { comparisonLines, metricLines, survivalLines } from './study-text-tables.ts'
import {
  counted,
  figureScale,
  grouped,
  listed,
  percent,
  shortened,
  TEXT_WIDTH,
  wrapped,
} from './text-table.ts'

/** The text for people, in lines of at most 110 characters. */
export function studyText(summary: StudySummary): string {
  const sections = [
    [...question(summary), ...replicationLines(summary)],
    metricLines(summary),
    byPointLines(summary),
    comparisonLines(summary),
    survivalLines(summary),
    sensitivityLines(summary),
    discoveryLines(summary),
    [...meaningLines(summary), ...caveatLines(summary)],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** What was asked. */
function question(summary: StudySummary): string[] {
  const { title, study, seed, description, variants, baseline, points, parameters, design } = summary
  const head = `${printable(title)}: study ${printable(study)}, seed ${printable(seed)}`
  const names = variants.map((name) =>
    name === baseline ? `${printable(name)} (baseline)` : printable(name),
  )
  const compared = `${counted(names.length, 'variant')}: ${names.join(', ')}`
  const where =
    parameters.length === 0
      ? ', at one point.'
      : `, at ${counted(points, 'point')} (${DESIGNS[design]}) of ${counted(parameters.length, 'parameter')}: ${parameters.map(printable).join(', ')}.`
  const asked = description === undefined ? [] : wrapped(printable(description))
  return [shortened(head, TEXT_WIDTH), ...asked, ...wrapped(`${compared}${where}`)]
}

/** Designs in words. */
const DESIGNS: Readonly<Record<StudySummary['design'], string>> = {
  point: 'as they are',
  list: 'a list',
  factorial: 'all combinations of levels',
  'latin-hypercube': 'a Latin hypercube',
  sobol: 'a Sobol sequence',
  saltelli: "Saltelli's design",
  morris: "Morris's design",
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
