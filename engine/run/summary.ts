/**
 * What a run says about each startup: how often it survives, what it earns, whom it serves. Collected from the table
 * of startups as its rows arrive; only profits are kept, 8 bytes for each startup and replication.
 */
import type { RecordBatch } from 'apache-arrow'
import { totalmem } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { RivalryError, assert } from '../errors.ts'
import { mayEnterLate, type MarketDefinition } from '../market/definition.ts'
import { RunningMean } from '../statistics/mean.ts'
import { OrderStatistics } from '../statistics/order-statistics.ts'
import { type Proportion, wilson } from '../statistics/proportion.ts'
import { quantiles } from '../statistics/quantiles.ts'
import { bitAt } from '../tables/bits.ts'
import type { TableDeclaration } from '../tables/declaration.ts'
import type { RunIdentity } from '../files/manifest.ts'

/** Months at which survival is stated, beside the last one: one, three and five years. */
const MILESTONES = [12, 36, 60]

/** The numbers of a run, for people (summary.txt) and machines (summary.json). */
export interface Summary extends RunIdentity {
  readonly title: string
  readonly months: number
  readonly currency: string
  /** In the order of the scenario. */
  readonly startups: readonly StartupSummary[]
}

/** One startup over all replications. Means are over all of them, also where it failed, unless stated. */
export interface StartupSummary {
  readonly id: string
  readonly name: string
  readonly businessModel: string
  /** Share of the replications in which it ever enters, if it may enter late; all else is of those. */
  readonly entered?: number
  /**
   * Share of replications in which it was in business for so many months, from its entry if it entered late, of those
   * in which the run was long enough to see that; null where it was in none. The last entry is the end of the run.
   */
  readonly survival: readonly { readonly months: number; readonly share: number | null }[]
  readonly survivalAtEnd: Proportion
  /** Cumulative profit after tax, in the scenario's currency. */
  readonly profit: {
    readonly mean: number
    readonly low10: number
    readonly median: number
    readonly high90: number
    /** Replications in which it is above zero. */
    readonly positive: Proportion
    /** Replications in which it is above that of every other startup. */
    readonly highest: Proportion
  }
  /** Mean share of all startups' revenue in the last month, of replications with any revenue then. */
  readonly revenueShare: number | null
  readonly freeUsers: number
  readonly paidUsers: number
  /** Gross margin over the last two years, all replications together in which it is in business at the end. */
  readonly grossMargin: number | null
  /** The three principles of benign commercialisation over all replications, and their geometric mean. */
  readonly health: {
    readonly overall: number
    /** Mean of the operating margin's score. */
    readonly profitability: number
    /** Probability to survive to the end. */
    readonly sustainability: number
    /** Mean, of replications in which it had customers when this was judged. */
    readonly userValue: number
  }
  /** Why it failed, over the replications in which it did. */
  readonly exits: {
    readonly count: number
    /** What its gross profit did not cover in about the year before: shares of the exits, most frequent first. */
    readonly causes: readonly { readonly cause: string; readonly share: number }[]
    /** Share of the exits in a winter of the funding climate. */
    readonly winter: number
    /** Share of the exits while a shock lasted, in scenarios with shocks. */
    readonly shock?: number
    /** Mean number of rounds refused since it last raised capital. */
    readonly refusedRounds: number
  }
}

/** Means that are kept for every startup: the summary's name of each and its column. */
const MEANS = {
  profit: 'profit',
  revenueShare: 'share',
  freeUsers: 'freeUsers',
  paidUsers: 'paidUsers',
  profitability: 'healthProfit',
  userValue: 'healthUsers',
} as const

/** What is known so far of one startup. */
interface Tally {
  /** Replications in which it survived each of the milestones. */
  readonly survived: number[]
  readonly profits: Float64Array
  readonly means: Readonly<Record<keyof typeof MEANS, RunningMean>>
  positive: number
  highest: number
  lateRevenue: number
  lateDirectCost: number
  /** Exits by number of the cause. */
  readonly causes: number[]
  winterExits: number
  shockExits: number
  refusedRounds: number
  /** Replications in which it was there, and in which it could be seen to reach each of the milestones. */
  entered: number
  readonly seen: number[]
  /** Whether it may enter after month 0. */
  readonly isLate: boolean
}

/** Replications that are read in one go: some 10 ms. */
const REPLICATIONS_AT_ONCE = 4096

/** Quantiles need all values: 8 bytes for each replication and startup, the only memory that grows with a run. */
function checkMemory(replications: number, startups: number): void {
  const bytes = 8 * replications * startups
  // What the system, or the container, allows at most; 0 where that is not known.
  const limit = Math.min(totalmem(), process.constrainedMemory?.() || Infinity)
  if (bytes <= limit / 2) return
  const gibibytes = (value: number): string => `${(value / 2 ** 30).toFixed(1)} GiB`
  throw new RivalryError(
    `the profits of ${replications} replications take ${gibibytes(bytes)}, and half of the memory is ${gibibytes(limit / 2)}`,
    { code: 'memory', path: 'replications', hint: 'simulate fewer replications' },
  )
}

/** Collects the table of startups, batch after batch in order of replications, into a summary. */
export class SummaryCollector {
  readonly #market: MarketDefinition
  readonly #table: TableDeclaration
  readonly #replications: number
  readonly #milestones: readonly number[]
  readonly #tallies: readonly Tally[]
  #seen = 0

  /** @throws RivalryError `memory` when there are more replications than profits can be kept of. */
  constructor(market: MarketDefinition, table: TableDeclaration, replications: number) {
    checkMemory(replications, market.startups.length)
    this.#market = market
    this.#table = table
    this.#replications = replications
    this.#milestones = [...MILESTONES.filter((month) => month < market.months), market.months]
    this.#tallies = market.startups.map((startup) => ({
      survived: this.#milestones.map(() => 0),
      profits: new Float64Array(replications),
      means: Object.fromEntries(
        Object.keys(MEANS).map((name) => [name, new RunningMean()]),
      ) as Tally['means'],
      positive: 0,
      highest: 0,
      lateRevenue: 0,
      lateDirectCost: 0,
      causes: [],
      winterExits: 0,
      shockExits: 0,
      refusedRounds: 0,
      entered: 0,
      seen: this.#milestones.map(() => 0),
      isLate: mayEnterLate(startup),
    }))
  }

  /**
   * Adds whole replications: rows `[replication][startup]`, from the first replication that is not yet seen. They are
   * read when the promise settles; a large batch is read in pieces, so that the signal is heard in between.
   */
  async append(batch: RecordBatch, signal?: AbortSignal): Promise<void> {
    const piece = REPLICATIONS_AT_ONCE * this.#tallies.length
    if (batch.numRows <= piece) return this.#append(batch)
    for (let first = 0; first < batch.numRows; first += piece) {
      this.#append(batch.slice(first, Math.min(first + piece, batch.numRows)))
      await nextTurn()
      signal?.throwIfAborted()
    }
  }

  #append(batch: RecordBatch): void {
    const startupCount = this.#tallies.length
    const count = batch.numRows / startupCount
    assert(
      Number.isInteger(count) && this.#seen + count <= this.#replications,
      'rows are those of the next replications',
      { rows: batch.numRows, seen: this.#seen, replications: this.#replications },
    )
    const columns = this.#columns(batch)
    for (let replication = 0; replication < count; replication++) {
      const first = replication * startupCount
      assert(columns.replication.at(first) === this.#seen, 'replications arrive in order', {
        seen: this.#seen,
      })
      this.#tallies.forEach((tally, startup) =>
        addRow(tally, columns, {
          row: first + startup,
          milestones: this.#milestones,
          months: this.#market.months,
        }),
      )
      const highest = highestOf(columns.profit, first, startupCount)
      if (highest >= 0) this.#tallies[highest]!.highest++
      this.#seen++
    }
  }

  /** The summary, when all replications have been added. */
  summary(identity: RunIdentity): Summary {
    assert(this.#seen === this.#replications, 'all replications were added', { seen: this.#seen })
    const { title, months, currency, startups } = this.#market
    return {
      ...identity,
      title,
      months,
      currency,
      startups: startups.map(({ id, name, businessModel }, index) => ({
        id,
        name,
        businessModel,
        ...this.#startup(this.#tallies[index]!),
      })),
    }
  }

  #startup(tally: Tally): Omit<StartupSummary, 'id' | 'name' | 'businessModel'> {
    const trials = this.#replications
    const lives = Math.max(tally.entered, 1)
    const mean = (name: keyof typeof MEANS): number => tally.means[name].value ?? 0
    const [low10, median, high90] = quantiles(
      new OrderStatistics(tally.entered > 0 ? tally.profits.subarray(0, tally.entered) : new Float64Array(1)),
      [0.1, 0.5, 0.9],
    ) as [number, number, number]
    return {
      survival: this.#milestones.map((month, index) => ({
        months: month,
        share: tally.seen[index]! > 0 ? tally.survived[index]! / tally.seen[index]! : null,
      })),
      survivalAtEnd: wilson(tally.survived.at(-1)!, lives),
      ...(tally.isLate ? { entered: tally.entered / trials } : {}),
      profit: {
        mean: mean('profit'),
        low10,
        median,
        high90,
        positive: wilson(tally.positive, lives),
        highest: wilson(tally.highest, trials),
      },
      revenueShare: tally.means.revenueShare.value,
      freeUsers: mean('freeUsers'),
      paidUsers: mean('paidUsers'),
      grossMargin: tally.lateRevenue > 0 ? 1 - tally.lateDirectCost / tally.lateRevenue : null,
      health: {
        overall: Math.cbrt(mean('profitability') * (tally.survived.at(-1)! / lives) * mean('userValue')),
        profitability: mean('profitability'),
        sustainability: tally.survived.at(-1)! / lives,
        userValue: mean('userValue'),
      },
      exits: this.#exits(tally),
    }
  }

  #exits({ causes, winterExits, shockExits, refusedRounds }: Tally): StartupSummary['exits'] {
    const exits = causes.reduce((sum, number) => sum + number, 0)
    const names = this.#table.columns.find(({ name }) => name === 'exitCause')?.dictionary ?? []
    return {
      count: exits,
      causes: names
        .map((cause, number) => ({ cause, share: (causes[number] ?? 0) / Math.max(exits, 1) }))
        .filter(({ share }) => share > 0)
        .toSorted((one, other) => other.share - one.share),
      winter: winterExits / Math.max(exits, 1),
      ...(this.#has('shocksAtExit') ? { shock: shockExits / Math.max(exits, 1) } : {}),
      refusedRounds: refusedRounds / Math.max(exits, 1),
    }
  }

  #has(column: string): boolean {
    return this.#table.columns.some(({ name }) => name === column)
  }

  #columns(batch: RecordBatch): Columns {
    const column = (name: string): ColumnView => {
      const index = this.#table.columns.findIndex((declared) => declared.name === name)
      assert(index >= 0, 'the table of startups has the column', { name })
      const { values, nullBitmap, nullCount, offset } = batch.data.children[index]!
      return {
        at: (row) => values[row] as number,
        has: (row) => nullCount === 0 || bitAt(nullBitmap, offset + row),
      }
    }
    return {
      replication: column('replication'),
      alive: column('alive'),
      exitMonth: column('exitMonth'),
      ...(this.#has('entryMonth') ? { entryMonth: column('entryMonth') } : {}),
      ...(this.#has('shocksAtExit') ? { shocksAtExit: column('shocksAtExit') } : {}),
      profit: column('profit'),
      lateRevenue: column('lateRevenue'),
      lateDirectCost: column('lateDirectCost'),
      exitCause: column('exitCause'),
      exitInWinter: column('exitInWinter'),
      refused: column('refused'),
      means: Object.entries(MEANS).map(([name, of]) => [name as keyof typeof MEANS, column(of)] as const),
    }
  }
}

interface ColumnView {
  at(row: number): number
  /** Whether the row has a value. */
  has(row: number): boolean
}

interface Columns {
  readonly replication: ColumnView
  readonly alive: ColumnView
  readonly exitMonth: ColumnView
  readonly entryMonth?: ColumnView
  readonly shocksAtExit?: ColumnView
  readonly profit: ColumnView
  readonly lateRevenue: ColumnView
  readonly lateDirectCost: ColumnView
  readonly exitCause: ColumnView
  readonly exitInWinter: ColumnView
  readonly refused: ColumnView
  readonly means: readonly (readonly [keyof typeof MEANS, ColumnView])[]
}

function addRow(
  tally: Tally,
  columns: Columns,
  { row, milestones, months }: { row: number; milestones: readonly number[]; months: number },
): void {
  const isAlive = columns.alive.at(row) === 1
  // What never entered neither survives nor fails, nor earns.
  if (!isAlive && !columns.exitMonth.has(row)) return
  const entry = columns.entryMonth?.at(row) ?? 0
  // A startup that failed in month 12, counted from its entry, was in business for twelve months.
  const age = isAlive ? Infinity : columns.exitMonth.at(row) - entry
  milestones.forEach((reached, index) => {
    const isEnd = reached === months
    // The run must have been long enough to see it.
    if (!isEnd && entry + reached > months) return
    tally.seen[index]!++
    if (isEnd ? isAlive : age >= reached) tally.survived[index]!++
  })
  const profit = columns.profit.at(row)
  tally.profits[tally.entered++] = profit
  if (profit > 0) tally.positive++
  if (isAlive) {
    tally.lateRevenue += columns.lateRevenue.at(row)
    tally.lateDirectCost += columns.lateDirectCost.at(row)
  } else if (columns.exitCause.has(row)) {
    const cause = columns.exitCause.at(row)
    tally.causes[cause] = (tally.causes[cause] ?? 0) + 1
    tally.winterExits += columns.exitInWinter.at(row)
    if ((columns.shocksAtExit?.at(row) ?? 0) > 0) tally.shockExits++
    tally.refusedRounds += columns.refused.at(row)
  }
  for (const [name, column] of columns.means) if (column.has(row)) tally.means[name].add(column.at(row))
}

/** Position of the startup whose profit is above that of every other, -1 where several share the first place. */
function highestOf(profit: ColumnView, first: number, count: number): number {
  let highest = -1
  let most = -Infinity
  for (let startup = 0; startup < count; startup++) {
    const value = profit.at(first + startup)
    if (value > most) {
      most = value
      highest = startup
    } else if (value === most) highest = -1
  }
  return highest
}
