/** Owns the thesis as a study: that every variant is the same company, and that its numbers are those of the tables. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { StudyPoints } from '../../engine/study/points.ts'
import { cells, columnNamed } from '../../engine/tables/read.ts'
import { readArrow, study } from '../../index.ts'
import { companies, freeOrPaid, industryOf, outcomesOf } from '../../scenarios/studies/free-or-paid.ts'
import { inFolder } from '../run/runs.ts'

const definition = freeOrPaid({ worlds: 3, replications: 4 })
const namesOf = (company: string): string[] =>
  definition.variants.map(({ name }) => name).filter((name) => name.startsWith(`${company} x`))

describe('the study of free or paid', () => {
  test('holds all fourteen business models and free first, in markets that differ in nothing but the company', () => {
    expect(companies).toHaveLength(15)
    const rivals = definition.variants.map(({ name, markets: [market] }) => {
      const { startups, segments, parameters } = market!
      const company = startups.find(({ id }) => id === 'company')!
      expect(company.cash, name).toBe(5e6)
      const split = Object.values(company.split).reduce((sum, share) => sum + share, 0)
      expect(split, name).toBeCloseTo(1, 12)
      return { startups: startups.filter(({ id }) => id !== 'company'), segments, parameters }
    })
    for (const rival of rivals) expect(rival).toEqual(rivals[0])
  })

  test('tries each company at seven multiples of its prices, and a free one at none', () => {
    const multiples = [0.125, 0.25, 0.5, 1, 2, 4, 8]
    for (const company of companies) {
      const tried = company === 'free-with-ads' ? [1] : multiples
      expect(namesOf(company)).toEqual(tried.map((multiple) => `${company} x${multiple}`))
    }
    const pricesAt = (variant: string): number[] =>
      definition.variants
        .find(({ name }) => name === variant)!
        .markets[0]!.startups.find(({ id }) => id === 'company')!
        .plans.map(({ price }) => price)
    expect(pricesAt('subscription x0.5')).toEqual(pricesAt('subscription x1').map((price) => price / 2))
  })

  test('takes as many worlds and replications as it is told, else those of its file', () => {
    const points = new StudyPoints(definition)
    expect([points.count, definition.replications.most]).toEqual([3, 4])
    for (let world = 0; world < points.count; world++) {
      const { 'segments.consumer.potential': potential, 'startups.company.cash': cash } = points.values(world)
      expect(Number.isInteger(potential)).toBe(true)
      const company = points
        .market(definition.variants[0]!, world)
        .startups.find(({ id }) => id === 'company')!
      expect(company.cash).toBe(cash)
    }
    const whole = freeOrPaid()
    expect([new StudyPoints(whole).count, whole.replications.most]).toEqual([96, 40])
  })

  test('tells of each variant and world the means of its replications', async () => {
    const names = [...namesOf('free-with-ads'), ...namesOf('subscription').slice(2, 4)]
    const some = { ...definition, variants: definition.variants.filter(({ name }) => names.includes(name)) }
    await inFolder(async (folder) => {
      const { summary } = (await study(some, { folder, workers: 0 }).result) as { summary: unknown }
      expect(summary).toMatchObject({ discovery: [{ points: 3 }, { points: 3 }] })
      const table = (name: string) => readArrow(readFileSync(join(folder, `${name}.arrow`)))
      const outcomes = table('outcomes')
      const [variants, points, alive, profit] = ['variant', 'point', 'alive', 'profit'].map((name) =>
        cells(columnNamed(outcomes, name)),
      ) as [string[], number[], number[], number[]]
      const told = outcomesOf(some, table('statistics'))
      expect(told.map(({ variant }) => variant)).toEqual(names)
      expect(told.map(({ company, multiple }) => `${company} x${multiple}`)).toEqual(names)
      for (const outcome of told) {
        expect(outcome.alive).toHaveLength(3)
        for (let world = 0; world < 3; world++) {
          const rows = [...points.keys()].filter(
            (row) => variants[row] === outcome.variant && points[row] === world,
          )
          expect(rows).toHaveLength(4)
          const mean = (values: readonly number[]): number =>
            rows.reduce((sum, row) => sum + values[row]! / 4, 0)
          expect(outcome.alive[world]).toBe(mean(alive))
          expect(outcome.earns[world]).toBe(mean(profit.map((value) => Number(value > 0))))
          // Sums of profits in another order.
          expect(outcome.profit[world]! / mean(profit)).toBeCloseTo(1, 12)
        }
      }
    })
  })

  test('tells what the industry spends on R&D, earns, and how good its best product is', () => {
    const without = industryOf(definition)
    const withIt = industryOf(
      definition,
      definition.variants.find(({ name }) => name === 'subscription x0.5'),
    )
    expect(without).toHaveLength(3)
    for (const { frontier } of without) {
      expect(frontier).toBeGreaterThan(0.3)
      expect(frontier).toBeLessThan(1)
    }
    withIt.forEach(({ rd }, world) => expect(rd).toBeGreaterThan(without[world]!.rd))
  })
})
