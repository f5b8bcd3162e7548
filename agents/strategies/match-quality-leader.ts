/** Owns the strategy "match-quality-leader". */
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { ATTRIBUTES } from '../../engine/market/model.ts'
import { max, min, num } from '../../engine/trace/index.ts'
import { leadingQuality, qualityOf } from './observations.ts'

/**
 * Sets R&D to close the gap in mean quality to the best rival in its segments within some months, and to hold
 * its quality against the moving frontier; within a share of its cash or of its gross profit, whichever is
 * more. It reckons with the learning equation (docs/model.md, section 7.7) at median ability, and does not
 * count on copying.
 *
 * Good: when quality decides and rivals lead by little. Bad: when the leader is far ahead, since effort grows
 * with the root of the budget: closing a gap twice as fast costs four times as much.
 * Source: imitation after Nelson and Winter 1982, "An Evolutionary Theory of Economic Change", chapter 12.
 */
export const matchQualityLeader: TracedStrategy = {
  name: 'match-quality-leader',
  meaning: 'spends on R&D what closes the quality gap to the leader, within its means',
  // oxfmt-ignore
  settings: {
    months: { default: 12, unit: 'months', low: 1, high: 120,
      meaning: 'time in which to close the gap' },
    cashShare: { default: 0.03, unit: 'share a month', low: 0, high: 1,
      meaning: 'share of cash that R&D may take' },
    profitShare: { default: 0.25, unit: 'share', low: 0, high: 1,
      meaning: 'share of gross profit that R&D may take' },
  },
  acts: ['rd'],
  decide: (situation) => {
    const { market, startup, amount, setting } = situation
    const quality = qualityOf(startup)
    const gap = max(leadingQuality(situation).minus(quality), 0)
    const decay = market.qualityDecay.times(quality.minus(market.qualityFloor))
    const gainOfEffort = ATTRIBUTES.map((a) =>
      startup.mixGain.at(a).times(num(1).minus(startup.quality.at(a))),
    )
      .reduce((a, b) => a.plus(b))
      .over(3)
    const effort = max(gap.over(setting('months')).plus(decay), 0).over(max(gainOfEffort, 1e-9))
    const needed = market.rdScaleNow.times(effort.squared())
    const means = max(
      amount(startup.cash).times(setting('cashShare')),
      startup.grossProfit.times(setting('profitShare')),
    )
    return { rd: min(needed, means) }
  },
}
