/** The one schema of study files; `study.schema.json` (for editors) is generated from it. */
import { z } from 'zod'
import { type Setting, type StudyRecording, studyRecordings } from '../../engine/study/definition.ts'

/** Settings as written: values of any form by dotted path, as in `--set`. */
export type WrittenSettings = Readonly<Record<string, unknown>>

/** A study file as written: what it leaves out takes its default. */
export interface StudyFile {
  readonly title?: string
  readonly description?: string
  readonly scenario: string
  readonly set?: WrittenSettings
  readonly seed?: string | number
  readonly record?: StudyRecording
  readonly replications?: number | WrittenStopping
  readonly variants?: Readonly<Record<string, WrittenSettings | null>>
  readonly baseline?: string
  readonly design?: WrittenDesign
  readonly metrics?: WrittenMetrics
  readonly discovery?: Readonly<Record<string, WrittenDiscovery>>
  readonly luck?: 'common' | 'own'
  readonly annualRate?: number
  readonly resamples?: number
}

/** When enough replications of a point are there. */
export interface WrittenStopping {
  readonly first?: number
  readonly step?: number
  readonly most?: number
  readonly until?: readonly WrittenTarget[]
}

/** How well one metric is to be known. */
export interface WrittenTarget {
  readonly metric: string
  readonly variant?: string
  readonly difference?: boolean
  readonly halfWidth?: number
  readonly relative?: number
}

/** Kinds of designs. */
export const designKinds = [
  'point',
  'list',
  'factorial',
  'latin-hypercube',
  'sobol',
  'saltelli',
  'morris',
] as const

/** A design; which keys belong to it depends on its kind. */
export interface WrittenDesign {
  readonly kind: (typeof designKinds)[number]
  readonly points?: number
  readonly base?: number
  readonly trajectories?: number
  readonly levels?: number
  readonly scramble?: boolean
  readonly parameters?: Readonly<Record<string, WrittenLaw | readonly WrittenLevel[]>>
  readonly list?: readonly Readonly<Record<string, Setting>>[]
}

/** One of the values that a parameter chooses from. */
export type WrittenLevel = number | string | boolean

/** The law of a parameter; which one follows from the keys. */
export interface WrittenLaw {
  readonly low?: number
  readonly high?: number
  readonly mode?: number
  readonly mean?: number
  readonly sd?: number
  readonly median?: number
  readonly sigma?: number
  readonly scale?: 'linear' | 'log'
}

/** Paths of metrics, or metrics by name. */
export type WrittenMetrics = readonly string[] | Readonly<Record<string, string | WrittenMetric>>

/** A metric that may be the share of replications in which a number is above or below a limit. */
export interface WrittenMetric {
  readonly of: string
  readonly above?: number
  readonly below?: number
  readonly missing?: 'exclude' | 'zero'
}

/** A question to the design: where does something happen? */
export interface WrittenDiscovery {
  readonly metric: string
  readonly variant?: string
  readonly above?: number
  readonly below?: number
  readonly objective?: 'lenient1' | 'lenient2' | 'original'
  readonly peel?: number
  readonly paste?: number
  readonly minimumMass?: number
  readonly coverage?: number
}

/** The keys of settings: names and numbers with dots between them. */
export const settingPattern = /^[^\s=.#]+(?:\.[^\s=.#]+)*$/

// Names start with a letter, so that they keep their order as keys and never look like an index.
const namePattern = /^[A-Za-z][A-Za-z0-9 ._-]{0,63}$/
const metricPattern = /^[A-Za-z][A-Za-z0-9._-]{0,127}$/

/** Most replications of a point: they are numbered with 32 bits. */
export const mostReplications = 2 ** 31 - 1

const text = (longest: number, description: string) =>
  z.string().max(longest).meta({ description }).optional()
const number = (description: string) => z.number().meta({ description }).optional()
const numberWithin = (low: number, high: number, description: string, standard?: number) =>
  z
    .number()
    .min(low)
    .max(high)
    .meta({ description, ...(standard === undefined ? {} : { default: standard }) })
    .optional()
const whole = (low: number, high: number, description: string, standard?: number) =>
  z
    .number()
    .int()
    .min(low)
    .max(high)
    .meta({ description, ...(standard === undefined ? {} : { default: standard }) })
    .optional()
const metricName = z.string().meta({ description: 'Name of one of the metrics.' })
const variantName = (description: string) => z.string().meta({ description }).optional()

const settings = z.record(z.string(), z.unknown())

const target = z
  .strictObject({
    metric: metricName,
    variant: variantName('Name of the variant that is meant; every one when left out.'),
    difference: z
      .boolean()
      .meta({
        description: 'Whether the paired difference from the baseline is meant, instead of the mean.',
        default: false,
      })
      .optional(),
    halfWidth: number("Half-width of the 95% interval, in the metric's unit, that is narrow enough."),
    relative: numberWithin(1e-9, 1, "Half-width that is narrow enough, as a share of the estimate's size."),
  })
  .meta({ description: 'How well a metric is to be known: give halfWidth or relative.' })

const replicationsMap = z
  .strictObject({
    first: whole(
      1,
      mostReplications,
      'Replications at the first look. Intervals that stop a study hold a little less often than 95%: from 200 on at most 1 point less (2.4 for very skewed values), at 20 up to 8 points less.',
      200,
    ),
    step: whole(
      1,
      mostReplications,
      'Replications that every later look adds; as many as at first if left out.',
    ),
    most: whole(1, mostReplications, 'Most replications of a point.', 100_000),
    until: z
      .array(target)
      .meta({ description: 'What must hold at a point for it to need no more.' })
      .optional(),
  })
  .meta({ description: 'Replications until enough is known.' })

const law = z
  .strictObject({
    low: number('Least value: uniform between low and high, or the end of another law.'),
    high: number('Greatest value.'),
    mode: number('Most likely value: triangular between low and high.'),
    mean: number('Mean of a normal law; low and high, if given, cut it off.'),
    sd: number('Standard deviation of a normal law.'),
    median: number('Median of a log-normal law; low and high, if given, cut it off.'),
    sigma: number('Standard deviation of the logarithm under a log-normal law.'),
    scale: z
      .enum(['linear', 'log'])
      .meta({
        description: 'With low and high alone, whether the value or its logarithm is uniform.',
        default: 'linear',
      })
      .optional(),
  })
  .meta({
    description:
      'Law of the parameter: low and high (uniform; with scale: log, log-uniform), with mode (triangular), mean and sd (normal), or median and sigma (log-normal). Whole where the parameter is.',
  })
const level = z.union([z.number(), z.string(), z.boolean()])
const parameter = z.union([
  z.array(level).meta({ description: 'Values to choose from, each as likely.' }),
  law,
])

const design = z
  .strictObject({
    kind: z.enum(designKinds).meta({
      description:
        'point: the market as it is. list: points one by one. factorial: every combination of levels. latin-hypercube, sobol: points that fill the space. saltelli: for Sobol indices. morris: for elementary effects.',
    }),
    points: whole(1, 1e7, 'Number of points (latin-hypercube, sobol).'),
    base: whole(1, 2 ** 24, 'Base rows, a power of two; makes base x (parameters + 2) points (saltelli).'),
    trajectories: whole(1, 1e6, 'Trajectories; makes trajectories x (parameters + 1) points (morris).'),
    levels: whole(2, 1000, 'Levels of the grid, an even number (morris).', 4),
    scramble: z
      .boolean()
      .meta({
        description: 'Whether Sobol points are scrambled with the seed (sobol, saltelli).',
        default: true,
      })
      .optional(),
    parameters: z
      .record(z.string(), parameter)
      .meta({
        description:
          'What varies: paths as in --set, each with its law or a list of values (factorial: lists only).',
      })
      .optional(),
    list: z
      .array(z.record(z.string(), level.nullable()))
      .meta({
        description: "Points: maps of paths to values; what one leaves out stays the variant's (list).",
      })
      .optional(),
  })
  .meta({ description: 'The points at which the variants are compared; one point by default.' })

const metricsList = z
  .array(z.string())
  .meta({ description: 'Paths; the names are the paths without their group.' })
const metricsMap = z.record(
  z.string().regex(metricPattern),
  z.union([
    z.string(),
    z.strictObject({
      of: z.string().meta({ description: 'Path of the number.' }),
      above: number('The metric is 1 where the number is above this, and 0 elsewhere.'),
      below: number('The metric is 1 where the number is below this, and 0 elsewhere.'),
      missing: z
        .enum(['exclude', 'zero'])
        .meta({
          description:
            'What a replication without a value counts as, such as one in which a startup lives has no month of failure: exclude leaves it out, zero counts it as 0. By default zero with above or below (it is not so), else exclude.',
        })
        .optional(),
    }),
  ]),
)
const metricsMeaning =
  'What is measured in each replication: startups.ID.COLUMN of the table of startups; metrics.ID.NAME or market.NAME of the metrics, which take longer. By default alive, profit and share of every startup.'

const discovery = z
  .strictObject({
    metric: metricName,
    variant: variantName('Name of the variant that is asked about; the first by default.'),
    above: number("A point is a case where the metric's mean is above this."),
    below: number("A point is a case where the metric's mean is below this."),
    objective: z
      .enum(['lenient1', 'lenient2', 'original'])
      .meta({ description: 'What a cut of the box is judged by.', default: 'lenient1' })
      .optional(),
    peel: numberWithin(0.001, 0.499, 'Share of the points in the box that one cut takes off.', 0.05),
    paste: numberWithin(0.001, 0.499, 'Share of the points beyond an end that one extension lets in.', 0.05),
    minimumMass: numberWithin(1e-6, 1, 'Least share of all points that a box holds.', 0.05),
    coverage: numberWithin(
      0,
      1,
      'The box shown is the densest of those that hold this share of the cases.',
      0.8,
    ),
  })
  .meta({ description: 'In which box of the parameters does it happen? Give above or below.' })

/**
 * The schema of study files.
 *
 * @param metrics the form of `metrics` that is checked; published is either. Of one form alone, mistakes inside of it
 * can be told.
 */
export function studySchema(metrics: 'list' | 'map' | 'either' = 'either'): z.ZodType<StudyFile> {
  const forms = { list: metricsList, map: metricsMap, either: z.union([metricsList, metricsMap]) }
  const schema = z.strictObject({
    title: text(200, 'One line for headings.'),
    description: text(4000, 'What the study asks.'),
    scenario: z.string().max(1000).meta({
      description: 'Name of a packaged scenario, or the path of a file from the folder of this one.',
    }),
    set: settings.meta({ description: 'Settings of every variant: values by path, as in --set.' }).optional(),
    seed: z
      .union([z.string(), z.number()])
      .meta({ description: 'Any text or number; decides all luck.', default: '1' })
      .optional(),
    record: z
      .enum(studyRecordings)
      .meta({
        description:
          'Rows that are kept: of the metrics only, or also the tables of a run, with months or without.',
        default: 'outcomes',
      })
      .optional(),
    replications: z
      .union([z.number().int().min(1).max(mostReplications), replicationsMap])
      .meta({ description: 'Replications of each point: a number, or what decides how many.', default: 400 })
      .optional(),
    variants: z
      .record(z.string().regex(namePattern), settings.nullable())
      .meta({ description: 'Markets that are compared under the same luck: settings by name.' })
      .optional(),
    baseline: variantName('Name of the variant with which the others are compared; the first by default.'),
    design: design.optional(),
    metrics: forms[metrics].meta({ description: metricsMeaning }).optional(),
    discovery: z
      .record(z.string().regex(namePattern), discovery)
      .meta({ description: 'Questions to the design, by name: where does something happen?' })
      .optional(),
    luck: z
      .enum(['common', 'own'])
      .meta({
        description:
          'Whether points share their luck, so that they differ by their figures alone, or each has its own, so that they are independent samples. By default own for latin-hypercube and sobol, common for all others; saltelli and morris have no other.',
      })
      .optional(),
    annualRate: numberWithin(0, 10, 'Rate a year at which metrics discount money.', 0.1),
    resamples: whole(100, 100_000, 'Resamples of bootstrap intervals.', 1000),
  })
  return schema as unknown as z.ZodType<StudyFile>
}

/** The JSON Schema of study files (draft 2020-12), as the text of `study.schema.json`. */
export function studyJsonSchema(): string {
  const schema = z.toJSONSchema(studySchema(), { io: 'input' })
  return `${JSON.stringify({ title: 'Rivalry study', ...schema }, null, 2)}\n`
}
