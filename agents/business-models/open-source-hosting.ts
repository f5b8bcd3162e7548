/** Owns the preset "open source with paid hosting". */
import type { BusinessModel } from './business-model.ts'

/**
 * The models are open; customers pay not to have to run them.
 *
 * Earns: 220 a month from developers; 2,200 from enterprises, a year in advance.
 * Costs: compute and some labour, and the competition of customers who host its models themselves.
 * Breaks: when its own openness makes doing without it good enough.
 * Source: figures are assumptions; selling what goes with open code as in Lerner and Tirole (2002).
 */
export const openSourceHosting: BusinessModel = {
  name: 'open-source-hosting',
  title: 'Open source with paid hosting',
  startup: { openness: 0.9 },
  plans: [
    { id: 'hosted', price: 220, offeredTo: ['developer'] },
    { id: 'enterprise', price: 2200, term: 12, labour: 500, offeredTo: ['enterprise'] },
  ],
}
