/** What is computed once per point and month, what is computed per replication, and what not at all. */
import { describe, expect, it } from 'vitest'
import { layoutOf } from '../../engine/trace/layout.ts'
import {
  dimension,
  each,
  flow,
  link,
  month,
  num,
  only,
  parameter,
  recordRow,
  state,
  sum,
  type Num,
  type Program,
} from '../../engine/trace/index.ts'
import { binaryOf, run, structured, tableOf, traceOf, type SmallModel } from './helper.ts'
import { lane, oneWorld, same, world } from './one-world.ts'

describe('flows', () => {
  const table = tableOf('result', world, ['x'])
  const result = (
    month_: SmallModel['month'] & object,
    { start = () => {}, finish = () => {} }: { start?: () => void; finish?: () => void } = {},
  ): { program: Program; x: number[] } => {
    const program = traceOf({
      dimensions: [world],
      tables: [table],
      start: [
        () => {
          only(world).x = num(0)
        },
        start,
      ],
      month: month_,
      finish: [finish, () => recordRow(table, only(world), { x: only(world).x })],
    })
    const instance = run(program, oneWorld, { months: 3, point: new Map([[world.column.a, [2.5]]]) })
    return { program, x: Array.from(instance.output('result', 'x', { replications: 4 })) }
  }
  const spaceOf = (program: Program) => layoutOf(program).columns.get(world.column.u)?.space
  const add = (amount: () => Num) => () => {
    const w = only(world)
    w.x = w.x.plus(amount())
  }

  it('that never vary by replication are computed once per point and month', () => {
    const { program, x } = result([
      () => {
        only(world).u = only(world).a.times(month().toNum())
      },
      add(() => only(world).u),
    ])
    expect(x).toEqual(same(2.5 * (0 + 1 + 2)))
    expect(spaceOf(program)).toBe('month')
    expect(program.prelude.map(({ name }) => name)).toEqual(['month 0'])
    expect(program.month.map(({ name }) => name)).toEqual(['month 1'])
    expect([...program.uniformFlows]).toEqual([world.column.u])
  })

  it('that vary anywhere are kept per lane', () => {
    const { program, x } = result([
      () => {
        only(world).u = num(1)
      },
      () => {
        only(world).u = only(world).u.plus(lane())
      },
      add(() => only(world).u),
    ])
    expect(x).toEqual([3, 6, 9, 12])
    expect(spaceOf(program)).toBe('lane')
    expect(program.prelude).toEqual([])
  })

  it('may be built up in several steps before they are read', () => {
    const { program, x } = result([
      () => {
        only(world).u = num(1)
      },
      () => {
        only(world).u = only(world).u.plus(only(world).a)
      },
      add(() => only(world).u),
    ])
    expect(x).toEqual(same(10.5))
    expect(spaceOf(program)).toBe('month')
  })

  it('that are set again after they were read have at each place the value of that place', () => {
    const { program, x } = result([
      () => {
        only(world).u = num(1)
      },
      add(() => only(world).u),
      () => {
        only(world).u = num(10)
      },
      add(() => only(world).u),
    ])
    expect(x).toEqual(same(33))
    expect(spaceOf(program)).toBe('lane')
  })

  it('of a start or finish step are not those of the month', () => {
    const use = add(() => only(world).u)
    expect(
      result(() => {}, {
        start: () => {
          only(world).u = num(7)
          use()
        },
      }).x,
    ).toEqual(same(7))
    expect(
      result(
        [
          () => {
            only(world).u = num(1)
          },
          use,
        ],
        {
          finish: () => {
            only(world).u = num(7)
            use()
          },
        },
      ).x,
    ).toEqual(same(10))
    expect(
      result(
        [
          () => {
            only(world).u = num(1)
          },
          use,
        ],
        { finish: use },
      ).x,
    ).toEqual(same(4))
  })

  const cells = dimension('cells', 'cells', {
    weight: parameter({ unit: '1', meaning: 'a weight' }),
    got: state({ unit: '1', meaning: 'a sum' }),
    share: flow({ unit: '1', meaning: 'a flow' }),
  })
  const cellRows = tableOf('cells', cells, ['got'])
  const ofCells = (work: () => void) => {
    const program = traceOf({
      dimensions: [world, cells],
      tables: [cellRows],
      start: () => {
        only(world).x = num(0)
        each(cells, (c) => {
          c.got = num(0)
        })
      },
      month: work,
      finish: () => each(cells, (c) => recordRow(cellRows, c, { got: c.got })),
    })
    const instance = run(
      program,
      structured({
        counts: [
          [world, 1],
          [cells, 3],
        ],
      }),
      { point: new Map([[cells.column.weight, [1, 2, 3]]]) },
    )
    return {
      space: layoutOf(program).columns.get(cells.column.share)?.space,
      got: Array.from(instance.output('cells', 'got', { replications: 1 })),
    }
  }

  it('set and read record by record in one loop stay uniform', () => {
    // The division between them is not known to the loop that reads, so it reads memory.
    expect(
      ofCells(() => {
        each(cells, (c) => {
          c.share = c.weight.over(2)
          each(cells, (other) => {
            other.got = other.got.plus(c.share)
          })
        })
      }),
    ).toEqual({ space: 'month', got: [3, 3, 3] })
  })

  it('set in a loop for all and read for another record in the same pass are read as they stand', () => {
    const { space, got } = ofCells(() => {
      each(cells, (c) => {
        c.share = num(0)
      })
      each(cells, (c) => {
        c.share = c.weight
        c.got = sum(cells, (other) => other.share)
      })
    })
    expect(got).toEqual([1, 3, 6])
    expect(space).toBe('lane')
  })

  it('set for all again and again are read as they stand', () => {
    const { space, got } = ofCells(() => {
      each(cells, (outer) => {
        each(cells, (c) => {
          c.share = outer.weight
          each(cells, (other) => {
            other.got = other.got.plus(c.share)
          })
        })
      })
    })
    expect(got).toEqual([18, 18, 18])
    expect(space).toBe('lane')
  })
})

describe('what nothing needs', () => {
  const table = tableOf('result', world, ['x'])
  const lonely = dimension('lonely', 'unused', { z: state({ unit: '1', meaning: 'unused' }) })
  const toLonely = link('toLonely', world, lonely)
  const program = traceOf({
    dimensions: [world, lonely],
    relations: [toLonely],
    tables: [table],
    start: () => {
      const w = only(world)
      w.x = num(1)
      w.y = num(2)
      each(lonely, (l) => {
        l.z = num(1)
      })
    },
    month: [
      () => {
        const w = only(world)
        w.y = w.y.times(w.a)
        toLonely(w).z = w.y
        each(lonely, (l) => {
          l.z = l.z.plus(1)
        })
      },
      () => {
        const w = only(world)
        w.x = w.x.plus(1)
      },
    ],
    finish: () => recordRow(table, only(world), { x: only(world).x }),
  })
  const layout = layoutOf(program)

  it('has no place in memory', () => {
    expect([...layout.columns.keys()].map(({ name }) => name)).toEqual(['x'])
    expect(layout.relations.size).toBe(0)
    expect(layout.dimensionOf(lonely).strides).toEqual({ lane: 0, point: 0, month: 0, table: 0 })
  })

  it('is not computed', () => {
    expect(program.month.map(({ name }) => name)).toEqual(['month 1'])
    const without = traceOf({
      dimensions: [world, lonely],
      relations: [toLonely],
      tables: [table],
      start: () => {
        only(world).x = num(1)
      },
      month: () => {
        const w = only(world)
        w.x = w.x.plus(1)
      },
      finish: () => recordRow(table, only(world), { x: only(world).x }),
    })
    expect(Buffer.compare(binaryOf(program), binaryOf(without))).toBe(0)
  })

  it('need not be given', () => {
    const instance = run(
      program,
      structured({
        counts: [
          [world, 1],
          [lonely, 2],
        ],
        relations: [[toLonely, [0]]],
      }),
      { months: 4 },
    )
    expect(Array.from(instance.output('result', 'x', { replications: 4 }))).toEqual(same(5))
  })
})
