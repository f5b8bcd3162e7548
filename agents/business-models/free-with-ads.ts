/** Owns the preset "free, ad-funded". */
import type { BusinessModel } from './business-model.ts'

/**
 * Everyone uses the whole product for nothing and sees advertising.
 *
 * Earns: served requests x ad load x revenue per thousand ads; the inventory per user saturates as usage grows.
 * Costs: compute for every request of every user, and a quarter of a paying customer's support.
 * Breaks: when a month of a user's requests costs more compute than its ads bring, which more users make worse.
 * Source: figures are assumptions but the ad revenue, Spotify's (docs/data.md); the trade-off is Anderson and Coate's (2005).
 */
export const freeWithAds: BusinessModel = {
  name: 'free-with-ads',
  title: 'Free with ads',
  startup: {},
  plans: [{ id: 'free', adLoad: 1, cap: 1000, offeredTo: ['consumer', 'smallBusiness'] }],
}
