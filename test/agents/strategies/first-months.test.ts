/** Owns examples of what each strategy does, in numbers that can be checked with a pencil. */
import { expect, test } from 'vitest'
import { marketWith, smallMarket } from './small-market.ts'
import { playMonths } from './strategic-run.ts'

// Plans of own: free 0, monthly 1, yearly 2. The only cheaper rival that charges is brief, at 9, until it fails.
const [free, monthly] = [0, 1]
const months = (...set: Parameters<typeof marketWith>) => playMonths(marketWith(...set))

test('hold keeps R&D at 200,000, marketing at 100,000 and prices at the list, every month', () => {
  for (const { rd, marketing, multiplier } of months('hold')) {
    expect([rd[0], marketing[0], ...multiplier]).toEqual([200_000, 100_000, ...multiplier.map(() => 1)])
  }
})

test('cost-plus asks 1.2 times what the mean firm costs: 600 requests at .03 x .65 ^ 2, and 2 for support', () => {
  const [first] = months('cost-plus', { markup: 0.2 })
  expect(first!.price[monthly]).toBeCloseTo(1.2 * (600 * 0.03 * 0.65 ** 2 + 2), 9)
})

test('cost-plus stays between its floor and its ceiling', () => {
  expect(months('cost-plus', { markup: 20 }).every(({ multiplier }) => multiplier[monthly] === 2)).toBe(true)
  expect(months('cost-plus', { markup: 0, floor: 0.9 }).at(-1)!.multiplier[monthly]).toBe(0.9)
})

test('undercut asks 5% less of firms than the rival at 9; when that has failed, than the next cheapest', () => {
  const played = months(
    'undercut',
    {},
    'startups.own.plans.monthly.offeredTo=[firms]',
    'parameters.computePrice=0.01',
  )
  const failure = played.findIndex(({ alive }) => !alive[2])
  // These list prices fall with compute prices alike: by 2 ^ -(years x .1). The offer at 7 opens in month 8; what is
  // left in month 20, when it has closed, is dearer than its own list price of 14.
  const lowest = (month: number): number => (month >= 8 && month < 20 ? 7 : month <= failure ? 9 : Infinity)
  played.slice(0, 21).forEach(({ price }, month) => {
    const list = 2 ** ((-month / 12) * 0.1)
    expect(price[monthly], `month ${month}`).toBeCloseTo(Math.min(0.95 * lowest(month), 14) * list, 9)
  })
  expect([failure > 3, failure < 8]).toEqual([true, true])
})

test('undercut never goes below cost plus its margin', () => {
  const [first] = months('undercut', { by: 0.9, margin: 0.1 })
  expect(first!.price[monthly]).toBeCloseTo(1.1 * (600 * 0.03 * 0.65 ** 2 + 2), 9)
})

test('penetrate-then-raise asks half until month 3, then a tenth more every month, up to the list price', () => {
  const played = months('penetrate-then-raise', { months: 3, step: 0.1 })
  const expected = [0.5, 0.5, 0.5, 0.55, 0.605, 0.6655, 0.73205, 0.805255, 0.8857805, 0.97435855, 1, 1]
  expected.forEach((multiplier, month) =>
    expect(played[month]!.multiplier[monthly]).toBeCloseTo(multiplier, 12),
  )
  expect(played.at(-1)!.multiplier[monthly]).toBe(1)
})

test('penetrate-then-raise raises before the month when it has its share, and never lowers again', () => {
  const multipliers = months('penetrate-then-raise', { months: 600, share: 0.002 }).map(
    ({ multiplier }) => multiplier[monthly]!,
  )
  expect(multipliers[0]).toBe(0.5)
  expect(multipliers.at(-1)).toBeGreaterThan(0.5)
  multipliers
    .slice(1)
    .forEach((multiplier, month) => expect(multiplier).toBeGreaterThanOrEqual(multipliers[month]!))
})

test('runway-discipline in need spends what keeps 12 months: 3,000,000 / 12 less 90,000 fixed and 20,000 for two segments', () => {
  const [first] = months('runway-discipline', { months: 12 }, 'startups.own.cash=3e6')
  expect(first!.rd[0]).toBeCloseTo((200_000 * 140_000) / 300_000, 6)
  expect(first!.marketing[0]).toBeCloseTo((100_000 * 140_000) / 300_000, 6)
})

test('runway-discipline spends half more than planned when flush, and a quarter of it when broke', () => {
  const [rich] = months('runway-discipline', {}, 'startups.own.cash=1e8')
  const [poor] = months('runway-discipline', {}, 'startups.own.cash=1e5')
  expect([rich!.rd[0], rich!.marketing[0], poor!.rd[0], poor!.marketing[0]]).toEqual([
    300_000, 150_000, 50_000, 25_000,
  ])
})

test('match-quality-leader pays for a rise of .1 / 12 and upkeep of .04 x .2 a month, .75 being the best', () => {
  const [first] = months('match-quality-leader', { cashShare: 1 })
  const rise = 0.1 / 12 + 0.04 * (0.65 - 0.45)
  const gain =
    (0.06 * (1 - 0.65) * (Math.sqrt(3 * 0.5 * 0.8) + Math.sqrt(3 * 0.3 * 0.8) + Math.sqrt(3 * 0.2 * 0.8))) / 3
  expect(first!.rd[0]).toBeCloseTo(250_000 * (rise / gain) ** 2, 6)
})

test('match-quality-leader pays no more than 3% of its cash while it has no profit', () => {
  const [first] = months('match-quality-leader', { months: 1 }, 'startups.own.cash=4e6')
  expect(first!.rd[0]).toBeCloseTo(120_000, 9)
})

test('free-first narrows its free plan from 500 requests to 60 in month 12, and its paid plans not at all', () => {
  const caps = months('free-first').map(({ cap }) => [cap[free], cap[monthly]])
  expect(caps).toEqual(caps.map((_, month) => [month < 12 ? 500 : 60, 2000]))
})

test('a rule that always asks the list price does what the default does, to the bit, although prices are compiled in', () => {
  const plain = playMonths(smallMarket())
  const priced = months('penetrate-then-raise', { entry: 1 })
  expect(priced).toEqual(plain)
})
