/** The tables of a study that follow from its outcomes: points, statistics, comparisons, survival, sensitivity, boxes. */
import type { ColumnDeclaration, TableDeclaration } from '../tables/declaration.ts'
import type { CellValue } from '../tables/read.ts'
import { kaplanMeier, quantileInterval, quantiles, type Ranked } from '../statistics/index.ts'
import { comparisonOf, type StudyCollector } from './collector.ts'
import type { StudyDefinition } from './definition.ts'
import { discoveriesOf } from './discovery.ts'
import type { StudyPoints } from './points.ts'
import type { TableRows } from './rows.ts'
import { sensitivityOf } from './sensitivity.ts'
import { livesTable } from './study-tables.ts'

/** What the tables are made from. */
export interface Known {
  readonly definition: StudyDefinition
  readonly points: StudyPoints
  readonly collector: StudyCollector
  /** Values of a metric at a point, by rank; asked for in the order of variants, points and metrics. */
  readonly values: (variant: number, point: number, metric: number) => Ranked
}

/** The declarations of these tables, in the order of their files. */
export function derivedDeclarations(definition: StudyDefinition, points: StudyPoints): TableDeclaration[] {
  const { variants, design, discovery } = definition
  return [
    ...(points.paths.length > 0 ? [pointsTable(definition, points)] : []),
    statisticsTable(definition),
    ...(variants.length > 1 ? [comparisonsTable(definition)] : []),
    survivalTable(definition),
    ...(design.kind !== 'point' && design.kind !== 'list' ? [sensitivityTable(definition, points)] : []),
    ...(discovery.length > 0 ? [boxesTable(definition)] : []),
  ]
}

/** The rows of these tables. */
export function derivedTables(known: Known): TableRows[] {
  const rowsOf: Readonly<Record<string, (known: Known) => Iterable<CellValue[]>>> = {
    points: pointRows,
    statistics: statisticRows,
    comparisons: comparisonRows,
    survival: survivalRows,
    sensitivity: sensitivityRows,
    boxes: boxRows,
  }
  return derivedDeclarations(known.definition, known.points).map((declaration) => ({
    declaration,
    rows: rowsOf[declaration.name]!(known),
  }))
}

// ------------------------------------------------------------------------------------ points

function pointsTable({ variants }: StudyDefinition, points: StudyPoints): TableDeclaration {
  const [variant] = variants
  return {
    name: 'points',
    meaning: 'one row per point of the design',
    columns: [
      pointColumn,
      ...points.paths.map((path, column): ColumnDeclaration => {
        const values = Array.from({ length: points.count }, (_, point) => points.value(point, column))
        const isNumber = values.every((value) => value == null || typeof value === 'number')
        const shared = {
          name: path,
          unit: '',
          meaning: `value of ${path}; none where it is that of ${variant!.name}`,
          ...(values.some((value) => value == null) ? { nullable: true } : {}),
        }
        if (isNumber) return { ...shared, type: 'f64' }
        const texts = values.filter((value) => value != null).map(String)
        return { ...shared, type: 'text', dictionary: [...new Set(texts)] }
      }),
    ],
  }
}

function* pointRows({ points }: Known): Generator<CellValue[]> {
  const isNumber = points.paths.map((_, column) =>
    Array.from({ length: points.count }, (_, point) => points.value(point, column)).every(
      (value) => value == null || typeof value === 'number',
    ),
  )
  for (let point = 0; point < points.count; point++) {
    const values = points.paths.map((_, column): CellValue => {
      const value = points.value(point, column) ?? null
      return value === null || (isNumber[column] && typeof value === 'number') ? value : String(value)
    })
    yield [point, ...values]
  }
}

// ------------------------------------------------------------------------------------ statistics

const QUANTILES = { p05: 0.05, p25: 0.25, median: 0.5, p75: 0.75, p95: 0.95 } as const

function statisticsTable(definition: StudyDefinition): TableDeclaration {
  const number = (name: string, meaning: string): ColumnDeclaration => ({
    name,
    type: 'f64',
    unit: 'as the metric',
    meaning,
    nullable: true,
  })
  const ends = (name: string, what: string): ColumnDeclaration[] => [
    number(`${name}Low`, `lower end of the 95% interval of ${what}`),
    number(`${name}High`, `upper end of the 95% interval of ${what}`),
  ]
  return {
    name: 'statistics',
    meaning: 'one row per variant, point and metric, over replications',
    columns: [
      variantColumn(definition),
      pointColumn,
      metricColumn(definition),
      { name: 'count', type: 'i32', unit: 'replications', meaning: 'replications with a value' },
      { name: 'missing', type: 'i32', unit: 'replications', meaning: 'replications without a value' },
      number('mean', 'arithmetic mean; the share of ones where the metric is 0 or 1'),
      ...ends('mean', 'the mean (Student), or of the share (Wilson)'),
      number('deviation', 'standard deviation, with count - 1'),
      number('min', 'least value'),
      ...Object.entries(QUANTILES).flatMap(([name, probability]) => [
        number(name, `quantile at ${probability}, type 7 of Hyndman and Fan`),
        ...ends(name, 'this quantile, from order statistics; none where there are too few values'),
      ]),
      number('max', 'greatest value'),
    ],
  }
}

function* statisticRows({ definition, points, collector, values }: Known): Generator<CellValue[]> {
  for (const [variant, point, metric] of cells(definition, points)) {
    const moments = collector.moments(variant, point, metric)
    const { estimate, low, high } = collector.estimate(variant, point, metric)
    const ascending = values(variant, point, metric)
    const some = ascending.length > 0
    const spread = Object.values(QUANTILES).flatMap((probability) => {
      if (!some) return [null, null, null]
      const { low: least, high: most } = quantileInterval(ascending, probability)
      return [quantiles(ascending, [probability])[0]!, least, most]
    })
    yield [
      definition.variants[variant]!.name,
      point,
      definition.metrics[metric]!.name,
      moments.count,
      collector.missing(variant, point, metric),
      estimate,
      low,
      high,
      moments.deviation,
      some ? ascending.at(0)! : null,
      ...spread,
      some ? ascending.at(ascending.length - 1)! : null,
    ]
  }
}

// ------------------------------------------------------------------------------------ comparisons

function comparisonsTable(definition: StudyDefinition): TableDeclaration {
  const number = (name: string, unit: string, meaning: string): ColumnDeclaration => ({
    name,
    type: 'f64',
    unit,
    meaning,
    nullable: true,
  })
  return {
    name: 'comparisons',
    meaning: `one row per variant other than ${definition.baseline}, point and metric: how it differs from ${definition.baseline} under the same luck`,
    columns: [
      variantColumn(definition),
      pointColumn,
      metricColumn(definition),
      {
        name: 'count',
        type: 'i32',
        unit: 'replications',
        meaning: 'replications in which both have a value',
      },
      number('difference', 'as the metric', 'mean of the paired differences'),
      number('low', 'as the metric', 'lower end of its 95% interval: paired Student, of shares Newcombe'),
      number('high', 'as the metric', 'upper end of its 95% interval'),
      number('standardError', 'as the metric', 'standard error of the difference'),
      number('higher', 'share', 'of these replications, those in which the variant has more'),
      number('equal', 'share', 'of these replications, those in which both have the same'),
      number('correlation', '1', 'of the two variants over replications'),
      number(
        'varianceReduction',
        '1',
        'variance of the difference with independent luck over that with the same; none where all differences are equal',
      ),
      number(
        'unpairedReplications',
        'replications',
        'of each variant, that independent runs would have needed for an interval as narrow',
      ),
    ],
  }
}

function* comparisonRows({ definition, points, collector }: Known): Generator<CellValue[]> {
  for (const [variant, point, metric] of cells(definition, points)) {
    if (variant === collector.baseline) continue
    const paired = collector.paired(variant, point, metric)
    const found = comparisonOf(paired, definition.metrics[metric]!)
    yield [
      definition.variants[variant]!.name,
      point,
      definition.metrics[metric]!.name,
      found.count,
      found.difference,
      found.low,
      found.high,
      found.standardError,
      paired.count === 0 ? null : paired.higher / paired.count,
      paired.count === 0 ? null : paired.equal / paired.count,
      found.correlation,
      found.varianceReduction,
      found.unpairedReplications,
    ]
  }
}

// ------------------------------------------------------------------------------------ survival

function survivalTable(definition: StudyDefinition): TableDeclaration {
  const count = (name: string, meaning: string): ColumnDeclaration => ({
    name,
    type: 'f64',
    unit: 'startups',
    meaning,
  })
  const share = (name: string, meaning: string): ColumnDeclaration => ({
    name,
    type: 'f64',
    unit: 'share',
    meaning,
    nullable: true,
  })
  return {
    name: 'survival',
    meaning:
      'one row per variant, startup and month of its life in which some exit or are last seen: Kaplan-Meier, over all points and replications',
    columns: [
      variantColumn(definition),
      livesTable(definition).columns[1]!,
      { name: 'months', type: 'i32', unit: 'months', meaning: 'months since its entry' },
      count('atRisk', 'in business before the end of this month'),
      count('exits', 'that failed in it'),
      count('censored', 'that were in business when the run ended with it'),
      share('survival', 'share that is in business after so many months'),
      share(
        'standardError',
        "Greenwood's; none where the share is 0, or over several points, whose lives are no independent ones",
      ),
      share('low', 'lower end of its 95% interval, on the log-log scale'),
      share('high', 'upper end of its 95% interval'),
    ],
  }
}

function survivalRows({ definition, points, collector }: Known): CellValue[][] {
  const ids = livesTable(definition).columns[1]!.dictionary!
  return definition.variants.flatMap(({ name }, variant) =>
    ids.flatMap((startup) =>
      kaplanMeier(collector.lives(variant, startup)).steps.map((step) => [
        name,
        startup,
        step.time,
        step.atRisk,
        step.events,
        step.censored,
        step.survival,
        ...(points.count === 1 ? [step.standardError, step.low, step.high] : [null, null, null]),
      ]),
    ),
  )
}

// ------------------------------------------------------------------------------------ sensitivity

function sensitivityTable(definition: StudyDefinition, points: StudyPoints): TableDeclaration {
  const number = (name: string, meaning: string): ColumnDeclaration => ({
    name,
    type: 'f64',
    unit: 'see measure',
    meaning,
    nullable: true,
  })
  return {
    name: 'sensitivity',
    meaning:
      'one row per variant, metric, parameter and measure: how the mean at a point depends on the parameter',
    columns: [
      variantColumn(definition),
      metricColumn(definition),
      {
        name: 'parameter',
        type: 'text',
        unit: '',
        meaning: 'path of the parameter',
        dictionary: points.paths,
      },
      {
        name: 'measure',
        type: 'text',
        unit: '',
        meaning:
          "first, total: Sobol's indices, shares of the variance; mu, muStar, sigma: Morris's elementary effects, in units of the metric; rank: Spearman's correlation; levels: share of the variance of the means that lies between the levels of a parameter without an order",
        dictionary: ['first', 'total', 'mu', 'muStar', 'sigma', 'rank', 'levels'],
      },
      number('estimate', 'of the measure'),
      number('low', 'lower end of its 95% interval, where there is one'),
      number('high', 'upper end of its 95% interval'),
    ],
  }
}

function sensitivityRows(known: Known): CellValue[][] {
  return sensitivityOf(known).map(({ variant, metric, parameter, measure, estimate, low, high }) => [
    variant,
    metric,
    parameter,
    measure,
    estimate,
    low,
    high,
  ])
}

// ------------------------------------------------------------------------------------ discovery

function boxesTable({ discovery }: StudyDefinition): TableDeclaration {
  const number = (name: string, unit: string, meaning: string): ColumnDeclaration => ({
    name,
    type: 'f64',
    unit,
    meaning,
  })
  return {
    name: 'boxes',
    meaning: 'one row per question and step of the search for a box in which its cases are dense',
    columns: [
      {
        name: 'question',
        type: 'text',
        unit: '',
        meaning: 'name of the question',
        dictionary: discovery.map(({ name }) => name),
      },
      { name: 'step', type: 'i32', unit: '1', meaning: 'number of the step, from 0: everything' },
      {
        name: 'phase',
        type: 'text',
        unit: '',
        meaning: 'whether the step cut the box or extended it',
        dictionary: ['start', 'peel', 'paste'],
      },
      number('coverage', 'share', 'of all cases, those in the box'),
      number('density', 'share', 'of the points in the box, those that are cases'),
      number('mass', 'share', 'of all points, those in the box'),
      { name: 'points', type: 'i32', unit: 'points', meaning: 'points in the box' },
      { name: 'restricted', type: 'i32', unit: 'parameters', meaning: 'parameters that the box limits' },
      { name: 'chosen', type: 'u8', unit: '0 or 1', meaning: 'whether it is the box that the summary shows' },
    ],
  }
}

function boxRows(known: Known): CellValue[][] {
  return discoveriesOf(known).flatMap(({ name, trajectory, chosen }) =>
    trajectory.map((step, number) => [
      name,
      number,
      step.phase,
      step.coverage,
      step.density,
      step.mass,
      step.count,
      step.restricted,
      Number(number === chosen),
    ]),
  )
}

// ------------------------------------------------------------------------------------ columns in common

const pointColumn: ColumnDeclaration = {
  name: 'point',
  type: 'i32',
  unit: '1',
  meaning: 'number of the point',
}

function variantColumn({ variants }: StudyDefinition): ColumnDeclaration {
  return {
    name: 'variant',
    type: 'text',
    unit: '',
    meaning: 'name of the variant',
    dictionary: variants.map(({ name }) => name),
  }
}

function metricColumn({ metrics }: StudyDefinition): ColumnDeclaration {
  return {
    name: 'metric',
    type: 'text',
    unit: '',
    meaning: 'name of the metric',
    dictionary: metrics.map(({ name }) => name),
  }
}

/** Every variant, point and metric, in this order. */
function* cells(
  { variants, metrics }: StudyDefinition,
  { count }: StudyPoints,
): Generator<[variant: number, point: number, metric: number]> {
  for (const variant of variants.keys())
    for (let point = 0; point < count; point++)
      for (const metric of metrics.keys()) yield [variant, point, metric]
}
