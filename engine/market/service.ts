/** Service (section 7.4): usage against reserved compute, its cost, and next month's reservation. */
import { power } from '../numerics/power.ts'
import { clamp, each, max, min, num, only, step, sums } from '../trace/index.ts'
import { offersOf, planOf, presenceOf, startups, world } from './model.ts'
import type { Shape } from './shape.ts'

/** The step: requests, service ratio, compute cost and the next reservation. */
export const service = (shape: Shape) =>
  step('service', () => {
    const m = only(world)
    each(startups, (f) => {
      const frontier = m.compute.times(power(f.meanQuality, m.qualityCostElasticity))
      f.unitCost = shape.efficiency
        ? frontier.times(num(1).minus(m.efficiencySaving.times(f.efficiency)))
        : frontier
      const asked = sums(presenceOf(f), (p) =>
        sums(offersOf(p), (o) => {
          const requests = o.requests
          return { requests, weighted: requests.times(planOf(o).qualityCost) }
        }),
      )
      const usage = asked.requests
      const ratio = min(1, f.reserved.over(max(usage, m.usageLeast)))
      const idle = clamp(f.reserved.minus(usage), { low: 0, high: m.idleUpToUsage.times(usage) })
      f.fullCompute = f.unitCost.times(asked.weighted)
      f.computeCost = f.fullCompute.times(ratio)
      f.idleCost = idle.times(m.idleShareOfCost).times(frontier)
      const growth = clamp(usage.over(max(f.usage, m.usageLeast)).minus(1), {
        low: m.reserveGrowthLow,
        high: m.reserveGrowthHigh,
      })
      f.reserved = max(m.reservedMinimum, usage.times(m.reserveHeadroom).times(growth.plus(1)))
      f.usage = usage
      f.serviceRatio = ratio
      if (shape.trust) {
        const trust = f.trust
          .plus(m.trustRecovery.times(num(1).minus(f.trust)))
          .minus(m.trustLoss.times(num(1).minus(ratio)))
        f.trust = clamp(shape.shocks ? trust.minus(f.outage) : trust, { low: 0, high: 1 })
      }
    })
  })
