/** The tour of the language runs, and docs/language.md shows nothing else. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { layoutOf } from '../../engine/trace/layout.ts'
import {
  finish,
  first,
  luck,
  shops,
  start,
  taxed,
  tourInstance,
  tourProgram,
  tourWithFamePerLane,
  town,
  visits,
} from './tour.ts'
import { traceProgram } from '../../engine/trace/index.ts'

const file = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
/** Code without its layout, which is the formatter's in one place and the page's in the other. */
const squeezed = (code: string): string => code.replaceAll(/\s+/g, '').replaceAll(/,(?=[)\]}]|$)/g, '')

describe('docs/language.md', () => {
  const page = file('../../docs/language.md')
  const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string)

  it('shows code that is tested', () => {
    expect(blocks.length).toBeGreaterThan(8)
    const tested = squeezed(
      ['tour.ts', 'errors.test.ts', '../../examples/advertising-duopoly.ts'].map(file).join('\n'),
    )
    for (const block of blocks) {
      // A blank line in a block stands for code left out.
      for (const part of block.split(/\n\s*\n/)) expect(tested).toContain(squeezed(part))
    }
  })

  it('names every word of the language, and no other in its tables', () => {
    const index = file('../../engine/trace/index.ts')
    const words = [...index.matchAll(/export \{([\s\S]*?)\}/g)].flatMap(([, names]) =>
      (names as string)
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    for (const word of words) expect(page, word).toMatch(new RegExp(`\\b${word}\\b`))
  })

  it('quotes error messages that exist', () => {
    const sources = [
      'tracer',
      'values',
      'kinds',
      'dimension',
      'loops',
      'conditions',
      'routine',
      'recording',
      'program',
    ]
      .map((name) => file(`../../engine/trace/${name}.ts`))
      .join('\n')
      .replaceAll(/\$\{[^}]*\}/g, '...')
      .replaceAll(/\.{4,}/g, '...')
    const quoted = [...page.matchAll(/^\| `([^`]+)` \|/gm)]
      .map(([, message]) => message as string)
      .filter((message) => message.includes(' '))
    expect(quoted.length).toBeGreaterThan(8)
    for (const message of quoted) expect(sources.includes(message), message).toBe(true)
  })
})

describe('the tour', () => {
  it('opens with shops that gain what they sell and lose their rent', () => {
    const { cash, shops: three } = first()
    expect(three.columns.map(({ name }) => name)).toEqual(['rent', 'cash', 'sales'])
    const last = (shop: number) =>
      Array.from({ length: 1000 }, (_, r) => cash[r * 36 + 11 * 3 + shop] as number).reduce(
        (a, b) => a + b,
        0,
      ) / 1000
    // Twelve months of sales of mean 900 and deviation 200: the mean of 1000 has a standard error of 22; five of them.
    for (const [shop, rent] of [700, 800, 900].entries())
      expect(Math.abs(last(shop) - (1000 + 12 * (900 - rent)))).toBeLessThan(110)
  })

  it('runs on both back ends with the same bytes', () => {
    const [wasm, javascript] = (['wasm', 'javascript'] as const).map((backend) => {
      const instance = tourInstance(tourProgram(), backend)
      instance.runReplications({ first: 0, count: 8 })
      return instance
    })
    expect(
      Buffer.compare(
        new Uint8Array((wasm as { memory: WebAssembly.Memory }).memory.buffer),
        new Uint8Array((javascript as { memory: WebAssembly.Memory }).memory.buffer),
      ),
    ).toBe(0)
    const cash = Array.from(
      (wasm as ReturnType<typeof tourInstance>).output('results', 'cash', { replications: 8 }),
    )
    expect(cash.every((value) => Number.isFinite(value) && value > 0)).toBe(true)
    const whole = Array.from(
      (wasm as ReturnType<typeof tourInstance>).output('results', 'wholeCash', { replications: 8 }),
    )
    expect(whole).toEqual(cash.map(Math.trunc))
  })

  it('computes the growth of the town once per point and leaves out what nothing needs', () => {
    const program = tourProgram()
    const layout = layoutOf(program)
    expect(layout.columns.get(town.column.people)?.space).toBe('month')
    expect(program.prelude.map(({ name }) => name)).toEqual(['visits'])
    expect(layout.columns.has(town.column.wage)).toBe(false)
    expect(layout.columns.has(town.column.visits)).toBe(false)
    expect(layout.columns.get(shops.column.fame)?.space).toBe('point')
  })

  it('gives the same with fame per lane', () => {
    const point = tourInstance()
    point.runReplications({ first: 0, count: 4 })
    const lane = tourInstance(tourWithFamePerLane())
    lane.setLaneParameter(shops.column.fame, [1, 1, 1, 1, 3, 3, 3, 3])
    lane.runReplications({ first: 0, count: 4 })
    expect(Array.from(lane.output('results', 'cash', { replications: 4 }))).toEqual(
      Array.from(point.output('results', 'cash', { replications: 4 })),
    )
  })

  it('leaves out a mechanism that is off', () => {
    const months = (tax: boolean) =>
      traceProgram({ ...tourModel, month: [visits, luck, taxed(tax)] }).month.map(({ name }) => name)
    expect(months(true)).toContain('tax')
    expect(months(false)).not.toContain('tax')
  })
})

const tourModel = (() => {
  const { dimensions, relations, tables } = tourProgram()
  return {
    name: 'town',
    dimensions,
    relations: relations.map((relation) => ({ relation })),
    tables,
    start: [start],
    finish: [finish],
  }
})()
