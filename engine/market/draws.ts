/**
 * The random draws of the month, in a step of their own: each depends on the replication, its stream, its entity
 * and the month only, so nothing that happens elsewhere shifts them. One call of the generator gives the draws of four
 * months, which are made in the first of them and kept for the others.
 */
import { drawSource, uniformQuad } from '../numerics/draws.ts'
import { normalPair } from '../numerics/normal-pair.ts'
import { each, month, only, step, together, type Num, type Vector, type Whole } from '../trace/index.ts'
import { drawEntries, isToBeSeen } from './entry.ts'
import { pairs, startupOf, startups, world } from './model.ts'
import type { Shape } from './shape.ts'
import { drawShocks } from './shocks.ts'

/** The step: climate, taste and funding draws of the month, and those of entries and shocks. */
export const draws = (shape: Shape) =>
  step('draws', () => {
    const m = only(world)
    const nothing = (): Record<string, Num> => ({})
    together(month().and(3).equals(0), () => (drawFourMonths(shape, month().shiftedRight(2)), {}), nothing)
    const now = month().and(3)
    m.climateDraw = m.climateDraws.at(now)
    each(pairs, (p) => {
      p.tasteDraw = p.tasteDraws.at(now)
    })
    each(startups, (f) => {
      f.fundingDraw = f.fundingDraws.at(now)
    })
    if (shape.entry) drawEntries()
    if (shape.randomShocks) drawShocks()
  })

function drawFourMonths(shape: Shape, at: Whole): void {
  const m = only(world)
  keep(m.climateDraws, uniformQuad(drawSource({ stream: 'climate', at })))
  // Nobody sees the taste for a startup that is out of business for good, so it may rest. Two loops, since records overlap best
  // in short ones.
  const nothing = (): Record<string, Num> => ({})
  each(pairs, (p) =>
    together(
      isToBeSeen(shape, startupOf(p)),
      () => (keep(p.tasteDraws, uniformQuad(drawSource({ stream: 'taste', entity: p.word, at }))), {}),
      nothing,
    ),
  )
  each(pairs, (p) => {
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => p.tasteDraws.at(i)) as [Num, Num, Num, Num]
    together(
      isToBeSeen(shape, startupOf(p)),
      () => (keep(p.tasteDraws, [...normalPair([a, b]), ...normalPair([c, d])]), {}),
      nothing,
    )
  })
  each(startups, (f) => {
    keep(f.fundingDraws, uniformQuad(drawSource({ stream: 'funding', entity: f.word, at })))
  })
}

function keep(kept: Vector<Num>, four: readonly [Num, Num, Num, Num]): void {
  four.forEach((draw, i) => kept.set(i, draw))
}
