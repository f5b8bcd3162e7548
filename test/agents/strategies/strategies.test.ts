/**
 * Owns what holds for all packaged strategies: form, bounds, finite actions, the same bits on both back ends.
 */
import { fc } from '@fast-check/vitest'
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { strategies } from '../../../agents/strategies/index.ts'
import { checkActions, followersOf } from '../../../engine/market/decisions.ts'
import type { MarketDefinition } from '../../../engine/market/definition.ts'
import { compileMarket } from '../../../engine/market/market.ts'
import { plans, startups } from '../../../engine/market/model.ts'
import { everyMechanism, shapeOf } from '../../../engine/market/shape.ts'
import { seedKeyOf } from '../../../engine/numerics/seed.ts'
import { Instance } from '../../../engine/simulation/instance.ts'
import { LANES } from '../../../engine/trace/layout.ts'
import { loadScenario } from '../../../scenarios/index.ts'
import { anyMarket } from '../../market/any-market.ts'
import { property } from '../../market/property.ts'
import { recordAll } from './strategic-run.ts'

const folder = new URL('../../../agents/strategies/', import.meta.url)

test('strategies are listed in order of name, and every file is one of them', () => {
  const names = strategies.map(({ name }) => name)
  expect(names).toEqual([...names].sort())
  const files = readdirSync(folder).filter((file) => !['index.ts', 'observations.ts'].includes(file))
  expect(files.sort()).toEqual(names.map((name) => `${name}.ts`))
})

test.each(strategies)(
  '$name is one short file that says when it is good, when it is bad and where it comes from',
  ({ name }) => {
    const text = readFileSync(new URL(`${name}.ts`, folder), 'utf8')
    for (const part of ['Good: ', 'Bad: ', 'Source: ']) expect(text).toContain(part)
    expect(text.split('\n').length).toBeLessThan(50)
  },
)

test.each(strategies)(
  'the settings of $name have a unit, a meaning and bounds around their default',
  ({ settings }) => {
    for (const [name, { default: usual, unit, meaning, low, high }] of Object.entries(settings)) {
      expect([name, low <= usual, usual <= high, unit.length > 0, meaning.length > 0]).toEqual([
        name,
        true,
        true,
        true,
        true,
      ])
    }
  },
)

test.each(strategies)(
  '$name gives the same bits on both back ends, in whole customers and cents',
  ({ name }) => {
    const market = loadScenario('three-ways', {
      set: ['months=30', `startups.freemium.strategy=${name}`, `startups.subscription.strategy=${name}`],
    })
    const [wasm, javascript] = [
      recordAll(market, { backend: 'wasm' }),
      recordAll(market, { backend: 'javascript' }),
    ]
    expect(wasm.size).toBeGreaterThan(50)
    for (const [column, bytes] of wasm) expect(Buffer.compare(bytes, javascript.get(column)!), column).toBe(0)
  },
)

/** A market whose startups follow any of the strategies with any settings, some of them at a bound. */
const anyStrategicMarket: fc.Arbitrary<MarketDefinition> = anyMarket({
  months: 18,
  mostPotential: 1e5,
  mostDelay: 0,
}).chain((market) =>
  fc.tuple(...market.startups.map(() => anyChoice)).map((choices) => ({
    ...market,
    startups: market.startups.map((startup, f) => ({ ...startup, strategy: choices[f]! })),
  })),
)
const anyChoice = fc
  .constantFrom(...strategies)
  .chain(({ name, settings }) =>
    fc
      .record(
        Object.fromEntries(
          Object.entries(settings).map(([key, { default: usual, low, high }]) => [
            key,
            fc.oneof(
              fc.constantFrom(usual, low, high),
              fc.double({ min: low, max: Math.min(high, 10 * usual + 1), noNaN: true }),
            ),
          ]),
        ),
      )
      .map((chosen) => ({ name, settings: chosen as Record<string, number> })),
  )

property(
  "in any market, actions are finite, budgets and prices stay within the scenario's bounds",
  40,
  anyStrategicMarket,
  (market) => {
    const { priceMultiplierLow: low, priceMultiplierHigh: high, budgetHigh } = market.parameters
    // One shape for all markets, so that they share one program: all strategies are compiled in, followed or not.
    const shape = { ...everyMechanism(shapeOf(market)), strategies: strategies.map(({ name }) => name) }
    const { program, structure, values } = compileMarket(market, {
      recording: 'summary',
      strategies,
      shape,
      keep: [
        startups.column.rdBudget,
        startups.column.marketingBudget,
        plans.column.multiplier,
        plans.column.priceNow,
      ],
    })
    const followed = new Map(structure.relations)
    for (const { name } of strategies)
      if (!followed.has(followersOf(name).relation)) followed.set(followersOf(name).relation, [[]])
    const instance = new Instance(
      program,
      { ...structure, relations: followed },
      { backend: 'wasm', months: market.months, key: seedKeyOf('1'), rows: LANES },
    )
    instance.setPoint(values)
    instance.assignBlock(0, { replications: [0, 1, 2, 3], row: 0 })
    const block = instance.blockAddress(0)
    instance.kernel.start(block)
    const list = market.startups.flatMap((startup) => startup.plans)
    for (let month = 0; month < market.months; month++) {
      instance.kernel.run(block, month, month + 1)
      for (let lane = 0; lane < LANES; lane++) {
        market.startups.forEach((_, record) => {
          for (const column of [startups.column.rdBudget, startups.column.marketingBudget]) {
            const budget = instance.read(column, { record, lane })
            expect(budget >= 0 && budget <= budgetHigh, `${column.name} ${budget}`).toBe(true)
          }
        })
        list.forEach((plan, record) => {
          const multiplier = instance.read(plans.column.multiplier, { record, lane })
          expect(multiplier >= low && multiplier <= high, `multiplier ${multiplier}`).toBe(true)
          if (plan.price === 0 && plan.usagePrice === 0) expect(multiplier).toBe(1)
          expect(Number.isFinite(instance.read(plans.column.priceNow, { record, lane }))).toBe(true)
        })
      }
    }
    instance.kernel.finish(block, market.months - 1)
    const marks = instance.output('faults', 'fault', { replications: LANES })
    expect(() => checkActions(market, marks, 0)).not.toThrow()
  },
)
