/** Studies in which some points use a mechanism that tables depend on, and others do without. */
import { expect, test } from 'vitest'
import type { StudyDefinition } from '../../engine/study/index.ts'
import type { Setting } from '../../engine/study/definition.ts'
import { inFolder } from '../run/runs.ts'
import { complete, onePoint, rowsOf, run, smallMarket, type Row } from './study-definitions.ts'

const REPLICATIONS = 12

/** The tables of a study of these points that keeps months, in one thread or in so many. */
function tablesOf(
  points: readonly Readonly<Record<string, Setting>>[],
  workers: number,
): Promise<Record<string, Row[]>> {
  const definition: StudyDefinition = {
    ...onePoint,
    variants: [{ name: 'base', markets: [smallMarket()] }],
    record: 'months',
    design: { kind: 'list', points },
    replications: { first: REPLICATIONS, step: REPLICATIONS, most: REPLICATIONS, targets: [] },
    metrics: [{ name: 'entry', of: 'startups.first.entryMonth', unit: 'month' }],
  }
  return inFolder(async (folder) => {
    complete(await run(definition, { folder, workers }))
    return Object.fromEntries(
      ['outcomes', 'startups', 'events', 'months'].map((name) => [name, rowsOf(folder, name)]),
    )
  })
}

const at = (rows: readonly Row[], point: number): Row[] => rows.filter((row) => row['point'] === point)

test('a point in which a startup enters late stands beside one in which all are there from the start', async () => {
  const found = await tablesOf([{ 'startups.first.entry': 0 }, { 'startups.first.entry': 6 }], 0)
  const { startups, events, outcomes } = found
  const first = (point: number): Row[] => at(startups!, point).filter(({ startup }) => startup === 'first')
  // Nobody of the first point entered late, and all entered: in month 0, and not never.
  expect(at(startups!, 0).map(({ entryMonth }) => entryMonth)).toEqual(Array(2 * REPLICATIONS).fill(0))
  expect(first(1).map(({ entryMonth }) => entryMonth)).toEqual(Array(REPLICATIONS).fill(6))
  expect(outcomes!.map(({ entry }) => entry)).toEqual([
    ...Array(REPLICATIONS).fill(0),
    ...Array(REPLICATIONS).fill(6),
  ])
  const entries = (point: number): Row[] => at(events!, point).filter(({ kind }) => kind === 'entry')
  expect(entries(0)).toEqual([])
  expect(entries(1)).toHaveLength(REPLICATIONS)
  expect(await tablesOf([{ 'startups.first.entry': 0 }, { 'startups.first.entry': 6 }], 2)).toEqual(found)
})

test('a point in which privacy costs something stands beside one in which it costs nothing', async () => {
  for (const costs of [
    [0, 0.5],
    [0.5, 0],
  ]) {
    const points = costs.map((cost) => ({ 'startups.first.privacyCost': cost }))
    const { months } = await tablesOf(points, 0)
    for (const [point, cost] of costs.entries()) {
      const privacy = at(months!, point).map((row) => row['privacy'] as number)
      expect(privacy.every((value) => value !== null)).toBe(true)
      expect(privacy.some((value) => value > 0)).toBe(cost > 0)
    }
  }
})
