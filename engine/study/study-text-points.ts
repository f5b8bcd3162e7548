/** The parts of a study's text that are about many points: which parameters matter, and where something happens. */
import { printable } from '../files/printable.ts'
import { isRestricted, type PrimLimit } from '../statistics/prim-box.ts'
import type { Sensitivity } from './sensitivity.ts'
import type { MetricSummary, StudySummary } from './study-summary.ts'
import { probability, scalesOf, valuesNote } from './study-text-tables.ts'
import {
  counted,
  figureScale,
  fixed,
  grouped,
  known,
  knownMean,
  percent,
  shortened,
  textTable,
  TEXT_WIDTH,
  width,
  wrapped,
  type TextRow,
} from './text-table.ts'

/** Parameters that are shown of one metric. */
const MOST_PARAMETERS = 10
/** Metrics of variants that are shown; of more, those of the first variant only. */
const MOST_BLOCKS = 24

/** Noise up to this share of the variance over points is not worth a line. */
const LITTLE_NOISE = 0.1

/** Variants whose means are shown with intervals; of more, means only. */
const MOST_INTERVALS = 4
/** Variants that stand side by side, under names of at most so many characters. */
const MOST_BESIDE = 6
const WIDEST_NAME = 13

/** Metrics of each variant at each of a few points that somebody chose; none for one point, which the metrics are of. */
export function byPointLines(summary: StudySummary): string[] {
  const { byPoint, variants } = summary
  if (byPoint.length < 2) return []
  const names = pointNames(byPoint)
  const full = pointRows(summary, { names, shown: variants, hasIntervals: true })
  if (variants.length <= MOST_INTERVALS && fits(full, variants))
    return pointTable('Each point, mean [95%]:', full, variants)
  const means = pointRows(summary, { names, shown: variants, hasIntervals: false })
  if (variants.length <= MOST_BESIDE && fits(means, variants))
    return pointTable('Each point, mean:', means, variants)
  // Names that do not fit beside the numbers stand above them.
  const numbers = byPoint.map(({ point }) => `point ${point}`)
  const legend = names.flatMap((name, index) => wrapped(`${numbers[index]}: ${name}`, '  '))
  const groups = Array.from({ length: Math.ceil(variants.length / MOST_BESIDE) }, (_, group) =>
    variants.slice(group * MOST_BESIDE, (group + 1) * MOST_BESIDE),
  )
  const tables = groups.map((shown) =>
    pointTable(
      'Each point, mean:',
      pointRows(summary, { names: numbers, shown, hasIntervals: false }),
      shown.map((variant) => shortened(printable(variant), WIDEST_NAME)),
    ),
  )
  return ['Points:', ...legend, ...tables.flatMap((table) => ['', ...table])]
}

function pointRows(
  { byPoint, metrics }: StudySummary,
  {
    names,
    shown,
    hasIntervals,
  }: { names: readonly string[]; shown: readonly string[]; hasIntervals: boolean },
): TextRow[] {
  const units = new Map(metrics.map(({ metric, unit }) => [metric, unit]))
  const all = byPoint.flatMap(({ means }) =>
    means.map((row) => ({ ...row, unit: units.get(row.metric) ?? '1' })),
  )
  const scales = scalesOf(
    all,
    ({ mean: { estimate, low, high } }) => (hasIntervals ? [estimate, low, high] : [estimate]),
    ({ mean }) => width(mean),
  )
  return [...scales].flatMap(([metric, { unit, show }]): TextRow[] => [
    `${printable(metric)}${unit === '' ? '' : `,${printable(unit)}`}`,
    ...byPoint.map(({ means }, index) => [
      `  ${names[index]!}`,
      ...shown.map((variant) => {
        const mean = means.find((row) => row.metric === metric && row.variant === variant)?.mean
        if (mean === undefined) return '-'
        return hasIntervals ? knownMean(mean, show) : show(mean.estimate)
      }),
    ]),
  ])
}

function pointTable(title: string, rows: readonly TextRow[], heads: readonly string[]): string[] {
  const columns = [
    { heads: ['point'], isWords: true },
    ...heads.map((head) => ({ heads: [printable(head)] })),
  ]
  return [title, ...textTable(columns, rows)]
}

/** Whether a table of points fits into lines without shortening a name. */
function fits(rows: readonly TextRow[], heads: readonly string[]): boolean {
  const cells = [['', ...heads.map(printable)], ...rows.filter((row) => typeof row !== 'string')]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  return widths.reduce((sum, width) => sum + width + 2, -2) <= TEXT_WIDTH
}

/** Points by their values: `computePrice 0.03, months 36`. */
function pointNames(byPoint: StudySummary['byPoint']): string[] {
  const short = shortPaths([...new Set(byPoint.flatMap(({ values }) => Object.keys(values)))])
  return byPoint.map(({ values }) => {
    const told = Object.entries(values).map(([path, value]) => `${short.get(path)!} ${value}`)
    return told.length === 0 ? 'as it is' : printable(told.join(', '))
  })
}

/** The last parts of paths, as many as tell each from the others. */
function shortPaths(paths: readonly string[]): Map<string, string> {
  const ending = (path: string, parts: number): string => path.split('.').slice(-parts).join('.')
  return new Map(
    paths.map((path) => {
      let parts = 1
      const isShared = (): boolean =>
        paths.some((other) => other !== path && ending(other, parts) === ending(path, parts))
      while (parts < path.split('.').length && isShared()) parts++
      return [path, ending(path, parts)]
    }),
  )
}

/** How metrics depend on parameters, the strongest first; none where nothing was varied. */
export function sensitivityLines(summary: StudySummary): string[] {
  const { sensitivity, metrics, variants, baseline, points, luck, replications } = summary
  const [one] = sensitivity
  if (one === undefined) return []
  const shown = metrics.length > MOST_BLOCKS ? [baseline ?? variants[0]!] : variants
  const kind = kindOf(one.measure, sensitivity)
  const names = [...new Set(metrics.map(({ metric }) => metric))]
  const rows = names.flatMap((name) =>
    metrics
      .filter(({ metric, variant }) => metric === name && shown.includes(variant))
      .toSorted((one, other) => shown.indexOf(one.variant) - shown.indexOf(other.variant))
      .flatMap((metric) => {
        const own = sensitivity.filter((row) => row.metric === name && row.variant === metric.variant)
        const of = variants.length === 1 ? '' : ` of ${printable(metric.variant)}`
        return blockOf(own, { name: `${printable(name)}${of}`, metric, kind, points, luck })
      }),
  )
  const columns = [{ heads: ['parameter'], isWords: true }, ...kind.heads.map((head) => ({ heads: [head] }))]
  const { fewest, most } = replications
  const each =
    fewest === most ? counted(most, 'replication') : `${grouped(fewest)} to ${counted(most, 'replication')}`
  const isBelow = sensitivity.some(
    ({ measure, estimate }) => measure === 'first' && estimate !== null && estimate < 0,
  )
  const meaning = [
    kind.meaning,
    ...(isBelow ? ['No index is below 0: an estimate that is stands for one near 0.'] : []),
    ...(luck === 'common'
      ? [`Points share their luck: all of this, intervals too, is conditional on the luck of these ${each}.`]
      : []),
    ...(shown.length < variants.length
      ? ['Those of the other variants are in the table of sensitivity.']
      : []),
  ]
  return [...wrapped(kind.title), ...textTable(columns, rows), ...wrapped(meaning.join(' '))]
}

type Measure = Sensitivity['measure']

/** What there is to say about one way to measure sensitivity. */
interface Kind {
  readonly title: string
  /** What each column shows. */
  readonly measures: readonly Measure[]
  readonly heads: readonly string[]
  /** By which parameters are sorted: those of the first measure stand first, as measures do not compare. */
  readonly leading: readonly Measure[]
  readonly meaning: string
  /** What luck does to the measures. */
  readonly noise: string
  /** Whether its numbers are in the unit of the metric. */
  readonly hasUnit: boolean
}

function kindOf(measure: Measure, sensitivity: readonly Sensitivity[]): Kind {
  if (measure === 'first' || measure === 'total')
    return {
      title: 'Shares of the variance over points that parameters explain (Sobol indices):',
      measures: ['first', 'total'],
      heads: ['alone [95%]', 'with all others [95%]'],
      leading: ['total'],
      meaning:
        'Alone: the first-order index. With all others: the total index; where it is larger, the parameter matters together with others.',
      noise: 'total indices include it',
      hasUnit: false,
    }
  if (measure === 'rank' || measure === 'levels') {
    const hasRank = sensitivity.some((row) => row.measure === 'rank' && row.estimate !== null)
    const hasLevels = sensitivity.some((row) => row.measure === 'levels')
    const correlation = 'Correlation: from -1 to 1, how far the metric rises, or falls, with the parameter.'
    const between =
      'Between levels: of a parameter without an order, the share of the variance over points that lies between its levels; ' +
      'some of it by chance. It does not compare with correlations.'
    return {
      title: hasLevels
        ? 'How metrics go with parameters over points (rank correlations of Spearman; shares of the variance):'
        : 'Rank correlations of parameters with metrics over points (Spearman):',
      measures: [...(hasRank ? (['rank'] as const) : []), ...(hasLevels ? (['levels'] as const) : [])],
      heads: [...(hasRank ? ['correlation [95%]'] : []), ...(hasLevels ? ['between levels'] : [])],
      leading: ['rank', 'levels'],
      meaning: [...(hasRank ? [correlation] : []), ...(hasLevels ? [between] : [])].join(' '),
      noise: [
        ...(hasRank ? ['correlations may be nearer to 0 for it'] : []),
        ...(hasLevels ? ['shares between levels include some of it'] : []),
      ].join(', '),
      hasUnit: false,
    }
  }
  return {
    title: 'Effects of moving one parameter over its whole range (elementary effects of Morris):',
    measures: ['muStar', 'sigma', 'mu'],
    heads: ['mean size [95%]', 'spread', 'mean'],
    leading: ['muStar'],
    meaning:
      'Mean size: mu*, how much it matters. Spread: sigma, large where the effect depends on the other parameters. Mean: mu, with its sign.',
    noise: 'mu* and sigma include it',
    hasUnit: true,
  }
}

function blockOf(
  own: readonly Sensitivity[],
  {
    name,
    metric,
    kind,
    points,
    luck,
  }: { name: string; metric: MetricSummary; kind: Kind; points: number; luck: StudySummary['luck'] },
): TextRow[] {
  const leading = kind.leading.flatMap((leader) =>
    own
      .filter(({ measure, estimate }) => measure === leader && estimate !== null)
      .toSorted((one, other) => Math.abs(other.estimate!) - Math.abs(one.estimate!)),
  )
  if (leading.length === 0) return [`${name}: ${nothing(metric, points)}`]
  const scale = figureScale(kind.hasUnit ? metric.unit : 'share', {
    values: own.flatMap(({ estimate, high }) => [estimate, high]),
  })
  const rest = leading.length - MOST_PARAMETERS
  const note = valuesNote(metric, points)
  const noise = noiseNote(metric.noise, { kind, luck })
  return [
    `${name}${scale.unit === '' ? '' : `,${scale.unit}`}`,
    ...leading.slice(0, MOST_PARAMETERS).map(({ parameter }) => [
      `  ${printable(parameter)}`,
      ...kind.measures.map((measure) => {
        const found = own.find((row) => row.parameter === parameter && row.measure === measure)
        return found === undefined ? '' : known(found, scale.show)
      }),
    ]),
    ...(rest > 0 ? [`  and ${restOf(leading)}`] : []),
    ...(note === undefined ? [] : [`  ${note}`]),
    ...(noise === undefined ? [] : wrapped(noise, '  ')),
  ]
}

/** What is left out: those of one measure matter less than what is shown, those of another need not. */
function restOf(leading: readonly Sensitivity[]): string {
  const rest = leading.slice(MOST_PARAMETERS)
  const isOfOne = leading.every(({ measure }) => measure === leading[0]!.measure)
  const more = counted(rest.length, isOfOne ? 'parameter' : 'more parameter')
  return isOfOne ? `${more} that ${rest.length === 1 ? 'matters' : 'matter'} less` : more
}

/** Why a metric has no sensitivities. */
function nothing({ points: valued, range }: MetricSummary, points: number): string {
  if (valued < points)
    return `nothing to say, it has no value at ${grouped(points - valued)} of ${counted(points, 'point')}`
  return range !== null && range.min === range.max
    ? 'nothing to say, it is equal at all points'
    : 'nothing to say of so few points'
}

function noiseNote(
  noise: number | null,
  { kind, luck }: { kind: Kind; luck: StudySummary['luck'] },
): string | undefined {
  if (noise === null || noise <= LITTLE_NOISE) return undefined
  const share = noise >= 1 ? 'all of it' : fixed(noise, 2)
  const upTo = luck === 'common' ? 'up to ' : ''
  return `of the variance of these means over points, luck alone would make ${upTo}${share}: ${kind.noise}`
}

/** The answers to questions where something happens. */
export function discoveryLines(summary: StudySummary): string[] {
  const lines = summary.discovery.map((answer) => answerLines(summary, answer))
  const isFound = summary.discovery.some(({ box }) => box.length > 0)
  const meaning =
    'p: the chance of as large a density if its limit were of no use; above 0.05 it is possibly chance. Density and coverage ' +
    'are of the points that the box was found in: of new points it will do somewhat worse.'
  return [
    ...lines.flatMap((answer, index) => (index === 0 ? answer : ['', ...answer])),
    ...(isFound ? wrapped(meaning) : []),
  ]
}

function answerLines(
  { metrics, variants }: StudySummary,
  { name, variant, metric, condition, cases, points, box, found, reason }: StudySummary['discovery'][number],
): string[] {
  const of = variants.length === 1 ? '' : ` of ${printable(variant)}`
  const row = metrics.find((row) => row.metric === metric && row.variant === variant)
  // The threshold is written as it was asked for, in the unit itself.
  const { unit } = figureScale(row?.unit ?? '1', { values: [1] })
  const question = `${printable(name)}: where is it that ${printable(metric)}${of} is ${condition}${printable(unit)}?`
  // A point without a value is neither a case nor none.
  const hasAll = row === undefined || row.points === points
  const note = row === undefined ? undefined : valuesNote(row, points)
  const values = note === undefined ? '' : ` (${note})`
  const asked = hasAll
    ? `${question} It is so at ${grouped(cases)} of ${counted(points, 'point')}${values}.`
    : `${question}${values}`
  if (found === undefined) {
    const why =
      hasAll && cases === 0
        ? 'it is so nowhere'
        : hasAll && cases === points
          ? 'it is so everywhere'
          : printable(reason ?? 'nothing was found')
    return [...wrapped(asked), ...wrapped(`No box was looked for: ${why}.`, '  ')]
  }
  if (box.length === 0)
    return [...wrapped(asked), ...wrapped('No limits of parameters make it more likely.', '  ')]
  const limits = found.limits.filter(isRestricted)
  return [
    ...wrapped(asked),
    '  Mostly where',
    ...box.flatMap((words, index) => {
      const line = `    ${printable(words)}`
      const chances = chancesOf(limits[index])
      if (chances === '') return [shortened(line, TEXT_WIDTH)]
      return line.length + 2 + chances.length <= TEXT_WIDTH
        ? [`${line}  ${chances}`]
        : [shortened(line, TEXT_WIDTH), `      ${chances}`]
    }),
    ...wrapped(
      `There, it is so at ${percent(found.density)} of points (density ${fixed(found.density, 2)}), and ` +
        `${percent(found.coverage)} of all such points lie there (coverage ${fixed(found.coverage, 2)}); ` +
        `the box holds ${percent(found.mass)} of the points.`,
      '  ',
    ),
  ]
}

/** Limits with a p value above this may be there by chance. */
const POSSIBLY_CHANCE = 0.05

/** How likely the limits of one parameter are to be there by chance. */
function chancesOf(limit: PrimLimit | undefined): string {
  if (limit === undefined) return ''
  const told = (p: number): string => `${probability(p)}${p > POSSIBLY_CHANCE ? ', possibly chance' : ''}`
  if (limit.kind === 'category') return limit.quasiP === null ? '' : `(${told(limit.quasiP)})`
  const { lowerQuasiP, upperQuasiP } = limit
  if (lowerQuasiP !== null && upperQuasiP !== null)
    return `(lower end ${told(lowerQuasiP)}; upper end ${told(upperQuasiP)})`
  const p = lowerQuasiP ?? upperQuasiP
  return p === null ? '' : `(${told(p)})`
}
