/**
 * Strategies in plain TypeScript. Once a month the kernel stops, each such strategy sees all replications of the
 * batch at once through arrays that it shares with the kernel, and writes its decisions beside them. Results stay
 * reproducible only if a strategy uses no randomness, clock or transcendental mathematics of its own.
 */
import { RivalryError, assert } from '../errors.ts'
import { STRATEGIC_STEP } from '../market/decisions.ts'
import type { CompiledMarket } from '../market/market.ts'
import {
  planAction,
  planActions,
  planFields,
  planObservation,
  startupAction,
  startupActions,
  startupFields,
  startupObservation,
  type Field,
} from '../market/observation.ts'
import { LANES } from '../trace/layout.ts'
import type { Instance } from './instance.ts'

type Numbers<F extends readonly Field[]> = { readonly [K in F[number]['name']]: Float64Array }

/** A plan of the startup that decides: one number for each replication. */
export interface PlainPlan {
  readonly id: string
  readonly sees: Numbers<typeof planFields>
  /** Holds a multiplier of 1 for every plan before the first decision, and the last decision after it. */
  readonly does: Numbers<typeof planActions>
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
}

/** A decision rule outside the kernel. */
export interface PlainStrategy {
  readonly name: string
  readonly decide: (situation: PlainSituation) => void
}

interface Seat {
  readonly strategy: PlainStrategy
  readonly situation: Omit<PlainSituation, 'month' | 'replications'>
}

/** Runs batches of a market in which some startups follow plain strategies. */
export class PlainRunner {
  private readonly instance: Instance
  private readonly seats: readonly Seat[]
  private readonly steps: number
  private readonly seam: number

  /** The instance must hold the state of all blocks of a batch: `blocks` is `rows` over the lanes of a block. */
  constructor(instance: Instance, compiled: CompiledMarket, strategies: readonly PlainStrategy[]) {
    const { blocks, rows } = instance.options
    assert(blocks * LANES === rows, 'all blocks of a batch have state of their own', { blocks, rows })
    this.instance = instance
    this.seats = seatsOf(instance, compiled, strategies)
    this.steps = compiled.program.month.length
    this.seam = compiled.program.month.findIndex(({ name }) => name === STRATEGIC_STEP)
    assert(this.seam >= 0, 'the market was compiled for strategies outside the kernel')
  }

  /**
   * Simulates the replications [first, first + count), recording them from row 0.
   *
   * @throws RivalryError (code `action`) when a strategy decides something that is not a finite number.
   */
  run({ first, count }: { first: number; count: number }): void {
    const { kernel, options } = this.instance
    const blocks = Array.from({ length: Math.ceil(count / LANES) }, (_, i) => i)
    for (const i of blocks) {
      this.instance.assignBlock(i, {
        replications: Array.from({ length: LANES }, (_, lane) => first + i * LANES + lane),
        row: i * LANES,
      })
      kernel.start(this.instance.blockAddress(i))
    }
    for (const { situation } of this.seats)
      for (const plan of situation.plans) plan.does.priceMultiplier.fill(1)
    for (let month = 0; month < options.months; month++) {
      for (const i of blocks) kernel.steps(this.instance.blockAddress(i), month, 0, this.seam)
      for (const seat of this.seats) decide(seat, month, count, first)
      for (const i of blocks) kernel.steps(this.instance.blockAddress(i), month, this.seam, this.steps)
    }
    for (const i of blocks) kernel.finish(this.instance.blockAddress(i), options.months - 1)
  }
}

function decide({ strategy, situation }: Seat, month: number, count: number, first: number): void {
  situation.does.rd.set(situation.sees.usualRd)
  situation.does.marketing.set(situation.sees.usualMarketing)
  strategy.decide({ ...situation, month, replications: count })
  const check = (values: Float64Array, action: string): void => {
    for (let r = 0; r < count; r++) {
      if (Number.isFinite(values[r])) continue
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
}

function seatsOf(
  instance: Instance,
  { market }: CompiledMarket,
  strategies: readonly PlainStrategy[],
): Seat[] {
  const numbers = <F extends readonly Field[]>(table: string, fields: F, record: number): Numbers<F> =>
    Object.fromEntries(fields.map(({ name }) => [name, instance.shared(table, name, record)])) as Numbers<F>
  let firstPlan = 0
  return market.startups.flatMap((startup, f): Seat[] => {
    const plan0 = firstPlan
    firstPlan += startup.plans.length
    const strategy = strategies.find(({ name }) => name === startup.strategy.name)
    if (!strategy) return []
    const plans = startup.plans.map(({ id }, j) => ({
      id,
      sees: numbers(planObservation.name, planFields, plan0 + j),
      does: numbers(planAction.name, planActions, plan0 + j),
    }))
    return [
      {
        strategy,
        situation: {
          startup: startup.id,
          settings: startup.strategy.settings,
          plans,
          sees: numbers(startupObservation.name, startupFields, f),
          does: numbers(startupAction.name, startupActions, f),
        },
      },
    ]
  })
}
