/** Owns the checks of mechanisms that the flagship leaves off, each against its equation worked out by hand. */
import { describe, expect, test } from 'vitest'
import type { NaiveStrategy } from './decisions.ts'
import { calmDraws } from './draws.ts'
import { smallMarket, smallPlan } from './markets.ts'
import { simulateNaive } from './month.ts'
import { sum } from './state.ts'

const draws = calmDraws()

/** Everyone is alike and knows everything, so that a month is one logit choice. */
const alike = { omega: 0, tau: 0, shop: 1, nu: 0, growth: 0 }
const known = { awarenessTargeted: 1, cash: 1e9 }

describe('efficiency', () => {
  test('learns from its share of R&D and cuts the unit cost by 60% of itself, and R&D on quality shrinks', () => {
    const definition = smallMarket({
      startups: { s: { ...known, rd: 250e3, rdShare: 0, efficiencyShare: 0.5 } },
    })
    const { rdGain, computePrice, computeFallPerYear, qualityDecay, qualityFloor } = definition.parameters
    const qualities: number[][] = []
    const efficiencies: number[] = []
    const { flows } = simulateNaive(definition, draws, {
      months: 3,
      watch(step, _month, state) {
        if (step !== 'service') return
        qualities.push([...state.quality[0]!])
        efficiencies.push(state.efficiency[0]!)
      },
    })
    const learned = rdGain * Math.sqrt(3 * 0.5)
    // The second month's R&D has to keep up with inflation for a twelfth of a year.
    const second = learned / Math.sqrt(1.25 ** (1 / 12))
    expect(efficiencies).toEqual([
      0,
      expect.closeTo(learned, 14),
      expect.closeTo(learned + second * (1 - learned) - qualityDecay * learned, 14),
    ])
    const mix = definition.startups[0]!.rdMix
    mix.forEach((share, a) => {
      const gain = rdGain * Math.sqrt(3 * share * 0.5)
      expect(qualities[1]![a]).toBeCloseTo(0.65 + gain * 0.35 - qualityDecay * (0.65 - qualityFloor), 14)
    })
    const unit = flows[1]!.service.fullCompute[0]! / flows[1]!.service.requests[0]!
    const meanQuality = sum(qualities[1]!) / 3
    const frontier = computePrice * computeFallPerYear ** (-1 / 12)
    expect(unit).toBeCloseTo(frontier * meanQuality ** 2 * (1 - 0.6 * learned), 14)
    // Idle reservation is paid at the frontier's cost, whatever the efficiency.
    expect(flows[1]!.service.idle[0]).toBeGreaterThan(0)
  })
})

describe('service failure', () => {
  /** Reserves a tenth of what it needs in month 0. */
  const definition = smallMarket({
    segment: alike,
    parameters: { trustWeight: 2, reservedMinimum: 1 },
    startups: { s: known },
  })
  const usage = simulateNaive(definition, draws, { months: 1 }).state.usage[0]!
  const strategy: NaiveStrategy = (_state, market, actions) => {
    if (market.month === 0) actions.reserved[0] = usage / 10
  }

  test('serves reserved over usage, bills compute for that much, and costs trust and responsiveness', () => {
    const utilities: number[] = []
    const { flows, state } = simulateNaive(definition, draws, {
      months: 2,
      strategy,
      watch(step, month, now, flow) {
        if (step === 'choice' && month === 1) {
          const quality = definition.segments[0]!.needs.map(
            (need, a) => need * now.quality[0]![a]! * (a === 2 ? 0.4 : 1),
          )
          const { terms } = flow.choice!
          const { beta, alpha, theta } = definition.segments[0]!
          utilities.push(
            beta * sum(quality) + theta * now.fit[0]![0]! - alpha * terms[0]!.price - 2 * 0.3 * 0.9,
            flow.choice!.utility[0]![1]!,
          )
        }
      },
    })
    const [first] = flows
    expect(first!.service.ratio[0]).toBeCloseTo(0.1, 12)
    expect(first!.service.compute[0]).toBeCloseTo(first!.service.fullCompute[0]! * 0.1, 9)
    expect(utilities[0]).toBeCloseTo(utilities[1]!, 12)
    // Lost 0.3 x 0.9 in month 0, got back 5% of it in month 1 if that was served in full.
    const lost = 0.27 * 0.95 + 0.3 * (1 - flows[1]!.service.ratio[0]!)
    expect(state.trust[0]).toBeCloseTo(1 - lost, 12)
  })

  test('leaves usage revenue as it is', () => {
    const paid = {
      ...definition,
      startups: [
        { ...definition.startups[0]!, plans: [smallPlan('u', { price: 0, usagePrice: 0.01, cap: null })] },
      ],
    }
    const full = simulateNaive(paid, draws, { months: 1 }).flows[0]!
    const short = simulateNaive(paid, draws, {
      months: 1,
      strategy: (_s, _m, actions) => (actions.reserved[0] = 1),
    }).flows[0]!
    expect(short.service.ratio[0]).toBeLessThan(0.001)
    expect(short.books.usageRevenue).toEqual(full.books.usageRevenue)
  })
})

describe('plans', () => {
  test('bill usage between the included units and the cap, both growing with the allowance', () => {
    const plan = smallPlan('p', {
      price: 5,
      usagePrice: 0.1,
      included: 20,
      cap: 50,
      passThrough: 1,
      allowanceGrowth: 1.5,
    })
    const { flows } = simulateNaive(
      smallMarket({ segment: alike, startups: { s: { ...known, plans: [plan] } } }),
      draws,
      {
        months: 13,
      },
    )
    const [now, later] = [flows[0]!.choice.terms[0]!, flows[12]!.choice.terms[0]!]
    expect([now.price, now.usageBill[1]]).toEqual([5, expect.closeTo(0.1 * 30, 12)])
    // 60 requests have grown to 72, the cap to 75, the included ones to 30; prices have halved with compute.
    expect([later.price, later.usageBill[1]]).toEqual([2.5, expect.closeTo(0.05 * 42, 12)])
    expect([now.served[1], later.served[1]]).toEqual([expect.closeTo(50 / 60, 12), 1])
  })

  test('hold customers by their own phi and sigma, and by what they add to it', () => {
    const held = (own: { phi?: number; sigma?: number; sigmaAdded?: number }) => {
      const plan = smallPlan('p', { price: 2, cap: null, ...own })
      const definition = smallMarket({
        segment: { ...alike, phi: 0.3, sigma: 0.5 },
        startups: { s: { ...known, plans: [plan] } },
      })
      const { choice } = simulateNaive(definition, draws, { months: 2 }).flows[1]!
      const { u0, beta, psi } = definition.segments[0]!
      // W / U0.
      const weight = Math.exp(choice.utility[0]![1]! - u0 - beta * psi * definition.parameters.openFrontier)
      return { leaving: sum(choice.leaving[0]![0]!), had: choice.usersBefore[0]![0]!, weight }
    }
    const expected = (phi: number, sigma: number, { had, weight }: ReturnType<typeof held>) =>
      (had * phi) / (1 + Math.exp(sigma) * weight)
    for (const [own, phi, sigma] of [
      [{}, 0.3, 0.5],
      [{ phi: 1 }, 1, 0.5],
      [{ sigma: 0 }, 0.3, 0],
      [{ sigma: 1, sigmaAdded: 1 }, 0.3, 2],
      [{ sigmaAdded: -0.5 }, 0.3, 0],
    ] as const) {
      const found = held(own)
      expect(found.leaving / expected(phi, sigma, found)).toBeCloseTo(1, 12)
    }
  })

  test('with labour admit two and the hire rate of what they have', () => {
    const definition = smallMarket({
      segment: { ...alike, phi: 0 },
      startups: { s: { ...known, plans: [smallPlan('p', { labour: 1 })] } },
    })
    const strategy: NaiveStrategy = (_state, _market, actions) => (actions.hiring[0] = 0.5 / 0.08)
    const usual = simulateNaive(definition, draws, { months: 3 }).flows
    const faster = simulateNaive(definition, draws, { months: 3, strategy }).flows
    const totals = (flows: typeof usual) => flows.map(({ books }) => books.users[0])
    expect(totals(usual)).toEqual(
      [2, 2 + 2.16, 2 + 2.16 + 2 + 0.08 * 4.16].map((total) => expect.closeTo(total, 12)),
    )
    expect(totals(faster)).toEqual([2, 5, 9.5].map((total) => expect.closeTo(total, 12)))
  })
})

describe("the month's costs", () => {
  test('tax takes its share of a profitable month and nothing of a loss', () => {
    const taxed = (fixed: number) => {
      const startups = { s: { ...known, rd: 0, rdShare: 0, marketing: 0, marketingShare: 0, fixed } }
      return simulateNaive(smallMarket({ parameters: { profitTax: 0.25 }, startups }), draws, { months: 1 })
        .flows[0]!.books
    }
    const [gain, loss] = [taxed(0), taxed(1e9)]
    expect(gain.tax[0]).toBeGreaterThan(0)
    expect(gain.profit[0]! / (gain.profit[0]! + gain.tax[0]!)).toBeCloseTo(0.75, 12)
    expect([loss.tax[0], loss.profit[0]! < 0]).toEqual([0, true])
  })

  test("a segment costs while this month's marketing split targets it", () => {
    const definition = smallMarket({ startups: { s: known } })
    const strategy: NaiveStrategy = (_state, market, actions) =>
      (actions.split[0] = [market.month === 1 ? 0 : 1])
    const { flows } = simulateNaive(definition, draws, { months: 3, strategy })
    expect(flows.map(({ books }) => books.operating.segmentCost[0])).toEqual([10e3, 0, 10e3])
  })
})
