/**
 * Owns the figures of real companies that the flagship is compared with. They are carried here with their sources, so
 * that comparisons run where the files are absent; where those are present a test reads each figure back.
 */

/** Survival of establishments at an age, shares. */
export interface Establishments {
  readonly years: number
  readonly all: number
  readonly information: number
  /** Lowest and highest mean of seven sectors. */
  readonly sectors: readonly [low: number, high: number]
  /** Lowest and highest of all cohorts of these sectors. */
  readonly cohorts: readonly [low: number, high: number]
}

/**
 * US establishments founded from 2010 on, mean over cohorts. US Bureau of Labor Statistics, Business Employment Dynamics,
 * table 7; public domain. Establishments, not firms, and few of them have investors.
 */
export const establishments: readonly Establishments[] = [
  { years: 1, all: 0.792, information: 0.777, sectors: [0.777, 0.868], cohorts: [0.733, 0.964] },
  { years: 3, all: 0.619, information: 0.573, sectors: [0.573, 0.707], cohorts: [0.531, 0.784] },
  { years: 5, all: 0.509, information: 0.45, sectors: [0.45, 0.594], cohorts: [0.412, 0.647] },
  { years: 8, all: 0.403, information: 0.334, sectors: [0.334, 0.479], cohorts: [0.316, 0.527] },
]

/** Gross margins of Spotify's two sides, shares of their revenue: the year to 2023Q1, and quarters since 2017Q1. */
export const spotify = {
  premium: { lastYear: 0.283, quarters: [0.14, 0.31] },
  ads: { lastYear: 0.016, quarters: [-0.18, 0.18] },
} as const

/**
 * Churn by contract [share of customers a month] in a fictional telecom sample that is widely used for teaching: use the
 * ratio, not the level. The sample is not at hand; the two figures are.
 */
export const telecomChurn = { monthly: 0.0237, yearly: 0.0027 } as const

/** Bass curves through adoption in the United States: rates a year from the year of origin, and the ceiling. */
export interface Adoption {
  readonly entity: string
  readonly origin: number
  readonly p: number
  readonly q: number
  readonly ceiling: number
}

/** Our World in Data, after Comin and Hobijn (2004) and others, CC BY 4.0; least squares with a free ceiling. */
export const adoption: Readonly<Record<'smartphones' | 'internet', Adoption>> = {
  smartphones: { entity: 'Smartphone usage', origin: 2006, p: 0.0506, q: 0.312, ceiling: 0.851 },
  internet: { entity: 'Internet', origin: 1990, p: 0.0252, q: 0.161, ceiling: 0.898 },
}
