/** Owns step 3.5 of the naive month: revenue, receipts and costs, posted in double entry. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import type { ChoiceFlow } from './choice.ts'
import type { Actions } from './decisions.ts'
import { directAccounts, operatingAccounts, postingOf } from './ledger.ts'
import type { ServiceFlow } from './service.ts'
import { type MarketMonth, type NaiveState, type Offer, sum } from './state.ts'

type Costs<Name extends string> = Record<Name, number[]>

/** The flows of the books step: currency a month, [f]; in whole-cent books each is a whole number of cents. */
export interface BooksFlow {
  readonly subscriptions: number[]
  readonly usageRevenue: number[]
  readonly ads: number[]
  readonly take: number[]
  readonly revenue: number[]
  readonly receipts: number[]
  readonly direct: Costs<(typeof directAccounts)[number]>
  readonly operating: Costs<(typeof operatingAccounts)[number]>
  readonly tax: number[]
  readonly cashFlow: number[]
  readonly profit: number[]
  /** Paid and not yet recognised, after the month's postings. */
  readonly deferred: number[]
  /** Customers billed, free ones included. */
  readonly users: number[]
}

/**
 * Books the month. Every aggregated row is rounded once: bills, usage and ads per offer; take and each cost per
 * startup. A prepaid row is cut into its months in booked units, the first month taking the remainder, so that
 * its deferred balance ends at exactly zero.
 */
export function books(
  definition: MarketDefinition,
  offers: readonly Offer[],
  state: NaiveState,
  market: MarketMonth,
  actions: Actions,
  { customers, renewed, idleStaff, terms }: ChoiceFlow,
  served: ServiceFlow,
): BooksFlow {
  const { parameters: p, segments, startups } = definition
  const { month } = market
  const post = postingOf(definition.books)
  const dueNow = state.receivable[month % state.receivable.length]!
  const flow: BooksFlow = {
    subscriptions: [],
    usageRevenue: [],
    ads: [],
    take: [],
    revenue: [],
    receipts: [],
    direct: {
      compute: [],
      idle: [],
      support: [],
      labour: [],
      receiptFees: [],
      thirdParties: [],
      privacy: [],
    },
    operating: { rd: [], marketing: [], fixed: [], segmentCost: [], overhead: [], compliance: [] },
    tax: [],
    cashFlow: [],
    profit: [],
    deferred: [],
    users: [],
  }
  startups.forEach((startup, f) => {
    let [subscriptions, usageRevenue, ads, trade, support, labour, users, regulated] = [
      0, 0, 0, 0, 0, 0, 0, 0,
    ]
    const accounts = state.ledger[f]!
    offers.forEach(({ f: owner, j, s, plan }, o) => {
      if (owner !== f) return
      const [segment, count, slots] = [segments[s]!, sum(customers[o]!), state.prepaid[o]!]
      const slot = month % plan.term
      const prepaid = post(sum(renewed[o]!) * terms[o]!.price * plan.term)
      // A licence is recognised at its start, so nothing of it is left for later months.
      slots[slot] = plan.recognition === 'start' ? 0 : post.later(prepaid, plan.term)
      const firstMonth = prepaid - slots[slot]! * (plan.term - 1)
      subscriptions += firstMonth + sum(slots.filter((_, other) => other !== slot))
      const usage = post(sum(customers[o]!.map((n, h) => n * terms[o]!.usageBill[h]!)))
      usageRevenue += usage
      const shown = served.requests[o]! * served.ratio[f]! * actions.adLoad[j]!
      ads += post((shown * p.revenuePerThousandAds) / 1000 / market.usageGrowth[s]!)
      // Payment delay covers customers' bills, not ads or take (3.8).
      state.receivable[(month + segment.paymentDelay) % state.receivable.length]![f]! += prepaid + usage
      accounts.receivable += prepaid + usage
      accounts.deferred -= prepaid
      trade += segment.trade * count
      support +=
        count * segment.support * (plan.price === 0 && plan.usagePrice === 0 ? p.freeSupportFactor : 1)
      labour += count * plan.labour
      users += count
      regulated += count * market.regulation[s]!
    })
    const firstPlan = sum(startups.slice(0, f).map(({ plans }) => plans.length))
    labour += sum(startup.plans.map((plan, k) => idleStaff[firstPlan + k]! * plan.labour))
    const take = post(actions.takeRate[f]! * trade * state.stock[f]!)
    const collected = dueNow[f]!
    dueNow[f] = 0
    const revenue = subscriptions + usageRevenue + ads + take
    const receipts = collected + ads + take
    accounts.deferred += subscriptions
    accounts.receivable -= collected
    accounts.subscriptions -= subscriptions
    accounts.usageRevenue -= usageRevenue
    accounts.ads -= ads
    accounts.take -= take

    const present = state.alive[f] ? 1 : 0
    // A segment is targeted while its share of this month's split is above 0; the numpy reference keeps the
    // segments targeted at the start.
    const targeted = segments.filter((_, s) => actions.split[f]![s]! > 0)
    const direct = {
      compute: post(served.compute[f]!),
      idle: post(served.idle[f]!),
      support: post(support),
      labour: post(labour),
      receiptFees: post((p.receiptFee * receipts) / post.unit),
      thirdParties: post((actions.outShare[f]! * revenue) / post.unit),
      privacy: post(startup.privacyCost * regulated),
    }
    const operating = {
      rd: post(actions.rd[f]!),
      marketing: post(actions.marketing[f]!),
      fixed: post(startup.fixed * present),
      segmentCost: post(sum(targeted.map((segment) => segment.cost)) * present),
      overhead: post((p.overheadShare * Math.max(revenue, 0)) / post.unit),
      compliance: post(
        present *
          sum(
            segments.map(({ id, compliance }, s) =>
              startup.plans.some(({ offeredTo }) => offeredTo.includes(id))
                ? compliance * market.regulation[s]!
                : 0,
            ),
          ),
      ),
    }
    const directCost = sum(Object.values(direct))
    const operatingCost = sum(Object.values(operating))
    const tax = post((p.profitTax * Math.max(revenue - directCost - operatingCost, 0)) / post.unit)
    const cashFlow = receipts - directCost - operatingCost - tax
    for (const name of directAccounts) accounts[name] += direct[name]
    for (const name of operatingAccounts) accounts[name] += operating[name]
    accounts.tax += tax
    accounts.cash += cashFlow

    if (state.alive[f]) state.cash[f] = accounts.cash / post.unit
    state.grossProfit[f] = (revenue - directCost) / post.unit
    const outflow = -cashFlow / post.unit
    state.burn[f] =
      month === 0 || state.enteredAt[f] === month
        ? outflow
        : p.burnMemory * state.burn[f]! + (1 - p.burnMemory) * outflow
    const profit = revenue - directCost - operatingCost - tax
    const booked = { subscriptions, usageRevenue, ads, take, revenue, receipts, tax, cashFlow, profit }
    for (const [name, amount] of Object.entries(booked))
      flow[name as keyof typeof booked].push(amount / post.unit)
    for (const name of directAccounts) flow.direct[name].push(direct[name] / post.unit)
    for (const name of operatingAccounts) flow.operating[name].push(operating[name] / post.unit)
    flow.deferred.push((0 - accounts.deferred) / post.unit)
    flow.users.push(users)
  })
  return flow
}
