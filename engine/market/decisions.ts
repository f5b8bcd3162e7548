/**
 * Decisions (section 3.2): every startup observes and acts. The default decision is taken for all; startups with
 * a strategy of their own then change what it decides, within the scenario's bounds.
 */
import {
  clamp,
  each,
  list,
  max,
  min,
  month,
  num,
  only,
  recordRow,
  step,
  where,
  type List,
  type Num,
  type RecordTable,
} from '../trace/index.ts'
import { RivalryError } from '../errors.ts'
import type { MarketDefinition } from './definition.ts'
import { ledger } from './ledger.ts'
import { ATTRIBUTES, plans, plansOf, startups, world, type Plan, type Startup, type World } from './model.ts'
import type { Shape } from './shape.ts'

/** What a strategy may change; what it leaves out is as the default decides. Numbers outside bounds are clamped. */
export interface Actions {
  /** R&D budget, money a month. */
  readonly rd?: Num
  /** Marketing budget, money a month. */
  readonly marketing?: Num
  /** Multiple of the list price of each plan; asked for paid plans only. */
  readonly priceMultiplier?: (plan: Plan) => Num
  /** Ads a request, for plans that carry ads. */
  readonly adLoad?: (plan: Plan) => Num
  /** Cap of free plans, requests a month before its growth. */
  readonly freeCap?: (plan: Plan) => Num
  readonly takeRate?: Num
  readonly outShare?: Num
}

/** What a strategy sees when it decides. */
export interface Situation {
  readonly market: World
  /** The startup's own books and state; money columns are in ledger units, see `amount`. */
  readonly startup: Startup
  /** Cash over burn, months. */
  readonly runway: Num
  /** What the default strategy would spend. */
  readonly usual: { readonly rd: Num; readonly marketing: Num }
  /** A ledger column as currency. */
  readonly amount: (posting: Num) => Num
  /** The strategy's settings. */
  readonly setting: (name: string) => Num
}

/** A decision rule, traced once per market and run inside the kernel. */
export interface TracedStrategy {
  readonly name: string
  /** One sentence. */
  readonly meaning: string
  /** Settings with unit, default and bounds. */
  readonly settings: Readonly<
    Record<
      string,
      {
        readonly default: number
        readonly unit: string
        readonly meaning: string
        readonly low: number
        readonly high: number
      }
    >
  >
  /** Which actions it takes: decides what may differ by replication. */
  readonly acts: readonly (keyof Actions)[]
  readonly decide: (situation: Situation) => Actions
}

const followersByStrategy = new Map<string, List<never, never>>()

/** The startups that follow a strategy. */
export function followersOf(
  strategy: string,
): List<Record<string, never>, (typeof startups)['declare']['columns']> {
  const known =
    followersByStrategy.get(strategy) ??
    (list(`followers of ${strategy}`, world, startups) as unknown as List<never, never>)
  followersByStrategy.set(strategy, known)
  return known as never
}

/** What everybody decides by default. */
export const decisions = (shape: Shape) =>
  step('decisions', () => {
    const m = only(world)
    const { amount } = ledger(shape.books)
    each(plans, (j) => {
      j.adLoadNow = j.adLoad
      j.capNow = j.cap
    })
    each(startups, (f) => {
      f.runway = runwayOf(m, amount(f.cash), f.burn)
      const budget = where(f.alive, where(f.runway.isBelow(m.cutBelowRunway), m.cutFactor, 1), 0)
      const profit = max(f.grossProfit, 0)
      f.rdBudget = f.rd.plus(f.rdShare.times(profit)).times(budget)
      f.marketingBudget = f.marketing.plus(f.marketingShare.times(profit)).times(budget)
      f.take = f.takeRate
      f.out = f.outShare
      f.efficiencyMix = f.efficiencyShare
      for (const a of ATTRIBUTES) {
        const mix = f.mix.at(a).times(num(1).minus(f.efficiencyMix))
        f.mixGain.set(a, m.rdGain.times(mix.times(3).squareRoot()))
      }
      f.efficiencyGain = m.rdGain.times(f.efficiencyMix.times(3).squareRoot())
    })
  })

/** Startups with a strategy of their own change what it decides. */
export const strategic = (shape: Shape, strategies: readonly TracedStrategy[]) =>
  step(STRATEGIC_STEP, () => {
    const m = only(world)
    const pricing = strategies.some(({ acts }) => acts.includes('priceMultiplier'))
    if (pricing)
      each(plans, (j) => {
        j.multiplierNext = j.multiplier
      })
    for (const strategy of strategies) {
      each(followersOf(strategy.name)(m as never), (f) => act(shape, m, f as Startup, strategy))
    }
    // Prices change together: whoever decides sees those of last month, whatever the order of the startups.
    if (pricing)
      each(plans, (j) => {
        j.multiplier = j.multiplierNext
      })
  })

/** The step before which strategies outside the kernel decide. */
export const STRATEGIC_STEP = 'strategies'

/** Cash over burn; a startup that burns nothing lasts for ever, stated as a large number. */
export function runwayOf(m: World, cash: Num, burn: Num): Num {
  return where(burn.isAbove(0), cash.over(max(burn, m.burnLeast)), m.runwayWithoutBurn)
}

function act(shape: Shape, m: World, f: Startup, strategy: TracedStrategy): void {
  const { amount } = ledger(shape.books)
  const actions = strategy.decide({
    market: m,
    startup: f,
    runway: f.runway,
    amount,
    usual: { rd: f.rdBudget, marketing: f.marketingBudget },
    setting: (name) => {
      const position = Object.keys(strategy.settings).indexOf(name)
      if (position < 0)
        throw new RivalryError(`strategy ${strategy.name} has no setting called ${name}`, {
          code: 'unknown-setting',
        })
      return f.settings.at(position)
    },
  })
  const undeclared = actionNames.find((name) => actions[name] && !strategy.acts.includes(name))
  if (undeclared)
    throw new RivalryError(`strategy ${strategy.name} acts on ${undeclared} and does not say so`, {
      code: 'undeclared-action',
      hint: 'name it under acts',
    })
  const finite = (action: keyof Actions, value: Num, otherwise: Num): Num => {
    const isFinite = value.absolute().isAtMost(Number.MAX_VALUE)
    const mark = month()
      .toNum()
      .times(actionNames.length)
      .plus(actionNames.indexOf(action) + 1)
    f.fault = where(isFinite.not().and(f.alive).and(f.fault.equals(0)), mark, f.fault)
    return where(isFinite, value, otherwise)
  }
  const budget = (action: 'rd' | 'marketing', value: Num, usual: Num): Num =>
    where(f.alive, clamp(finite(action, value, usual), { low: 0, high: m.budgetHigh }), 0)
  if (actions.rd) f.rdBudget = budget('rd', actions.rd, f.rdBudget)
  if (actions.marketing) f.marketingBudget = budget('marketing', actions.marketing, f.marketingBudget)
  if (actions.takeRate)
    f.take = clamp(finite('takeRate', actions.takeRate, f.take), { low: 0, high: m.takeRateHigh })
  if (actions.outShare)
    f.out = clamp(finite('outShare', actions.outShare, f.out), { low: 0, high: m.outShareHigh })
  const { priceMultiplier, adLoad, freeCap } = actions
  if (!priceMultiplier && !adLoad && !freeCap) return
  each(plansOf(f), (j) => {
    if (priceMultiplier) {
      const free = j.isFree
      const wanted = finite('priceMultiplier', where(free, 1, priceMultiplier(j)), j.multiplier)
      j.multiplierNext = where(
        free,
        1,
        clamp(wanted, { low: m.priceMultiplierLow, high: m.priceMultiplierHigh }),
      )
    }
    if (adLoad) {
      const carries = j.adLoad.isAbove(0)
      const wanted = finite('adLoad', where(carries, adLoad(j), 0), j.adLoad)
      j.adLoadNow = where(carries, clamp(wanted, { low: 0, high: m.adLoadHigh }), 0)
    }
    if (freeCap) {
      const free = j.isFree
      // A cap can be narrowed, not widened. Without end is how a plan without a cap has it, hence no mistake.
      const wanted = finite('freeCap', where(free, min(freeCap(j), Number.MAX_VALUE), 1), j.cap)
      j.capNow = where(free, min(max(wanted, CAP_LEAST), j.cap), j.cap)
    }
  })
}

/** Least cap of a free plan, requests a month. */
const CAP_LEAST = 1e-6

// -------------------------------------------------------------------------------- actions that are not finite

/** The actions, in the order that marks number them. */
const actionNames = [
  'rd',
  'marketing',
  'priceMultiplier',
  'adLoad',
  'freeCap',
  'takeRate',
  'outShare',
] as const satisfies readonly (keyof Actions)[]

/** What the kernel records of strategies' mistakes: per startup 0, or a mark that tells month and action of the first. */
export const faultsRecord: RecordTable = {
  name: 'faults',
  dimension: startups,
  everyMonth: false,
  columns: [{ name: 'fault', type: 'i32' }],
}

/** Before month 0 nobody has made a mistake. */
export const noFaults = step('no faults', () =>
  each(startups, (f) => {
    f.fault = num(0)
  }),
)

/** Records the marks at the end of each replication. */
export const recordFaults = step('record faults', () =>
  each(startups, (f) => recordRow(faultsRecord, f, { fault: f.fault })),
)

/**
 * Checks the recorded marks of replications from `first` on, `[replication][startup]`. A startup whose action is not
 * finite goes on as by default in the kernel, so that no undefined number reaches memory; the run must not.
 *
 * @throws RivalryError (code `non-finite-action`) that names startup, strategy, action, month and replication.
 */
export function checkActions(
  { startups: companies }: MarketDefinition,
  marks: ArrayLike<number>,
  first: number,
): void {
  for (let i = 0; i < marks.length; i++) {
    const mark = (marks[i] as number) - 1
    if (mark < 0) continue
    const { id, strategy } = companies[i % companies.length] as MarketDefinition['startups'][number]
    const action = actionNames[mark % actionNames.length]
    const at = `month ${Math.floor(mark / actionNames.length)} of replication ${first + Math.floor(i / companies.length)}`
    throw new RivalryError(`strategy ${strategy.name} of ${id} sets ${action} to no finite number in ${at}`, {
      code: 'non-finite-action',
      path: `startups.${id}.strategy`,
      hint: 'guard what it divides by, for instance with max()',
    })
  }
}
