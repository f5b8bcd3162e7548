/** The duopoly scenario states the logit market of Calvano et al. 2020, worked out from its figures by hand. */
import { expect, test } from 'vitest'
import { loadScenario } from '../../scenarios/load.ts'

const market = loadScenario('duopoly')
const [buyers] = market.segments
const [left, right] = market.startups

/** Monthly profit of the first startup by docs/model.md, section 7.3, with awareness 1 and all customers choosing. */
function profit(ownPrice: number, otherPrice: number): number {
  const weight = (price: number, quality: readonly number[]) => {
    const valued = buyers!.needs.reduce((sum, need, i) => sum + need * quality[i]!, 0)
    return Math.exp(buyers!.beta * valued - buyers!.alpha * price)
  }
  const own = weight(ownPrice, left!.quality)
  const everyone = Math.exp(buyers!.u0) + own + weight(otherPrice, right!.quality)
  return (ownPrice - buyers!.support) * ((buyers!.potential * own) / everyone)
}

// Published to five decimals, in reference to eight: Calvano et al. 2020, AER 110(10).
const nash = { price: 1.47292666, profit: 0.22292666 }
const joint = { price: 1.92498092, profit: 0.33749046 }

test('at the Nash price each startup earns the published profit', () => {
  expect(profit(nash.price, nash.price)).toBeCloseTo(nash.profit, 7)
})

test('at the joint-profit price each startup earns the published profit', () => {
  expect(profit(joint.price, joint.price)).toBeCloseTo(joint.profit, 7)
})

test('no other price pays against the Nash price', () => {
  for (let price = 1; price <= 3; price += 0.01) {
    expect(profit(price, nash.price)).toBeLessThanOrEqual(nash.profit + 1e-8)
  }
})

test('both startups ask the Nash price, and prices can reach the joint-profit one', () => {
  for (const startup of [left!, right!]) {
    expect(startup.plans.map((plan) => plan.price)).toEqual([1.4729266600306228])
    const multiplier = joint.price / startup.plans[0]!.price
    expect(multiplier).toBeGreaterThan(market.parameters.priceMultiplierLow)
    expect(multiplier).toBeLessThan(market.parameters.priceMultiplierHigh)
  }
})

test('nothing else moves: no luck, no learning, no forgetting, no other cost, everyone chooses each month', () => {
  const { parameters } = market
  for (const name of [
    'tasteSd',
    'abilitySd',
    'readinessSd',
    'cashSd',
    'rdGain',
    'qualityDecay',
    'forgetting',
  ] as const) {
    expect(parameters[name], name).toBe(0)
  }
  for (const name of [
    'computePrice',
    'receiptFee',
    'overheadShare',
    'profitTax',
    'askBelowRunway',
  ] as const) {
    expect(parameters[name], name).toBe(0)
  }
  expect(parameters).toMatchObject({ readinessStart: 1, nest: 1 })
  expect(buyers).toMatchObject({
    shop: 1,
    phi: 1,
    sigma: 0,
    nu: 0,
    theta: 0,
    psi: 0,
    omega: 0,
    tau: 0,
    cost: 0,
    growth: 0,
  })
  expect(market).toMatchObject({ demography: 'expected', books: 'exact' })
  for (const startup of market.startups) {
    expect(startup).toMatchObject({
      rd: 0,
      rdShare: 0,
      marketing: 0,
      marketingShare: 0,
      fixed: 0,
      imitability: 0,
    })
    expect(startup).toMatchObject({ awarenessTargeted: 1, split: { buyers: 1 } })
    expect(startup.plans[0]).toMatchObject({
      cap: null,
      passThrough: 0,
      labour: 0,
      term: 1,
      phi: null,
      sigma: null,
    })
  }
})

test('the two startups differ in nothing but their names', () => {
  expect({ ...right!, id: 'left', name: 'left' }).toEqual(left)
})
