/** Owns the preset "tools and platform". */
import type { BusinessModel } from './business-model.ts'

/**
 * Developers build with its tools, sell on its platform, and find it hard to leave.
 *
 * Earns: 220 a month, and 5% of the trade of a segment that trades (`trade`; developers' is 0 by default).
 * Costs: compute up to the cap, and support, which developers need more of than consumers.
 * Breaks: when too few developers come for third parties to follow, or open models are good enough to build on.
 * Source: figures are assumptions; lock-in as in Farrell and Klemperer (2007).
 */
export const toolsAndPlatform: BusinessModel = {
  name: 'tools-and-platform',
  title: 'Tools and platform',
  startup: { takeRate: 0.05, imitability: 0.015 },
  plans: [{ id: 'tools', price: 220, cap: 20_000, sigmaAdded: 1, offeredTo: ['developer'] }],
}
