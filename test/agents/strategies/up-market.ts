/** Owns the second example of docs/strategies.md, which a test compares with this file. */
import type { TracedStrategy } from '../../../engine/market/decisions.ts'
import { planOf, offersOf, segmentOf } from '../../../engine/market/model.ts'
import { maximum, where } from '../../../engine/trace/index.ts'

/** Sells to whom costs much to win only: closes plans below a price, and markets where it still sells. */
export const upMarket: TracedStrategy = {
  name: 'up-market',
  meaning: 'closes cheap plans, markets to segments that are dear to reach, reserves and hires for them',
  settings: {
    price: { default: 20, unit: 'currency a month', low: 0, high: 1e6, meaning: 'least list price' },
  },
  acts: ['open', 'split', 'reservation', 'hiring', 'rdMix'],
  decide: ({ startup, usual, setting }) => ({
    open: (plan) => usual.isOpen(plan).and(plan.price.isAtLeast(setting('price'))),
    split: (pair) => {
      const dearest = maximum(offersOf(pair), 0, (offer) => planOf(offer).price)
      return where(dearest.isAtLeast(setting('price')), segmentOf(pair).awarenessCost, 0)
    },
    reservation: where(startup.serviceRatio.isBelow(1), 2, 1),
    hiring: () => 1.5,
    rdMix: [2, 1, 1],
  }),
}
