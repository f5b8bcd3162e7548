/**
 * Shocks (section 7.1): what happens to the market from outside. One of chance p begins with that probability in every
 * month in which it does not last, from its month on; one without begins once, in its month. It lasts its duration, and
 * what shocks of one kind do then multiplies up (adds up, for open models and outages), held within the kind's bounds.
 */
import { drawSource, uniform } from '../numerics/draws.ts'
import {
  bool,
  clamp,
  each,
  fold,
  min,
  month,
  sum,
  where,
  whereBool,
  type Bool,
  type Num,
  type Range,
} from '../trace/index.ts'
import { shockKinds, type ShockKind } from './definition.ts'
import {
  boomShocks,
  computeShocks,
  demandShocksOf,
  fundingShocks,
  openShocks,
  outagesOf,
  regulationShocksOf,
  segments,
  shocks,
  startups,
  winterShocks,
  type World,
} from './model.ts'
import type { Shape } from './shape.ts'

type Shocks = Range<(typeof shocks)['declare']['columns']>

/** The luck of shocks that begin at random. */
export function drawShocks(): void {
  each(shocks, (k) => {
    k.draw = uniform(drawSource({ stream: 'shock', entity: k.word }))
  })
}

/** Which shocks begin this month, and which last. */
export function strike(shape: Shape): void {
  const now = month().toNum()
  each(shocks, (k) => {
    const scheduled = now.equals(k.month)
    if (!shape.randomShocks) {
      k.begins = scheduled
      k.lasts = now.isAtLeast(k.month).and(now.isBelow(k.month.plus(k.duration)))
      return
    }
    const strikes = k.draw.isBelow(k.chance).and(now.isAtLeast(k.month)).and(now.isAtLeast(k.ends))
    const begins = whereBool(k.isRandom.isAbove(0), strikes, scheduled)
    k.begins = begins
    k.ends = where(begins, now.plus(k.duration), k.ends)
    k.lasts = now.isBelow(k.ends)
  })
}

/** The climate, unless shocks force it; of both, a winter. */
export function forced(m: World, usual: Bool): Bool {
  return whereBool(anyOf(winterShocks(m)), bool(false), whereBool(anyOf(boomShocks(m)), bool(true), usual))
}

/** What lasting shocks do this month. */
export function spread(shape: Shape, m: World): void {
  m.openFrontierNow = clamp(m.openFrontier.plus(sumOf(openShocks(m))), { low: 0, high: 1 })
  m.fundingOdds = factorOf('funding', fundingShocks(m))
  each(segments, (s) => {
    s.shopNow = min(1, s.shop.times(factorOf('demand', demandShocksOf(s))))
    if (shape.compliance) s.regulationNow = factorOf('regulation', regulationShocksOf(s))
  })
  if (shape.trust)
    each(startups, (f) => {
      f.outage = sumOf(outagesOf(f))
    })
}

/** The factor on the compute price. */
export function computeFactor(m: World): Num {
  return factorOf('computePrice', computeShocks(m))
}

function factorOf(kind: ShockKind, list: Shocks): Num {
  const { factor } = fold(list, { factor: 1 }, (sofar, k) => ({
    factor: sofar.factor.times(where(k.lasts, k.size, 1)),
  }))
  return clamp(factor, shockKinds[kind])
}

function sumOf(list: Shocks): Num {
  return sum(list, (k) => where(k.lasts, k.size, 0))
}

function anyOf(list: Shocks): Bool {
  return sum(list, (k) => k.lasts.toNum()).isAbove(0)
}
