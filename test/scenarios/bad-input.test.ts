/**
 * Every kind of bad scenario is refused with its code, line, column, key, message and hint. The file is long
 * because it is mostly one table.
 */
import { describe, expect, test } from 'vitest'
import { parseScenario } from '../../scenarios/parse.ts'
import { errorsOf } from './errors.ts'

const segments = 'segments:\n  consumer:\n    kind: consumer\n'
const startups = 'startups:\n  free:\n    model: free-with-ads\n'
const good = segments + startups

interface Case {
  readonly fact: string
  readonly text: string
  readonly code: string
  readonly at: string
  readonly key: string
  readonly message: string | RegExp
  readonly hint?: string | RegExp
}

const cases: readonly Case[] = [
  {
    fact: 'an unknown key is refused with the nearest known one',
    text: `${segments}    potental: 5e6\n${startups}`,
    code: 'unknown-key',
    at: '4:5',
    key: 'segments.consumer.potental',
    message: "unknown key 'potental' in segments.consumer",
    hint: "did you mean 'potential'?",
  },
  {
    fact: 'a letter of the equations is translated into the long name',
    text: `${good}parameters:\n  kappa: 0.1\n`,
    code: 'unknown-key',
    at: '8:3',
    key: 'parameters.kappa',
    message: "unknown key 'kappa' in parameters",
    hint: "did you mean 'commitment'?",
  },
  {
    fact: 'text where a number belongs is refused',
    text: `${good}    cash: plenty\n`,
    code: 'wrong-type',
    at: '7:11',
    key: 'startups.free.cash',
    message: "cash of startups.free is 'plenty', not a number",
    hint: 'mean cash before month 0 [currency], from 0 to 1e13',
  },
  {
    fact: 'a number with commas is refused with the number to write',
    text: `${good}    cash: 5,000,000\n`,
    code: 'wrong-type',
    at: '7:11',
    key: 'startups.free.cash',
    message: "cash of startups.free is '5,000,000', not a number",
    hint: /write 5000000/,
  },
  {
    fact: 'a switch that is neither true nor false is refused',
    text: `${good}parameters:\n  startInBoom: yes\n`,
    code: 'wrong-type',
    at: '8:16',
    key: 'parameters.startInBoom',
    message: "startInBoom is 'yes', not true or false, or a number",
  },
  {
    fact: 'a list where a map belongs is refused',
    text: `${segments}startups: [free]\n`,
    code: 'wrong-type',
    at: '4:11',
    key: 'startups',
    message: 'startups is a list, not a map',
  },
  {
    fact: 'a startup without content is refused',
    text: `${good}  other:\n`,
    code: 'wrong-type',
    at: '7:9',
    key: 'startups.other',
    message: 'other of startups is null, not a map',
  },
  {
    fact: 'a negative population is refused',
    text: `${segments}    potential: -5\n${startups}`,
    code: 'out-of-bounds',
    at: '4:16',
    key: 'segments.consumer.potential',
    message: 'potential of segments.consumer is -5, below the least allowed, 1',
    hint: 'customers who could ever adopt, in month 0 [customers], from 1 to 1e10',
  },
  {
    fact: 'a population that outgrows exact counting is refused',
    text: `months: 600\n${segments}    potential: 1e9\n    growth: 0.5\n${startups}`,
    code: 'out-of-bounds',
    at: '6:13',
    key: 'segments.consumer.growth',
    message: 'consumer grows to 6.38e17 customers in 600 months',
  },
  {
    fact: 'a fraction of a month is refused',
    text: `${good}months: 12.5\n`,
    code: 'not-whole',
    at: '7:9',
    key: 'months',
    message: 'months is 12.5, not a whole number',
    hint: 'Length of the simulation [months], from 1 to 600',
  },
  {
    fact: 'a horizon beyond 600 months is refused',
    text: `${good}months: 601\n`,
    code: 'out-of-bounds',
    at: '7:9',
    key: 'months',
    message: 'months is 601, above the highest allowed, 600',
  },
  {
    fact: 'a term below one month is refused',
    text: `${good}    plans:\n      free:\n        term: 0\n`,
    code: 'out-of-bounds',
    at: '9:15',
    key: 'startups.free.plans.free.term',
    message: 'term of startups.free.plans.free is 0, below the least allowed, 1',
    hint: 'months prepaid at once [months], from 1 to 600',
  },
  {
    fact: 'needs that do not sum to one are refused',
    text: `${segments}    needs: [0.4, 0.1, 0.6]\n${startups}`,
    code: 'weights',
    at: '4:12',
    key: 'segments.consumer.needs',
    message: 'needs of segments.consumer sums to 1.1, not to 1',
  },
  {
    fact: 'an R&D mix that does not sum to one is refused',
    text: `${good}    rdMix: [0.5, 0.5, 0.5]\n`,
    code: 'weights',
    at: '7:12',
    key: 'startups.free.rdMix',
    message: 'rdMix of startups.free sums to 1.5, not to 1',
  },
  {
    fact: 'weights of customer types that do not sum to one are refused',
    text: `${good}types: { nodes: [-1, 0, 1], weights: [0.2, 0.6, 0.1] }\n`,
    code: 'weights',
    at: '7:38',
    key: 'types.weights',
    message: 'weights of types sums to 0.9, not to 1',
  },
  {
    fact: 'two weights where three belong are refused',
    text: `${segments}    needs: [0.5, 0.5]\n${startups}`,
    code: 'wrong-length',
    at: '4:12',
    key: 'segments.consumer.needs',
    message: 'needs of segments.consumer has 2 values, not 3',
  },
  {
    fact: 'a marketing split of zeros is refused',
    text: `${good}    split: { consumer: 0 }\n`,
    code: 'weights',
    at: '7:12',
    key: 'startups.free.split',
    message: 'split of startups.free sums to 0, so no segment gets any marketing',
  },
  {
    fact: 'a negative share of marketing is refused',
    text: `${good}    split: { consumer: -1 }\n`,
    code: 'out-of-bounds',
    at: '7:24',
    key: 'startups.free.split.consumer',
    message: 'consumer of startups.free.split is -1, below the least allowed, 0',
  },
  {
    fact: 'marketing to a segment that does not exist is refused',
    text: `${good}    split: { consumer: 1, consumers: 1 }\n`,
    code: 'unknown-segment',
    at: '7:27',
    key: 'startups.free.split.consumers',
    message: "there is no segment 'consumers'",
    hint: "did you mean 'consumer'?",
  },
  {
    fact: 'a plan offered to a segment that does not exist is refused',
    text: `${good}    plans:\n      free: { offeredTo: [consumer, smb] }\n`,
    code: 'unknown-segment',
    at: '8:37',
    key: 'startups.free.plans.free.offeredTo.1',
    message: "there is no segment 'smb'",
    hint: 'allowed: consumer',
  },
  {
    fact: 'a segment listed twice is refused',
    text: `${good}    plans:\n      free: { offeredTo: [consumer, consumer] }\n`,
    code: 'duplicate-name',
    at: '8:37',
    key: 'startups.free.plans.free.offeredTo.1',
    message: "segment 'consumer' is listed twice in startups.free.plans.free.offeredTo",
  },
  {
    fact: 'two startups of one name are refused',
    text: `${good}    name: Rival\n  paid:\n    model: subscription\n    name: Rival\n`,
    code: 'duplicate-name',
    at: '10:11',
    key: 'startups.paid.name',
    message: "'free' and 'paid' in startups have the same name, 'Rival'",
  },
  {
    fact: 'two plans of one name are refused',
    text: `${good}    plans:\n      free: { name: P }\n      extra: { name: P, offeredTo: [consumer] }\n`,
    code: 'duplicate-name',
    at: '9:22',
    key: 'startups.free.plans.extra.name',
    message: "'free' and 'extra' in startups.free.plans have the same name, 'P'",
  },
  {
    fact: 'an id that stands twice is refused',
    text: `${good}  free:\n    model: freemium\n`,
    code: 'duplicate-key',
    at: '7:3',
    key: 'startups.free',
    message: "key 'free' stands twice in startups, first in line 5",
  },
  {
    fact: 'an id that does not start with a letter is refused',
    text: `${good}  2nd:\n    model: freemium\n`,
    code: 'bad-id',
    at: '7:3',
    key: 'startups.2nd',
    message: "'2nd' cannot be an id",
  },
  {
    fact: 'an id that would reach into every object is refused',
    text: `${good}  __proto__:\n    model: freemium\n`,
    code: 'bad-id',
    at: '7:3',
    key: 'startups.__proto__',
    message: "'__proto__' cannot be a key",
  },
  {
    fact: 'a startup without a plan is refused',
    text: `${good}  idle:\n    cash: 1e6\n`,
    code: 'no-plan',
    at: '7:3',
    key: 'startups.idle',
    message: "startup 'idle' has no plan that any segment is offered",
    hint: 'name a model, or add one under plans: with offeredTo',
  },
  {
    fact: 'a startup whose model serves nobody here is refused',
    text: `${segments}startups:\n  api:\n    model: usage-priced-api\n`,
    code: 'no-plan',
    at: '5:3',
    key: 'startups.api',
    message: "startup 'api' has no plan that any segment is offered",
    hint: 'no segment is of a kind that usage-priced-api serves; add a plan with offeredTo',
  },
  {
    fact: 'a market without startups is refused',
    text: `${segments}startups: {}\n`,
    code: 'no-startup',
    at: '4:1',
    key: 'startups',
    message: 'the scenario has no startup',
  },
  {
    fact: 'a market without segments is refused',
    text: 'startups:\n  free: { plans: { p: { offeredTo: [] } } }\n',
    code: 'no-segment',
    at: '1:1',
    key: 'segments',
    message: 'the scenario has no segment',
  },
  {
    fact: 'a segment without a kind is refused',
    text: `segments:\n  consumer:\n    potential: 5\n${startups}`,
    code: 'missing-key',
    at: '2:3',
    key: 'segments.consumer.kind',
    message: 'kind is missing in segments.consumer',
    hint: 'one of consumer, smallBusiness, developer, enterprise',
  },
  {
    fact: 'a misspelt business model is refused with the nearest one',
    text: `${segments}startups:\n  free:\n    model: fremium\n`,
    code: 'unknown-model',
    at: '6:12',
    key: 'startups.free.model',
    message:
      /^model of startups\.free is 'fremium', not one of free-with-ads, free-with-services, freemium, /,
    hint: "did you mean 'freemium'?",
  },
  {
    fact: 'a new plan that looks like a misspelt one of the preset is refused with a guess',
    text: `${good}    plans:\n      fre: { cap: 60 }\n`,
    code: 'missing-key',
    at: '8:7',
    key: 'startups.free.plans.fre.offeredTo',
    message: 'offeredTo is missing in startups.free.plans.fre',
    hint: "did you mean 'free', a plan of free-with-ads?",
  },
  {
    fact: 'leaving out a plan that is not there is refused',
    text: `${good}    plans:\n      paid: false\n`,
    code: 'unknown-plan',
    at: '8:7',
    key: 'startups.free.plans.paid',
    message: "there is no plan 'paid' to leave out",
  },
  {
    fact: '.nan is refused',
    text: `${good}    cash: .nan\n`,
    code: 'not-finite',
    at: '7:11',
    key: 'startups.free.cash',
    message: 'cash of startups.free is .nan, not a finite number',
  },
  {
    fact: 'infinity is refused',
    text: `${good}    plans: { free: { cap: .inf } }\n`,
    code: 'not-finite',
    at: '7:27',
    key: 'startups.free.plans.free.cap',
    message: 'cap of startups.free.plans.free is .inf, not a finite number',
    hint: /null is no cap/,
  },
  {
    fact: 'a number too large for a float is refused',
    text: `${good}    cash: 1e999\n`,
    code: 'not-finite',
    at: '7:11',
    key: 'startups.free.cash',
    message: 'cash of startups.free is .inf, not a finite number',
  },
  {
    fact: 'a price above the ceiling is refused',
    text: `${good}    plans: { free: { price: 2e6 } }\n`,
    code: 'price-above-ceiling',
    at: '7:29',
    key: 'startups.free.plans.free.price',
    message: 'price of startups.free.plans.free is 2e6, above the ceiling of 1e6 a month',
    hint: 'at most 1e6, or raise parameters.priceCeiling',
  },
  {
    fact: 'sums that whole cents cannot hold are refused',
    text: `segments: { world: { kind: consumer, potential: 1e10 } }\n${startups}    plans: { free: { price: 1e6, term: 12 } }\n`,
    code: 'too-much-money',
    at: '5:20',
    key: 'startups.free.plans.free',
    message: 'startups.free.plans.free could take in 1.52e17 at once, more than can be booked in whole cents',
    hint: /books: exact/,
  },
  {
    fact: 'a plan that closes before it opens is refused',
    text: `${good}    plans: { free: { opens: 6, closes: 6 } }\n`,
    code: 'out-of-order',
    at: '7:40',
    key: 'startups.free.plans.free.closes',
    message: 'startups.free.plans.free closes in month 6, and opens in month 6',
  },
  {
    fact: 'parameters in the wrong order are refused',
    text: `${good}parameters: { marginLow: 0.9, marginHigh: 0.7 }\n`,
    code: 'out-of-order',
    at: '7:26',
    key: 'parameters.marginLow',
    message: 'marginLow is 0.9, above marginHigh, 0.7',
  },
  {
    fact: 'a take rate above what strategies may choose is refused',
    text: `${good}    takeRate: 0.6\n`,
    code: 'out-of-bounds',
    at: '7:15',
    key: 'startups.free.takeRate',
    message: 'takeRate of startups.free is 0.6, above takeRateHigh',
    hint: 'at most 0.5, or raise parameters.takeRateHigh',
  },
  {
    fact: 'a currency that is no code is refused',
    text: `${good}currency: euro\n`,
    code: 'wrong-format',
    at: '7:11',
    key: 'currency',
    message: "currency is 'euro', which has the wrong form",
  },
  {
    fact: 'an empty file is refused',
    text: '',
    code: 'empty-scenario',
    at: '1:1',
    key: '',
    message: 'the scenario is empty',
    hint: 'a scenario needs at least segments: and startups:',
  },
  {
    fact: 'a file of comments is empty',
    text: '# nothing\n# here\n',
    code: 'empty-scenario',
    at: '1:1',
    key: '',
    message: 'the scenario is empty',
  },
  {
    fact: 'a file that is not a map is refused',
    text: '- a\n- b\n',
    code: 'wrong-type',
    at: '1:1',
    key: '',
    message: 'the scenario is a list, not a map',
  },
  {
    fact: 'broken YAML is refused where it breaks',
    text: 'segments:\n  consumer: [1, 2\nstartups: {}\n',
    code: 'yaml-syntax',
    at: '3:1',
    key: '',
    message: /^flow sequence/,
  },
  {
    fact: 'a tab as indentation is refused',
    text: 'segments:\n\tconsumer: {}\n',
    code: 'yaml-syntax',
    at: '2:1',
    key: '',
    message: /^tabs are not allowed as indentation/,
  },
  {
    fact: 'a YAML tag is refused',
    text: `${good}title: !secret x\n`,
    code: 'yaml-syntax',
    at: '7:8',
    key: '',
    message: 'unresolved tag: !secret',
  },
  {
    fact: 'a second document is refused',
    text: `${good}---\n${good}`,
    code: 'yaml-syntax',
    at: '7:1',
    key: '',
    message: 'the file holds more than one document',
  },
  {
    fact: 'an alias of itself is refused',
    text: 'segments: &s\n  a: *s\n',
    code: 'yaml-syntax',
    at: '2:6',
    key: 'segments.a',
    message: 'alias *s names nothing written before it',
  },
  {
    fact: 'a key that is not a word is refused',
    text: `${good}? [a, b]\n: 1\n`,
    code: 'bad-key',
    at: '7:3',
    key: '',
    message: 'a key must be a plain word',
  },
  {
    fact: 'a NUL byte is refused where it stands',
    text: 'segments:\n  a\0b: 1\n',
    code: 'not-text',
    at: '2:4',
    key: '',
    message: 'the scenario is not UTF-8 text',
  },
]

describe('a bad scenario', () => {
  test.each(cases)('$fact', ({ text, code, at, key, message, hint }) => {
    const [error, ...others] = errorsOf(() => parseScenario(text, { file: 'market.yaml' })).filter(
      (found) => found.code === code,
    )
    expect(error).toMatchObject({ code, at, key })
    expect(error!.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
    if (hint !== undefined)
      expect(error!.hint).toEqual(typeof hint === 'string' ? hint : expect.stringMatching(hint))
    expect(others).toEqual([])
  })

  test.each(cases.filter(({ code }) => code !== 'no-segment'))(
    '$fact, and nothing else is reported',
    ({ text }) => {
      expect(errorsOf(() => parseScenario(text))).toHaveLength(1)
    },
  )
})

test('the scenario that the bad ones start from is good', () => {
  expect(parseScenario(good).startups.map(({ id }) => id)).toEqual(['free'])
})

test('a bomb of aliases is refused at the alias that sets it off, within a second', () => {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x]']
  for (let i = 1; i < 12; i++) {
    const below = String.fromCharCode(96 + i)
    lines.push(
      `${String.fromCharCode(97 + i)}: &${String.fromCharCode(97 + i)} [${Array(9).fill(`*${below}`).join(', ')}]`,
    )
  }
  const start = performance.now()
  const errors = errorsOf(() => parseScenario(lines.join('\n')))
  // It takes milliseconds; expanded, it would be 9^12 values, which no machine holds.
  expect(performance.now() - start).toBeLessThan(1000)
  expect(errors).toEqual([
    {
      code: 'too-many-aliases',
      at: '5:8',
      key: 'e.0',
      message: 'aliases expand to more than 10000 values',
      hint: 'write the values out',
    },
  ])
})

test('text nested without end is refused', () => {
  expect(errorsOf(() => parseScenario('['.repeat(50_000)))[0]).toMatchObject({
    code: 'yaml-syntax',
    message: 'nested too deeply to be read',
  })
  const deep = `${'{a: '.repeat(30)}1${'}'.repeat(30)}`
  expect(errorsOf(() => parseScenario(deep))).toMatchObject([{ code: 'too-deep', at: '1:85' }])
})

test('mistakes of every kind are reported together, in the order of the file, those of settings last', () => {
  const text = `months: 0
segments:
  consumer:
    kind: consumer
    potential: -1
    needs: [0.4, 0.1, 0.6]
    colour: red
startups:
  free:
    model: free-with-ads
    split: { smb: 1 }
  free:
    model: freemium
  rich:
    plans: { gold: { price: 2e6, offeredTo: [consumer] } }
`
  const errors = errorsOf(() => parseScenario(text, { set: ['startups.free.csh=1'] }))
  expect(errors.map(({ code, at }) => `${at} ${code}`)).toEqual([
    '1:9 out-of-bounds',
    '5:16 out-of-bounds',
    '6:12 weights',
    '7:5 unknown-key',
    '11:14 unknown-segment',
    '12:3 duplicate-key',
    '15:29 price-above-ceiling',
    ' unknown-key',
  ])
})

test('a mistake does not hide others, nor bring up mistakes that follow from it', () => {
  const text = `segments:
  consumer: { kind: consumr, potential: 0 }
startups:
  a: { model: fremium, cash: -1, plans: { free: { cap: 60 } } }
  b: { model: subscription, rdMix: [1, 1, 1] }
`
  const errors = errorsOf(() => parseScenario(text))
  expect(errors.map(({ code, key }) => `${code} ${key}`)).toEqual([
    'unknown-option segments.consumer.kind',
    'out-of-bounds segments.consumer.potential',
    'unknown-model startups.a.model',
    'out-of-bounds startups.a.cash',
    'weights startups.b.rdMix',
  ])
})
