/**
 * Every equation of the month as text, in the order in which the engine computes it, tied to its step, the figures that
 * it reads and the mechanism that it belongs to. docs/model.md and `rivalry explain` print these texts; a test compares
 * the figures of every step with what the traced program reads there, so an equation cannot fall behind its code.
 *
 * What the letters mean is said in `letters`. One list, to be read from top to bottom, hence its length.
 */
import type { PlanField, SegmentField, ShockField, StartupField } from './definition.ts'
import { mechanisms, type InForce, type MechanismName } from './mechanisms.ts'
import type { ParameterName } from './parameters.ts'

/** A declared figure: of the whole market by its name alone, of a segment, startup or plan with that before it. */
export type Figure =
  | ParameterName
  | 'months'
  | 'types'
  | `segment.${SegmentField | 'needs'}`
  | `startup.${StartupField | 'quality' | 'rdMix' | 'fit' | 'split'}`
  | `plan.${PlanField | 'recognition'}`
  | `shock.${ShockField}`

/** The steps that compute something, in order; `start` comes before month 0. */
export const equationSteps = [
  'start',
  'draws',
  'events',
  'decisions',
  'strategies',
  'terms',
  'choice',
  'enrolment',
  'service',
  'books',
  'capital',
  'exits',
  'learning',
  'measure',
] as const
/** One of `equationSteps`. */
export type EquationStep = (typeof equationSteps)[number]

/** One equation, or a few that belong together. */
export interface Equation {
  /** Unique; docs/model.md asks for it by this name. */
  readonly name: string
  readonly step: EquationStep
  /** What it is about, in a few words, lower case. */
  readonly title: string
  /** Its lines, at most 104 wide. */
  readonly lines: readonly string[]
  /** The declared figures that it reads. */
  readonly figures: readonly Figure[]
  /** The mechanism without which it is not compiled; none means always. */
  readonly mechanism?: MechanismName
  /** The name of the equation that it stands in place of where its mechanism is on. */
  readonly replaces?: string
}

// Equations are read as a table of texts.
// oxfmt-ignore
const list = [
  // ------------------------------------------------------------------------------------------------- start
  { name: 'luck', step: 'start', title: 'what a replication draws once, z standard normal',
    lines: [
      'ability_f = exp(abilitySd z)                              median 1',
      'cash_f    = cash exp(cashSd z - cashSd^2 / 2)             mean cash',
      'm         = exp(readinessSd z - readinessSd^2 / 2)        mean 1: speed of readiness, one for the market',
    ], figures: ['abilitySd', 'cashSd', 'startup.cash', 'readinessSd'] },
  { name: 'beginning', step: 'start', title: 'the state before month 0',
    lines: [
      'A_fs = awarenessTargeted if split_fs > 0, else awarenessElsewhere        E_fs = fit_fs',
      'q_fa = quality_a     efficiency = K = usage = 0     reserved = reservedMinimum     trust = trustStart',
      'R_s  = readinessStart     climate: boom if startInBoom     nobody has customers',
      'burn = rd + marketing + fixed + sum of the costs of targeted segments',
      'last round: monthsBetweenRounds before month 0',
    ], figures: ['startup.awarenessTargeted', 'startup.awarenessElsewhere', 'startup.split', 'startup.fit', 'startup.quality', 'reservedMinimum', 'trustStart', 'readinessStart', 'startInBoom', 'startup.rd', 'startup.marketing', 'startup.fixed', 'segment.cost', 'monthsBetweenRounds'] },
  { name: 'waiting', step: 'start', title: 'startups that enter later', mechanism: 'entry',
    lines: ['there from the start: entry = 0, entryChance = 1 and not entryInBoom; all others wait, without cash'],
    figures: ['startup.entry', 'startup.entryChance', 'startup.entryInBoom'] },

  // ------------------------------------------------------------------------------------------------- draws
  { name: 'draws', step: 'draws', title: 'the luck of the month',
    lines: [
      'u_climate, u_f uniform, e_fs standard normal: functions of seed, replication, stream, entity and month',
    ], figures: [] },

  { name: 'entry-draws', step: 'draws', title: 'the luck of those who wait', mechanism: 'entry',
    lines: ['u_entry,f uniform'], figures: [] },
  { name: 'shock-draws', step: 'draws', title: 'the luck of shocks', mechanism: 'randomShocks',
    lines: ['u_k uniform, for each shock k'], figures: [] },

  // ------------------------------------------------------------------------------------------------- events
  { name: 'climate', step: 'events', title: 'funding climate, a Markov chain that may turn at the start of every month',
    lines: [
      'boom   -> winter if u_climate < boomToWinter',
      'winter -> boom   if u_climate < winterToBoom',
    ], figures: ['boomToWinter', 'winterToBoom'] },
  { name: 'shock-months', step: 'events', title: 'when a shock lasts; without a duration to the end of the run', mechanism: 'shocks',
    lines: ['shock k begins at t = month_k and lasts while t < month_k + duration_k'],
    figures: ['shock.month', 'shock.duration'] },
  { name: 'shock-chances', step: 'events', title: 'shocks with a chance', mechanism: 'randomShocks',
    lines: ['shock k begins when u_k < chance_k, t >= month_k and it does not last; it lasts duration_k months'],
    figures: ['shock.chance', 'shock.month', 'shock.duration'] },
  { name: 'shock-effects', step: 'events', title: 'what lasting shocks do; products within the bounds of their kind', mechanism: 'shocks',
    lines: [
      'climate: winter while a shock of winter lasts, else boom while one of boom does, else as above',
      'fall = ... x product of sizes (computePrice)          odds = product of sizes (funding)',
      'openFrontier = clip(openFrontier + sum of sizes (openFrontier), 0, 1)',
      'shop_s = min(1, shop_s x product of sizes (demand))   regulation_s = product of sizes (regulation)',
      'outage_f = sum of sizes (outage)',
    ], figures: ['shock.size', 'openFrontier', 'segment.shop'] },
  { name: 'entry', step: 'events', title: 'entry', mechanism: 'entry',
    lines: [
      'a waiting f enters when t >= entry_f, u_entry,f < entryChance_f, and the climate is boom if entryInBoom_f',
      'it stands then as startups stand before month 0, and the month is its first',
    ], figures: ['startup.entry', 'startup.entryChance', 'startup.entryInBoom', 'startup.quality', 'trustStart', 'reservedMinimum', 'startup.rd', 'startup.marketing', 'startup.fixed', 'startup.split', 'segment.cost', 'startup.fit', 'startup.awarenessTargeted', 'startup.awarenessElsewhere', 'plan.opens', 'plan.closes'] },
  { name: 'taste', step: 'events', title: 'taste for a startup in a segment, started from its stationary law',
    lines: [
      'xi_fs  = tasteSd e_fs                                                            in its first month',
      'xi_fs\' = tastePersistence xi_fs + tasteSd sqrt(1 - tastePersistence^2) e_fs      after',
    ], figures: ['tasteSd', 'tastePersistence'] },
  { name: 'compute-price', step: 'events', title: 'compute price of a request at frontier quality, y = t / 12 years',
    lines: ['fall = D^-y          c(y) = c0 fall'], figures: ['computePrice', 'computeFallPerYear'] },
  { name: 'inflation', step: 'events', title: 'R&D that makes effort 1',
    lines: ['R50(y) = R50 i^y'], figures: ['rdScale', 'rdInflationPerYear'] },
  { name: 'utility-bounds', step: 'events', title: 'bounds within which exponentials of utility stay finite',
    lines: ['u / lambda in [max(utilityLow / lambda, -660), utilityHigh / lambda]'],
    figures: ['nest', 'utilityLow', 'utilityHigh'] },
  { name: 'potential', step: 'events', title: 'potential of a segment, and of its three types of customers',
    lines: ['N_s(y) = N_s (1 + growth_s)^y          N_sh = N_s(y) w_h'],
    figures: ['segment.potential', 'segment.growth', 'types'] },
  { name: 'potential-whole', step: 'events', title: 'potential of a segment and of its types in whole customers that add up', mechanism: 'wholeCustomers', replaces: 'potential',
    lines: [
      'N_s(y) = max(1, floor(N_s (1 + growth_s)^y + 1/2))',
      'N_s1 = floor(N_s(y) w_1 + 1/2)     N_s2 = floor(N_s(y) (w_1 + w_2) + 1/2) - N_s1     N_s3 = the rest',
    ],
    figures: ['segment.potential', 'segment.growth', 'types'] },
  { name: 'types', step: 'events', title: 'price sensitivity and usage of each type at node z_h with weight w_h',
    lines: [
      'alpha_sh = alpha_s exp(-omega_s z_h)',
      'x_sh(y)  = x_s ug_s^y exp(tau_s z_h) / sum over g of w_g exp(tau_s z_g)',
    ], figures: ['segment.alpha', 'segment.omega', 'segment.usage', 'segment.usageGrowth', 'segment.tau', 'types'] },
  { name: 'rates', step: 'events', title: 'what a customer or an ad adds this month',
    lines: [
      'network_s = nu_s / N_s(y)     hearsay_s = wom / N_s(y)     per ad: eCPM / 1000 / ug_s^y',
      'innovation_s = p_s / 12       imitation_s = q_s / 12 / N_s(y)',
    ], figures: ['segment.nu', 'wordOfMouth', 'revenuePerThousandAds', 'segment.usageGrowth', 'segment.p', 'segment.q'] },
  { name: 'targets', step: 'events', title: 'segments in which a startup advertises, their cost, and the pressure of a unit of marketing',
    lines: [
      'targeted_fs: split_fs > 0     segment costs_f = sum of cost_s over targeted segments',
      'pressure per unit_fs = split_fs / (kA_s N_s(y))',
    ], figures: ['startup.split', 'segment.cost', 'segment.awarenessCost'] },
  { name: 'allowance', step: 'events', title: 'growth of caps and included requests, and the fall of prices with compute',
    lines: [
      'allowance_k = allowanceGrowth_k^y          slide_k = fall^passThrough_k',
      'free_k: price_k = 0 and usagePrice_k = 0',
    ], figures: ['plan.allowanceGrowth', 'plan.passThrough', 'plan.price', 'plan.usagePrice'] },

  // ------------------------------------------------------------------------------------------------- decisions
  { name: 'runway', step: 'decisions', title: 'months that cash lasts',
    lines: ['runway_f = cash_f / max(burn_f, burnLeast) if burn_f > 0, else runwayWithoutBurn'],
    figures: ['burnLeast', 'runwayWithoutBurn'] },
  { name: 'budgets', step: 'decisions', title: 'the default decision: a base and a share of last month\'s gross profit',
    lines: [
      'cut       = cutFactor if runway < cutBelowRunway, else 1',
      'R&D       = (rd + rdShare max(gross profit, 0)) cut',
      'marketing = (marketing + marketingShare max(gross profit, 0)) cut',
    ], figures: ['cutBelowRunway', 'cutFactor', 'startup.rd', 'startup.rdShare', 'startup.marketing', 'startup.marketingShare'] },
  { name: 'defaults', step: 'decisions', title: 'everything else as the scenario has it',
    lines: ['ad load, cap, take rate, share paid out: as declared'],
    figures: ['plan.adLoad', 'plan.cap', 'startup.takeRate', 'startup.outShare'] },
  { name: 'schedule', step: 'decisions', title: 'plans that are open', mechanism: 'openings',
    lines: ['open_k: opens_k <= t < closes_k'], figures: ['plan.opens', 'plan.closes'] },
  { name: 'rd-gains', step: 'decisions', title: 'what R&D of effort 1 gains each attribute of quality',
    lines: ['gain_fa   = rho sqrt(3 mix_fa (1 - efficiencyShare_f))'],
    figures: ['rdGain', 'startup.rdMix', 'startup.efficiencyShare'] },
  { name: 'efficiency-gain', step: 'decisions', title: 'what it gains efficiency', mechanism: 'efficiency',
    lines: ['gain_feff = rho sqrt(3 efficiencyShare_f)'], figures: ['rdGain', 'startup.efficiencyShare'] },

  // ------------------------------------------------------------------------------------------------- strategies
  { name: 'bounds', step: 'strategies', title: 'what strategies set is held within bounds', mechanism: 'deciding',
    lines: [
      'R&D, marketing in [0, budgetHigh]         multiplier in [priceMultiplierLow, priceMultiplierHigh]',
      'take rate in [0, takeRateHigh]            share paid out in [0, outShareHigh]',
      'ad load in [0, adLoadHigh]                efficiencyShare in [0, 1]',
      'cap of a free plan in (0, its cap]        quality share of a free plan in [0, g]',
      'reserved_f in [reservedLow, reservedHigh] hiring_k in [0, hiringHigh] times the usual rate',
    ], figures: ['plan.adLoad', 'plan.cap', 'plan.qualityShare', 'plan.labour', 'budgetHigh', 'takeRateHigh', 'outShareHigh', 'priceMultiplierLow', 'priceMultiplierHigh', 'adLoadHigh', 'reservedLow', 'reservedHigh', 'hiringHigh'] },

  { name: 'mix-set', step: 'strategies', title: 'what R&D gains where strategies choose its mix', mechanism: 'deciding',
    lines: ['mix_fa = weight_a / sum of weights, the scenario\'s mix where all are 0; gains as above'],
    figures: ['rdGain', 'startup.rdMix'] },
  { name: 'split-set', step: 'strategies', title: 'where strategies advertise', mechanism: 'splitting',
    lines: [
      'split_fs = weight_s / sum of weights; where all are 0 no segment is targeted and marketing is 0',
      'targeted_fs, segment costs_f, pressure per unit_fs: as above',
    ], figures: ['startup.split', 'segment.cost', 'segment.awarenessCost'] },

  // ------------------------------------------------------------------------------------------------- terms
  { name: 'prices', step: 'terms', title: 'prices of the month',
    lines: ['price_k(t) = price_k slide_k          usagePrice_k(t) = usagePrice_k slide_k'],
    figures: ['plan.price', 'plan.usagePrice'] },
  { name: 'prices-set', step: 'terms', title: 'prices of the month, which strategies set', mechanism: 'pricing', replaces: 'prices',
    lines: ['price_k(t) = multiplier_k price_k slide_k          usagePrice_k(t) = multiplier_k usagePrice_k slide_k'],
    figures: ['plan.price', 'plan.usagePrice'] },
  { name: 'plan-cost', step: 'terms', title: 'compute of a plan of lesser quality',
    lines: ['a request of plan k takes g_k^gamma of the compute of one at full quality of the startup'], figures: ['plan.qualityShare', 'qualityCostElasticity'] },
  { name: 'bill', step: 'terms', title: 'requests answered, share of usage served, bill',
    lines: [
      'cap = cap_k allowance_k          included = included_k allowance_k',
      'v    = min(1, cap / x_sh)                                          share of usage that the plan serves',
      'bill = price(t) + usagePrice(t) max(0, min(x_sh, cap) - included)',
    ], figures: ['plan.included'] },
  { name: 'renewal-terms', step: 'terms', title: 'who compares when a term ends, and what keeps them',
    lines: [
      'phi_j   = phi of the plan held if it has one, else phi_s',
      'sigma_j = (sigma of the plan held if it has one, else sigma_s) + sigmaAdded_k',
    ], figures: ['plan.phi', 'segment.phi', 'plan.sigma', 'segment.sigma', 'plan.sigmaAdded'] },
  { name: 'closed-plans', step: 'terms', title: 'holders of a closed plan', mechanism: 'openings',
    lines: ['phi_j = 1 where plan k is closed'], figures: [] },
  { name: 'plan-utility', step: 'terms', title: 'what a plan gives at quality 1, and what it asks',
    lines: [
      'worth_jh     = beta_s g_k v^eta',
      'sacrifice_jh = alpha_sh bill + kappa (term - 1)',
    ], figures: ['segment.beta', 'plan.qualityShare', 'capCurvature', 'commitment', 'plan.term'] },
  { name: 'ad-aversion', step: 'terms', title: 'advertising as a sacrifice', mechanism: 'advertising',
    lines: ['sacrifice_jh = ... + a adLoad'], figures: ['adAversion'] },
  { name: 'ideal', step: 'terms', title: 'the same offer at frontier quality and cost price, for the principle of user value',
    lines: [
      'cost_jh = c(y) g_k^gamma min(x_sh, cap) + support_s (freeSupportFactor if free, else 1) + labour_k',
      'ideal_fsh = (sum over k of exp((worth_jh - alpha_sh cost_jh) / lambda))^lambda',
    ], figures: ['segment.support', 'freeSupportFactor', 'plan.labour', 'nest'] },

  // ------------------------------------------------------------------------------------------------- choice
  { name: 'outside', step: 'choice', title: 'doing without, or hosting an open model oneself',
    lines: [
      'qbar_f = (q_f1 + q_f2 + q_f3) / 3',
      'qOpen  = max(openFrontier, openness_f qbar_f of the living)',
      'U0_s   = exp(u0_s + beta_s psi_s qOpen)',
    ], figures: ['openFrontier', 'startup.openness', 'segment.u0', 'segment.beta', 'segment.psi'] },
  { name: 'utility', step: 'choice', title: 'utility of an offer',
    lines: [
      'Q_fs     = needs_s . q_f            responsiveness times max(responsivenessFloor, hat r_f)',
      'appeal   = theta_s E_fs + network_s n_fs + xi_fs                n_fs customers at the start of the month',
      'u_jsh    = Q_fs worth_jh + appeal - sacrifice_jh                held within its bounds',
    ], figures: ['segment.needs', 'responsivenessFloor', 'segment.theta'] },
  { name: 'utility-third-parties', step: 'choice', title: 'what third parties add to the appeal', mechanism: 'thirdParties',
    lines: ['appeal   = ... + ecoU_f K_f'], figures: ['startup.ecoUtility'] },
  { name: 'utility-trust', step: 'choice', title: 'what lost trust takes from the appeal', mechanism: 'trust',
    lines: ['appeal   = ... - chi (1 - trust_f)'], figures: ['trustWeight'] },
  { name: 'weights', step: 'choice', title: 'nested logit by startup, awareness as a consideration set',
    lines: [
      'I_fsh    = sum over plans k of exp(u_jsh / lambda)              s_k|f: share of plan k in this sum',
      'W_fsh    = I_fsh^lambda                                         0 for a startup that has failed',
      'D_-f     = U0_s + sum over g /= f of A_gs W_gsh                 what a customer of f weighs it against',
      'D_sh     = D_-f + A_fs W_fsh',
    ], figures: ['nest'] },
  { name: 'weights-open', step: 'choice', title: 'closed plans', mechanism: 'openings',
    lines: ['I_fsh: only plans that are open'], figures: [] },
  { name: 'shoppers', step: 'choice', title: 'who looks around: some of the ready who hold nothing, and orphans of failed startups',
    lines: ['shoppers_sh = shop_s max(0, R_s N_sh - customers_sh - orphans_sh) + orphans_sh'],
    figures: ['segment.shop'] },
  { name: 'shares', step: 'choice', title: 'what shoppers choose; the rest do without',
    lines: ['P_fsh    = A_fs W_fsh / (D_sh + (1 - A_fs) W_fsh)'], figures: [] },
  { name: 'staying', step: 'choice', title: 'customers whose term ends: the share phi_j compares, the others stay as they are',
    lines: [
      'stay_jh  = e^sigma_j W_fsh / (e^sigma_j W_fsh + D_-f)           of those who compare; they settle by s_k|f',
    ], figures: ['plan.term'] },
  { name: 'leaving', step: 'choice', title: 'leavers choose among the other startups; the rest leave the market',
    lines: ['P_g|-f   = A_gs W_gsh / (D_-f + (1 - A_gs) W_gsh)           g /= f'], figures: [] },
  { name: 'individual', step: 'choice', title: 'a group split one by one', mechanism: 'individual',
    lines: [
      'part k ~ Binomial(those left, its chance / chances left), exact      shoppers: floor(x + u)',
    ], figures: [] },
  { name: 'rounded', step: 'choice', title: 'a group of a large segment split by systematic rounding', mechanism: 'rounded',
    lines: [
      'part k = floor(X_k + u) - floor(X_(k-1) + u), X_k = x_1 + ... + x_k      shoppers: floor(x + 1/2)',
      'u: one uniform for each segment, type, month and round of splitting (choose, move, join)',
    ], figures: [] },

  // ------------------------------------------------------------------------------------------------- enrolment
  { name: 'hiring-limit', step: 'enrolment', title: 'newcomers that a plan with labour can take, over all segments', mechanism: 'labour',
    lines: [
      'limit_k = hireBase + hireRate customers_k          customers at the start of the month',
      'newcomers cut in proportion where they exceed it; the excess stays outside',
    ], figures: ['plan.labour', 'hireBase', 'hireRate'] },
  { name: 'hiring-set', step: 'enrolment', title: 'newcomers where strategies hire, and staff hired ahead', mechanism: 'hiring', replaces: 'hiring-limit',
    lines: [
      'limit_k = hireBase + hireRate hiring_k customers_k          usual limit_k: with hiring_k = 1',
      'newcomers cut in proportion where they exceed limit_k; the excess stays outside',
      'idle staff_k = max(limit_k - max(usual limit_k, newcomers asking), 0)',
    ], figures: ['plan.labour', 'hireBase', 'hireRate'] },
  { name: 'cohorts', step: 'enrolment', title: 'customers by month of renewal, exactly',
    lines: ['cohort of month t (mod term) = those who stay + newcomers          customers_j = sum of its cohorts'],
    figures: ['plan.term'] },

  // ------------------------------------------------------------------------------------------------- service
  { name: 'served', step: 'service', title: 'usage against reserved compute, and its cost',
    lines: [
      'usage_f  = sum over customers of min(x_sh, cap)',
      'r_f      = min(1, reserved_f / max(usage_f, usageLeast))',
      'compute  = r_f c(y) qbar_f^gamma sum over offers of requests_j g_k^gamma',
      'idle     = idleShareOfCost c(y) qbar_f^gamma clip(reserved_f - usage_f, 0, idleUpToUsage usage_f)',
    ], figures: ['usageLeast', 'qualityCostElasticity', 'idleShareOfCost', 'idleUpToUsage'] },
  { name: 'efficient', step: 'service', title: 'cheaper serving', mechanism: 'efficiency',
    lines: ['compute  = ... (1 - efficiencySaving efficiency_f)'], figures: ['efficiencySaving'] },
  { name: 'reservation', step: 'service', title: 'reservation for the next month',
    lines: [
      'growth    = clip(usage / max(last month\'s, usageLeast) - 1, reserveGrowthLow, reserveGrowthHigh)',
      'reserved\' = max(reservedMinimum, reserveHeadroom usage_f (1 + growth))',
    ], figures: ['usageLeast', 'reserveGrowthLow', 'reserveGrowthHigh', 'reservedMinimum', 'reserveHeadroom'] },
  { name: 'trust', step: 'service', title: 'trust', mechanism: 'trust',
    lines: ['trust\'    = trust + trustRecovery (1 - trust) - trustLoss (1 - r_f)          held in [0, 1]'],
    figures: ['trustRecovery', 'trustLoss'] },
  { name: 'outages', step: 'service', title: 'outages', mechanism: 'outages',
    lines: ['trust\'    = ... - outage_f'], figures: [] },

  // ------------------------------------------------------------------------------------------------- books
  { name: 'income', step: 'books', title: 'what comes in, by offer',
    lines: [
      'prepaid_j  = customers whose term starts x price(t) x term',
      'earned_j   = sum over those paid for of prepaid / term                rateable',
      'usage_j    = sum over customers of usagePrice(t) max(0, min(x, cap) - included)',
      'revenue_f  = earned + usage                  receipts_f = prepaid + usage',
    ], figures: ['plan.term'] },
  { name: 'licences', step: 'books', title: 'licences', mechanism: 'licences',
    lines: ['earned_j   = prepaid_j                                                recognition: start'],
    figures: ['plan.recognition'] },
  { name: 'ads', step: 'books', title: 'advertising: what advertisers buy of a user does not grow with use', mechanism: 'advertising',
    lines: [
      'ads_j      = requests_j adLoad r_f eCPM / 1000 / ug_s^y',
      'revenue_f  = ... + ads                       receipts_f = ... + ads',
    ], figures: [] },
  { name: 'direct-cost', step: 'books', title: 'direct cost',
    lines: [
      'support    = support_s customers, times freeSupportFactor for free plans',
      'fees       = receiptFee receipts_f',
      'direct_f   = compute + idle + support + fees',
    ], figures: ['segment.support', 'freeSupportFactor', 'receiptFee'] },
  { name: 'take', step: 'books', title: 'take on the trade of customers with third parties, and what they are paid', mechanism: 'thirdParties',
    lines: [
      'take_f     = takeRate K_f sum over segments of trade_s customers_fs',
      'revenue_f  = ... + take                      receipts_f = ... + take',
      'direct_f   = ... + outShare revenue_f        paid to third parties',
    ], figures: ['segment.trade'] },
  { name: 'labour', step: 'books', title: 'labour', mechanism: 'labour',
    lines: ['direct_f   = ... + labour_k customers_k'], figures: ['plan.labour'] },
  { name: 'labour-idle', step: 'books', title: 'staff hired ahead', mechanism: 'hiring',
    lines: ['direct_f   = ... + labour_k idle staff_k'], figures: [] },
  { name: 'operating-cost', step: 'books', title: 'operating cost',
    lines: ['operating_f = R&D + marketing + fixed + segment costs + overheadShare max(revenue_f, 0)'],
    figures: ['startup.fixed', 'overheadShare'] },
  { name: 'compliance', step: 'books', title: 'regulation; regulation_s is 1 without shocks', mechanism: 'compliance',
    lines: [
      'direct_f    = ... + privacyCost_f sum over segments of regulation_s customers_fs',
      'operating_f = ... + sum of regulation_s compliance_s over the segments that it has a plan for',
    ], figures: ['startup.privacyCost', 'segment.compliance'] },
  { name: 'cash', step: 'books', title: 'profit, cash and the deferred balance',
    lines: [
      'profit_f    = revenue_f - direct_f - operating_f',
      'cash flow_f = receipts_f - direct_f - operating_f',
      'cash_f\'     = cash_f + cash flow_f',
      'deferred_f\' = deferred_f + prepaid_f - earned_f',
    ], figures: [] },
  { name: 'tax', step: 'books', title: 'tax, without carry-forward of losses', mechanism: 'tax',
    lines: [
      'tax_f       = profitTax max(revenue_f - direct_f - operating_f, 0)',
      'profit_f    = ... - tax_f          cash flow_f = ... - tax_f',
    ], figures: ['profitTax'] },
  { name: 'credit', step: 'books', title: 'bills paid later', mechanism: 'credit',
    lines: [
      'prepaid and usage of segment s are received paymentDelay_s months later',
      'receivable_f\' = receivable_f + bills of the month - bills received',
    ], figures: ['segment.paymentDelay'] },
  { name: 'cents', step: 'books', title: 'a posting', mechanism: 'cents',
    lines: ['floor(100 x + 1/2) cents, once for each amount; a prepaid price over its term in equal whole cents'],
    figures: [] },
  { name: 'burn', step: 'books', title: 'smoothed net outflow',
    lines: [
      'burn_f\'     = -cash flow_f                                                after its first month',
      'burn_f\'     = burnMemory burn_f + (1 - burnMemory) (-cash flow_f)         after every other month',
    ], figures: ['burnMemory'] },
  { name: 'memory-of-causes', step: 'books', title: 'what brought and took cash in about a year, for the cause of an exit',
    lines: [
      'gross\'     = 11/12 gross + revenue_f - direct_f          research\'  = 11/12 research + R&D',
      'marketing\' = 11/12 marketing + marketing of the month',
      'structure\' = 11/12 structure + fixed + segment costs + overhead + compliance + tax',
    ], figures: [] },

  // ------------------------------------------------------------------------------------------------- capital
  { name: 'asking', step: 'capital', title: 'who looks for capital',
    lines: [
      'max(runway_f, 0) < askBelowRunway, monthsBetweenRounds since the last round,',
      'and at least firstRoundMonth months since its first month',
    ],
    figures: ['askBelowRunway', 'monthsBetweenRounds', 'firstRoundMonth', 'burnLeast', 'runwayWithoutBurn'] },
  { name: 'funding-margin', step: 'capital', title: 'margin and growth in the eyes of investors; V of today\'s climate',
    lines: [
      'margin   = clip(gross profit / revenue, marginLow, marginHigh)',
      '           smallRevenueMargin if revenue <= smallRevenue',
      'size     = revenue + growthUserWeight V users + growthOffset',
      'G        = growthScale log(size / size growthWindow months ago, or in its first month)',
    ], figures: ['marginLow', 'marginHigh', 'smallRevenueMargin', 'smallRevenue', 'growthUserWeight', 'userValueBoom', 'userValueWinter', 'growthOffset', 'growthScale', 'growthWindow'] },
  { name: 'funding-chance', step: 'capital', title: 'chance of a round: u_f < logistic(score)',
    lines: [
      'score    = a0 + fundingGrowth clip(G, fundingGrowthLow, fundingGrowthHigh) + fundingMargin margin',
      '           + fundingWinter [winter] + fundingPerRound rounds so far',
    ], figures: ['fundingIntercept', 'fundingGrowth', 'fundingGrowthLow', 'fundingGrowthHigh', 'fundingMargin', 'fundingWinter', 'fundingPerRound'] },
  { name: 'funding-shocks', step: 'capital', title: 'the chance while shocks last', mechanism: 'shocks',
    lines: ['chance   = 1 / (1 + e^-score / odds)'], figures: [] },
  { name: 'funding-amount', step: 'capital', title: 'value before the round, and its amount',
    lines: [
      'floor    = firstFloor (firstFloorWinterFactor in a winter) for a first round, else 0',
      'pre      = max(floor, multiple 12 max(revenue, 0) clip(margin, preMarginLow, preMarginHigh) + V users)',
      'amount   = min(roundBurnMonths burn+, pre dilution / (1 - dilution))          burn+ = max(burn_f, 0)',
      'refused if amount < roundLeastBurnMonths burn+ or amount < roundLeast',
      'cash_f\'  = cash_f + amount          founders\' stake\' = stake pre / (pre + amount)',
    ], figures: ['firstFloor', 'firstFloorWinterFactor', 'multipleBoom', 'multipleWinter', 'preMarginLow', 'preMarginHigh', 'userValueBoom', 'userValueWinter', 'roundBurnMonths', 'dilution', 'roundLeastBurnMonths', 'roundLeast'] },

  // ------------------------------------------------------------------------------------------------- exits
  { name: 'insolvency', step: 'exits', title: 'insolvency: customers become orphans, debts and deferred balance are written off',
    lines: [
      'exit_f: cash_f < 0',
      'cause: service if gross < 0, else structure if gross < structure, else research or marketing, the larger',
    ], figures: [] },

  // ------------------------------------------------------------------------------------------------- learning
  { name: 'quality', step: 'learning', title: 'quality of each attribute; top is the best of the living',
    lines: [
      'effort_f = sqrt(R&D / R50(y)) ability_f',
      'q_fa\'    = q + effort gain_fa (1 - q) - delta (q - floor) + imitability_top max(q_top - q, 0)',
      '           held in [qualityLow, qualityHigh]',
    ], figures: ['qualityDecay', 'qualityFloor', 'startup.imitability', 'qualityLow', 'qualityHigh'] },
  { name: 'quality-third-parties', step: 'learning', title: 'what third parties add to quality', mechanism: 'thirdParties',
    lines: ['q_fa\'    = ... + ecoQ_f K_f (1 - q)'], figures: ['startup.ecoQuality'] },
  { name: 'efficiency', step: 'learning', title: 'efficiency', mechanism: 'efficiency',
    lines: ['efficiency_f\' = efficiency + effort gain_feff (1 - efficiency) - delta efficiency          in [0, 1]'],
    figures: ['qualityDecay'] },
  { name: 'fit', step: 'learning', title: 'industry fit',
    lines: [
      'learned_fs = min(1, rhoE learnE_f sqrt(R&D / R50) split_fs)',
      'E_fs\'      = E + learned_fs (1 - E) - deltaE E',
    ], figures: ['fitGain', 'startup.learnE', 'startup.split', 'fitDecay'] },
  { name: 'awareness', step: 'learning', title: 'awareness',
    lines: [
      'h_fs     = marketing_f (pressure per unit_fs) + hearsay_s n_fs + [targeted] opennessAwareness openness_f',
      'A_fs\'    = A (1 - deltaA) + (1 - A)(1 - exp(-h_fs))',
    ], figures: ['opennessAwareness', 'startup.openness', 'forgetting'] },
  { name: 'awareness-third-parties', step: 'learning', title: 'what third parties add to awareness', mechanism: 'thirdParties',
    lines: ['h_fs     = ... + [targeted] ecoA_f K_f'], figures: ['startup.ecoAwareness'] },
  { name: 'readiness', step: 'learning', title: 'readiness, after Bass; customers at the end of the month, after exits',
    lines: [
      'R_s\'     = R + (m (innovation_s + imitation_s customers_s)',
      '           + education sum over f of marketing_f (pressure per unit_fs)) (1 - R), at most 1',
    ], figures: ['education'] },
  { name: 'third-parties', step: 'learning', title: 'stock of third parties; b users after exits', mechanism: 'thirdParties',
    lines: [
      'K*       = b / (b + B50) max(0, 1 - take rate / takeRateAtZeroStock)      where there is a take rate',
      '           b / (b + B50) out / (out + outShareHalf)                       where there is none',
      'K_f\'     = K + stockSpeed (K* - K)',
    ], figures: ['startup.stockHalf', 'takeRateAtZeroStock', 'outShareHalf', 'stockSpeed'] },

  // ------------------------------------------------------------------------------------------------- measure
  { name: 'profitability', step: 'measure', title: 'health, first principle; margins over the last 24 months',
    lines: ['profitability  = clip((operating margin + .2) / .4, 0, 1)                      0 without revenue'],
    figures: ['months'] },
  { name: 'sustainability', step: 'measure', title: 'health, second principle',
    lines: ['sustainability = mean over the months since entry of clip(runway_f / 18, 0, 1)  0 after exit'],
    figures: ['months', 'burnLeast', 'runwayWithoutBurn'] },
  { name: 'user-value', step: 'measure', title: 'health, third principle; judged after 6, 12, 24, 48, ... months and at the end',
    lines: [
      'gain(W)    = sum over customers of ln(1 + W / U0_s) / alpha_sh          0 where alpha is 0',
      'user value = min(1, sum of gain(W_fsh) / sum of gain(e^appeal ideal_fsh)), each times the months judged',
    ], figures: ['months'] },
  { name: 'health', step: 'measure', title: 'health',
    lines: ['health     = (profitability x sustainability x user value)^(1/3)'], figures: [] },
] as const satisfies readonly Equation[]

/** All equations, in the order of the month. */
export const equations: readonly Equation[] = list

/** What the letters of the equations mean that are not figures, one a line. */
export const letters: readonly string[] = [
  'f, g startups; k plan, j = (f, k) an offer; s segment; h type of customer; a attribute of quality',
  "t month from 0, y = t / 12 years; a prime marks next month's value; ... is what another equation has there",
  'A awareness, E industry fit, q quality, K third-party stock, R readiness, n customers at the start of the month',
  'xi taste, r share of requests served (hat r: last month), [x] is 1 where x holds and else 0',
]

/** Whether an equation is compiled into a market. */
export function applies({ mechanism }: Equation, inForce: InForce): boolean {
  return mechanism === undefined || mechanisms[mechanism].isOn(inForce)
}

/** The equations compiled into a market, in order; those that another one replaces are left out. */
export function equationsOf(inForce: InForce): readonly Equation[] {
  const found = equations.filter((equation) => applies(equation, inForce))
  const replaced = new Set(found.map(({ replaces }) => replaces))
  return found.filter(({ name }) => !replaced.has(name))
}
