/**
 * Entry (section 7.1): a startup that enters later does not exist before. It waits with neither cash nor offers nor
 * costs and decides nothing; in its month of entry it stands where the others stood before month 0.
 */
import { drawSource, uniform } from '../numerics/draws.ts'
import { bool, each, month, num, together, when, where, type Bool, type Num } from '../trace/index.ts'
import { isScheduled } from './actions.ts'
import { ATTRIBUTES, plansOf, presenceOf, segmentOf, startups, type Startup, type World } from './model.ts'
import type { Shape } from './shape.ts'

/** Whether a startup has yet to enter. */
export function isWaiting(f: Startup): Bool {
  return f.entryMonth.isBelow(0)
}

/** Whether anybody will see what is drawn for a startup: it is in business, or may yet be. */
export function isToBeSeen(shape: Shape, f: Startup): Bool {
  return shape.entry ? f.alive.or(isWaiting(f)) : f.alive
}

/** Before month 0: who is there from the start, and who waits, without the cash that it will bring. */
export function letWait(f: Startup): void {
  const isThere = f.entry.equals(0).and(f.entryChance.isAtLeast(1)).and(f.entryInBoom.equals(0))
  f.alive = isThere
  f.entryMonth = where(isThere, 0, -1)
  f.cash = where(isThere, f.startingCash, 0)
  f.firstRevenue = num(0)
  f.firstUsers = num(0)
}

/** The luck of those who wait. */
export function drawEntries(): void {
  each(startups, (f) => {
    f.entryDraw = together(
      isWaiting(f),
      () => ({ draw: uniform(drawSource({ stream: 'entry', entity: f.word })) }),
      () => ({ draw: num(0) }),
    ).draw
  })
}

/** Those who wait enter: each with its chance, from its month on, and in a boom if it waits for one. */
export function enter(m: World): void {
  each(startups, (f) => {
    const enters = isWaiting(f)
      .and(month().toNum().isAtLeast(f.entry))
      .and(f.entryDraw.isBelow(f.entryChance))
      .and(f.entryInBoom.equals(0).or(m.boom))
    f.enters = enters
    when(enters, () => {
      f.alive = bool(true)
      f.entryMonth = month().toNum()
      f.cash = f.startingCash
      stand(m, f)
    })
  })
}

/** The state with which a startup begins. What has waited may have drifted; what only business moves is still 0. */
function stand(m: World, f: Startup): void {
  for (const a of ATTRIBUTES) f.quality.set(a, f.initialQuality.at(a))
  f.trust = m.trustStart
  f.serviceRatio = num(1)
  f.reserved = m.reservedMinimum
  f.efficiency = num(0)
  f.stock = num(0)
  f.usage = num(0)
  f.grossProfit = num(0)
  f.burn = f.rd.plus(f.marketing).plus(f.fixed)
  each(presenceOf(f), (p) => {
    const targeted = p.share.isAbove(0)
    p.fit = p.initialFit
    p.awareness = where(targeted, f.awarenessTargeted, f.awarenessElsewhere)
    f.burn = f.burn.plus(where(targeted, segmentOf(p).cost, 0))
  })
  // A strategy may have moved prices and plans of what nobody could buy.
  each(plansOf(f), (j) => {
    j.multiplier = num(1)
    j.wasOpen = isScheduled(j)
  })
}

/** Whether this is a startup's first month. */
export function isFirstMonth(shape: Shape, startup: () => Startup): Bool {
  const first = month().equals(0)
  return shape.entry ? startup().enters.or(first) : first
}

/** Months since a startup's entry. */
export function ageOf(shape: Shape, f: Startup): Num {
  const now = month().toNum()
  return shape.entry ? now.minus(f.entryMonth) : now
}
