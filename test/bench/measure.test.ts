/** Owns the check of how benchmarks measure: turns, medians, ratios within rounds and what a report tells. */

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'

import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'

import {
  type Contender,
  type Timing,
  measureInterleaved,
  median,
  ratioWithinRounds,
  startStopwatch,
  writeReport,
} from '../../bench/measure.ts'

/** A contender that takes the given seconds, one after the other, for 1000 agent-steps. */
function scripted(name: string, seconds: readonly number[], log: string[] = []): Contender<null> {
  let run = 0
  return {
    name,
    async run(): Promise<Timing> {
      log.push(name)
      const cpuSeconds = seconds[run++]!
      return { agentSteps: 1000, cpuSeconds, wallSeconds: cpuSeconds * 2 }
    },
  }
}

describe('interleaved measuring', () => {
  it('lets contenders take turns in the order given', async () => {
    const log: string[] = []
    const contenders = ['a', 'b', 'c'].map((name) => scripted(name, [1, 1, 1], log))
    await measureInterleaved(contenders, { label: 'turns', rounds: 3, options: null })
    expect(log.join('')).toBe('abcabcabc')
  })

  it('reports the median, lowest and highest rate', async () => {
    const { entries } = await measureInterleaved([scripted('a', [1, 4, 2])], {
      label: 'rates',
      rounds: 3,
      options: null,
    })
    expect(entries[0]).toMatchObject({
      medianPerCpuSecond: 500,
      lowestPerCpuSecond: 250,
      highestPerCpuSecond: 1000,
      medianPerWallSecond: 250,
      ratioToBaseline: 1,
    })
  })

  it('takes ratios within a round, so that a slow round of the machine cancels', async () => {
    const fast = scripted('fast', [1, 10, 2])
    const slow = scripted('slow', [4, 40, 8])
    const comparison = await measureInterleaved([fast, slow], {
      label: 'ratio',
      rounds: 3,
      options: null,
      baseline: 'slow',
    })
    expect(comparison.entries.map((entry) => entry.ratioToBaseline)).toEqual([4, 1])
    expect(ratioWithinRounds(comparison, 'slow', 'fast')).toBe(0.25)
    expect(() => ratioWithinRounds(comparison, 'slow', 'absent')).toThrow(/both sides of a ratio/)
  })

  it('hands the result and the options to the check and stops when it throws', async () => {
    const log: string[] = []
    const contenders = [scripted('right', [1, 1], log), scripted('wrong', [1, 1], log)]
    const measured = measureInterleaved(contenders, {
      label: 'check',
      rounds: 2,
      options: null,
      check: (result, options, name) => {
        expect(result.agentSteps).toBe(1000)
        expect(options).toBeNull()
        if (name === 'wrong') throw new Error('wrong totals')
      },
    })
    await expect(measured).rejects.toThrow('wrong totals')
    expect(log).toEqual(['right', 'wrong'])
  })

  it('refuses two contenders of one name, no contender and no round', async () => {
    const options = { label: 'refused', rounds: 1, options: null }
    await expect(measureInterleaved([scripted('a', [1]), scripted('a', [1])], options)).rejects.toThrow(
      /names/,
    )
    await expect(measureInterleaved([], options)).rejects.toThrow(/at least one contender/)
    await expect(measureInterleaved([scripted('a', [1])], { ...options, rounds: 0 })).rejects.toThrow(/round/)
  })
})

test.prop([fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 })])(
  'a median has as many values at or below it as at or above it',
  (values) => {
    const middle = median(values)
    const half = values.length / 2
    expect(values.filter((value) => value <= middle).length).toBeGreaterThanOrEqual(half)
    expect(values.filter((value) => value >= middle).length).toBeGreaterThanOrEqual(half)
  },
)

it('a stopwatch counts waiting as wall time and not as CPU time', async () => {
  const read = startStopwatch()
  await new Promise((resolve) => setTimeout(resolve, 300))
  const { wallSeconds, cpuSeconds } = read()
  // Timers may fire a millisecond early.
  expect(wallSeconds).toBeGreaterThanOrEqual(0.298)
  expect(cpuSeconds).toBeLessThan(wallSeconds)
})

it('a report describes the machine without naming it', async () => {
  const folder = await mkdtemp(join(os.tmpdir(), 'rivalry-bench-'))
  try {
    const file = join(folder, 'deeper', 'report.json')
    const skipped = [{ name: 'absent', reason: 'not installed' }]
    const comparison = await measureInterleaved([scripted('a', [1])], {
      label: 'one',
      rounds: 1,
      options: null,
    })
    const report = await writeReport(file, { comparisons: [comparison], skipped })
    const text = await readFile(file, 'utf8')
    expect(JSON.parse(text)).toEqual(report)
    expect(report.machine.coreCount).toBeGreaterThan(0)
    expect(report.machine.node).toBe(process.versions.node)
    expect(text).not.toContain(os.hostname())
    expect(text).not.toContain(os.homedir())
    expect(text).not.toContain(process.cwd())
  } finally {
    await rm(folder, { recursive: true })
  }
})
