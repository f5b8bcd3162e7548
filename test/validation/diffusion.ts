/**
 * Owns the limit in which adoption is nothing but readiness: whoever is ready has the product in the same month, so
 * readiness follows Bass (1969), "A new product growth for model consumer durables", Management Science 15(5).
 */
import { MarketRun, column } from '../market/market-run.ts'
import { oneSeller } from './one-seller.ts'

/** A Bass process: rates a year. */
export interface Bass {
  readonly p: number
  readonly q: number
}

/** Shares of the potential, from before month 0 on: entry k is what it is after k steps. */
export interface Diffusion {
  readonly readiness: readonly number[]
  readonly adopters: readonly number[]
}

/**
 * What the engine makes of p and q, step by step. With `refinement` k each month stands for a k-th of a month: rates are
 * divided by k, and a year has 12 k steps.
 */
export function diffusion(
  { p, q }: Bass,
  { steps, refinement = 1 }: { readonly steps: number; readonly refinement?: number },
): Diffusion {
  // Who becomes ready in a month has the product at the end of the next.
  const months = steps + 1
  const run = new MarketRun(
    oneSeller({
      months,
      // Against e^-60 for doing without, the plan's e^4 is chosen for sure, and nobody ever leaves.
      segment: { p: p / refinement, q: q / refinement, u0: -60, phi: 0 },
      parameters: { readinessStart: 0 },
      plan: { price: 1 },
    }),
  )
  run.start()
  const readiness = [0]
  const adopters: number[] = []
  for (let month = 0; month < months; month++) {
    run.months(month, month + 1)
    adopters.push(run.read(column.segments.adopters, 0))
    readiness.push(run.read(column.segments.readiness, 0))
  }
  return { readiness: readiness.slice(0, months), adopters }
}

/** The closed form: the share that has adopted after so many years. */
export function bassCurve({ p, q }: Bass, years: number): number {
  const left = Math.exp(-(p + q) * years)
  return (1 - left) / (1 + (q / p) * left)
}

/** Its slope: the rate of adoption, share a year. */
export function bassRate({ p, q }: Bass, years: number): number {
  const left = Math.exp(-(p + q) * years)
  return (((p + q) ** 2 / p) * left) / (1 + (q / p) * left) ** 2
}

/** Every twelfth entry, the first included. */
export function yearly(months: readonly number[], stepsPerYear = 12): number[] {
  return months.filter((_, month) => month % stepsPerYear === 0)
}
