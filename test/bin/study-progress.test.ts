import { describe, expect, test } from 'vitest'
import { StudyProgressDisplay } from '../../bin/study-progress.ts'
import type { StudyDefinition } from '../../engine/study/definition.ts'
import type { StudyProgress } from '../../engine/study/study-options.ts'

/** Shows progress at given seconds where there is no terminal. */
function shown(
  moments: readonly (readonly [second: number, progress: Partial<StudyProgress> & { done: number }])[],
  { targets = [] as StudyDefinition['replications']['targets'] } = {},
): string[] {
  const written: string[] = []
  let nowMs = 0
  const display = new StudyProgressDisplay(
    { replications: { first: 100, step: 100, most: 200, targets } } as unknown as StudyDefinition,
    { stream: { write: (text) => written.push(text) }, now: () => nowMs },
  )
  for (const [second, { done, ...progress }] of moments) {
    nowMs = second * 1000
    display.update({
      look: 0,
      units: { done, total: 100 },
      found: 0,
      failed: 0,
      replications: 1000 * done,
      ...progress,
    })
  }
  display.end()
  return written
}

describe('progress of a study', () => {
  test('counts units, replications a second, and the time left', () => {
    expect(
      shown([
        [1, { done: 10 }],
        [3, { done: 30 }],
      ]),
    ).toEqual([' 30%  30 of 100 units, 10000 replications a second, 7 s left\n'])
  })

  test('says that further looks may follow, whose number nobody knows', () => {
    expect(
      shown(
        [
          [1, { done: 10, look: 1 }],
          [3, { done: 30, look: 1 }],
        ],
        { targets: [{ metric: 'alive', halfWidth: 0.1 }] },
      ),
    ).toEqual([
      ' 30%  30 of 100 units, look 2, 10000 replications a second, 7 s left of this look; more may follow\n',
    ])
  })

  test('says once what was found, and leaves it out of the rate', () => {
    expect(
      shown([
        [0.1, { done: 1, found: 50 }],
        [0.2, { done: 50, found: 50 }],
        [10.2, { done: 60, found: 50 }],
      ]),
    ).toEqual([
      'found 50 units done before\n',
      ' 60%  60 of 100 units, 1000 replications a second, 40 s left\n',
    ])
  })

  test('says how many units failed', () => {
    expect(shown([[3, { done: 30, failed: 2 }]])).toEqual([' 30%  30 of 100 units, 2 failed\n'])
  })
})
