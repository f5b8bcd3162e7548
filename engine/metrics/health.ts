/** The three principles of health: profitable, sustainable, good for users; each in [0, 1], and together. */
import { assert } from '../errors.ts'
import type { StartupMetric } from './metric.ts'
import type { Series } from './series.ts'

/** Profitability of an operating margin: 0 at -20% and below, 1 at 20% and above. Without revenue the margin is -1. */
export function profitability(operatingMargin: number | null): number {
  return clamped(((operatingMargin ?? -1) + 0.2) / 0.4)
}

/**
 * Sustainability: mean over all months of runway / 18 months, held in [0, 1]; 0 in months out of business.
 *
 * @param runway in months at the end of each month in business; a startup that burns nothing has a long one
 * @param monthCount months simulated
 */
export function sustainability(runway: Series, monthCount: number): number {
  assert(monthCount >= runway.length && monthCount > 0, 'months in business are among all', { monthCount })
  let sum = 0
  for (let month = 0; month < runway.length; month++) sum += clamped(runway[month]! / 18)
  return sum / monthCount
}

/** User value: what customers gain over doing without, over the same at frontier quality and cost price; at most 1. */
export function userValue(gain: number, idealGain: number): number {
  return idealGain > 0 ? clamped(gain / idealGain) : 0
}

/** Health: the geometric mean of the three principles. One that is 0 makes it 0. */
export function health(
  principles: readonly [profitability: number, sustainability: number, userValue: number],
): number {
  return cubeRoot(principles[0] * principles[1] * principles[2])
}

function clamped(value: number): number {
  return Math.min(Math.max(value, 0), 1)
}

/** Cube root of a value in [0, 1], by Newton's method from above; the same on every machine, unlike the library's. */
export function cubeRoot(value: number): number {
  assert(value >= 0 && value <= 1, 'a cube root is taken of a share', { value })
  if (value === 0) return 0
  let root = 1
  for (;;) {
    const next = root - (root - value / (root * root)) / 3
    if (!(next < root)) return root
    root = next
  }
}

const SOURCE = 'the three principles of benign commercialisation (docs/model.md)'

/** Health of startups, as every run records it. */
export const healthMetrics: readonly StartupMetric[] = [
  {
    name: 'profitability',
    unit: 'share',
    meaning:
      'first principle of health: operating margin of the last two years of the run, 0 at -20% and 1 at 20%',
    formula: '(operating margin + .2) / .4 held in [0, 1]; without revenue the margin is -1',
    source: SOURCE,
    needs: ['startups.healthProfit'],
    value: (startup) => startup.atEnd('startups.healthProfit'),
  },
  {
    name: 'sustainability',
    unit: 'share',
    meaning: 'second principle of health: how long cash lasts, over all months of the run; 0 after failure',
    formula: 'mean over the run of runway / 18 months held in [0, 1]',
    source: SOURCE,
    needs: ['startups.healthSustain'],
    value: (startup) => startup.atEnd('startups.healthSustain'),
  },
  {
    name: 'userValue',
    unit: 'share',
    meaning:
      'third principle of health: what customers gain over doing without, over that at frontier quality and cost price',
    formula: 'sum over customers of ln(1 + W / U0) / alpha, over the same at the ideal, at most 1',
    undefinedWhen: 'it had no customers whenever this was judged',
    source: `${SOURCE}; Small and Rosen (1981), Econometrica 49(1)`,
    needs: ['startups.healthUsers'],
    value: (startup) => startup.atEnd('startups.healthUsers'),
  },
  {
    name: 'health',
    unit: 'share',
    meaning: 'geometric mean of the three principles; 0 where there is no user value',
    formula: '(`profitability` x `sustainability` x `userValue`)^(1/3)',
    source: SOURCE,
    needs: ['startups.healthProfit', 'startups.healthSustain', 'startups.healthUsers'],
    value: (startup) =>
      health([
        startup.atEnd('startups.healthProfit') ?? 0,
        startup.atEnd('startups.healthSustain') ?? 0,
        startup.atEnd('startups.healthUsers') ?? 0,
      ]),
  },
]
