/** Owns the preset "own application". */
import type { BusinessModel } from './business-model.ts'

/**
 * One application under its own name, sold to consumers and advertised widely.
 *
 * Earns: 14 a month.
 * Costs: marketing of 200,000 a month whatever comes of it, twice the usual; compute and support.
 * Breaks: when a brand has to be paid for before it earns and capital ends first, or rivals copy the application.
 * Source: figures are assumptions; advertising as a sunk cost that a brand must bear is Sutton's (1991).
 */
export const ownApplication: BusinessModel = {
  name: 'own-application',
  title: 'Own application',
  startup: { marketing: 200_000, imitability: 0.02 },
  plans: [{ id: 'application', price: 14, offeredTo: ['consumer'] }],
}
