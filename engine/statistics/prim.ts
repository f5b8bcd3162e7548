/**
 * The patient rule induction method: boxes, given by limits on few inputs, in which cases of interest are dense. It
 * answers in which futures something happens. Its trajectories are those of ema_workbench, bit for bit.
 */
import { type PrimBox, type PrimStep } from './prim-box.ts'
import { checkedColumns, mistake, type CheckedColumn, type PrimColumn } from './prim-columns.ts'
import {
  OBJECTIVES,
  bestMove,
  densityOf,
  pastes,
  peels,
  type Move,
  type PrimObjective,
  type Search,
  type Size,
} from './prim-candidates.ts'
import {
  allows,
  limitsOf,
  placed,
  replaced,
  restrictedCount,
  wholeRegion,
  type Region,
} from './prim-region.ts'

/** What to search, and how. */
export interface PrimOptions {
  /** The inputs; see `PrimColumn` for how numbers, whole numbers and categories are told apart. */
  readonly columns: readonly PrimColumn[]
  /** For each case 1 if it is of interest, 0 if not; both occur. */
  readonly outcome: ArrayLike<number>
  /** Default `lenient1`. */
  readonly objective?: PrimObjective | undefined
  /** Share of a box's cases that a cut takes off, above 0 and below 1/2; default 0.05. */
  readonly peelAlpha?: number | undefined
  /** Share of the cases beyond an end that an extension lets in, above 0 and below 1/2; default 0.05. */
  readonly pasteAlpha?: number | undefined
  /** Share of all cases that a box holds at least, above 0 and at most 1; default 0.05. */
  readonly minimumMass?: number | undefined
  /**
   * Of the steps that hold at least this share of the cases of interest not in earlier boxes, the densest is chosen;
   * default 0.8. Of equally dense ones the one that covers most, then restricts fewest columns, then comes first.
   */
  readonly minimumCoverage?: number | undefined
  /** Density that a chosen box must reach to be kept, in [0, 1]; the first that does not ends the search; default 0. */
  readonly threshold?: number | undefined
  /** How many boxes to look for, one after the other, each among the cases that no earlier box holds; default 1. */
  readonly boxes?: number | undefined
}

/** What a search found. */
export interface PrimResult {
  /** At most as many as asked for; fewer where no cases of interest are left. */
  readonly boxes: readonly PrimBox[]
  /** The box that ended the search by falling short of the threshold, `null` where none did. */
  readonly belowThreshold: PrimBox | null
}

/**
 * Searches for boxes in which cases of interest are dense. Each search starts with everything, cuts a small share off
 * one side at a time while the objective gains and the box keeps its least mass, and then extends it again while the
 * density rises.
 *
 * The rules are those of ema_workbench, but for one: it stops extending a box in which no column of fractions is
 * restricted, and this goes on. One of its rules is worth knowing: where no case is left at the end of a range of whole
 * numbers, because other cuts took them, that end is only cut if fewer cases than a cut takes lie at the next number.
 *
 * Source: J. H. Friedman and N. I. Fisher (1999), "Bump hunting in high-dimensional data", Statistics and Computing 9;
 * B. P. Bryant and R. J. Lempert (2010), "Thinking inside the box", Technological Forecasting and Social Change 77(1);
 * J. H. Kwakkel (2017), "The Exploratory Modeling Workbench", Environmental Modelling & Software 96.
 *
 * @throws RivalryError for columns or an outcome that cannot be searched, and for options out of their ranges
 */
export function prim(options: PrimOptions): PrimResult {
  const settings = checkedSettings(options)
  const outcome = checkedOutcome(options.outcome)
  const columns = checkedColumns(options.columns, outcome.length)
  const sorted = columns.map((column) => ascendingRows(column, outcome.length))
  let rows: readonly number[] = Array.from(outcome.keys())

  const boxes: PrimBox[] = []
  while (boxes.length < settings.boxes) {
    const search: Search = { columns, outcome, rows }
    if (sizeOf(search).cases === 0) break
    const path = trajectory(search, sorted, settings)
    const place = chosenPlace(path, settings.minimumCoverage)
    const box = { trajectory: path.map(({ step }) => step), chosen: path[place]!.step }
    if (box.chosen.density < settings.threshold) return { boxes, belowThreshold: box }
    boxes.push(box)
    const taken = new Set(placed(columns, path[place]!.region, rows).inside)
    rows = rows.filter((row) => !taken.has(row))
  }
  return { boxes, belowThreshold: null }
}

interface Settings {
  readonly objective: PrimObjective
  readonly peelAlpha: number
  readonly pasteAlpha: number
  readonly minimumMass: number
  readonly minimumCoverage: number
  readonly threshold: number
  readonly boxes: number
}

interface Visit {
  readonly region: Region
  readonly step: PrimStep
}

/** One search: cuts, then extensions, with what was passed on the way. */
function trajectory(search: Search, sorted: readonly Int32Array[], settings: Settings): Visit[] {
  const { columns, outcome, rows } = search
  const { objective, peelAlpha, pasteAlpha, minimumMass } = settings
  const total = outcome.length
  const totalCases = outcome.reduce((sum, value) => sum + value, 0)
  const visits: Visit[] = []
  let region = wholeRegion(columns)
  let size = sizeOf(search)

  const visit = (phase: PrimStep['phase']): void => {
    const limits = limitsOf({ columns, region, rows, outcome })
    const { count, cases } = size
    const restricted = restrictedCount(columns, region)
    const [coverage, density, mass] = [cases / totalCases, cases / count, count / total]
    visits.push({ region, step: { phase, coverage, density, mass, count, cases, restricted, limits } })
  }
  const go = (move: Move, phase: PrimStep['phase']): void => {
    region = replaced(region, move.column, move.allowed)
    size = { count: move.count, cases: move.cases }
    visit(phase)
  }

  visit('start')
  const isLeft = new Uint8Array(total)
  for (const row of rows) isLeft[row] = 1
  let orders = sorted.map((order) => rowsAmong(order, isLeft))
  for (;;) {
    const moves = peels(search, region, size, orders, peelAlpha)
    const best = bestMove(search, region, size, moves, objective)
    if (!best || !(best.score > 0)) break
    const { move } = best
    if (move.count >= size.count || move.count / total < minimumMass) break
    const column = columns[move.column]!
    for (const row of orders[0]!) isLeft[row] = Number(allows(column, move.allowed, row))
    orders = orders.map((order) => rowsAmong(order, isLeft))
    go(move, 'peel')
  }
  for (;;) {
    const best = bestMove(search, region, size, pastes(search, region, size, pasteAlpha), objective)
    if (!best || !(best.score > 0) || densityOf(best.move) <= densityOf(size)) break
    go(best.move, 'paste')
  }
  return visits
}

/** The densest step that holds enough of what the search began with; there is one, since it began with all. */
function chosenPlace(path: readonly Visit[], minimumCoverage: number): number {
  const available = path[0]!.step.cases
  let best = 0
  for (const [place, { step }] of path.entries()) {
    if (step.cases / available < minimumCoverage) continue
    const than = path[best]!.step
    const order = step.density - than.density || step.cases - than.cases || than.restricted - step.restricted
    if (order > 0) best = place
  }
  return best
}

/** The rows that are marked, in the order given. A plain loop: this is where the time of a search goes. */
function rowsAmong(order: Int32Array, isMarked: Uint8Array): Int32Array {
  const among = new Int32Array(order.length)
  let count = 0
  for (const row of order) if (isMarked[row] === 1) among[count++] = row
  return among.subarray(0, count)
}

function sizeOf({ outcome, rows }: Search): Size {
  return { count: rows.length, cases: rows.reduce((sum, row) => sum + outcome[row]!, 0) }
}

function ascendingRows(column: CheckedColumn, length: number): Int32Array {
  const rows = Int32Array.from({ length }, (_, row) => row)
  return column.kind === 'category' ? rows : rows.sort((a, b) => column.values[a]! - column.values[b]!)
}

function checkedSettings(options: PrimOptions): Settings {
  const { objective = 'lenient1', peelAlpha = 0.05, pasteAlpha = 0.05, minimumMass = 0.05 } = options
  const { minimumCoverage = 0.8, threshold = 0, boxes = 1 } = options
  if (!OBJECTIVES.includes(objective)) {
    throw mistake('objective', `objective is "${objective}"`, `use one of ${OBJECTIVES.join(', ')}`)
  }
  const inside = (name: string, value: number, isFine: boolean, range: string): void => {
    if (!isFine) throw mistake(name, `${name} is ${value}, not ${range}`)
  }
  inside('peelAlpha', peelAlpha, peelAlpha > 0 && peelAlpha < 0.5, 'above 0 and below 0.5')
  inside('pasteAlpha', pasteAlpha, pasteAlpha > 0 && pasteAlpha < 0.5, 'above 0 and below 0.5')
  inside('minimumMass', minimumMass, minimumMass > 0 && minimumMass <= 1, 'above 0 and at most 1')
  inside('minimumCoverage', minimumCoverage, minimumCoverage >= 0 && minimumCoverage <= 1, 'from 0 to 1')
  inside('threshold', threshold, threshold >= 0 && threshold <= 1, 'from 0 to 1')
  inside('boxes', boxes, Number.isSafeInteger(boxes) && boxes > 0, 'a whole number above 0')
  return { objective, peelAlpha, pasteAlpha, minimumMass, minimumCoverage, threshold, boxes }
}

function checkedOutcome(outcome: ArrayLike<number>): Uint8Array {
  const checked = Uint8Array.from(outcome, (value, row) => {
    if (value === 0 || value === 1) return value
    throw mistake('outcome', `outcome is ${value} in row ${row}, but only 0 and 1 are meant`)
  })
  if (checked.length === 0)
    throw mistake('outcome', 'outcome is empty', 'give at least one case of each kind')
  if (!checked.includes(1)) {
    throw mistake(
      'outcome',
      `outcome is 0 in all ${checked.length} cases`,
      'there is nothing to find: widen what counts',
    )
  }
  if (!checked.includes(0)) {
    throw mistake(
      'outcome',
      `outcome is 1 in all ${checked.length} cases`,
      'there is nothing to tell apart: narrow it',
    )
  }
  return checked
}
