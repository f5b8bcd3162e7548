/** Owns the strategy "cost-plus". */
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { clamp } from '../../engine/trace/index.ts'
import { costMultiples } from './observations.ts'

/**
 * Prices each paid plan at what its mean customer costs to serve, in the costliest segment, times (1 +
 * markup), between two multiples of the list price.
 *
 * Good: when costs differ widely between customers and falling compute prices should reach them before
 * rivals' do.
 * Bad: when customers would pay far more than they cost; it looks at neither demand nor rivals.
 * Source: Hall and Hitch 1939, "Price theory and business behaviour", Oxford Economic Papers 2. The default
 * markup leaves a gross margin of 75%, common in software.
 */
export const costPlus: TracedStrategy = {
  name: 'cost-plus',
  meaning: 'prices at the cost of serving times 1 + markup',
  // oxfmt-ignore
  settings: {
    markup: { default: 3, unit: 'share', low: 0, high: 100,
      meaning: 'markup on the cost of serving' },
    floor: { default: 0.2, unit: 'factor', low: 0, high: 1,
      meaning: 'least multiple of the list price' },
    ceiling: { default: 2, unit: 'factor', low: 1, high: 100,
      meaning: 'highest multiple of the list price' },
  },
  acts: ['priceMultiplier'],
  decide: (situation) => {
    const { setting } = situation
    const costMultiple = costMultiples(situation)
    return {
      priceMultiplier: (plan) =>
        clamp(costMultiple(plan).times(setting('markup').plus(1)), {
          low: setting('floor'),
          high: setting('ceiling'),
        }),
    }
  },
}
