/** The schema, its published form and the declaration tables agree. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  defaultNeeds,
  defaultTypes,
  planTable,
  segmentKinds,
  segmentTable,
  startupTable,
} from '../../engine/market/definition.ts'
import {
  type Declaration,
  defaultParameters,
  parameterNames,
  parameterTable,
} from '../../engine/market/parameters.ts'
import { listScenarios } from '../../scenarios/locate.ts'
import { scenarioJsonSchema } from '../../scenarios/schema.ts'

interface Json {
  properties: Record<string, Json>
  additionalProperties: Json | false
  anyOf: Json[]
  minimum?: number
  maximum?: number
  type?: string
  default?: unknown
  description?: string
}

const published = readFileSync(new URL('../../scenarios/scenario.schema.json', import.meta.url), 'utf8')
const json = JSON.parse(published) as Json
const segment = json.properties['segments']!.additionalProperties as Json
const startup = json.properties['startups']!.additionalProperties as Json
const plan = (startup.properties['plans']!.additionalProperties as Json).anyOf[1]!

const tables: [string, Readonly<Record<string, Declaration<unknown>>>, Json][] = [
  ['parameters', parameterTable, json.properties['parameters']!],
  ['segments', segmentTable, segment],
  ['startups', startupTable, startup],
  ['plans', planTable, plan],
]

test('scenario.schema.json is the current one (if not: npx tsx scenarios/generate-schema.ts)', () => {
  expect(published).toBe(scenarioJsonSchema())
})

describe.each(tables)('the declarations of %s', (group, table, schema) => {
  test('are the bounds, defaults and descriptions of the schema', () => {
    for (const [name, row] of Object.entries(table)) {
      if (name === 'startInBoom') continue
      const property = schema.properties[name]!
      const number = property.anyOf?.find(({ type }) => type !== 'null') ?? property
      expect(number, name).toMatchObject({ minimum: row.low, maximum: row.high })
      expect(number.type, name).toBe(row.whole ? 'integer' : 'number')
      expect(property.description, name).toBe(`${row.meaning} [${row.unit}]`)
      if (group !== 'segments') expect(property.default, name).toBe(row.default)
    }
  })

  test('have defaults and plausible ranges within their bounds, whole where they say so', () => {
    for (const [name, { default: standard, low, high, plausible, whole }] of Object.entries(table)) {
      const defaults =
        standard !== null && typeof standard === 'object' ? Object.values(standard) : [standard]
      for (const value of defaults as (number | null)[]) {
        if (value === null) continue
        expect(value, name).toBeGreaterThanOrEqual(low)
        expect(value, name).toBeLessThanOrEqual(high)
        if (whole) expect(Number.isInteger(value), name).toBe(true)
        if (plausible) expect(value >= plausible[0] && value <= plausible[1], name).toBe(true)
      }
      if (plausible)
        expect(plausible[0] >= low && plausible[1] <= high && plausible[0] < plausible[1], name).toBe(true)
      expect(low, name).toBeLessThan(high)
    }
  })

  test('have a unit, a meaning of one sentence and a source', () => {
    for (const [name, { unit, meaning, source }] of Object.entries(table)) {
      expect(unit, name).toMatch(/^\S.*\S$/)
      expect(meaning, name).toMatch(/^[a-zR][^.]*[^.\s]$/)
      expect(source, name).toMatch(/^\S.{6,}$/)
    }
  })

  test('say of what is in currency that it scales with money', () => {
    for (const [name, { unit, money }] of Object.entries(table)) {
      const power = unit.startsWith('currency') ? 1 : unit.includes('per currency') ? -1 : undefined
      expect(money, name).toBe(power)
    }
  })
})

test('every packaged scenario fits the published schema, read by another reader of JSON Schema', () => {
  const reader = z.fromJSONSchema(JSON.parse(published))
  for (const { name, file } of listScenarios()) {
    // This reader takes 5_000_000 for text, as YAML 1.2 does.
    const text = readFileSync(file, 'utf8').replaceAll(/(?<=\d)_(?=\d)/g, '')
    expect(reader.safeParse(parse(text)).error, name).toBeUndefined()
    expect(reader.safeParse({ ...parse(text), colour: 'red' }).success, name).toBe(false)
  }
})

test('default parameters are one number for each declared name', () => {
  expect(Object.keys(defaultParameters)).toEqual(parameterNames)
  expect(Object.values(defaultParameters).every(Number.isFinite)).toBe(true)
})

test('default weights sum to one', () => {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  for (const kind of segmentKinds) expect(sum(defaultNeeds[kind])).toBeCloseTo(1, 12)
  expect(sum(defaultTypes.weights)).toBeCloseTo(1, 15)
})

test('default customer types integrate powers of a standard normal variable up to the fifth exactly', () => {
  const { nodes, weights } = defaultTypes
  const moment = (power: number) => nodes.reduce((sum, node, i) => sum + weights[i]! * node ** power, 0)
  // Moments of the standard normal law; the tolerance is rounding of sums of three terms below 10.
  ;[1, 0, 1, 0, 3, 0].forEach((value, power) => expect(moment(power)).toBeCloseTo(value, 13))
})
