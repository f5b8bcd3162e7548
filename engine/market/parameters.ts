/**
 * Every global parameter of the market: default, unit, bounds, meaning and source, declared once. The type
 * `Parameters`, the schema of scenarios, the checks and the generated reference all follow from this table.
 *
 * Sources: "assumption" is a judgement without data, "calibrated" was set by hand so that startups survive at
 * plausible rates; neither is evidence. Plausible ranges are judgements too, unless the source names data. The rows
 * follow the order of the month in docs/model.md, section 7.
 */

/** A closed range of numbers. */
export type Range = readonly [low: number, high: number]

/** One declared figure of the market: of the whole market, of a segment, a startup or a plan. */
export interface Declaration<Default = number> {
  /** The letter that stands for it in the equations, where it has one. */
  readonly symbol?: string
  readonly default: Default
  readonly unit: string
  /** One sentence, lower case, without a full stop. */
  readonly meaning: string
  /** Hard bounds of validity, both included: outside them the model is undefined or may overflow. */
  readonly low: number
  readonly high: number
  /** The range that a sensitivity study would sample; decisions, conventions and engineering limits have none. */
  readonly plausible?: Range
  /** The same as multiples of the default, where that differs by kind of segment. */
  readonly plausibleTimes?: Range
  /** True when only whole numbers make sense. */
  readonly whole?: true
  /** Power of the currency: 1 scales with all money, -1 scales inversely; absent means it does not scale. */
  readonly money?: 1 | -1
  /** Where the default comes from. */
  readonly source: string
}

const model = 'assumption of the model'
const convention = 'convention of the model'
const limit = 'engineering limit'

// A table is read as a table: two lines a row, whatever their length.
// oxfmt-ignore
const table = {
  // 3.1 Events
  computePrice: { symbol: 'c0', default: 0.03, unit: 'currency a request', low: 0, high: 1e6, plausible: [0.003, 0.09], money: 1,
    meaning: 'compute price of one request at frontier quality in month 0', source: 'calibrated' },
  computeFallPerYear: { symbol: 'D', default: 2, unit: 'factor a year', low: 0.1, high: 100, plausible: [0.9, 12],
    meaning: 'how many times cheaper compute of constant relative quality becomes each year', source: 'assumption between hardware alone (1.2 to 1.45) and constant absolute quality (about 12: Epoch AI, LLM inference price trends), since the frontier moves up; list prices at the same distance from the best fell by 1.3 (.93 to 1.89)' },
  qualityCostElasticity: { symbol: 'gamma', default: 2, unit: 'exponent', low: 0, high: 10, plausible: [1, 4],
    meaning: 'how steeply the cost of a request rises with its quality', source: 'assumption; direction from prices against capability scores' },
  efficiencySaving: { default: 0.6, unit: 'share', low: 0, high: 1, plausible: [0.3, 0.9],
    meaning: 'share of the compute cost that full efficiency saves', source: model },
  tasteSd: { symbol: 'sd', default: 0.6, unit: 'utils', low: 0, high: 10, plausible: [0.3, 0.8],
    meaning: 'standard deviation of the taste shock of a startup in a segment', source: 'calibrated' },
  tastePersistence: { default: 0.95, unit: 'share a month', low: 0, high: 1, plausible: [0.8, 0.99],
    meaning: 'autocorrelation of the taste shock from month to month', source: model },
  boomToWinter: { default: 1 / 30, unit: 'probability a month', low: 0, high: 1, plausible: [1 / 60, 1 / 15],
    meaning: 'chance that the funding climate turns from boom to winter', source: 'assumption' },
  winterToBoom: { default: 1 / 18, unit: 'probability a month', low: 0, high: 1, plausible: [1 / 36, 1 / 9],
    meaning: 'chance that the funding climate turns from winter to boom', source: 'assumption' },
  startInBoom: { default: 1, unit: '0 or 1', low: 0, high: 1, plausible: [0, 1], whole: true,
    meaning: 'whether the climate before month 0 is a boom (1) or a winter (0)', source: 'assumption' },
  abilitySd: { default: 0.5, unit: 'log points', low: 0, high: 5, plausible: [0.3, 0.8],
    meaning: 'spread of the ability in R&D over startups and replications (lognormal, median 1)', source: 'calibrated' },
  readinessSd: { default: 0.4, unit: 'log points', low: 0, high: 5, plausible: [0.3, 0.8],
    meaning: 'spread of the speed of readiness over replications (lognormal, mean 1)', source: 'calibrated' },
  cashSd: { default: 0.4, unit: 'log points', low: 0, high: 5, plausible: [0.3, 0.8],
    meaning: 'spread of the starting cash over startups and replications (lognormal, mean 1)', source: 'calibrated' },

  // 3.2 Decisions
  cutBelowRunway: { default: 6, unit: 'months', low: 0, high: 600, plausible: [3, 12],
    meaning: 'runway below which the default strategy cuts R&D and marketing', source: model },
  cutFactor: { default: 0.6, unit: 'factor', low: 0, high: 1, plausible: [0.4, 1],
    meaning: 'what the default strategy multiplies R&D and marketing by when the runway is short', source: model },
  runwayWithoutBurn: { default: 99, unit: 'months', low: 0, high: 1e6,
    meaning: 'runway of a startup that burns nothing', source: convention },
  burnLeast: { default: 1, unit: 'currency a month', low: 1e-9, high: 1e12, money: 1,
    meaning: 'least burn that cash is divided by to get the runway', source: convention },
  priceCeiling: { default: 1e6, unit: 'currency a month', low: 0, high: 1e9, money: 1,
    meaning: 'highest price of a plan that a scenario may state', source: limit },
  priceMultiplierLow: { default: 0.1, unit: 'factor', low: 0, high: 1,
    meaning: 'least price multiplier that a strategy may choose', source: limit },
  priceMultiplierHigh: { default: 10, unit: 'factor', low: 1, high: 1000,
    meaning: 'highest price multiplier that a strategy may choose', source: limit },
  adLoadHigh: { default: 3, unit: 'ads a request', low: 0, high: 100,
    meaning: 'highest ad load that a strategy may choose', source: limit },
  budgetHigh: { default: 1e8, unit: 'currency a month', low: 0, high: 1e12, money: 1,
    meaning: 'highest budget for R&D, and for marketing, that a strategy may choose', source: limit },
  reservedLow: { default: 0, unit: 'requests a month', low: 0, high: 1e18,
    meaning: 'least compute reservation that a strategy may choose', source: limit },
  reservedHigh: { default: 1e13, unit: 'requests a month', low: 0, high: 1e18,
    meaning: 'highest compute reservation that a strategy may choose', source: limit },
  takeRateHigh: { default: 0.5, unit: 'share', low: 0, high: 1,
    meaning: 'highest take rate that a strategy may choose', source: limit },
  hiringHigh: { default: 10, unit: 'factor', low: 1, high: 1000,
    meaning: 'highest multiple of the hire rate that a strategy may choose', source: limit },
  outShareHigh: { default: 0.9, unit: 'share', low: 0, high: 1,
    meaning: 'highest share of revenue that a strategy may pay out to third parties', source: limit },

  // 3.3 Choice
  capCurvature: { symbol: 'eta', default: 0.5, unit: 'exponent', low: 0.01, high: 10, plausible: [0.3, 1],
    meaning: 'how fast the value of a plan falls with the share of usage it serves', source: 'assumption' },
  nest: { symbol: 'lambda', default: 0.5, unit: 'exponent', low: 0.05, high: 1, plausible: [0.25, 1],
    meaning: 'how different the plans of one startup are to a customer: 1 is plain logit', source: 'assumption' },
  commitment: { symbol: 'kappa', default: 0.08, unit: 'utils a prepaid month', low: 0, high: 10, plausible: [0.04, 0.12],
    meaning: 'dislike of each month paid in advance beyond the first', source: 'calibrated' },
  adAversion: { symbol: 'a', default: 0.35, unit: 'utils per ad load', low: 0, high: 100, plausible: [0, 0.7],
    meaning: 'dislike of advertising', source: 'assumption' },
  trustWeight: { symbol: 'chi', default: 0, unit: 'utils', low: 0, high: 100, plausible: [0, 2],
    meaning: 'what lost trust costs in utility', source: 'off by default' },
  utilityLow: { default: -60, unit: 'utils', low: -700, high: 0,
    meaning: 'least utility an offer can have', source: limit },
  utilityHigh: { default: 30, unit: 'utils', low: 0, high: 35,
    meaning: 'highest utility an offer can have', source: limit },
  hireBase: { default: 2, unit: 'customers a month', low: 0, high: 1e12, plausible: [1, 4],
    meaning: 'new customers that a plan with labour can take on at any size', source: model },
  hireRate: { symbol: 'hire', default: 0.08, unit: 'share a month', low: 0, high: 10, plausible: [0.03, 0.15],
    meaning: 'growth of delivery staff, hence of customers of a plan with labour', source: 'assumption' },

  // 3.4 Service
  reservedMinimum: { default: 2e6, unit: 'requests a month', low: 0, high: 1e15, plausible: [1e6, 4e6],
    meaning: 'least compute that a startup reserves by default', source: model },
  reserveHeadroom: { default: 1.25, unit: 'factor', low: 0, high: 100, plausible: [1.1, 1.5],
    meaning: 'compute reserved by default over last usage', source: model },
  reserveGrowthLow: { default: 0, unit: 'share a month', low: -1, high: 10, plausible: [-0.3, 0],
    meaning: 'least growth of usage that the default reservation allows for', source: model },
  reserveGrowthHigh: { default: 0.5, unit: 'share a month', low: -1, high: 10, plausible: [0.25, 1],
    meaning: 'highest growth of usage that the default reservation allows for', source: model },
  usageLeast: { default: 1, unit: 'requests a month', low: 1e-9, high: 1e12,
    meaning: 'least usage that a reservation or a later usage is divided by', source: convention },
  idleShareOfCost: { default: 0.25, unit: 'share', low: 0, high: 1, plausible: [0.1, 0.5],
    meaning: 'cost of a reserved but idle request, over that of a served one', source: model },
  idleUpToUsage: { default: 1, unit: 'factor', low: 0, high: 1000, plausible: [0.5, 2],
    meaning: 'idle reservation that is paid for, at most this many times the usage', source: model },
  responsivenessFloor: { default: 0.4, unit: 'factor', low: 0, high: 1, plausible: [0.2, 0.6],
    meaning: 'least that a service failure leaves of next month\'s responsiveness', source: model },
  trustStart: { default: 1, unit: 'share', low: 0, high: 1, plausible: [0.5, 1],
    meaning: 'trust in a startup before month 0', source: model },
  trustRecovery: { default: 0.05, unit: 'share a month', low: 0, high: 1, plausible: [0.02, 0.1],
    meaning: 'share of lost trust that comes back', source: model },
  trustLoss: { default: 0.3, unit: 'trust per failed share', low: 0, high: 1, plausible: [0.1, 0.6],
    meaning: 'trust lost when nothing is served', source: model },

  // 3.5 Books
  revenuePerThousandAds: { symbol: 'eCPM', default: 7.7, unit: 'currency per 1000 ads', low: 0, high: 1e6, plausible: [4, 25], money: 1,
    meaning: 'advertising revenue per thousand served requests at ad load 1, in month 0', source: 'gives .46 a user and month at 60 requests, the ad revenue per ad user in Spotify\'s quarterly reports year to 2023Q1' },
  freeSupportFactor: { default: 0.25, unit: 'factor', low: 0, high: 1, plausible: [0.1, 0.5],
    meaning: 'support cost of a free user over that of a paying one', source: model },
  receiptFee: { default: 0.03, unit: 'share', low: 0, high: 1, plausible: [0.015, 0.3],
    meaning: 'payment fees on cash received', source: 'assumption: what card payments cost; app stores keep .15 to .3' },
  overheadShare: { default: 0.06, unit: 'share', low: 0, high: 1, plausible: [0.03, 0.12],
    meaning: 'overhead per revenue', source: model },
  profitTax: { default: 0, unit: 'share', low: 0, high: 1, plausible: [0, 0.3],
    meaning: 'tax on a month\'s profit, where positive', source: 'off by default' },

  // 3.6 Capital
  burnMemory: { default: 0.7, unit: 'share a month', low: 0, high: 1, plausible: [0.5, 0.9],
    meaning: 'weight of the past in the smoothed burn', source: model },
  marginLow: { default: -2, unit: 'share', low: -100, high: 1,
    meaning: 'least gross margin that investors tell apart', source: convention },
  marginHigh: { default: 1, unit: 'share', low: -100, high: 1,
    meaning: 'highest gross margin that investors tell apart', source: convention },
  smallRevenue: { default: 1000, unit: 'currency a month', low: 0, high: 1e9, plausible: [500, 5000], money: 1,
    meaning: 'revenue up to which a margin is not measured', source: model },
  smallRevenueMargin: { default: -0.5, unit: 'share', low: -100, high: 1, plausible: [-1, 0],
    meaning: 'margin that investors assume where revenue is too small to measure one', source: model },
  askBelowRunway: { default: 9, unit: 'months', low: 0, high: 600, plausible: [6, 12],
    meaning: 'runway below which a startup seeks a round; 0 means never', source: model },
  monthsBetweenRounds: { default: 6, unit: 'months', low: 0, high: 600, plausible: [3, 18], whole: true,
    meaning: 'least time between two rounds', source: model },
  firstRoundMonth: { default: 3, unit: 'month', low: 0, high: 600, plausible: [0, 6], whole: true,
    meaning: 'first month in which a round can happen', source: model },
  fundingIntercept: { symbol: 'a0', default: -2.7, unit: 'log odds', low: -1000, high: 1000, plausible: [-3.5, -2],
    meaning: 'log odds of a round for a startup without growth or margin, in a boom', source: 'calibrated to the survival of US establishments (BLS, business employment dynamics)' },
  fundingGrowth: { default: 1.5, unit: 'log odds per growth', low: -100, high: 100, plausible: [0.75, 2.25],
    meaning: 'what growth adds to the log odds of a round', source: model },
  fundingGrowthLow: { default: -1, unit: 'growth', low: -100, high: 100,
    meaning: 'least growth that investors tell apart', source: convention },
  fundingGrowthHigh: { default: 1.5, unit: 'growth', low: -100, high: 100,
    meaning: 'highest growth that investors tell apart', source: convention },
  fundingMargin: { default: 1.5, unit: 'log odds per margin', low: -100, high: 100, plausible: [0.75, 2.25],
    meaning: 'what gross margin adds to the log odds of a round', source: model },
  fundingWinter: { default: -1.5, unit: 'log odds', low: -100, high: 100, plausible: [-2.5, -0.5],
    meaning: 'what a winter adds to the log odds of a round', source: model },
  fundingPerRound: { default: -0.35, unit: 'log odds a round', low: -100, high: 100, plausible: [-0.7, 0],
    meaning: 'what each round already raised adds to the log odds of another', source: model },
  growthWindow: { default: 6, unit: 'months', low: 1, high: 60, plausible: [3, 12], whole: true,
    meaning: 'months over which investors measure growth', source: model },
  growthScale: { default: 2, unit: 'factor', low: 0, high: 100,
    meaning: 'turns log growth over the window into growth a year', source: convention },
  growthUserWeight: { default: 0.02, unit: 'share a month', low: 0, high: 1, plausible: [0.01, 0.04],
    meaning: 'monthly revenue that a user counts for in growth, per investor value of a user', source: model },
  growthOffset: { default: 2000, unit: 'currency a month', low: 1e-6, high: 1e12, plausible: [1000, 4000], money: 1,
    meaning: 'revenue added before growth is measured, so that small numbers do not explode', source: model },
  userValueBoom: { symbol: 'V', default: 15, unit: 'currency a user', low: 0, high: 1e9, plausible: [0, 150], money: 1,
    meaning: 'investor value of a user in a boom', source: 'assumption' },
  userValueWinter: { symbol: 'V', default: 4, unit: 'currency a user', low: 0, high: 1e9, plausible: [0, 150], money: 1,
    meaning: 'investor value of a user in a winter', source: 'assumption' },
  multipleBoom: { default: 10, unit: 'years of revenue', low: 0, high: 1000, plausible: [3, 20],
    meaning: 'value of a startup over annual revenue x margin in a boom', source: 'assumption' },
  multipleWinter: { default: 5, unit: 'years of revenue', low: 0, high: 1000, plausible: [3, 20],
    meaning: 'value of a startup over annual revenue x margin in a winter', source: 'assumption' },
  preMarginLow: { default: 0.1, unit: 'share', low: 0, high: 1,
    meaning: 'least margin used in the value of a startup', source: convention },
  preMarginHigh: { default: 1, unit: 'share', low: 0, high: 1,
    meaning: 'highest margin used in the value of a startup', source: convention },
  firstFloor: { default: 10e6, unit: 'currency', low: 0, high: 1e12, plausible: [5e6, 20e6], money: 1,
    meaning: 'least pre-money value in a first round', source: 'assumption' },
  firstFloorWinterFactor: { default: 0.5, unit: 'factor', low: 0, high: 1, plausible: [0.3, 0.8],
    meaning: 'what a winter leaves of that floor', source: model },
  dilution: { default: 0.3, unit: 'share', low: 0, high: 0.99, plausible: [0.2, 0.4],
    meaning: 'most of the company that one round sells', source: 'assumption' },
  roundBurnMonths: { default: 18, unit: 'months', low: 0, high: 600, plausible: [12, 24],
    meaning: 'months of burn that a startup asks for', source: model },
  roundLeastBurnMonths: { default: 4, unit: 'months', low: 0, high: 600, plausible: [2, 8],
    meaning: 'months of burn below which a round is refused', source: model },
  roundLeast: { default: 1e5, unit: 'currency', low: 0, high: 1e12, plausible: [5e4, 5e5], money: 1,
    meaning: 'amount below which a round is refused', source: model },

  // 3.7 Learning, copying, awareness, readiness
  rdGain: { symbol: 'rho', default: 0.06, unit: 'share a month', low: 0, high: 1, plausible: [0.03, 0.09],
    meaning: 'share of the gap to the frontier that R&D at scale closes', source: 'calibrated' },
  qualityDecay: { symbol: 'delta', default: 0.04, unit: 'share a month', low: 0, high: 1, plausible: [0.02, 0.08],
    meaning: 'how fast quality above the floor falls back as the frontier moves on', source: 'calibrated; .07 agrees with records of capability scores (docs/data.md)' },
  qualityFloor: { symbol: 'floor', default: 0.45, unit: 'relative quality', low: 0, high: 1, plausible: [0.225, 0.675],
    meaning: 'quality that anyone can imitate', source: 'calibrated' },
  rdScale: { symbol: 'R50', default: 250e3, unit: 'currency a month', low: 1e-6, high: 1e12, plausible: [125e3, 500e3], money: 1,
    meaning: 'R&D budget of effort 1, in month 0', source: 'assumption' },
  rdInflationPerYear: { symbol: 'i', default: 1.25, unit: 'factor a year', low: 0.1, high: 10, plausible: [1, 2.4],
    meaning: 'growth of the R&D budget that effort 1 takes', source: 'assumption' },
  qualityLow: { default: 0.05, unit: 'relative quality', low: 0, high: 1,
    meaning: 'least quality', source: convention },
  qualityHigh: { default: 1, unit: 'relative quality', low: 0, high: 1,
    meaning: 'highest quality: the state of the art', source: convention },
  openFrontier: { default: 0.55, unit: 'relative quality', low: 0, high: 1, plausible: [0.4, 0.8],
    meaning: 'quality of open models that a customer can host', source: 'assumption' },
  fitGain: { symbol: 'rhoE', default: 0.06, unit: 'share a month', low: 0, high: 1, plausible: [0.03, 0.09],
    meaning: 'speed of learning an industry', source: 'assumption' },
  fitDecay: { symbol: 'deltaE', default: 0.02, unit: 'share a month', low: 0, high: 1, plausible: [0.01, 0.03],
    meaning: 'speed of forgetting an industry', source: 'assumption' },
  forgetting: { symbol: 'deltaA', default: 0.03, unit: 'share a month', low: 0, high: 1, plausible: [0.02, 0.05],
    meaning: 'share of the aware who forget a startup', source: 'assumption' },
  wordOfMouth: { symbol: 'wom', default: 0.25, unit: 'hazard a month', low: 0, high: 100, plausible: [0, 0.4],
    meaning: 'hazard of hearing of a startup when everyone is its customer', source: 'assumption' },
  opennessAwareness: { default: 0.02, unit: 'hazard a month', low: 0, high: 100, plausible: [0.01, 0.04],
    meaning: 'hazard of hearing of a fully open startup on targeted segments', source: model },
  stockSpeed: { default: 0.08, unit: 'share a month', low: 0, high: 1, plausible: [0.04, 0.12],
    meaning: 'share of the gap to its target that the third-party stock closes', source: model },
  takeRateAtZeroStock: { default: 0.5, unit: 'share', low: 1e-6, high: 1, plausible: [0.3, 0.7],
    meaning: 'take rate at which no third party stays', source: model },
  outShareHalf: { default: 0.15, unit: 'share', low: 1e-6, high: 1, plausible: [0.075, 0.3],
    meaning: 'share of revenue paid out that draws half of the third parties', source: model },
  readinessStart: { symbol: 'R0', default: 0.05, unit: 'share', low: 0, high: 1, plausible: [0.02, 0.1],
    meaning: 'share of a segment that is ready to choose before month 0', source: model },
  education: { default: 0.05, unit: 'factor', low: 0, high: 100, plausible: [0.025, 0.1],
    meaning: 'readiness gained per unit of everyone\'s marketing pressure', source: model },
} satisfies Record<string, Declaration>

/** The long name of a global parameter, as in a scenario's `parameters`. */
export type ParameterName = keyof typeof table

/** The declarations of the global parameters, in the order of the month. */
export const parameterTable: { readonly [name in ParameterName]: Declaration } = table

/** The names of the global parameters, in the order of the table. */
export const parameterNames = Object.keys(table) as readonly ParameterName[]

/** A value for every global parameter; switches are 0 or 1. */
export type Parameters = { readonly [name in ParameterName]: number }

/** The default of every global parameter. */
export const defaultParameters: Parameters = defaultsOf(table)

/**
 * The default of every row of a declaration table, as a fresh record of the same keys.
 */
export function defaultsOf<Name extends string, Default>(
  declarations: Readonly<Record<Name, { readonly default: Default }>>,
): { readonly [name in Name]: Default } {
  const names = Object.keys(declarations) as Name[]
  return Object.fromEntries(names.map((name) => [name, declarations[name].default])) as Record<Name, Default>
}
