/**
 * What startups may do (section 7.2): the actions, their bounds, and how what a strategy wants becomes what the month
 * uses. What no strategy of a market acts on stays as the default decides, and is compiled as if there were no strategy.
 */
import {
  bool,
  clamp,
  each,
  max,
  min,
  month,
  num,
  sum,
  where,
  type Bool,
  type BoolLike,
  type Num,
  type NumLike,
} from '../trace/index.ts'
import { RivalryError } from '../errors.ts'
import type { Situation, TracedStrategy } from './decisions.ts'
import { ledger } from './ledger.ts'
import {
  ATTRIBUTES,
  plansOf,
  presenceOf,
  segmentOf,
  type Pair,
  type Plan,
  type Segment,
  type Startup,
  type World,
} from './model.ts'
import type { Shape } from './shape.ts'
import { deciding } from './visibility.ts'

/** What a strategy may change; what it leaves out is as the default decides. Numbers outside bounds are clamped. */
export interface Actions {
  /** R&D budget, money a month. */
  readonly rd?: NumLike
  /** Marketing budget, money a month. */
  readonly marketing?: NumLike
  /** Multiple of the list price of each plan; asked for paid plans only. */
  readonly priceMultiplier?: (plan: Plan) => NumLike
  /** Ads a request, for plans that carry ads. */
  readonly adLoad?: (plan: Plan) => NumLike
  /** Cap of free plans, requests a month before its growth. */
  readonly freeCap?: (plan: Plan) => NumLike
  readonly takeRate?: NumLike
  readonly outShare?: NumLike
  /** Weights of accuracy, scalability and responsiveness in R&D; all 0 is the mix of the scenario. */
  readonly rdMix?: readonly [NumLike, NumLike, NumLike]
  /** Share of R&D that goes into cheaper serving. */
  readonly efficiencyShare?: NumLike
  /**
   * Weight of each segment in marketing, asked for the segments where the startup sells or advertises. A segment of
   * weight 0 is not targeted; where all are 0 none is, and nothing is spent on marketing.
   */
  readonly split?: (pair: Pair) => NumLike
  /** Multiple of the compute that the default reserves. */
  readonly reservation?: NumLike
  /** Multiple of the hire rate, for plans with labour. */
  readonly hiring?: (plan: Plan) => NumLike
  /** Whether a plan takes new customers this month. */
  readonly open?: (plan: Plan) => BoolLike
  /** Quality share g of free plans. */
  readonly freeQuality?: (plan: Plan) => NumLike
}

/** The actions, in the order that marks of mistakes number them. */
export const actionNames = [
  'rd',
  'marketing',
  'priceMultiplier',
  'adLoad',
  'freeCap',
  'takeRate',
  'outShare',
  'rdMix',
  'efficiencyShare',
  'split',
  'reservation',
  'hiring',
  'open',
  'freeQuality',
] as const satisfies readonly (keyof Actions)[]

/** What somebody in a market acts on. */
export type Acted = ReadonlySet<keyof Actions>

/** What the strategies of a market act on. */
export function actedOn(strategies: readonly TracedStrategy[]): Acted {
  return new Set(strategies.flatMap(({ acts }) => acts))
}

/** The shape with the mechanisms that actions need, which the scenario alone may not use. */
export function shapeWith(shape: Shape, acted: Acted): Shape {
  return {
    ...shape,
    openings: shape.openings || acted.has('open'),
    efficiency: shape.efficiency || acted.has('efficiencyShare'),
    thirdParties: shape.thirdParties || acted.has('takeRate') || acted.has('outShare'),
  }
}

/** Whether the scenario has the plan open this month. */
export function isScheduled(j: Plan): Bool {
  return month().toNum().isAtLeast(j.opens).and(month().toNum().isBelow(j.closes))
}

/** What R&D of this mix gains each attribute and efficiency, at effort 1. */
export function setGains(m: World, f: Startup, mix: (attribute: 0 | 1 | 2) => Num): void {
  for (const a of ATTRIBUTES) {
    const share = mix(a).times(num(1).minus(f.efficiencyMix))
    f.mixGain.set(a, m.rdGain.times(share.times(3).squareRoot()))
  }
  f.efficiencyGain = m.rdGain.times(f.efficiencyMix.times(3).squareRoot())
}

/** Whether marketing targets a segment, and the pressure that a unit of the budget makes there. */
export function target(s: Segment, p: Pair, share: Num): void {
  p.isTargeted = share.isAbove(0)
  p.spendRate = share.over(s.awarenessCost.times(s.potentialNow))
}

/** A number wanted for an action, or what it would be otherwise where that is not finite; a mistake is marked. */
type Finite = (action: keyof Actions, value: NumLike, otherwise: NumLike) => Num

/** Lets a startup decide by its strategy: what it wants, held within bounds, replaces the default. */
export function act(shape: Shape, m: World, f: Startup, strategy: TracedStrategy): void {
  const actions = deciding(f, () => strategy.decide(situationOf(shape, m, f, strategy)))
  const undeclared = actionNames.find((name) => actions[name] !== undefined && !strategy.acts.includes(name))
  if (undeclared)
    throw new RivalryError(`strategy ${strategy.name} acts on ${undeclared} and does not say so`, {
      code: 'undeclared-action',
      hint: 'name it under acts',
    })
  const finite: Finite = (action, value, otherwise) => {
    const wanted = num(value)
    const isFinite = wanted.absolute().isAtMost(Number.MAX_VALUE)
    const mark = month()
      .toNum()
      .times(actionNames.length)
      .plus(actionNames.indexOf(action) + 1)
    f.fault = where(isFinite.not().and(f.alive).and(f.fault.equals(0)), mark, f.fault)
    return where(isFinite, wanted, otherwise)
  }
  spend(m, f, actions, finite)
  research(m, f, actions, finite)
  if (actions.split) splitMarketing(f, actions.split, finite)
  if (actions.reservation !== undefined) reserve(m, f, actions.reservation, finite)
  sell(m, f, actions, finite)
}

function situationOf(shape: Shape, m: World, f: Startup, strategy: TracedStrategy): Situation {
  return {
    market: m,
    startup: f,
    runway: f.runway,
    openFrontier: openFrontierOf(shape, m),
    amount: ledger(shape.books).amount,
    usual: { rd: f.rdBudget, marketing: f.marketingBudget, isOpen: isScheduled },
    setting: (name) => {
      const position = Object.keys(strategy.settings).indexOf(name)
      if (position < 0)
        throw new RivalryError(`strategy ${strategy.name} has no setting called ${name}`, {
          code: 'unknown-setting',
        })
      return f.settings.at(position)
    },
  }
}

/** Quality of the best open model that a customer can host, shocks included. */
export function openFrontierOf(shape: Shape, m: World): Num {
  return shape.shocks ? m.openFrontierNow : m.openFrontier
}

/** Budgets, and what third parties pay and get. The scenario's own rates are never out of bounds. */
function spend(m: World, f: Startup, { rd, marketing, takeRate, outShare }: Actions, finite: Finite): void {
  const budget = (action: 'rd' | 'marketing', value: NumLike, usual: Num): Num =>
    where(f.alive, clamp(finite(action, value, usual), { low: 0, high: m.budgetHigh }), 0)
  if (rd !== undefined) f.rdBudget = budget('rd', rd, f.rdBudget)
  if (marketing !== undefined) f.marketingBudget = budget('marketing', marketing, f.marketingBudget)
  const rate = (action: 'takeRate' | 'outShare', value: NumLike, usual: Num, high: Num): Num =>
    clamp(finite(action, value, usual), { low: 0, high: max(high, usual) })
  if (takeRate !== undefined) f.take = rate('takeRate', takeRate, f.take, m.takeRateHigh)
  if (outShare !== undefined) f.out = rate('outShare', outShare, f.out, m.outShareHigh)
}

/** What R&D is for. */
function research(m: World, f: Startup, { rdMix, efficiencyShare }: Actions, finite: Finite): void {
  if (rdMix === undefined && efficiencyShare === undefined) return
  if (efficiencyShare !== undefined)
    f.efficiencyMix = clamp(finite('efficiencyShare', efficiencyShare, f.efficiencyMix), { low: 0, high: 1 })
  if (rdMix === undefined) return setGains(m, f, (a) => f.mix.at(a))
  const weights = ATTRIBUTES.map((a) => weightOf(finite('rdMix', rdMix[a], f.mix.at(a))))
  const total = weights.reduce((a, b) => a.plus(b))
  setGains(m, f, (a) => where(total.isAbove(0), shareOf(weights[a] as Num, total), f.mix.at(a)))
}

/** Marketing over the segments; those without a share are not targeted, cost nothing and see no partners or openness. */
function splitMarketing(f: Startup, split: (pair: Pair) => NumLike, finite: Finite): void {
  const total = sum(presenceOf(f), (p) => {
    const weight = weightOf(
      finite(
        'split',
        deciding(f, () => split(p)),
        p.share,
      ),
    )
    p.shareNow = weight
    return weight
  })
  each(presenceOf(f), (p) => {
    p.shareNow = shareOf(p.shareNow, total)
    target(segmentOf(p), p, p.shareNow)
  })
  f.targetedCost = sum(presenceOf(f), (p) => where(p.isTargeted, segmentOf(p).cost, 0))
  f.marketingBudget = where(total.isAbove(0), f.marketingBudget, 0)
}

/** Compute reserved for the month. What the default reserves is never out of bounds. */
function reserve(m: World, f: Startup, multiple: NumLike, finite: Finite): void {
  const usual = f.reserved
  const wanted = clamp(usual.times(finite('reservation', multiple, 1)), {
    low: min(m.reservedLow, usual),
    high: max(m.reservedHigh, usual),
  })
  f.reserved = where(f.alive, wanted, usual)
}

/** What the startup sells, at which price, and how many it can take on. */
function sell(m: World, f: Startup, actions: Actions, finite: Finite): void {
  const { priceMultiplier, adLoad, freeCap, hiring, open, freeQuality } = actions
  if (!priceMultiplier && !adLoad && !freeCap && !hiring && !open && !freeQuality) return
  each(plansOf(f), (j) => {
    const wanted = (of: (plan: Plan) => NumLike): Num => num(deciding(f, () => of(j)))
    if (priceMultiplier) {
      const multiple = finite('priceMultiplier', where(j.isFree, 1, wanted(priceMultiplier)), j.multiplier)
      const bounds = { low: m.priceMultiplierLow, high: m.priceMultiplierHigh }
      j.multiplierNext = where(j.isFree, 1, clamp(multiple, bounds))
    }
    if (adLoad) {
      const carries = j.adLoad.isAbove(0)
      const load = finite('adLoad', where(carries, wanted(adLoad), 0), j.adLoad)
      j.adLoadNow = where(carries, clamp(load, { low: 0, high: max(m.adLoadHigh, j.adLoad) }), 0)
    }
    if (freeCap) {
      // A cap can be narrowed, not widened. Without end is how a plan without a cap has it, hence no mistake.
      const cap = finite('freeCap', where(j.isFree, min(wanted(freeCap), Number.MAX_VALUE), 1), j.cap)
      j.capNow = where(j.isFree, min(max(cap, CAP_LEAST), j.cap), j.cap)
    }
    if (freeQuality) {
      const quality = finite('freeQuality', where(j.isFree, wanted(freeQuality), 1), j.qualityShare)
      j.qualityNow = where(j.isFree, clamp(quality, { low: 0, high: j.qualityShare }), j.qualityShare)
    }
    if (hiring) {
      const hires = j.labour.isAbove(0)
      const multiple = finite('hiring', where(hires, wanted(hiring), 1), 1)
      j.hiring = where(hires, clamp(multiple, { low: 0, high: m.hiringHigh }), 1)
    }
    if (open) j.openNext = bool(deciding(f, () => open(j)))
  })
}

/** Least cap of a free plan, requests a month. */
const CAP_LEAST = 1e-6

/** Highest weight: the sum of any number of them is finite. */
const WEIGHT_HIGH = 1e300

/** As far as written decimals may be from summing to one (scenarios/check.ts): such weights are shares as they are. */
const SHARES_TOLERANCE = 1e-9

function weightOf(value: Num): Num {
  return clamp(value, { low: 0, high: WEIGHT_HIGH })
}

/** A weight over the sum of all, 0 if that is 0. */
function shareOf(weight: Num, total: Num): Num {
  const isShare = total.minus(1).absolute().isAtMost(SHARES_TOLERANCE)
  return where(isShare, weight, weight.over(where(total.isAbove(0), total, 1)))
}
