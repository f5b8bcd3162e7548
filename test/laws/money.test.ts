/** Owns the laws on money: every posting has its counterpart, free plans sell nothing, what has failed has no flows. */
import { describe, expect } from 'vitest'
import type { Books, Demography, MarketDefinition } from '../../engine/market/definition.ts'
import { anyMarket } from '../market/any-market.ts'
import { type MarketRun, column } from '../market/market-run.ts'
import { property } from '../market/property.ts'
import { lanes, sumOver, walk } from './walk.ts'

type Name = Parameters<MarketRun['perStartup']>[0]

/** The two kinds of cost, posting by posting. */
const costs = {
  directCost: ['compute', 'idle', 'supportCost', 'labourCost', 'receiptFees', 'thirdPartyCost', 'privacy'],
  operatingCost: ['rdCost', 'marketingCost', 'fixedCost', 'segmentCosts', 'overhead', 'complianceCost'],
} satisfies Record<string, readonly Name[]>

const revenues: readonly Name[] = ['subscriptions', 'usageRevenue', 'adRevenue', 'takeRevenue']

/** Everything that is booked. */
const postings: readonly Name[] = [
  ...revenues,
  ...costs.directCost,
  ...costs.operatingCost,
  'revenue',
  'prepaid',
  'receipts',
  'directCost',
  'operatingCost',
  'tax',
  'profit',
  'cashFlow',
  'raised',
  'cash',
  'deferred',
]

/** What must be nothing in every month after the one in which a startup has failed. */
const flowsOfTheDead: readonly Name[] = [
  ...postings,
  'users',
  'freeUsers',
  'paidUsers',
  'usage',
  'rdBudget',
  'marketingBudget',
]

/**
 * The trial balance of every startup after every month, from what the columns say: cash, less what is prepaid, less
 * all capital put in and all profit made, plus what was written off, is zero. So are revenue less its parts and profit
 * less revenue and costs. Whole cents balance exactly; unrounded books to 1e-12 of the largest sum.
 */
function balanced(market: MarketDefinition): void {
  const exact = market.books === 'cents'
  const zero = (balance: number, largest: number, what: string): void => {
    if (!(exact ? balance === 0 : Math.abs(balance) <= 1e-12 * largest))
      expect.fail(`${what} is out by ${balance}`)
  }
  let [profits, capital, turnovers]: [number[][], number[][], number[][]] = [[], [], []]
  walk(market, (run, stop) => {
    const of = (name: Name): number[][] => lanes.map((lane) => run.perStartup(name, lane))
    if (stop === 'before' && run.month === 0) {
      capital = of('cash')
      profits = capital.map((row) => row.map(() => 0))
      turnovers = capital.map((row) => row.map(() => 0))
    }
    if (stop !== 'after') return
    const [revenue, receipts, profit, cashFlow, tax, raised] = (
      ['revenue', 'receipts', 'profit', 'cashFlow', 'tax', 'raised'] as const
    ).map(of)
    const [cash, deferred, lostCash, lostDeferred] = (
      ['cash', 'deferred', 'writtenOffCash', 'writtenOffDeferred'] as const
    ).map(of)
    const [enters, startingCash] = [of('enters'), of('startingCash')]
    const [direct, operating] = [of('directCost'), of('operatingCost')]
    const parts = Object.values(costs).map((names) => names.map(of))
    const earned = revenues.map(of)
    for (const lane of lanes)
      market.startups.forEach(({ id }, f) => {
        const at = (rows: number[][] | undefined): number => rows![lane]![f]!
        const where = `of ${id} after month ${run.month}, replication ${lane}`
        const turnover = at(revenue) + at(receipts) + at(direct) + at(operating) + at(capital)
        zero(at(revenue) - sumOver(earned, at), turnover, `revenue ${where}`)
        zero(at(direct) - sumOver(parts[0]!, at), turnover, `direct cost ${where}`)
        zero(at(operating) - sumOver(parts[1]!, at), turnover, `operating cost ${where}`)
        zero(at(profit) - (at(revenue) - at(direct) - at(operating) - at(tax)), turnover, `profit ${where}`)
        zero(
          at(cashFlow) - (at(receipts) - at(direct) - at(operating) - at(tax)),
          turnover,
          `cash flow ${where}`,
        )
        // Who enters brings its cash.
        if (at(enters) === 1) capital[lane]![f]! += at(startingCash)
        capital[lane]![f]! += at(raised)
        profits[lane]![f]! += at(profit)
        turnovers[lane]![f]! += turnover
        const assets = at(cash) - at(lostCash) + receivableOf(run, f, lane)
        const balance = assets - at(deferred) - at(lostDeferred) - at(capital) - at(profits)
        zero(balance, at(turnovers) + at(capital), `trial balance ${where}`)
        zero(
          at(profits) - run.read(column.startups.profitTotal, f, { lane }),
          at(turnovers),
          `cumulative profit ${where}`,
        )
      })
  })
}

/** What customers owe a startup, and what it has lost of that by failing. */
function receivableOf(run: MarketRun, f: number, lane: number): number {
  const known = column.startups as Record<string, (typeof column.startups)['cash'] | undefined>
  return sumOver(['receivable', 'writtenOffReceivable'], (name) => {
    const of = known[name]
    return of && run.instance.keeps(of) ? run.read(of, f, { lane }) : 0
  })
}

const kinds: readonly (readonly [Demography, Books])[] = [
  ['integer', 'cents'],
  ['expected', 'cents'],
  ['expected', 'exact'],
]

describe.each(kinds)('in %s demography with books in %s', (demography, books) => {
  property(
    `every startup's accounts sum to zero in every month (${demography}, ${books})`,
    30,
    anyMarket({ demography, books }),
    balanced,
  )
})

property(
  'postings in cents are whole',
  20,
  anyMarket({ demography: 'integer', books: 'cents' }),
  (market) => {
    walk(market, (run, stop) => {
      if (stop !== 'after') return
      for (const name of postings) {
        for (const lane of lanes)
          run.perStartup(name, lane).forEach((value, f) => {
            if (!Number.isInteger(value))
              expect.fail(`${name} of startup ${f} in month ${run.month} is ${value} cents`)
          })
      }
    })
  },
)

property(
  'a plan without a price earns no subscription revenue, and a startup with no other plan none at all',
  30,
  anyMarket({ demography: 'integer', books: 'cents' }),
  (market) => {
    walk(market, (run, stop) => {
      if (stop !== 'booked') return
      for (const lane of lanes) {
        run.index.offers.forEach(({ plan }, o) => {
          if (run.index.plans[plan]!.plan.price > 0) return
          for (let slot = 0; slot < run.termOf(plan); slot++) {
            expect(run.read(column.cohorts.monthly, run.firstCohort(o) + slot, { lane })).toBe(0)
          }
        })
        market.startups.forEach(({ plans }, f) => {
          if (plans.some(({ price }) => price > 0)) return
          for (const name of ['subscriptions', 'prepaid', 'deferred'] as const)
            expect(run.read(column.startups[name], f, { lane })).toBe(0)
        })
      }
    })
  },
)

property(
  'a startup that has failed has no customers and no flows ever after, nor has one that has yet to enter',
  40,
  anyMarket({ demography: 'integer', books: 'cents' }),
  (market) => {
    // A startup that cannot pay its first month, so that there is always one to look at.
    const doomed = {
      ...market,
      startups: market.startups.map((startup, f) =>
        f === 0 ? { ...startup, cash: 1, fixed: 1e5, entry: 0, entryChance: 1, entryInBoom: 0 } : startup,
      ),
    }
    let failed: boolean[][] = []
    let exits = 0
    walk(doomed, (run, stop) => {
      if (stop === 'before')
        failed = lanes.map((lane) => run.perStartup('alive', lane).map((alive) => alive === 0))
      if (stop !== 'after') return
      for (const lane of lanes)
        failed[lane]!.forEach((gone, f) => {
          if (!gone || run.read(column.startups.enters, f, { lane }) === 1) return
          exits++
          for (const name of flowsOfTheDead) {
            const value = run.read(column.startups[name], f, { lane })
            if (value !== 0)
              expect.fail(`${name} of startup ${f}, out of business before month ${run.month}, is ${value}`)
          }
          expect(run.read(column.startups.alive, f, { lane })).toBe(0)
          run.index.offers.forEach((_, o) => {
            if (run.ownerOf(o) !== f) return
            expect([
              ...run.readAll(column.offers.customers, o, lane),
              ...run.readAll(column.offers.newcomers, o, lane),
            ]).toEqual([0, 0, 0, 0, 0, 0])
          })
        })
    })
    expect(exits).toBeGreaterThan(0)
  },
)
