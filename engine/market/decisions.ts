/**
 * Decisions (section 7.2): every startup observes and acts. The default decision is taken for all; startups with
 * a strategy of their own then change what it decides, within the scenario's bounds.
 */
import {
  each,
  list,
  max,
  month,
  num,
  only,
  recordRow,
  step,
  where,
  whereBool,
  type Bool,
  type List,
  type Num,
  type RecordTable,
} from '../trace/index.ts'
import { RivalryError } from '../errors.ts'
import { act, actedOn, actionNames, isScheduled, setGains, type Acted, type Actions } from './actions.ts'
import type { MarketDefinition } from './definition.ts'
import { ledger } from './ledger.ts'
import { pairs, plans, plansOf, startups, world, type Plan, type Startup, type World } from './model.ts'
import type { Shape } from './shape.ts'

export type { Actions } from './actions.ts'

/** What a strategy sees when it decides. */
export interface Situation {
  readonly market: World
  /** The startup's own books and state; money columns are in ledger units, see `amount`. */
  readonly startup: Startup
  /** Cash over burn, months. */
  readonly runway: Num
  /** Quality of the best open model that a customer can host. */
  readonly openFrontier: Num
  /** What the default strategy would spend, and which plans the scenario has open this month. */
  readonly usual: { readonly rd: Num; readonly marketing: Num; readonly isOpen: (plan: Plan) => Bool }
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
      j.openNow = isScheduled(j)
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
      setGains(m, f, (a) => f.mix.at(a))
    })
  })

/** Startups with a strategy of their own change what it decides. */
export const strategic = (shape: Shape, strategies: readonly TracedStrategy[]) =>
  step(STRATEGIC_STEP, () => {
    const m = only(world)
    for (const strategy of strategies) {
      each(followersOf(strategy.name)(m as never), (f) => act(shape, m, f as Startup, strategy))
    }
    settle(actedOn(strategies))
  })

/** What startups see before they decide, and what is as in the scenario unless they decide on it. */
export const beforeDecisions = (strategies: readonly TracedStrategy[]) =>
  step('before strategies', () => {
    const m = only(world)
    const acted = actedOn(strategies)
    if (acted.has('split'))
      each(pairs, (p) => {
        p.shareNow = p.share
      })
    for (const { name } of strategies.filter(({ acts }) => acts.includes('open')))
      each(followersOf(name)(m as never), (f) =>
        each(plansOf(f as Startup), (j) => {
          j.openNow = whereBool(month().equals(0), j.openNow, j.wasOpen)
        }),
      )
    each(plans, (j) => {
      if (acted.has('priceMultiplier')) j.multiplierNext = j.multiplier
      if (acted.has('open')) j.openNext = j.openNow
      if (acted.has('freeQuality')) j.qualityNow = j.qualityShare
      if (acted.has('hiring')) j.hiring = num(1)
    })
  })

/** What all see changes together: whoever decides sees last month's prices and offers, whatever the order of startups. */
function settle(acted: Acted): void {
  each(plans, (j) => {
    if (acted.has('priceMultiplier')) j.multiplier = j.multiplierNext
    if (acted.has('open')) {
      j.openNow = j.openNext
      j.wasOpen = j.openNext
    }
  })
}

/** The step before which strategies outside the kernel decide. */
export const STRATEGIC_STEP = 'strategies'

/** Cash over burn; a startup that burns nothing lasts for ever, stated as a large number. */
export function runwayOf(m: World, cash: Num, burn: Num): Num {
  return where(burn.isAbove(0), cash.over(max(burn, m.burnLeast)), m.runwayWithoutBurn)
}

// -------------------------------------------------------------------------------- actions that are not finite

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
