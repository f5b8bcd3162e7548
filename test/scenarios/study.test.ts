/** A study file becomes a definition: markets as the scenario's own reader makes them, and defaults for the rest. */
import { expect, test } from 'vitest'
import { studyDigest } from '../../engine/study/definition.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { getPath } from '../../engine/market/set-path.ts'
import { loadScenario } from '../../scenarios/load.ts'
import { type ParseStudyOptions, parseStudy } from '../../scenarios/study/parse.ts'

const study = (text: string, options: ParseStudyOptions = {}) =>
  parseStudy(`scenario: three-ways\n${text}`, options)

test('a study of one line is one point of one variant, measured by the usual metrics', () => {
  const { variants, metrics, ...rest } = study('')
  expect(variants).toEqual([{ name: 'base', markets: [loadScenario('three-ways')] }])
  expect(metrics.slice(0, 3)).toEqual([
    { name: 'free-ads.alive', of: 'startups.free-ads.alive', unit: '0 or 1' },
    { name: 'free-ads.profit', of: 'startups.free-ads.profit', unit: 'EUR' },
    { name: 'free-ads.share', of: 'startups.free-ads.share', missing: 'exclude', unit: 'share' },
  ])
  expect(metrics).toHaveLength(9)
  expect(rest).toEqual({
    name: 'study',
    title: 'study',
    seed: '1',
    record: 'outcomes',
    structures: [{}],
    design: { kind: 'point' },
    replications: { first: 400, step: 400, most: 400, targets: [] },
    luck: 'common',
    discovery: [],
    annualRate: 0.1,
    resamples: 1000,
  })
})

test('a study is named after its file, and its title after its name', () => {
  expect(study('', { file: 'folder/my-study.yaml' })).toMatchObject({ name: 'my-study', title: 'my-study' })
  expect(study('title: Mine')).toMatchObject({ name: 'study', title: 'Mine' })
})

test('a variant is the scenario with the settings of the study, its own, and those beside the file, in this order', () => {
  const { variants, baseline } = study(
    `set: { demography: expected, months: 36, startups.freemium.cash: 1e6 }
variants:
  plain:
  rich: { startups.freemium.cash: 9_000_000, parameters.nest: 0.4 }
  paid:
    startups.freemium:
      name: Paid
      model: subscription
      plans: { business: false, personal: { price: 20, cap: null } }
`,
    { set: ['months=24', 'startups.subscription.plans.personal.price=13'] },
  )
  const common = ['demography=expected', 'months=36', 'startups.freemium.cash=1e6']
  const late = ['months=24', 'startups.subscription.plans.personal.price=13']
  const paid =
    '{ name: Paid, model: subscription, plans: { business: false, personal: { price: 20, cap: null } } }'
  const market = (...own: string[]) => loadScenario('three-ways', { set: [...common, ...own, ...late] })
  expect(variants).toEqual([
    { name: 'plain', markets: [market()] },
    { name: 'rich', markets: [market('startups.freemium.cash=9e6', 'parameters.nest=0.4')] },
    { name: 'paid', markets: [market(`startups.freemium=${paid}`)] },
  ])
  expect(baseline).toBe('plain')
})

test('texts and strange numbers of settings arrive as they were written', () => {
  const [variant] = study(
    `set: { startups.freemium.name: 'A #1: {"x"}, ü', startups.freemium.split: { smb: 3, consumer: 1 } }`,
  ).variants
  const [, freemium] = variant!.markets[0]!.startups
  expect(freemium).toMatchObject({ name: 'A #1: {"x"}, ü', split: { consumer: 0.25, smb: 0.75 } })
})

test('a baseline may be any variant, and a study of one variant has none', () => {
  expect(study('variants: { a: {}, b: {} }\nbaseline: b').baseline).toBe('b')
  expect(study('variants: { a: {} }\nbaseline: a').baseline).toBeUndefined()
})

test('what is given beside the file wins over its seed and its replications', () => {
  const text = 'seed: 7\nreplications: { first: 50, until: [{ metric: free-ads.alive, halfWidth: 0.1 }] }'
  expect(study(text).seed).toBe('7')
  expect(study(text, { seed: 3, replications: 12 })).toMatchObject({
    seed: '3',
    replications: { first: 12, step: 12, most: 12, targets: [] },
  })
})

test('replications are a number, or targets with a first look, steps and a limit', () => {
  expect(study('replications: 96').replications).toEqual({ first: 96, step: 96, most: 96, targets: [] })
  expect(study('replications: { first: 96 }').replications).toEqual({
    first: 96,
    step: 96,
    most: 96,
    targets: [],
  })
  const target = { metric: 'free-ads.profit', relative: 0.1 }
  const until = `until: [${JSON.stringify(target)}]`
  expect(study(`replications: { ${until} }`).replications).toEqual({
    first: 200,
    step: 200,
    most: 100_000,
    targets: [target],
  })
  expect(study(`replications: { first: 50, step: 30, most: 70, ${until} }`).replications).toEqual({
    first: 50,
    step: 30,
    most: 70,
    targets: [target],
  })
})

test('the keys of a law say which one it is, and it is whole where its parameter is', () => {
  const { design } = study(`design:
  kind: latin-hypercube
  points: 20
  parameters:
    parameters.tasteSd: { low: 0.1, high: 0.9 }
    parameters.computePrice: { low: 0.003, high: 0.09, scale: log }
    segments.consumer.nu: { mean: 2, sd: 0.5, low: 0 }
    startups.free-ads.rd: { median: 2e5, sigma: 0.5, scale: log }
    startups.free-ads.cash: { low: 1e6, mode: 2e6, high: 9e6 }
    segments.consumer.potential: { low: 10.5, high: 20.5 }
    parameters.growthWindow: [3, 6]
`)
  expect(design).toEqual({
    kind: 'latin-hypercube',
    points: 20,
    factors: [
      { path: 'parameters.tasteSd', distribution: { law: 'uniform', low: 0.1, high: 0.9 } },
      { path: 'parameters.computePrice', distribution: { law: 'log-uniform', low: 0.003, high: 0.09 } },
      { path: 'segments.consumer.nu', distribution: { law: 'normal', mean: 2, deviation: 0.5, low: 0 } },
      { path: 'startups.free-ads.rd', distribution: { law: 'log-normal', median: 2e5, sigma: 0.5 } },
      { path: 'startups.free-ads.cash', distribution: { law: 'triangular', low: 1e6, mode: 2e6, high: 9e6 } },
      {
        path: 'segments.consumer.potential',
        distribution: { law: 'uniform', low: 10.5, high: 20.5, whole: true },
      },
      { path: 'parameters.growthWindow', distribution: { law: 'choice', values: [3, 6] } },
    ],
  })
})

test.each([
  ['sobol', 'points: 8', { points: 8, scramble: true }, 8],
  ['sobol', 'points: 8, scramble: false', { points: 8, scramble: false }, 8],
  ['saltelli', 'base: 16', { base: 16, scramble: true }, 16 * 4],
  ['morris', 'trajectories: 5', { trajectories: 5, levels: 4 }, 5 * 3],
  ['latin-hypercube', 'points: 7', { points: 7 }, 7],
])('a design of kind %s with %s has its defaults and its points', (kind, keys, expected, count) => {
  const laws = 'parameters.tasteSd: { low: 0.1, high: 0.9 }, months: { low: 1, high: 9 }'
  const definition = study(`design: { kind: ${kind}, ${keys}, parameters: { ${laws} } }`)
  expect(definition.design).toMatchObject({ kind, ...expected })
  expect(new StudyPoints(definition).count).toBe(count)
})

test('what is no figure has a market for each combination of its values, and figures are set in it', () => {
  const definition = study(`design:
  kind: factorial
  parameters:
    demography: [integer, expected]
    months: [12, 24]
    startups.free-ads.model: [free-with-ads, own-application]
    parameters.startInBoom: [true, false]
`)
  const { structures, variants } = definition
  expect(structures).toHaveLength(8)
  expect(structures[1]).toEqual({
    demography: 'integer',
    'startups.free-ads.model': 'free-with-ads',
    'parameters.startInBoom': false,
  })
  structures.forEach((structure, index) => {
    const set = Object.entries(structure).map(([path, value]) => `${path}=${value}`)
    expect(variants[0]!.markets[index]).toEqual(loadScenario('three-ways', { set }))
  })
  const points = new StudyPoints(definition)
  expect(points.count).toBe(16)
  for (let point = 0; point < points.count; point++) {
    const set = Object.entries(points.values(point)).map(([path, value]) => `${path}=${value}`)
    expect(points.market(variants[0]!, point)).toEqual(loadScenario('three-ways', { set }))
  }
})

test('a point of a list leaves what it does not name to its variant', () => {
  const definition = study(`variants:
  short: { months: 10 }
  long: { months: 20 }
design:
  kind: list
  list:
    - {}
    - { startups.free-ads.model: freemium, months: 30 }
    - { startups.free-ads.plans.free.cap: null, startups.free-ads.strategy.name: undercut }
`)
  expect(definition.structures).toEqual([
    { 'startups.free-ads.model': null },
    { 'startups.free-ads.model': 'freemium' },
  ])
  const points = new StudyPoints(definition)
  const seen = definition.variants.map((variant) =>
    [0, 1, 2].map((point) => {
      const market = points.market(variant, point)
      const { businessModel, strategy } = market.startups[0]!
      return [
        market.months,
        businessModel,
        strategy.name,
        getPath(market, 'startups.free-ads.plans.free.cap'),
      ]
    }),
  )
  expect(seen).toEqual([
    [
      [10, 'free-with-ads', 'default', 1000],
      [30, 'freemium', 'default', 60],
      [10, 'free-with-ads', 'undercut', null],
    ],
    [
      [20, 'free-with-ads', 'default', 1000],
      [30, 'freemium', 'default', 60],
      [20, 'free-with-ads', 'undercut', null],
    ],
  ])
})

test('metrics are listed by path, or named, and proportions are shares', () => {
  expect(study('metrics: [startups.freemium.profit, metrics.freemium.mrr, market.hhi]').metrics).toEqual([
    { name: 'freemium.profit', of: 'startups.freemium.profit', unit: 'EUR' },
    { name: 'freemium.mrr', of: 'metrics.freemium.mrr', missing: 'exclude', unit: 'EUR/month' },
    { name: 'market.hhi', of: 'market.hhi', missing: 'exclude', unit: '1' },
  ])
  expect(
    study('metrics: { a: startups.freemium.cash, b: { of: startups.freemium.cash, above: 0, below: 1e6 } }')
      .metrics,
  ).toEqual([
    { name: 'a', of: 'startups.freemium.cash', unit: 'EUR' },
    { name: 'b', of: 'startups.freemium.cash', above: 0, below: 1e6, unit: 'share' },
  ])
})

test('a replication without a value is not so for a share, and left out of a number, unless the study says otherwise', () => {
  const missing = (metric: string) => study(`metrics: { m: ${metric} }`).metrics[0]!.missing
  expect(missing('startups.freemium.exitMonth')).toBe('exclude')
  expect(missing('{ of: startups.freemium.exitMonth, below: 24 }')).toBe('zero')
  expect(missing('{ of: startups.freemium.exitMonth, above: 24 }')).toBe('zero')
  expect(missing('{ of: startups.freemium.exitMonth, below: 24, missing: exclude }')).toBe('exclude')
  expect(missing('{ of: startups.freemium.exitMonth, missing: zero }')).toBe('zero')
  expect(missing('{ of: metrics.freemium.ltv, above: 10 }')).toBe('zero')
  expect(missing('{ of: market.hhi, above: 0.2 }')).toBe('zero')
  // These always have one.
  expect(missing('startups.freemium.profit')).toBeUndefined()
  expect(missing('{ of: startups.freemium.profit, above: 0 }')).toBeUndefined()
})

test('every column that only some markets have may lack a value in the others', () => {
  const text = `variants: { now: {}, later: { startups.freemium.entry: 12 } }
metrics: { late: { of: startups.freemium.entryMonth, above: 12 } }`
  expect(study(text).metrics[0]).toMatchObject({ missing: 'zero' })
  const shaken = parseStudy('scenario: shocks\nmetrics: [startups.freemium.shocksAtExit]')
  expect(shaken.metrics[0]).toMatchObject({ missing: 'exclude' })
})

test.each([
  ['kind: point', 'common'],
  ['kind: list, list: [{ months: 9 }]', 'common'],
  ['kind: factorial, parameters: { months: [8, 9] }', 'common'],
  ['kind: saltelli, base: 4, parameters: { months: { low: 1, high: 9 } }', 'common'],
  ['kind: morris, trajectories: 4, parameters: { months: { low: 1, high: 9 } }', 'common'],
  ['kind: latin-hypercube, points: 4, parameters: { months: { low: 1, high: 9 } }', 'own'],
  ['kind: sobol, points: 4, parameters: { months: { low: 1, high: 9 } }', 'own'],
])('luck of a design of %s is %s unless the study says otherwise', (keys, luck) => {
  expect(study(`design: { ${keys} }`).luck).toBe(luck)
  expect(study(`design: { ${keys} }\nluck: common`).luck).toBe('common')
})

test('points of a list may have luck of their own', () => {
  expect(study('luck: own\ndesign: { kind: list, list: [{ months: 8 }, { months: 9 }] }').luck).toBe('own')
})

test('a column that only a late startup has is a metric where a design lets it enter late', () => {
  const text = 'metrics: [startups.freemium.entryMonth]'
  const design = 'design: { kind: factorial, parameters: { startups.freemium.entry: [0, 12] } }'
  expect(study(`${text}\n${design}`).metrics[0]).toMatchObject({ name: 'freemium.entryMonth', unit: 'month' })
  expect(() => study(text)).toThrow("there is no number 'entryMonth' in the table of startups")
})

test('a discovery has the defaults of its method, and asks about the first variant', () => {
  const text = `variants: { a: {}, b: {} }
design: { kind: latin-hypercube, points: 9, parameters: { parameters.nest: { low: 0.3, high: 0.8 } } }
discovery:
  it lives: { metric: freemium.alive, above: 0.5 }
  it dies: { metric: freemium.alive, below: 0.2, variant: b, objective: original, coverage: 0.5, peel: 0.1 }
`
  const standard = { objective: 'lenient1', peel: 0.05, paste: 0.05, minimumMass: 0.05, coverage: 0.8 }
  const metric = 'freemium.alive'
  expect(study(text).discovery).toEqual([
    { ...standard, name: 'it lives', variant: 'a', metric, above: 0.5 },
    {
      ...standard,
      name: 'it dies',
      variant: 'b',
      metric,
      below: 0.2,
      objective: 'original',
      coverage: 0.5,
      peel: 0.1,
    },
  ])
})

test('a definition is plain data with a digest of its own', () => {
  const definition = study('variants: { a: {}, b: { months: 9 } }')
  expect(JSON.parse(JSON.stringify(definition))).toEqual(definition)
  expect(studyDigest(definition)).toBe(studyDigest(study('variants: { a: {}, b: { months: 9 } }')))
  expect(studyDigest(definition)).not.toBe(studyDigest(study('variants: { a: {}, b: { months: 8 } }')))
})
