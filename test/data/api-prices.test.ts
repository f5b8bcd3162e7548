/** The market of real offers: its figures are those of the files, and follow from them by the stated rules. */
import { describe, expect, test } from 'vitest'
import { numberIn, rowsOf, testWith, yearsOf } from './files.ts'
import { mean } from './least-squares.ts'
import { bestScore, blendOf, priceFiles, scoredModels } from './model-prices.ts'
import { frontierScore, market, offers, qualityOf, snapshot, tokensPerRequest } from './offers.ts'

const { parameters } = market

/** The best model of each startup: its first plan. */
const best = market.startups.map((startup) => offers.find((offer) => offer.startup === startup)!)

test('there are eighteen offers of eight providers', () => {
  expect(offers).toHaveLength(18)
  expect(market.startups).toHaveLength(8)
  expect(new Set(offers.map(({ key }) => key)).size).toBe(18)
})

describe('every offer', () => {
  test.each(offers)('$plan.id costs what 4,000 tokens cost, three to one', ({ plan, input, output }) => {
    const perMillion = (3 * input + output) / 4
    // Only rounding of f64 is allowed.
    expect(plan.usagePrice / ((perMillion * tokensPerRequest) / 1e6)).toBeCloseTo(1, 12)
    expect(plan).toMatchObject({ price: 0, cap: null, included: 0, passThrough: 1, adLoad: 0 })
    expect(plan.offeredTo).toEqual(market.segments.map(({ id }) => id))
  })

  test.each(offers)('$plan.id has the quality that its score stands for', ({ startup, plan, score }) => {
    // Qualities and shares of quality are written to three decimals.
    const quality = startup.quality[0] * plan.qualityShare
    expect(Math.abs(quality - qualityOf(score))).toBeLessThan(0.001)
    expect(new Set(startup.quality).size).toBe(1)
  })

  test.each(offers)('$plan.id is listed above its compute cost', ({ startup, plan }) => {
    const quality = startup.quality[0] * plan.qualityShare
    const compute = parameters.computePrice * quality ** parameters.qualityCostElasticity
    expect(compute).toBeLessThan(plan.usagePrice)
  })

  testWith([priceFiles.snapshots], 'is in the price table of its date, at its price and context size', () => {
    const table = rowsOf(priceFiles.snapshots).filter((row) => row['snapshot'] === snapshot.date)
    for (const { key, input, output, context } of offers) {
      const rows = table.filter((row) => row['model'] === key)
      expect(rows, key).toHaveLength(1)
      expect(rows[0]!['commit'], key).toBe(snapshot.commit)
      const listed = ['input_usd_per_1m', 'output_usd_per_1m', 'context_tokens'].map((c) =>
        numberIn(rows[0]!, c),
      )
      expect(listed, key).toEqual([input, output, context])
    }
  })

  testWith([priceFiles.scores], 'has the score of the index, of a model released before the date', () => {
    for (const { model, score, key } of offers) {
      const scored = scoredModels().find(({ name }) => name === model)
      expect(scored?.score.toFixed(2), key).toBe(score.toFixed(2))
      expect(scored!.released <= snapshot.date, key).toBe(true)
    }
  })
})

describe('the state of the art', () => {
  testWith([priceFiles.scores], 'is the record of the quarter after the date', () => {
    expect(bestScore('2025-12-01')).toBeCloseTo(frontierScore, 2)
    expect(bestScore(snapshot.date)).toBe(150)
  })

  testWith([priceFiles.scores], 'is approached by open weights to the open frontier', () => {
    const open = bestScore(snapshot.date, (model) => model.open)
    expect(qualityOf(open)).toBeCloseTo(parameters.openFrontier, 2)
  })

  test('moves on as fast as the records: a model that is not renewed keeps its score', () => {
    // 1.3 points a month at .055 log points of quality each; the parameter is written to three decimals.
    expect(parameters.qualityDecay).toBeCloseTo(1 - Math.exp(-0.055 * 1.3), 3)
    expect(parameters.qualityFloor).toBe(0)
  })
})

test('the R&D of a startup is what keeps its quality where it is', () => {
  const top = Math.max(...market.startups.map(({ quality }) => quality[0]))
  for (const { id, quality, rd, rdMix, imitability } of market.startups) {
    const [own] = quality
    const effort = Math.sqrt(rd / parameters.rdScale) * Math.sqrt(3 * rdMix[0])
    const gain = parameters.rdGain * effort * (1 - own) + imitability * (top - own)
    // R&D is written to three digits, so effort is right to half of one in five hundred.
    expect(gain / (parameters.qualityDecay * own), id).toBeCloseTo(1, 2)
  }
})

test('nothing but offers, quality, R&D and openness tells the providers apart', () => {
  const alike = [
    'cash',
    'fixed',
    'marketing',
    'awarenessTargeted',
    'imitability',
    'rdShare',
    'split',
  ] as const
  for (const field of alike) {
    for (const startup of market.startups) expect(startup[field], field).toEqual(market.startups[0]![field])
  }
})

test('the best models span qualities from a third to four fifths', () => {
  const qualities = best.map(({ startup }) => startup.quality[0])
  expect(Math.min(...qualities)).toBeCloseTo(0.36, 2)
  expect(Math.max(...qualities)).toBeCloseTo(0.81, 2)
})

describe('after the date', () => {
  /** Offers and what took their place in the provider's range by July 2026: a judgement by name and tier. */
  const successors = {
    'gpt-5': 'gpt-5.6',
    'gpt-5-mini': 'gpt-5.4-mini',
    'gpt-5-nano': 'gpt-5.4-nano',
    'claude-opus-4-1': 'claude-opus-5',
    'claude-sonnet-4': 'claude-sonnet-5',
    'claude-haiku-3-5': 'claude-haiku-4-5',
    'gemini-2-5-pro': 'gemini-3.1-pro-preview',
    'gemini-2-5-flash': 'gemini-3.6-flash',
    'gemini-2-flash': 'gemini-3.5-flash-lite',
    'grok-4': 'grok-4.5',
    reasoner: 'deepseek-v4-pro',
    chat: 'deepseek-v4-flash',
    'kimi-k2': 'kimi-k2.6',
  }

  testWith(
    [priceFiles.newest],
    'the prices of thirteen places rose 1.3-fold on average in eleven months',
    () => {
      const logs = Object.entries(successors).map(([id, successor]) => {
        const { plan } = offers.find((offer) => offer.plan.id === id)!
        const row = rowsOf(priceFiles.newest).find(({ model }) => model === successor)!
        return Math.log((blendOf(row) * tokensPerRequest) / 1e6 / plan.usagePrice)
      })
      expect(logs).toHaveLength(13)
      expect(12 * (yearsOf('2026-07-24') - yearsOf(snapshot.date))).toBeCloseTo(10.7, 1)
      expect(Math.exp(mean(logs))).toBeCloseTo(1.29, 2)
      // Five of them fell, by up to two thirds; five more than doubled.
      expect(logs.filter((log) => log < 0)).toHaveLength(5)
      expect(logs.filter((log) => log > Math.log(2))).toHaveLength(5)
    },
  )
})
