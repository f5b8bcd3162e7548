/**
 * Choice (section 7.3): a nested logit over startups and their plans, with awareness as a consideration set.
 * Shoppers and customers whose term ends choose; the rest stay. Weights are in weights.ts, who goes where in moves.ts.
 */
import { exp } from '../numerics/exponential.ts'
import { each, max, maximum, only, step, where } from '../trace/index.ts'
import { splittersOf, type FlowLaw, type Splitter } from './flows.ts'
import {
  individualSegments,
  largeSegments,
  segments,
  startups,
  world,
  type Segment,
  type World,
} from './model.ts'
import { flow, move } from './moves.ts'
import type { Shape } from './shape.ts'
import { byType, type ByType } from './types.ts'
import { weigh, weighOthers } from './weights.ts'

/** The step: who chooses what, up to the newcomers of every offer. */
export const choice = (shape: Shape) =>
  step('choice', () => {
    const m = only(world)
    each(startups, (f) => {
      f.meanQuality = f.quality.at(0).plus(f.quality.at(1)).plus(f.quality.at(2)).over(3)
    })
    m.openQuality = max(
      shape.shocks ? m.openFrontierNow : m.openFrontier,
      maximum(startups, 0, (f) => where(f.alive, f.openness.times(f.meanQuality), 0)),
    )
    // For all segments at once, since each takes long and none needs another.
    each(segments, (s) => {
      s.outside = exp(s.u0.plus(s.beta.times(s.psi).times(m.openQuality)))
    })
    if (shape.demography === 'expected') each(segments, (s) => chooseIn(shape, 'expected', m, s))
    if (shape.rounded) each(largeSegments(m), (s) => chooseIn(shape, 'rounded', m, s))
    if (shape.individual) each(individualSegments(m), (s) => chooseIn(shape, 'individual', m, s))
  })

function chooseIn(shape: Shape, law: FlowLaw, m: World, s: Segment): void {
  const splitters = splittersOf(law, s)
  weigh(shape, m, s)
  weighOthers(s, law)
  const shoppers = lookAround(shape, s, splitters.choose)
  if (law === 'expected') flow(s, splitters.choose, shoppers)
  else move(s, splitters, law, shoppers)
}

/** How many look for an offer: those who shop of the ready who hold none, and orphans. */
function lookAround(shape: Shape, s: Segment, splitter: Splitter): ByType {
  const shopping = byType((h) => {
    const ready = s.readiness.times(s.potentialOfType.at(h))
    return (shape.shocks ? s.shopNow : s.shop).times(max(0, ready.minus(s.held.at(h)).minus(s.orphans.at(h))))
  })
  const whole = splitter.whole(shopping)
  return byType((h) => {
    const looking = whole[h].plus(s.orphans.at(h))
    s.orphans.set(h, 0)
    return s.shoppers.set(h, looking)
  })
}
