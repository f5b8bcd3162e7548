/** How long things lasted, as counts by time: of those that ended, and of those that were last seen before they did. */
import { assert } from '../errors.ts'

/** What happened at one time among those still there. */
export interface Exits {
  /** In months, or any unit; finite. */
  readonly time: number
  /** How many ended at this time. */
  readonly events: number
  /** How many were last seen at this time, not having ended. */
  readonly censored: number
}

/** How long one of them lasted. */
export interface Duration {
  readonly time: number
  /** Whether it ended at this time; if not, it was last seen then. */
  readonly event: boolean
}

/**
 * Exits by month, from counts whose place is the month: `exits[m]` ended in month m, `censored[m]` were last seen in it.
 * Months in which nothing happened are left out.
 *
 * @param counts.exits whole numbers from 0, by month from 0
 * @param counts.censored as long as `exits`
 */
export function monthlyExits({
  exits,
  censored,
}: {
  exits: ArrayLike<number>
  censored: ArrayLike<number>
}): Exits[] {
  assert(exits.length === censored.length, 'exits and censored ones are of the same months', {
    exits: exits.length,
    censored: censored.length,
  })
  const rows = Array.from(exits, (events, time) => ({ time, events, censored: censored[time]! }))
  return rows.filter(({ events, censored }) => events !== 0 || censored !== 0)
}

/** Exits by time, ascending, from single durations in any order. */
export function exitsOf(durations: readonly Duration[]): Exits[] {
  const rows: { time: number; events: number; censored: number }[] = []
  for (const { time, event } of durations.toSorted((one, other) => one.time - other.time)) {
    let row = rows.at(-1)
    if (row === undefined || row.time !== time) rows.push((row = { time, events: 0, censored: 0 }))
    if (event) row.events++
    else row.censored++
  }
  return rows
}

/**
 * How many there were at the beginning.
 *
 * Fails where times do not ascend or a count is no whole number from 0.
 */
export function countOf(exits: readonly Exits[]): number {
  let count = 0
  let before = -Infinity
  for (const { time, events, censored } of exits) {
    if (!(Number.isFinite(time) && time > before))
      assert(false, 'times are finite and ascend', { time: String(time), before: String(before) })
    if (!(isCount(events) && isCount(censored)))
      assert(false, 'exits are counted in whole numbers', { time, events, censored })
    before = time
    count += events + censored
  }
  return count
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
