import { describe, expect, test } from 'vitest'
import { studyText, type StudySummary } from '../../engine/study/index.ts'
import { figureScale, shortened, textTable, wrapped } from '../../engine/study/text-table.ts'
import { complete, run, stopping, structural } from './study-definitions.ts'

type Estimate = StudySummary['metrics'][number]['mean']

const estimate = (estimate: number | null, halfWidth: number | null, count = 400): Estimate => ({
  count,
  estimate,
  low: estimate === null || halfWidth === null ? null : estimate - halfWidth,
  high: estimate === null || halfWidth === null ? null : estimate + halfWidth,
})

type Metric = StudySummary['metrics'][number]

/** A metric of 400 replications at one point, with what a test changes. */
const metricOf = (variant: string, metric: string, unit: string, changes: Partial<Metric> = {}): Metric => ({
  variant,
  metric,
  unit,
  mean: estimate(0.8, 0.04),
  median: null,
  missing: 0,
  replications: 400,
  points: 1,
  noise: null,
  range: null,
  ...changes,
})

/** A study of one variant at one point, with what a test changes. */
function summaryOf(changes: Partial<StudySummary> = {}): StudySummary {
  return {
    engine: '0.1.0',
    study: 'caps',
    studySha256: '0'.repeat(64),
    seed: '7',
    title: 'Do caps pay?',
    variants: ['free'],
    baseline: null,
    design: 'point',
    luck: 'common',
    points: 1,
    parameters: [],
    replications: { total: 400, fewest: 400, most: 400, looks: 1, limit: 400, targets: [] },
    metrics: [
      metricOf('free', 'alive', '0 or 1', { median: { ...estimate(1, null), low: 1, high: 1 } }),
      metricOf('free', 'profit', 'EUR', {
        mean: estimate(-5_560_000, 310_000),
        median: estimate(-7_000_000, 400_000),
      }),
      metricOf('free', 'users', 'customers', {
        mean: estimate(123_456, 2000),
        median: estimate(120_000, 3000),
      }),
    ],
    byPoint: [],
    comparisons: [],
    survival: [],
    logRank: [],
    sensitivity: [],
    discovery: [],
    ...changes,
  }
}

/** Two variants, of which the second earns more and lives as long. */
const compared: Partial<StudySummary> = {
  variants: ['free', 'capped'],
  baseline: 'free',
  replications: { total: 800, fewest: 400, most: 400, looks: 1, limit: 400, targets: [] },
  metrics: ['free', 'capped'].flatMap((variant) => [
    metricOf(variant, 'alive', 'share'),
    metricOf(variant, 'profit', 'EUR', { mean: estimate(2.5e6, 3e5), median: estimate(2e6, 4e5) }),
  ]),
  comparisons: [
    {
      variant: 'capped',
      metric: 'alive',
      unit: 'share',
      difference: estimate(0.01, 0.02),
      higher: 0,
      lower: 0,
      constant: 0,
      pairs: 400,
      replications: 400,
      more: 0.04,
      same: 0.93,
      correlation: 0.7,
      varianceReduction: 3.02,
      unpairedReplications: 1204,
    },
    {
      variant: 'capped',
      metric: 'profit',
      unit: 'EUR',
      difference: estimate(548_300, 90_000),
      higher: 1,
      lower: 0,
      constant: 0,
      pairs: 400,
      replications: 400,
      more: 0.81,
      same: 0,
      correlation: 0.99,
      varianceReduction: 440.2,
      unpairedReplications: 86_841,
    },
  ],
}

const fourteen = Array.from({ length: 14 }, (_, i) => `parameters.parameterNumber${i + 1}`)

describe('the text of a study', () => {
  test('of one variant at one point says what was asked, how often, and what came out', () => {
    expect(studyText(summaryOf())).toBe(`Do caps pay?: study caps, seed 7
1 variant: free, at one point.
400 replications: 400, a number that was fixed.

metric                        mean [95%]          median [95%]
alive                  0.80 [0.76, 0.84]
profit, M EUR       -5.56 [-5.87, -5.25]  -7.00 [-7.40, -6.60]
users, k customers        123 [121, 125]        120 [117, 123]

alive is 0.80 [0.76, 0.84] on average, profit is -5.56 [-5.87, -5.25] M EUR on average and users is 123 [121,
125] k customers on average.
Intervals are of 95% and not corrected for their number; they are over the luck of replications, and all of it
follows from the assumptions of the scenario.
`)
  })

  test('of several variants shows their differences under the same luck, and what sharing it gained', () => {
    const text = studyText(summaryOf(compared))
    expect(text).toMatch(/^2 variants: free \(baseline\), capped, at one point\.$/m)
    expect(text).toMatch(/^alive\n {2}free +0\.80 \[0\.76, 0\.84\]\n {2}capped +0\.80 /m)
    expect(text).toMatch(/^Differences from free, each replication under the same luck:$/m)
    expect(text).toMatch(/^alive +0\.01 \[-0\.01, 0\.03\] +4% +93% +3\.0 +1,204$/m)
    expect(text).toMatch(/^profit, k EUR +548 \[458, 638\] +81% +0% +440 +86,841$/m)
    expect(text).toMatch(/^Compared with free: with capped, profit is higher by 548 k EUR\.$/m)
    expect(text).toMatch(/instead of 400$/m)
  })

  test('says so where nothing tells variants apart', () => {
    const comparisons = compared.comparisons!.slice(0, 1)
    expect(studyText(summaryOf({ ...compared, comparisons }))).toMatch(
      /^Compared with free: capped cannot be told apart from it in any metric\.$/m,
    )
  })

  /** The two variants at 20 points, of which some differ. */
  const overPoints = (changes: Partial<StudySummary> = {}): StudySummary => {
    const isKnown = changes.luck === 'own' && changes.design === undefined
    const ends = (mean: Estimate): Estimate => (isKnown ? mean : { ...mean, low: null, high: null })
    return summaryOf({
      ...compared,
      points: 20,
      parameters: ['months'],
      design: 'latin-hypercube',
      metrics: compared.metrics!.map((row) => ({
        ...row,
        mean: ends(row.mean),
        median: null,
        points: 20,
        range: { min: row.mean.estimate! / 2, median: row.mean.estimate!, max: row.mean.estimate! * 1.2 },
      })),
      comparisons: compared.comparisons!.map((row, i) => ({
        ...row,
        difference: ends(row.difference),
        higher: i === 0 ? 1 : 12,
        lower: i === 0 ? 0 : 3,
      })),
      ...changes,
    })
  }
  const flat = (summary: StudySummary): string => studyText(summary).replaceAll(/\s+/g, ' ')

  test('of points that share their luck has no interval over points, and counts points instead', () => {
    const text = studyText(overPoints())
    expect(text).toMatch(/^ {2}free +0\.80 +0\.40 +0\.80 +0\.96$/m)
    expect(text).toMatch(/^profit, k EUR +548 +12 +3 +440 +86,841$/m)
    expect(text).toMatch(/^Points share their luck: there is no interval over points; see their range\.$/m)
    const sentences = flat(overPoints())
    expect(sentences).toContain(
      'about 2.5% of points do so by chance on each side, and as points share their luck',
    )
    expect(sentences).toContain(': with capped, profit is higher at 12 and lower at 3 of 20 points.')
    expect(sentences).toContain('the median of the points where replications differ.')
  })

  /** The metrics of both variants at points that somebody chose. */
  const byPointOf = (
    values: readonly StudySummary['byPoint'][number]['values'][],
    variants: readonly string[] = ['free', 'capped'],
  ): StudySummary['byPoint'] =>
    values.map((values, point) => ({
      point,
      values,
      means: variants.flatMap((variant, v) => [
        { variant, metric: 'alive', mean: estimate(0.1 * (point + 1), v === 0 ? 0.05 : 0) },
        { variant, metric: 'profit', mean: estimate(1e6 * (point + 1) + 1e5 * v, 2e5) },
      ]),
    }))
  const chosen = { design: 'list', parameters: ['parameters.computePrice', 'months'] } as const
  const three = [{ 'parameters.computePrice': 0.03, months: 36 }, { months: 24 }, {}]

  test('of a few chosen points shows every metric at each, named by its values', () => {
    const text = studyText(overPoints({ ...chosen, points: 3, byPoint: byPointOf(three) }))
    expect(text).toContain(`
Each point, mean [95%]:
point                                        free             capped
alive
  computePrice 0.03, months 36  0.10 [0.05, 0.15]   0.10 (all alike)
  months 24                     0.20 [0.15, 0.25]   0.20 (all alike)
  as it is                      0.30 [0.25, 0.35]   0.30 (all alike)
profit, M EUR
  computePrice 0.03, months 36  1.00 [0.80, 1.20]  1.10 [0.90, 1.30]
  months 24                     2.00 [1.80, 2.20]  2.10 [1.90, 2.30]
  as it is                      3.00 [2.80, 3.20]  3.10 [2.90, 3.30]
`)
    expect(studyText(overPoints(chosen))).not.toContain('Each point')
    expect(studyText(summaryOf({ ...compared, byPoint: byPointOf([{}]) }))).not.toContain('Each point')
  })

  test('tells paths of the same last part apart by the part before', () => {
    const values = [{ 'startups.free.entry': 3, 'startups.paid.entry': 4, 'segments.paid.nu': 2 }, {}]
    expect(studyText(overPoints({ ...chosen, points: 2, byPoint: byPointOf(values) }))).toMatch(
      /^ {2}free\.entry 3, paid\.entry 4, nu 2 +0\.10 \[/m,
    )
  })

  test('shows points without intervals where these do not fit, and names above the table where those do not', () => {
    const five = ['free', 'capped', 'three', 'four', 'five']
    const means = studyText(
      overPoints({ ...chosen, variants: five, points: 3, byPoint: byPointOf(three, five) }),
    )
    expect(means).toMatch(/^Each point, mean:\npoint +free +capped +three +four +five\nalive\n/m)
    expect(means).toMatch(/^ {2}computePrice 0\.03, months 36 +1\.00 +1\.10 +1\.20 +1\.30 +1\.40$/m)
    const broad = [{ [`parameters.${'x'.repeat(30)}`]: 'free-with-ads' }, { months: 24 }]
    expect(studyText(overPoints({ ...chosen, points: 2, byPoint: byPointOf(broad) }))).toContain(
      'Each point, mean [95%]:',
    )
    const broader = [{ [`parameters.${'x'.repeat(60)}`]: 'free-with-ads' }, { months: 24 }]
    expect(studyText(overPoints({ ...chosen, points: 2, byPoint: byPointOf(broader) }))).toContain(
      'Each point, mean:',
    )
    const seven = [...five, 'six', `seven-${'x'.repeat(90)}`]
    const legend = studyText(
      overPoints({ ...chosen, variants: seven, points: 3, byPoint: byPointOf(three, seven) }),
    )
    expect(legend).toContain('Points:\n  point 0: computePrice 0.03, months 36\n  point 1: months 24\n')
    expect(legend).toMatch(/^point +seven\.\.\.xxxxx\nalive\n {2}point 0 +0\.10$/m)
    for (const line of legend.split('\n')) expect(line.length).toBeLessThanOrEqual(110)
  })

  test('of a study of few points has each of chosen ones, and no rank correlations', async () => {
    const replications = { first: 3, step: 3, most: 3, targets: [] }
    const { summary } = complete(await run({ ...structural, replications }))
    expect(summary.byPoint.map(({ point, values }) => [point, ...Object.values(values)])).toEqual([
      [0, 'freemium', 0.01],
      [1, 'freemium', 0.05],
      [2, 'free-with-ads', 0.01],
      [3, 'free-with-ads', 0.05],
      [4, 'subscription', 0.01],
      [5, 'subscription', 0.05],
    ])
    for (const { variant, metric, mean } of summary.metrics) {
      if (mean.estimate === null) continue
      const own = summary.byPoint.flatMap(({ means }) =>
        means.flatMap((row) =>
          row.variant === variant && row.metric === metric ? (row.mean.estimate ?? []) : [],
        ),
      )
      // The mean of means, summed up in another order.
      expect(own.reduce((sum, value) => sum + value, 0) / own.length).toBeCloseTo(mean.estimate, 6)
    }
    expect(summary.sensitivity).toEqual([])
    expect(studyText(summary)).not.toContain('correlation')
    expect(studyText(summary)).toContain('  model freemium, computePrice 0.01  ')
    const seven = { ...stopping, replications, discovery: [] }
    const sampled = complete(await run(seven)).summary
    expect([sampled.byPoint, sampled.sensitivity]).toEqual([[], []])
    const design = { ...stopping.design, points: 8 } as typeof stopping.design
    expect(complete(await run({ ...seven, design })).summary.sensitivity).not.toEqual([])
  })

  test('of points that are no random sample has no interval over them either', () => {
    expect(studyText(overPoints({ luck: 'own', design: 'factorial' }))).toMatch(
      /^Points are no random sample: there is no interval over points; see their range\.$/m,
    )
  })

  test('of a sample of points with luck of their own has an interval that includes luck', () => {
    const summary = overPoints({ luck: 'own' })
    expect(studyText(summary)).toMatch(/^profit, k EUR +548 \[458, 638\] +12 +3 +440 +86,841$/m)
    expect(flat(summary)).toContain('so that it includes luck.')
    expect(flat(summary)).toContain(
      ': with capped, profit is higher by 548 k EUR on average, higher at 12 and lower at 3 of 20 points.',
    )
  })

  test('counts points at which all replications differ alike', () => {
    const { comparisons } = overPoints()
    const summary = overPoints({ comparisons: comparisons.map((row) => ({ ...row, constant: 4 })) })
    expect(studyText(summary)).toMatch(/^profit, k EUR +548 +12 +3 +4 +440 +86,841$/m)
    expect(flat(summary)).toContain('All alike: points at which every replication gives the same difference')
  })

  test('says of how many replications a number is where some have none, and leaves it out of the sentence', () => {
    const metrics = compared.metrics!.map((row) => (row.metric === 'profit' ? { ...row, missing: 347 } : row))
    const comparisons = compared.comparisons!.map((row) =>
      row.metric === 'profit' ? { ...row, pairs: 13 } : row,
    )
    const text = studyText(summaryOf({ ...compared, metrics, comparisons }))
    expect(text).toMatch(/^ {2}capped +2\.50 .*\n {4}of the 53 of 400 replications with a value$/m)
    expect(text).toMatch(
      /^profit, k EUR .* 86,841 for 13\n {2}of the 13 of 400 replications in which both have one$/m,
    )
    expect(text).toMatch(/^alive .* 1,204 for 400$/m)
    expect(text).toMatch(
      /: capped cannot be told apart from it in any metric that is without missing values\.$/m,
    )
    expect(text).toMatch(/^Left out, as values are missing: profit\.$/m)
    const none = metrics.map((row) => ({ ...row, missing: 400, mean: estimate(null, null, 0) }))
    expect(studyText(summaryOf({ ...compared, metrics: none }))).toMatch(
      /^ {2}free +- .*\n {4}none of the 400 replications has a value$/m,
    )
  })

  test('tells differences in the order of the study, four of them, and none that has no width', () => {
    const row = compared.comparisons![1]!
    const named = (metric: string, halfWidth: number): StudySummary['comparisons'][number] => ({
      ...row,
      metric,
      difference: estimate(548_300, halfWidth),
    })
    const six = [named('f', 5e5), ...['e', 'd', 'c', 'b', 'a'].map((name) => named(name, 9e4))]
    expect(flat(summaryOf({ ...compared, comparisons: six }))).toContain(
      ': with capped, f is higher by 548 k EUR, e is higher by 548 k EUR, d is higher by 548 k EUR, c is higher by 548 k EUR and 2 more.',
    )
    const alike = flat(summaryOf({ ...compared, comparisons: [named('fee', 0)] }))
    expect(alike).toContain('fee, k EUR 548 (all alike)')
    expect(alike).toContain(
      ': with capped, fee is higher by 548 k EUR in each of the 400 replications alike.',
    )
  })

  test.each([
    [
      { metric: 'alive', halfWidth: 0.05, reached: 1, widest: 0.04, widestRelative: 0.05 },
      1,
      'Every target was reached after 400 replications, of 20,000 allowed: alive to +-0.05.',
    ],
    [
      { metric: 'profit', difference: true, relative: 0.1, reached: 1, widest: 1, widestRelative: 0.05 },
      1,
      'Every target was reached after 400 replications, of 20,000 allowed: the difference in profit from free to +-10% of itself.',
    ],
    [
      { metric: 'profit', halfWidth: 500_000, reached: 17, widest: 1_230_000, widestRelative: 0.5 },
      20,
      'At 3 of 20 points profit is still up to +-1.23 M EUR wide after the limit of 20,000; +-500 k EUR was wanted.',
    ],
    [
      { metric: 'profit', variant: 'capped', relative: 0.05, reached: 0, widest: 1e5, widestRelative: 0.123 },
      1,
      'profit of capped is still +-12% of itself wide after the limit of 20,000; +-5% of itself was wanted.',
    ],
    [
      { metric: 'alive', halfWidth: 0.01, reached: 0, widest: null, widestRelative: null },
      1,
      'alive is still not known at all after the limit of 20,000; +-0.01 was wanted.',
    ],
  ])('says what stopping reached: %j at %d points', (target, points, sentence) => {
    const replications = { ...compared.replications!, looks: 2, limit: 20_000, targets: [target] }
    const parameters = points === 1 ? [] : ['months']
    const text = studyText(summaryOf({ ...compared, points, parameters, replications }))
    expect(text.replaceAll('\n', ' ')).toContain(sentence)
  })

  test('shows survival with its intervals, and says what the log-rank test leaves out of account', () => {
    const survival = ['free', 'capped'].map((variant) => ({
      variant,
      startup: 'ours',
      count: 400,
      median: { estimate: variant === 'free' ? 31 : null, low: null, high: null },
      at: [12, 36, 60].map((months) => ({ months, survival: 1 - months / 100, low: 0.3, high: null })),
    }))
    const logRank = [
      {
        startup: 'ours',
        variants: ['free', 'capped'],
        chiSquared: 6.2,
        degreesOfFreedom: 1,
        probability: 0.0128,
      },
    ]
    const text = studyText(summaryOf({ ...compared, survival, logRank }))
    expect(text).toMatch(/^ours \(log-rank p = 0\.013\)$/m)
    expect(text).toMatch(/^ {2}free +0\.88 +0\.64 +0\.40 +31$/m)
    expect(text).toMatch(/^ {2}capped .* -$/m)
    const sentences = text.replaceAll('\n', ' ')
    expect(sentences).toMatch(
      /takes variants for independent, while they share luck: p errs on the side of caution\./,
    )
    const three = [{ ...logRank[0]!, variants: ['free', 'capped', 'paid'] }]
    expect(flat(summaryOf({ ...compared, survival, logRank: three }))).toContain(
      'of more than two variants it is a hint only.',
    )
    const several = flat(
      overPoints({
        survival: survival.map((row) => ({ ...row, at: [{ ...row.at[0]!, high: 0.9 }] })),
        logRank,
      }),
    )
    expect(several).toContain('Lives of all points are taken together: there are no intervals.')
    expect(several).toMatch(/ free 0\.88 31 capped 0\.88 - /)
    expect(several).not.toContain('log-rank')
    expect(sentences).toMatch(/There is no median where more than half live on\./)
    const small = studyText(
      summaryOf({ ...compared, survival, logRank: [{ ...logRank[0]!, probability: 1e-9 }] }),
    )
    expect(small).toMatch(/log-rank p < 0\.001/)
  })

  const profit = metricOf('free', 'profit', 'EUR', { mean: estimate(-5_560_000, null), points: 640 })
  const many = { points: 640, design: 'saltelli', parameters: fourteen, metrics: [profit] } as const
  const sensitivityOf = (
    measures: readonly { measure: StudySummary['sensitivity'][number]['measure']; scale: number }[],
  ): StudySummary['sensitivity'] =>
    fourteen.flatMap((parameter, i) =>
      measures.map(({ measure, scale }) => ({
        variant: 'free',
        metric: 'profit',
        parameter,
        measure,
        // The strongest in the middle, with changing signs.
        estimate: (scale * (i % 2 === 0 ? 1 : -1)) / (1 + Math.abs(i - 6)),
        low: null,
        high: null,
      })),
    )

  test('sorts Sobol indices by the total one and shows the ten largest', () => {
    const sensitivity = sensitivityOf([
      { measure: 'first', scale: 0.4 },
      { measure: 'total', scale: 0.8 },
    ]).map((row) => ({ ...row, estimate: Math.abs(row.estimate!), low: 0.1, high: 0.9 }))
    const text = studyText(summaryOf({ ...many, sensitivity }))
    const shown = [...text.matchAll(/^ {2}parameters\.parameterNumber(\d+) +(\S+) .* {2}(\S+) \[/gm)]
    expect(shown.map(([, number]) => Number(number)).slice(0, 2)).toEqual([7, 6])
    expect(shown[0]!.slice(2, 4)).toEqual(['0.40', '0.80'])
    expect(shown).toHaveLength(10)
    expect(text).toMatch(/^ {2}and 4 parameters that matter less$/m)
  })

  test('says what a metric depends on most where intervals tell it from the others', () => {
    const rank = (parameter: string, low: number, high: number): StudySummary['sensitivity'][number] => ({
      variant: 'free',
      metric: 'profit',
      measure: 'rank',
      parameter,
      estimate: (low + high) / 2,
      low,
      high,
    })
    const last = (...sensitivity: StudySummary['sensitivity']): string =>
      flat(summaryOf({ ...many, design: 'latin-hypercube', sensitivity }))
    expect(last(rank('a', 0.3, 0.5), rank('b', -0.8, -0.6))).toContain(' profit depends most on b. ')
    expect(last(rank('a', 0.4, 0.7), rank('b', -0.8, -0.6))).toContain(
      ' profit depends most on b or a, which cannot be told apart. ',
    )
    expect(last(rank('a', -0.1, 0.1), rank('b', -0.2, 0.4))).not.toContain('depends most')
    expect(last(...['a', 'b', 'c', 'd', 'e'].map((name) => rank(name, 0.1, 0.5)))).toContain(
      'on what profit depends most cannot be told: 5 parameters come near.',
    )
  })

  test('shows the share between levels of a parameter without an order, after those with one', () => {
    const row = { variant: 'free', metric: 'profit' } as const
    const sensitivity: StudySummary['sensitivity'] = [
      { ...row, parameter: 'model', measure: 'levels', estimate: 0.7, low: null, high: null },
      { ...row, parameter: 'a', measure: 'rank', estimate: 0.4, low: 0.3, high: 0.5 },
      { ...row, parameter: 'b', measure: 'rank', estimate: -0.1, low: -0.2, high: 0 },
    ]
    const text = studyText(summaryOf({ ...many, design: 'factorial', sensitivity }))
    expect(text).toMatch(
      /^ {2}a +0\.40 \[0\.30, 0\.50\]\n {2}b +-0\.10 \[-0\.20, 0\.00\]\n {2}model +0\.70$/m,
    )
    expect(text).toMatch(/^of the parameters with an order, profit depends most on a\.$/m)
  })

  test('says how much of the variance over points luck makes, and that sensitivities are given the luck', () => {
    const sensitivity = sensitivityOf([
      { measure: 'first', scale: 0.4 },
      { measure: 'total', scale: 0.8 },
    ])
    const noisy = { ...many, metrics: [{ ...profit, noise: 0.352 }], sensitivity }
    expect(flat(summaryOf({ ...noisy, luck: 'own' }))).toContain(
      'of the variance of these means over points, luck alone would make 0.35: total indices include it',
    )
    expect(flat(summaryOf(noisy))).toContain('luck alone would make up to 0.35:')
    expect(flat(summaryOf(noisy))).toContain('is conditional on the luck of these 400 replications.')
    expect(flat(summaryOf(noisy))).toContain(
      'No index is below 0: an estimate that is stands for one near 0.',
    )
    expect(flat(summaryOf({ ...noisy, metrics: [{ ...profit, noise: 0.1 }] }))).not.toContain('luck alone')
  })

  test('shows effects of Morris in the unit of the metric, and rank correlations by their size', () => {
    const morris = sensitivityOf([
      { measure: 'mu', scale: 1e6 },
      { measure: 'muStar', scale: 2e6 },
      { measure: 'sigma', scale: 5e5 },
    ])
    const text = studyText(summaryOf({ ...many, sensitivity: morris }))
    expect(text).toMatch(/^profit, M EUR\n {2}parameters\.parameterNumber7 +2\.00 +0\.50 +1\.00$/m)
    const ranks = studyText(
      summaryOf({ ...many, sensitivity: sensitivityOf([{ measure: 'rank', scale: 0.9 }]) }),
    )
    expect(ranks).toMatch(
      /^profit\n {2}parameters\.parameterNumber7 +0\.90\n {2}parameters\.parameterNumber6 +-0\.45$/m,
    )
  })

  test('says so where a metric does not vary', () => {
    const sensitivity = sensitivityOf([{ measure: 'rank', scale: 1 }]).map((row) => ({
      ...row,
      estimate: null,
    }))
    const range = { min: 2, median: 2, max: 2 }
    expect(studyText(summaryOf({ ...many, metrics: [{ ...profit, range }], sensitivity }))).toMatch(
      /^profit: nothing to say, it is equal at all points$/m,
    )
    expect(studyText(summaryOf({ ...many, metrics: [{ ...profit, points: 630 }], sensitivity }))).toMatch(
      /^profit: nothing to say, it has no value at 10 of 640 points$/m,
    )
  })

  test('puts boxes in words, with density and coverage, and says why there is none', () => {
    const shared = { variant: 'free', metric: 'alive', condition: 'above 0.5', points: 500 }
    const found = {
      phase: 'peel',
      coverage: 0.62,
      density: 0.912,
      mass: 0.2,
      count: 100,
      cases: 91,
      restricted: 2,
      limits: [
        {
          column: 'months',
          kind: 'whole',
          lower: 12,
          upper: 60,
          minimum: 12,
          maximum: 96,
          lowerQuasiP: null,
          upperQuasiP: 0.0002,
        },
        {
          column: 'price',
          kind: 'number',
          lower: 1,
          upper: 2,
          minimum: 1,
          maximum: 2,
          lowerQuasiP: null,
          upperQuasiP: null,
        },
        {
          column: 'share',
          kind: 'number',
          lower: 0.2,
          upper: 0.6,
          minimum: 0,
          maximum: 1,
          lowerQuasiP: 0.013,
          upperQuasiP: 0.2,
        },
      ],
    } as const
    const discovery = [
      { ...shared, name: 'it lives', cases: 147, box: ['months <= 60', '0.2 <= share <= 0.6'], found },
      { ...shared, name: 'nowhere', cases: 0, box: [], reason: 'outcome is 0 in all 500 cases' },
    ]
    const text = studyText(summaryOf({ ...many, discovery }))
    expect(text.replaceAll('\n', ' ')).toContain('of new points it will do somewhat worse.')
    const lacking = {
      ...shared,
      name: 'late',
      cases: 0,
      box: [],
      reason: 'the metric has no value at some points',
    }
    const metrics = [metricOf('free', 'alive', 'share', { points: 499, missing: 1 })]
    const asked = flat(summaryOf({ ...many, metrics, discovery: [{ ...lacking, points: 640 }] }))
    expect(asked).toContain('No box was looked for: the metric has no value at some points.')
    expect(asked).not.toContain('nowhere')
    expect(text).toMatch(
      /^it lives: where is it that alive is above 0\.5\? It is so at 147 of 500 points\.$/m,
    )
    expect(text).toMatch(
      /^ {2}Mostly where\n {4}months <= 60 {2}\(p < 0\.001\)\n {4}0\.2 <= share <= 0\.6 {2}\(lower end p = 0\.013; upper end p = 0\.20, possibly chance\)\n/m,
    )
    expect(text).toMatch(
      / {2}There, it is so at 91% of points \(density 0\.91\), and 62% .*\(coverage 0\.62\)/,
    )
    expect(text).toMatch(/^nowhere: .*\n {2}No box was looked for: it is so nowhere\.$/m)
  })

  test('names the unit of a threshold, where the metric has one', () => {
    const asked = { name: 'it', variant: 'free', condition: 'above 10', cases: 0, points: 640, box: [] }
    const metrics = [
      profit,
      metricOf('free', 'exit', 'month', { points: 640 }),
      metricOf('free', 'alive', 'share', { points: 640 }),
      metricOf('free', 'hhi', '1', { points: 640 }),
    ]
    const discovery = metrics.map(({ metric }) => ({ ...asked, metric }))
    const text = flat(summaryOf({ ...many, metrics, discovery }))
    expect([...text.matchAll(/where is it that (.*?)\?/g)].map(([, words]) => words)).toEqual([
      'profit is above 10 EUR',
      'exit is above 10 months',
      'alive is above 10',
      'hhi is above 10',
    ])
  })

  test('has no line above 110 characters, and no control character, whatever names are', () => {
    const long = `start-${'x'.repeat(120)}-end`
    const rename = <Row extends object>(rows: readonly Row[]): Row[] =>
      rows.map((row) => ({ ...row, variant: long, metric: `${long}\u001b[31m` }))
    const text = studyText(
      summaryOf({
        title: `${long}\u001b[2J`,
        variants: [long, 'free'],
        baseline: 'free',
        points: 9,
        parameters: [long, ...fourteen],
        metrics: rename(summaryOf().metrics),
        comparisons: rename(compared.comparisons!),
        survival: [12, 36, 60, 96, 1200].map((months) => ({
          variant: long,
          startup: long,
          count: 1,
          median: { estimate: 7, low: null, high: null },
          at: [{ months, survival: 0.123, low: 0.1, high: 0.2 }],
        })),
        sensitivity: rename(sensitivityOf([{ measure: 'rank', scale: 1 }])),
      }),
    )
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(110)
    // eslint-disable-next-line no-control-regex -- the escape character is what must not be there
    expect(text).not.toMatch(/\u001b/)
    expect(text).toMatch(/start-x+\.\.\.x+-end/)
  })
})

describe('figures in text', () => {
  test.each([
    ['share', [0.123], [0.1], '0.12', ''],
    ['share', [0.12345], [0.0004], '0.1235', ''],
    ['EUR', [1234], [], '1234', ' EUR'],
    ['EUR', [12_345], [], '12.3', ' k EUR'],
    ['EUR', [-2.5e9], [], '-2.50', ' bn EUR'],
    ['1', [0.00123], [], '0.0012', ''],
    ['months', [7], [], '7.00', ' months'],
    ['month', [5.8], [], '5.80', ' months'],
    ['EUR', [-0.0001, 2e6], [], '0.00', ' M EUR'],
  ])('%s of %j with widths %j: %s%s', (unit, values, widths, text, after) => {
    const scale = figureScale(unit, { values, widths })
    expect([scale.show(values[0]!), scale.unit]).toEqual([text, after])
    expect(scale.show(null)).toBe('-')
  })

  test('long words keep both ends, and sentences their words', () => {
    expect(shortened('abcdefghij', 7)).toBe('ab...ij')
    expect(shortened('abc', 7)).toBe('abc')
    const words = Array.from({ length: 60 }, (_, i) => `word${i}`)
    const lines = wrapped(words.join(' '), '  ')
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.every((line) => line.startsWith('  ') && line.length <= 110)).toBe(true)
    expect(lines.map((line) => line.trim()).join(' ')).toBe(words.join(' '))
  })

  test('tables line up numbers at the right and words at the left', () => {
    const columns = [{ heads: ['name'], isWords: true }, { heads: ['upper', 'n'] }]
    expect(textTable(columns, [['a', '1'], 'over all', ['bcdefg', '200']])).toEqual([
      '        upper',
      'name        n',
      'a           1',
      'over all',
      'bcdefg    200',
    ])
  })
})
