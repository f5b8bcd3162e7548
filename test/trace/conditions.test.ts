/** What conditions, loops, repeats and routines mean, worked out by hand; everything runs on both back ends. */
import { describe, expect, it } from 'vitest'
import { plainFunction } from '../../engine/backends/javascript.ts'
import { wasmRoutine } from '../../engine/backends/wasm.ts'
import { Tracer, withTracer } from '../../engine/trace/tracer.ts'
import {
  bool,
  children,
  choose,
  chooseNum,
  count,
  dimension,
  each,
  fold,
  indexOf,
  link,
  list,
  maximum,
  minimum,
  month,
  num,
  only,
  parameter,
  recordRow,
  repeat,
  replication,
  routine,
  state,
  structure,
  sum,
  sums,
  together,
  when,
  where,
  whereWhole,
  whole,
  type Bool,
  type Num,
} from '../../engine/trace/index.ts'
import { binaryOf, mistake, run, structured, tableOf, traceOf } from './helper.ts'
import { lane, same, valuesOf, world } from './one-world.ts'

describe('conditions on work', () => {
  it('do it for the lanes that satisfy them and leave the others alone', () => {
    expect(
      valuesOf(() => {
        const w = only(world)
        when(lane().isAtLeast(1), () => {
          w.x = lane()
          when(lane().isAtMost(2), () => {
            w.y = w.x.times(10).plus(1)
          })
          w.x = w.x.plus(100)
        })
        return { x: w.x, y: w.y }
      }),
    ).toEqual({ x: [0, 101, 102, 103], y: [0, 11, 21, 0] })
  })

  it('may be the same for all replications', () => {
    expect(
      valuesOf(
        () => {
          const w = only(world)
          when(month().equals(2), () => {
            w.x = num(5)
          })
          when(w.a.isBelow(2), () => {
            w.y = num(5)
          })
          return { x: w.x, y: w.y }
        },
        { months: 4 },
      ),
    ).toEqual({ x: same(5), y: same(0) })
  })

  it('choose between results of every kind', () => {
    expect(
      valuesOf(() => {
        const odd = replication().and(1).equals(1)
        const { n, b, w } = choose(
          odd,
          () => ({ n: lane(), b: lane().isAbove(2), w: replication() }),
          () => ({ n: num(-1), b: bool(true), w: whole(9) }),
        )
        return {
          n,
          b,
          w: w.toNum(),
          one: chooseNum(
            odd.not(),
            () => 4,
            () => lane().negated(),
          ),
        }
      }),
    ).toEqual({ n: [-1, 1, -1, 3], b: [1, 0, 1, 1], w: [9, 1, 9, 3], one: [4, -1, 4, -3] })
  })

  it('together takes all lanes to the first side if one goes there, and to the other if none does', () => {
    const odd = () => replication().and(1).equals(1)
    const never = () => lane().isBelow(-1)
    const paidOnce = (condition: () => Bool) =>
      valuesOf(() => {
        const w = only(world)
        // Whoever is not odd is paid nothing, so that all may be paid together.
        const { paid } = together(
          condition(),
          () => {
            const pay = where(odd(), 5, 0)
            w.x = w.x.plus(pay)
            w.u = num(0)
            return { paid: pay }
          },
          () => {
            w.u = num(0)
            return { paid: num(0) }
          },
        )
        return { x: w.x, paid, u: w.u }
      })
    expect(paidOnce(odd)).toEqual({ x: [0, 5, 0, 5], paid: [0, 5, 0, 5], u: same(0) })
    expect(paidOnce(never)).toEqual({ x: same(0), paid: same(0), u: same(0) })
  })

  it('together with one condition for all replications takes its side', () => {
    expect(
      valuesOf(
        () => {
          const w = only(world)
          const { even } = together(
            month().and(1).equals(0),
            () => {
              w.x = w.x.plus(1)
              return { even: num(1) }
            },
            () => ({ even: num(0) }),
          )
          return { x: w.x, even }
        },
        { months: 4 },
      ),
    ).toEqual({ x: same(2), even: same(0) })
  })

  it('a row cannot be recorded on a side that lanes take together', () => {
    const { code, message } = mistake(() =>
      traceOf({
        dimensions: [world],
        tables: [tableOf('rows', world, ['x'], true)],
        month: () => {
          const rows = tableOf('rows', world, ['x'], true)
          together(
            lane().isAbove(1),
            () => (recordRow(rows, only(world), { x: 1 }), {}),
            () => ({}),
          )
        },
      }),
    )
    expect(code).toBe('trace')
    expect(message).toContain('recorded under a condition')
  })

  it('decided while tracing leave one side only', () => {
    expect(
      valuesOf(() => ({
        x: chooseNum(
          true,
          () => 1,
          () => {
            throw new Error('not traced')
          },
        ),
      })),
    ).toEqual({ x: same(1) })
  })
})

describe('repeat', () => {
  /** Steps of Collatz from `n` to 1. */
  const collatz = (n: Num, active: Bool | boolean) =>
    repeat(active, { n, steps: num(0), bits: whole(1) }, ({ n: now, steps, bits }) => {
      const even = now.times(0.5).floor().times(2).equals(now)
      const next = where(even, now.times(0.5), now.times(3).plus(1))
      return {
        again: next.equals(1).not().and(steps.isBelow(200)),
        next: { n: next, steps: steps.plus(1), bits: bits.shiftedLeft(1) },
      }
    })

  it('goes on for each lane until it is done, and keeps what it has', () => {
    expect(
      valuesOf(() => {
        const { n, steps, bits } = collatz(lane().plus(2), true)
        return { n, steps, bits: bits.toNum() }
      }),
    ).toEqual({ n: same(1), steps: [1, 7, 2, 5], bits: [2, 128, 4, 32] })
  })

  it('does nothing for lanes that are not active, or outside a condition around it', () => {
    expect(valuesOf(() => ({ steps: collatz(lane().plus(2), lane().isBelow(2)).steps }))).toEqual({
      steps: [1, 7, 0, 0],
    })
    expect(
      valuesOf(() => {
        const w = only(world)
        when(lane().isBelow(2), () => {
          const { steps } = repeat(true, { steps: num(0) }, ({ steps: before }) => {
            w.y = w.y.plus(1)
            return { again: before.isBelow(lane().plus(1)), next: { steps: before.plus(1) } }
          })
          w.x = steps
        })
        return { x: w.x, y: w.y }
      }),
    ).toEqual({ x: [2, 3, 0, 0], y: [2, 3, 0, 0] })
  })
})

describe('loops', () => {
  const groups = dimension('groups', 'groups', {
    code: structure({ unit: '1', meaning: 'a number' }),
    size: state({ unit: '1', meaning: 'members' }),
    order: state({ unit: '1', meaning: 'digits' }),
  })
  const members = dimension('members', 'members', {
    weight: parameter({ unit: '1', meaning: 'a weight' }),
    seen: state({ unit: '1', meaning: 'visits' }),
  })
  const membersOf = children('membersOf', groups, members)
  const friends = list('friends', groups, members)
  const groupOf = link('groupOf', members, groups)
  const model = { dimensions: [groups, members, world], relations: [membersOf, friends, groupOf] }
  const given = structured({
    counts: [
      [groups, 3],
      [members, 4],
      [world, 1],
    ],
    values: [[groups.column.code, [7, 0, 1]]],
    relations: [
      [membersOf, [3, 0, 1]],
      [friends, [[3, 0, 3], [], [1]]],
      [groupOf, [0, 0, 0, 2]],
    ],
  })
  const point = new Map([[members.column.weight, [1, 2, 3, 4]]])
  const start = () => {
    each(groups, (g) => {
      g.size = num(0)
      g.order = num(0)
    })
    each(members, (m) => {
      m.seen = num(0)
    })
  }
  const results = tableOf('results', groups, ['size', 'order'])
  const visits = tableOf('visits', members, ['seen'])
  const finish = () => {
    each(groups, (g) => recordRow(results, g, { size: g.size, order: g.order }))
    each(members, (m) => recordRow(visits, m, { seen: m.seen }))
  }
  const after = (monthOf: () => void) => {
    const instance = run(
      traceOf({ ...model, tables: [results, visits], start, month: monthOf, finish }),
      given,
      { point },
    )
    const rows = (table: string, column: string, records: number) =>
      Array.from(instance.output(table, column, { replications: 1 }).subarray(0, records))
    return {
      size: rows('results', 'size', 3),
      order: rows('results', 'order', 3),
      seen: rows('visits', 'seen', 4),
    }
  }

  it('visit runs of children in order or backwards, and empty ones not at all', () => {
    const digits = (backwards: boolean) =>
      after(() =>
        each(groups, (g) => {
          g.size = sum(membersOf(g), () => 1)
          each(
            membersOf(g),
            (m) => {
              g.order = g.order.times(10).plus(m.weight)
            },
            { backwards },
          )
        }),
      )
    expect(digits(false)).toEqual({ size: [3, 0, 1], order: [123, 0, 4], seen: [0, 0, 0, 0] })
    expect(digits(true)).toEqual({ size: [3, 0, 1], order: [321, 0, 4], seen: [0, 0, 0, 0] })
  })

  it('visit lists in their order, records as often as they are listed', () => {
    expect(
      after(() =>
        each(groups, (g) => {
          const { order } = fold<typeof members.declare.columns, { order: Num }>(
            friends(g),
            { order: 0 },
            ({ order: before }, m) => {
              m.seen = m.seen.plus(1)
              return { order: before.times(10).plus(m.weight) }
            },
          )
          g.order = order
        }),
      ),
    ).toEqual({ size: [0, 0, 0], order: [414, 0, 2], seen: [1, 1, 0, 2] })
  })

  it('hand on several things at once, even when they change places', () => {
    expect(
      after(() =>
        each(groups, (g) => {
          const swapped = fold<typeof members.declare.columns, { a: Num; b: Num }>(
            membersOf(g),
            { a: 1, b: 2 },
            ({ a, b }) => ({ a: b, b: a }),
          )
          const initial = { a: num(1), b: num(2), k: whole(0) }
          const rounds = repeat(true, initial, ({ a, b, k }) => ({
            again: k.isBelow(indexOf(g)),
            next: { a: b, b: a, k: k.plus(1) },
          }))
          g.size = swapped.a.times(10).plus(swapped.b)
          g.order = rounds.a.times(10).plus(rounds.b)
        }),
      ),
    ).toEqual({ size: [21, 12, 21], order: [21, 12, 21], seen: [0, 0, 0, 0] })
  })

  it('reduce to sums, the largest and the smallest', () => {
    expect(
      after(() =>
        each(groups, (g) => {
          const { total, squares } = sums(membersOf(g), (m) => ({
            total: m.weight,
            squares: m.weight.squared(),
          }))
          g.size = squares.minus(total)
          g.order = maximum(membersOf(g), -1, (m) => m.weight)
            .times(100)
            .plus(minimum(membersOf(g), 9, (m) => m.weight))
        }),
      ),
    ).toEqual({ size: [8, 0, 12], order: [301, -91, 404], seen: [0, 0, 0, 0] })
  })

  it('follow links, which several records may share', () => {
    expect(
      after(() => {
        each(members, (m) => {
          const g = groupOf(m)
          g.size = g.size.plus(m.weight)
        })
        each(members, (m) => {
          m.seen = groupOf(m).size
        })
      }),
    ).toEqual({ size: [6, 0, 4], order: [0, 0, 0], seen: [6, 6, 6, 4] })
  })

  it('reach a child by number, and know positions, counts and structure columns', () => {
    expect(
      after(() =>
        each(groups, (g) => {
          g.size = indexOf(g).toNum().times(10).plus(count(members).toNum())
          g.order = g.code.toNum()
          each(membersOf(g), (m) => {
            m.seen = membersOf.at(g, month().plus(4).modulo(3)).weight.times(0).plus(indexOf(m).toNum())
          })
        }),
      ),
    ).toEqual({ size: [4, 14, 24], order: [7, 0, 1], seen: [0, 1, 2, 3] })
  })

  it('compile to the same bytes whatever the counts are', () => {
    const program = traceOf({
      ...model,
      tables: [results, visits],
      start,
      month: () =>
        each(groups, (g) => {
          g.size = sum(friends(g), (m) => m.weight)
        }),
      finish,
    })
    const again = traceOf({
      ...model,
      tables: [results, visits],
      start,
      month: () =>
        each(groups, (g) => {
          g.size = sum(friends(g), (m) => m.weight)
        }),
      finish,
    })
    expect(Buffer.compare(binaryOf(program), binaryOf(again))).toBe(0)
    const single = structured({
      counts: [
        [groups, 1],
        [members, 1],
        [world, 1],
      ],
      relations: [
        [membersOf, [1]],
        [friends, [[0, 0]]],
        [groupOf, [0]],
      ],
      values: [[groups.column.code, [1]]],
    })
    const large = run(program, given, { point })
    const small = run(program, single, { point: new Map([[members.column.weight, [5]]]) })
    expect(Array.from(large.output('results', 'size', { replications: 1 }))).toEqual([9, 0, 2])
    expect(Array.from(small.output('results', 'size', { replications: 1 }))).toEqual([10])
  })
})

describe('a ring of children', () => {
  const plans = dimension('plans', 'prepaid plans', {
    term: structure({ unit: 'months', meaning: 'term' }),
    due: state({ unit: '1', meaning: 'expiring this month' }),
  })
  const cohorts = dimension('cohorts', 'customers by month of expiry', {
    customers: state({ unit: '1', meaning: 'customers' }),
  })
  const ring = children('ring', plans, cohorts)

  it('returns what was put in one term ago', () => {
    const table = tableOf('expired', plans, ['due'], true)
    const program = traceOf({
      dimensions: [plans, cohorts],
      relations: [ring],
      tables: [table],
      start: () => {
        each(plans, (p) => {
          p.due = num(0)
        })
        each(cohorts, (c) => {
          c.customers = num(0)
        })
      },
      month: () =>
        each(plans, (p) => {
          const slot = ring.at(p, month().modulo(p.term))
          p.due = slot.customers
          slot.customers = month().toNum().plus(1)
          recordRow(table, p, { due: p.due })
        }),
    })
    const instance = run(
      program,
      structured({
        counts: [
          [plans, 2],
          [cohorts, 4],
        ],
        relations: [[ring, [3, 1]]],
        values: [[plans.column.term, [3, 1]]],
      }),
      { months: 5 },
    )
    const rows = Array.from(instance.output('expired', 'due', { replications: 1 }))
    expect(rows.filter((_, i) => i % 2 === 0)).toEqual([0, 0, 0, 1, 2])
    expect(rows.filter((_, i) => i % 2 === 1)).toEqual([0, 1, 2, 3, 4])
  })
})

describe('routines', () => {
  const hypotenuse = routine('hypotenuse', ['num', 'num'], (a, b) =>
    a.squared().plus(b.squared()).squareRoot(),
  )
  const inner = routine(
    'inner',
    ['num'],
    (x) =>
      chooseNum(
        x.isAbove(1),
        () => x.times(2),
        () => x.minus(5),
      ),
    { inline: true },
  )
  const outer = routine('outer', ['num'], (x) => inner(x).plus(inner(x.plus(1))), { inline: true })
  const many = routine(
    'many',
    ['num', 'whole', 'bool'],
    (x, w, b) =>
      [
        x,
        x.plus(1),
        x.plus(2),
        x.plus(3),
        x.plus(4),
        x.plus(5),
        x.plus(6),
        x.plus(7),
        x.plus(8),
        w.plus(1),
        b.not(),
      ] as (Num | Bool)[],
  )

  it('are called with uniform and per-lane arguments', () => {
    expect(
      valuesOf(() => ({ mixed: hypotenuse(lane(), 4), uniform: hypotenuse(only(world).a.plus(0.5), 4) })),
    ).toEqual({ mixed: [4, Math.sqrt(17), Math.sqrt(20), 5], uniform: same(5) })
  })

  it('may be inlined, also into one another', () => {
    // inner: x > 1 doubles, else subtracts 5.
    expect(valuesOf(() => ({ y: outer(lane()) }))).toEqual({ y: [-5 + -4, -4 + 4, 4 + 6, 6 + 8] })
  })

  it('return as many values as they like', () => {
    const values = valuesOf(() => {
      const results = many(lane(), replication(), lane().isBelow(1))
      return Object.fromEntries(
        results.map((result, i) => [`r${i}`, 'toNum' in result ? result.toNum() : result]),
      )
    })
    expect(values.r8).toEqual([8, 9, 10, 11])
    expect(values.r9).toEqual([1, 2, 3, 4])
    expect(values.r10).toEqual([0, 1, 1, 1])
  })

  it('run outside a model too, with the same result on both back ends', () => {
    const mix = routine('mix', ['whole', 'whole'], (a, b) => [
      whereWhole(a.equals(b), a.times(3), a.minus(b).rotatedLeft(5)),
      a.xor(b),
    ])
    withTracer(new Tracer({ laneParameters: new Set(), laneFlows: new Set(), written: new Set() }), () => {
      const plain = plainFunction(mix as never) as unknown as (...args: number[]) => number[]
      const pairs = [
        [4294967295, 4294967295],
        [0, 1],
        [2147483648, 7],
        [5, 2147483653],
      ] as [number, number][]
      expect(plain(4294967295, 4294967295)).toEqual([4294967293, 0])
      const lanes = wasmRoutine(mix as never)([pairs.map(([a]) => a), pairs.map(([, b]) => b)])
      expect(pairs.map((pair) => plain(...pair))).toEqual(
        pairs.map((_, i) => lanes.map((values) => values[i])),
      )
    })
  })
})
