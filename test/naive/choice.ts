/** Owns step 3.3 of the naive month: who compares, who chooses what, and the renewed cohorts. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import type { Actions } from './decisions.ts'
import { type MarketMonth, type NaiveState, type Offer, clip, customersOf, sum } from './state.ts'

/** What an offer gives one customer and asks of them this month. */
export interface Terms {
  /** Currency a month. */
  readonly price: number
  /** Requests answered, min(x, cap), [h]. */
  readonly requests: number[]
  /** Share of usage that is served, [h]. */
  readonly served: number[]
  /** Currency a month for requests above the included ones, [h]. */
  readonly usageBill: number[]
}

/** The flows of the choice step. */
export interface ChoiceFlow {
  readonly terms: Terms[]
  /** [o][h], clamped. */
  readonly utility: number[][]
  /** W[f][s][h]. */
  readonly weight: number[][][]
  /** [s][h]. */
  readonly shoppers: number[][]
  /** Customers billed at the start of a term: renewals and newcomers, [o][h]. */
  readonly renewed: number[][]
  /** Admitted from outside the startup, [o][h]. */
  readonly newcomers: number[][]
  /** Customers who leave their startup, [f][s][h]. */
  readonly leaving: number[][][]
  /** n_fs at the start of the month, [f][s]. */
  readonly usersBefore: number[][]
  /** Customers whom staff hired beyond the usual rate still lacks, [j]. */
  readonly idleStaff: number[]
  /** [o][h], after the step: whom the month's books bill. */
  readonly customers: number[][]
}

/** Shoppers and customers whose term ends choose; returns the flows and renews the cohorts. */
export function choice(
  definition: MarketDefinition,
  offers: readonly Offer[],
  state: NaiveState,
  market: MarketMonth,
  actions: Actions,
): ChoiceFlow {
  const { parameters: p, segments, startups, types } = definition
  const held = customersOf(state)
  const usersBefore = startups.map((_, f) =>
    segments.map((_, s) =>
      sum(offers.map((offer, o) => (offer.f === f && offer.s === s ? sum(held[o]!) : 0))),
    ),
  )
  const terms = offers.map((offer) => termsOf(offer, market, actions))
  const utility = offers.map((offer, o) =>
    types.nodes.map((_, h) =>
      utilityOf(definition, offer, h, terms[o]!, state, market, actions, usersBefore),
    ),
  )
  const openQuality = Math.max(
    market.openFrontier,
    ...startups.map((startup, f) => (state.alive[f] ? (startup.openness * sum(state.quality[f]!)) / 3 : 0)),
  )

  const zero = () => startups.map(() => segments.map(() => types.nodes.map(() => 0)))
  const [weight, leaving] = [zero(), zero()]
  const shoppers = segments.map(() => types.nodes.map(() => 0))
  const renewed = offers.map(() => types.nodes.map(() => 0))
  const newcomers = offers.map(() => types.nodes.map(() => 0))

  segments.forEach((segment, s) =>
    types.nodes.forEach((_, h) => {
      const here = offers.flatMap((offer, o) => (offer.s === s ? [{ ...offer, o }] : []))
      const within = offers.map(() => 0)
      startups.forEach((_, f) => {
        const present = here.filter((offer) => offer.f === f && state.alive[f] && actions.open[offer.j])
        if (present.length === 0) return
        const best = Math.max(...present.map(({ o }) => utility[o]![h]!))
        const sizes = present.map(({ o }) => Math.exp((utility[o]![h]! - best) / p.nest))
        weight[f]![s]![h] = Math.exp(best) * sum(sizes) ** p.nest
        present.forEach(({ o }, i) => (within[o] = sizes[i]! / sum(sizes)))
      })
      const outside = Math.exp(segment.u0 + segment.beta * segment.psi * openQuality)
      const W = startups.map((_, f) => weight[f]![s]![h]!)
      const known = W.map((w, f) => state.awareness[f]![s]! * w)
      const unknown = W.map((w, f) => (1 - state.awareness[f]![s]!) * w)
      // D without f is summed over the others, not subtracted (3.8).
      const others = W.map((_, f) => outside + sum(known.filter((_, g) => g !== f)))
      const everyone = outside + sum(known)

      const customers = sum(here.map(({ o }) => held[o]![h]!))
      const ready = state.readiness[s]! * market.potential[s]! * types.weights[h]!
      shoppers[s]![h] =
        market.shop[s]! * Math.max(0, ready - customers - state.orphans[s]![h]!) + state.orphans[s]![h]!
      // Orphans who choose nothing rejoin the pool (3.8).
      state.orphans[s]![h] = 0

      const kept = startups.map(() => 0)
      for (const { o, f, j, plan } of here) {
        const expiring = state.cohorts[o]![market.month % plan.term]![h]!
        // Holders of a closed plan all compare, and may stay on a sister plan (3.8).
        const comparing = expiring * (actions.open[j] ? (plan.phi ?? segment.phi) : 1)
        const loyal = Math.exp((plan.sigma ?? segment.sigma) + plan.sigmaAdded) * W[f]!
        const staying = (comparing * loyal) / (loyal + others[f]!)
        kept[f]! += staying
        leaving[f]![s]![h]! += comparing - staying
        renewed[o]![h] = expiring - comparing
      }
      startups.forEach((_, g) => {
        let arriving = (shoppers[s]![h]! * known[g]!) / (everyone + unknown[g]!)
        // Leavers choose among the others, once; those who choose nothing leave the market.
        startups.forEach((_, f) => {
          if (f !== g) arriving += (leaving[f]![s]![h]! * known[g]!) / (others[f]! + unknown[g]!)
        })
        for (const { o, f } of here) {
          if (f !== g) continue
          renewed[o]![h]! += kept[g]! * within[o]!
          newcomers[o]![h] = arriving * within[o]!
        }
      })
    }),
  )

  // Hiring limits are per plan over all segments, on newcomers only (3.8).
  const idleStaff: number[] = []
  const admitted = startups
    .flatMap((startup) => startup.plans)
    .map((plan, j) => {
      const mine = offers.flatMap((offer, o) => (offer.j === j ? [o] : []))
      const asking = sum(mine.map((o) => sum(newcomers[o]!)))
      const served = sum(mine.map((o) => sum(held[o]!)))
      // Nobody hires for a closed plan.
      const hiring = actions.open[j] ? actions.hiring[j]! : 1
      const limit = p.hireBase + p.hireRate * hiring * served
      const usual = p.hireBase + p.hireRate * served
      idleStaff.push(plan.labour > 0 ? Math.max(0, limit - Math.max(usual, asking)) : 0)
      return plan.labour > 0 && asking > limit ? limit / asking : 1
    })
  offers.forEach(({ j, plan }, o) =>
    types.nodes.forEach((_, h) => {
      newcomers[o]![h]! *= admitted[j]!
      renewed[o]![h]! += newcomers[o]![h]!
      state.cohorts[o]![market.month % plan.term]![h] = renewed[o]![h]!
    }),
  )
  return {
    terms,
    utility,
    weight,
    shoppers,
    renewed,
    newcomers,
    leaving,
    usersBefore,
    idleStaff,
    customers: customersOf(state),
  }
}

function termsOf({ j, s, plan }: Offer, market: MarketMonth, actions: Actions): Terms {
  // A cap set by an action is the month-0 value and grows with the allowance (3.8).
  const growth = plan.allowanceGrowth ** market.years
  const cap = actions.cap[j]! * growth
  const included = plan.included * growth
  const factor = actions.priceMultiplier[j]! * market.fall ** plan.passThrough
  const requests = market.usage[s]!.map((usage) => Math.min(usage, cap))
  return {
    price: plan.price * factor,
    requests,
    served: market.usage[s]!.map((usage) => Math.min(1, cap / usage)),
    usageBill: requests.map((answered) => plan.usagePrice * factor * Math.max(0, answered - included)),
  }
}

function utilityOf(
  { parameters: p, segments, startups, types }: MarketDefinition,
  { f, j, s, plan }: Offer,
  h: number,
  terms: Terms,
  state: NaiveState,
  market: MarketMonth,
  actions: Actions,
  usersBefore: number[][],
): number {
  const [segment, startup] = [segments[s]!, startups[f]!]
  const [accuracy, scalability, responsiveness] = state.quality[f]!
  const quality =
    segment.needs[0] * accuracy! +
    segment.needs[1] * scalability! +
    segment.needs[2] * responsiveness! * Math.max(p.responsivenessFloor, state.serviceRatio[f]!)
  const worth =
    segment.beta * quality * actions.qualityShare[j]! * terms.served[h]! ** p.capCurvature +
    segment.theta * state.fit[f]![s]! +
    (segment.nu * usersBefore[f]![s]!) / market.potential[s]! +
    startup.ecoUtility * state.stock[f]! +
    state.taste[f]![s]! -
    segment.alpha * Math.exp(-segment.omega * types.nodes[h]!) * (terms.price + terms.usageBill[h]!) -
    p.commitment * (plan.term - 1) -
    p.adAversion * actions.adLoad[j]! -
    p.trustWeight * (1 - state.trust[f]!)
  return clip(worth, p.utilityLow, p.utilityHigh)
}
