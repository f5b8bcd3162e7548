/** Owns the laws on numbers: whatever valid scenario is given, every number stays finite and every share within its range. */
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type MarketDefinition,
  planTable,
  segmentTable,
  shockTable,
  startupTable,
} from '../../engine/market/definition.ts'
import { type Declaration, parameterTable } from '../../engine/market/parameters.ts'
import { BLOCK } from '../../engine/trace/layout.ts'
import { checkMarket } from '../../engine/market/check.ts'
import { setPath } from '../../engine/market/set-path.ts'
import { type AnyMarketOptions, anyMarket } from '../market/any-market.ts'
import { type MarketRun, column, everyColumn } from '../market/market-run.ts'
import { property } from '../market/property.ts'
import { type Recorded, memoryOf, record } from './outcomes.ts'
import { lanes, walk } from './walk.ts'

type Row = Pick<Declaration<unknown>, 'low' | 'high' | 'whole'>

/** Figures at their bounds, or anywhere between on a logarithmic scale. */
const extremes = ({ low, high, whole }: Row): fc.Arbitrary<number> => {
  const between = fc.integer({ min: 0, max: 100 }).map((k) => {
    const [bottom, value] = [Math.max(low, high * 1e-12), k / 100]
    const drawn = low < 0 ? low + (high - low) * value : bottom * (high / bottom) ** value
    return Math.min(high, Math.max(low, whole ? Math.round(drawn) : drawn))
  })
  return fc.oneof(fc.constant(low), fc.constant(high), between)
}

/** A plan without a cap has one that is never reached. */
const unbounded = new Set(['plans.capNow'])

/** Figures that would make a run longer or larger, or that other properties bound; not stretched. */
const notStretched = new Set(['growthWindow', 'paymentDelay'])

/** A valid market of which some figures, or many, stand anywhere within their hard bounds. */
function extremeMarket(options: AnyMarketOptions): fc.Arbitrary<MarketDefinition> {
  return anyMarket(options).chain((market) => {
    const figures: [string, Row][] = [
      ...Object.entries(parameterTable).map(([name, row]): [string, Row] => [`parameters.${name}`, row]),
      ...market.segments.flatMap(({ id }) =>
        Object.entries(segmentTable).map(([name, row]): [string, Row] => [`segments.${id}.${name}`, row]),
      ),
      ...(market.shocks ?? []).flatMap(({ id }) =>
        Object.entries(shockTable).map(([name, row]): [string, Row] => [`shocks.${id}.${name}`, row]),
      ),
      ...market.startups.flatMap(({ id, plans }) => [
        ...Object.entries(startupTable).map(([name, row]): [string, Row] => [`startups.${id}.${name}`, row]),
        ...plans.flatMap((plan) =>
          Object.entries(planTable).map(([name, row]): [string, Row] => [
            `startups.${id}.plans.${plan.id}.${name}`,
            row,
          ]),
        ),
      ]),
    ].filter(([path]) => !notStretched.has(path.split('.').at(-1)!)) as [string, Row][]
    const change = fc
      .constantFrom(...figures)
      .chain(([path, row]) => extremes(row).map((value) => [path, value] as const))
    const few = fc.array(change, { minLength: 1, maxLength: 8 })
    const many = fc.array(change, { minLength: 20, maxLength: 60 })
    return fc.oneof({ weight: 2, arbitrary: few }, { weight: 1, arbitrary: many }).map((changes) =>
      changes.reduce((changed, [path, value]) => {
        const next = setPath(changed, path, value)
        return checkMarket(next).length === 0 ? next : changed
      }, market),
    )
  })
}

/** Fails where a number that lasts between months, or of the month, is not finite. */
function finite(run: MarketRun): void {
  // All numbers of a block lie in one run of memory; only if one of them is not finite are they looked at by name.
  const { instance } = run
  const block = new Float64Array(
    instance.memory.buffer,
    instance.blockAddress(0) + BLOCK.bytes,
    (instance.stateBytes - BLOCK.bytes) / 8,
  )
  const uniform = everyColumn.filter((of) => instance.layout.columns.get(of)?.space === 'month')
  const good = uniform.every((of) =>
    Array.from({ length: run.count(of.dimension) }, (_, i) => run.readAll(of, i))
      .flat()
      .every(Number.isFinite),
  )
  if (good && block.every(Number.isFinite)) return
  for (const [where, value] of memoryOf(run)) {
    if (!Number.isFinite(value) && !unbounded.has(where.replace(/\[\d+\]| in lane \d/g, '')))
      expect.fail(`${where} is ${value} in month ${run.month}`)
  }
}

/** Fails where a recorded cell is not finite; a cell without a value holds 0. */
function finiteRecords(rows: Recorded): void {
  for (const [name, values] of rows) {
    const at = values.findIndex((value) => !Number.isFinite(value))
    if (at >= 0) expect.fail(`${name}[${at}] is ${values[at]}`)
  }
}

/** Columns of shares by dimension: each in [0, 1]. */
const shares = [
  ...(
    ['efficiency', 'stock', 'trust', 'serviceRatio', 'founderStake', 'take', 'out', 'efficiencyMix'] as const
  ).map((name) => column.startups[name]),
  column.pairs.awareness,
  column.pairs.fit,
  column.segments.readiness,
]

function inRange(run: MarketRun): void {
  const { qualityLow, qualityHigh } = run.market.parameters
  const check = (value: number, low: number, high: number, what: string): void => {
    if (!(value >= low && value <= high)) expect.fail(`${what} is ${value} in month ${run.month}`)
  }
  for (const lane of lanes) {
    for (const of of shares) {
      if (!run.instance.keeps(of)) continue
      for (let i = 0; i < run.count(of.dimension); i++)
        check(run.read(of, i, { lane }), 0, 1, `${of.dimension.name}[${i}].${of.name}`)
    }
    run.market.startups.forEach((_, f) =>
      run
        .readAll(column.startups.quality, f, lane)
        .forEach((quality) => check(quality, qualityLow, qualityHigh, `quality of startup ${f}`)),
    )
  }
}

describe.each(['expected', 'integer'] as const)('in %s demography', (demography) => {
  const books = demography === 'integer' ? 'cents' : 'exact'
  property(
    `every number of every valid market is finite (${demography})`,
    50,
    extremeMarket({ demography, books, months: 20, mostStartups: 3, mostSegments: 2 }),
    (market) => {
      walk(market, (run, stop) => {
        if (stop === 'after') finite(run)
      })
      finiteRecords(record(market, 4))
    },
  )

  property(
    `shares, qualities and stocks stay within their ranges (${demography})`,
    40,
    extremeMarket({ demography, books, months: 20, mostStartups: 3, mostSegments: 2 }),
    (market) => {
      walk(market, (run, stop) => {
        if (stop === 'after') inRange(run)
      })
    },
  )
})

property(
  'recorded shares are within [0, 1], revenue shares sum to one, and no cell is undefined',
  40,
  anyMarket({ demography: 'integer', books: 'cents', months: 18 }),
  (market) => {
    const rows = record(market, 4)
    finiteRecords(rows)
    for (const name of ['share', 'healthProfit', 'healthSustain', 'healthUsers', 'health', 'founderStake']) {
      rows.get(`startups.${name}`)!.forEach((value, i) => {
        if (!(value >= 0 && value <= 1)) expect.fail(`${name}[${i}] is ${value}`)
      })
    }
    const [share, known] = [rows.get('startups.share')!, rows.get('startups.share known')!]
    const count = market.startups.length
    for (const lane of lanes) {
      const all = market.startups.map((_, f) => share[lane * count + f]!)
      const revenue = known[lane * count] === 1
      // A handful of shares: each rounds by at most 1e-16.
      expect(Math.abs(all.reduce((a, b) => a + b, 0) - (revenue ? 1 : 0))).toBeLessThan(1e-14)
    }
  },
)

test('a market of one customer that shrinks to none stays finite', () => {
  const [market] = fc.sample(
    anyMarket({ demography: 'integer', books: 'cents', months: 60, mostSegments: 1 }),
    { numRuns: 1, seed: 3 },
  )
  const shrinking = {
    ...market!,
    segments: market!.segments.map((segment) => ({ ...segment, potential: 1, growth: -0.5 })),
  }
  walk(shrinking, (run, stop) => {
    if (stop === 'after') finite(run)
  })
})
