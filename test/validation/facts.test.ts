/** Owns the stylised facts as acceptance tests of the flagship, over 500 replications in either demography. */
import { describe, expect, test } from 'vitest'
import { measureFacts } from './facts.ts'

// At 500 replications a share has a standard error of .022 at most; the limits are further off than that.
const REPLICATIONS = Math.max(500, Number(process.env['RIVALRY_REPLICATIONS'] ?? 0))

describe.each(['expected', 'integer'] as const)('in %s demography', (demography) => {
  const facts = measureFacts(demography, REPLICATIONS)

  test('1: a free product with ads seldom lives for five years, and hardly ever pays', () => {
    expect(facts.freeAlive).toBeLessThanOrEqual(0.35)
    expect(facts.freeProfits).toBeLessThanOrEqual(0.15)
  })

  test('2: it earns less than a subscription in most of the same worlds', () => {
    expect(facts.freeBelowSubscription).toBeGreaterThanOrEqual(0.75)
  })

  test('3: where it survives it has the crowd and not the money', () => {
    expect(facts.freeCrowd).toBeGreaterThanOrEqual(0.45)
    expect(facts.freeRevenue).toBeLessThanOrEqual(0.25)
  })

  test('4: three times the revenue from ads make it live and pay', () => {
    expect(facts.adsAlive).toBeGreaterThanOrEqual(0.7)
    expect(facts.adsProfit).toBeGreaterThan(0)
  })

  test('5: patience buys survival and no profit', () => {
    expect(facts.cashAlive[1] - facts.cashAlive[0]).toBeGreaterThanOrEqual(0.3)
    expect(facts.cashProfit[1]).toBeLessThanOrEqual(facts.cashProfit[0])
  })

  test('6: a free user costs more to serve than ads bring in the first year, and less from the third', () => {
    expect(facts.serving[0]).toBeGreaterThan(0.46)
    expect(facts.serving[1]).toBeLessThan(0.46)
  })

  test('7: too generous a free tier is a cliff', () => {
    expect(facts.cliff[0] - facts.cliff[1]).toBeGreaterThanOrEqual(0.35)
  })

  test('8: a free tier pays only with network effects', () => {
    expect(facts.tier[0]).toBeLessThanOrEqual(5)
    expect(facts.tier[1]).toBeGreaterThanOrEqual(20)
  })

  test('9: strong network effects take the market from the paid product', () => {
    expect(facts.tipping[0] - facts.tipping[1]).toBeGreaterThanOrEqual(0.2)
  })

  test('10: margins fall where prices follow compute, and stay where they are known to be', () => {
    expect(facts.apiMargin[0] - facts.apiMargin[1]).toBeGreaterThanOrEqual(0.08)
    expect(facts.apiExtremes[0]).toBeGreaterThanOrEqual(0.15)
    expect(facts.apiExtremes[1]).toBeLessThanOrEqual(0.65)
    expect(facts.solutionsMargin).toBeGreaterThanOrEqual(0.3)
    expect(facts.solutionsMargin).toBeLessThanOrEqual(0.65)
    for (const share of facts.paidShare) {
      expect(share).toBeGreaterThanOrEqual(0.05)
      expect(share).toBeLessThanOrEqual(0.3)
    }
  })

  test('11: startups fail as startups do, and no business model always wins or loses', () => {
    const [first, third, fifth] = facts.survival
    expect(first).toBeGreaterThanOrEqual(0.8)
    expect(third).toBeGreaterThanOrEqual(0.42)
    expect(third).toBeLessThanOrEqual(0.75)
    expect(fifth).toBeGreaterThanOrEqual(0.35)
    expect(fifth).toBeLessThanOrEqual(0.7)
    for (const alive of facts.aliveAt60) {
      expect(alive).toBeGreaterThan(0)
      expect(alive).toBeLessThan(1)
    }
  })

  test('13: free first and paid plans after half a year or a year beat never charging', () => {
    const [never, ...later] = facts.charging
    for (const { alive, profits } of later) {
      expect(alive - never!.alive).toBeGreaterThanOrEqual(0.3)
      expect(profits).toBeGreaterThanOrEqual(0.3)
    }
  })
})
