import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { coresOfQuota, usableCores } from '../../engine/run/cores.ts'

test.each([
  ['max 100000', Infinity],
  ['-1\n 100000\n', Infinity],
  ['200000 100000', 2],
  ['150000 100000', 2],
  ['20000 100000', 1],
  ['', Infinity],
])('a quota of %j allows %d threads', (text, cores) => {
  expect(coresOfQuota(text)).toBe(cores)
})

test('at least one core can be used, and no more than there are', () => {
  expect(usableCores()).toBeGreaterThanOrEqual(1)
  expect(usableCores()).toBeLessThanOrEqual(availableParallelism())
})
