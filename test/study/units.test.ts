/** How a study is cut into units: every replication once, in order, whoever asks, under names that say what is inside. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StudyDefinition } from '../../engine/study/index.ts'
import { StudyPoints } from '../../engine/study/points.ts'
import { replicationBytes } from '../../engine/simulation/batch.ts'
import { UnitPlan, luckOffset, type Look, type Unit } from '../../engine/study/units/units.ts'
import { onePoint, smallMarket, stopping, structural } from './study-definitions.ts'

const market = smallMarket()
const LANES = 4
/** Startup-months: what a unit takes at least and at most, where more than one is needed. */
const [LEAST, MOST] = [2 ** 17, 2 ** 22]
/** Bytes of a unit's rows. */
const MOST_BYTES = 16 * 2 ** 20

/** A study of so many points without anything in it. */
function studyOf({
  points,
  months = market.months,
  replications,
}: {
  points: number
  months?: number
  replications: StudyDefinition['replications']
}): StudyDefinition {
  return {
    ...onePoint,
    variants: [{ name: 'base', markets: [{ ...market, months }] }],
    design: {
      kind: 'list',
      points: Array.from({ length: points }, (_, i) => ({ 'parameters.computePrice': i })),
    },
    replications,
  }
}

const planOf = (definition: StudyDefinition): UnitPlan =>
  new UnitPlan(definition, new StudyPoints(definition))

const firstLook = (definition: StudyDefinition): Unit[] => {
  const { count } = new StudyPoints(definition)
  const points = Array.from({ length: count }, (_, i) => i)
  return planOf(definition).units({ number: 0, points, first: 0, count: definition.replications.first }, 0)
}

const anyStudy = fc.record({
  points: fc.integer({ min: 1, max: 60 }),
  months: fc.constantFrom(1, 24, 96, 600),
  first: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 40_000 })),
  step: fc.integer({ min: 1, max: 5000 }),
  done: fc.integer({ min: 0, max: 100_000 }),
  ordinal: fc.integer({ min: 0, max: 1000 }),
  asked: fc.infiniteStream(fc.boolean()),
})

describe('the units of a look', () => {
  test('hold every replication of every point that is asked for once, in order, and no others', () => {
    fc.assert(
      fc.property(anyStudy, ({ points, months, first, step, done, ordinal, asked }) => {
        const definition = studyOf({
          points,
          months,
          replications: { first, step, most: 1e6, targets: [] },
        })
        const chosen = Array.from({ length: points }, (_, i) => i).filter(
          (i) => i === 0 || asked.next().value === true,
        )
        const look: Look = { number: 1, points: chosen, first: done, count: step }
        const units = planOf(definition).units(look, ordinal)
        const next = new Map(chosen.map((point) => [point, done]))
        let before = -1
        for (const [i, unit] of units.entries()) {
          expect(unit.ordinal).toBe(ordinal + i)
          expect(unit.count).toBeGreaterThan(0)
          for (const point of unit.points) {
            expect(point).toBeGreaterThanOrEqual(before)
            before = point
            expect(unit.first).toBe(next.get(point))
            next.set(point, unit.first + unit.count)
          }
          // No replication of a batch is computed in vain, but in the last part of a point.
          const isLast = unit.first + unit.count === done + step
          expect(isLast || unit.count % LANES === 0).toBe(true)
        }
        expect([...next.values()]).toEqual(chosen.map(() => done + step))
        expect(new Set(units.map(({ id }) => id)).size).toBe(units.length)
        expect(units.every(({ id }) => /^[0-9a-f]{64}$/.test(id))).toBe(true)
        // The same plan, made again.
        expect(planOf(definition).units(look, ordinal)).toEqual(units)
      }),
      { numRuns: 60 },
    )
  })

  test('are of some seconds at most, and no more of them than keep many workers busy', () => {
    fc.assert(
      fc.property(anyStudy, ({ points, months, first }) => {
        const replications = { first, step: first, most: first, targets: [] }
        // Rows of metrics only: they take too little memory to matter.
        const definition: StudyDefinition = {
          ...studyOf({ points, months, replications }),
          record: 'outcomes',
        }
        const units = firstLook(definition)
        const work = months * market.startups.length
        for (const unit of units)
          expect(unit.count * unit.points.length * work).toBeLessThanOrEqual(Math.max(MOST, LANES * work))
        const total = work * points * first
        // Twice, and one for each point: parts of a point are about equal, and hold whole lanes.
        const wanted = Math.max(64, Math.ceil(total / MOST), points)
        expect(units.length).toBeLessThanOrEqual(2 * wanted)
        if (total < LEAST) expect(units.length).toBe(1)
      }),
      { numRuns: 60 },
    )
  })

  test('have no more rows than memory is meant for, however many months are recorded', () => {
    const replications = { first: 40_000, step: 1, most: 40_000, targets: [] }
    const definition: StudyDefinition = { ...studyOf({ points: 2, replications }), record: 'months' }
    const units = firstLook(definition)
    const bytes = replicationBytes(market, 'months')
    expect(Math.max(...units.map(({ count }) => count)) * bytes).toBeLessThanOrEqual(MOST_BYTES)
    // Nor many fewer: a file for each unit costs something.
    expect(Math.min(...units.map(({ count }) => count)) * bytes).toBeGreaterThan(MOST_BYTES / 2)
  })
})

describe('the name of a unit', () => {
  const namesOf = (definition: StudyDefinition): string[] => firstLook(definition).map(({ id }) => id)
  const names = namesOf(stopping)

  test.each<[string, Partial<StudyDefinition>]>([
    ['the title', { title: 'another', description: 'new' }],
    ['the name', { name: 'another' }],
    ['the targets', { replications: { ...stopping.replications, targets: [] } }],
    ['the most replications', { replications: { ...stopping.replications, most: 9999 } }],
    ['the resamples', { resamples: 7 }],
    ['the questions', { discovery: [] }],
    ['the baseline', { baseline: 'wide' }],
    ['luck that is common, stated', { luck: 'common' }],
  ])('stays the same with %s', (_, change) => {
    expect(namesOf({ ...stopping, ...change })).toEqual(names)
  })

  const [wide, base] = stopping.variants as [StudyDefinition['variants'][0], StudyDefinition['variants'][0]]
  test.each<[string, Partial<StudyDefinition>]>([
    ['the seed', { seed: 'another' }],
    ['the recording', { record: 'outcomes' }],
    ['a metric', { metrics: stopping.metrics.slice(1) }],
    ['the rate', { annualRate: 0.11 }],
    ['luck of their own', { luck: 'own' }],
    ['the order of variants', { variants: [base, wide] }],
    ['the name of a variant', { variants: [wide, { ...base, name: 'other' }] }],
    [
      'a figure of a variant',
      {
        variants: [
          wide,
          { name: 'base', markets: [smallMarket({ set: ['startups.first.cash=5_000_001'] })] },
        ],
      },
    ],
    ['the figures of points', { design: { ...stopping.design, points: 6 } as StudyDefinition['design'] }],
  ])('is another with another %s', (_, change) => {
    const others = namesOf({ ...stopping, ...change })
    expect(others.filter((id) => names.includes(id))).toEqual([])
  })

  test('says which market a point has where business models differ', () => {
    const [one, ...others] = structural.variants
    const changed = {
      ...structural,
      variants: [{ ...one!, markets: one!.markets.toReversed() }, ...others],
    }
    const known = namesOf(structural)
    expect(namesOf(changed).some((id) => known.includes(id))).toBe(false)
  })
})

describe('luck of their own', () => {
  test('leaves no replication to two points', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (most) => {
        const replications = { first: 1, step: 1, most, targets: [] }
        const offset = luckOffset({ luck: 'own', replications })
        expect(offset).toBeGreaterThanOrEqual(most)
        expect(offset % LANES).toBe(0)
        expect(luckOffset({ replications })).toBe(0)
      }),
    )
  })
})
