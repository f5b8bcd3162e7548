/**
 * Owns the check of the compiled market against the naive executor, which shares no code with it: two years of random
 * markets with every mechanism on or off, the naive executor fed with the engine's own luck.
 */
import { describe, expect } from 'vitest'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { type NaiveFlow, simulateNaive } from '../naive/month.ts'
import { customersOf, type Draws } from '../naive/state.ts'
import { anyMarket } from './any-market.ts'
import { MarketRun, column } from './market-run.ts'
import { property } from './property.ts'
import {
  type Close,
  type Seen,
  type SeenStep,
  Snapshot,
  differences,
  lastStepOf,
  within,
} from './snapshot.ts'

const steps = Object.keys(lastStepOf) as SeenStep[]
const lanes = [0, 1, 2, 3]

/** What the engine has computed in one month of one replication, and the luck it had. */
interface Month {
  readonly flows: Record<SeenStep, Record<string, Seen>>
  readonly state: Record<string, Seen>
  readonly taste: readonly number[]
  readonly climate: number
  readonly funding: readonly number[]
  readonly entry: readonly number[]
  readonly shock: readonly number[]
}

/** Runs a market and tells, for each lane, its months and its luck. */
function played(
  market: MarketDefinition,
  backend: 'wasm' | 'javascript',
): { months: Month[]; draws: Draws }[] {
  const run = new MarketRun(market, { backend })
  const unit = market.books === 'cents' ? 100 : 1
  run.start()
  const outcomes = lanes.map((lane) => {
    const months: Month[] = []
    const ability = run.perStartup('ability', lane)
    const cash = run
      .perStartup('startingCash', lane)
      .map((booked, f) => booked / unit / market.startups[f]!.cash)
    const readiness = run.read(column.world.readinessSpeed, 0, { lane })
    const draws: Draws = {
      ability: (f) => ability[f]!,
      cash: (f) => cash[f]!,
      readiness: () => readiness,
      // Where a startup neither sells nor advertises its taste shock is of no consequence.
      taste: (month, f, s) => months[month]!.taste[run.pairOf(f, s)] ?? 0,
      climate: (month) => months[month]!.climate,
      funding: (month, f) => months[month]!.funding[f]!,
      entry: (month, f) => months[month]!.entry[f]!,
      shock: (month, k) => months[month]!.shock[k]!,
    }
    return { months, draws }
  })
  const snapshots = lanes.map((lane) => new Snapshot(run, lane))
  for (run.month = 0; run.month < market.months; run.month++) {
    run.steps({ to: 'draws' })
    const luck = lanes.map((lane) => ({
      taste: run.index.pairs.map((_, p) => run.read(column.pairs.tasteDraw, p, { lane })),
      climate: run.read(column.world.climateDraw, 0, { lane }),
      funding: run.perStartup('fundingDraw', lane),
      entry: run.perStartup('entryDraw', lane),
      shock: (market.shocks ?? []).map((_, k) => run.read(column.shocks.draw, k, { lane })),
    }))
    const flows = lanes.map(() => ({}) as Month['flows'])
    let after = 'draws'
    for (const step of steps) {
      run.steps({ after, to: lastStepOf[step] })
      after = lastStepOf[step]
      for (const lane of lanes) flows[lane]![step] = snapshots[lane]!.flow(step)
    }
    for (const lane of lanes)
      outcomes[lane]!.months.push({ flows: flows[lane]!, state: snapshots[lane]!.state(), ...luck[lane]! })
    run.steps({ after })
  }
  return outcomes
}

/** The flows of the naive executor that the engine keeps, in its words. */
function keptFlows(
  market: MarketDefinition,
  flow: Partial<NaiveFlow>,
  step: SeenStep,
): Record<string, unknown> {
  if (step === 'learning') return {}
  const {
    month: _month,
    years: _years,
    fall: _fall,
    shop: _shop,
    regulation: _regulation,
    openFrontier: _openFrontier,
    fundingOdds: _fundingOdds,
    outage: _outage,
    idleStaff: _idleStaff,
    utility: _utility,
    terms,
    fullCompute,
    ...rest
  } = flow[step] as unknown as Record<string, unknown>
  if (step === 'decisions') return { rd: flow.decisions!.rd, marketing: flow.decisions!.marketing }
  if (step === 'choice') {
    const told = (terms as NaiveFlow['choice']['terms']).map(({ price, requests, usageBill }) => ({
      price,
      requests,
      usageBill,
    }))
    return { ...rest, terms: told }
  }
  if (step === 'service') return { ...rest, fullCompute: sumByStartup(market, fullCompute as number[]) }
  return rest
}

function sumByStartup(market: MarketDefinition, perOffer: readonly number[]): number[] {
  const owner = market.startups.flatMap(({ plans }, f) =>
    plans.flatMap(({ offeredTo }) => offeredTo.map(() => f)),
  )
  return market.startups.map((_, f) =>
    perOffer.reduce((total, value, o) => total + (owner[o] === f ? value : 0), 0),
  )
}

/**
 * Plays a market on both and fails with every number that is further off than `close` allows. Both stop being
 * comparable where rounding decides who fails or raises; that has not been seen.
 */
function compare(market: MarketDefinition, backend: 'wasm' | 'javascript', close: Close): void {
  for (const { months, draws } of played(market, backend)) {
    const found: string[] = []
    simulateNaive(market, draws, {
      watch(step, month, state, flow) {
        if (found.length > 0) return
        const at = `month ${month} flow of ${step}`
        found.push(...differences(months[month]!.flows[step], keptFlows(market, flow, step), at, close))
        if (step !== 'learning') return
        const {
          ledger: _ledger,
          receivable: _receivable,
          history: _history,
          enteredAt: _enteredAt,
          shockEnds: _shockEnds,
          ...rest
        } = state
        found.push(
          ...differences(
            months[month]!.state,
            { ...rest, customers: customersOf(state) },
            `after month ${month}`,
            close,
          ),
        )
      },
    })
    if (found.length > 0) expect.fail(found.slice(0, 12).join('; '))
  }
}

const people = [
  'customers',
  'cohorts',
  'orphans',
  'shoppers',
  'newcomers',
  'leaving',
  'usersBefore',
  'renewed',
  'users',
]
const requests = ['requests', 'reserved']
const ratios = [
  'boom',
  'taste',
  'quality',
  'efficiency',
  'fit',
  'awareness',
  'stock',
  'trust',
  'readiness',
  'serviceRatio',
  'alive',
  'rounds',
  'lastRound',
  'founderStake',
  'computePrice',
  'usageGrowth',
  'potential',
  'terms',
  'weight',
  'ratio',
  'insolvent',
  'askedForMoney',
]

/** What the number at a path counts: people, requests, money, or nothing that sums cancel in. */
function kindOf(path: string): 'people' | 'requests' | 'ratio' | 'money' {
  const [, step, name = ''] = /(events|after month \d+|\w+)\.(\w+)/.exec(path) ?? []
  if (people.includes(name)) return 'people'
  // Usage is that of a customer among the events, and that of a startup in the state.
  if (requests.includes(name) || (name === 'usage' && step !== 'events')) return 'requests'
  return ratios.includes(name) || name === 'usage' ? 'ratio' : 'money'
}

/**
 * f64 rounding over two years: 1e-9 of a number by itself, or, where sums cancel (customers who are ready less those
 * held, revenue less cost), 1e-12 of the largest number of its kind.
 */
function unrounded(market: MarketDefinition): Close {
  const most = Math.max(
    ...market.segments.map(({ potential, growth }) => potential * (1 + Math.max(growth, 0)) ** 2),
  )
  const budgets = Math.max(...market.startups.map(({ cash, rd, marketing }) => cash + rd + marketing))
  const usage = Math.max(...market.segments.map((segment) => segment.usage * segment.usageGrowth ** 2))
  const prices = Math.max(
    ...market.startups.flatMap(({ plans }) =>
      plans.map((plan) => plan.price * plan.term + plan.usagePrice * usage),
    ),
  )
  const scale = { people: most, requests: most * usage, money: budgets + most * prices, ratio: 1 }
  return (actual, expected, path) => within(1e-9, 1e-12 * scale[kindOf(path)])(actual, expected, path)
}

/**
 * In whole cents a posting of another order of sums can round to the other cent, about once in ten thousand. Few do so
 * in two years, and a cent in a budget of thousands moves what it buys by less than 1e-6 of itself.
 */
function rounded(market: MarketDefinition): Close {
  const close = unrounded(market)
  return (actual, expected, path) => {
    if (close(actual, expected, path)) return true
    const [kind, absolute] = [kindOf(path), { people: 1e-6, requests: 1e-3, money: 0.05, ratio: 0 }]
    return within(1e-6, absolute[kind])(actual, expected, path)
  }
}

describe('a random market, unrounded, is that of the naive executor for two years', () => {
  property('on the wasm back end', 60, anyMarket(), (market) => compare(market, 'wasm', unrounded(market)))
  property('on the JavaScript back end', 20, anyMarket(), (market) =>
    compare(market, 'javascript', unrounded(market)),
  )
})

describe('a random market in whole cents is that of the naive executor for two years', () => {
  property('on the wasm back end, in cents', 40, anyMarket({ books: 'cents' }), (market) =>
    compare(market, 'wasm', rounded(market)),
  )
})
