/**
 * Books (section 7.5): double entry. Customers, advertisers and trade pay in; compute, support, labour, fees and
 * third parties are direct costs; R&D, marketing, fixed and segment costs and overhead are operating costs. What is
 * prepaid becomes revenue over the term, and the deferred balance is what is paid and not yet earned.
 */
import { each, max, month, num, only, step, sum, sums, whenAny, where, type Num } from '../trace/index.ts'
import { isFirstMonth } from './entry.ts'
import { ledger } from './ledger.ts'
import {
  cohortsOf,
  duesOf,
  offersOf,
  planOf,
  plans,
  plansOf,
  presenceOf,
  segmentOf,
  startups,
  world,
  type Offer,
  type Pair,
  type Segment,
  type Startup,
  type World,
} from './model.ts'
import type { Acted } from './actions.ts'
import type { Shape } from './shape.ts'

/** The step: revenue, receipts, costs and cash of every startup. */
export const books = (shape: Shape, acted: Acted) =>
  step('books', () => {
    const m = only(world)
    const { post, amount } = ledger(shape.books)
    each(plans, (j) => {
      j.supportShare = where(j.isFree, m.freeSupportFactor, 1)
    })
    // A loop for the offers and one for the startups: a sum that is carried past all that follows would lie in memory too.
    each(startups, (f) => {
      for (const name of POSTED) f[name] = num(0)
      each(presenceOf(f), (p) => whenAny(f.alive, () => postOffers(shape, m, f, p)))
    })
    each(startups, (f) => {
      f.tradeNow = shape.thirdParties ? f.tradeNow.times(f.stock) : num(0)
      f.takeRevenue = shape.thirdParties ? post(f.take.times(f.tradeNow)) : num(0)
      f.revenue = f.subscriptions.plus(f.usageRevenue).plus(f.adRevenue).plus(f.takeRevenue)
      // Summed as they would be postponed, so that a delay of nothing is the same to the bit.
      const collected = shape.credit ? collect(m, f, f.bills) : f.bills
      f.receipts = collected.plus(f.adRevenue).plus(f.takeRevenue)
      f.deferred = f.deferred.plus(f.prepaid).minus(f.subscriptions)

      f.compute = post(f.computeCost)
      f.idle = post(f.idleCost)
      f.supportCost = post(f.support)
      f.labourCost = post(
        shape.labour && acted.has('hiring')
          ? f.labour.plus(sum(plansOf(f), (j) => j.idleStaff.times(j.labour)))
          : f.labour,
      )
      f.receiptFees = post(m.receiptFee.times(amount(f.receipts)))
      f.thirdPartyCost = post(f.out.times(amount(f.revenue)))
      if (shape.compliance) comply(shape, f)
      const direct = f.compute
        .plus(f.idle)
        .plus(f.supportCost)
        .plus(f.labourCost)
        .plus(f.receiptFees)
        .plus(f.thirdPartyCost)
      f.directCost = shape.compliance ? direct.plus(f.privacy) : direct

      f.rdCost = post(f.rdBudget)
      f.marketingCost = post(f.marketingBudget)
      f.fixedCost = where(f.alive, post(f.fixed), 0)
      f.segmentCosts = where(f.alive, post(f.targetedCost), 0)
      f.overhead = post(m.overheadShare.times(max(amount(f.revenue), 0)))
      const operating = f.rdCost.plus(f.marketingCost).plus(f.fixedCost).plus(f.segmentCosts).plus(f.overhead)
      f.operatingCost = shape.compliance ? operating.plus(f.complianceCost) : operating

      const beforeTax = f.revenue.minus(f.directCost).minus(f.operatingCost)
      f.tax = shape.tax ? post(m.profitTax.times(max(amount(beforeTax), 0))) : num(0)
      f.profit = beforeTax.minus(f.tax)
      f.cashFlow = f.receipts.minus(f.directCost).minus(f.operatingCost).minus(f.tax)
      f.cash = f.cash.plus(f.cashFlow)
      f.grossProfit = amount(f.revenue.minus(f.directCost))
      remember(shape, f)
      const outflow = amount(f.cashFlow).negated()
      f.burn = where(
        isFirstMonth(shape, () => f),
        outflow,
        m.burnMemory.times(f.burn).plus(num(1).minus(m.burnMemory).times(outflow)),
      )
    })
  })

/** What brings and takes cash, each as a sum in which months fade within about a year: so an exit can be explained. */
function remember(shape: Shape, f: Startup): void {
  const faded = (sum: Num, posted: Num): Num => sum.times(11 / 12).plus(posted)
  f.recentGross = faded(f.recentGross, f.revenue.minus(f.directCost))
  f.recentRd = faded(f.recentRd, f.rdCost)
  f.recentMarketing = faded(f.recentMarketing, f.marketingCost)
  const structure = f.fixedCost.plus(f.segmentCosts).plus(f.overhead).plus(f.tax)
  f.recentStructure = faded(
    f.recentStructure,
    shape.compliance ? structure.plus(f.complianceCost) : structure,
  )
}

/**
 * What regulation costs: for each customer whose data come from third parties, and for each segment that a startup has a
 * plan for, open or not.
 */
function comply(shape: Shape, f: Startup): void {
  const { post } = ledger(shape.books)
  const { data, duty } = sums(presenceOf(f), (p) => {
    const s = segmentOf(p)
    const users = sum(offersOf(p), (o) => o.users)
    const fixed = where(p.offerCount.equals(0), 0, s.compliance)
    return shape.shocks
      ? { data: users.times(s.regulationNow), duty: fixed.times(s.regulationNow) }
      : { data: users, duty: fixed }
  })
  f.privacy = post(f.privacyCost.times(data))
  f.complianceCost = where(f.alive, post(duty), 0)
}

/** Bills of a segment's customers fall due after its payment delay. */
function postpone(m: World, f: Startup, s: Segment, bills: Num): void {
  const due = duesOf.at(f, month().plus(s.delayMonths).modulo(m.dueMonths))
  due.amount = due.amount.plus(bills)
}

/** Takes in what is due this month. */
function collect(m: World, f: Startup, bills: Num): Num {
  const due = duesOf.at(f, month().modulo(m.dueMonths))
  const collected = due.amount
  due.amount = num(0)
  f.receivable = f.receivable.plus(bills).minus(collected)
  return collected
}

/** What the offers of a startup add up to; some only where the market has what it is for. */
const POSTED = [
  'users',
  'prepaid',
  'subscriptions',
  'usageRevenue',
  'adRevenue',
  'bills',
  'support',
  'labour',
  'tradeNow',
] as const satisfies readonly (keyof Startup)[]

/** Adds up the postings of all offers of a startup in a segment: each is rounded once. */
function postOffers(shape: Shape, m: World, f: Startup, p: Pair): void {
  const s = segmentOf(p)
  each(offersOf(p), (o) => {
    const posted = postOffer(shape, f, s, o)
    for (const name of POSTED) if (posted[name] !== undefined) f[name] = f[name].plus(posted[name])
    if (shape.credit) postpone(m, f, s, posted.bills)
  })
}

function postOffer(
  shape: Shape,
  f: Startup,
  s: Segment,
  o: Offer,
): Partial<Record<(typeof POSTED)[number], Num>> & { bills: Num } {
  const { post, share } = ledger(shape.books)
  const j = planOf(o)
  const term = j.termMonths.toNum()
  const prepaid = post(o.renewed.times(j.priceNow).times(term))
  const slot = cohortsOf.at(o, month().modulo(j.termMonths))
  const equal = share(prepaid, term)
  const monthly = shape.licences ? where(j.atStart.isAbove(0), 0, equal) : equal
  const earned = o.earned.minus(slot.monthly).plus(monthly)
  o.earned = earned
  slot.monthly = monthly
  // The remainder of a division into whole cents is earned in the first month, so the deferred balance ends at 0.
  const rateable = shape.books === 'cents' ? earned.plus(prepaid.minus(equal.times(term))) : earned
  const users = o.users
  const usage = post(o.billed)
  return {
    users,
    prepaid,
    subscriptions: shape.licences ? where(j.atStart.isAbove(0), prepaid.plus(earned), rateable) : rateable,
    usageRevenue: usage,
    bills: prepaid.plus(usage),
    support: users.times(s.support.times(j.supportShare)),
    ...(shape.labour ? { labour: users.times(j.labour) } : {}),
    ...(shape.thirdParties ? { tradeNow: s.trade.times(users) } : {}),
    ...(shape.advertising
      ? { adRevenue: post(o.requests.times(j.adLoadNow).times(f.serviceRatio).times(s.perAd)) }
      : {}),
  }
}
