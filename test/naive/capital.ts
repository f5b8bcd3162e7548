/** Owns step 3.6 of the naive month: funding rounds, and exit of startups whose cash is below zero. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import type { BooksFlow } from './books.ts'
import type { ChoiceFlow } from './choice.ts'
import { runwayOf } from './decisions.ts'
import { postingOf } from './ledger.ts'
import { type Draws, type MarketMonth, type NaiveState, type Offer, clip } from './state.ts'

/** The flows of the capital step, [f]. */
export interface CapitalFlow {
  /** Currency raised; 0 where no round took place. */
  readonly raised: number[]
  /** Exited this month. */
  readonly insolvent: boolean[]
  readonly askedForMoney: boolean[]
}

/** Raises money for short runways, then closes what is insolvent and orphans its customers. */
export function capital(
  definition: MarketDefinition,
  offers: readonly Offer[],
  state: NaiveState,
  market: MarketMonth,
  draws: Draws,
  { customers }: ChoiceFlow,
  { revenue, users }: BooksFlow,
): CapitalFlow {
  const { parameters: p, startups } = definition
  const { month } = market
  const post = postingOf(definition.books)
  state.history.push({ revenue, users })
  const userValue = state.boom ? p.userValueBoom : p.userValueWinter
  const size = (money: number, people: number) =>
    money + p.growthUserWeight * userValue * people + p.growthOffset
  const flow: CapitalFlow = { raised: [], insolvent: [], askedForMoney: [] }
  startups.forEach((_, f) => {
    const accounts = state.ledger[f]!
    // Growth and the first round count from entry.
    const entered = Math.max(state.enteredAt[f]!, 0)
    const past = state.history[Math.max(month - p.growthWindow, entered)]!
    const [income, people] = [revenue[f]!, users[f]!]
    const margin =
      income > p.smallRevenue
        ? clip(state.grossProfit[f]! / income, p.marginLow, p.marginHigh)
        : p.smallRevenueMargin
    const growth = p.growthScale * Math.log(size(income, people) / size(past.revenue[f]!, past.users[f]!))
    const score =
      p.fundingIntercept +
      p.fundingGrowth * clip(growth, p.fundingGrowthLow, p.fundingGrowthHigh) +
      p.fundingMargin * margin +
      (state.boom ? 0 : p.fundingWinter) +
      p.fundingPerRound * state.rounds[f]!
    const floor = state.rounds[f] === 0 ? p.firstFloor * (state.boom ? 1 : p.firstFloorWinterFactor) : 0
    const yearsOfRevenue = state.boom ? p.multipleBoom : p.multipleWinter
    const worth =
      yearsOfRevenue * 12 * Math.max(income, 0) * clip(margin, p.preMarginLow, p.preMarginHigh) +
      userValue * people
    const pre = Math.max(floor, worth)
    const burn = Math.max(state.burn[f]!, 0)
    const amount = Math.min(p.roundBurnMonths * burn, (pre * p.dilution) / (1 - p.dilution))
    const asks =
      state.alive[f]! &&
      runwayOf(definition, state, f) < p.askBelowRunway &&
      month - state.lastRound[f]! >= p.monthsBetweenRounds &&
      month - entered >= p.firstRoundMonth
    // Refused if under the least amount (3.6); the numpy reference also refuses exactly that amount.
    const raised =
      asks &&
      draws.funding(month, f) < 1 / (1 + Math.exp(-score) / market.fundingOdds) &&
      amount >= p.roundLeastBurnMonths * burn &&
      amount >= p.roundLeast
    const booked = raised ? post(amount) : 0
    if (raised) {
      accounts.cash += booked
      accounts.equity -= booked
      state.cash[f] = accounts.cash / post.unit
      state.founderStake[f]! *= pre / (pre + booked / post.unit)
      state.lastRound[f] = month
      state.rounds[f]!++
    }
    // Cash of exactly 0 survives (3.8).
    const insolvent = state.alive[f]! && state.cash[f]! < 0
    if (insolvent) exit(offers, state, f, customers)
    flow.raised.push(booked / post.unit)
    flow.insolvent.push(insolvent)
    flow.askedForMoney.push(asks)
  })
  return flow
}

/**
 * Closes startup f: its customers are orphans, and what its accounts still hold goes to write-offs, so that cash,
 * receivable and deferred stand at zero in the ledger. `state.cash` keeps the cash that it failed with, as in
 * the numpy reference, which has no ledger.
 */
function exit(offers: readonly Offer[], state: NaiveState, f: number, customers: number[][]): void {
  const accounts = state.ledger[f]!
  state.alive[f] = false
  offers.forEach(({ f: owner, s }, o) => {
    if (owner !== f) return
    customers[o]!.forEach((count, h) => (state.orphans[s]![h]! += count))
    state.cohorts[o] = state.cohorts[o]!.map((slot) => slot.map(() => 0))
    state.prepaid[o]!.fill(0)
  })
  for (const due of state.receivable) due[f] = 0
  accounts.writtenOffCash += accounts.cash
  accounts.writtenOffReceivable += accounts.receivable
  accounts.writtenOffDeferred += accounts.deferred
  accounts.cash = accounts.receivable = accounts.deferred = 0
}
