/**
 * Owns the limit in which a cohort only shrinks: everybody joins in month 0, nobody afterwards, and whoever is with the
 * startup leaves when a term ends and doing without is better. Also fits such a cohort to two real ones.
 */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { indexMarket, pointValuesOf } from '../../engine/market/populate.ts'
import { LANES } from '../../engine/trace/layout.ts'
import { MarketRun, column } from '../market/market-run.ts'
import { yearly } from './diffusion.ts'
import { type OneSeller, oneSeller } from './one-seller.ts'
import { climb } from './simplex.ts'

/** What is recorded of a cohort, by month from 0 on. */
export interface CohortRun {
  /** Customers after each month, of the four replications together. */
  readonly customers: readonly number[]
  /** Gross profit of each month, likewise. */
  readonly grossProfit: readonly number[]
}

/** A market whose whole potential joins in month 0; asked again and again with other figures. */
export class Cohort {
  private readonly market: MarketDefinition
  private readonly run: MarketRun

  constructor(changes: OneSeller) {
    this.market = oneSeller(changes)
    this.run = new MarketRun(this.market)
  }

  /** Follows the cohort of four replications with other figures of its segment, if any are given. */
  follow(segment: OneSeller['segment'] = {}, first = 0): CohortRun {
    const { run, market } = this
    const [group] = market.segments
    const point = (changes: OneSeller['segment']): void => {
      const changed = { ...market, segments: [{ ...group!, ...segment, ...changes }] }
      run.instance.setPoint(pointValuesOf(changed, indexMarket(changed)))
    }
    const customers: number[] = []
    const grossProfit: number[] = []
    // In month 0 doing without is worth nothing; from then on nobody looks.
    point({ u0: -60, shop: 1 })
    run.start(Array.from({ length: LANES }, (_, lane) => first + lane))
    for (let month = 0; month < market.months; month++) {
      if (month === 1) point({ shop: 0 })
      run.months(month, month + 1)
      const lanes = Array.from({ length: LANES }, (_, lane) => lane)
      const sum = (of: (lane: number) => number): number => lanes.reduce((all, lane) => all + of(lane), 0)
      customers.push(sum((lane) => run.read(column.startups.users, 0, { lane })))
      grossProfit.push(sum((lane) => run.read(column.startups.grossProfit, 0, { lane })))
    }
    return { customers, grossProfit }
  }
}

/** Two cohorts of annual subscribers, alive [%] after 0 to 12 years, and the published fit of the first seven years. */
export interface RealCohort {
  readonly actual: readonly number[]
  /** Survival by the shifted beta-geometric model at its maximum likelihood on years 1 to 7, year 0 first. */
  readonly published: readonly number[]
}

/** Survival of a shifted beta-geometric cohort: S(t) = S(t - 1) (beta + t - 1) / (alpha + beta + t - 1). */
export function betaGeometric(alpha: number, beta: number, years: number): number[] {
  const survival = [1]
  for (let t = 1; t <= years; t++) survival.push((survival[t - 1]! * (beta + t - 1)) / (alpha + beta + t - 1))
  return survival
}

/**
 * Both cohorts: 1000 customers each, from Berry and Linoff (2004), printed in Fader and Hardie (2007), "How to project
 * customer retention", Journal of Interactive Marketing 21(1), table 1. Years 1 to 7 are for fitting, 8 to 12 are held
 * out. Coefficients as published; a maximum of the likelihood found apart from this project agrees to three decimals.
 */
export const realCohorts: Readonly<Record<'regular' | 'high-end', RealCohort>> = {
  regular: {
    actual: [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3],
    published: betaGeometric(0.704, 1.182, 12),
  },
  'high-end': {
    actual: [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4],
    published: betaGeometric(0.668, 3.806, 12),
  },
}

/** Years that are fitted. */
export const FITTED_YEARS = 7

/** Log likelihood of a cohort of 1000, by the years in which customers left and the number that stayed seven years. */
export function logLikelihood(survival: readonly number[], actual: readonly number[]): number {
  let sum = 10 * actual[FITTED_YEARS]! * Math.log(survival[FITTED_YEARS]!)
  for (let t = 1; t <= FITTED_YEARS; t++)
    sum += 10 * (actual[t - 1]! - actual[t]!) * Math.log(survival[t - 1]! - survival[t]!)
  return sum
}

/** Mean absolute gap between a survival curve and a cohort over years `from` to `to`, in points of 100. */
export function meanGap(
  survival: readonly number[],
  actual: readonly number[],
  [from, to]: readonly [number, number],
): number {
  let sum = 0
  for (let t = from; t <= to; t++) sum += Math.abs(100 * survival[t]! - actual[t]!)
  return sum / (to - from + 1)
}

/** Whom the engine takes a real cohort for: figures of a segment, and the survival that follows from them. */
export interface CohortFit {
  readonly phi: number
  readonly sigma: number
  readonly omega: number
  readonly survival: readonly number[]
  readonly logLikelihood: number
}

/**
 * Annual subscribers over so many years. Their bill weighs 4.2 utils, as 14 a month does for the flagship's consumers of
 * the middle type (alpha .3), and the product is worth as much.
 */
export function annualCohort(years: number, types: MarketDefinition['types']): Cohort {
  return new Cohort({
    months: 12 * years + 1,
    types,
    segment: { beta: 4.2, alpha: 0.3, u0: 0 },
    parameters: { commitment: 0 },
    plan: { price: 14, term: 12 },
  })
}

/** Where searches begin: attentive customers with habits, and less attentive ones with stronger habits and more spread. */
const STARTS = [
  [2, 0.5, -1],
  [0, 2, 0],
] as const

/** Figures of a segment at a point of the search, within the bounds of scenarios: phi in [0, 1], omega in [0, 3]. */
function figuresAt([phi, sigma, omega]: readonly number[]): Pick<CohortFit, 'phi' | 'sigma' | 'omega'> {
  const share = (x: number): number => 1 / (1 + Math.exp(-x))
  return { phi: share(phi!), sigma: Math.min(30, Math.max(-30, sigma!)), omega: 3 * share(omega!) }
}

/**
 * Attention phi, switching cost sigma and spread omega of price sensitivity under which a cohort of the engine is most
 * like the first seven years of a real one, by likelihood. With one type omega means nothing, and neither would phi and
 * sigma apart: churn is the same every year.
 */
export function fitCohort(actual: readonly number[], types: MarketDefinition['types']): CohortFit {
  const fitted = annualCohort(FITTED_YEARS, types)
  const survivalOf = (cohort: Cohort, at: readonly number[]): number[] =>
    yearly(cohort.follow(figuresAt(at)).customers).map((customers, _, all) => customers / all[0]!)
  const best = STARTS.map((start) =>
    climb((at) => logLikelihood(survivalOf(fitted, at), actual), start, {
      steps: [1, 1, 1],
      evaluations: 300,
    }),
  ).reduce((a, b) => (b.value > a.value ? b : a))
  const survival = survivalOf(annualCohort(actual.length - 1, types), best.at)
  return { ...figuresAt(best.at), survival, logLikelihood: best.value }
}
