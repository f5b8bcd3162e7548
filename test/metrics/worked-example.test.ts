import { describe, expect, test } from 'vitest'
import { metricsOf } from '../../engine/metrics/registry.ts'
import { freemium, startupRecord, type StartupColumns } from './startup-record.ts'

const valueOf = (name: string, columns: StartupColumns, annualRate = 0): number | null =>
  metricsOf('startup')
    .find((metric) => metric.name === name)!
    .value(startupRecord(columns), { annualRate })

describe('three months of a freemium startup, by hand', () => {
  test.each([
    ['mrr', 270], // 27 customers at 10
    ['arpu', 570 / 487], // revenue 100 + 200 + 270; users 110 + 170 + 207
    ['arppu', 10], // 570 over 10 + 20 + 27 paying customers
    ['userChurn', 44 / 280], // 0, 110 + 75 - 170 = 15, 170 + 66 - 207 = 29; users at the starts 0 + 110 + 170
    ['logoChurn', 0.2], // 0, 10 + 13 - 20 = 3, 20 + 10 - 27 = 3; at the starts 0 + 10 + 20
    ['revenueChurn', 0.2], // 3 customers at 10 and 3 at 10, of 100 + 200
    ['cac', 12], // 3 x 132 over 10 + 13 + 10
    ['fullCac', 536 / 33], // and 107 for free users, and labour 10 x 10/10 + 20 x 13/20 + 27 x 10/27 = 33
    ['grossMargin', 345 / 570], // 570 - 225
    ['operatingMargin', -505 / 570], // 345 - 850
    ['ltv', (10 * (345 / 570)) / 0.2], // 50 months of 60.5% of 10, times .1: 30.26
    ['ltvToCac', (10 * (345 / 570)) / 0.2 / 12],
    ['ltvToFullCac', (10 * (485 / 570)) / 0.2 / (536 / 33)], // the margin without 107 and 33: 485 of 570
    ['paybackMonths', 12 / (10 * (345 / 570))],
    ['freeToPaid', 12 / 250], // 8 + 4 of 0 + 100 + 150 free users
    ['burn', 180], // (500 + 100 - 60) / 3
    ['grossBurn', 370], // (600 + 300 + 210) / 3
    ['runway', 960 / 180],
    ['peakFunding', 600],
    ['founderStake', 0.7],
    ['discountedValue', -540],
    ['thirdPartyIncome', 219], // paid 57; sellers keep 180 - 18 of the trade
    ['satisfaction', (110 + 340 - 207) / 487],
    ['profitability', 0.5],
    ['sustainability', 0.25],
    ['userValue', 0.125],
    ['health', 0.25], // (1/64)^(1/3)
  ])('%s', (name, value) => {
    // Sums and quotients of a few numbers: some roundings of the last bit.
    expect(valueOf(name, freemium)).toBeCloseTo(value, 12)
  })

  test.each([
    ['netRevenueRetention', 'it has not lived 13 months'],
    ['breakEvenMonth', 'it has lost 505 in all'],
  ])('%s has no value: %s', (name) => {
    expect(valueOf(name, freemium)).toBeNull()
  })

  test('every metric of startups stands here or in the next group', () => {
    expect(metricsOf('startup')).toHaveLength(29)
  })
})

test('a metric reads exactly the columns that it says it needs', () => {
  for (const { name, needs, value } of metricsOf('startup')) {
    // Long and alive, so that nothing is cut short.
    const startup = startupRecord(repeated(freemium, 5))
    value(startup, { annualRate: 0.1 })
    // The month of failure is known from `alive`, which no metric reads by itself.
    const read = [...startup.read].filter((column) => column !== 'months.alive').toSorted()
    const declared = [...new Set(needs)].filter((column) => column !== 'months.alive').toSorted()
    expect(declared, name).toEqual(expect.arrayContaining(read))
    // What is read beside that only tells who pays.
    const known = ['plans.price', 'plans.usagePrice', 'plans.customers', 'plans.joined', 'plans.converted']
    expect(
      declared.filter((column) => !read.includes(column) && !known.includes(column)),
      name,
    ).toEqual([])
  }
})

describe('a startup whose plan is free', () => {
  const [free] = freemium.plans
  const advertised = { ...freemium, plans: [free!] }

  test('acquires and loses its users, for whom advertisers pay', () => {
    // 396 over 100 + 70 + 60 newcomers; lost 0, 100 + 70 - 150, 150 + 60 - 180, of 0 + 100 + 150.
    expect(valueOf('cac', advertised)).toBeCloseTo(396 / 230, 12)
    expect(valueOf('logoChurn', advertised)).toBeCloseTo(50 / 250, 12)
    expect(valueOf('arppu', advertised)).toBeCloseTo(570 / 430, 12)
  })

  test('has no free tier beside what it sells, so CAC has nothing more to carry but labour, and nobody converts', () => {
    expect(valueOf('fullCac', advertised)).toBe(valueOf('cac', advertised))
    expect(valueOf('freeToPaid', advertised)).toBeNull()
    expect(valueOf('mrr', advertised)).toBe(0)
    expect(valueOf('revenueChurn', advertised)).toBeNull()
  })
})

describe('a startup that fails', () => {
  const [free, paid] = freemium.plans
  const gone = (columns: Record<string, readonly number[]>): Record<string, number[]> =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [...values.slice(0, 2), 0]]))
  const failed: StartupColumns = {
    months: { ...freemium.months, alive: [1, 1, 0], freeUsers: [100, 150, 0], paidUsers: [10, 20, 0] },
    plans: [gone(free!), gone(paid!)],
  }

  test('is judged by the months before, in which its customers had not been lost all at once', () => {
    expect(valueOf('logoChurn', failed)).toBeCloseTo(3 / 10, 12)
    expect(valueOf('mrr', failed)).toBe(200)
    expect(valueOf('burn', failed)).toBe(300)
    expect(valueOf('runway', failed)).toBe(3)
  })

  test('spent what it spent in its last month, too', () => {
    expect(valueOf('discountedValue', failed)).toBe(-540)
    expect(valueOf('peakFunding', failed)).toBe(600)
    expect(valueOf('breakEvenMonth', failed)).toBeNull()
  })

  test('in month 0 has no rates at all', () => {
    const once = { ...failed, months: { ...failed.months, alive: [0, 0, 0] } }
    for (const name of [
      'mrr',
      'arpu',
      'arppu',
      'logoChurn',
      'cac',
      'ltv',
      'grossMargin',
      'burn',
      'runway',
      'satisfaction',
    ])
      expect(valueOf(name, once), name).toBeNull()
    expect(valueOf('peakFunding', once)).toBe(600)
  })
})

describe('a startup that enters in month 1', () => {
  const late: StartupColumns = {
    ...freemium,
    months: { ...freemium.months, alive: [0, 1, 1], profit: [0, 5, 15], cashFlow: [0, -100, 60] },
  }

  test('has no months before, and breaks even at the earliest when it enters', () => {
    expect(valueOf('burn', late)).toBe(20)
    expect(valueOf('breakEvenMonth', late)).toBe(1)
    expect(valueOf('grossMargin', late)).toBeCloseTo((470 - 185) / 470, 12)
  })
})

describe('a startup that', () => {
  test('loses nobody has no lifetime value, and one that burns nothing no runway', () => {
    const loyal = {
      ...freemium,
      plans: [{ ...freemium.plans[1], joined: [10, 10, 7], converted: [0, 0, 0] }],
    }
    expect(valueOf('logoChurn', loyal)).toBe(0)
    expect(valueOf('ltv', loyal)).toBeNull()
    const earning = { ...freemium, months: { ...freemium.months, cashFlow: [1, 2, 3] } }
    expect(valueOf('burn', earning)).toBe(-2)
    expect(valueOf('runway', earning)).toBeNull()
    expect(valueOf('peakFunding', earning)).toBe(0)
  })

  test('has no revenue has no margin, and nothing pays back', () => {
    const idle = { ...freemium, months: { ...freemium.months, revenue: [0, 0, 0] } }
    expect(valueOf('grossMargin', idle)).toBeNull()
    expect(valueOf('paybackMonths', idle)).toBeNull()
    expect(valueOf('arpu', idle)).toBe(0)
  })

  test('serves at a loss has a lifetime value below zero and never pays back', () => {
    const losing = { ...freemium, months: { ...freemium.months, directCost: [100, 400, 640] } }
    // Margin (570 - 1140) / 570 = -1.
    expect(valueOf('ltv', losing)).toBeCloseTo(-50, 12)
    expect(valueOf('paybackMonths', losing)).toBeNull()
  })

  test('keeps 90% of its customers a month at a steady price keeps .9^12 of its revenue a year', () => {
    // 100 customers at 10; of every 100, ten leave and ten others come.
    const steady = (value: number): number[] => Array.from({ length: 14 }, () => value)
    const plan = {
      ...Object.fromEntries(Object.keys(freemium.plans[1]!).map((name) => [name, steady(0)])),
      price: steady(10),
      customers: steady(100),
      joined: [100, ...steady(10).slice(1)],
      left: [0, ...steady(10).slice(1)],
      recurring: steady(1000),
    }
    const columns = { months: { ...freemium.months, alive: steady(1) }, plans: [plan] }
    expect(valueOf('netRevenueRetention', columns)).toBeCloseTo(0.28242953648, 10)
    expect(valueOf('revenueChurn', columns)).toBeCloseTo(0.1, 12)
  })
})

/** Month after month again, as often as `times` says. */
function repeated({ months, plans, end = {} }: StartupColumns, times: number): StartupColumns {
  const again = (columns: Readonly<Record<string, readonly number[]>>): Record<string, number[]> =>
    Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [
        name,
        Array.from({ length: times }, () => values).flat(),
      ]),
    )
  return { months: again(months), plans: plans.map(again), end }
}
