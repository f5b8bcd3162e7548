import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { digestsOf, manifestOf } from '../run/runs.ts'
import { goldenRuns } from './runs.ts'

const committed = JSON.parse(readFileSync(new URL('digests.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, string>
>

test.each(Object.keys(goldenRuns))('%s leaves the files whose digests are committed (npm run golden renews them)', async (name) => {
  expect(digestsOf(await manifestOf(goldenRuns[name]!))).toEqual(committed[name])
})

test('no digest is of a run that is not made', () => {
  expect(Object.keys(committed)).toEqual(Object.keys(goldenRuns))
})
