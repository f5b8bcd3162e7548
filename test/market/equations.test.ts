/** Owns the check that the equations as text keep up with the month as code. */
import { describe, expect, test } from 'vitest'
import { equationSteps, equations, type Figure } from '../../engine/market/equations.ts'
import { actionNames, actedOn, shapeWith } from '../../engine/market/actions.ts'
import {
  type MarketDefinition,
  planTable,
  segmentTable,
  shockTable,
  startupTable,
} from '../../engine/market/definition.ts'
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { compileMarket } from '../../engine/market/market.ts'
import { parameterNames } from '../../engine/market/parameters.ts'
import { DEFAULT_STRATEGY } from '../../engine/market/shape.ts'
import { walkRegion } from '../../engine/trace/layout.ts'
import type { Program, Region } from '../../engine/trace/ir.ts'
import { loadScenario } from '../../scenarios/index.ts'
import { everyColumn, widestShape } from './market-run.ts'

/** A strategy that takes every action, so that all of them are compiled in. */
const busy: TracedStrategy = {
  name: 'busy',
  meaning: 'takes every action',
  settings: {},
  acts: actionNames,
  decide: ({ usual }) => ({
    rd: usual.rd,
    marketing: usual.marketing,
    priceMultiplier: () => 1,
    adLoad: () => 1,
    freeCap: () => 10,
    takeRate: 0.1,
    outShare: 0.1,
    rdMix: [1, 1, 1],
    efficiencyShare: 0.1,
    split: () => 1,
    reservation: 1,
    hiring: () => 1,
    open: () => true,
    freeQuality: () => 1,
  }),
}

/** Columns of another name than the figure that fills them. */
const FIGURE_OF: Readonly<Record<string, Figure>> = {
  'world.nodes': 'types',
  'world.weights': 'types',
  'world.horizon': 'months',
  'world.growthWindowMonths': 'growthWindow',
  'segments.delayMonths': 'segment.paymentDelay',
  'startups.initialCash': 'startup.cash',
  'startups.initialQuality': 'startup.quality',
  'startups.mix': 'startup.rdMix',
  'plans.termMonths': 'plan.term',
  'plans.atStart': 'plan.recognition',
  'plans.ownPhi': 'plan.phi',
  'plans.ownSigma': 'plan.sigma',
  'pairs.share': 'startup.split',
  'pairs.initialFit': 'startup.fit',
}
/** What keys random draws, fixes loops, or is read by strategies in ways of their own. */
const NO_FIGURE = new Set(['word', 'offerCount', 'dueMonths', 'settings', 'isRandom'])

/** The flagship with everything compiled in, and all that strategies can do or nothing of it. */
function programWith(strategies: readonly TracedStrategy[]): Program {
  const market = loadScenario('large-model-market')
  const followed: MarketDefinition = {
    ...market,
    startups: market.startups.map((startup) => ({
      ...startup,
      strategy: { name: strategies[0]?.name ?? DEFAULT_STRATEGY, settings: {} },
    })),
  }
  const shape = shapeWith(
    { ...widestShape(followed), strategies: strategies.map(({ name }) => name) },
    actedOn(strategies),
  )
  return compileMarket(followed, { recording: 'months', strategies, keep: everyColumn, shape }).program
}

/** The figures that each step of the traced month reads. */
function readsByStep(programs: readonly Program[]): Map<string, Set<string>> {
  const reads = new Map<string, Set<string>>()
  const see = (step: string, region: Region): void => {
    const name = step.replace(/^before /, '')
    const found = reads.get(name) ?? new Set<string>()
    reads.set(name, found)
    walkRegion(region, (item) => {
      if (item.type !== 'value' || item.value.op !== 'load' || item.value.column === undefined) return
      const { name: column, role, dimension } = item.value.column
      if ((role !== 'parameter' && role !== 'structure') || NO_FIGURE.has(column)) return
      const path = `${dimension.name}.${column}`
      const owner = dimension.name === 'world' ? '' : `${dimension.name.replace(/s$/, '')}.`
      found.add(FIGURE_OF[path] ?? `${owner}${column}`)
    })
  }
  for (const { start, prelude, month } of programs)
    for (const { name, region } of [...start, ...prelude, ...month]) see(name, region)
  return reads
}

describe('the equations', () => {
  const market = loadScenario('large-model-market')
  const lean = compileMarket(market, { recording: 'months', keep: everyColumn }).program
  const reads = readsByStep([lean, programWith([]), programWith([busy])])

  test.each(equationSteps)('of %s read the figures that the code reads there', (step) => {
    const stated = new Set(equations.filter((one) => one.step === step).flatMap(({ figures }) => figures))
    const found = reads.get(step) ?? new Set()
    expect([...stated].toSorted()).toEqual([...found].toSorted())
  })

  test('cover every step that reads a figure', () => {
    const known = new Set<string>(equationSteps)
    // Tables and notices record what steps have computed.
    const others = [...reads].filter(([name, figures]) => figures.size > 0 && !known.has(name))
    expect(others.map(([name]) => name).filter((name) => !/table|notices|^record|fault/.test(name))).toEqual(
      [],
    )
  })

  test('have names of their own, lines that fit a page, and replace what is there', () => {
    const names = equations.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { lines, replaces } of equations) {
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(106)
      if (replaces !== undefined) expect(names).toContain(replaces)
    }
  })

  test('stand in the order of the steps', () => {
    const order = equations.map(({ step }) => equationSteps.indexOf(step))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  test('use every declared figure but those that bound a scenario or choose a law', () => {
    const used = new Set<string>(equations.flatMap(({ figures }) => figures))
    const declared = [
      ...parameterNames,
      ...Object.keys(segmentTable).map((name) => `segment.${name}`),
      ...Object.keys(startupTable).map((name) => `startup.${name}`),
      ...Object.keys(planTable).map((name) => `plan.${name}`),
      ...Object.keys(shockTable).map((name) => `shock.${name}`),
    ]
    expect(declared.filter((name) => !used.has(name))).toEqual(['priceCeiling'])
  })
})
