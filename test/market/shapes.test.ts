/** Owns the check that a market compiles whatever it uses: each mechanism alone, and all but each. */
import { describe, expect, test } from 'vitest'
import type { Books, Demography } from '../../engine/market/definition.ts'
import { compileMarket } from '../../engine/market/market.ts'
import type { Shape } from '../../engine/market/shape.ts'
import { readFlagship } from '../reference/vectors.ts'
import { widestShape } from './market-run.ts'

const flagship = readFlagship()
const kinds: readonly (readonly [Demography, Books])[] = [
  ['expected', 'exact'],
  ['integer', 'cents'],
]

describe.each(kinds)('in %s demography with books in %s', (demography, books) => {
  const market = { ...flagship, demography, books }
  const widest = widestShape(market)
  const mechanisms = Object.entries(widest).flatMap(([name, on]) =>
    on === true && name !== 'individual' && name !== 'rounded' ? [name as keyof Shape] : [],
  )
  const none = { ...widest, ...Object.fromEntries(mechanisms.map((name) => [name, false])) } as Shape
  const compiles = (shape: Shape): void =>
    expect(compileMarket(market, { recording: 'summary', shape }).program.month.length).toBeGreaterThan(5)

  test('no mechanism at all', () => compiles(none))
  test.each(mechanisms)('%s alone', (name) => compiles({ ...none, [name]: true }))
  test.each(mechanisms)('all but %s', (name) => compiles({ ...widest, [name]: false }))
})

test('customers of small segments only, or of large ones only, are counted', () => {
  const market = { ...flagship, demography: 'integer' as const }
  for (const law of ['individual', 'rounded'] as const) {
    const { program } = compileMarket(market, {
      recording: 'summary',
      shape: { ...widestShape(market), [law]: false },
    })
    expect(program.month.some(({ name }) => name === 'choice')).toBe(true)
  }
})
