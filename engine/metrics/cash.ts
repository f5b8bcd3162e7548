/** Cash: burn, runway, the peak of what has to be funded, and the founders' stake. */
import type { StartupMetric } from './metric.ts'
import { QUARTER_MONTHS, lastMonths, ratio, total, type Series } from './series.ts'

/**
 * Net burn: the mean of payments less receipts, before rounds, in currency a month. Below zero where cash comes in.
 * `null` without months.
 *
 * @param cashFlow receipts less payments, by month
 */
export function netBurn(cashFlow: Series): number | null {
  const mean = ratio(total(cashFlow), cashFlow.length)
  return mean === null ? null : 0 - mean
}

/** Runway: months that cash lasts at this burn; `null` where nothing is burnt, since it has no end then. */
export function runwayMonths(cash: number, burn: number | null): number | null {
  return burn === null ? null : ratio(cash, burn)
}

/**
 * Peak funding need: the most by which payments since the start ever exceeded receipts, in currency; 0 where they never
 * did. Cash at the start and rounds have to cover it.
 *
 * @param cashFlow receipts less payments, before rounds, by month
 */
export function peakFundingNeed(cashFlow: Series): number {
  let [sum, least] = [0, 0]
  for (let month = 0; month < cashFlow.length; month++) {
    sum += cashFlow[month]!
    least = Math.min(least, sum)
  }
  return 0 - least
}

/** Cash metrics of startups. */
export const cashMetrics: readonly StartupMetric[] = [
  {
    name: 'burn',
    unit: 'currency/month',
    meaning: 'net burn: payments less receipts, before rounds; below zero where cash comes in',
    formula: 'mean of -`cashFlow` over the last three months in business',
    undefinedWhen: 'it never was in business at the end of a month',
    source: 'usual definition of net burn, over a quarter',
    needs: ['months.cashFlow'],
    value: (startup) => netBurn(lastMonths(startup, QUARTER_MONTHS)(startup.of('months.cashFlow'))),
  },
  {
    name: 'grossBurn',
    unit: 'currency/month',
    meaning: 'gross burn: all payments, whatever comes in',
    formula: 'mean of `receipts` - `cashFlow` over the last three months in business',
    undefinedWhen: 'it never was in business at the end of a month',
    source: 'usual definition of gross burn, over a quarter',
    needs: ['months.receipts', 'months.cashFlow'],
    value: (startup) => {
      const last = lastMonths(startup, QUARTER_MONTHS)
      const receipts = last(startup.of('months.receipts'))
      return netBurn(last(startup.of('months.cashFlow')).map((flow, month) => flow - receipts[month]!))
    },
  },
  {
    name: 'runway',
    unit: 'months',
    meaning: 'months that the cash lasts at the burn of the last quarter',
    formula: '`cash` at the end of the last month in business over `burn`',
    undefinedWhen: 'it burns nothing, or never was in business at the end of a month',
    source: 'usual definition',
    needs: ['months.cash', 'months.cashFlow'],
    value: (startup) => {
      const last = lastMonths(startup, QUARTER_MONTHS)
      const cash = last(startup.of('months.cash')).at(-1)
      return cash === undefined ? null : runwayMonths(cash, netBurn(last(startup.of('months.cashFlow'))))
    },
  },
  {
    name: 'peakFunding',
    unit: 'currency',
    meaning:
      'peak funding need: the most by which payments ever exceeded receipts, since the start and before rounds',
    formula: 'max(0, max over t of -(sum of `cashFlow` from month 0 to t)), the month of failure included',
    source: 'usual definition in project finance',
    needs: ['months.cashFlow'],
    value: (startup) => peakFundingNeed(startup.of('months.cashFlow')),
  },
  {
    name: 'founderStake',
    unit: 'share',
    meaning:
      "founders' stake at the end, after all rounds; also where it fails and the stake is worth nothing",
    formula: 'product over rounds of pre-money value / (pre-money value + amount)',
    source: 'arithmetic of dilution',
    needs: ['startups.founderStake'],
    value: (startup) => startup.atEnd('startups.founderStake'),
  },
]
