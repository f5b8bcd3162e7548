/**
 * What managers reckon with, shared by hand-written strategies: costs, rivals' prices and qualities, shares.
 * All of it is known when a startup decides: this month's list prices and compute price, last month's
 * customers, qualities and multiples of list prices. Decisions are simultaneous: nobody sees what rivals
 * decide this month.
 */
import type { Situation } from '../../engine/market/decisions.ts'
import {
  ATTRIBUTES,
  TYPES,
  lagsOf,
  marketOffersOf,
  offersOf,
  pairOf,
  planOf,
  presenceOf,
  rivalsOf,
  segmentOf,
  startupOf,
  type Pair,
  type Plan,
  type Segment,
  type Startup,
  type World,
} from '../../engine/market/model.ts'
import { power } from '../../engine/numerics/power.ts'
import {
  max,
  maximum,
  min,
  minimum,
  month,
  num,
  sum,
  sums,
  where,
  type Num,
} from '../../engine/trace/index.ts'

/** A bill below this counts as this, so that nothing is divided by zero; currency a month. */
const leastBill = 1e-9

/** Mean quality of a startup over the three attributes, relative to the frontier. */
export function qualityOf(startup: Startup): Num {
  return ATTRIBUTES.map((attribute) => startup.quality.at(attribute))
    .reduce((a, b) => a.plus(b))
    .over(3)
}

/** Best mean quality among the living rivals in the startup's segments; 0 without rivals. */
export function leadingQuality({ startup }: Situation): Num {
  return maximum(presenceOf(startup), 0, (pair) =>
    maximum(rivalsOf(pair), 0, (rival) => where(startupOf(rival).alive, qualityOf(startupOf(rival)), 0)),
  )
}

/**
 * For each plan the multiple of its list price at which it earns what it costs to serve: compute, support and
 * labour of the mean customer over their bill, in the segment where that is highest. A request costs
 * c(y) (g q)^gamma (1 - .6 efficiency) (docs/model.md, section 7.1); idle reservations, fees and overhead are
 * left to the margin.
 */
export function costMultiples({ market, startup }: Situation): (plan: Plan) => Num {
  const saved = num(1).minus(market.efficiencySaving.times(startup.efficiency))
  const requestCost = market.compute
    .times(power(qualityOf(startup), market.qualityCostElasticity))
    .times(saved)
  return (plan) => {
    const planCost = requestCost.times(power(plan.qualityShare, market.qualityCostElasticity))
    return maximum(marketOffersOf(plan), 0, (offer) => {
      const segment = segmentOf(pairOf(offer))
      const cost = planCost
        .times(meanRequests(market, segment, plan))
        .plus(segment.support)
        .plus(plan.labour)
      return cost.over(max(listBill(market, segment, plan), leastBill))
    })
  }
}

/**
 * For each plan the multiple of its list price at which the mean customer pays as much as for the cheapest
 * open plan of a living rival that charges, in the segment where that is lowest; infinite where no rival
 * charges.
 */
export function rivalMultiples({ market }: Situation): (plan: Plan) => Num {
  return (plan) =>
    minimum(marketOffersOf(plan), Infinity, (offer) => {
      const segment = segmentOf(pairOf(offer))
      const cheapest = minimum(rivalsOf(pairOf(offer)), Infinity, (rival) =>
        minimum(offersOf(rival), Infinity, (rivalOffer) => {
          const other = planOf(rivalOffer)
          const charges = startupOf(rival).alive.and(other.isFree.not()).and(other.openNow)
          return where(charges, listBill(market, segment, other).times(other.multiplier), Infinity)
        }),
      )
      return cheapest.over(max(listBill(market, segment, plan), leastBill))
    })
}

/** The customers that a plan's startup has in the plan's segments, on any plan, over the people there. */
export function shareOf(plan: Plan): Num {
  const { customers, people } = sums(marketOffersOf(plan), (offer) => ({
    customers: sum(offersOf(pairOf(offer)), (own) =>
      own.customers.at(0).plus(own.customers.at(1)).plus(own.customers.at(2)),
    ),
    people: segmentOf(pairOf(offer)).potentialNow,
  }))
  return customers.over(max(people, 1))
}

/** What the startup's own customers in a segment pay a month at list prices, usage left out; currency. */
export function spendingIn(pair: Pair): Num {
  return sum(offersOf(pair), (offer) =>
    planOf(offer)
      .price.times(planOf(offer).slide)
      .times(TYPES.map((type) => offer.customers.at(type)).reduce((a, b) => a.plus(b))),
  )
}

/** Revenue of the month before, currency; 0 in month 0. */
export function revenueBefore({ market, startup }: Situation): Num {
  return lagsOf.at(startup, month().minus(1).modulo(market.growthWindowMonths.plus(1))).revenue
}

/** What the mean customer of a segment would pay at list prices, currency a month. */
function listBill(market: World, segment: Segment, plan: Plan): Num {
  const included = plan.included.times(plan.allowance)
  const billed = meanOf(market, (type) => max(0, answered(segment, plan, type).minus(included)))
  return plan.slide.times(plan.price.plus(plan.usagePrice.times(billed)))
}

/** Requests a month that the mean customer of a segment gets answered. */
function meanRequests(market: World, segment: Segment, plan: Plan): Num {
  return meanOf(market, (type) => answered(segment, plan, type))
}

type Type = (typeof TYPES)[number]

function answered(segment: Segment, plan: Plan, type: Type): Num {
  return min(segment.usageOfType.at(type), plan.cap.times(plan.allowance))
}

/** The mean over the types of customer. */
function meanOf(market: World, value: (type: Type) => Num): Num {
  return TYPES.map((type) => market.weights.at(type).times(value(type))).reduce((a, b) => a.plus(b))
}
