/** The example of somebody else's market: it runs, as it says, on both back ends, and does what its equations say. */
import { describe, expect, it } from 'vitest'
import { profits } from '../../examples/advertising-duopoly.ts'

/** The same market without luck, in plain JavaScript. */
function byHand(
  advertising: readonly number[],
  length: number,
): { profits: number[]; prices: number[][]; shares: number[][] } {
  const firms = advertising.map((spent) => ({
    spent,
    price: 15,
    direction: 1,
    goodwill: 0,
    margin: 0,
    profit: 0,
    pull: 0,
  }))
  const [prices, shares]: [number[][], number[][]] = [[], []]
  for (let month = 0; month < length; month++) {
    for (const f of firms) {
      f.goodwill = f.goodwill * 0.9 + Math.sqrt(f.spent) * 0.1
      f.pull = f.goodwill * Math.exp(-0.1 * f.price)
    }
    const everyone = 1 + firms.reduce((sum, f) => sum + f.pull, 0)
    prices.push(firms.map((f) => f.price))
    shares.push(firms.map((f) => f.pull / everyone))
    for (const f of firms) {
      const margin = (f.price - 10) * (f.pull / everyone)
      f.profit += margin * 1000 - f.spent
      if (margin < f.margin) f.direction = -f.direction
      f.margin = margin
      f.price = Math.max(10, f.price * (1 + 0.01 * f.direction))
    }
  }
  return { profits: firms.map((f) => f.profit), prices, shares }
}

describe('the advertising duopoly', () => {
  it('gives the same bits on both back ends', () => {
    const given = { advertising: [100, 900], replications: 8, length: 24 }
    const [wasm, javascript] = (['wasm', 'javascript'] as const).map(
      (backend) => new Uint8Array(profits({ ...given, backend }).instance.memory.buffer),
    )
    expect(Buffer.compare(wasm as Uint8Array, javascript as Uint8Array)).toBe(0)
  })

  it('follows its equations', () => {
    const advertising = [100, 900, 0]
    const { instance, byFirm } = profits({ advertising, swing: 0, replications: 4, length: 36 })
    const expected = byHand(advertising, 36)
    const prices = instance.output('months', 'price', { replications: 1 })
    const shares = instance.output('months', 'share', { replications: 1 })
    for (let month = 0; month < 36; month++) {
      for (let firm = 0; firm < 3; firm++) {
        // exp differs from Math.exp by an ulp or so; prices are compared with what was earned, which sums 36 months.
        expect(prices[month * 3 + firm]).toBeCloseTo(expected.prices[month]?.[firm] as number, 10)
        expect(shares[month * 3 + firm]).toBeCloseTo(expected.shares[month]?.[firm] as number, 12)
      }
    }
    byFirm.forEach((values, firm) =>
      values.forEach((value) => expect(value).toBeCloseTo(expected.profits[firm] as number, 6)),
    )
  })

  it('treats equal firms equally, and rewards the one that is known', () => {
    const { byFirm } = profits({ advertising: [400, 400, 25], replications: 40 })
    expect(byFirm[0]).toEqual(byFirm[1])
    byFirm[0]?.forEach((profit, i) => expect(profit).toBeGreaterThan(byFirm[2]?.[i] as number))
  })

  it('differs between replications by luck alone, which averages out', () => {
    const { byFirm } = profits({ advertising: [100, 900], replications: 400 })
    const certain = profits({ advertising: [100, 900], swing: 0, replications: 4 })
    byFirm.forEach((values, firm) => {
      expect(new Set(values).size).toBe(400)
      const mean = values.reduce((a, b) => a + b, 0) / 400
      const error = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / 399 / 400)
      // Demand has mean 1 and does not feed back into prices: five standard errors.
      expect(Math.abs(mean - (certain.byFirm[firm]?.[0] as number))).toBeLessThan(5 * error)
    })
  })
})
