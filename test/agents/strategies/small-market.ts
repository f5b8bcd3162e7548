/**
 * Owns a market in which what a strategy does can be reckoned by hand: no luck, no funding, fractions of
 * customers, and rivals of every kind a rule must tell apart.
 */
import type { MarketDefinition } from '../../../engine/market/definition.ts'
import { parseScenario } from '../../../scenarios/parse.ts'

/** Months of the small market: two years and a half, so that terms end and plans open and close. */
export const smallMonths = 30

const scenario = `
title: Small market
months: ${smallMonths}
currency: EUR
demography: expected
books: exact
parameters: { tasteSd: 0, abilitySd: 0, readinessSd: 0, cashSd: 0, firstRoundMonth: 600, boomToWinter: 0, readinessStart: 0.3 }
segments:
  people: { kind: consumer, potential: 1e6 }
  firms: { kind: smallBusiness, potential: 5e4 }
startups:
  own:
    cash: 2e7
    rdMix: [0.5, 0.3, 0.2]
    efficiencyShare: 0.2
    split: { people: 0.6, firms: 0.4 }
    plans:
      free: { cap: 500, qualityShare: 0.8, adLoad: 0.5, offeredTo: [people] }
      monthly: { price: 14, cap: 2000, offeredTo: [people, firms] }
      yearly: { price: 40, term: 12, usagePrice: 0.01, included: 300, passThrough: 0.5, labour: 3, qualityShare: 0.9, offeredTo: [firms] }
  # Charges by use, and leads in quality.
  metered:
    cash: 3e7
    quality: [0.8, 0.7, 0.75]
    plans:
      metered: { usagePrice: 0.05, included: 20, passThrough: 1, offeredTo: [people, firms] }
  # Cheaper than all others as long as it lives; serves free users, too.
  brief:
    cash: 2e6
    quality: [0.5, 0.6, 0.5]
    plans:
      free: { cap: 100, offeredTo: [people] }
      paid: { price: 9, offeredTo: [people, firms] }
  # Sells cheaply to firms for a while.
  late:
    cash: 1e7
    plans:
      usual: { price: 25, offeredTo: [people, firms] }
      offer: { price: 7, opens: 8, closes: 20, offeredTo: [firms] }
`

/** The small market, changed by settings such as `startups.own.strategy=undercut`. */
export function smallMarket(...set: string[]): MarketDefinition {
  return parseScenario(scenario, { file: 'small-market', set })
}

/** The same with a strategy, and settings for it, followed by `own`. */
export function marketWith(
  strategy: string,
  settings: Readonly<Record<string, number>> = {},
  ...set: string[]
): MarketDefinition {
  return smallMarket(`startups.own.strategy=${JSON.stringify({ name: strategy, settings })}`, ...set)
}
