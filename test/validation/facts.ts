/**
 * Owns the stylised facts that the flagship must reproduce: each is a question asked of the flagship or of a variant of
 * it, over many replications with the same luck. They guard the implementation; they are no evidence about the world.
 */
import { strategies } from '../../agents/strategies/index.ts'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { compileMarket } from '../../engine/market/market.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { Instance } from '../../engine/simulation/instance.ts'
import { loadScenario } from '../../scenarios/index.ts'
import { MarketRun, column } from '../market/market-run.ts'

/** What a study says of one startup. */
interface Fate {
  /** Cumulative profit in millions, by replication. */
  readonly profit: readonly number[]
  /** Share of replications in which it is alive after so many months. */
  alive(months: number): number
  /** Gross margin of the last two years, of all replications in which it survives, together. */
  readonly lateMargin: number
}

/** Simulates a market and tells the fate of its startups by id. */
export function fates(market: MarketDefinition, replications: number): Record<string, Fate> {
  const compiled = compileMarket(market, { recording: 'summary', strategies })
  const rows = Math.ceil(replications / 4) * 4
  const instance = new Instance(compiled.program, compiled.structure, {
    backend: 'wasm',
    months: market.months,
    key: seedKeyOf('facts'),
    rows,
  })
  instance.setPoint(compiled.values)
  instance.runReplications({ first: 0, count: rows })
  const { startups } = market
  const output = (name: string): number[] =>
    Array.from(instance.output('startups', name, { replications: rows }))
  const [alive, exit, profit, revenue, cost] = [
    'alive',
    'exitMonth',
    'profit',
    'lateRevenue',
    'lateDirectCost',
  ].map(output) as [number[], number[], number[], number[], number[]]
  return Object.fromEntries(
    startups.map(({ id }, f) => {
      const own = Array.from({ length: rows }, (_, r) => r * startups.length + f)
      const living = own.filter((at) => alive[at])
      const sum = (values: readonly number[]): number => living.reduce((total, at) => total + values[at]!, 0)
      return [
        id,
        {
          profit: own.map((at) => profit[at]! / 1e6),
          alive: (months: number) => own.filter((at) => alive[at] || exit[at]! >= months).length / rows,
          lateMargin: 1 - sum(cost) / sum(revenue),
        },
      ]
    }),
  )
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}

const share = (values: readonly boolean[]): number => values.filter(Boolean).length / values.length

/** What the facts are about, measured. */
export interface Facts {
  /** 1: free-ads alive at 60, and with profit. */
  readonly freeAlive: number
  readonly freeProfits: number
  /** 2: replications in which free-ads earns less than subscription. */
  readonly freeBelowSubscription: number
  /** 3: what a surviving free-ads has of the consumers and small businesses, and of the revenue. */
  readonly freeCrowd: number
  readonly freeRevenue: number
  /** 4: with three times the revenue from ads. */
  readonly adsAlive: number
  readonly adsProfit: number
  /** 5: free-ads alive at 96, and its median profit, with one and four times the cash. */
  readonly cashAlive: readonly [number, number]
  readonly cashProfit: readonly [number, number]
  /** 6: compute for a free user of free-ads in months 12 and 36, in euros. */
  readonly serving: readonly [number, number]
  /** 7: freemium alive at 60 with its free tier and with a generous one. */
  readonly cliff: readonly [number, number]
  /** 8: what the free tier adds to freemium's median profit at nu .5 and 4. */
  readonly tier: readonly [number, number]
  /** 9: subscription alive at 96 at nu 0 and 8. */
  readonly tipping: readonly [number, number]
  /** 10: gross margin of the api in months 12 and 96, its extremes from month 12; of solutions late; freemium's paid share by year. */
  readonly apiMargin: readonly [number, number]
  readonly apiExtremes: readonly [number, number]
  readonly solutionsMargin: number
  readonly paidShare: readonly number[]
  /** 11: mean survival at 12, 36 and 60, and that of each startup at 60. */
  readonly survival: readonly [number, number, number]
  readonly aliveAt60: readonly number[]
  /** 13: free-ads never charging, and opening paid plans in month 6 and 12: alive at 96, and with profit. */
  readonly charging: readonly { readonly alive: number; readonly profits: number }[]
}

/** Measures all facts but the one on case companies, which have scenarios of their own (test/scenarios/cases.test.ts). */
export function measureFacts(demography: 'expected' | 'integer', replications: number): Facts {
  const market = (...set: string[]): MarketDefinition =>
    loadScenario('large-model-market', { set: [`demography=${demography}`, ...set], strategies })
  const withoutTier = (given: MarketDefinition): MarketDefinition => ({
    ...given,
    startups: given.startups.map((startup) =>
      startup.id === 'freemium'
        ? { ...startup, plans: startup.plans.filter(({ id }) => id !== 'free') }
        : startup,
    ),
  })
  const base = fates(market(), replications)
  const fate = (id: string, from = base): Fate => from[id]!
  const [ads, cash, cliff, none, tier4, none4, nu0, nu8] = [
    market('parameters.revenuePerThousandAds=23.1'),
    market('startups.free-ads.cash=20000000'),
    market('startups.freemium.plans.free.qualityShare=0.95', 'startups.freemium.plans.free.cap=300'),
    withoutTier(market()),
    market('segments.consumer.nu=4'),
    withoutTier(market('segments.consumer.nu=4')),
    market('segments.consumer.nu=0'),
    market('segments.consumer.nu=8'),
  ].map((variant) => fates(variant, replications)) as [
    typeof base,
    typeof base,
    typeof base,
    typeof base,
    typeof base,
    typeof base,
    typeof base,
    typeof base,
  ]
  const ids = market().startups.map(({ id }) => id)
  const mean = (months: number): number =>
    ids.reduce((sum, id) => sum + fate(id).alive(months), 0) / ids.length
  const profitOf = (from: typeof base, id: string): number => median(fate(id, from).profit)
  return {
    freeAlive: fate('free-ads').alive(60),
    freeProfits: share(fate('free-ads').profit.map((profit) => profit > 0)),
    freeBelowSubscription: share(
      fate('free-ads').profit.map((profit, r) => profit < fate('subscription').profit[r]!),
    ),
    ...monthly(market(), replications),
    adsAlive: fate('free-ads', ads).alive(96),
    adsProfit: profitOf(ads, 'free-ads'),
    cashAlive: [fate('free-ads').alive(96), fate('free-ads', cash).alive(96)],
    cashProfit: [profitOf(base, 'free-ads'), profitOf(cash, 'free-ads')],
    cliff: [fate('freemium').alive(60), fate('freemium', cliff).alive(60)],
    tier: [
      profitOf(base, 'freemium') - profitOf(none, 'freemium'),
      profitOf(tier4, 'freemium') - profitOf(none4, 'freemium'),
    ],
    tipping: [fate('subscription', nu0).alive(96), fate('subscription', nu8).alive(96)],
    solutionsMargin: fate('solutions').lateMargin,
    survival: [mean(12), mean(36), mean(60)],
    aliveAt60: ids.map((id) => fate(id).alive(60)),
    charging: [base, ...[6, 12].map((months) => fates(market(...chargingFrom(months)), replications))].map(
      (study) => ({
        alive: fate('free-ads', study).alive(96),
        profits: share(fate('free-ads', study).profit.map((profit) => profit > 0)),
      }),
    ),
  }
}

/** Free first: opens two paid plans and narrows the free one in quality and requests. */
const chargingFrom = (months: number): string[] => [
  'startups.free-ads.plans={ free: { adLoad: 1, cap: 1000 }, personal: { price: 15, cap: 2000, offeredTo: [consumer] }, business: { price: 50, cap: 6000, offeredTo: [smb] } }',
  `startups.free-ads.strategy={ name: free-first, settings: { months: ${months}, cap: 60, quality: 0.75 } }`,
]

/** What needs a look into every month of the flagship. */
function monthly(
  market: MarketDefinition,
  replications: number,
): Pick<Facts, 'freeCrowd' | 'freeRevenue' | 'serving' | 'apiMargin' | 'apiExtremes' | 'paidShare'> {
  const { months, startups, segments } = market
  const [free, freemium, api] = ['free-ads', 'freemium', 'api'].map((id) =>
    startups.findIndex((startup) => startup.id === id),
  ) as [number, number, number]
  const run = new MarketRun(market, { recording: 'months', keep: [column.offers.customers], seed: 'facts' })
  const crowded = run.index.offers.map(({ segment, plan }) => ({
    isCrowd: ['consumer', 'smb'].includes(segments[segment]!.id),
    startup: run.index.plans[plan]!.startup,
  }))
  const sums = () => Array.from({ length: months }, () => 0)
  const [revenue, cost, compute, users, paidShare, living] = [sums(), sums(), sums(), sums(), sums(), sums()]
  const crowd: number[] = []
  const earned: number[] = []
  for (let first = 0; first < replications; first += 4) {
    run.start([0, 1, 2, 3].map((lane) => first + lane))
    run.instance.kernel.run(run.instance.blockAddress(0), 0, months)
    const output = (name: string): ArrayLike<number> =>
      run.instance.output('months', name, { replications: 4 })
    const [alive, gained, direct, spent, freeUsers, paidUsers, ratio] = [
      'alive',
      'revenue',
      'directCost',
      'compute',
      'freeUsers',
      'paidUsers',
      'serviceRatio',
    ].map(output) as ArrayLike<number>[]
    for (let lane = 0; lane < 4; lane++) {
      const at = (month: number, f: number): number => (lane * months + month) * startups.length + f
      for (let month = 0; month < months; month++) {
        revenue[month]! += gained![at(month, api)]!
        cost[month]! += direct![at(month, api)]!
        // At the ratio served, so that it is the cost of all that was asked for.
        compute[month]! += spent![at(month, free)]! / Math.max(ratio![at(month, free)]!, 1e-9)
        users[month]! += freeUsers![at(month, free)]!
        const all = freeUsers![at(month, freemium)]! + paidUsers![at(month, freemium)]!
        if (alive![at(month, freemium)] && all > 0) {
          paidShare[month]! += paidUsers![at(month, freemium)]! / all
          living[month]! += 1
        }
      }
      if (!alive![at(months - 1, free)]) continue
      const held = (ofFree: boolean): number =>
        crowded.reduce(
          (sum, { isCrowd, startup }, o) =>
            isCrowd && (!ofFree || startup === free)
              ? sum + run.readAll(column.offers.customers, o, lane).reduce((a, b) => a + b, 0)
              : sum,
          0,
        )
      const everybody = startups.reduce((sum, _, f) => sum + gained![at(months - 1, f)]!, 0)
      crowd.push(held(true) / Math.max(held(false), 1))
      earned.push(gained![at(months - 1, free)]! / Math.max(everybody, 1))
    }
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const margin = (month: number): number => 1 - cost[month]! / revenue[month]!
  const later = Array.from({ length: months - 11 }, (_, i) => margin(11 + i))
  return {
    freeCrowd: mean(crowd),
    freeRevenue: mean(earned),
    serving: [compute[11]! / users[11]!, compute[35]! / users[35]!],
    apiMargin: [margin(11), margin(months - 1)],
    apiExtremes: [Math.min(...later), Math.max(...later)],
    paidShare: Array.from(
      { length: months / 12 },
      (_, year) => paidShare[year * 12 + 11]! / living[year * 12 + 11]!,
    ),
  }
}
