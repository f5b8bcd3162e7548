/** Owns the laws on customers: none is made or lost, none is half or negative, and none chooses what it does not know. */
import { describe, expect } from 'vitest'
import type { Demography, MarketDefinition } from '../../engine/market/definition.ts'
import { anyMarket } from '../market/any-market.ts'
import { type MarketRun, column } from '../market/market-run.ts'
import { property } from '../market/property.ts'
import { type ByGroup, byGroup, heldIn, lanes, leavingIn, newIn, sumOver, types, walk } from './walk.ts'

/**
 * Expected flows are fractions: what is added and taken away again leaves a rounding error of the largest count, 1e-15
 * of the potential a month. Whole customers are exact.
 */
const slackOf = (market: MarketDefinition): number =>
  market.demography === 'integer'
    ? 0
    : 1e-12 *
      Math.max(...market.segments.map(({ potential, growth }) => potential * (1 + Math.max(growth, 0)) ** 2))

/** Fails where two counts differ by more than the slack. */
function same(actual: number, expected: number, slack: number, what: string): void {
  if (!(Math.abs(actual - expected) <= slack)) expect.fail(`${what}: ${actual}, expected ${expected}`)
}

/** Fails where a count is above a bound. */
function atMost(actual: number, bound: number, slack: number, what: string): void {
  if (!(actual <= bound + slack)) expect.fail(`${what}: ${actual}, above ${bound}`)
}

function orphansOf(run: MarketRun): ByGroup {
  return byGroup(run, (lane, s, h) => run.read(column.segments.orphans, s, { lane, component: h }))
}

/** Segment, type and month of a count that breaks a law. */
const at = (run: MarketRun, s: number, h: number, lane: number): string =>
  `of type ${h} in ${run.market.segments[s]!.id}, month ${run.month}, replication ${lane}`

/**
 * In every segment and type: customers after the month's moves are those before, plus newcomers, less leavers; a failing
 * startup's customers become next month's orphans, all of them; newcomers come from shoppers and leavers; shoppers come
 * from orphans and from ready people who are not customers.
 */
function conserved(market: MarketDefinition): void {
  const slack = slackOf(market)
  let before: ByGroup = []
  let orphans: ByGroup = []
  let moved: ByGroup = []
  walk(market, (run, stop) => {
    const held = byGroup(run, (lane, s, h) => heldIn(run, s, h, lane))
    if (stop === 'before') [before, orphans] = [held, orphansOf(run)]
    if (stop === 'moved') {
      moved = held
      byGroup(run, (lane, s, h) => {
        const [started, homeless] = [before[lane]![s]![h]!, orphans[lane]![s]![h]!]
        const [came, left] = [newIn(run, s, h, lane), leavingIn(run, s, h, lane)]
        const shoppers = run.read(column.segments.shoppers, s, { lane, component: h })
        const potential = run.read(column.segments.potentialOfType, s, { lane, component: h })
        same(held[lane]![s]![h]!, started + came - left, slack, `customers ${at(run, s, h, lane)}`)
        atMost(left, started, slack, `leavers ${at(run, s, h, lane)}`)
        atMost(came, shoppers + left, slack, `newcomers ${at(run, s, h, lane)}`)
        atMost(homeless, shoppers, slack, `orphans ${at(run, s, h, lane)}`)
        atMost(
          shoppers - homeless,
          Math.max(0, potential - started - homeless),
          slack,
          `shoppers who are not orphans ${at(run, s, h, lane)}`,
        )
        // The potential may shrink below the customers; they stay until their term ends.
        atMost(
          held[lane]![s]![h]!,
          Math.max(potential, started + homeless),
          slack,
          `customers beyond the potential ${at(run, s, h, lane)}`,
        )
      })
    }
    if (stop === 'after') {
      const released = orphansOf(run)
      byGroup(run, (lane, s, h) =>
        same(
          held[lane]![s]![h]! + released[lane]![s]![h]!,
          moved[lane]![s]![h]!,
          slack,
          `customers and orphans ${at(run, s, h, lane)}`,
        ),
      )
    }
  })
}

/** Every count is not negative, whole in integer demography, and an offer's customers are those of its cohorts. */
function counted(market: MarketDefinition): void {
  const slack = slackOf(market)
  const good = (value: number, what: string): number => {
    if (!(value >= 0)) expect.fail(`${what} is ${value}`)
    if (market.demography === 'integer' && !Number.isInteger(value))
      expect.fail(`${what} is ${value}, not whole`)
    return value
  }
  walk(market, (run, stop) => {
    if (stop !== 'moved' && stop !== 'after') return
    for (const lane of lanes)
      for (const h of types) {
        const place = { lane, component: h }
        const when = `of type ${h}, month ${run.month}, replication ${lane}`
        run.index.offers.forEach(({ plan }, o) => {
          const held = good(run.read(column.offers.customers, o, place), `customers of offer ${o} ${when}`)
          good(run.read(column.offers.newcomers, o, place), `newcomers to offer ${o} ${when}`)
          const ring = Array.from({ length: run.termOf(plan) }, (_, slot) =>
            good(
              run.read(column.cohorts.customers, run.firstCohort(o) + slot, place),
              `cohort ${slot} of offer ${o} ${when}`,
            ),
          )
          same(
            sumOver(ring, (count) => count),
            held,
            slack,
            `customers in all cohorts of offer ${o} ${when}`,
          )
        })
        run.index.pairs.forEach((_, p) => {
          if (stop === 'moved') good(run.read(column.pairs.leaving, p, place), `leavers of pair ${p} ${when}`)
        })
        run.market.segments.forEach((_, s) => {
          good(run.read(column.segments.orphans, s, place), `orphans of segment ${s} ${when}`)
          good(run.read(column.segments.shoppers, s, place), `shoppers of segment ${s} ${when}`)
          if (market.demography === 'integer')
            good(run.read(column.segments.potentialOfType, s, place), `potential of segment ${s} ${when}`)
        })
      }
  })
}

const demographies: readonly Demography[] = ['expected', 'integer']

describe.each(demographies)('in %s demography', (demography) => {
  const markets = anyMarket({
    demography,
    books: demography === 'integer' ? 'cents' : 'exact',
    mostPotential: 2e5,
  })
  property(`customers are conserved in every segment and type (${demography})`, 40, markets, conserved)
  property(
    `counts of customers are not negative, add up over cohorts, and are whole where they must be (${demography})`,
    25,
    markets,
    counted,
  )
})

property('a startup never gets a larger part of those who choose than know it', 40, anyMarket(), (market) => {
  walk(market, (run, stop) => {
    if (stop !== 'moved') return
    // As it was when they chose: it changes at the start of a month by entry only, and after the books.
    const awareness = lanes.map((lane) =>
      run.index.pairs.map((_, p) => run.read(column.pairs.awareness, p, { lane })),
    )
    byGroup(run, (lane, s, h) => {
      const choosing =
        run.read(column.segments.shoppers, s, { lane, component: h }) + leavingIn(run, s, h, lane)
      run.index.pairs.forEach(({ startup, segment }, p) => {
        if (segment !== s) return
        // Of those who choose, nobody leaves and comes back: its own leavers only make the bound looser.
        atMost(
          newIn(run, s, h, lane, startup),
          awareness[lane]![p]! * choosing * (1 + 1e-12),
          0,
          `newcomers to ${market.startups[startup]!.id} ${at(run, s, h, lane)}`,
        )
      })
    })
  })
})
