/** Single figures of a market are read and changed by path, within the same bounds as in a file. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planTable, segmentTable, startupTable } from '../../engine/market/definition.ts'
import { type Declaration, parameterTable } from '../../engine/market/parameters.ts'
import { loadScenario } from '../../scenarios/load.ts'
import { type Figure, getPath, setPath, setPaths } from '../../engine/market/set-path.ts'
import { errorsOf } from '../scenarios/errors.ts'

const market = loadScenario('large-model-market')

/** Every declared figure of one market, by path. */
const declared: [string, Declaration<unknown>][] = [
  ...Object.entries(parameterTable).map(([name, row]) => [`parameters.${name}`, row] as const),
  ...Object.entries(segmentTable).map(([name, row]) => [`segments.retail.${name}`, row] as const),
  ...Object.entries(startupTable).map(([name, row]) => [`startups.api.${name}`, row] as const),
  ...Object.entries(planTable).map(([name, row]) => [`startups.freemium.plans.free.${name}`, row] as const),
].map(([path, row]) => [path, row])

test('a figure that is set is read back, and nothing else changes', () => {
  const property = fc.property(
    fc.constantFrom(...declared),
    fc.double({ min: 0, max: 1, noNaN: true }),
    (figure, at) => {
      const [path, { low, high, whole }] = figure
      const between = Math.min(high, Math.max(low, low * (1 - at) + high * at))
      const value = whole ? Math.round(between) : between
      const before = getPath(market, path)
      const changed = setPath(market, path, value)
      expect(getPath(changed, path)).toBe(value)
      expect(setPath(changed, path, before)).toEqual(market)
      expect(getPath(market, path)).toBe(before)
    },
  )
  fc.assert(property, { seed: 1, numRuns: 300 })
})

test('every declared figure has bounds that hold when it is set', () => {
  for (const [path, { low, high }] of declared) {
    for (const value of [low - 1, high * 2 + 1]) {
      expect(
        errorsOf(() => setPath(market, path, value)),
        `${path}=${value}`,
      ).toMatchObject([{ code: 'out-of-bounds', key: path }])
    }
    expect(errorsOf(() => setPath(market, path, Number.NaN))).toMatchObject([{ code: 'not-finite' }])
  }
})

test('what is not changed is shared', () => {
  const changed = setPath(market, 'startups.api.cash', 1)
  expect(changed.segments).toBe(market.segments)
  expect(changed.startups[0]).toBe(market.startups[0])
  expect(changed.startups[3]).not.toBe(market.startups[3])
})

test('null takes a limit away, and only there', () => {
  expect(
    getPath(setPath(market, 'startups.freemium.plans.free.cap', null), 'startups.freemium.plans.free.cap'),
  ).toBe(null)
  expect(errorsOf(() => setPath(market, 'startups.freemium.plans.free.price', null))).toMatchObject([
    { code: 'wrong-type', message: 'price of startups.freemium.plans.free is null, not a number' },
  ])
})

test('a strategy is set by name, and its settings by theirs, known before or not', () => {
  const changed = setPaths(market, {
    'startups.api.strategy.name': 'undercut',
    'startups.api.strategy.settings.step': 0.1,
  })
  expect(changed.startups[3]!.strategy).toEqual({ name: 'undercut', settings: { step: 0.1 } })
})

describe('a path that leads to no figure is refused', () => {
  test.each<[string, Figure, string, string]>([
    ['startups.apy.cash', 1, "there is no 'apy' in startups", "did you mean 'api'?"],
    ['startups.api.csh', 1, "there is no 'csh' in startups.api", "did you mean 'cash'?"],
    ['parameters.nets', 1, "there is no 'nets' in parameters", "did you mean 'nest'?"],
    ['startups.api.plans.usag.price', 1, "there is no 'usag' in startups.api.plans", "did you mean 'usage'?"],
    ['startups.api.rdMix.3', 1, "there is no '3' in startups.api.rdMix", 'allowed: 0, 1, 2'],
    ['startups.api.cash.now', 1, "there is no 'now' in startups.api.cash", 'nothing is allowed here'],
    ['startups.api', 1, 'api of startups is not a figure that can be set', 'name a single number'],
    ['startups.api.id', 'x', 'id of startups.api is not a figure that can be set', 'name a single number'],
    ['', 1, "there is no '' in the market", ''],
  ])('%s', (path, value, message, hint) => {
    const [error] = errorsOf(() => setPath(market, path, value))
    expect(error).toMatchObject({ code: 'unknown-path', message })
    expect(error!.hint).toContain(hint)
  })
})

test('setting several figures keeps marketing shares summing to one', () => {
  const changed = setPaths(market, { 'startups.free-ads.split.smb': 0.85 })
  expect(changed.startups[0]!.split).toMatchObject({ consumer: 0.5, smb: 0.5 })
})

test('rules over several figures are checked once all are set', () => {
  const changed = setPaths(market, { 'startups.api.rdMix.0': 0.3, 'startups.api.rdMix.1': 0.5 })
  expect(changed.startups[3]!.rdMix).toEqual([0.3, 0.5, 0.2])
  expect(
    errorsOf(() =>
      setPaths(market, { 'startups.api.rdMix.0': 0.3, 'startups.freemium.plans.free.price': 2e6 }),
    ),
  ).toMatchObject([
    { code: 'price-above-ceiling', key: 'startups.freemium.plans.free.price' },
    { code: 'weights', key: 'startups.api.rdMix' },
  ])
  expect(
    errorsOf(() =>
      setPaths(market, { 'startups.free-ads.split.consumer': 0, 'startups.free-ads.split.smb': 0 }),
    ),
  ).toMatchObject([{ code: 'weights', key: 'startups.free-ads.split' }])
})

test('months are whole and bounded', () => {
  expect(setPath(market, 'months', 12).months).toBe(12)
  expect(errorsOf(() => setPath(market, 'months', 12.5))).toMatchObject([{ code: 'not-whole' }])
  expect(errorsOf(() => setPath(market, 'months', 601))).toMatchObject([{ code: 'out-of-bounds' }])
})
