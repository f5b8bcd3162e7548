/** The tables of a study's text: metrics of variants, their differences from the baseline, and how long startups live. */
import { printable } from '../files/printable.ts'
import type {
  ComparisonSummary,
  LogRankSummary,
  MetricSummary,
  StudySummary,
  SurvivalSummary,
} from './study-summary.ts'
import {
  counted,
  figureScale,
  grouped,
  known,
  knownMean,
  percent,
  textTable,
  width,
  wrapped,
  type FigureScale,
  type TextColumn,
  type TextRow,
} from './text-table.ts'

/** Whether points are drawn at random with luck of their own, so that their spread says how well their mean is known. */
export function isSample({ design, luck }: Pick<StudySummary, 'design' | 'luck'>): boolean {
  return luck === 'own' && (design === 'latin-hypercube' || design === 'sobol')
}

/** Metrics of each variant. */
export function metricLines(summary: StudySummary): string[] {
  const { metrics, variants, points } = summary
  const scales = scalesOf(
    metrics,
    ({ mean, median, range }) => [
      mean.estimate,
      mean.low,
      mean.high,
      median?.estimate ?? null,
      median?.low ?? null,
      median?.high ?? null,
      range?.min ?? null,
      range?.max ?? null,
    ],
    ({ mean }) => width(mean),
  )
  const isOne = points === 1
  const hasMedian = new Map([...scales.keys()].map((metric) => [metric, isOne && saysMore(metric, metrics)]))
  const medians = [...hasMedian.values()].includes(true)
  const columns = [
    { heads: ['metric'], isWords: true },
    { heads: [isOne ? 'mean [95%]' : isSample(summary) ? 'mean over points [95%]' : 'mean over points'] },
    ...(medians ? [{ heads: ['median [95%]'] }] : []),
    ...(isOne ? [] : [{ heads: ['least'] }, { heads: ['median'] }, { heads: ['greatest'] }]),
  ]
  const cells = ({ metric, mean, median, range }: MetricSummary): string[] => {
    const { show } = scales.get(metric)!
    const middle = hasMedian.get(metric) === true && median !== null ? known(median, show) : ''
    const ranges = isOne ? [] : [range?.min, range?.median, range?.max].map((value) => show(value ?? null))
    return [knownMean(mean, show), ...(medians ? [middle] : []), ...ranges]
  }
  const note = (row: MetricSummary): string | undefined => valuesNote(row, points)
  return [
    ...textTable(columns, blocks(metrics, { isSingle: variants.length === 1, scales, cells, note })),
    ...(isOne ? [] : wrapped(overPoints(summary))),
  ]
}

/** Why there is an interval over points, or none. */
function overPoints(summary: StudySummary): string {
  if (isSample(summary))
    return 'The interval is that of the spread of points; each has luck of its own, so that it includes luck.'
  return summary.luck === 'common'
    ? 'Points share their luck: there is no interval over points; see their range.'
    : 'Points are no random sample: there is no interval over points; see their range.'
}

/** Whether the median of a metric says more than its mean: of what is 0 or 1, it does not. */
function saysMore(metric: string, metrics: readonly MetricSummary[]): boolean {
  const own = metrics.filter((row) => row.metric === metric)
  const values = own.flatMap(({ median }) => median?.estimate ?? [])
  if (values.length === 0 || own[0]!.unit === '0 or 1') return false
  return own[0]!.unit !== 'share' || values.some((value) => ![0, 0.5, 1].includes(value))
}

/** Of which replications a number is, where some have no value; `undefined` where all have. */
export function valuesNote(
  {
    missing,
    replications,
    points: valued,
  }: Pick<MetricSummary, 'missing' | 'replications'> & { points?: number },
  points: number,
): string | undefined {
  if (missing === 0) return undefined
  if (missing === replications) return `none of the ${counted(replications, 'replication')} has a value`
  const at =
    valued === undefined || valued === points ? '' : `, at ${grouped(valued)} of ${counted(points, 'point')}`
  return `of the ${grouped(replications - missing)} of ${counted(replications, 'replication')} with a value${at}`
}

/** Differences from the baseline. */
export function comparisonLines(summary: StudySummary): string[] {
  const { comparisons, variants, baseline, points, luck } = summary
  if (baseline === null || comparisons.length === 0) return []
  const scales = scalesOf(
    comparisons,
    ({ difference: { estimate, low, high } }) => [estimate, low, high],
    ({ difference }) => width(difference),
  )
  const isOne = points === 1
  const hasSame = isOne && comparisons.some(({ same }) => same !== null && same > 0.005)
  const hasConstant = !isOne && comparisons.some(({ constant }) => constant > 0)
  const instead = comparisons.map((row) => pairsAtPoint(summary, row))
  const common = instead.every((one) => one === instead[0]) ? instead[0] : undefined
  const columns: TextColumn[] = [
    { heads: ['metric'], isWords: true },
    {
      heads: [isOne ? 'difference [95%]' : isSample(summary) ? 'mean over points [95%]' : 'mean over points'],
    },
    ...(isOne
      ? [{ heads: ['has', 'more'] }]
      : [{ heads: ['points', 'higher'] }, { heads: ['points', 'lower'] }]),
    ...(hasSame ? [{ heads: ['has', 'the same'] }] : []),
    ...(hasConstant ? [{ heads: ['points', 'all alike'] }] : []),
    { heads: ['shared luck', 'divides', 'variance by'] },
    {
      heads: [
        'replications',
        'with own luck',
        common === undefined ? 'for those here' : `instead of ${grouped(common)}`,
      ],
    },
  ]
  const cells = (row: ComparisonSummary): string[] => {
    const own = pairsAtPoint(summary, row)
    const of = common === undefined && own !== undefined ? ` for ${grouped(own)}` : ''
    return [
      knownMean(row.difference, scales.get(row.metric)!.show),
      ...(isOne ? [shareOf(row.more)] : [grouped(row.higher), grouped(row.lower)]),
      ...(hasSame ? [shareOf(row.same)] : []),
      ...(hasConstant ? [grouped(row.constant)] : []),
      row.varianceReduction === null ? '-' : ratio(row.varianceReduction),
      row.unpairedReplications === null ? '-' : `${grouped(row.unpairedReplications)}${of}`,
    ]
  }
  const note = ({ pairs, replications }: ComparisonSummary): string | undefined => {
    if (pairs === replications) return undefined
    if (pairs === 0) return `both have a value in none of the ${counted(replications, 'replication')}`
    return `of the ${grouped(pairs)} of ${counted(replications, 'replication')} in which both have one`
  }
  const chance =
    luck === 'common' ? ', and as points share their luck, many of them together' : ', each for itself'
  const meaning = isOne
    ? []
    : [
        'Higher and lower: points at which the interval of the difference excludes 0. Where there is no difference, ' +
          `about 2.5% of points do so by chance on each side${chance}.`,
        ...(hasConstant
          ? [
              'All alike: points at which every replication gives the same difference; its spread is not known there, ' +
                'so that only shares are counted as higher or lower.',
            ]
          : []),
        'What shared luck gains is the median of the points where replications differ.',
      ]
  return [
    ...wrapped(`Differences from ${printable(baseline)}, each replication under the same luck:`),
    ...textTable(columns, blocks(comparisons, { isSingle: variants.length === 2, scales, cells, note })),
    ...(meaning.length === 0 ? [] : wrapped(meaning.join(' '))),
  ]
}

/** Pairs of a comparison at each point; `undefined` where their number differs between points. */
function pairsAtPoint({ points, replications }: StudySummary, row: ComparisonSummary): number | undefined {
  if (points === 1) return row.pairs
  const isFixed = replications.fewest === replications.most && row.pairs === row.replications
  return isFixed ? replications.most : undefined
}

function shareOf(share: number | null): string {
  return share === null ? '-' : percent(share)
}

function ratio(value: number): string {
  return value >= 100 ? grouped(value) : value.toPrecision(2)
}

/** Rows of variants below the name of their metric; or one for each metric where there is one variant only. */
function blocks<Row extends { readonly metric: string; readonly variant: string }>(
  rows: readonly Row[],
  {
    isSingle,
    scales,
    cells,
    note,
  }: {
    isSingle: boolean
    scales: ReadonlyMap<string, FigureScale>
    cells: (row: Row) => string[]
    /** What stands below a row. */
    note: (row: Row) => string | undefined
  },
): TextRow[] {
  const head = (metric: string): string => {
    const { unit } = scales.get(metric)!
    return `${printable(metric)}${unit === '' ? '' : `,${unit}`}`
  }
  const noted = (row: Row, indent: string): TextRow[] => {
    const text = note(row)
    return text === undefined ? [] : [`${indent}${text}`]
  }
  if (isSingle)
    return rows.flatMap((row): TextRow[] => [[head(row.metric), ...cells(row)], ...noted(row, '  ')])
  const metrics = [...new Set(rows.map(({ metric }) => metric))]
  return metrics.flatMap((metric): TextRow[] => [
    head(metric),
    ...rows
      .filter((row) => row.metric === metric)
      .flatMap((row): TextRow[] => [[`  ${printable(row.variant)}`, ...cells(row)], ...noted(row, '    ')]),
  ])
}

/** One scale for each metric: that of all its rows. */
export function scalesOf<Row extends { readonly metric: string; readonly unit: string }>(
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

/** Months at which survival is shown. */
const MOST_MILESTONES = 4

/** How long startups live, and whether as long in all variants. */
export function survivalLines({ survival, logRank, variants, points }: StudySummary): string[] {
  if (survival.length === 0) return []
  const isOne = points === 1
  const all = [...new Set(survival.flatMap(({ at }) => at.map(({ months }) => months)))].toSorted(
    (one, other) => one - other,
  )
  // As many as fit: the first ones, and the end.
  const milestones = all.length <= MOST_MILESTONES ? all : [...all.slice(0, MOST_MILESTONES - 1), all.at(-1)!]
  const startups = [...new Set(survival.map(({ startup }) => startup))]
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
      if (step === undefined) return '-'
      // Lives of several points are no independent ones.
      const ends = isOne ? { low: step.low, high: step.high } : { low: null, high: null }
      return known({ estimate: step.survival, ...ends }, show)
    }),
    median.estimate === null ? '-' : String(median.estimate),
  ]
  const tests = isOne ? logRank : []
  const rows = startups.flatMap((startup): TextRow[] => {
    const own = survival.filter((row) => row.startup === startup)
    if (variants.length === 1) return own.map((row) => [printable(startup), ...cells(row)])
    const test = tests.find((row) => row.startup === startup)
    const told =
      test === undefined || test.probability === null ? '' : ` (log-rank ${probability(test.probability)})`
    return [
      `${printable(startup)}${told}`,
      ...own.map((row) => [`  ${printable(row.variant)}`, ...cells(row)]),
    ]
  })
  const meaning = [
    'Months count from the entry of each startup.',
    ...(isOne ? [] : ['Lives of all points are taken together: there are no intervals.']),
    ...(survival.some(({ median }) => median.estimate === null)
      ? ['There is no median where more than half live on.']
      : []),
    ...(tests.some((test) => test.probability !== null) ? [logRankCaveat(tests)] : []),
  ]
  return [...textTable(columns, rows), ...wrapped(meaning.join(' '))]
}

/** What is wrong with a test for independent samples here: luck that variants share makes them alike. */
function logRankCaveat(tests: readonly LogRankSummary[]): string {
  const asks = 'The log-rank p asks whether lives are as long in all variants'
  const each =
    tests.length > 1
      ? `${asks}, in a test of its own for each startup, not corrected for their number.`
      : `${asks}.`
  const alike = 'It takes variants for independent, while they share luck:'
  return tests.some(({ variants }) => variants.length > 2)
    ? `${each} ${alike} of more than two variants it is a hint only.`
    : `${each} ${alike} p errs on the side of caution.`
}

/** A p value: p = 0.013, p < 0.001. */
export function probability(p: number): string {
  if (p < 0.001) return 'p < 0.001'
  if (p > 0.995) return 'p > 0.99'
  return `p = ${p < 0.1 ? p.toFixed(3) : p.toFixed(2)}`
}

/** Whether a number with an interval is other than 0 for sure: its interval has a width, and 0 is outside. */
export function excludesZero({ low, high }: { low: number | null; high: number | null }): boolean {
  return low !== null && high !== null && low < high && (low > 0 || high < 0)
}

/** A number in words with its unit. */
export function figure(unit: string, value: number, interval = 0): string {
  const { show, unit: after } = figureScale(unit, { values: [value], widths: [interval] })
  return `${show(value)}${after}`
}
