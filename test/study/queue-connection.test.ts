import { describe, expect, test } from 'vitest'
import { RivalryError } from '../../engine/errors.ts'
import { connectToQueue, shownAddress } from '../../engine/study/queue/queue-connection.ts'
import { study, type StudyDefinition } from '../../engine/study/index.ts'
import { UnitStore } from '../../engine/study/units/unit-store.ts'
import { loadScenario } from '../../index.ts'
import { inFolder } from '../run/runs.ts'

const anyStudy: StudyDefinition = {
  name: 'any',
  title: 'any',
  seed: '1',
  record: 'outcomes',
  variants: [{ name: 'base', markets: [loadScenario('three-ways', { set: ['months=12'] })] }],
  structures: [{}],
  design: { kind: 'point' },
  replications: { first: 40, step: 40, most: 40, targets: [] },
  metrics: [{ name: 'profit', of: 'startups.freemium.profit', unit: 'EUR' }],
  discovery: [],
  annualRate: 0.1,
  resamples: 100,
}

describe('a queue that is not there', () => {
  // A port that nobody may listen on without being root, and nobody does.
  const address = 'redis://somebody:secret@127.0.0.1:1/3'

  test('ends a study before anything is computed, and its password is not shown', async () => {
    await inFolder(async (folder) => {
      const error: unknown = await study(anyStudy, { folder, queue: address }).result.catch(
        (caught: unknown) => caught,
      )
      expect(error).toBeInstanceOf(RivalryError)
      expect(error).toMatchObject({ code: 'queue-not-reachable' })
      const { message, hint } = error as RivalryError
      expect(message).toMatch(
        /^the queue at redis:\/\/127\.0\.0\.1:1\/3 cannot be reached: connect ECONNREFUSED/,
      )
      expect(hint).toContain('redis-server')
      expect(new UnitStore(folder).failures()).toEqual([])
    })
  })

  test('is looked for as long as is asked for, and not once its caller has gone', async () => {
    const fromMs = performance.now()
    await expect(connectToQueue(address, { searchMs: 300 })).rejects.toMatchObject({
      code: 'queue-not-reachable',
    })
    const ending = new AbortController()
    const search = connectToQueue(address, { signal: ending.signal })
    ending.abort(new Error('enough'))
    await expect(search).rejects.toThrow('enough')
    expect(performance.now() - fromMs).toBeLessThan(3000)
  })

  test('has an address that is checked, and shown without user and password', () => {
    expect(shownAddress('redis://me:secret@host:6379/2')).toBe('redis://host:6379/2')
    expect(shownAddress('rediss://:secret@host')).toBe('rediss://host')
    for (const wrong of ['host:6379', 'http://host', 'redis://', 'redis://me:secret@host:99999']) {
      expect(() => shownAddress(wrong)).toThrow(/not the address of a Redis server/)
      expect(() => shownAddress(wrong)).not.toThrow(/secret/)
    }
  })
})
