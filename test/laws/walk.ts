/** Owns walking through a market month by month, stopping where laws can be checked. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { MarketRun, type MarketRunOptions, column } from '../market/market-run.ts'

/** Where a month is stopped at: before it, after customers have moved, after its books, and at its end. */
export type Stop = 'before' | 'moved' | 'booked' | 'after'

/** The replications that one walk sees, one in each lane. */
export const lanes = [0, 1, 2, 3] as const

/** Customer types. */
export const types = [0, 1, 2] as const

/** Simulates a market and calls `visit` at every stop of every month. */
export function walk(
  market: MarketDefinition,
  visit: (run: MarketRun, stop: Stop) => void,
  options: MarketRunOptions = {},
): MarketRun {
  const run = new MarketRun(market, options)
  run.start()
  for (run.month = 0; run.month < market.months; run.month++) {
    visit(run, 'before')
    run.steps({ to: 'enrolment' })
    visit(run, 'moved')
    run.steps({ after: 'enrolment', to: 'books' })
    visit(run, 'booked')
    run.steps({ after: 'books' })
    visit(run, 'after')
  }
  return run
}

/** Something for every lane, segment and customer type: [lane][s][h]. */
export type ByGroup<T = number> = T[][][]

/** Computes something for every lane, segment and type. */
export function byGroup<T>(run: MarketRun, of: (lane: number, s: number, h: number) => T): ByGroup<T> {
  return lanes.map((lane) => run.market.segments.map((_, s) => types.map((h) => of(lane, s, h))))
}

/** Customers held in a segment, summed over its offers. */
export function heldIn(run: MarketRun, s: number, h: number, lane: number): number {
  return sumOver(run.index.offers, ({ segment }, o) =>
    segment === s ? run.read(column.offers.customers, o, { lane, component: h }) : 0,
  )
}

/** Newcomers to the startups of a segment, after hiring limits. */
export function newIn(run: MarketRun, s: number, h: number, lane: number, f?: number): number {
  return sumOver(run.index.offers, ({ segment }, o) =>
    segment === s && (f === undefined || run.ownerOf(o) === f)
      ? run.read(column.offers.newcomers, o, { lane, component: h })
      : 0,
  )
}

/** Customers who leave their startup in a segment. */
export function leavingIn(run: MarketRun, s: number, h: number, lane: number): number {
  return sumOver(run.index.pairs, ({ segment }, p) =>
    segment === s ? run.read(column.pairs.leaving, p, { lane, component: h }) : 0,
  )
}

/** The sum of a number of every item. */
export function sumOver<T>(items: readonly T[], of: (item: T, index: number) => number): number {
  return items.reduce((total, item, i) => total + of(item, i), 0)
}
