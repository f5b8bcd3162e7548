/** Owns the preset "custom solutions". */
import type { BusinessModel } from './business-model.ts'

/**
 * Projects for enterprises, delivered by staff who learn the customer's industry.
 *
 * Earns: 9,000 a month, a year in advance.
 * Costs: 4,200 of labour a customer and month; growth is limited by hiring, not by demand.
 * Breaks: when it spreads over industries without learning any, or funding ends before staff have grown.
 * Source: figures are assumptions; growth limited by staff (docs/model.md, section 7.3) as in Maister (1993).
 */
export const customSolutions: BusinessModel = {
  name: 'custom-solutions',
  title: 'Custom solutions',
  startup: { learnE: 1 },
  plans: [{ id: 'project', price: 9000, term: 12, labour: 4200, offeredTo: ['enterprise'] }],
}
