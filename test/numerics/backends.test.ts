import { describe, expect, it } from 'vitest'
import { wasmRoutine } from '../../engine/backends/wasm.ts'
import { binomialFromUniformRoutine, binomialRoutine } from '../../engine/numerics/binomial.ts'
import { SOURCE, normals, sourceOf, uniformTriple, uniforms } from '../../engine/numerics/draws.ts'
import { boundedExp, exp } from '../../engine/numerics/exponential.ts'
import { log, logOneMinus } from '../../engine/numerics/logarithm.ts'
import { normalPair } from '../../engine/numerics/normal-pair.ts'
import { normalQuantile } from '../../engine/numerics/normal-quantile.ts'
import { power } from '../../engine/numerics/power.ts'
import { threefryRoutine } from '../../engine/numerics/threefry.ts'
import { routine, type Routine } from '../../engine/trace/routine.ts'
import { plain, testUniforms, traced } from './evaluate.ts'

const LANES = [0, 1, 2, 3] as const

/**
 * Runs a routine on `blocks` blocks of four lanes in both back ends; `argumentsOf` gives one lane its
 * arguments.
 */
function differences(
  given: Pick<Routine, 'bodyFor' | 'parameters'>,
  argumentsOf: (next: () => number) => number[],
  blocks: number,
): string[] {
  const javascript = plain<number | number[]>(given)
  const wasm = traced(() => wasmRoutine(given))
  const next = testUniforms(blocks)
  const found: string[] = []
  for (let block = 0; block < blocks; block++) {
    const lanes = LANES.map(() => argumentsOf(next))
    const byWasm = wasm(given.parameters.map((_, i) => lanes.map((values) => values[i] as number)))
    lanes.forEach((values, lane) => {
      const expected = [javascript(...values)].flat()
      expected.forEach((value, i) => {
        if (!Object.is(value, byWasm[i]?.[lane]))
          found.push(`(${values.join(', ')}): ${value} but ${byWasm[i]?.[lane]}`)
      })
    })
  }
  return found
}

const word = (next: () => number): number => Math.floor(next() * 2 ** 32)
const words =
  (count: number) =>
  (next: () => number): number[] =>
    Array.from({ length: count }, () => word(next))

/** A number of trials and a probability of every kind: none, few, many; rare, common, certain. */
function trials(next: () => number): [number, number] {
  const n = next() < 0.2 ? 0 : Math.floor(Math.exp(next() * 16))
  const p = next() < 0.1 ? Math.round(next()) : next() < 0.5 ? next() : Math.exp(-next() * 20)
  return [n, next() < 0.2 ? 1 - p : p]
}

describe('the SIMD code and JavaScript compute the same bits', () => {
  it.each([
    ['exp', exp, (u: number) => u * 1600 - 800],
    ['exp of small numbers', exp, (u: number) => (u - 0.5) * Math.exp(-50 * u)],
    ['boundedExp', boundedExp, (u: number) => u * 1416 - 708],
    ['log', log, (u: number) => Math.exp(u * 1400 - 700)],
    ['log near 1', log, (u: number) => 0.5 + u],
    ['logOneMinus', logOneMinus, (u: number) => (u < 0.5 ? u : Math.exp(-60 * u))],
    ['normalQuantile', normalQuantile, (u: number) => u + 2 ** -34],
    ['normalQuantile in the tails', normalQuantile, (u: number) => Math.exp(-36 * u - 0.01)],
  ] as const)('of %s', (name, body, argument) => {
    expect(differences(routine(name, ['num'], body), (next) => [argument(next())], 4000)).toEqual([])
  })

  it('of power, whichever way each lane takes', () => {
    const ways = [0.5, 1, 2]
    const degree = (u: number): number => (u < 0.6 ? (ways[Math.floor(u * 5)] as number) : 8 * u - 5.5)
    const given = routine('power', ['num', 'num'], power)
    expect(
      differences(given, (next) => [next() < 0.05 ? 0 : Math.exp(next() * 40 - 20), degree(next())], 4000),
    ).toEqual([])
  })

  it('of pairs of normals', () => {
    const given = routine('normalPair', ['num', 'num'], (u, v) => normalPair([u, v]))
    expect(differences(given, (next) => [next() + 2 ** -34, next() + 2 ** -34], 4000)).toEqual([])
  })

  it('of threefry', () => {
    expect(differences(threefryRoutine, words(8), 2000)).toEqual([])
  })

  it.each([
    ['uniforms', uniforms],
    ['uniformTriple', uniformTriple],
    ['normals', normals],
  ] as const)('of %s', (name, draw) => {
    expect(
      differences(
        routine(name, SOURCE, (...place) => draw(sourceOf(place), 3)),
        words(8),
        2000,
      ),
    ).toEqual([])
  })

  it('of binomial draws, whatever the lanes of a block are', () => {
    expect(differences(binomialRoutine, (next) => [...trials(next), ...words(8)(next)], 8000)).toEqual([])
    expect(
      differences(
        binomialFromUniformRoutine,
        (next) => [...trials(next), next() + 2 ** -34, ...words(8)(next)],
        8000,
      ),
    ).toEqual([])
  })
})
