/** Owns the preset "free with value-added services". */
import type { BusinessModel } from './business-model.ts'

/**
 * The basic service is free up to a modest use; what goes beyond is paid for by the request.
 *
 * Earns: .05 for each request above 40 a month, so the heavier a user the more it pays; the lightest pay nothing.
 * Costs: compute for the free requests of everyone, and a paying customer's support for all.
 * Breaks: when most users stay within what is free, or compute for it costs more than the heavy ones bring.
 * Source: figures are assumptions; a cheap base with dear extras is the add-on pricing of Ellison (2005).
 */
export const freeWithServices: BusinessModel = {
  name: 'free-with-services',
  title: 'Free with value-added services',
  startup: {},
  plans: [{ id: 'basic', included: 40, usagePrice: 0.05, cap: 2000, offeredTo: ['consumer'] }],
}
