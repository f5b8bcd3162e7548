/**
 * Every mistake in a study file is refused with its code, line, column, key, message and hint. The file is long because
 * it is mostly one table; line 1 of each study names the scenario.
 */
import { expect, test } from 'vitest'
import { strategies } from '../../agents/strategies/index.ts'
import { type ParseStudyOptions, parseStudy } from '../../scenarios/study/parse.ts'
import { type FoundError, errorsOf } from './errors.ts'

const found = (text: string, options: ParseStudyOptions = {}): FoundError[] =>
  errorsOf(() => parseStudy(`scenario: three-ways\n${text}`, options))

/** A design of one parameter, in line 2. */
const hypercube = (parameter: string) =>
  `design: { kind: latin-hypercube, points: 9, parameters: { ${parameter} } }`
const morris = (parameter: string) =>
  `design: { kind: morris, trajectories: 9, parameters: { ${parameter} } }`
const list = (points: string) => `design: { kind: list, list: [${points}] }`
const until = (target: string) => `replications: { until: [{ ${target} }] }`
const alive = 'metric: freemium.alive'

/** `there` is what stands in the place that the error names. */
type Case = readonly [
  fact: string,
  text: string,
  code: string,
  there: string,
  key: string,
  message: string | RegExp,
  hint?: string | RegExp,
]

const cases: readonly Case[] = [
  // ------------------------------------------------------------------------------------------------- the form
  [
    'an unknown key',
    'titel: x',
    'unknown-key',
    'titel:',
    'titel',
    "unknown key 'titel' in the study",
    "did you mean 'title'?",
  ],
  [
    'a key twice',
    'seed: 1\nseed: 2',
    'duplicate-key',
    'seed:',
    'seed',
    "key 'seed' stands twice in the study, first in line 2",
    'keep one of them',
  ],
  ['broken YAML', 'set: [', 'yaml-syntax', '', '', /flow sequence/],
  [
    'text that is not the value of a choice',
    'record: all',
    'unknown-option',
    'all',
    'record',
    "record is 'all', not one of outcomes, summary, months",
  ],
  [
    'a seed that is neither text nor number',
    'seed: true',
    'wrong-type',
    'true',
    'seed',
    'seed is true, not text, or a number',
  ],
  [
    'half a replication',
    'replications: 0.5',
    'wrong-type',
    '0.5',
    'replications',
    'replications is 0.5, not a whole number, or a map',
  ],
  [
    'a rate above its bound',
    'annualRate: 12',
    'out-of-bounds',
    '12',
    'annualRate',
    'annualRate is 12, above the highest allowed, 10',
    /^Rate a year .*, from 0 to 10$/,
  ],
  [
    'too few resamples',
    'resamples: 5',
    'out-of-bounds',
    '5',
    'resamples',
    'resamples is 5, below the least allowed, 100',
  ],

  // ------------------------------------------------------------------------------------ settings and variants
  [
    'a setting out of bounds',
    'set: { months: 601 }',
    'out-of-bounds',
    '601',
    'set.months',
    'months is 601, above the highest allowed, 600',
  ],
  [
    'a setting of a startup that there is not',
    'set:\n  startups.freemum: { model: freemium, cash: 1 }',
    'unknown-startup',
    'startups.freemum:',
    'set.startups.freemum',
    "there is no startup 'freemum' to set",
    "did you mean 'freemium'?",
  ],
  [
    'an unknown key deep inside of a setting',
    'set:\n  startups.freemium.plans:\n    free: { cup: 5 }',
    'unknown-key',
    'cup:',
    'set.startups.freemium.plans.free.cup',
    "unknown key 'cup' in startups.freemium.plans.free",
    "did you mean 'cap'?",
  ],
  [
    'a value of a list in a setting',
    'set: { segments.consumer.needs: [0.4, x, 0.1] }',
    'wrong-type',
    'x',
    'set.segments.consumer.needs.1',
    "value 2 of needs of segments.consumer is 'x', not a number",
  ],
  [
    'a setting that breaks a rule',
    'variants:\n  dear: { startups.freemium.plans.personal.price: 2e6 }',
    'price-above-ceiling',
    '2e6',
    'variants.dear.startups.freemium.plans.personal.price',
    /above the ceiling of 1e6 a month$/,
    /raise parameters.priceCeiling/,
  ],
  [
    'a misspelt model in a variant',
    'variants:\n  a: {}\n  b:\n    startups.freemium.model: fremium',
    'unknown-model',
    'fremium',
    'variants.b.startups.freemium.model',
    /^model of startups.freemium is 'fremium', not one of/,
    "did you mean 'freemium'?",
  ],
  [
    'a path without a name in it',
    'set: { parameters..nest: 1 }',
    'bad-path',
    'parameters..nest:',
    'set.parameters..nest',
    "'parameters..nest' is no path of a setting",
    /as in --set/,
  ],
  [
    'a variant that is no map',
    'variants: { a: 5 }',
    'wrong-type',
    '5',
    'variants.a',
    'a of variants is 5, not a map',
  ],
  [
    'a variant whose name is a number',
    'variants: { 1: {} }',
    'bad-id',
    '1:',
    'variants.1',
    "'1' cannot be a name",
    'a name starts with a letter; letters, digits, spaces, . - and _ follow',
  ],
  [
    'a baseline that is no variant',
    'variants: { free: {}, paid: {} }\nbaseline: fre',
    'unknown-variant',
    'fre',
    'baseline',
    "there is no variant 'fre'",
    "did you mean 'free'?",
  ],
  [
    'a setting that the design decides',
    `set: { months: 5 }\ndesign: { kind: factorial, parameters: { months: [3, 4] } }`,
    'unused-setting',
    'months:',
    'set.months',
    'the design decides months, so that setting it changes nothing',
    'leave it out here, or in the design',
  ],

  // ---------------------------------------------------------------------------------------------- the design
  [
    'an unknown kind of design',
    'design: { kind: sobel, points: 4 }',
    'unknown-option',
    'sobel',
    'design.kind',
    /^kind of design is 'sobel', not one of point, list/,
    "did you mean 'sobol'?",
  ],
  [
    'another usual name of a kind of design',
    'design: { kind: lhs, points: 4, parameters: { months: { low: 1, high: 9 } } }',
    'unknown-option',
    'lhs',
    'design.kind',
    /^kind of design is 'lhs', not one of point, list/,
    "did you mean 'latin-hypercube'?",
  ],
  [
    'another name of a kind of design in other letters',
    'design: { kind: Sobol_Indices, base: 4 }',
    'unknown-option',
    'Sobol_Indices',
    'design.kind',
    /^kind of design is 'Sobol_Indices'/,
    "did you mean 'saltelli'?",
  ],
  [
    'luck of its own for points of Sobol indices',
    'luck: own\ndesign: { kind: saltelli, base: 8, parameters: { months: { low: 1, high: 9 } } }',
    'luck-as-effect',
    'own',
    'luck',
    'luck is own, and a design of kind saltelli compares points under the same luck',
    'leave it out: luck of its own would count as the effect of every parameter',
  ],
  [
    'luck of its own for elementary effects',
    `luck: own\n${morris('months: { low: 1, high: 9 }')}`,
    'luck-as-effect',
    'own',
    'luck',
    'luck is own, and a design of kind morris compares points under the same luck',
  ],
  [
    'more luck than can be numbered',
    `replications: { until: [{ ${alive}, relative: 0.1 }] }\ndesign: { kind: sobol, points: 32768, parameters: { months: { low: 1, high: 9 } } }`,
    'too-many-replications',
    'design:',
    'design',
    '32768 points of up to 100000 replications with luck of their own need more than 2147483647',
    'lower most of replications, use fewer points, or let them share it with luck: common',
  ],
  [
    'a design without a kind',
    'design: { points: 4 }',
    'missing-key',
    'design:',
    'design.kind',
    'kind is missing in design',
  ],
  [
    'a key of another kind of design',
    'design: { kind: point, levels: 4 }',
    'unused-key',
    'levels:',
    'design.levels',
    'a design of kind point has no levels',
    'leave it out',
  ],
  [
    'a design without the key that it needs',
    'design: { kind: sobol, parameters: { months: { low: 1, high: 9 } } }',
    'missing-key',
    'design:',
    'design.points',
    'points is missing in design, of kind sobol',
    /a whole number/,
  ],
  [
    'a design without parameters',
    'design: { kind: factorial, parameters: {} }',
    'empty-design',
    'parameters:',
    'design.parameters',
    'parameters of design is empty',
    /as in --set/,
  ],
  ['an empty list of points', list(''), 'empty-design', 'list:', 'design.list', 'list of design is empty'],
  [
    'a Saltelli base that is no power of two',
    'design: { kind: saltelli, base: 100, parameters: { months: { low: 1, high: 9 } } }',
    'not-a-power-of-two',
    '100',
    'design.base',
    'base of design is 100, not a power of two',
    'Sobol points are balanced in powers of two: use 64 or 128',
  ],
  [
    'an odd number of levels',
    'design: { kind: morris, trajectories: 9, levels: 5, parameters: { months: { low: 1, high: 9 } } }',
    'morris-levels',
    '5',
    'design.levels',
    'levels of design is 5, not an even number',
    /use 4/,
  ],
  [
    'a law without ends for trajectories',
    morris('parameters.nest: { mean: 0.5, sd: 0.01, low: 0.1 }'),
    'unbounded-law',
    '{ mean: 0.5',
    'design.parameters.parameters.nest',
    /^parameters.nest has no end, and a design of kind morris/,
    'give its law low and high',
  ],
  [
    'a law in a factorial design',
    'design: { kind: factorial, parameters: { months: { low: 1, high: 9 } } }',
    'not-levels',
    '{ low: 1',
    'design.parameters.months',
    'months has a law, and a factorial design combines lists of values',
    'list its values, as in [1, 2, 4]',
  ],
  [
    'points beyond what a design may have',
    'design: { kind: sobol, points: 10_000_000, parameters: { parameters.nest: { low: 0.1, high: 0.9 }, parameters.adAversion: { low: 0, high: 1 }, parameters.tasteSd: { low: 0, high: 1 }, parameters.abilitySd: { low: 0, high: 1 }, parameters.cashSd: { low: 0, high: 1 }, parameters.readinessSd: { low: 0, high: 1 }, parameters.dilution: { low: 0, high: 0.5 }, parameters.education: { low: 0, high: 1 }, parameters.forgetting: { low: 0, high: 1 }, parameters.fitGain: { low: 0, high: 1 }, parameters.fitDecay: { low: 0, high: 1 }, parameters.rdGain: { low: 0, high: 1 }, parameters.profitTax: { low: 0, high: 1 }, parameters.receiptFee: { low: 0, high: 1 } } }',
    'design-too-large',
    'design:',
    'design',
    /^10000000 points of 14 coordinates are more than/,
    'use fewer points or fewer parameters',
  ],
  [
    'more markets than can be compiled',
    `design: { kind: factorial, parameters: { ${Array.from({ length: 10 }, (_, i) => `startups.s${i}.model: [a, b]`).join(', ')} } }`,
    'too-many-markets',
    'design:',
    'design',
    /^the study needs 1024 markets/,
    /^at most 1000/,
  ],

  // ------------------------------------------------------------------------------------------------- the laws
  [
    'a law whose low is not below its high',
    hypercube('parameters.nest: { low: 0.5, high: 0.3 }'),
    'impossible-law',
    '{ low: 0.5',
    'design.parameters.parameters.nest',
    'parameters.nest: low 0.5 is not below high 0.3',
  ],
  [
    'a standard deviation below 0',
    hypercube('parameters.nest: { mean: 0.5, sd: -1 }'),
    'impossible-law',
    '{ mean: 0.5',
    'design.parameters.parameters.nest',
    'parameters.nest: sd is -1, but must be above 0',
  ],
  [
    'the logarithm of 0',
    hypercube('parameters.nest: { low: 0, high: 1, scale: log }'),
    'impossible-law',
    '{ low: 0',
    'design.parameters.parameters.nest',
    'parameters.nest: low is 0, but only numbers above 0 have a logarithm',
  ],
  [
    'no value to choose',
    hypercube('months: []'),
    'impossible-law',
    '[]',
    'design.parameters.months',
    'months: values is empty, but one of them is to be chosen',
  ],
  [
    'a value to choose that is listed twice',
    hypercube('months: [3, 3]'),
    'impossible-law',
    '[3, 3]',
    'design.parameters.months',
    'months: values has 3 more than once',
  ],
  [
    'keys of two laws',
    hypercube('parameters.nest: { mean: 0.5, mode: 0.4 }'),
    'mixed-law',
    'mean:',
    'design.parameters.parameters.nest.mean',
    'mean of parameters.nest does not go with mode',
    /^give low and high; low, mode and high/,
  ],
  [
    'half of a law',
    hypercube('parameters.nest: { mean: 0.5 }'),
    'missing-key',
    'parameters.nest:',
    'design.parameters.parameters.nest',
    'sd is missing in the law of parameters.nest',
    /mean and sd/,
  ],
  [
    'a scale of a law that has none',
    hypercube('parameters.nest: { mean: 0.5, sd: 0.1, scale: log }'),
    'mixed-law',
    'scale:',
    'design.parameters.parameters.nest.scale',
    'scale of parameters.nest is log, but the law with mean and sd has none',
    'a log-normal law has median and sigma',
  ],
  [
    'a key that no law has',
    hypercube('parameters.nest: { low: 0.5, hihg: 0.9 }'),
    'unknown-key',
    'hihg:',
    'design.parameters.parameters.nest.hihg',
    "unknown key 'hihg' in design.parameters.parameters.nest",
    "did you mean 'high'?",
  ],
  [
    'text in a law',
    hypercube('parameters.nest: { low: 0.5, high: x }'),
    'wrong-type',
    'x',
    'design.parameters.parameters.nest.high',
    "high of design.parameters.parameters.nest is 'x', not a number",
    'Greatest value',
  ],
  [
    'a number in place of a law',
    hypercube('parameters.nest: 1'),
    'wrong-type',
    '1',
    'design.parameters.parameters.nest',
    /^parameters.nest of design.parameters is 1, not a list, or a map$/,
  ],

  // -------------------------------------------------------------------------------------------------- figures
  [
    'a path that leads nowhere',
    hypercube('parameters.nset: { low: 0.5, high: 0.9 }'),
    'unknown-path',
    'parameters.nset:',
    'design.parameters.parameters.nset',
    "there is no 'nset' in parameters",
    "did you mean 'nest'?",
  ],
  [
    'a path that leads nowhere in some variant',
    `variants: { a: {}, b: { startups.free-ads.model: own-application } }\n${hypercube('startups.free-ads.plans.free.cap: { low: 5, high: 9 }')}`,
    'unknown-path',
    'startups.free-ads.plans.free.c',
    'design.parameters.startups.free-ads.plans.free.cap',
    "there is no 'free' in startups.free-ads.plans (in variant 'b')",
    'allowed: application',
  ],
  [
    'a path that leads nowhere under some model',
    `design: { kind: factorial, parameters: { startups.free-ads.model: [free-with-ads, own-application], startups.free-ads.plans.free.cap: [5] } }`,
    'unknown-path',
    'startups.free-ads.plans.free.c',
    'design.parameters.startups.free-ads.plans.free.cap',
    "there is no 'free' in startups.free-ads.plans (with startups.free-ads.model 'own-application')",
  ],
  [
    'an end below the bounds',
    hypercube('parameters.nest: { low: 0, high: 0.9 }'),
    'out-of-bounds',
    '0',
    'design.parameters.parameters.nest.low',
    'nest is 0, out of bounds',
    'from 0.05 to 1 exponent',
  ],
  [
    'a law that leaves the bounds',
    hypercube('parameters.nest: { mean: 0.5, sd: 0.1 }'),
    'out-of-bounds',
    '{ mean: 0.5',
    'design.parameters.parameters.nest',
    'the law of parameters.nest goes to -0.321, out of bounds',
    'cut it off: give low and high, from 0.05 to 1 exponent',
  ],
  [
    'a level out of bounds',
    hypercube('months: [12, 601]'),
    'out-of-bounds',
    '601',
    'design.parameters.months.1',
    'months is 601, out of bounds',
    'from 1 to 600 months',
  ],
  [
    'a level that is not whole',
    hypercube('months: [12, 1.5]'),
    'not-whole',
    '1.5',
    'design.parameters.months.1',
    'months is 1.5, not a whole number',
  ],
  [
    'a range without a whole number',
    hypercube('months: { low: 1.2, high: 1.8 }'),
    'impossible-law',
    '{ low: 1.2',
    'design.parameters.months',
    'months: no whole number is between low 1.2 and high 1.8',
  ],
  [
    'a value of a point out of bounds',
    list('{ months: 3 }, { months: 0 }'),
    'out-of-bounds',
    '0',
    'design.list.1.months',
    'months is 0, out of bounds',
  ],
  [
    'a level that is no business model',
    'design: { kind: factorial, parameters: { startups.free-ads.model: [free-with-ads, fremium] } }',
    'unknown-model',
    'fremium',
    'design.parameters.startups.free-ads.model.1',
    /^model of startups.free-ads is 'fremium'/,
    "did you mean 'freemium'?",
  ],
  [
    'a figure that is text',
    list('{ months: 3 }, { months: long }'),
    'wrong-type',
    'long',
    'design.list.1.months',
    "months is 'long', not a number",
  ],
  [
    'a strategy that there is not',
    hypercube('startups.free-ads.strategy.name: [default, undercutt]'),
    'unknown-strategy',
    'undercutt',
    'design.parameters.startups.free-ads.strategy.name.1',
    "there is no strategy 'undercutt'",
    "did you mean 'undercut'?",
  ],
  [
    'a setting that a strategy has not',
    `set: { startups.free-ads.strategy: undercut }\n${hypercube('startups.free-ads.strategy.settings.bye: { low: 0, high: 1 }')}`,
    'unknown-setting',
    '0',
    'design.parameters.startups.free-ads.strategy.settings.bye.low',
    "strategy undercut has no setting 'bye'",
    "did you mean 'by'?",
  ],
  [
    'values that break a rule together',
    'design: { kind: factorial, parameters: { parameters.utilityLow: [-60, 0], parameters.utilityHigh: [30, 0], parameters.fundingGrowthLow: [0, 2], parameters.fundingGrowthHigh: [1, 3] } }',
    'out-of-order',
    'design:',
    'design',
    'point 2 makes no market: fundingGrowthLow is 2, above fundingGrowthHigh, 1 (parameters.utilityLow -60, parameters.utilityHigh 30, parameters.fundingGrowthLow 2, parameters.fundingGrowthHigh 1)',
    'exchange them, or widen the range',
  ],
  [
    'a point of a list that breaks a rule in some variant',
    `variants: { a: {}, b: { parameters.marginHigh: 0.5 } }\n${list('{}, { parameters.marginLow: 0.6 }')}`,
    'out-of-order',
    '{ parameters.marginLow: 0.6',
    'design.list.1',
    "point 1 in variant 'b' makes no market: marginLow is 0.6, above marginHigh, 0.5 (parameters.marginLow 0.6)",
  ],

  // -------------------------------------------------------------------------------------------------- metrics
  [
    'a column that there is not',
    'metrics: [startups.freemium.alve]',
    'unknown-metric',
    'startups.freemium.alve',
    'metrics.0',
    "there is no number 'alve' in the table of startups",
    "did you mean 'alive'?",
  ],
  [
    'a column of text',
    'metrics: [startups.freemium.exitCause]',
    'unknown-metric',
    'startups.freemium.exitCause',
    'metrics.0',
    "there is no number 'exitCause' in the table of startups",
    /^allowed: alive, exitMonth/,
  ],
  [
    'a metric looked for among columns',
    'metrics: { m: startups.freemium.mrr }',
    'unknown-metric',
    'startups.freemium.mrr',
    'metrics.m',
    "there is no number 'mrr' in the table of startups",
    "did you mean 'metrics.freemium.mrr'?",
  ],
  [
    'a column looked for among metrics',
    'metrics: { m: { of: metrics.freemium.alive, above: 0 } }',
    'unknown-metric',
    'metrics.freemium.alive',
    'metrics.m.of',
    "there is no metric 'alive' of startups",
    "did you mean 'startups.freemium.alive'?",
  ],
  [
    'a metric of markets that there is not',
    'metrics: [market.hhhi]',
    'unknown-metric',
    'market.hhhi',
    'metrics.0',
    "there is no metric 'hhhi' of markets",
    "did you mean 'hhi'?",
  ],
  [
    'a metric of startups like which there is none',
    'metrics: [metrics.freemium.happiness]',
    'unknown-metric',
    'metrics.freemium.happiness',
    'metrics.0',
    "there is no metric 'happiness' of startups",
    /^allowed: mrr, .*\bltv\b/,
  ],
  [
    'something else in place of a value',
    'metrics: { m: { of: startups.freemium.exitMonth, missing: drop } }',
    'unknown-option',
    'drop',
    'metrics.m.missing',
    "missing of metrics.m is 'drop', not one of exclude, zero",
  ],
  [
    'a metric without its group',
    'metrics: [freemium.profit]',
    'unknown-metric',
    'freemium.profit',
    'metrics.0',
    "'freemium.profit' is no path of a metric",
    "did you mean 'startups.freemium.profit'?",
  ],
  [
    'a misspelt group',
    'metrics: [startup.freemium.profit]',
    'unknown-metric',
    'startup.freemium.profit',
    'metrics.0',
    "'startup.freemium.profit' is no path of a metric",
    "did you mean 'startups.freemium.profit'?",
  ],
  [
    'a metric of a startup that there is not',
    'metrics: [startups.premium.profit]',
    'unknown-startup',
    'startups.premium.profit',
    'metrics.0',
    "there is no startup 'premium'",
    "did you mean 'freemium'?",
  ],
  [
    'a metric listed twice',
    'metrics: [market.hhi, market.hhi]',
    'duplicate-name',
    'market.hhi',
    'metrics.1',
    'market.hhi is listed twice',
    'keep one of them',
  ],
  [
    'a metric with the name of a column',
    'metrics: { point: market.hhi }',
    'duplicate-name',
    'point:',
    'metrics.point',
    "no metric can be called 'point', which every row of results has",
    'give it another name',
  ],
  [
    'a name of a metric with a space',
    'metrics: { the point: market.hhi }',
    'bad-id',
    'the point:',
    'metrics.the point',
    "'the point' cannot be a name",
    'a name starts with a letter; letters, digits, . - and _ follow',
  ],
  [
    'a metric of nothing',
    'metrics: { a: { above: 1 } }',
    'missing-key',
    'a:',
    'metrics.a.of',
    'of is missing in metrics.a',
    'Path of the number.',
  ],
  [
    'limits with nothing between them',
    'metrics: { a: { of: market.hhi, above: 1, below: 1 } }',
    'out-of-order',
    '1',
    'metrics.a.above',
    'no number is above 1 and below 1',
    'exchange them',
  ],
  ['no metric', 'metrics: []', 'no-metric', 'metrics:', 'metrics', 'metrics is empty'],

  // ---------------------------------------------------------------------------------- stopping and discovery
  [
    'a target for a metric that there is not',
    until('metric: freemium.alve, relative: 0.1'),
    'unknown-metric',
    'freemium.alve',
    'replications.until.0.metric',
    "the study has no metric 'freemium.alve'",
    "did you mean 'freemium.alive'?",
  ],
  [
    'a target for a variant that there is not',
    until(`${alive}, relative: 0.1, variant: b`),
    'unknown-variant',
    'b',
    'replications.until.0.variant',
    "there is no variant 'b'",
    'allowed: base',
  ],
  [
    'a target without a width',
    until(alive),
    'one-of-two',
    '{ metric: freemium.alive',
    'replications.until.0',
    'neither halfWidth nor relative is given',
    'give one of them',
  ],
  [
    'a target with two widths',
    until(`${alive}, relative: 0.1, halfWidth: 1`),
    'one-of-two',
    'relative:',
    'replications.until.0.relative',
    'halfWidth and relative are both given',
    'keep one of them',
  ],
  [
    'a target of no width',
    until(`${alive}, halfWidth: 0`),
    'out-of-bounds',
    '0',
    'replications.until.0.halfWidth',
    'halfWidth of replications.until.0 is 0, not above 0',
    "it is in the metric's unit",
  ],
  [
    'a target without a metric',
    until('relative: 0.1'),
    'missing-key',
    '{ relative:',
    'replications.until.0.metric',
    'metric is missing in replications.until.0',
  ],
  [
    'a difference where there is one variant',
    until(`${alive}, relative: 0.1, difference: true`),
    'no-difference',
    'difference:',
    'replications.until.0.difference',
    'there is no difference between variants: there is only one',
    'leave it out, or write several variants',
  ],
  [
    'a difference of the baseline from itself',
    `variants: { a: {}, b: {} }\n${until(`${alive}, relative: 0.1, difference: true, variant: a`)}`,
    'no-difference',
    'a',
    'replications.until.0.variant',
    "'a' is the baseline, which does not differ from itself",
    'name another variant, or none',
  ],
  [
    'no target',
    'replications: { until: [] }',
    'no-target',
    'until:',
    'replications.until',
    'until is empty',
    'leave it out for a fixed number of replications',
  ],
  [
    'steps without a target',
    'replications: { first: 9, step: 3 }',
    'unused-key',
    'step:',
    'replications.step',
    'step of replications decides nothing without until',
  ],
  [
    'a limit below the first look',
    `replications: { most: 100, until: [{ ${alive}, relative: 0.1 }] }`,
    'out-of-order',
    '100',
    'replications.most',
    'most of replications is 100, below first, 200',
    'raise it',
  ],
  [
    'a first look at one replication',
    `replications: { first: 1, until: [{ ${alive}, relative: 0.1 }] }`,
    'out-of-bounds',
    '1',
    'replications.first',
    'first of replications is 1, and an interval needs two',
  ],
  [
    'a discovery without a design',
    `discovery: { a: { ${alive}, above: 0.5 } }`,
    'no-design',
    'discovery:',
    'discovery',
    'discovery looks for a box in a design, and the study has none',
    /latin-hypercube/,
  ],
  [
    'a discovery without a limit',
    `${hypercube('months: [3, 4]')}\ndiscovery: { a: { ${alive} } }`,
    'one-of-two',
    '{ metric: freemium.alive',
    'discovery.a',
    'neither above nor below is given',
    'give one of them',
  ],
  [
    'a discovery of a metric that there is not',
    `${hypercube('months: [3, 4]')}\ndiscovery: { a: { metric: alive, below: 1 } }`,
    'unknown-metric',
    'alive',
    'discovery.a.metric',
    "the study has no metric 'alive'",
    /^allowed: free-ads.alive/,
  ],
  [
    'a discovery that cuts off half',
    `${hypercube('months: [3, 4]')}\ndiscovery: { a: { ${alive}, below: 1, peel: 0.5 } }`,
    'out-of-bounds',
    '0.5',
    'discovery.a.peel',
    'peel of discovery.a is 0.5, above the highest allowed, 0.499',
  ],
]

test.for(cases)('%s is refused', ([, text, code, there, key, message, hint]) => {
  const errors = found(text, { strategies })
  expect(errors).toHaveLength(1)
  const [error] = errors
  expect(error).toMatchObject({ code, key })
  const [line = 0, column = 0] = error!.at.split(':').map(Number)
  // Line 1 names the scenario.
  expect((text.split('\n')[line - 2] ?? '').slice(column - 1, column - 1 + there.length)).toBe(there)
  expect(error!.message).toMatch(message instanceof RegExp ? message : exactly(message))
  if (hint !== undefined) expect(error!.hint).toMatch(hint instanceof RegExp ? hint : exactly(hint))
})

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`)
}

test('a study needs a scenario, which there is', () => {
  const of = (text: string, file = 'a/b.yaml') => errorsOf(() => parseStudy(text, { file }))
  expect(of('title: x')).toMatchObject([{ code: 'missing-key', at: '1:1', key: 'scenario' }])
  expect(of('')).toMatchObject([{ code: 'empty-study', at: '1:1' }])
  expect(of('- x')).toMatchObject([
    { code: 'wrong-type', at: '1:1', message: 'the study is a list, not a map' },
  ])
  expect(of('scenario: three-way')).toMatchObject([
    { code: 'unknown-scenario', at: '1:11', key: 'scenario', hint: "did you mean 'three-ways'?" },
  ])
  expect(of('scenario: ../c.yaml')).toMatchObject([
    { code: 'scenario-not-found', at: '1:11', key: 'scenario', message: "there is no file 'c.yaml'" },
  ])
  expect(of('scenario: ..', 'test/b.yaml')).toMatchObject([
    { code: 'scenario-is-directory', at: '1:11', key: 'scenario' },
  ])
  expect(of('title: \0')).toMatchObject([{ code: 'not-text', at: '1:8' }])
})

test('settings beside the file are reported as such, after the mistakes of the file', () => {
  const errors = found('titel: x\ndesign: { kind: factorial, parameters: { parameters.nest: [0.4, 0.5] } }', {
    set: ['months=0', 'months', 'parameters.nest=0.5'],
    replications: 0,
  })
  expect(errors.map(({ code, key }) => [code, key])).toEqual([
    ['unknown-key', 'titel'],
    ['invalid-option', '--replications'],
    ['unused-setting', '--set parameters.nest=0.5'],
    ['bad-setting', '--set months'],
    ['out-of-bounds', '--set months=0'],
  ])
})

test('everything wrong is reported at once, in the order of the file', () => {
  const errors = found(
    `titel: Mine
set: { months: 601, startups.freemum.cash: 1 }
variants:
  a: { segments.consumer.nu: -1 }
  b: { demography: expcted }
baseline: c
design:
  kind: saltelli
  base: 100
  parameters:
    parameters.nset: { low: 0.1, high: 0.5 }
    parameters.tasteSd: { low: 0.5, high: 0.1 }
    parameters.adAversion: { low: -1, high: 1 }
    startups.subscription.model: [subscription, freemum]
metrics:
  m: startups.freemium.alve
  n: startups.freemium.alive
replications:
  until:
    - { metric: n, relative: 2 }
    - { metric: o, halfWidth: 1 }
discovery:
  d: { metric: m, above: 0, below: 1 }
`,
    { strategies },
  )
  expect(errors.map(({ code, at, key }) => `${at} ${code} ${key}`)).toEqual([
    '2:1 unknown-key titel',
    '3:16 out-of-bounds set.months',
    '3:21 unknown-startup set.startups.freemum.cash',
    '5:30 out-of-bounds variants.a.segments.consumer.nu',
    '6:20 unknown-option variants.b.demography',
    '7:11 unknown-variant baseline',
    '10:9 not-a-power-of-two design.base',
    '12:5 unknown-path design.parameters.parameters.nset',
    '13:25 impossible-law design.parameters.parameters.tasteSd',
    '14:35 out-of-bounds design.parameters.parameters.adAversion.low',
    '15:49 unknown-model design.parameters.startups.subscription.model.1',
    '17:6 unknown-metric metrics.m',
    '21:30 out-of-bounds replications.until.0.relative',
    '22:17 unknown-metric replications.until.1.metric',
    '24:29 one-of-two discovery.d.below',
  ])
})

test('a mistake hides no other and makes none', () => {
  // The model decides which plans there are, so that nothing is said of plans while it is unknown.
  const text = `variants: { a: { startups.free-ads.model: own-aplication } }
design: { kind: factorial, parameters: { startups.free-ads.plans.application.price: [5, 9] } }`
  expect(found(text)).toMatchObject([{ code: 'unknown-model' }])
  // One misspelt metric of several leaves the others' names.
  const metrics = `metrics: { a: startups.freemium.alve, b: 3 }\n${until('metric: b, relative: 0.1')}`
  expect(found(metrics).map(({ code }) => code)).toEqual(['unknown-metric', 'wrong-type'])
})
