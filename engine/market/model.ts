/**
 * The memory of the market: its dimensions, their columns with unit and meaning, and how they hang together.
 * Parameters come from the declaration tables; state lasts from month to month; flows are computed every month.
 * The words are those of docs/model.md.
 */
import {
  children,
  dimension,
  flow,
  link,
  list,
  parameter,
  state,
  structure,
  type EntityOf,
} from '../trace/index.ts'
import type { ColumnDraft } from '../trace/dimension.ts'
import { planTable, segmentTable, shockTable, startupTable } from './definition.ts'
import { parameterTable } from './parameters.ts'

/** Customer types per segment; they are unrolled. */
export const TYPES = [0, 1, 2] as const
/** Attributes of quality: accuracy, scalability, responsiveness. */
export const ATTRIBUTES = [0, 1, 2] as const
/** The attribute that suffers when reserved compute falls short. */
export const RESPONSIVENESS = 2

type Declared = Readonly<Record<string, { readonly unit: string; readonly meaning: string }>>
type Parameter = ColumnDraft<'parameter', { unit: string; meaning: string }>

/** A parameter column for every row of a declaration table. */
function parametersOf<T extends Declared>(table: T): { [K in keyof T]: Parameter } {
  const entries = Object.entries(table).map(([name, { unit, meaning }]) => [
    name,
    parameter({ unit, meaning }),
  ])
  return Object.fromEntries(entries) as { [K in keyof T]: Parameter }
}

export const world = dimension('world', 'the market as a whole', {
  ...parametersOf(parameterTable),
  nodes: parameter({ unit: '1', meaning: 'node z of each customer type', length: 3 }),
  weights: parameter({ unit: 'share', meaning: 'share of each customer type', length: 3 }),
  dueMonths: structure({
    unit: 'months',
    meaning: 'months in the ring of bills that are due: the longest delay and one',
  }),
  growthWindowMonths: structure({ unit: 'months', meaning: 'months over which growth is judged' }),
  boom: state({ unit: '1', meaning: 'whether investors are in a boom', kind: 'bool' }),
  readinessSpeed: state({ unit: 'factor', meaning: 'speed of readiness in this replication' }),
  years: flow({ unit: 'years', meaning: 'time since month 0' }),
  fall: flow({ unit: 'factor', meaning: 'compute price over that of month 0' }),
  compute: flow({ unit: 'money per request', meaning: 'compute price at the frontier' }),
  perRdScaleNow: flow({ unit: '1 over money a month', meaning: '1 over rdScaleNow' }),
  perRdScale: flow({
    unit: '1 over money a month',
    meaning: '1 over the R&D that gives unit effort in month 0',
  }),
  rdScaleNow: flow({ unit: 'money a month', meaning: 'R&D that gives unit effort, inflated' }),
  perNest: flow({ unit: '1', meaning: '1 / lambda' }),
  nestedLow: flow({ unit: '1', meaning: 'least utility over lambda' }),
  nestedHigh: flow({ unit: '1', meaning: 'highest utility over lambda' }),
  leastWeight: flow({ unit: '1', meaning: 'e to the least utility over lambda' }),
  mostWeight: flow({ unit: '1', meaning: 'e to the highest utility over lambda' }),
  leastPull: flow({ unit: '1', meaning: 'e to the least utility' }),
  mostPull: flow({ unit: '1', meaning: 'e to the highest utility' }),
  openFrontierNow: flow({ unit: '1', meaning: 'quality of open models, shocks included' }),
  fundingOdds: flow({ unit: 'factor', meaning: 'shocks to the odds of a funding round' }),
  openQuality: flow({ unit: '1', meaning: 'quality of the best open model' }),
  leaderQuality: flow({ unit: '1', meaning: 'best quality of each attribute among the living', length: 3 }),
  leaderImitability: flow({
    unit: 'share a month',
    meaning: 'how fast the leader of each attribute is copied',
    length: 3,
  }),
  climateDraws: state({ unit: '1', meaning: 'draws for the climate of four months', length: 4 }),
  climateDraw: flow({ unit: '1', meaning: 'uniform draw of the month for the climate' }),
  horizon: parameter({ unit: 'months', meaning: 'months simulated' }),
  turn: flow({
    unit: '1',
    meaning: '1 when the climate turns to boom this month, -1 when to winter, else 0',
  }),
  marketRevenue: flow({ unit: 'ledger units', meaning: 'revenue of all startups in the month' }),
  userValue: flow({ unit: 'money per user', meaning: "investors' value of a user in today's climate" }),
})

export const segments = dimension('segments', 'groups of customers with the same needs', {
  ...parametersOf(segmentTable),
  needs: parameter({ unit: 'share', meaning: 'weights on the attributes of quality', length: 3 }),
  word: structure({ unit: '1', meaning: 'tells random draws of segments apart' }),
  delayMonths: structure({ unit: 'months', meaning: 'months after which its bills are paid' }),
  readiness: state({ unit: 'share', meaning: 'share of the potential that is ready to choose' }),
  orphans: state({ unit: 'customers', meaning: 'customers of startups that failed last month', length: 3 }),
  perAd: flow({ unit: 'money', meaning: 'revenue of one ad shown' }),
  network: flow({ unit: 'utils per customer', meaning: 'network effect of one customer' }),
  wordOfMouthNow: flow({ unit: 'hazard a month', meaning: 'word of mouth of one customer' }),
  shopNow: flow({ unit: 'share a month', meaning: 'share of ready non-customers who shop, shocks included' }),
  regulationNow: flow({ unit: 'factor', meaning: 'shocks to the cost of complying with regulation' }),
  innovation: flow({ unit: 'share a month', meaning: 'readiness from outside' }),
  imitation: flow({ unit: 'share a month per customer', meaning: 'readiness from one adopter' }),
  usageFactor: flow({ unit: 'factor', meaning: 'growth of usage since month 0' }),
  potentialNow: flow({ unit: 'customers', meaning: 'potential this month' }),
  potentialOfType: flow({ unit: 'customers', meaning: 'potential of each type', length: 3 }),
  usageOfType: flow({ unit: 'requests a month', meaning: 'usage of each type', length: 3 }),
  alphaOfType: flow({
    unit: 'utils per money a month',
    meaning: 'price sensitivity of each type',
    length: 3,
  }),
  outside: flow({ unit: '1', meaning: 'weight of doing without' }),
  everyone: flow({
    unit: '1',
    meaning: 'weight of doing without and of all startups as far as known',
    length: 3,
  }),
  held: flow({
    unit: 'customers',
    meaning: 'customers of all startups at the start of the month',
    length: 3,
  }),
  shoppers: flow({ unit: 'customers', meaning: 'customers who look for an offer', length: 3 }),
  pressure: flow({ unit: 'hazard a month', meaning: "everyone's marketing per aware customer it could buy" }),
  adopters: flow({ unit: 'customers', meaning: 'customers at the end of the month, after exits' }),
})

const { cash: initialCash, ...startupParameters } = parametersOf(startupTable)

export const startups = dimension('startups', 'competing companies', {
  ...startupParameters,
  initialCash,
  settings: parameter({
    unit: '1',
    meaning: 'settings of its strategy, in the order in which the strategy declares them',
    length: 8,
  }),
  initialQuality: parameter({ unit: '1', meaning: 'quality before month 0', length: 3 }),
  mix: parameter({ unit: 'share', meaning: 'shares of R&D by attribute', length: 3 }),
  word: structure({ unit: '1', meaning: 'tells random draws of startups apart' }),
  // state
  alive: state({ unit: '1', meaning: 'whether it is still in business', kind: 'bool' }),
  ability: state({ unit: 'factor', meaning: 'ability in R&D in this replication' }),
  quality: state({ unit: '1', meaning: 'quality by attribute relative to the frontier', length: 3 }),
  efficiency: state({ unit: 'share', meaning: 'progress towards cheaper serving' }),
  stock: state({
    unit: 'share',
    meaning: 'third-party stock: sellers, developers, data providers or partners',
  }),
  trust: state({ unit: 'share', meaning: 'trust of customers' }),
  reserved: state({ unit: 'requests a month', meaning: 'compute reserved for the month' }),
  usage: state({ unit: 'requests a month', meaning: 'requests asked for in the month' }),
  serviceRatio: state({ unit: 'share', meaning: 'share of requests that reserved compute could serve' }),
  cash: state({ unit: 'ledger units', meaning: 'cash' }),
  deferred: state({ unit: 'ledger units', meaning: 'paid by customers and not yet earned' }),
  receivable: state({ unit: 'ledger units', meaning: 'billed to customers and not yet paid' }),
  writtenOffReceivable: state({ unit: 'ledger units', meaning: 'unpaid bills written off at exit' }),
  grossProfit: state({ unit: 'money a month', meaning: 'revenue less direct cost in the month' }),
  burn: state({ unit: 'money a month', meaning: 'smoothed net outflow' }),
  rounds: state({ unit: '1', meaning: 'funding rounds so far' }),
  lastRound: state({ unit: 'month', meaning: 'month of the last round' }),
  founderStake: state({ unit: 'share', meaning: "founders' stake" }),
  raisedTotal: state({ unit: 'ledger units', meaning: 'capital raised since the start' }),
  profitTotal: state({ unit: 'ledger units', meaning: 'profit since the start' }),
  revenueTotal: state({ unit: 'ledger units', meaning: 'revenue since the start' }),
  startingCash: state({ unit: 'ledger units', meaning: 'cash before month 0' }),
  entryMonth: state({ unit: 'month', meaning: 'month of entry, -1 before it' }),
  entryDraw: flow({ unit: '1', meaning: 'uniform draw of the month for entry' }),
  enters: flow({ unit: '1', meaning: 'whether it enters this month', kind: 'bool' }),
  firstRevenue: state({ unit: 'money a month', meaning: 'revenue in its month of entry' }),
  firstUsers: state({ unit: 'customers', meaning: 'users in its month of entry' }),
  exitMonth: state({ unit: 'month', meaning: 'month of exit, -1 while alive' }),
  writtenOffCash: state({ unit: 'ledger units', meaning: 'debts written off at exit' }),
  writtenOffDeferred: state({ unit: 'ledger units', meaning: 'prepaid service written off at exit' }),
  lateRevenue: state({ unit: 'ledger units', meaning: 'revenue of the last two years' }),
  lateOperatingCost: state({ unit: 'ledger units', meaning: 'operating cost of the last two years' }),
  lateDirectCost: state({ unit: 'ledger units', meaning: 'direct cost of the last two years' }),
  healthSustain: state({ unit: '1', meaning: 'sum over living months of clamp(runway / 18, 0, 1)' }),
  userValueSum: state({
    unit: 'money',
    meaning: 'sum over months of what its customers gain over doing without',
  }),
  idealValueSum: state({ unit: 'money', meaning: 'the same at frontier quality and cost price' }),
  monthsAlive: state({ unit: 'months', meaning: 'months in business' }),
  recentGross: state({ unit: 'ledger units', meaning: 'gross profit, of about a year' }),
  recentRd: state({ unit: 'ledger units', meaning: 'R&D, of about a year' }),
  recentMarketing: state({ unit: 'ledger units', meaning: 'marketing, of about a year' }),
  recentStructure: state({
    unit: 'ledger units',
    meaning: 'fixed and segment costs, overhead and tax, of about a year',
  }),
  refused: state({ unit: 'rounds', meaning: 'rounds refused since it last raised capital' }),
  exitCause: state({
    unit: '1',
    meaning: 'what its gross profit of the year before its exit did not cover, by number',
  }),
  shocksAtExit: state({ unit: 'shocks', meaning: 'shocks that lasted when it failed' }),
  exitInWinter: state({ unit: '0 or 1', meaning: 'whether the climate was winter when it failed' }),
  fault: state({
    unit: '1',
    meaning: 'first action that was not a finite number, by month and action, 0 if none',
  }),
  // decisions
  rdBudget: flow({ unit: 'money a month', meaning: 'R&D decided' }),
  marketingBudget: flow({ unit: 'money a month', meaning: 'marketing decided' }),
  take: flow({ unit: 'share', meaning: 'take rate decided' }),
  out: flow({ unit: 'share', meaning: 'share of revenue paid to third parties, decided' }),
  mixGain: flow({ unit: 'factor', meaning: 'rho sqrt(3 mix) of each attribute', length: 3 }),
  efficiencyGain: flow({ unit: 'factor', meaning: 'rho sqrt(3 share) of efficiency' }),
  efficiencyMix: flow({ unit: 'share', meaning: 'share of R&D into efficiency decided' }),
  // flows
  runway: flow({ unit: 'months', meaning: 'cash over burn at the decision' }),
  meanQuality: flow({ unit: '1', meaning: 'mean quality of the attributes' }),
  unitCost: flow({ unit: 'money per request', meaning: 'compute cost of a request at full quality' }),
  requests: flow({ unit: 'requests a month', meaning: 'requests asked for' }),
  fullCompute: flow({ unit: 'money a month', meaning: 'compute cost of all requests asked for' }),
  computeCost: flow({ unit: 'money a month', meaning: 'compute cost of the requests served' }),
  idleCost: flow({ unit: 'money a month', meaning: 'cost of reserved compute left idle' }),
  subscriptions: flow({ unit: 'ledger units', meaning: 'subscription revenue' }),
  prepaid: flow({ unit: 'ledger units', meaning: 'received in advance in the month' }),
  usageRevenue: flow({ unit: 'ledger units', meaning: 'usage revenue' }),
  adRevenue: flow({ unit: 'ledger units', meaning: 'advertising revenue' }),
  bills: flow({ unit: 'ledger units', meaning: 'prepaid and usage, billed in the month' }),
  tradeNow: flow({ unit: 'money a month', meaning: 'trade of its customers with third parties' }),
  takeRevenue: flow({ unit: 'ledger units', meaning: 'revenue from trade' }),
  revenue: flow({ unit: 'ledger units', meaning: 'revenue' }),
  receipts: flow({ unit: 'ledger units', meaning: 'cash received' }),
  directCost: flow({ unit: 'ledger units', meaning: 'direct cost' }),
  operatingCost: flow({ unit: 'ledger units', meaning: 'operating cost' }),
  tax: flow({ unit: 'ledger units', meaning: 'profit tax' }),
  compute: flow({ unit: 'ledger units', meaning: 'compute, posted' }),
  idle: flow({ unit: 'ledger units', meaning: 'idle compute, posted' }),
  support: flow({ unit: 'money a month', meaning: 'cost of supporting its users' }),
  supportCost: flow({ unit: 'ledger units', meaning: 'support, posted' }),
  labour: flow({ unit: 'money a month', meaning: 'cost of working for its users' }),
  labourCost: flow({ unit: 'ledger units', meaning: 'labour, posted' }),
  receiptFees: flow({ unit: 'ledger units', meaning: 'fees on receipts, posted' }),
  thirdPartyCost: flow({ unit: 'ledger units', meaning: 'paid to third parties, posted' }),
  rdCost: flow({ unit: 'ledger units', meaning: 'R&D, posted' }),
  marketingCost: flow({ unit: 'ledger units', meaning: 'marketing, posted' }),
  fixedCost: flow({ unit: 'ledger units', meaning: 'fixed cost, posted' }),
  segmentCosts: flow({ unit: 'ledger units', meaning: 'cost of targeting segments, posted' }),
  overhead: flow({ unit: 'ledger units', meaning: 'overhead, posted' }),
  privacy: flow({ unit: 'ledger units', meaning: 'cost of handling data lawfully, posted' }),
  complianceCost: flow({ unit: 'ledger units', meaning: 'cost of complying with regulation, posted' }),
  outage: flow({ unit: 'share', meaning: 'trust lost to outages this month' }),
  profit: flow({ unit: 'ledger units', meaning: 'profit after tax' }),
  cashFlow: flow({ unit: 'ledger units', meaning: 'receipts less payments, before rounds' }),
  users: flow({ unit: 'customers', meaning: 'customers billed in the month, before exits' }),
  freeUsers: flow({ unit: 'customers', meaning: 'customers on free plans, after exits' }),
  paidUsers: flow({ unit: 'customers', meaning: 'customers on paid plans, after exits' }),
  crowdUsers: flow({ unit: 'customers', meaning: 'users after exits' }),
  raised: flow({ unit: 'ledger units', meaning: 'capital raised in the month' }),
  asked: flow({ unit: '1', meaning: 'whether it looked for capital', kind: 'bool' }),
  exits: flow({ unit: '1', meaning: 'whether it failed this month', kind: 'bool' }),
  studied: flow({ unit: 'factor', meaning: 'R&D that teaches it industries' }),
  targetedCost: flow({ unit: 'money a month', meaning: 'cost of the segments it targets' }),
  fundingDraws: state({ unit: '1', meaning: 'funding draws of four months', length: 4 }),
  fundingDraw: flow({ unit: '1', meaning: 'uniform draw of the month for funding' }),
})

export const lags = dimension('lags', 'past months of a startup', {
  revenue: state({ unit: 'money a month', meaning: 'revenue of that month' }),
  users: state({ unit: 'customers', meaning: 'users of that month' }),
})

export const dues = dimension('dues', 'bills of a startup by the month in which they are paid: a ring', {
  amount: state({ unit: 'ledger units', meaning: 'bills due in that month' }),
})

export const plans = dimension('plans', 'ways of paying for a product', {
  ...parametersOf(planTable),
  atStart: parameter({ unit: '0 or 1', meaning: 'whether the price is earned at the start of the term' }),
  ownPhi: parameter({ unit: '0 or 1', meaning: 'whether the plan has an attention of its own' }),
  ownSigma: parameter({ unit: '0 or 1', meaning: 'whether the plan has a switching cost of its own' }),
  termMonths: structure({ unit: 'months', meaning: 'months prepaid at once' }),
  multiplier: state({ unit: 'factor', meaning: 'price over the list price of the month, as last decided' }),
  multiplierNext: flow({
    unit: 'factor',
    meaning: 'price over the list price of the month, while startups decide',
  }),
  adLoadNow: flow({ unit: 'ads a request', meaning: 'ad load decided' }),
  capNow: flow({ unit: 'requests a month', meaning: 'cap decided, before its growth' }),
  openNow: flow({ unit: '1', meaning: 'whether the plan takes new customers', kind: 'bool' }),
  openNext: flow({ unit: '1', meaning: 'the same while startups decide', kind: 'bool' }),
  wasOpen: state({ unit: '1', meaning: 'whether it took new customers in the month before', kind: 'bool' }),
  qualityNow: flow({ unit: 'share', meaning: "quality served over the startup's own, decided" }),
  hiring: flow({ unit: 'factor', meaning: 'hire rate over the usual one, decided' }),
  idleStaff: flow({
    unit: 'customers',
    meaning: 'customers whom staff hired beyond the usual rate still lacks',
  }),
  allowance: flow({ unit: 'factor', meaning: 'growth of caps and included requests since month 0' }),
  slide: flow({ unit: 'factor', meaning: 'fall of its prices with compute cost since month 0' }),
  priceNow: flow({ unit: 'money a month', meaning: 'price of a month' }),
  usagePriceNow: flow({ unit: 'money a request', meaning: 'price of a request above the included ones' }),
  qualityCost: flow({ unit: '1', meaning: 'compute cost of its quality over that of full quality' }),
  supportShare: flow({ unit: 'share', meaning: 'support it costs over that of a paid plan' }),
  isFree: flow({ unit: '1', meaning: 'whether neither use nor access costs anything', kind: 'bool' }),
  word: structure({ unit: '1', meaning: 'tells random draws of plans apart' }),
})

export const pairs = dimension('pairs', 'a startup in a segment where it sells or advertises', {
  share: parameter({ unit: 'share', meaning: 'share of its marketing spent here' }),
  shareNow: flow({ unit: 'share', meaning: 'share of its marketing spent here, decided' }),
  initialFit: parameter({ unit: 'share', meaning: 'industry fit before month 0' }),
  word: structure({ unit: '1', meaning: 'tells random draws of pairs apart' }),
  offerCount: structure({ unit: 'offers', meaning: 'plans that the startup offers here' }),
  spendRate: flow({
    unit: 'hazard a month per money',
    meaning: 'marketing pressure of one unit of the budget',
  }),
  isTargeted: flow({ unit: '1', meaning: 'whether marketing is spent here', kind: 'bool' }),
  taste: state({ unit: 'utils', meaning: 'taste shock' }),
  fit: state({ unit: 'share', meaning: 'industry fit' }),
  awareness: state({ unit: 'share', meaning: 'share of the segment that knows the startup' }),
  users: flow({ unit: 'customers', meaning: 'customers at the start of the month' }),

  tasteDraws: state({ unit: '1', meaning: 'taste draws of four months', length: 4 }),
  tasteDraw: flow({ unit: '1', meaning: 'standard normal draw of the month' }),
  idealPull: flow({
    unit: '1',
    meaning: 'weight of its offers at frontier quality and cost price, but for what sets it apart here',
    length: 3,
  }),
  pull: flow({ unit: '1', meaning: 'weight of the startup for those who know it', length: 3 }),
  reach: flow({ unit: '1', meaning: 'awareness times pull', length: 3 }),
  others: flow({ unit: '1', meaning: 'weight of doing without and of the other startups', length: 3 }),
  merit: flow({ unit: '1', meaning: 'its quality in the eyes of the segment' }),
  appeal: flow({ unit: 'utils', meaning: 'what the startup adds to the utility of all its offers' }),
  inside: flow({ unit: '1', meaning: 'sum of the weights of its plans', length: 3 }),
  leaving: flow({ unit: 'customers', meaning: 'comparing customers who leave', length: 3 }),
  arriving: flow({ unit: 'customers', meaning: 'customers who come from outside or from rivals', length: 3 }),
})

export const offers = dimension('offers', 'a plan in a segment', {
  word: structure({ unit: '1', meaning: 'tells random draws of offers apart' }),
  customers: state({ unit: 'customers', meaning: 'customers by type', length: 3 }),
  attention: flow({ unit: 'share', meaning: 'share of expiring customers who compare' }),
  loyalty: flow({ unit: '1', meaning: 'e to the switching cost' }),
  capOfMonth: flow({ unit: 'requests a month', meaning: 'cap in force' }),
  answered: flow({ unit: 'requests a month', meaning: 'requests of a customer of each type', length: 3 }),
  usageBill: flow({ unit: 'money a month', meaning: 'usage billed to a customer of each type', length: 3 }),
  worth: flow({ unit: 'utils', meaning: 'value of full quality over lambda, by type', length: 3 }),
  sacrifice: flow({
    unit: 'utils',
    meaning: 'disutility of bill, commitment and ads over lambda, by type',
    length: 3,
  }),
  isAlike: flow({ unit: '1', meaning: 'whether it is worth the same to all types', kind: 'bool' }),
  relief: flow({
    unit: 'factor',
    meaning: 'weight for a type over that for the middle one, if it is worth the same to both',
    length: 3,
  }),
  size: flow({ unit: '1', meaning: 'weight within the startup', length: 3 }),
  tail: flow({ unit: '1', meaning: 'weights of this and the later plans of the startup', length: 3 }),
  newcomers: flow({ unit: 'customers', meaning: 'customers who join', length: 3 }),
  left: flow({ unit: 'customers', meaning: 'customers whose term ended and who left the startup' }),
  kept: flow({ unit: 'customers', meaning: 'customers who compared and stay with the startup', length: 3 }),
  settled: flow({ unit: 'customers', meaning: 'customers who compared and settle here', length: 3 }),
  staying: flow({ unit: 'customers', meaning: 'expiring customers who do not compare', length: 3 }),
  renewed: flow({ unit: 'customers', meaning: 'customers whose term starts this month' }),
  users: flow({ unit: 'customers', meaning: 'customers of all types, after exits at the end of the month' }),
  requests: flow({ unit: 'requests a month', meaning: 'requests of all its customers' }),
  billed: flow({ unit: 'money a month', meaning: 'usage billed to all its customers' }),
  earned: state({ unit: 'ledger units', meaning: 'revenue earned a month from those who have paid' }),
})

export const cohorts = dimension(
  'cohorts',
  "a plan's customers in a segment by month of renewal: a ring of as many slots as the term has months",
  {
    customers: state({ unit: 'customers', meaning: 'customers by type', length: 3 }),
    monthly: state({ unit: 'ledger units', meaning: 'revenue earned each month from those who paid here' }),
  },
)

export const shocks = dimension('shocks', 'what happens to the market from outside', {
  ...parametersOf(shockTable),
  isRandom: parameter({ unit: '0 or 1', meaning: 'whether it begins at random' }),
  word: structure({ unit: '1', meaning: 'tells random draws of shocks apart' }),
  draw: flow({ unit: '1', meaning: 'uniform draw of the month' }),
  ends: state({ unit: 'month', meaning: 'first month in which it no longer lasts' }),
  begins: flow({ unit: '1', meaning: 'whether it begins this month', kind: 'bool' }),
  lasts: flow({ unit: '1', meaning: 'whether it lasts this month', kind: 'bool' }),
})

export const notices = dimension(
  'notices',
  'what may happen in a month: the climate turns, a startup raises capital, fails or enters, a shock begins',
  {},
)

/** The startups of a segment. */
export const pairsOf = children('pairsOf', segments, pairs)
/** The plans of a startup in a segment. */
export const offersOf = children('offersOf', pairs, offers)
/** The ring of renewal months of an offer. */
export const cohortsOf = children('cohortsOf', offers, cohorts)
/** The plans of a startup. */
export const plansOf = children('plansOf', startups, plans)
/** The ring of bills of a startup. */
export const duesOf = children('duesOf', startups, dues)
/** The ring of past months of a startup. */
export const lagsOf = children('lagsOf', startups, lags)
/** The startup of a pair. */
export const startupOf = link('startupOf', pairs, startups)
/** The segment of a pair. */
export const segmentOf = link('segmentOf', pairs, segments)
/** The plan of an offer. */
export const planOf = link('planOf', offers, plans)
/** The startup of a plan. */
export const ownerOf = link('ownerOf', plans, startups)
/** The pair of an offer. */
export const pairOf = link('pairOf', offers, pairs)
/** The segments in which a startup sells or advertises. */
export const presenceOf = list('presenceOf', startups, pairs)
/** The other startups of a segment. */
export const rivalsOf = list('rivalsOf', pairs, pairs)
/** The segments to which a plan is offered. */
export const marketOffersOf = list('marketOffersOf', plans, offers)
/** Segments whose customers are drawn one by one. */
export const individualSegments = list('individualSegments', world, segments)
/** Segments whose flows are rounded. */
export const largeSegments = list('largeSegments', world, segments)

/** All startups in the order of their ids, which breaks ties. */
export const startupsById = list('startupsById', world, startups)
/** Where a turn of the climate is noted. */
export const climateNoticeOf = link('climateNoticeOf', world, notices)
/** Where a startup's round is noted. */
export const roundNoticeOf = link('roundNoticeOf', startups, notices)
/** Where a startup's exit is noted. */
export const exitNoticeOf = link('exitNoticeOf', startups, notices)
/** Where a startup's entry is noted: nowhere, if it is there from the start. */
export const entryNoticesOf = list('entryNoticesOf', startups, notices)
/** Where the beginning of a shock is noted. */
export const shockNoticeOf = link('shockNoticeOf', shocks, notices)
/** Shocks to the compute price. */
export const computeShocks = list('computeShocks', world, shocks)
/** Shocks to the quality of open models. */
export const openShocks = list('openShocks', world, shocks)
/** Shocks to the odds of a funding round. */
export const fundingShocks = list('fundingShocks', world, shocks)
/** Forced winters. */
export const winterShocks = list('winterShocks', world, shocks)
/** Forced booms. */
export const boomShocks = list('boomShocks', world, shocks)
/** Shocks to those who shop in a segment. */
export const demandShocksOf = list('demandShocksOf', segments, shocks)
/** Shocks to the regulation of a segment. */
export const regulationShocksOf = list('regulationShocksOf', segments, shocks)
/** Outages of a startup. */
export const outagesOf = list('outagesOf', startups, shocks)

/** All dimensions of the market. */
export const dimensions = [
  world,
  segments,
  startups,
  lags,
  dues,
  plans,
  pairs,
  offers,
  cohorts,
  shocks,
  notices,
] as const
/** All relations of the market. */
export const relations = [
  pairsOf,
  offersOf,
  cohortsOf,
  plansOf,
  lagsOf,
  duesOf,
  startupOf,
  segmentOf,
  planOf,
  ownerOf,
  pairOf,
  presenceOf,
  rivalsOf,
  marketOffersOf,
  individualSegments,
  largeSegments,
  startupsById,
  climateNoticeOf,
  roundNoticeOf,
  exitNoticeOf,
  entryNoticesOf,
  shockNoticeOf,
  computeShocks,
  openShocks,
  fundingShocks,
  winterShocks,
  boomShocks,
  demandShocksOf,
  regulationShocksOf,
  outagesOf,
] as const

/** The market while tracing. */
export type World = EntityOf<typeof world>
/** A segment while tracing. */
export type Segment = EntityOf<typeof segments>
/** A startup while tracing. */
export type Startup = EntityOf<typeof startups>
/** A plan while tracing. */
export type Plan = EntityOf<typeof plans>
/** A startup in a segment while tracing. */
export type Pair = EntityOf<typeof pairs>
/** A plan in a segment while tracing. */
export type Offer = EntityOf<typeof offers>
/** Customers of an offer whose term ends in the same month, while tracing. */
export type Cohort = EntityOf<typeof cohorts>
