/** Owns the diffusion of video recorders in the United States, and what the engine makes of its published coefficients. */
import { bassCurve, bassRate, diffusion } from './diffusion.ts'

/** Where the sales come from, in the real data. */
export const VCR_FILE = 'bass-vcr/vcr_sales.csv'

/** Sales of each year in thousands; facts, as they stand in the public code that fitted them. */
export const vcr = [840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890].map((sales, i) => ({
  year: 1980 + i,
  sales,
}))

/**
 * The Bass model fitted to these sales by nonlinear least squares, as published with them: rates a year and all who will
 * ever buy, in thousands. It takes the rate at the end of a year, counted from 1979, for the sales of the year.
 */
export const vcrPublished = { p: 0.00659, q: 0.638, ceiling: 68_000 } as const

/** A year of the engine beside the real one, thousands. */
export interface VcrYear {
  readonly year: number
  readonly sales: number
  readonly engine: number
}

/** Real sales and the engine's, and how far apart they are. */
export interface VcrFit {
  readonly years: readonly VcrYear[]
  /** Of yearly sales, by the engine and by the published curve itself. */
  readonly rSquared: number
  readonly publishedRSquared: number
  /** How far the engine's adopters are from the closed form at most, month by month: the error of monthly steps. */
  readonly stepError: number
  /** Largest gap between cumulative sales, as a share of all buyers. */
  readonly worstCumulative: number
}

/** The engine at the published coefficients: sales from half a year before to half a year after the fitted moment. */
export function vcrFit(): VcrFit {
  const { ceiling } = vcrPublished
  const { adopters } = diffusion(vcrPublished, { steps: 12 * (vcr.length + 1) })
  const years = vcr.map(({ year, sales }) => {
    const end = 12 * (year - 1979) + 6
    return { year, sales, engine: ceiling * (adopters[end]! - adopters[end - 12]!) }
  })
  const mean = years.reduce((sum, { sales }) => sum + sales, 0) / years.length
  const squares = (of: (year: VcrYear) => number): number =>
    years.reduce((sum, year) => sum + of(year) ** 2, 0)
  const spread = squares(({ sales }) => sales - mean)
  let gap = 0
  let worst = 0
  for (const { sales, engine } of years) {
    gap += (engine - sales) / ceiling
    worst = Math.max(worst, Math.abs(gap))
  }
  return {
    years,
    rSquared: 1 - squares(({ sales, engine }) => sales - engine) / spread,
    publishedRSquared:
      1 - squares(({ year, sales }) => sales - ceiling * bassRate(vcrPublished, year - 1979)) / spread,
    stepError: Math.max(
      ...adopters.map((share, month) => Math.abs(share - bassCurve(vcrPublished, month / 12))),
    ),
    worstCumulative: worst,
  }
}
