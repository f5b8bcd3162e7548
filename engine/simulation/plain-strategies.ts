/**
 * Strategies in plain TypeScript. Once a month the kernel stops, each such strategy sees all replications of the
 * batch at once through arrays that it shares with the kernel, and writes its decisions beside them. Results stay
 * reproducible only if a strategy uses no randomness, clock or transcendental mathematics of its own.
 */
import { RivalryError, assert } from '../errors.ts'
import { STRATEGIC_STEP } from '../market/decisions.ts'
import type {
  MarketDefinition,
  PlanDefinition,
  SegmentDefinition,
  StartupDefinition,
} from '../market/definition.ts'
import {
  planAction,
  planActions,
  planFields,
  planObservation,
  publicFields,
  segmentAction,
  segmentActions,
  segmentFields,
  segmentObservation,
  startupAction,
  startupActions,
  startupFields,
  startupObservation,
  type Field,
} from '../market/observation.ts'
import { indexMarket } from '../market/populate.ts'
import { LANES } from '../trace/layout.ts'
import type { Instance } from './instance.ts'

type Numbers<F extends readonly Field[]> = { readonly [K in F[number]['name']]: Float64Array }

/** A plan of the startup that decides: one number for each replication. */
export interface PlainPlan {
  readonly id: string
  readonly sees: Numbers<typeof planFields>
  /**
   * Holds what the default strategy would do; of the price multiplier, 1 before the first decision and the last
   * decision after it.
   */
  readonly does: Numbers<typeof planActions>
}

/** A segment where the startup that decides sells or advertises. */
export interface PlainSegment {
  readonly id: string
  readonly sees: Numbers<typeof segmentFields>
  /** Holds the scenario's share of marketing. */
  readonly does: Numbers<typeof segmentActions>
}

/** What is public of another startup: whether it lives, its quality and openness, and its plans but for who has them. */
export interface PlainRival {
  readonly id: string
  readonly sees: Pick<Numbers<typeof startupFields>, (typeof publicFields)[number]>
  readonly plans: readonly {
    readonly id: string
    readonly sees: Omit<Numbers<typeof planFields>, 'customers'>
  }[]
}

/** What a plain strategy is given once a month. Arrays have one entry for each replication of the batch. */
export interface PlainSituation {
  readonly month: number
  /** Replications to decide for: the first entries of every array. */
  readonly replications: number
  readonly startup: string
  readonly settings: Readonly<Record<string, number>>
  readonly sees: Numbers<typeof startupFields>
  /** Holds what the default strategy would do; change what you want. */
  readonly does: Numbers<typeof startupActions>
  readonly plans: readonly PlainPlan[]
  readonly segments: readonly PlainSegment[]
  readonly rivals: readonly PlainRival[]
}

/** A decision rule outside the kernel. */
export interface PlainStrategy {
  readonly name: string
  readonly decide: (situation: PlainSituation) => void
}

/** What a runner must know of a compiled market. */
interface Played {
  readonly market: MarketDefinition
  readonly program: { readonly month: readonly { readonly name: string }[] }
}

interface Seat {
  readonly strategy: PlainStrategy
  readonly startup: StartupDefinition
  readonly situation: Omit<PlainSituation, 'month' | 'replications'>
}

/** Runs batches of a market in which some startups follow plain strategies. */
export class PlainRunner {
  private readonly instance: Instance
  private readonly seats: readonly Seat[]
  private readonly stepCount: number
  private readonly seam: number

  /** The instance must hold the state of all blocks of a batch: `blocks` is `rows` over the lanes of a block. */
  constructor(instance: Instance, compiled: Played, strategies: readonly PlainStrategy[]) {
    const { blocks, rows } = instance.options
    assert(blocks * LANES === rows, 'all blocks of a batch have state of their own', { blocks, rows })
    this.instance = instance
    this.seats = seatsOf(instance, compiled, strategies)
    this.stepCount = compiled.program.month.length
    this.seam = compiled.program.month.findIndex(({ name }) => name === STRATEGIC_STEP)
    assert(this.seam >= 0, 'the market was compiled for strategies outside the kernel')
  }

  /**
   * Simulates the replications [first, first + count), recording them from row 0.
   *
   * @throws RivalryError (code `action`) when a strategy decides something that is not a finite number.
   */
  run(task: { first: number; count: number }): void {
    for (const _ of this.steps(task));
  }

  /** As `run`, stopping now and then so that the caller can look up, or run no further. */
  *steps({ first, count }: { first: number; count: number }): Generator<undefined, void> {
    const { kernel, options } = this.instance
    const blocks = Array.from({ length: Math.ceil(count / LANES) }, (_, i) => i)
    for (const i of blocks) {
      this.instance.assignBlock(i, {
        replications: Array.from({ length: LANES }, (_, lane) => first + i * LANES + lane),
        row: i * LANES,
      })
      kernel.start(this.instance.blockAddress(i))
      yield
    }
    for (const { situation } of this.seats)
      for (const plan of situation.plans) plan.does.priceMultiplier.fill(1)
    for (let month = 0; month < options.months; month++) {
      for (const i of blocks) {
        kernel.steps(this.instance.blockAddress(i), month, 0, this.seam)
        yield
      }
      for (const seat of this.seats) decide(seat, month, count, first)
      for (const i of blocks) {
        kernel.steps(this.instance.blockAddress(i), month, this.seam, this.stepCount)
        yield
      }
    }
    for (const i of blocks) kernel.finish(this.instance.blockAddress(i), options.months - 1)
  }
}

/** Writes what the default strategy does, but for the price multiplier, which stays as last decided. */
function doAsUsual({ startup, situation: { sees, does, plans, segments } }: Seat, month: number): void {
  does.rd.set(sees.usualRd)
  does.marketing.set(sees.usualMarketing)
  const [accuracy, scalability, responsiveness] = startup.rdMix
  does.rdAccuracy.fill(accuracy)
  does.rdScalability.fill(scalability)
  does.rdResponsiveness.fill(responsiveness)
  does.efficiencyShare.fill(startup.efficiencyShare)
  does.reservation.fill(1)
  does.takeRate.fill(startup.takeRate)
  does.outShare.fill(startup.outShare)
  plans.forEach((plan, i) => {
    const { opens, closes, adLoad, cap, qualityShare } = startup.plans[i] as PlanDefinition
    plan.does.open.fill(month >= opens && month < (closes ?? Infinity) ? 1 : 0)
    plan.does.adLoad.fill(adLoad)
    plan.does.freeCap.fill(cap ?? Infinity)
    plan.does.freeQuality.fill(qualityShare)
    plan.does.hiring.fill(1)
  })
  for (const { id, does: decided } of segments) decided.split.fill(startup.split[id] ?? 0)
}

function decide(seat: Seat, month: number, count: number, first: number): void {
  const { strategy, situation } = seat
  doAsUsual(seat, month)
  strategy.decide({ ...situation, month, replications: count })
  const check = (values: Float64Array, action: string): void => {
    for (let r = 0; r < count; r++) {
      if (Number.isFinite(values[r]) || (values[r] === Infinity && action.startsWith('freeCap'))) continue
      throw new RivalryError(`${action} is ${values[r]} in month ${month} of replication ${first + r}`, {
        code: 'action',
        path: `startup ${situation.startup}, strategy ${strategy.name}`,
        hint: 'a strategy must decide a finite number for every replication',
      })
    }
  }
  for (const [action, values] of Object.entries(situation.does)) check(values, action)
  for (const plan of situation.plans)
    for (const [action, values] of Object.entries(plan.does)) check(values, `${action} of plan ${plan.id}`)
  for (const { id, does } of situation.segments) check(does.split, `split of segment ${id}`)
}

function seatsOf(instance: Instance, { market }: Played, strategies: readonly PlainStrategy[]): Seat[] {
  const numbers = <F extends readonly Field[]>(table: string, fields: F, record: number): Numbers<F> =>
    Object.fromEntries(fields.map(({ name }) => [name, instance.shared(table, name, record)])) as Numbers<F>
  const { plans: planList, pairs } = indexMarket(market)
  const plansOf = (f: number): { id: string; record: number; sees: Numbers<typeof planFields> }[] =>
    planList.flatMap(({ startup, plan: { id } }, record) =>
      startup === f ? [{ id, record, sees: numbers(planObservation.name, planFields, record) }] : [],
    )
  const rival = (f: number): PlainRival => ({
    id: (market.startups[f] as StartupDefinition).id,
    sees: numbers(
      startupObservation.name,
      startupFields.filter(({ name }) => publicFields.some((known) => known === name)),
      f,
    ),
    plans: plansOf(f).map(({ id, sees: { customers: _private, ...sees } }) => ({ id, sees })),
  })
  return market.startups.flatMap((startup, f): Seat[] => {
    const strategy = strategies.find(({ name }) => name === startup.strategy.name)
    if (!strategy) return []
    const situation: Seat['situation'] = {
      startup: startup.id,
      settings: startup.strategy.settings,
      sees: numbers(startupObservation.name, startupFields, f),
      does: numbers(startupAction.name, startupActions, f),
      plans: plansOf(f).map(({ id, record, sees }) => ({
        id,
        sees,
        does: numbers(planAction.name, planActions, record),
      })),
      segments: pairs.flatMap(({ startup: owner, segment }, record) =>
        owner === f
          ? [
              {
                id: (market.segments[segment] as SegmentDefinition).id,
                sees: numbers(segmentObservation.name, segmentFields, record),
                does: numbers(segmentAction.name, segmentActions, record),
              },
            ]
          : [],
      ),
      rivals: market.startups.flatMap((_, g) => (g === f ? [] : [rival(g)])),
    }
    return [{ strategy, startup, situation }]
  })
}
