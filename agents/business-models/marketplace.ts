/** Owns the preset "marketplace". */
import type { BusinessModel } from './business-model.ts'

/**
 * Buyers come free, sellers pay a fee, and the marketplace keeps a share of the trade between them.
 *
 * Earns: 12% of trade, which grows with buyers and with the stock of sellers; 900 a month from companies.
 * Costs: compute for free buyers before there are sellers, and sellers who leave when the take rate is high.
 * Breaks: when it never gets enough buyers to attract sellers.
 * Source: figures are assumptions; two sides that attract each other as in Rochet and Tirole (2003).
 */
export const marketplace: BusinessModel = {
  name: 'marketplace',
  title: 'Marketplace',
  startup: { takeRate: 0.12 },
  plans: [
    { id: 'free', qualityShare: 0.8, cap: 3000, offeredTo: ['consumer', 'smallBusiness'] },
    // Of enterprises, those who sell to consumers are meant: say so with offeredTo where a scenario has others.
    { id: 'seller', price: 900, offeredTo: ['enterprise'] },
  ],
}
