/** Owns the limit of cash as a random walk: how often it is found below zero by somebody who looks once a month. */
import { describe, expect, test } from 'vitest'
import { ruinOf, ruinRows, walkBySpending, walkByTaste, type RuinRow } from './ruin.ts'

/** More with RIVALRY_RUNS, in steps of 5000. */
const REPLICATIONS = Math.ceil(Number(process.env['RIVALRY_RUNS'] ?? 40_000) / 5000) * 5000

/** Standard errors of the share of replications that fail. */
const errors = (found: number, probability: number, replications: number): number =>
  Math.abs(found - probability) / Math.sqrt((probability * (1 - probability)) / replications)

const walk = (drift: number) => ({ cash: 100, drift, sd: 10 })
const rowsOf = (drift: number): readonly RuinRow[] => ruinRows.filter((row) => row.drift === drift)

describe.each([-1, 0, 1])(
  'cash of 100 that drifts by %d a month with a standard deviation of 10',
  (drift) => {
    const byTaste = ruinOf(walkByTaste(walk(drift)), REPLICATIONS)

    test.each(rowsOf(drift).map((row) => [row.months, row] as const))(
      'is below zero within %d months as often as monthly monitoring says, by taste shocks',
      (months, { monthly, continuous }) => {
        const found = byTaste[months - 1]!
        // Four binomial standard errors: one run in 16,000 is further off, and the seed is fixed.
        expect(errors(found, monthly, REPLICATIONS)).toBeLessThan(4)
        // Somebody who always looks finds it there more often: by so much that this many replications tell.
        expect(found).toBeLessThan(continuous)
        if (months === 60) expect(errors(found, continuous, REPLICATIONS)).toBeGreaterThan(4)
      },
    )

    test('is so, too, where a strategy in plain TypeScript spends at random', () => {
      const replications = 10_000
      const { market, strategy } = walkBySpending(walk(drift))
      const found = ruinOf(market, replications, [strategy])
      for (const { months, monthly } of rowsOf(drift))
        expect(errors(found[months - 1]!, monthly, replications)).toBeLessThan(4)
    })
  },
)
