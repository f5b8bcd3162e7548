/** Owns what a strategy cannot see or do: luck, rivals' private columns, setting memory, drawing from others' streams. */
import { describe, expect, test } from 'vitest'
import { RivalryError } from '../../../engine/errors.ts'
import type { Situation, TracedStrategy } from '../../../engine/market/decisions.ts'
import { compileMarket } from '../../../engine/market/market.ts'
import {
  duesOf,
  lagsOf,
  offersOf,
  ownerOf,
  pairs,
  pairsOf,
  planOf,
  plans,
  plansOf,
  presenceOf,
  rivalsOf,
  segmentOf,
  shocks,
  startupOf,
  startups,
  type Pair,
  type Plan,
} from '../../../engine/market/model.ts'
import { drawSource, uniform } from '../../../engine/numerics/draws.ts'
import { maximum, num, sum, where, type Num } from '../../../engine/trace/index.ts'
import { marketWith } from './small-market.ts'

const compiled = (strategy: Omit<TracedStrategy, 'name' | 'meaning' | 'settings'>) =>
  compileMarket(marketWith('hold'), {
    recording: 'summary',
    strategies: [{ name: 'hold', meaning: 'looks', settings: {}, ...strategy }],
  })

/** Compiles a strategy whose R&D is what it looks at. */
const looking = (look: (situation: Situation) => Num) =>
  compiled({ acts: ['rd'], decide: (situation) => ({ rd: look(situation) }) })

function mistake(work: () => unknown): RivalryError {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(RivalryError)
    return error as RivalryError
  }
  throw new Error('nothing was thrown')
}

const inRivals = ({ startup }: Situation, value: (rival: Pair) => Num): Num =>
  sum(presenceOf(startup), (pair) => sum(rivalsOf(pair), value))

const luck: [string, (situation: Situation) => Num][] = [
  ['world.climateDraws', ({ market }) => market.climateDraws.at(3)],
  ['world.climateDraw', ({ market }) => market.climateDraw],
  ['world.readinessSpeed', ({ market }) => market.readinessSpeed],
  ['startups.fundingDraws', ({ startup }) => startup.fundingDraws.at(0)],
  ['startups.fundingDraw', ({ startup }) => startup.fundingDraw],
  ['startups.ability', ({ startup }) => startup.ability],
  ['pairs.tasteDraws', ({ startup }) => sum(presenceOf(startup), (pair) => pair.tasteDraws.at(1))],
  ['pairs.tasteDraw', (situation) => inRivals(situation, (rival) => rival.tasteDraw)],
  ['shocks.draw', () => sum(shocks, (shock) => shock.draw)],
  ['pairs.taste', ({ startup }) => sum(presenceOf(startup), (pair) => pair.taste)],
]

test.each(luck)('luck is hidden, own luck too: %s', (column, look) => {
  const { code, message, path } = mistake(() => looking(look))
  expect([code, message]).toEqual(['trace', `a strategy cannot see ${column}: it is drawn at random`])
  expect(path).toMatch(/visibility\.test\.ts:\d+:\d+$/)
})

const secrets: [string, (situation: Situation) => Num][] = [
  ['startups.cash', (situation) => inRivals(situation, (rival) => startupOf(rival).cash)],
  ['startups.grossProfit', () => sum(startups, (other) => other.grossProfit)],
  ['startups.rd', (situation) => inRivals(situation, (rival) => startupOf(rival).rd)],
  ['startups.serviceRatio', () => maximum(startups, 0, (other) => other.serviceRatio)],
  ['pairs.awareness', (situation) => inRivals(situation, (rival) => rival.awareness)],
  ['pairs.share', () => sum(pairs, (pair) => pair.share)],
  [
    'pairs.fit',
    ({ startup }) => sum(presenceOf(startup), (pair) => sum(pairsOf(segmentOf(pair)), (one) => one.fit)),
  ],
  [
    'offers.customers',
    (situation) => inRivals(situation, (rival) => sum(offersOf(rival), (offer) => offer.customers.at(1))),
  ],
  [
    'plans.opens',
    (situation) => inRivals(situation, (rival) => sum(offersOf(rival), (offer) => planOf(offer).opens)),
  ],
  ['plans.capNow', () => sum(plans, (plan) => plan.capNow)],
  ['plans.labour', () => sum(startups, (other) => sum(plansOf(other), (plan) => plan.labour))],
  ['lags.revenue', () => sum(startups, (other) => lagsOf.at(other, 0).revenue)],
  ['dues.amount', () => sum(startups, (other) => sum(duesOf(other), (due) => due.amount))],
]

test.each(secrets)('what is private of another startup is hidden: %s', (column, look) => {
  const { code, message, path, hint } = mistake(() => looking(look))
  expect([code, message]).toEqual(['trace', `a strategy cannot see ${column} of another startup`])
  expect(path).toMatch(/visibility\.test\.ts:\d+:\d+$/)
  expect(hint).toMatch(/^it sees all of its own/)
})

test('shocks to come are hidden', () => {
  expect(mistake(() => looking(() => sum(shocks, (shock) => shock.month))).message).toBe(
    'a strategy cannot see shocks.month',
  )
})

test('actions for plans and segments are held to the same', () => {
  const cash = (plan: Plan): Num => sum(startups, (other) => where(plan.isFree, 1, other.cash))
  expect(
    mistake(() => compiled({ acts: ['priceMultiplier'], decide: () => ({ priceMultiplier: cash }) })).message,
  ).toBe('a strategy cannot see startups.cash of another startup')
  const taste = (pair: Pair): Num => pair.taste
  expect(mistake(() => compiled({ acts: ['split'], decide: () => ({ split: taste }) })).message).toBe(
    'a strategy cannot see pairs.taste: it is drawn at random',
  )
})

describe('what is public, and all of its own, is there to see', () => {
  const seen: [string, (situation: Situation) => Num][] = [
    [
      'rivals: qualities, openness and whether they live',
      (situation) =>
        inRivals(situation, (rival) => {
          const { alive, quality, openness } = startupOf(rival)
          return where(alive, quality.at(0).plus(quality.at(2)), 0).plus(openness)
        }),
    ],
    [
      'rivals: prices and terms of plans',
      (situation) =>
        inRivals(situation, (rival) =>
          sum(offersOf(rival), (offer) => {
            const plan = planOf(offer)
            const price = plan.price.times(plan.multiplier).times(plan.slide)
            const usage = plan.usagePrice.times(plan.included.times(plan.allowance))
            const rest = plan.qualityShare.plus(plan.adLoad).plus(plan.termMonths.toNum())
            return where(plan.openNow.and(plan.isFree.not()), price.plus(usage).plus(rest), 0)
          }),
        ),
    ],
    [
      'its own books, quality, awareness and customers',
      ({ startup, amount }) =>
        amount(startup.cash)
          .plus(startup.grossProfit)
          .plus(startup.quality.at(1))
          .plus(startup.reserved)
          .plus(lagsOf.at(startup, 0).users)
          .plus(
            sum(presenceOf(startup), (pair) =>
              pair.awareness
                .plus(pair.fit)
                .plus(startupOf(pair).serviceRatio)
                .plus(
                  sum(offersOf(pair), (offer) => offer.customers.at(0).plus(ownerOf(planOf(offer)).burn)),
                ),
            ),
          ),
    ],
    [
      'the market: climate, compute price, open frontier, sizes and readiness of segments',
      ({ startup, market, openFrontier }) =>
        market.boom
          .toNum()
          .plus(market.compute)
          .plus(openFrontier)
          .plus(
            sum(presenceOf(startup), (pair) => segmentOf(pair).potentialNow.times(segmentOf(pair).readiness)),
          ),
    ],
  ]
  test.each(seen)('%s', (_, look) => {
    expect(looking(look).program.month.length).toBeGreaterThan(5)
  })
})

test('a strategy sets nothing but its actions, and draws from no stream', () => {
  const setting = mistake(() =>
    looking(({ startup }) => {
      startup.cash = num(1e12)
      return num(1)
    }),
  )
  expect([setting.message, setting.hint]).toEqual([
    'a strategy cannot set startups.cash',
    'return what it decides as actions',
  ])
  const drawing = mistake(() => looking(() => uniform(drawSource({ stream: 'climate' }))))
  expect(drawing.message).toBe('a strategy cannot draw from the streams of the study')
  expect(drawing.path).toMatch(/visibility\.test\.ts/)
})
