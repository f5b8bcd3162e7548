/** Discounted value of what a startup earns in cash. */
import { assert } from '../errors.ts'
import type { StartupMetric } from './metric.ts'
import type { Series } from './series.ts'

/**
 * Net present value: `sum of cashFlow[t] / (1 + annualRate)^((t + 1) / 12)`, in currency of the start of month 0. A
 * month's cash counts at its end, as a spreadsheet's NPV does. At rate 0 it is the sum.
 *
 * @param cashFlow receipts less payments, before rounds, by month
 * @param annualRate effective rate a year, above -1
 */
export function discountedValue(cashFlow: Series, annualRate: number): number {
  const perMonth = 1 / monthlyFactor(annualRate)
  let value = 0
  for (let month = cashFlow.length - 1; month >= 0; month--) value = (value + cashFlow[month]!) * perMonth
  return value
}

/**
 * What money grows by in a month: the twelfth root of `1 + annualRate`. By Newton's method from above, where it falls
 * until rounding stops it: additions, multiplications and divisions only, so it is the same on every machine.
 */
export function monthlyFactor(annualRate: number): number {
  assert(annualRate > -1 && annualRate < Infinity, 'a rate is above -1 and finite', { annualRate })
  const power = 1 + annualRate
  // A convex curve lies above its tangent at 1, so this is at least the root.
  let factor = annualRate > 0 ? 1 + annualRate / 12 : 1
  for (;;) {
    const cube = factor * factor * factor
    const eleventh = (cube * cube * cube * cube) / factor
    const next = factor - (eleventh * factor - power) / (12 * eleventh)
    if (!(next < factor)) return factor
    factor = next
  }
}

/** Value of startups. */
export const valueMetrics: readonly StartupMetric[] = [
  {
    name: 'discountedValue',
    unit: 'currency',
    meaning:
      'net present value of all cash flows before rounds, to all who fund the startup; nothing after the last month',
    formula:
      'sum over months t from 0 of `cashFlow` / (1 + rate)^((t + 1) / 12), the month of failure included',
    source:
      'net present value (any textbook of corporate finance), flows at the end of their month, an effective rate a year',
    needs: ['months.cashFlow'],
    value: (startup, { annualRate }) => discountedValue(startup.of('months.cashFlow'), annualRate),
  },
]
