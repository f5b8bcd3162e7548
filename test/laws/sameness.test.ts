/** Owns the laws on what must not matter: order, display names, batches, blocks, lanes, back ends, what is compiled in. */
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type Demography,
  type MarketDefinition,
  type ShockKind,
  type StartupDefinition,
  defaultShock,
  shockKinds,
} from '../../engine/market/definition.ts'
import { shapeOf } from '../../engine/market/shape.ts'
import { anyMarket } from '../market/any-market.ts'
import { MarketRun, column, widestShape } from '../market/market-run.ts'
import { property } from '../market/property.ts'
import { type Recorded, record, recorded, sameBits } from './outcomes.ts'
import { lanes } from './walk.ts'

const demographies: readonly Demography[] = ['expected', 'integer']
const booksOf = (demography: Demography) => (demography === 'integer' ? 'cents' : 'exact')

describe.each(demographies)('in %s demography', (demography) => {
  const books = booksOf(demography)
  const markets = anyMarket({ demography, books, months: 15 })

  property(
    `a market and its months are the same whatever is displayed as names (${demography})`,
    15,
    markets,
    (market) => {
      const renamed: MarketDefinition = {
        ...market,
        name: 'other',
        title: 'Another title',
        description: 'Something else',
        currency: 'USD',
        segments: market.segments.map((segment) => ({
          ...segment,
          name: `The ${segment.id}`,
          source: 'hearsay',
        })),
        startups: market.startups.map((startup) => ({
          ...startup,
          name: `${startup.id} & sons`,
          businessModel: 'renamed',
          plans: startup.plans.map((plan) => ({ ...plan, name: plan.id.toUpperCase() })),
        })),
      }
      sameBits(record(renamed, 4), record(market, 4))
    },
  )

  property(
    `a mechanism compiled in with neutral figures is the same bits as without it (${demography})`,
    15,
    fc.tuple(markets, fc.array(fc.constantFrom(...neutralities), { minLength: 1 })),
    ([market, neutral]) => {
      const plain = neutral.reduce((changed, make) => make(changed), market)
      const [all, used] = [widestShape(plain), shapeOf(plain)].map((shape) => record(plain, 4, { shape }))
      sameBits(
        without(
          all!,
          OWN_COLUMNS.filter((name) => !used!.has(name)),
        ),
        used!,
      )
    },
  )

  property(
    `shocks without a size change no bit but the notices of their beginning (${demography})`,
    12,
    markets,
    (market) => {
      const calm: MarketDefinition = {
        ...market,
        shocks: (Object.keys(shockKinds) as ShockKind[]).flatMap((kind) =>
          [null, 0.3].map((chance) => ({
            ...defaultShock,
            id: `${kind}-${chance}`,
            kind,
            month: 2,
            chance,
            size: kind === 'openFrontier' || kind === 'outage' ? 0 : 1,
            // A forced climate changes it; one that has yet to be forced does not.
            ...(kind === 'winter' || kind === 'boom' ? { month: 400 } : {}),
            duration: 3,
            segment: null,
            startup: null,
          })),
        ),
      }
      const { shocks: _shocks, ...none } = market
      const noticed = [
        'notices.amount',
        'notices.cause',
        'startups.shocksAtExit',
        'startups.shocksAtExit known',
      ]
      sameBits(without(record(calm, 4), noticed), without(record(none, 4), noticed))
    },
  )

  property(`both back ends compute the same bits (${demography})`, 8, markets, (market) => {
    sameBits(record(market, 4, { backend: 'javascript' }), record(market, 4, { backend: 'wasm' }))
  })

  property(
    `what is kept in memory for explaining a run changes no bit of it (${demography})`,
    8,
    markets,
    (market) => {
      const all = new MarketRun(market, { recording: 'months' })
      all.instance.runReplications({ first: 0, count: 4 })
      sameBits(recorded(all, 4), record(market, 4))
    },
  )

  property(
    `lane, block, batch and interleaving change no bit of a replication (${demography})`,
    10,
    fc.tuple(markets, fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 })),
    ([market, order]) => {
      const whole = record(market, 8)
      // Two blocks, replications in any order, month by month in turn and the second block first.
      const run = new MarketRun(market, { recording: 'months', keep: [], rows: 8, blocks: 2 })
      const { instance } = run
      for (const block of [1, 0]) run.start(order.slice(block * 4, block * 4 + 4), block)
      for (let month = 0; month < market.months; month++)
        for (const block of [1, 0]) run.months(month, month + 1, block)
      for (const block of [0, 1]) instance.kernel.finish(instance.blockAddress(block), market.months - 1)
      const shuffled = recorded(run, 8)
      for (const [name, values] of whole) {
        const rows = values.length / 8
        order.forEach((replication, at) => {
          expect(Array.from(shuffled.get(name)!.subarray(at * rows, (at + 1) * rows)), name).toEqual(
            Array.from(values.subarray(replication * rows, (replication + 1) * rows)),
          )
        })
      }
    },
  )

  property(
    `a startup that nobody knows changes no bit of the others (${demography})`,
    15,
    anyMarket({ demography, books, months: 15, mostStartups: 3 }),
    (market) => {
      // Quality does not drift up to the floor, so that the newcomer never leads anything that the others copy.
      const base: MarketDefinition = { ...market, parameters: { ...market.parameters, qualityDecay: 0 } }
      const unknown: StartupDefinition = {
        ...base.startups[0]!,
        id: 'zzz',
        name: 'zzz',
        awarenessTargeted: 0,
        awarenessElsewhere: 0,
        marketing: 0,
        marketingShare: 0,
        openness: 0,
        ecoAwareness: 0,
        ecoQuality: 0,
        rd: 0,
        rdShare: 0,
        quality: [base.parameters.qualityLow, base.parameters.qualityLow, base.parameters.qualityLow],
        imitability: 0,
      }
      for (const position of ['first', 'last']) {
        const startups = position === 'first' ? [unknown, ...base.startups] : [...base.startups, unknown]
        const [with_, without] = [record({ ...base, startups }, 4), record(base, 4)]
        const [count, offset] = [base.startups.length, position === 'first' ? 1 : 0]
        for (const name of [
          'revenue',
          'profit',
          'cash',
          'freeUsers',
          'paidUsers',
          'requests',
          'accuracy',
          'raised',
          'deferred',
        ]) {
          const [all, alone] = [with_.get(`months.${name}`)!, without.get(`months.${name}`)!]
          for (let row = 0; row < alone.length / count; row++) {
            expect(
              Array.from(all.subarray(row * (count + 1) + offset, row * (count + 1) + offset + count)),
              name,
            ).toEqual(Array.from(alone.subarray(row * count, (row + 1) * count)))
          }
        }
      }
    },
  )
})

property(
  'reordering startups, plans and segments permutes the results',
  40,
  anyMarket({ months: 18 }).chain((market) => fc.tuple(fc.constant(market), shuffled(market))),
  ([market, other]) => {
    const [here, there] = [market, other].map(ran)
    const [most, budgets] = [
      Math.max(...market.segments.map(({ potential }) => potential)),
      Math.max(...market.startups.map(({ cash, rd, marketing }) => cash + rd + marketing)),
    ]
    const near = (actual: number, expected: number, scale: number, what: string): void => {
      if (!(Math.abs(actual - expected) <= Math.max(1e-9 * Math.abs(expected), 1e-12 * scale)))
        expect.fail(`${what}: ${actual}, expected ${expected}`)
    }
    const money =
      budgets +
      most * Math.max(...market.startups.flatMap(({ plans }) => plans.map(({ price, term }) => price * term)))
    const requests =
      most * Math.max(...market.segments.map(({ usage, usageGrowth }) => usage * usageGrowth ** 2))
    market.startups.forEach(({ id }, f) => {
      const g = other.startups.findIndex((startup) => startup.id === id)
      for (const lane of lanes)
        for (const [name, scale] of [
          ['cash', money],
          ['revenue', money],
          ['usage', requests],
          ['users', most],
          ['founderStake', 0],
        ] as const) {
          near(
            there!.read(column.startups[name], g, { lane }),
            here!.read(column.startups[name], f, { lane }),
            scale,
            `${name} of ${id}`,
          )
        }
      for (const lane of lanes)
        for (const attribute of [0, 1, 2]) {
          const place = { lane, component: attribute }
          near(
            there!.read(column.startups.quality, g, place),
            here!.read(column.startups.quality, f, place),
            0,
            `quality of ${id}`,
          )
        }
    })
    market.segments.forEach(({ id }, s) => {
      const r = other.segments.findIndex((segment) => segment.id === id)
      for (const lane of lanes)
        near(
          there!.read(column.segments.readiness, r, { lane }),
          here!.read(column.segments.readiness, s, { lane }),
          0,
          `readiness of ${id}`,
        )
    })
  },
)

property(
  'a startup, a plan or a segment more shifts no draw of the others',
  25,
  fc.tuple(
    anyMarket({ months: 4, mostStartups: 3 }),
    anyMarket({ months: 4, mostStartups: 1, mostSegments: 1 }),
  ),
  ([market, other]) => {
    const more = addedTo(market, other)
    const [few, many] = [new MarketRun(market), new MarketRun(more)]
    few.start()
    many.start()
    expect(many.readAll(column.world.readinessSpeed, 0)).toEqual(few.readAll(column.world.readinessSpeed, 0))
    const find = (id: string): number => more.startups.findIndex((startup) => startup.id === id)
    for (let month = 0; month < market.months; month++) {
      few.month = many.month = month
      few.steps({ to: 'draws' })
      many.steps({ to: 'draws' })
      for (const lane of lanes) {
        expect(many.read(column.world.climateDraw, 0, { lane })).toBe(
          few.read(column.world.climateDraw, 0, { lane }),
        )
        market.startups.forEach(({ id }, f) => {
          for (const of of [
            column.startups.fundingDraw,
            ...(month === 0 ? [column.startups.ability, column.startups.startingCash] : []),
          ]) {
            expect(many.read(of, find(id), { lane }), of.name).toBe(few.read(of, f, { lane }))
          }
        })
        few.index.pairs.forEach(({ startup, segment }, p) => {
          const q = many.pairOf(
            find(market.startups[startup]!.id),
            more.segments.findIndex(({ id }) => id === market.segments[segment]!.id),
          )
          expect(many.read(column.pairs.tasteDraw, q, { lane })).toBe(
            few.read(column.pairs.tasteDraw, p, { lane }),
          )
        })
      }
      few.steps({ after: 'draws' })
      many.steps({ after: 'draws' })
    }
  },
)

test('replications, startups and months have different draws', () => {
  const market = fc
    .sample(anyMarket({ months: 4, mostStartups: 4 }), { numRuns: 20, seed: 1 })
    .find(({ startups }) => startups.length > 2)!
  const run = new MarketRun(market)
  run.start()
  const seen = new Set<number>()
  for (let month = 0; month < 4; month++) {
    run.months(month, month + 1)
    for (const lane of lanes) run.perStartup('fundingDraw', lane).forEach((draw) => seen.add(draw))
  }
  expect(seen.size).toBe(4 * 4 * market.startups.length)
})

/** Each switches one mechanism off by its figures. */
const neutralities: readonly ((market: MarketDefinition) => MarketDefinition)[] = [
  (market) => ({ ...market, parameters: { ...market.parameters, trustWeight: 0 } }),
  (market) => ({ ...market, parameters: { ...market.parameters, profitTax: 0 } }),
  (market) => withPlans(market, { labour: 0 }),
  (market) => withPlans(market, { adLoad: 0 }),
  (market) => withPlans(market, { recognition: 'rateable' }),
  (market) => withPlans(market, { opens: 0, closes: null }),
  (market) => withStartups(market, { efficiencyShare: 0 }),
  (market) =>
    withStartups(market, { takeRate: 0, outShare: 0, ecoUtility: 0, ecoAwareness: 0, ecoQuality: 0 }),
  (market) => ({ ...market, segments: market.segments.map((segment) => ({ ...segment, paymentDelay: 0 })) }),
  (market) =>
    withStartups(
      { ...market, segments: market.segments.map((segment) => ({ ...segment, compliance: 0 })) },
      { privacyCost: 0 },
    ),
  (market) => withStartups(market, { entry: 0, entryChance: 1, entryInBoom: 0 }),
  ({ shocks: _shocks, ...market }) => market,
  (market) => ({ ...market, shocks: (market.shocks ?? []).map((shock) => ({ ...shock, chance: null })) }),
]

/** Columns that are recorded only where startups enter, or where regulation costs. */
const OWN_COLUMNS = [
  'startups.entryMonth',
  'startups.entryMonth known',
  'startups.shocksAtExit',
  'startups.shocksAtExit known',
  'months.privacy',
  'months.compliance',
]

function without(rows: Recorded, names: readonly string[]): Recorded {
  return new Map([...rows].filter(([name]) => !names.includes(name)))
}

function withStartups(market: MarketDefinition, changes: Partial<StartupDefinition>): MarketDefinition {
  return { ...market, startups: market.startups.map((startup) => ({ ...startup, ...changes })) }
}

function withPlans(
  market: MarketDefinition,
  changes: Partial<StartupDefinition['plans'][number]>,
): MarketDefinition {
  return {
    ...market,
    startups: market.startups.map((startup) => ({
      ...startup,
      plans: startup.plans.map((plan) => ({ ...plan, ...changes })),
    })),
  }
}

function ran(market: MarketDefinition): MarketRun {
  const run = new MarketRun(market)
  run.start()
  run.months(0, market.months)
  return run
}

/** The same market with startups, their plans, and segments in another order. */
function shuffled(market: MarketDefinition): fc.Arbitrary<MarketDefinition> {
  const order = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
    fc.shuffledSubarray([...items], { minLength: items.length })
  return fc
    .tuple(
      order(market.segments),
      order(market.startups).chain((startups) =>
        fc.tuple(...startups.map((startup) => order(startup.plans).map((plans) => ({ ...startup, plans })))),
      ),
    )
    .map(([segments, startups]) => ({
      ...market,
      segments,
      startups: startups.map((startup) => ({
        ...startup,
        plans: startup.plans.map((plan) => ({
          ...plan,
          offeredTo: segments.flatMap(({ id }) => (plan.offeredTo.includes(id) ? [id] : [])),
        })),
      })),
    }))
}

/** A market with another's segment, its startup, and a plan more for the first startup, all before what there was. */
function addedTo(market: MarketDefinition, other: MarketDefinition): MarketDefinition {
  const segment = { ...other.segments[0]!, id: 'added', name: 'added' }
  const everywhere = (values: Readonly<Record<string, number>>): Record<string, number> => ({
    added: 0,
    ...values,
  })
  const startups = market.startups.map((startup, f) => ({
    ...startup,
    fit: everywhere(startup.fit),
    split: everywhere(startup.split),
    plans:
      f === 0 ? [{ ...startup.plans[0]!, id: 'plan-more', name: 'more' }, ...startup.plans] : startup.plans,
  }))
  const entrant: StartupDefinition = {
    ...startups[0]!,
    id: 'entrant',
    name: 'entrant',
    plans: other.startups[0]!.plans.map((plan) => ({ ...plan, offeredTo: ['added'] })),
  }
  return { ...market, segments: [segment, ...market.segments], startups: [entrant, ...startups] }
}
