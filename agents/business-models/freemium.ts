/** Owns the preset "freemium". */
import type { BusinessModel } from './business-model.ts'

/**
 * A limited free plan draws users in, and paid plans without the limits are meant to follow.
 *
 * Earns: 15 a month from consumers, 50 from small businesses; free users convert when they compare again.
 * Costs: compute and a quarter of the support of every free user, without revenue from them.
 * Breaks: when the free plan is so generous that nobody upgrades (a cliff), or so narrow that nobody comes.
 * Source: figures are assumptions; the balance between too much and too little for free as in Kumar (2014).
 */
export const freemium: BusinessModel = {
  name: 'freemium',
  title: 'Freemium',
  startup: {},
  plans: [
    { id: 'free', qualityShare: 0.75, cap: 60, offeredTo: ['consumer', 'smallBusiness'] },
    { id: 'personal', price: 15, cap: 2000, offeredTo: ['consumer'] },
    { id: 'business', price: 50, cap: 6000, offeredTo: ['smallBusiness'] },
  ],
}
