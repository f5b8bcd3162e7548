/**
 * The random draws of the month, in a step of their own: each depends on the replication, its stream, its entity
 * and the month only, so nothing that happens elsewhere shifts them. One call of the generator gives the draws of four
 * months, which are made in the first of them and kept for the others.
 */
import { drawSource, uniformQuad } from '../numerics/draws.ts'
import { normalPair } from '../numerics/normal-pair.ts'
import { each, month, only, step, whenAny, type Num, type Vector, type Whole } from '../trace/index.ts'
import { drawEntries, isToBeSeen } from './entry.ts'
import { pairs, startupOf, startups, world } from './model.ts'
import type { Shape } from './shape.ts'
import { drawShocks } from './shocks.ts'

/** The step: climate, taste and funding draws of the month, and those of entries and shocks. */
export const draws = (shape: Shape) =>
  step('draws', () => {
    const m = only(world)
    whenAny(month().and(3).equals(0), () => drawFourMonths(shape, month().shiftedRight(2)))
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
  // in short ones, and one pair of normals after the other: side by side they need more registers than there are.
  each(pairs, (p) =>
    whenAny(isToBeSeen(shape, startupOf(p)), () =>
      keep(p.tasteDraws, uniformQuad(drawSource({ stream: 'taste', entity: p.word, at }))),
    ),
  )
  each(pairs, (p) =>
    whenAny(isToBeSeen(shape, startupOf(p)), () => {
      for (const i of [0, 2]) keep(p.tasteDraws, normalPair([p.tasteDraws.at(i), p.tasteDraws.at(i + 1)]), i)
    }),
  )
  each(startups, (f) => {
    keep(f.fundingDraws, uniformQuad(drawSource({ stream: 'funding', entity: f.word, at })))
  })
}

function keep(kept: Vector<Num>, draws: readonly Num[], from = 0): void {
  draws.forEach((draw, i) => kept.set(from + i, draw))
}
