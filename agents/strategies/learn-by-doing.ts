/** Owns the strategy "learn-by-doing". */
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { ATTRIBUTES, presenceOf, segmentOf } from '../../engine/market/model.ts'
import { num, sum, where } from '../../engine/trace/index.ts'
import { spendingIn } from './observations.ts'

/**
 * Moves marketing to where it grows: part of the split follows what its customers of last month pay at list prices,
 * segment by segment, so that fit and awareness build up where it sells. R&D goes to what its segments need and it
 * lacks, by (need x gap)^2, which closes most at a given budget since effort counts by its root. It reserves more
 * after requests went unserved, and hires faster while the runway is long.
 *
 * Good: when fit and word of mouth reward focus. Bad: when the next market is not the one that pays today.
 * Source: Arrow 1962, "The economic implications of learning by doing", Review of Economic Studies 29(3); the trap
 * is Levinthal and March 1993, "The myopia of learning", Strategic Management Journal 14.
 */
export const learnByDoing: TracedStrategy = {
  name: 'learn-by-doing',
  meaning: 'markets where it sells, learns what its segments need, hires and reserves for growth',
  // oxfmt-ignore
  settings: {
    follow: { default: 0.5, unit: 'share', low: 0, high: 1, meaning: 'part of marketing that follows its customers' },
    reserve: { default: 1.5, unit: 'factor', low: 1, high: 10, meaning: 'multiple of reserved compute after a shortfall' },
    hire: { default: 2, unit: 'factor', low: 1, high: 10, meaning: 'multiple of the hire rate while the runway is long' },
    months: { default: 18, unit: 'months', low: 0, high: 99, meaning: 'runway from which it hires faster' },
  },
  acts: ['rdMix', 'split', 'reservation', 'hiring'],
  decide: ({ startup, runway, setting }) => {
    const total = sum(presenceOf(startup), spendingIn)
    const follow = where(total.isAbove(0), setting('follow'), 0)
    const weights = ATTRIBUTES.map((a) => {
      const need = sum(presenceOf(startup), (pair) => pair.share.times(segmentOf(pair).needs.at(a)))
      return need.times(num(1).minus(startup.quality.at(a))).squared()
    })
    return {
      rdMix: [weights[0]!, weights[1]!, weights[2]!],
      split: (pair) =>
        pair.share.times(num(1).minus(follow)).plus(
          spendingIn(pair)
            .over(where(total.isAbove(0), total, 1))
            .times(follow),
        ),
      reservation: where(startup.serviceRatio.isBelow(1), setting('reserve'), 1),
      hiring: () => where(runway.isAbove(setting('months')), setting('hire'), 1),
    }
  },
}
