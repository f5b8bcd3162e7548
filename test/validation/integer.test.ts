/** Owns the check that whole customers behave, on average and in law, like the fractions they stand for. */
import { describe, expect, test } from 'vitest'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { chiSquare } from '../numerics/law.ts'
import { type Counts, OneMonth, averaged, crowd } from './one-month.ts'

const REPLICATIONS = Number(process.env['RIVALRY_RUNS'] ?? 5000) * 4

/** Beyond five standard errors lies one in two million: seeds are fixed, some hundred counts are looked at. */
const MOST_ERRORS = 5

/** Fails with every mean that is not the expected flow. */
function unbiased(market: MarketDefinition): void {
  const [expected] = new OneMonth({ ...market, demography: 'expected', books: 'exact' }).play([0, 1, 2, 3])
  const found = averaged(new OneMonth(market), REPLICATIONS)
  expect([...found.keys()]).toEqual([...expected!.keys()])
  const wrong = [...found].flatMap(([name, { mean, error }]) => {
    const gap = Math.abs(mean - expected!.get(name)!)
    // A flow far below one in all replications may never occur: its mean of 0 has no error to measure by.
    const rare = 3 / REPLICATIONS
    return gap <= Math.max(MOST_ERRORS * error, rare)
      ? []
      : [
          `${name}: ${mean} on average, ${expected!.get(name)} expected, ${(gap / error).toFixed(1)} errors off`,
        ]
  })
  expect(wrong).toEqual([])
}

describe('one month from one state has on average the expected flows', () => {
  test('where customers are drawn one by one', () => unbiased(crowd(1200, { individualBelow: 20_000 })))
  test('where a few customers are drawn one by one', () => unbiased(crowd(60, { individualBelow: 20_000 })))
  test('where flows are rounded, in a large segment', () =>
    unbiased(crowd(60_000, { individualBelow: 20_000 })))
  test('where flows are rounded, however small they are', () => unbiased(crowd(60, { individualBelow: 0 })))
})

describe('whom few customers choose, drawn one by one, follows the multinomial law', () => {
  // Seeds are fixed; a true law is rejected at this level once in ten thousand seeds.
  const LEVEL = 1e-4
  const market = crowd(240, { individualBelow: 20_000 })

  /** What replications do, and the expected flows, of the month as it starts from a given state. */
  const played = (
    of: MarketDefinition,
    state: ConstructorParameters<typeof OneMonth>[1],
  ): { replications: Counts[]; mean: Counts; month: OneMonth } => {
    const month = new OneMonth(of, state)
    const replications: Counts[] = []
    for (let first = 0; first < REPLICATIONS; first += 4)
      replications.push(...month.play([first, first + 1, first + 2, first + 3]))
    const [mean] = new OneMonth({ ...of, demography: 'expected', books: 'exact' }, state).play([0, 1, 2, 3])
    return { replications, mean: mean!, month }
  }

  /** Whether outcomes were seen as often as a law says. */
  const fits = (outcomes: readonly string[], law: ReadonlyMap<string, number>): void => {
    const number = new Map([...law.keys()].map((outcome, i) => [outcome, i]))
    const seen = new Map<number, number>()
    for (const outcome of outcomes) {
      const i = number.get(outcome)
      if (i === undefined) expect.fail(`${outcome} cannot happen`)
      seen.set(i, (seen.get(i) ?? 0) + 1)
    }
    const { statistic, degrees, probability } = chiSquare({
      seen,
      count: outcomes.length,
      law: new Map([...law.values()].map((chance, i) => [i, chance])),
    })
    expect(degrees).toBeGreaterThan(4)
    expect(probability, `chi-square ${statistic} of ${degrees} degrees`).toBeGreaterThan(LEVEL)
  }

  test('customers of a startup with one plan leave or stay', () => {
    const { replications, mean, month } = played(market, {})
    const offer = month.run.index.offers.findIndex(({ pair }) => pair === 2)
    const parts = ['leaving startup 2, type 1', `renewed in offer ${offer}, type 1`]
    const means = parts.map((part) => mean.get(part)!)
    const count = Math.round(means[0]! + means[1]!)
    expect(count).toBeGreaterThan(5)
    fits(
      replications.map((counts) => parts.map((part) => counts.get(part)).join(' ')),
      lawOf(
        count,
        means.map((each) => each / count),
      ),
    )
  })

  test('customers whose term ends split over leaving and the plans of their startup', () => {
    // Only one of the first startup's two plans has customers: whoever is found on the other has moved there.
    const [startup] = market.startups
    const restless = {
      ...market,
      startups: [
        { ...startup!, plans: startup!.plans.map((plan) => ({ ...plan, phi: 0.9, sigma: -1 })) },
        ...market.startups.slice(1),
      ],
    }
    const { replications, mean } = played(restless, { emptyOffer: 0 })
    const parts = ['leaving startup 0, type 1', 'renewed in offer 0, type 1', 'renewed in offer 1, type 1']
    const means = parts.map((part) => mean.get(part)!)
    const count = Math.round(means.reduce((a, b) => a + b, 0))
    expect(count).toBeGreaterThan(5)
    fits(
      replications.map((counts) => parts.map((part) => counts.get(part)).join(' ')),
      lawOf(
        count,
        means.map((each) => each / count),
      ),
    )
  })

  test('shoppers split over the startups they know, and doing without', () => {
    // Nobody has a plan yet, so all newcomers are shoppers.
    const { replications, mean, month } = played(crowd(60, { individualBelow: 20_000 }), { customers: false })
    const newcomers = (counts: Counts, p: number, h: number): number =>
      month.run.index.offers.reduce(
        (total, { pair }, o) => total + (pair === p ? counts.get(`newcomers to offer ${o}, type ${h}`)! : 0),
        0,
      )
    for (const h of [0, 2]) {
      const count = mean.get(`shoppers ${h}`)!
      expect(count).toBeGreaterThan(4)
      const split = (counts: Counts): number[] => {
        const found = [0, 1, 2].map((p) => newcomers(counts, p, h))
        return [...found, count - found.reduce((a, b) => a + b, 0)]
      }
      fits(
        replications.map((counts) => split(counts).join(' ')),
        lawOf(
          count,
          split(mean).map((each) => each / count),
        ),
      )
    }
  })
})

test('a plan with labour takes exactly as many newcomers as its staff allows, each segment and type its part on average', () => {
  const market = crowd(6000, { individualBelow: 0 })
  const staffed: MarketDefinition = {
    ...market,
    parameters: { ...market.parameters, hireBase: 21, hireRate: 0 },
    startups: market.startups.map((startup, f) =>
      f === 2 ? { ...startup, plans: startup.plans.map((plan) => ({ ...plan, labour: 1 })) } : startup,
    ),
  }
  for (const each of [staffed, { ...staffed, individualBelow: 20_000 }]) {
    const month = new OneMonth(each)
    const offer = month.run.index.offers.findIndex(({ pair }) => pair === 2)
    const names = [0, 1, 2].map((h) => `newcomers to offer ${offer}, type ${h}`)
    const free = averaged(
      new OneMonth(each === staffed ? market : { ...market, individualBelow: 20_000 }),
      4000,
    )
    const asking = names.map((name) => free.get(name)!.mean)
    const total = asking.reduce((a, b) => a + b, 0)
    expect(total).toBeGreaterThan(100)
    for (const counts of [...month.play([0, 1, 2, 3]), ...month.play([4, 5, 6, 7])])
      expect(names.reduce((sum, name) => sum + counts.get(name)!, 0)).toBe(21)
    const taken = averaged(month, 4000)
    // The mean of a ratio is not the ratio of means: with some hundred asking they differ by less than a part in a hundred.
    names.forEach((name, h) =>
      expect(Math.abs(taken.get(name)!.mean - (21 * asking[h]!) / total)).toBeLessThan(
        0.01 * 21 + 5 * taken.get(name)!.error,
      ),
    )
  }
})

/** Chance of counts under the multinomial law. */
function multinomial(counts: readonly number[], chances: readonly number[]): number {
  let [log, n] = [0, 0]
  counts.forEach((count, i) => {
    for (let k = 1; k <= count; k++) log += Math.log((++n * chances[i]!) / k)
  })
  return Math.exp(log)
}

/** Every outcome of `count` customers with its chance. */
function lawOf(count: number, chances: readonly number[]): Map<string, number> {
  const ways = (left: number, parts: number): number[][] =>
    parts === 1
      ? [[left]]
      : Array.from({ length: left + 1 }, (_, k) =>
          ways(left - k, parts - 1).map((rest) => [k, ...rest]),
        ).flat()
  return new Map(
    ways(count, chances.length).map((counts) => [counts.join(' '), multinomial(counts, chances)]),
  )
}
