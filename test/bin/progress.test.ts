import { describe, expect, test } from 'vitest'
import { ProgressDisplay, duration } from '../../bin/progress.ts'

/** Shows progress at given seconds on a stream that keeps what is written. */
function shown(isTTY: boolean, moments: readonly (readonly [second: number, done: number])[]): string[] {
  const written: string[] = []
  let nowMs = 0
  const display = new ProgressDisplay(
    { isTTY, columns: 80, write: (text) => written.push(text) },
    () => nowMs,
  )
  for (const [second, done] of moments) {
    nowMs = second * 1000
    display.update({ done, total: 1000 })
  }
  display.end()
  return written
}

describe('progress', () => {
  test('is not shown for runs of less than two seconds', () => {
    expect(
      shown(true, [
        [0.5, 300],
        [1.9, 1000],
      ]),
    ).toEqual([])
    expect(
      shown(false, [
        [0.5, 300],
        [1.9, 1000],
      ]),
    ).toEqual([])
  })

  test('is a bar with rate and time left on a terminal, and goes away', () => {
    expect(
      shown(true, [
        [1, 100],
        [3, 300],
        [3.05, 310],
        [4, 400],
      ]),
    ).toEqual([
      '\r[######..............]  30%  300 of 1000, 100 a second, 7 s left\u001b[K',
      '\r[########............]  40%  400 of 1000, 100 a second, 6 s left\u001b[K',
      '\r\u001b[K',
    ])
  })

  test('is a line now and then where there is no terminal', () => {
    expect(
      shown(false, [
        [1, 100],
        [3, 300],
        [4, 400],
        [12, 500],
        [13.1, 600],
      ]),
    ).toEqual([
      ' 30%  300 of 1000, 100 a second, 7 s left\n',
      ' 60%  600 of 1000, 41.3 a second, 10 s left\n',
    ])
  })

  test('says durations as people do', () => {
    expect([0.2, 59, 60, 200, 3600, 7500].map(duration)).toEqual([
      '1 s',
      '59 s',
      '1 min 0 s',
      '3 min 20 s',
      '1 h 0 min',
      '2 h 5 min',
    ])
  })
})
