/** Owns the preset "data-sharing platform". */
import type { BusinessModel } from './business-model.ts'

/**
 * Data of its contributors make the product better, and they get a share of what it earns.
 *
 * Earns: .03 a request.
 * Costs: a quarter of revenue to contributors of data, and 30,000 a month of compliance on top of usual fixed costs.
 * Breaks: when too few customers come for data to be worth contributing, or the share paid out eats the thin margin.
 * Source: figures are assumptions; data as a good that many can use as in Jones and Tonetti (2020).
 */
export const dataSharingPlatform: BusinessModel = {
  name: 'data-sharing-platform',
  title: 'Data-sharing platform',
  startup: { outShare: 0.25, ecoQuality: 0.02, fixed: 120_000 },
  plans: [{ id: 'usage', usagePrice: 0.03, offeredTo: ['developer', 'enterprise'] }],
}
