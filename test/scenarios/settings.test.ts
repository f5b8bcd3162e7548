/** Settings given beside a scenario override it, and are held to the same rules. */
import { expect, test } from 'vitest'
import { loadScenario } from '../../scenarios/load.ts'
import { parseScenario } from '../../scenarios/parse.ts'
import { errorsOf } from './errors.ts'

const text = `segments:
  consumer: { kind: consumer }
startups:
  freemium: { model: freemium, strategy: undercut, rdMix: [0.2, 0.3, 0.5] }
  own: { plans: { only: { offeredTo: [consumer] } } }
`
const set = (...settings: string[]) => parseScenario(text, { set: settings })
const errors = (...settings: string[]) => errorsOf(() => set(...settings))

test('settings override figures of the market, its parameters, segments, startups and plans', () => {
  const market = set(
    'months=12',
    'segments.consumer.nu=4',
    'parameters.revenuePerThousandAds=23.1',
    'startups.freemium.cash=20e6',
    'startups.freemium.plans.free.cap=300',
    'startups.own.plans.only.price=1_000',
  )
  expect(market.months).toBe(12)
  expect(market.segments[0]!.nu).toBe(4)
  expect(market.parameters.revenuePerThousandAds).toBe(23.1)
  expect(market.startups[0]!.cash).toBe(20e6)
  expect(market.startups[0]!.plans[0]).toMatchObject({ id: 'free', cap: 300, qualityShare: 0.75 })
  expect(market.startups[1]!.plans[0]!.price).toBe(1000)
})

test('settings take any YAML value', () => {
  const market = set(
    'title=My market = yours',
    'parameters.startInBoom=false',
    'startups.freemium.plans.free.cap=null',
    'startups.freemium.rdMix=[0.5, 0.25, 0.25]',
    'startups.freemium.plans.personal=false',
    'startups.own.strategy={ name: patient, settings: { months: 6 } }',
  )
  expect(market.title).toBe('My market = yours')
  expect(market.parameters.startInBoom).toBe(0)
  expect(market.startups[0]!.plans.map(({ id, cap }) => [id, cap])).toEqual([['free', null]])
  expect(market.startups[0]!.rdMix).toEqual([0.5, 0.25, 0.25])
  expect(market.startups[1]!.strategy).toEqual({ name: 'patient', settings: { months: 6 } })
})

test('settings can swap a business model and a strategy, and set what the strategy reads', () => {
  const market = set('startups.own.model=free-with-ads', 'startups.freemium.strategy.settings.step=0.1')
  expect(market.startups[1]!.plans.map(({ id }) => id)).toEqual(['free', 'only'])
  expect(market.startups[0]!.strategy).toEqual({ name: 'undercut', settings: { step: 0.1 } })
})

test('settings reach single values of a written list', () => {
  expect(set('startups.freemium.rdMix.0=0.3', 'startups.freemium.rdMix.1=0.2').startups[0]!.rdMix).toEqual([
    0.3, 0.2, 0.5,
  ])
})

test('of two settings of one path the last one counts', () => {
  expect(set('months=12', 'months=24').months).toBe(24)
})

test('settings change nothing else', () => {
  const base = loadScenario('large-model-market')
  const changed = loadScenario('large-model-market', { set: ['startups.free-ads.cash=20e6'] })
  const startups = base.startups.map((startup) =>
    startup.id === 'free-ads' ? { ...startup, cash: 20e6 } : startup,
  )
  expect(changed).toEqual({ ...base, startups })
})

test.each([
  [
    'startups.fremium.cash=1',
    'unknown-startup',
    "there is no startup 'fremium' to set",
    "did you mean 'freemium'?",
  ],
  ['segments.smb.nu=1', 'unknown-segment', "there is no segment 'smb' to set", 'allowed: consumer'],
  [
    'startups.freemium.plans.fre.cap=1',
    'unknown-plan',
    "there is no plan 'fre' to set",
    "did you mean 'free'?",
  ],
  [
    'startups.freemium.csh=1',
    'unknown-key',
    "unknown key 'csh' in startups.freemium",
    "did you mean 'cash'?",
  ],
  ['parameters.nets=1', 'unknown-key', "unknown key 'nets' in parameters", "did you mean 'nest'?"],
  ['month=1', 'unknown-key', "unknown key 'month' in the scenario", "did you mean 'months'?"],
  [
    'parameter.nest=1',
    'unknown-key',
    "unknown key 'parameter' in the scenario",
    "did you mean 'parameters'?",
  ],
  ['months.long=1', 'wrong-type', 'months is a map, not a number', /from 1 to 600/],
  ['startups.own.rdMix.0=1', 'unknown-path', 'startups.own.rdMix is not written as a list', /as a whole/],
  [
    'startups.freemium.rdMix.3=1',
    'unknown-path',
    "startups.freemium.rdMix is a list without '3'",
    /as a whole/,
  ],
  [
    'startups.freemium.model.name=x',
    'unknown-path',
    "startups.freemium.model is 'freemium' without 'name'",
    /whole/,
  ],
  ['startups.freemium.cash=lots', 'wrong-type', "cash of startups.freemium is 'lots', not a number", /1e13/],
  ['startups.freemium.cash=-1', 'out-of-bounds', /^cash of startups.freemium is -1, below/, /1e13/],
  [
    'startups.freemium.cash=.inf',
    'not-finite',
    'cash of startups.freemium is .inf, not a finite number',
    /1e13/,
  ],
  [
    'startups.freemium.plans.free.price=2e6',
    'price-above-ceiling',
    /above the ceiling of 1e6/,
    /priceCeiling/,
  ],
  ['startups.freemium.rdMix.0=0.9', 'weights', 'rdMix of startups.freemium sums to 1.7, not to 1', /one/],
  ['months', 'bad-setting', "setting 'months' has no '='", /path=value/],
  ['=12', 'bad-setting', "setting '=12' has no path before '='", /path=value/],
  ['startups..cash=1', 'bad-setting', "setting 'startups..cash=1' has no path before '='", /path=value/],
  ['months=[12', 'bad-setting', /^value of setting 'months=\[12' is not YAML/, /path=value/],
  ['startups.own.split.__proto__=1', 'bad-setting', /names '__proto__', which cannot be a key/, /path=value/],
])('%s is refused as %s', (setting, code, message, hint) => {
  expect(errors(setting)).toEqual([
    {
      code,
      at: '',
      key: `--set ${setting}`,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      hint: typeof hint === 'string' ? hint : expect.stringMatching(hint),
    },
  ])
})

test('all bad settings are reported together', () => {
  expect(
    errors('months=0', 'startups.x.cash=1', 'nothing')
      .map(({ code }) => code)
      .sort(),
  ).toEqual(['bad-setting', 'out-of-bounds', 'unknown-startup'])
})
