/** Owns the preset "licence, product sale". */
import type { BusinessModel } from './business-model.ts'

/**
 * The product is sold once for three years of use, as software on a disk or in a machine was.
 *
 * Earns: 36 months at 400, paid at once and recognised as revenue at once.
 * Costs: compute and support for three years after the money came; nothing is deferred for them.
 * Breaks: when sales to new customers ebb: cash and revenue stop while the duty to serve goes on.
 * Source: figures are assumptions; against renting software as in Choudhary (2007).
 */
export const licenceSale: BusinessModel = {
  name: 'licence-sale',
  title: 'Licence, product sale',
  startup: {},
  plans: [
    {
      id: 'licence',
      price: 400,
      term: 36,
      recognition: 'start',
      offeredTo: ['smallBusiness', 'enterprise'],
    },
  ],
}
