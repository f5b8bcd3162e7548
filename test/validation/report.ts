/**
 * Prints the figures of docs/validation.md:
 *
 *   npx tsx test/validation/report.ts [section ...]
 */
import { measureFacts, type Facts } from './facts.ts'
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import { bassCurve, diffusion, yearly } from './diffusion.ts'
import { churnByPlan, flagship, flagshipFigures } from './flagship-figures.ts'
import { aliveAtEnd, finer } from './granularity.ts'
import { type EqualStartups, enginePrices, symmetricPrice } from './markup.ts'
import { oneType, threeTypes } from './one-seller.ts'
import { adoption, establishments, spotify, telecomChurn } from './real-figures.ts'
import { FITTED_YEARS, fitCohort, meanGap, realCohorts } from './retention.ts'
import { ruinOf, ruinRows, walkByTaste } from './ruin.ts'
import { vcrFit, vcrPublished } from './vcr.ts'

/** A part of the report. */
export interface Section {
  /** How far a figure may move when the luck of the replications is another; 0 where there is none. */
  readonly tolerance: number
  /** Whether that is a share of the figure. */
  readonly isRelative?: boolean
  readonly lines: () => string[]
}

type Cell = string | number

/** Columns as wide as their widest cell: the first to the left if it is a text, the others to the right. */
function table(rows: readonly (readonly Cell[])[]): string[] {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => String(row[k]).length)))
  const isNamed = typeof rows[1]![0] === 'string'
  return rows.map((row) =>
    row
      .map((cell, k) =>
        k === 0 && isNamed ? String(cell).padEnd(widths[k]!) : String(cell).padStart(widths[k]!),
      )
      .join('  '),
  )
}

const fixed = (value: number, digits: number): string => value.toFixed(digits)
const percent = (share: number): string => (100 * share).toFixed(1)

/** Replications of the flagship. */
const FLAGSHIP_RUNS = 400
const known = new Map<string, ReturnType<typeof flagshipFigures>>()
/** The flagship with some figures set, simulated once. */
function simulated(...set: string[]): ReturnType<typeof flagshipFigures> {
  const key = set.join(' ')
  const figures = known.get(key) ?? flagshipFigures(flagship(set), FLAGSHIP_RUNS)
  known.set(key, figures)
  return figures
}

function prices(): string[] {
  const cases: readonly EqualStartups[] = [
    { n: 2, plans: 1, nest: 1 },
    { n: 4, plans: 1, nest: 1 },
    { n: 2, plans: 2, nest: 0.5 },
    { n: 3, plans: 2, nest: 0.5 },
  ]
  return table([
    ['startups', 'plans', 'lambda', 'share', 'known price', 'engine'],
    ...cases.map((market) => {
      const { price, share } = symmetricPrice(market)
      const { n, plans, nest } = market
      return [n, plans, nest, fixed(share, 8), fixed(price, 8), fixed(enginePrices(market).prices[0]!, 8)]
    }),
  ])
}

function steps(): string[] {
  const usual = { p: 0.03, q: 0.38 }
  const errors = [1, 2, 4].map((refinement) => {
    const { readiness } = diffusion(usual, { steps: 120 * refinement, refinement })
    const found = yearly(readiness, 12 * refinement)
    return Math.max(...found.map((value, year) => Math.abs(value - bassCurve(usual, year))))
  })
  return table([
    ['steps a year', 'largest error in ten years'],
    ...errors.map((error, i) => [12 * 2 ** i, fixed(error, 6)]),
  ])
}

function recorders(): string[] {
  const { years, rSquared, publishedRSquared, worstCumulative, stepError } = vcrFit()
  return [
    ...table([
      ['thousands', ...years.map(({ year }) => year)],
      ['sales', ...years.map(({ sales }) => sales)],
      ['engine', ...years.map(({ engine }) => Math.round(engine))],
    ]),
    `R2 of yearly sales: engine ${fixed(rSquared, 3)}, published curve ${fixed(publishedRSquared, 3)}`,
    `cumulative sales off by ${fixed(worstCumulative, 3)} of ${vcrPublished.ceiling} at most`,
    `monthly steps behind the closed form by ${fixed(stepError, 3)} at most`,
  ]
}

function retention(): string[] {
  return Object.entries(realCohorts).flatMap(([name, { actual, published }]) => {
    const three = fitCohort(actual, threeTypes)
    const one = fitCohort(actual, oneType)
    const curves: readonly (readonly [string, readonly number[]])[] = [
      ['real', actual.map((value) => value / 100)],
      ['engine, three types', three.survival],
      ['engine, one type', one.survival],
      ['shifted beta-geometric', published],
    ]
    return [
      `${name}: phi ${fixed(three.phi, 2)}, sigma ${fixed(three.sigma, 2)}, omega ${fixed(three.omega, 2)}`,
      ...table([
        ['% alive after', 1, 2, 3, 5, 7, 8, 10, 12, `gap 1-${FITTED_YEARS}`, 'gap 8-12'],
        ...curves.map(([title, survival]) => [
          title,
          ...[1, 2, 3, 5, 7, 8, 10, 12].map((year) => percent(survival[year]!)),
          fixed(meanGap(survival, actual, [1, FITTED_YEARS]), 2),
          fixed(meanGap(survival, actual, [FITTED_YEARS + 1, 12]), 2),
        ]),
      ]),
    ]
  })
}

function ruin(): string[] {
  const replications = 40_000
  const shares = new Map(
    [-1, 0, 1].map((drift) => [drift, ruinOf(walkByTaste({ cash: 100, drift, sd: 10 }), replications)]),
  )
  return table([
    ['drift', 'months', 'engine', 'monthly', 'continuous'],
    ...ruinRows.map(({ drift, months, monthly, continuous }) => [
      drift,
      months,
      fixed(shares.get(drift)![months - 1]!, 4),
      fixed(monthly, 4),
      fixed(continuous, 4),
    ]),
  ])
}

function survival(): string[] {
  const { survival: mean } = simulated()
  const range = ([low, high]: readonly [number, number]): string => `${fixed(low, 3)}-${fixed(high, 3)}`
  return table([
    ['years', 'flagship', 'all', 'information', 'sectors', 'cohorts'],
    ...establishments.map(({ years, all, information, sectors, cohorts }) => [
      years,
      fixed(mean[12 * years - 1]!, 3),
      fixed(all, 3),
      fixed(information, 3),
      range(sectors),
      range(cohorts),
    ]),
  ])
}

function margins(): string[] {
  const { grossMargin } = simulated()
  const { startups } = flagship()
  const years = (startup: string): string[] =>
    grossMargin[startups.findIndex(({ id }) => id === startup)]!.map((margin) => fixed(margin, 2))
  const quarters = (side: (typeof spotify)['ads' | 'premium']): string =>
    `${fixed(side.lastYear, 2)} in the year to 2023Q1, quarters ${fixed(side.quarters[0], 2)} to ${fixed(side.quarters[1], 2)}`
  return [
    ...table([
      ['year', 1, 2, 3, 4, 5, 6, 7, 8],
      ['subscription', ...years('subscription')],
      ['free-ads', ...years('free-ads')],
    ]),
    `Spotify premium: ${quarters(spotify.premium)}`,
    `Spotify ads: ${quarters(spotify.ads)}`,
  ]
}

function churn(): string[] {
  const market = flagship()
  const rows = ['consumer', 'smb'].map((segment) => {
    const found = churnByPlan(market, { startup: 'subscription', segment, replications: 16 })
    const [monthly, annual] = [1, 12].map(
      (term) => found.find(({ termMonths }) => termMonths === term)!.perMonth,
    )
    return [segment, percent(monthly!), fixed(100 * annual!, 2), fixed(monthly! / annual!, 1)]
  })
  const { monthly, yearly: annual } = telecomChurn
  return table([
    ['% a month', 'monthly', 'yearly', 'ratio'],
    ...rows,
    ['telecom sample', percent(monthly), fixed(100 * annual, 2), fixed(monthly / annual, 1)],
  ])
}

function adopters(): string[] {
  const usual = simulated()
  const { smartphones, internet } = adoption
  const slow = simulated(`segments.consumer.p=${smartphones.p}`, `segments.consumer.q=${smartphones.q}`)
  const years = [1, 2, 4, 6, 8]
  const curve = ({ p, q, ceiling }: typeof smartphones): string[] =>
    years.map((year) => percent(ceiling * bassCurve({ p, q }, year)))
  const series = (shares: readonly number[]): string[] => years.map((year) => percent(shares[12 * year - 1]!))
  const free = flagship().startups.findIndex(({ id }) => id === 'free-ads')
  return [
    ...table([
      ['% of consumers after years', ...years],
      ['flagship, ready', ...series(usual.ready)],
      ['flagship, adopted', ...series(usual.adopted)],
      ['smartphones', ...curve(smartphones)],
      ['internet', ...curve(internet)],
      ['adopted with their p and q', ...series(slow.adopted)],
    ]),
    `alive after eight years, mean: ${fixed(usual.survival.at(-1)!, 2)}, with p and q of smartphones ${fixed(slow.survival.at(-1)!, 2)}`,
    `free-ads: ${fixed(usual.alive[free]!.at(-1)!, 2)}, with p and q of smartphones ${fixed(slow.alive[free]!.at(-1)!, 2)}`,
  ]
}

/** Replications of each demography: pairs of the same luck, so that the error of a gap is about .01. */
const DEMOGRAPHY_RUNS = 2000

function demography(): string[] {
  const market = flagship()
  const expected = aliveAtEnd({ ...market, demography: 'expected' }, DEMOGRAPHY_RUNS)
  const cuts = [1, 3, 10, 100]
  const gapTo = (alive: readonly number[], whole: typeof market): number[] =>
    aliveAtEnd(whole, DEMOGRAPHY_RUNS).map((share, f) => alive[f]! - share)
  const free = flagship(['parameters.hireBase=1e9'])
  const gaps = [
    ...cuts.map((parts) => gapTo(expected, finer(market, parts))),
    gapTo(aliveAtEnd({ ...free, demography: 'expected' }, DEMOGRAPHY_RUNS), free),
  ]
  const heads = cuts.map((parts) => (parts === 1 ? 'less whole' : `cut in ${parts}`))
  return table([
    ['alive at the end', 'expected', ...heads, 'hiring at will'],
    ...market.startups.map(({ id }, f) => [
      id,
      fixed(expected[f]!, 3),
      // Rounded twice, since what rounds to -0 is 0.
      ...gaps.map((gap) => fixed(Number(fixed(gap[f]!, 3)), 3)),
    ]),
  ])
}

/** Replications of each variant of the flagship that a fact needs. */
const FACT_RUNS = 500

function facts(): string[] {
  const both = (['expected', 'integer'] as const).map((demography) => measureFacts(demography, FACT_RUNS))
  const row = (name: string, limit: string, of: (fact: Facts) => string): string[] => [
    name,
    limit,
    ...both.map(of),
  ]
  const two = (value: number): string => fixed(value, 2)
  const one = (value: number): string => fixed(value, 1)
  const pair = ([from, to]: readonly [number, number]): string => `${two(from)} to ${two(to)}`
  return table([
    ['fact', 'at issue', 'expected', 'whole customers'],
    row('1 free-ads alive at 60', 'at most .35', (f) => two(f.freeAlive)),
    row('1 free-ads, profit > 0', 'at most .15', (f) => two(f.freeProfits)),
    row('2 free-ads below subscription', 'at least .75', (f) => two(f.freeBelowSubscription)),
    row('3 survivor: crowd', 'at least .45', (f) => two(f.freeCrowd)),
    row('3 survivor: revenue', 'at most .25', (f) => two(f.freeRevenue)),
    row('4 ads x3: alive at 96', 'at least .70', (f) => two(f.adsAlive)),
    row('4 ads x3: median profit', 'above 0', (f) => one(f.adsProfit)),
    row('5 cash x4: alive at 96', '+.30', (f) => pair(f.cashAlive)),
    row('5 cash x4: median profit', 'no rise', (f) => f.cashProfit.map(one).join(' to ')),
    row('6 serving a free user', '.46 between', (f) => pair(f.serving)),
    row('7 generous tier: alive at 60', '-.35', (f) => pair(f.cliff)),
    row('8 tier adds at nu .5', 'at most 5', (f) => one(f.tier[0])),
    row('8 tier adds at nu 4', 'at least 20', (f) => one(f.tier[1])),
    row('9 nu 0 to 8: alive at 96', '-.20', (f) => pair(f.tipping)),
    row('10 api margin, month 12 to 96', '-.08', (f) => pair(f.apiMargin)),
    row('10 solutions margin, late', '.30 to .65', (f) => two(f.solutionsMargin)),
    row('10 freemium paid share', '.05 to .30', (f) =>
      pair([Math.min(...f.paidShare), Math.max(...f.paidShare)]),
    ),
    row('11 survival at 12, 36, 60', 'ranges', (f) => f.survival.map(two).join(' ')),
    row('13 charging from 6: alive at 96', '+.30', (f) => pair([f.charging[0]!.alive, f.charging[1]!.alive])),
    row('13 charging from 12: alive at 96', '+.30', (f) =>
      pair([f.charging[0]!.alive, f.charging[2]!.alive]),
    ),
    row('13 charging from 12: profit > 0', 'at least .30', (f) => two(f.charging[2]!.profits)),
  ])
}

/** The parts of the report by name, in the order of docs/validation.md. */
export const sections: Readonly<Record<string, Section>> = {
  prices: { tolerance: 0, lines: prices },
  steps: { tolerance: 0, lines: steps },
  ruin: { tolerance: 0.015, lines: ruin },
  recorders: { tolerance: 0, lines: recorders },
  retention: { tolerance: 0, lines: retention },
  // Four standard errors of a share of 400 replications of one startup come to .1; of means over eight, to .04.
  survival: { tolerance: 0.04, lines: survival },
  margins: { tolerance: 0.1, lines: margins },
  churn: { tolerance: 0.15, isRelative: true, lines: churn },
  demography: { tolerance: 0.03, lines: demography },
  // Medians of profit, in millions, move most.
  facts: { tolerance: 2.5, lines: facts },
  // Per cent.
  adoption: { tolerance: 4, lines: adopters },
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const names = argv.length > 2 ? argv.slice(2) : Object.keys(sections)
  for (const name of names) {
    const section = sections[name]
    if (!section) throw new Error(`there is no section ${name}, only ${Object.keys(sections).join(', ')}`)
    console.log([`# ${name}`, ...section.lines(), ''].join('\n'))
  }
}
