/** Owns the limit of diffusion: readiness follows Bass in monthly steps, and its closed form as the step shrinks. */
import { describe, expect, test } from 'vitest'
import { numberIn, rowsOf, testWith } from '../data/files.ts'
import { bassCurve, bassRate, diffusion, yearly } from './diffusion.ts'
import { VCR_FILE, type VcrYear, vcr, vcrFit, vcrPublished } from './vcr.ts'

/** The textbook pair of Bass models: the averages over products of Sultan, Farley and Lehmann (1990). */
const usual = { p: 0.03, q: 0.38 }

/**
 * The recursion N' = N + (p/12 + q/12 N)(1 - N) from 0, at the end of years 0 to 20, and how far it is from the closed
 * form. Computed apart from this project.
 */
const MONTHLY = [
  0, 0.03517886560020261, 0.08355865476179444, 0.14775696108012154, 0.22900203019973492, 0.3258310845793678,
  0.43324820684224963, 0.5432518623269535, 0.6469688888540356, 0.7373421232230709, 0.8107868011468193,
  0.8671412266973398, 0.9084935217848431, 0.9378486798198316, 0.9581989676044405, 0.9720752445652309,
  0.9814304943562774, 0.9876895767208697, 0.991855730393735, 0.9946193168006701, 0.9964483584148854,
]
const MONTHLY_ERROR = [
  0, -0.000579298656239016, -0.0014976266403877137, -0.0027431108835914153, -0.004148441531895157,
  -0.005367557912005645, -0.00598701103062562, -0.005757879330799742, -0.00476869710451445,
  -0.0033849831134050174, -0.002016420074526876, -0.0009264775142937388, -0.0001940413538503484,
  0.000223746889764625, 0.0004150772407362149, 0.0004656047542441158, 0.0004400053283669405,
  0.00038044957032223637, 0.0003114843044078081, 0.00024581136236655253, 0.00018894391246920795,
]
/** 240 steps, each rounded to 1e-16. */
const SAME = 1e-13

const far = (values: readonly number[], others: readonly number[]): number => {
  expect(values.length).toBe(others.length)
  return Math.max(...values.map((value, i) => Math.abs(value - others[i]!)))
}

describe('readiness, with adoption at once', () => {
  const { readiness, adopters } = diffusion(usual, { steps: 240 })
  const closed = Array.from({ length: 21 }, (_, year) => bassCurve(usual, year))

  test('takes the monthly steps of the Bass recursion over twenty years', () => {
    expect(far(yearly(readiness), MONTHLY)).toBeLessThan(SAME)
  })

  test('is adopted in the month in which it is there', () => {
    expect(far(adopters, readiness)).toBeLessThan(SAME)
  })

  test('is off from the closed form by the known error of monthly steps, at most .00599', () => {
    const error = yearly(readiness).map((value, year) => value - closed[year]!)
    expect(far(error, MONTHLY_ERROR)).toBeLessThan(SAME)
    expect(Math.max(...error.map(Math.abs))).toBeCloseTo(0.00599, 5)
  })

  const refined = new Map(
    [1, 2, 4].map((refinement) => {
      const { readiness: steps } = diffusion(usual, { steps: 120 * refinement, refinement })
      return [refinement, yearly(steps, 12 * refinement)]
    }),
  )
  const worst = (values: readonly number[]): number => far(values, closed.slice(0, 11))

  test('halves that error with every halving of the step', () => {
    // An error of order h has ratio 2; what h^2 adds is about a thousandth of it.
    const [whole, half, quarter] = [1, 2, 4].map((refinement) => worst(refined.get(refinement)!))
    expect(Math.abs(whole! / half! - 2)).toBeLessThan(0.01)
    expect(Math.abs(half! / quarter! - 2)).toBeLessThan(0.01)
  })

  test('leads to the closed form where steps vanish', () => {
    // Twice the finer less the coarser is free of the error of order h; that of order h^2 is 7e-6.
    const [half, quarter] = [refined.get(2)!, refined.get(4)!]
    expect(worst(half.map((value, year) => 2 * quarter[year]! - value))).toBeLessThan(1e-5)
  })
})

describe('video recorders in the United States, 1980 to 1989', () => {
  testWith([VCR_FILE], 'have the sales that are carried here', () => {
    expect(rowsOf(VCR_FILE).map((row) => numberIn(row, 'vcr_sales_thousand'))).toEqual(
      vcr.map(({ sales }) => sales),
    )
    expect(rowsOf(VCR_FILE).map((row) => numberIn(row, 'year'))).toEqual(vcr.map(({ year }) => year))
  })

  const fit = vcrFit()

  test('sold as the engine says at the published p and q: R2 .96, and .03 of all buyers off at most', () => {
    // The published curve itself has .97 on these ten sales; two hundredths are what monthly steps may cost.
    expect(fit.publishedRSquared).toBeCloseTo(0.97, 2)
    expect(fit.rSquared).toBeGreaterThan(0.95)
    expect(fit.worstCumulative).toBeLessThan(0.03)
  })

  test('are .022 of all buyers behind the closed form at most, which is what monthly steps cost', () => {
    const { p, q } = vcrPublished
    let [share, error] = [0, 0]
    for (let month = 0; month <= 132; month++) {
      error = Math.max(error, Math.abs(share - bassCurve(vcrPublished, month / 12)))
      share += (p / 12 + (q / 12) * share) * (1 - share)
    }
    expect(Math.abs(fit.stepError - error)).toBeLessThan(SAME)
    expect(error).toBeCloseTo(0.022, 3)
  })

  test('sold most in 1985; the engine says 1986, as the published curve does', () => {
    const most = (of: (year: VcrYear) => number): number =>
      fit.years.reduce((a, b) => (of(b) > of(a) ? b : a)).year
    expect(most(({ sales }) => sales)).toBe(1985)
    expect(most(({ engine }) => engine)).toBe(1986)
    expect(most(({ year }) => bassRate(vcrPublished, year - 1979))).toBe(1986)
  })
})
