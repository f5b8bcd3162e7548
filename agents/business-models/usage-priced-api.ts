/** Owns the preset "usage-priced API". */
import type { BusinessModel } from './business-model.ts'

/**
 * Customers build on an interface and pay for each request.
 *
 * Earns: .045 a request, which passes falling compute prices on in full.
 * Costs: compute in proportion to revenue, so the margin is thin but never negative by volume.
 * Breaks: when the price falls faster than usage grows, and because an open interface is easy to imitate.
 * Source: figures are assumptions, at the level of list prices (docs/data.md); usage fees as in Sundararajan (2004).
 */
export const usagePricedApi: BusinessModel = {
  name: 'usage-priced-api',
  title: 'Usage-priced API',
  startup: { imitability: 0.05 },
  plans: [
    {
      id: 'usage',
      usagePrice: 0.045,
      passThrough: 1,
      offeredTo: ['smallBusiness', 'developer', 'enterprise'],
    },
  ],
}
