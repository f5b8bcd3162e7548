/** Owns the preset "subscription". */
import type { BusinessModel } from './business-model.ts'

/**
 * Nothing is free; longer terms, paid in advance, are cheaper a month.
 *
 * Earns: 14 a month from consumers (12.8 for a quarter, 11.5 for a year), 45 from small businesses (36).
 * Costs: compute up to the cap, and support; prepaid terms bring cash before the revenue is earned.
 * Breaks: when awareness stays low because there is nothing to try, or a rival's free plan is good enough.
 * Source: figures are assumptions, at the level of list prices (docs/data.md); flat fees as in Sundararajan (2004).
 */
export const subscription: BusinessModel = {
  name: 'subscription',
  title: 'Subscription',
  startup: {},
  plans: [
    { id: 'personal', price: 14, cap: 2000, offeredTo: ['consumer'] },
    { id: 'personal-quarter', price: 12.8, term: 3, cap: 2000, offeredTo: ['consumer'] },
    { id: 'personal-year', price: 11.5, term: 12, cap: 2000, offeredTo: ['consumer'] },
    { id: 'business', price: 45, cap: 6000, offeredTo: ['smallBusiness'] },
    { id: 'business-year', price: 36, term: 12, cap: 6000, offeredTo: ['smallBusiness'] },
  ],
}
