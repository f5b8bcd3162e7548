/**
 * Owns the check of the naive month against the vectors of the numpy implementation: every step, for both
 * replications, from one simulation that is never reset to the vectors' own states.
 */
import { describe, expect, test } from 'vitest'
import {
  atReplication,
  type Named,
  readFlagship,
  readMonthVectors,
  vectorReplications,
} from '../reference/vectors.ts'
import { vectorDraws } from './draws.ts'
import { type NaiveFlow, type Step, simulateNaive, steps } from './month.ts'
import { customersOf, offersOf, sum } from './state.ts'

const definition = readFlagship()
const vectors = readMonthVectors()

/**
 * Relative, of each number by itself. Both sides round in f64 and sum in another order, about 1e-15 a step; the
 * worst of all compared numbers is 6e-13, a gross profit of .2 left by rows of 60.
 */
const TOLERANCE = 1e-9

interface Snapshot {
  readonly step: Step
  readonly month: number
  readonly state: object
  readonly flow: Partial<NaiveFlow>
}

/** All differences between what was computed and what is expected, as lines of text; `expected` says what to compare. */
function differences(actual: unknown, expected: unknown, path: string): string[] {
  if (typeof expected === 'number') {
    const value = Number(actual)
    const close = value === expected || Math.abs(value - expected) <= TOLERANCE * Math.abs(expected)
    return close ? [] : [`${path}: ${value}, expected ${expected}`]
  }
  if (Array.isArray(expected)) {
    const values = Array.isArray(actual) ? actual : []
    if (values.length !== expected.length)
      return [`${path}: length ${values.length}, expected ${expected.length}`]
    return expected.flatMap((value, i) => differences(values[i], value, `${path}[${i}]`))
  }
  return Object.entries(expected as object).flatMap(([key, value]) =>
    differences((actual as Record<string, unknown>)[key], value, `${path}.${key}`),
  )
}

function simulated(replication: number): Snapshot[] {
  const snapshots: Snapshot[] = []
  simulateNaive(definition, vectorDraws(vectors, replication), {
    months: 36,
    watch(step, month, state, flow) {
      snapshots.push(
        structuredClone({ step, month, state: { ...state, customers: customersOf(state) }, flow }),
      )
    },
  })
  return snapshots
}

/** A named group of vectors at one replication. */
function taken(named: Named, replication: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(named).map(([key, value]) => [
      key,
      typeof value === 'number' || Array.isArray(value)
        ? atReplication(value, replication)
        : taken(value as Named, replication),
    ]),
  )
}

test('offers are those of the vectors, in their order', () => {
  const ids = offersOf(definition).map(({ f, s, plan }) => [
    `${definition.startups[f]!.id}/${plan.id}`,
    definition.segments[s]!.id,
  ])
  expect(ids).toEqual(vectors.axes.offers)
  expect(offersOf(definition).map(({ plan }) => plan.term)).toEqual(vectors.axes.offerTerm)
})

describe.each(vectorReplications)('in replication %i of the vectors', (replication) => {
  const snapshots = simulated(replication)

  test.each(Object.keys(vectors.months).map(Number))(
    'every step of month %i leaves the state and flows',
    (month) => {
      const { before, after, flows } = vectors.months[month]!
      // The vectors list what a step changed; what it does not list must still stand as it was.
      let expected = taken(before, replication)
      if (month > 0) {
        const last = snapshots.find((seen) => seen.month === month - 1 && seen.step === 'learning')!
        expect(differences(last.state, expected, `before month ${month}`)).toEqual([])
      }
      for (const step of steps) {
        const { state, flow } = snapshots.find((seen) => seen.month === month && seen.step === step)!
        expected = { ...expected, ...taken(after[step], replication) }
        expect(differences(state, expected, `month ${month} after ${step}`)).toEqual([])
        if (step === 'learning') continue
        const computed = taken(flows[step], replication)
        expect(Object.keys(computed).length).toBeGreaterThan(0)
        expect(differences(flow[step], computed, `month ${month} flow of ${step}`)).toEqual([])
      }
    },
  )

  test.each(Object.keys(vectors.ends).map(Number))(
    'the whole state and the books after month %i',
    (month) => {
      const { state, flow } = snapshots.find((seen) => seen.month === month && seen.step === 'learning')!
      expect(differences(state, taken(vectors.ends[month]!.state, replication), `end of ${month}`)).toEqual(
        [],
      )
      const books = taken(vectors.ends[month]!.books, replication)
      expect(differences(flow.books, books, `books of ${month}`)).toEqual([])
    },
  )

  test('the series of 36 months: revenue, profit, cash, who is alive, free and paid users', () => {
    const offers = offersOf(definition)
    const months = snapshots.filter(({ step }) => step === 'learning')
    expect(months.length).toBe(36)
    for (const { month, state, flow } of months) {
      const { cash, alive, customers } = state as { cash: number[]; alive: boolean[]; customers: number[][] }
      const users = (free: boolean) =>
        definition.startups.map((_, f) => {
          const counted = offers.map(
            (offer) => offer.f === f && (offer.plan.price === 0 && offer.plan.usagePrice === 0) === free,
          )
          return sum(customers.map((row, o) => (counted[o] ? sum(row) : 0)))
        })
      const { revenue, profit } = flow.books!
      const series = { revenue, profit, cash, alive, freeUsers: users(true), paidUsers: users(false) }
      const expected = taken(
        Object.fromEntries(Object.entries(vectors.series).map(([name, values]) => [name, values[month]!])),
        replication,
      )
      expect(Object.keys(expected).sort()).toEqual(Object.keys(series).sort())
      expect(differences(series, expected, `series in month ${month}`)).toEqual([])
    }
  })

  test('rounds, exits and orphans all take place, so that the vectors test them', () => {
    const capital = snapshots.filter(({ step }) => step === 'capital').map(({ flow }) => flow.capital!)
    expect(sum(capital.map(({ raised }) => raised.filter((amount) => amount > 0).length))).toBeGreaterThan(0)
    expect(sum(capital.map(({ insolvent }) => insolvent.filter(Boolean).length))).toBeGreaterThan(0)
  })
})
