/**
 * What a strategy may read while it decides: its own startup but for its luck, what is public of the others, and the
 * market. Anything else is a mistake that fails while the strategy is traced, naming the column and the line.
 */
import type { Column, Value } from '../trace/ir.ts'
import { NODE } from '../trace/dimension.ts'
import { tracer, type Guard } from '../trace/tracer.ts'
import {
  cohorts,
  cohortsOf,
  dues,
  duesOf,
  lags,
  lagsOf,
  marketOffersOf,
  offers,
  offersOf,
  ownerOf,
  pairOf,
  pairs,
  planOf,
  plans,
  plansOf,
  presenceOf,
  segments,
  startupOf,
  startups,
  world,
  type Startup,
} from './model.ts'

/** Runs a piece of a strategy: what it reads must be visible to the startup, and it sets nothing but its actions. */
export function deciding<T>(startup: Startup, work: () => T): T {
  const t = tracer()
  const outer = t.guard
  t.guard = guardOf(startup[NODE])
  try {
    return work()
  } finally {
    t.guard = outer
  }
}

/** Relations that lead from a startup to what belongs to it, and back. */
const WITHIN = new Set<unknown>(
  [
    plansOf,
    presenceOf,
    offersOf,
    marketOffersOf,
    planOf,
    pairOf,
    ownerOf,
    startupOf,
    lagsOf,
    duesOf,
    cohortsOf,
  ].map(({ relation }) => relation),
)

/** Columns that belong to a startup, of which the others see the public ones only. */
const OWNED = new Set<unknown>([startups, plans, pairs, offers, cohorts, lags, dues])
/** Columns that everybody sees, but for luck. */
const COMMON = new Set<unknown>([world, segments])

/** Whatever others may see of a startup: what it sells, at which quality and price, and whether it is there. */
const PUBLIC = new Set<Column>([
  startups.column.alive,
  startups.column.quality,
  startups.column.openness,
  plans.column.price,
  plans.column.usagePrice,
  plans.column.included,
  plans.column.cap,
  plans.column.allowanceGrowth,
  plans.column.allowance,
  plans.column.qualityShare,
  plans.column.adLoad,
  plans.column.term,
  plans.column.termMonths,
  plans.column.slide,
  plans.column.multiplier,
  plans.column.isFree,
  plans.column.openNow,
])

/** Luck that nobody sees: what it does shows in the books. Names of draws are told by their ending. */
const LUCK = new Set<Column>([world.column.readinessSpeed, startups.column.ability, pairs.column.taste])
const isLuck = (column: Column): boolean =>
  LUCK.has(column) || /draws?$/i.test(column.name) || column.name === 'word'

function guardOf(self: Value): Guard {
  return {
    read(column, entity) {
      const name = `${column.dimension.name}.${column.name}`
      if (isLuck(column))
        return {
          message: `a strategy cannot see ${name}: it is drawn at random`,
          hint: 'nobody knows their luck before it shows in customers and books',
        }
      if (COMMON.has(column.dimension)) return
      if (!OWNED.has(column.dimension)) return { message: `a strategy cannot see ${name}`, hint: HINT }
      if (PUBLIC.has(column) || belongsTo(self, entity)) return
      return { message: `a strategy cannot see ${name} of another startup`, hint: HINT }
    },
    set: (column) => ({
      message: `a strategy cannot set ${column.dimension.name}.${column.name}`,
      hint: 'return what it decides as actions',
    }),
    draw: () => ({
      message: 'a strategy cannot draw from the streams of the study',
      hint: 'it would know what others are going to draw',
    }),
  }
}

const HINT =
  'it sees all of its own, reached from `startup`; of others plans, prices, qualities, openness and whether they live'

/** Whether a record is the startup itself or was reached from it without leaving it. */
function belongsTo(self: Value, record: Value): boolean {
  if (record === self) return true
  const { op, relation, args } = record
  if (op === 'link' || op === 'childAt') return WITHIN.has(relation) && belongsTo(self, args[0] as Value)
  const range = tracer().rangeOf.get(record)
  return (
    range !== undefined && range.over !== 'all' && WITHIN.has(range.relation) && belongsTo(self, range.parent)
  )
}
