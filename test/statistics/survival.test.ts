import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type Duration,
  type SurvivalScale,
  exitsOf,
  kaplanMeier,
  monthlyExits,
  stepAt,
} from '../../engine/statistics/index.ts'
import { placebo, placeboSteps, treated, treatedSteps } from './remission.ts'

const SCALES: readonly SurvivalScale[] = ['plain', 'log', 'log-log']

describe('survival by Kaplan and Meier', () => {
  test.each([
    ['6-mercaptopurine', treated, treatedSteps],
    ['placebo', placebo, placeboSteps],
  ])('under %s is the known one', (_, durations, known) => {
    for (const scale of SCALES) {
      const { steps, count } = kaplanMeier(exitsOf(durations), { scale })
      const atEvents = steps.filter(({ events }) => events > 0)
      expect(count).toBe(21)
      expect(atEvents.map(({ time, atRisk, events }) => [time, atRisk, events])).toEqual(
        known.map(({ time, atRisk, events }) => [time, atRisk, events]),
      )
      atEvents.forEach(({ survival, standardError, low, high }, i) => {
        const step = known[i]!
        expect(Math.abs(survival - step.survival)).toBeLessThan(1e-10)
        if (step.standardError === null) {
          expect([standardError, low, high]).toEqual([null, null, null])
          return
        }
        expect(Math.abs(standardError! - step.standardError)).toBeLessThan(1e-10)
        expect(Math.abs(low! - step[scale]![0])).toBeLessThan(1e-10)
        expect(Math.abs(high! - step[scale]![1])).toBeLessThan(1e-10)
      })
    }
  })

  test('has the known medians', () => {
    // SAS proc lifetest gives [13, .] and [4, 11] with its log-log intervals, R's survfit [16, NA] and [4, 12] with log.
    expect(kaplanMeier(exitsOf(treated)).median).toEqual({ estimate: 23, low: 13, high: null })
    expect(kaplanMeier(exitsOf(placebo)).median).toEqual({ estimate: 8, low: 4, high: 11 })
    expect(kaplanMeier(exitsOf(treated), { scale: 'log' }).median).toEqual({
      estimate: 23,
      low: 16,
      high: null,
    })
    expect(kaplanMeier(exitsOf(placebo), { scale: 'log' }).median).toEqual({ estimate: 8, low: 4, high: 12 })
  })

  test('keeps those last seen at the time of an event among those at risk of it', () => {
    const [step] = kaplanMeier([{ time: 6, events: 3, censored: 1 }]).steps
    expect(step).toMatchObject({ atRisk: 4, survival: 0.25 })
  })

  test('is the same from months and from single durations', () => {
    const counts = (event: boolean): number[] =>
      Array.from(
        { length: 36 },
        (_, month) => treated.filter((d) => d.time === month && d.event === event).length,
      )
    const months = monthlyExits({ exits: counts(true), censored: counts(false) })
    expect(months).toEqual(exitsOf(treated))
    expect(exitsOf(treated.toReversed())).toEqual(months)
  })

  const durations = fc.array(fc.record({ time: fc.integer({ min: 0, max: 30 }), event: fc.boolean() }), {
    minLength: 1,
    maxLength: 60,
  })

  property.prop([durations])('without censoring is the share that lasts longer', (list) => {
    const all = list.map(({ time }): Duration => ({ time, event: true }))
    const { steps, median } = kaplanMeier(exitsOf(all))
    for (const { time, survival, standardError } of steps) {
      const share = all.filter((other) => other.time > time).length / all.length
      // Up to 31 factors, and Greenwood's variance is then that of a share.
      expect(Math.abs(survival - share)).toBeLessThan(1e-14)
      if (share > 0)
        expect(Math.abs(standardError! - Math.sqrt((share * (1 - share)) / all.length))).toBeLessThan(1e-14)
    }
    // The lower median, exactly where one half is left too.
    expect(median.estimate).toBe(
      all.map(({ time }) => time).sort((a, b) => a - b)[Math.ceil(all.length / 2) - 1],
    )
  })

  property.prop([durations, fc.constantFrom(...SCALES), fc.double({ min: 0.5, max: 0.99, noNaN: true })])(
    'falls, within intervals in [0, 1] around it',
    (list, scale, confidence) => {
      const { steps, count } = kaplanMeier(exitsOf(list), { scale, confidence })
      let before = 1
      let left = count
      for (const { atRisk, events, censored, survival, low, high } of steps) {
        expect(atRisk).toBe(left)
        left -= events + censored
        expect(survival).toBeLessThanOrEqual(before)
        before = survival
        if (survival === 0) continue
        expect(low!).toBeGreaterThanOrEqual(0)
        expect(low!).toBeLessThanOrEqual(survival)
        expect(high!).toBeGreaterThanOrEqual(survival)
        expect(high!).toBeLessThanOrEqual(1)
      }
      expect(left).toBe(0)
    },
  )

  test('holds from one step to the next', () => {
    const curve = kaplanMeier(exitsOf(treated))
    expect(stepAt(curve, 5.9)).toBeNull()
    expect(stepAt(curve, 6)?.time).toBe(6)
    expect(stepAt(curve, 8.5)?.time).toBe(7)
    expect(stepAt(curve, 99)?.time).toBe(35)
  })

  test('of nothing has no steps, and of nobody who left no error', () => {
    expect(kaplanMeier([])).toMatchObject({ count: 0, steps: [], median: { estimate: null } })
    const [step] = kaplanMeier([{ time: 12, events: 0, censored: 5 }]).steps
    expect(step).toMatchObject({ survival: 1, standardError: 0, low: 1, high: 1 })
  })

  test('refuses times that do not ascend and parts of things', () => {
    const step = { time: 3, events: 1, censored: 0 }
    expect(() => kaplanMeier([step, step])).toThrow('times are finite and ascend')
    expect(() => kaplanMeier([{ ...step, events: 0.5 }])).toThrow('exits are counted in whole numbers')
    expect(() => monthlyExits({ exits: [1], censored: [] })).toThrow('are of the same months')
  })
})
