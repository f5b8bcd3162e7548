/** Owns the preset "partner ecosystem". */
import type { BusinessModel } from './business-model.ts'

/**
 * Partners sell and deliver to enterprises, and get a fifth of the revenue.
 *
 * Earns: 6,000 a month, a year in advance.
 * Costs: 20% of revenue to partners and 1,800 of labour a customer and month.
 * Breaks: before there are partners: they bring awareness and quality only once there are customers to serve.
 * Source: figures are assumptions; complements in an ecosystem as in Jacobides, Cennamo and Gawer (2018).
 */
export const partnerEcosystem: BusinessModel = {
  name: 'partner-ecosystem',
  title: 'Partner ecosystem',
  startup: { outShare: 0.2, ecoAwareness: 0.03, ecoQuality: 0.008 },
  plans: [{ id: 'enterprise', price: 6000, term: 12, labour: 1800, offeredTo: ['enterprise'] }],
}
