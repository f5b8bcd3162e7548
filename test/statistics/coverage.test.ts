import { expect, test } from 'vitest'
import { coverageCases, coverageOf } from './coverage.ts'

// Numbers are the same in every run; with others, each case would fail once in 16 000.
test.each(coverageCases.map((given) => [given.interval, given.sample, given] as const))(
  '%s: covers %s as often as it should',
  (_, __, given) => {
    const { covered, expected, band } = coverageOf(given)
    expect(Math.abs(covered - expected)).toBeLessThan(band)
    // Narrow enough to tell 95% from 93%, or a bootstrap from nothing.
    expect(band).toBeLessThan(0.03)
  },
)
