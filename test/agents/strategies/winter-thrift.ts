/** Owns the example of docs/strategies.md, which a test compares with this file. */
import type { TracedStrategy } from '../../../engine/market/decisions.ts'
import { where } from '../../../engine/trace/index.ts'

/** While capital is scarce: less marketing than usual, and prices above the list. */
export const winterThrift: TracedStrategy = {
  name: 'winter-thrift',
  meaning: 'saves on marketing and asks more while investors are in a winter',
  settings: {
    marketing: { default: 0.5, unit: 'factor', low: 0, high: 1, meaning: 'marketing in a winter' },
    markup: { default: 0.1, unit: 'share', low: 0, high: 1, meaning: 'what a winter adds to list prices' },
  },
  acts: ['marketing', 'priceMultiplier'],
  decide: ({ market, usual, setting }) => ({
    marketing: usual.marketing.times(where(market.boom, 1, setting('marketing'))),
    priceMultiplier: () => where(market.boom, 1, setting('markup').plus(1)),
  }),
}
