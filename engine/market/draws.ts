/**
 * The random draws of the month, in a step of their own: each depends on the replication, its stream, its entity
 * and the month only, so nothing that happens elsewhere shifts them. One call of the generator gives two draws: the
 * first is for an even month, the second is kept for the odd month after it.
 */
import { drawSource, uniforms } from '../numerics/draws.ts'
import { normalPair } from '../numerics/normal-pair.ts'
import { choose, each, month, only, step, type Num, type Whole } from '../trace/index.ts'
import { pairs, startups, world } from './model.ts'

/** The step: climate, taste and funding draws of the month. */
export const draws = step('draws', () => {
  const m = only(world)
  const climate = ofTwoMonths(
    (at) => uniforms(drawSource({ stream: 'climate', at })),
    () => m.climateLater,
  )
  m.climateDraw = climate.now
  m.climateLater = climate.later
  each(pairs, (p) => {
    const taste = ofTwoMonths(
      (at) => normalPair(uniforms(drawSource({ stream: 'taste', entity: p.word, at }))),
      () => p.tasteLater,
    )
    p.tasteDraw = taste.now
    p.tasteLater = taste.later
  })
  each(startups, (f) => {
    const funding = ofTwoMonths(
      (at) => uniforms(drawSource({ stream: 'funding', entity: f.word, at })),
      () => f.fundingLater,
    )
    f.fundingDraw = funding.now
    f.fundingLater = funding.later
  })
})

/** In an even month a pair of draws; in an odd one the second of the month before. */
function ofTwoMonths(pair: (at: Whole) => readonly [Num, Num], kept: () => Num): { now: Num; later: Num } {
  return choose(
    month().and(1).equals(0),
    () => {
      const [now, later] = pair(month().shiftedRight(1))
      return { now, later }
    },
    () => ({ now: kept(), later: kept() }),
  )
}
