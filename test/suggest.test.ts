/** Misspelt names are recognised, and other names are not taken for misspellings. */
import { expect, test } from 'vitest'
import { didYouMean, suggest } from '../engine/suggest.ts'

const names = ['cash', 'marketing', 'marketingShare', 'nu', 'rdMix']

test.each([
  ['csh', 'cash'],
  ['cahs', 'cash'],
  ['Cash', 'cash'],
  ['marketin', 'marketing'],
  ['marketShare', 'marketingShare'],
  ['rdmix', 'rdMix'],
  ['NU', 'nu'],
])('%s is meant to be %s', (given, meant) => {
  expect(suggest(given, names)).toBe(meant)
})

test.each(['', 'x', 'N', 'price', 'money', 'nu0000'])('%s is not like any of the names', (given) => {
  expect(suggest(given, names)).toBeUndefined()
})

test('the hint lists the names where none is like the given one, unless they are many', () => {
  expect(didYouMean('price', names)).toBe('allowed: cash, marketing, marketingShare, nu, rdMix')
  expect(didYouMean('price', [])).toBe('nothing is allowed here')
  expect(didYouMean('q', Array(50).fill('something'))).toBe('none of the 50 allowed names is similar')
})
