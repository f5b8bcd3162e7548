/** The first example stays short, and says what it seems to say. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadScenario } from '../../scenarios/load.ts'

const market = loadScenario('three-ways')

test('the first example fits on a page', () => {
  const text = readFileSync(new URL('../../scenarios/three-ways.yaml', import.meta.url), 'utf8')
  expect(text.split('\n').length).toBeLessThan(60)
})

test('it has a free, a freemium and a subscription startup in two segments', () => {
  expect(market.segments.map(({ id, kind }) => [id, kind])).toEqual([
    ['consumer', 'consumer'],
    ['smb', 'smallBusiness'],
  ])
  expect(market.startups.map((startup) => startup.businessModel)).toEqual([
    'free-with-ads',
    'freemium',
    'subscription',
  ])
  const cheapest = market.startups.map((startup) => Math.min(...startup.plans.map((plan) => plan.price)))
  expect(cheapest).toEqual([0, 0, 11.5])
})

test('its consumers and small businesses are those of the flagship', () => {
  const flagship = loadScenario('large-model-market')
  for (const segment of market.segments) {
    expect(segment).toEqual(flagship.segments.find(({ id }) => id === segment.id))
  }
})
