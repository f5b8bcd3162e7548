/**
 * Owns the check of the compiled market against the vectors of the numpy implementation: every step of five months,
 * the ends of two, and 36 months of books, on both back ends, from one simulation that is never reset to the vectors.
 */
import { describe, expect, test } from 'vitest'
import { everyMechanism, shapeOf } from '../../engine/market/shape.ts'
import {
  type Named,
  type Nested,
  atReplication,
  readFlagship,
  readMonthVectors,
  vectorReplications,
} from '../reference/vectors.ts'
import { offersOf } from '../naive/state.ts'
import { MarketRun, column } from './market-run.ts'
import { type Seen, type SeenStep, Snapshot, differences, lastStepOf, within } from './snapshot.ts'

const market = readFlagship()
const vectors = readMonthVectors()
const MONTHS = 36
const steps = Object.keys(lastStepOf) as SeenStep[]

/** Relative, of each number by itself: rounding of f64 over 36 months, sums taken in another order. */
const close = within(1e-9)

type Months = readonly {
  readonly states: Record<SeenStep, Record<string, Seen>>
  readonly flows: Record<SeenStep, Record<string, Seen>>
}[]

/** Runs both replications of the vectors in the lanes 0 and 1, and again in 2 and 3, with the vectors' luck. */
function simulated(run: MarketRun): Months[] {
  const lanes = [0, 1, 2, 3]
  const { draws } = vectors
  run.start()
  for (const lane of lanes) {
    const replication = lane % 2
    run.write(column.world.readinessSpeed, 0, draws.readiness[replication]!, lane)
    market.startups.forEach((startup, f) => {
      run.write(column.startups.ability, f, draws.ability[f]![replication]!, lane)
      for (const name of ['cash', 'startingCash'] as const) {
        run.write(column.startups[name], f, startup.cash * draws.cash[f]![replication]!, lane)
      }
    })
  }
  const snapshots = lanes.map((lane) => new Snapshot(run, lane))
  const seen = lanes.map((): Months[number][] => [])
  for (let month = 0; month < MONTHS; month++) {
    run.month = month
    run.steps({ to: 'draws' })
    for (const lane of lanes) {
      const replication = lane % 2
      run.write(column.world.climateDraw, 0, draws.climate[month]![replication]!, lane)
      run.index.pairs.forEach(({ startup, segment }, p) =>
        run.write(column.pairs.tasteDraw, p, draws.taste[month]![startup]![segment]![replication]!, lane),
      )
      market.startups.forEach((_, f) =>
        run.write(column.startups.fundingDraw, f, draws.funding[month]![f]![replication]!, lane),
      )
    }
    let after = 'draws'
    const taken = lanes.map(() => ({
      states: {} as Months[number]['states'],
      flows: {} as Months[number]['flows'],
    }))
    for (const step of steps) {
      run.steps({ after, to: lastStepOf[step] })
      after = lastStepOf[step]
      for (const lane of lanes) {
        taken[lane]!.states[step] = snapshots[lane]!.state()
        taken[lane]!.flows[step] = snapshots[lane]!.flow(step)
      }
    }
    run.steps({ after })
    for (const lane of lanes) seen[lane]!.push(taken[lane]!)
  }
  return seen
}

/** A named group of vectors at one replication. */
function taken(named: Named, replication: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(named).map(([key, value]) => [
      key,
      typeof value === 'number' || Array.isArray(value)
        ? atReplication(value as Nested, replication)
        : taken(value as Named, replication),
    ]),
  )
}

/** A vector per offer summed by startup: the engine keeps full compute cost by startup only. */
function byStartup(perOffer: readonly number[]): number[] {
  return market.startups.map((_, f) =>
    offersOf(market).reduce((total, offer, o) => total + (offer.f === f ? perOffer[o]! : 0), 0),
  )
}

test('offers are those of the vectors, in their order', () => {
  expect(
    offersOf(market).map(({ f, s, plan }) => [
      `${market.startups[f]!.id}/${plan.id}`,
      market.segments[s]!.id,
    ]),
  ).toEqual(vectors.axes.offers)
})

const shapes = {
  'the mechanisms it uses': shapeOf(market),
  'every mechanism': everyMechanism(shapeOf(market)),
}

describe.each(['wasm', 'javascript'] as const)('on the %s back end', (backend) => {
  describe.each(Object.entries(shapes))('compiled with %s', (_name, shape) => {
    const lanes = simulated(new MarketRun({ ...market, months: MONTHS }, { backend, shape }))
    // Without its mechanism trust is not simulated, and stays as it starts.
    const known = (expected: Record<string, unknown>): Record<string, unknown> =>
      Object.fromEntries(Object.entries(expected).filter(([name]) => shape.trust || name !== 'trust'))

    test('a replication is the same in whichever lane it runs', () => {
      expect(lanes[2]).toEqual(lanes[0])
      expect(lanes[3]).toEqual(lanes[1])
      expect(lanes[1]).not.toEqual(lanes[0])
    })

    describe.each(vectorReplications)('in replication %i of the vectors', (replication) => {
      const months = lanes[replication]!

      test.each(Object.keys(vectors.months).map(Number))(
        'every step of month %i leaves the states and flows',
        (month) => {
          const { before, after, flows } = vectors.months[month]!
          // The vectors list what a step changed; what it does not list must still stand as it was.
          let expected = taken(before, replication)
          if (month > 0)
            expect(
              differences(
                months[month - 1]!.states.learning,
                known(expected),
                `before month ${month}`,
                close,
              ),
            ).toEqual([])
          for (const step of steps) {
            expected = { ...expected, ...taken(after[step], replication) }
            expect(
              differences(
                months[month]!.states[step],
                known(expected),
                `month ${month} after ${step}`,
                close,
              ),
            ).toEqual([])
            if (step === 'learning') continue
            const computed = taken(flows[step], replication)
            // The engine keeps the weights of startups, which follow from the utilities, and not these.
            delete computed['utility']
            if (step === 'service') computed['fullCompute'] = byStartup(computed['fullCompute'] as number[])
            expect(Object.keys(computed).length).toBeGreaterThan(0)
            expect(
              differences(months[month]!.flows[step], computed, `month ${month} flow of ${step}`, close),
            ).toEqual([])
          }
        },
      )

      test.each(Object.keys(vectors.ends).map(Number))(
        'the whole state and the books after month %i',
        (month) => {
          const { state, books } = vectors.ends[month]!
          expect(
            differences(
              months[month]!.states.learning,
              known(taken(state, replication)),
              `end of ${month}`,
              close,
            ),
          ).toEqual([])
          expect(
            differences(months[month]!.flows.books, taken(books, replication), `books of ${month}`, close),
          ).toEqual([])
        },
      )

      test('the series of 36 months: revenue, profit, cash, who is alive, free and paid users', () => {
        const offers = offersOf(market)
        months.forEach(({ states, flows }, month) => {
          const { cash, alive, customers } = states.learning as {
            cash: number[]
            alive: number[]
            customers: number[][]
          }
          const users = (free: boolean): number[] =>
            byStartup(
              customers.map((row, o) => {
                const { plan } = offers[o]!
                return (plan.price === 0 && plan.usagePrice === 0) === free
                  ? row.reduce((a, b) => a + b, 0)
                  : 0
              }),
            )
          const series = {
            revenue: flows.books['revenue'],
            profit: flows.books['profit'],
            cash,
            alive,
            freeUsers: users(true),
            paidUsers: users(false),
          }
          const expected = Object.fromEntries(
            Object.entries(vectors.series).map(([name, values]) => [
              name,
              atReplication(values[month]!, replication),
            ]),
          )
          expect(Object.keys(expected).sort()).toEqual(Object.keys(series).sort())
          expect(differences(series, expected, `series in month ${month}`, close)).toEqual([])
        })
      })
    })
  })
})
