/** What rows, blocks and steps leave in memory, on both back ends. */
import { describe, expect, it } from 'vitest'
import { Instance } from '../../engine/simulation/instance.ts'
import { BLOCK, HEADER } from '../../engine/trace/layout.ts'
import {
  dimension,
  each,
  indexOf,
  list,
  month,
  num,
  only,
  parameter,
  recordRow,
  state,
} from '../../engine/trace/index.ts'
import { run, structured, tableOf, traceOf } from './helper.ts'
import { lane, oneWorld, same, world } from './one-world.ts'

describe('recording', () => {
  const counts = structured({ counts: [[world, 1]] })
  const small = {
    name: 'small',
    dimension: world,
    everyMonth: false,
    columns: [
      { name: 'i', type: 'i32' as const },
      { name: 'u', type: 'u8' as const },
    ],
  }

  it('cuts fractions off and holds whole numbers in the range of their type', () => {
    const cases: [number, number, number][] = [
      [1.9, 1, 1],
      [-1.9, -1, 255],
      [256, 256, 0],
      [3e9, 2147483647, 255],
      [-3e9, -2147483648, 0],
      [Infinity, 2147483647, 255],
    ]
    for (const [given, i, u] of cases) {
      const program = traceOf({
        dimensions: [world],
        tables: [small],
        finish: () => recordRow(small, only(world), { i: only(world).a, u: only(world).a }),
      })
      const instance = run(program, counts, { point: new Map([[world.column.a, [given]]]) })
      expect(Array.from(instance.output('small', 'i', { replications: 4 }))).toEqual(same(i))
      expect(Array.from(instance.output('small', 'u', { replications: 4 }))).toEqual(same(u))
    }
  })

  it('lays rows out by replication, month and record', () => {
    const cells = dimension('cells', 'cells', { a: parameter({ unit: '1', meaning: 'unused' }) })
    const table = tableOf('rows', cells, ['value'], true)
    const program = traceOf({
      dimensions: [cells],
      tables: [table],
      month: () =>
        each(cells, (c) =>
          recordRow(table, c, {
            value: lane().times(100).plus(month().toNum().times(10)).plus(indexOf(c).toNum()),
          }),
        ),
    })
    const instance = run(program, structured({ counts: [[cells, 2]] }), { months: 2 })
    expect(Array.from(instance.output('rows', 'value', { replications: 4 }))).toEqual([
      0, 1, 10, 11, 100, 101, 110, 111, 200, 201, 210, 211, 300, 301, 310, 311,
    ])
  })
})

describe('memory', () => {
  const pets = dimension('pets', 'pets', { fed: state({ unit: '1', meaning: 'meals' }) })
  const chosen = list('chosen', world, pets)
  const table = tableOf('meals', pets, ['fed'])
  const program = traceOf({
    dimensions: [world, pets],
    relations: [chosen],
    tables: [table],
    start: () =>
      each(chosen(only(world)), (p) => {
        p.fed = num(1)
      }),
    month: () =>
      each(pets, (p) => {
        p.fed = p.fed.plus(1)
      }),
    finish: () => each(pets, (p) => recordRow(table, p, { fed: p.fed })),
  })
  const given = structured({
    counts: [
      [world, 1],
      [pets, 3],
    ],
    relations: [[chosen, [[1]]]],
  })

  it('forgets the batch before: what a start step leaves out is 0', () => {
    const instance = run(program, given, { months: 2, rows: 8 })
    for (let i = 0; i < 2; i++) {
      instance.runReplications({ first: 0, count: 8 })
      expect(Array.from(instance.output('meals', 'fed', { replications: 8 }))).toEqual(
        Array.from({ length: 8 }, () => [2, 3, 2]).flat(),
      )
    }
  })

  it('keeps per-lane parameters from batch to batch', () => {
    const result = tableOf('result', world, ['x'])
    const perLane = traceOf(
      {
        dimensions: [world],
        tables: [result],
        start: () => {
          only(world).x = num(0)
        },
        month: () => {
          const w = only(world)
          w.x = w.x.plus(w.a)
        },
        finish: () => recordRow(result, only(world), { x: only(world).x }),
      },
      { laneParameters: [world.column.a] },
    )
    for (const backend of ['wasm', 'javascript'] as const) {
      const instance = new Instance(perLane, oneWorld, { backend, months: 3, key: [0, 0, 0, 0], rows: 4 })
      instance.setLaneParameter(world.column.a, [1, 2, 3, 4])
      for (let i = 0; i < 2; i++) {
        instance.runReplications({ first: 0, count: 4 })
        expect(Array.from(instance.output('result', 'x', { replications: 4 }))).toEqual([3, 6, 9, 12])
      }
    }
  })

  it('starts with a header that tells counts and bases, and blocks that tell replications', () => {
    const instance = run(program, given, { months: 2, key: [5, 6, 7, -1] })
    const words = new Int32Array(instance.memory.buffer)
    expect(Array.from(words.subarray(HEADER.key >> 2, (HEADER.key >> 2) + 4))).toEqual([5, 6, 7, -1])
    expect(words[(HEADER.dimensions + HEADER.dimensionBytes) >> 2]).toBe(3)
    expect(
      Array.from(
        words.subarray(
          (instance.blockAddress(0) + BLOCK.replications) >> 2,
          (instance.blockAddress(0) >> 2) + 4,
        ),
      ),
    ).toEqual([0, 1, 2, 3])
  })
})

describe('steps one by one', () => {
  it('leave what a whole month leaves', () => {
    const table = tableOf('result', world, ['x'])
    const program = traceOf({
      dimensions: [world],
      tables: [table],
      start: () => {
        only(world).x = num(1)
      },
      month: [
        () => {
          const w = only(world)
          w.x = w.x.plus(w.a)
        },
        () => {
          const w = only(world)
          w.x = w.x.times(lane())
        },
      ],
      finish: () => recordRow(table, only(world), { x: only(world).x }),
    })
    const expected = Array.from(
      run(program, oneWorld, { months: 3, point: new Map([[world.column.a, [2]]]) }).output('result', 'x', {
        replications: 4,
      }),
    )
    for (const backend of ['wasm', 'javascript'] as const) {
      const instance = new Instance(program, oneWorld, { backend, months: 3, key: [0, 0, 0, 0], rows: 4 })
      instance.setPoint(new Map([[world.column.a, [2]]]))
      instance.assignBlock(0, { replications: [0, 1, 2, 3], row: 0 })
      const block = instance.blockAddress(0)
      instance.kernel.start(block)
      for (let m = 0; m < 3; m++) for (const i of [0, 1]) instance.kernel.steps(block, m, i, i + 1)
      instance.kernel.finish(block, 2)
      expect(Array.from(instance.output('result', 'x', { replications: 4 }))).toEqual(expected)
    }
  })
})
