/** Owns the limit of one plan and a closed cohort: geometric lifetimes, their value, and retention that rises with tenure. */
import { describe, expect, test } from 'vitest'
import { numberIn, rowsOf, testWith } from '../data/files.ts'
import { yearly } from './diffusion.ts'
import { oneType, threeTypes } from './one-seller.ts'
import { Cohort, annualCohort, fitCohort, logLikelihood, meanGap, realCohorts } from './retention.ts'

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/** The world of these cases: quality 1 is worth 2 utils, a price of 4 costs alpha times that; doing without is worth 0. */
const segment = { beta: 2, alpha: 0.5, u0: 0, phi: 0.3, sigma: 1, support: 0.6 } as const
const plan = { price: 4 } as const
/** Of 600 months, each rounded to 1e-16. */
const SAME = 1e-12

describe('one plan and one type of customer', () => {
  // Of those whose term ends a share phi compares; e^sigma W / (e^sigma W + 1) of them stay, W = e^(2 - alpha 4) = 1.
  const churn = 0.3 * (1 - logistic(1))

  test('lose the same share of customers every month: lifetimes are geometric', () => {
    const { customers } = new Cohort({ months: 240, segment, plan }).follow()
    customers.forEach((count, month) =>
      expect(Math.abs(count / 4 / (1 - churn) ** month - 1)).toBeLessThan(SAME),
    )
  })

  test('are worth margin / churn each', () => {
    const { grossProfit } = new Cohort({
      months: 600,
      segment,
      plan,
      parameters: { receiptFee: 0.03 },
    }).follow()
    const margin = plan.price * (1 - 0.03) - segment.support
    const value = grossProfit.reduce((sum, profit) => sum + profit, 0) / 4
    // After 600 months e^-50 of the customers are left.
    expect(Math.abs(value / (margin / churn) - 1)).toBeLessThan(SAME)
  })

  test('on yearly terms leave after whole years, and are worth a year of margin / churn of a year', () => {
    const { customers, grossProfit } = new Cohort({
      months: 600,
      segment: { ...segment, phi: 1, sigma: 0 },
      plan: { ...plan, term: 12 },
    }).follow()
    // Everyone compares and has no habit: at a commitment of .08 a month beyond the first, W = e^-.88.
    const leaving = 1 - logistic(-0.08 * 11)
    customers.forEach((count, month) =>
      expect(Math.abs(count / 4 - (1 - leaving) ** Math.floor(month / 12))).toBeLessThan(SAME),
    )
    const value = grossProfit.reduce((sum, profit) => sum + profit, 0) / 4
    expect(Math.abs(value / ((12 * (plan.price - segment.support)) / leaving) - 1)).toBeLessThan(SAME)
  })

  test('that are whole have lifetimes of the geometric law, too', () => {
    const potential = 500
    const months = 200
    const cohort = new Cohort({
      months,
      demography: 'integer',
      types: oneType,
      segment: { ...segment, potential },
      plan,
    })
    const cohorts = Number(process.env['RIVALRY_RUNS'] ?? 200)
    const alive = Array.from({ length: months }, () => 0)
    for (let first = 0; first < cohorts; first += 4)
      cohort.follow({}, first).customers.forEach((count, month) => (alive[month]! += count))
    const n = alive[0]!
    expect(n).toBe(potential * Math.ceil(cohorts / 4) * 4)
    // Four standard errors of a mean of geometric lifetimes, and of shares alive at a few ages.
    const lifetime = alive.reduce((sum, count) => sum + count, 0) / n
    expect(Math.abs(lifetime - 1 / churn)).toBeLessThan((4 * Math.sqrt(1 - churn)) / churn / Math.sqrt(n))
    for (const month of [1, 6, 12, 36]) {
      const share = (1 - churn) ** month
      expect(Math.abs(alive[month]! / n - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / n))
    }
  })
})

describe('three types of customer', () => {
  const omega = 0.8
  const { customers } = new Cohort({
    months: 120,
    types: threeTypes,
    segment: { ...segment, omega },
    plan,
  }).follow()
  const retention = customers.slice(1).map((count, month) => count / customers[month]!)

  test('leave each at its own rate: customers are the sum of three geometric cohorts', () => {
    customers.forEach((count, month) => {
      const known = threeTypes.nodes.reduce((sum, node, h) => {
        const stays = logistic(1 + 2 - 0.5 * Math.exp(-omega * node) * plan.price)
        return sum + threeTypes.weights[h]! * (1 - 0.3 * (1 - stays)) ** month
      }, 0)
      expect(Math.abs(count / 4 / known - 1)).toBeLessThan(SAME)
    })
  })

  test('make retention rise with tenure, month after month, towards that of the least sensitive', () => {
    for (let month = 1; month < retention.length; month++)
      expect(retention[month]!).toBeGreaterThan(retention[month - 1]!)
    const best = 1 - 0.3 * (1 - logistic(3 - 0.5 * Math.exp(-omega * Math.sqrt(3)) * plan.price))
    expect(retention.at(-1)!).toBeLessThan(best)
    expect(retention[0]!).toBeLessThan(retention.at(-1)! - 0.01)
  })
})

describe.each(['regular', 'high-end'] as const)('the %s cohort of Fader and Hardie (2007)', (name) => {
  const { actual, published } = realCohorts[name]
  const fit = fitCohort(actual, threeTypes)
  const constant = fitCohort(actual, oneType)
  const errorOf = (survival: readonly number[]): number => meanGap(survival, actual, [8, 12])

  testWith(['retention/retention.csv'], 'has the survivors that are carried here', () => {
    const column = name === 'regular' ? 'regular_alive' : 'highend_alive'
    const alive = rowsOf('retention/retention.csv').map((row) => numberIn(row, column))
    expect(alive).toEqual(actual.map((percent) => Math.round(10 * percent)))
  })

  test('kept a rising share of its customers, and so does the engine fitted to seven years', () => {
    const kept = (survival: readonly number[]): number[] =>
      survival.slice(1).map((share, year) => share / survival[year]!)
    const modelled = kept(fit.survival)
    for (let year = 1; year < modelled.length; year++)
      expect(modelled[year]!).toBeGreaterThan(modelled[year - 1]!)
    // The real ones are whole customers, some eight of whom leave in a late year: three years at a time.
    const real = kept(actual)
    const mean = (from: number): number => (real[from]! + real[from + 1]! + real[from + 2]!) / 3
    for (const from of [3, 6, 9]) expect(mean(from)).toBeGreaterThan(mean(from - 3))
  })

  test('is projected to years 8 to 12 within 3 points of 100, which is worse than by the published model', () => {
    expect(errorOf(fit.survival)).toBeLessThan(3)
    expect(errorOf(published)).toBeLessThan(1.2)
    expect(errorOf(fit.survival)).toBeGreaterThan(2 * errorOf(published))
    expect(fit.logLikelihood).toBeLessThan(logLikelihood(published, actual))
  })

  test('is projected three times better by three types than by one, that is by constant churn', () => {
    expect(errorOf(constant.survival)).toBeGreaterThan(3 * errorOf(fit.survival))
  })

  test('has no better fit near: the search ends where likelihood falls in all directions', () => {
    const { phi, sigma, omega } = fit
    const cohort = annualCohort(7, threeTypes)
    const at = (changes: { phi?: number; sigma?: number; omega?: number }): number => {
      const { customers: alive } = cohort.follow({ phi, sigma, omega, ...changes })
      return logLikelihood(
        yearly(alive).map((count) => count / alive[0]!),
        actual,
      )
    }
    expect(at({})).toBeCloseTo(fit.logLikelihood, 9)
    for (const step of [-0.02, 0.02]) {
      expect(at({ phi: phi + step })).toBeLessThan(at({}))
      expect(at({ sigma: sigma + step })).toBeLessThan(at({}))
      expect(at({ omega: omega + step })).toBeLessThan(at({}))
    }
  })
})

test('the published model has the survival that its formula gives elsewhere', () => {
  // Fader and Hardie's two curves at years 1, 7 and 12, computed apart from this project.
  const { regular, 'high-end': highEnd } = realCohorts
  expect([1, 7, 12].map((year) => regular.published[year])).toEqual([
    expect.closeTo(0.6267232237539767, 12),
    expect.closeTo(0.23905064169324441, 12),
    expect.closeTo(0.1700625768060506, 12),
  ])
  expect(highEnd.published[12]).toBeCloseTo(0.3780404201820904, 12)
})
