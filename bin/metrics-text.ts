/** The metrics of a run as people read them: a table for each startup and one for the market. */
import type { MetricSummary, SummarisedMetric } from '../engine/metrics/summary.ts'
import { printable } from '../engine/files/printable.ts'
import { count } from './count.ts'

/** The whole text. */
export function metricsText({ replications, startups, market, annualRate }: MetricSummary): string {
  const sections = [
    ...startups.map(({ id, alive, metrics }) =>
      section(
        `${printable(id)}: in business at the end in ${percent(alive)} of ${count(replications, 'replication')}`,
        metrics,
      ),
    ),
    section(`market: ${count(replications, 'replication')}`, market),
  ]
  const notes = [
    'Rates are of the last year in business. Figures are over the replications in which a metric is defined;',
    `docs/metrics.md says when it is not. Discounted at ${percent(annualRate)} a year.`,
  ]
  return `${sections.map((lines) => `${lines.join('\n')}\n`).join('\n')}\n${notes.join('\n')}\n`
}

function section(title: string, metrics: readonly SummarisedMetric[]): string[] {
  const heads = ['', 'median', '10%', '90%', 'mean', 'defined', 'unit']
  const rows = metrics.map(({ name, unit, median, low10, high90, mean, defined }) => [
    name,
    ...[median, low10, high90, mean].map(figure),
    percent(defined),
    unit,
  ])
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]!.length)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, at) =>
        at === 0 || at === heads.length - 1 ? text.padEnd(widths[at]!) : text.padStart(widths[at]!),
      )
      .join('  ')
      .trimEnd()
  return [title, line(heads), ...rows.map(line)]
}

/** A figure with three digits, thousands as k, m or bn; a dash for none. */
export function figure(value: number | null): string {
  if (value === null) return '-'
  const size = Math.abs(value)
  for (const [divisor, unit] of [
    [1e9, 'bn'],
    [1e6, 'm'],
    [1e3, 'k'],
  ] as const) {
    if (size >= divisor * 0.9995) return `${threeDigits(value / divisor)}${unit}`
  }
  if (size > 0 && size < 0.0005) return value.toExponential(1)
  return size < 1 ? withoutMinusZero(value.toFixed(3)) : threeDigits(value)
}

function threeDigits(value: number): string {
  const size = Math.abs(value)
  return withoutMinusZero(value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2))
}

function withoutMinusZero(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text
}

/** A share in percent; one that is neither 0 nor 1 does not look like it. */
function percent(share: number): string {
  if (share > 0 && share < 0.005) return '<1%'
  if (share < 1 && share >= 0.995) return '>99%'
  return `${withoutMinusZero((share * 100).toFixed(0))}%`
}
