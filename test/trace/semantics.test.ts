/** What each construct means, on programs small enough to work out by hand; each runs on both back ends. */
import { describe, expect, it } from 'vitest'
import { plainFunction } from '../../engine/backends/javascript.ts'
import { wasmRoutine } from '../../engine/backends/wasm.ts'
import { Instance } from '../../engine/simulation/instance.ts'
import { BLOCK, HEADER, layoutOf } from '../../engine/trace/layout.ts'
import { Tracer, withTracer } from '../../engine/trace/tracer.ts'
import {
  bool, children, choose, chooseNum, clamp, count, dimension, each, exponent, flow, fold, indexOf, link, list, max, maximum, min, minimum, month, num, only,
  parameter, powerOfTwo, recordRow, repeat, replication, routine, significand, state, structure, sum, sums, when, where, whereBool, whereWhole, whole,
  type Bool, type Num, type Program, type RecordTable,
} from '../../engine/trace/index.ts'
import { binaryOf, run, structured, tableOf, traceOf, type SmallModel } from './helper.ts'

const world = dimension('world', 'everything', {
  a: parameter({ unit: '1', meaning: 'a parameter' }),
  x: state({ unit: '1', meaning: 'a state' }),
  y: state({ unit: '1', meaning: 'a state' }),
  live: state({ unit: '1', meaning: 'a condition', kind: 'bool' }),
  v: state({ unit: '1', meaning: 'a vector', length: 3 }),
  u: flow({ unit: '1', meaning: 'a flow' }),
  w: flow({ unit: '1', meaning: 'a flow' }),
})
const oneWorld = structured({ counts: [[world, 1]] })

/** What `work` gives in each of the four lanes, computed at the end of a month of a model with one record. */
function valuesOf(work: () => Record<string, Num | Bool>, { months = 1, start }: { months?: number; start?: () => void } = {}): Record<string, number[]> {
  const tables: RecordTable[] = []
  const program = traceOf({
    dimensions: [world], tables,
    start: () => {
      const w = only(world)
      w.x = num(0)
      w.y = num(0)
      w.live = bool(false)
      for (const i of [0, 1, 2]) w.v.set(i, 0)
      start?.()
    },
    month: () => {
      const values = work()
      const table = tables[0] ?? tableOf('values', world, Object.keys(values), true)
      if (tables.length === 0) tables.push(table)
      recordRow(table, only(world), values)
    },
  })
  const instance = run(program, oneWorld, { months, point: new Map([[world.column.a, [2.5]]]) })
  return Object.fromEntries((tables[0] as RecordTable).columns.map(({ name }) => {
    const rows = Array.from(instance.output('values', name, { replications: 4 }))
    return [name, rows.filter((_, i) => i % months === months - 1)]
  }))
}
const same = (value: number): number[] => [value, value, value, value]
/** The replication's number as a number: 0 to 3 in the four lanes. */
const lane = (): Num => replication().toNum()

describe('numbers', () => {
  it('follow IEEE 754', () => {
    expect(valuesOf(() => ({
      plus: lane().plus(0.1), minus: num(1).minus(lane()), times: lane().times(only(world).a), over: num(1).over(lane()), negated: lane().minus(1).negated(),
      absolute: lane().minus(2).absolute(), root: lane().squareRoot(), floor: lane().minus(1.5).floor(), squared: lane().plus(1).squared(),
    }))).toEqual({
      plus: [0.1, 1.1, 2.1, 3.1], minus: [1, 0, -1, -2], times: [0, 2.5, 5, 7.5], over: [Infinity, 1, 0.5, 1 / 3], negated: [1, -0, -1, -2],
      absolute: [2, 1, 0, 1], root: [0, 1, Math.SQRT2, Math.sqrt(3)], floor: [-2, -1, 0, 1], squared: [1, 4, 9, 16],
    })
  })

  it('are compared and chosen', () => {
    expect(valuesOf(() => ({
      below: lane().isBelow(2), atMost: lane().isAtMost(2), above: lane().isAbove(2), atLeast: lane().isAtLeast(2), equals: lane().equals(2),
      min: min(lane(), 1.5), max: max(lane(), 1.5), clamp: clamp(lane(), { low: 1, high: 2 }), where: where(lane().isBelow(2), 10, lane()),
    }))).toEqual({
      below: [1, 1, 0, 0], atMost: [1, 1, 1, 0], above: [0, 0, 0, 1], atLeast: [0, 0, 1, 1], equals: [0, 0, 1, 0],
      min: [0, 1, 1.5, 1.5], max: [1.5, 1.5, 2, 3], clamp: [1, 1, 2, 2], where: [10, 10, 2, 3],
    })
  })

  it('are taken apart and put together by their bits, in lanes and as uniform values', () => {
    const x = () => [where(lane().isBelow(2), 10, 0.75), num(1e-300).times(only(world).a)] as const
    expect(valuesOf(() => {
      const [perLane, uniform] = x()
      return {
        power: powerOfTwo(lane().minus(2)), exponent: exponent(perLane), significand: significand(perLane),
        uniformPower: powerOfTwo(only(world).a.floor()), uniformExponent: exponent(uniform), uniformSignificand: significand(only(world).a),
      }
    })).toEqual({
      power: [0.25, 0.5, 1, 2], exponent: [3, 3, -1, -1], significand: [1.25, 1.25, 1.5, 1.5],
      uniformPower: same(4), uniformExponent: same(Math.floor(Math.log2(2.5e-300))), uniformSignificand: same(1.25),
    })
  })

  it('take the first of two equal numbers as smaller and as larger, which shows in the sign of 0', () => {
    const zeros = valuesOf(() => {
      const negative = where(lane().isBelow(9), -0, 1)
      const positive = where(lane().isBelow(9), 0, 1)
      return { min: min(positive, negative), max: max(negative, positive) }
    })
    expect(zeros).toEqual({ min: same(0), max: same(-0) })
  })
})

describe('conditions', () => {
  it('combine', () => {
    expect(valuesOf(() => {
      const odd = replication().and(1).equals(1)
      const late = lane().isAtLeast(2)
      return {
        and: odd.and(late), or: odd.or(late), not: odd.not(), literal: odd.and(true), chosen: whereBool(odd, late, true), number: late.toNum().times(7),
      }
    })).toEqual({ and: [0, 0, 0, 1], or: [0, 1, 1, 1], not: [1, 0, 1, 0], literal: [0, 1, 0, 1], chosen: [1, 0, 1, 1], number: [0, 0, 7, 7] })
  })
})

describe('whole numbers', () => {
  it('are unsigned and wrap around', () => {
    const r = () => replication()
    expect(valuesOf(() => ({
      minus: r().minus(1).toNum(), times: r().plus(0xffff_ffff).times(2).toNum(), xor: r().xor(0xf000_0000).toNum(), left: r().shiftedLeft(31).toNum(),
      right: r().minus(1).shiftedRight(28).toNum(), rotated: r().rotatedLeft(31).toNum(), kept: r().rotatedLeft(0).toNum(), or: r().or(8).toNum(),
      below: r().minus(2).isBelow(2), equals: r().minus(1).equals(0xffff_ffff), chosen: whereWhole(r().isBelow(2), 0x8000_0000, r()).toNum(),
    }))).toEqual({
      minus: [4294967295, 0, 1, 2], times: [4294967294, 0, 2, 4], xor: [0, 1, 2, 3].map((i) => 0xf000_0000 + i), left: [0, 2147483648, 0, 2147483648],
      right: [15, 0, 0, 0], rotated: [0, 2147483648, 1, 2147483649], kept: [0, 1, 2, 3], or: [8, 9, 10, 11],
      below: [0, 0, 1, 1], equals: [1, 0, 0, 0], chosen: [2147483648, 2147483648, 2, 3],
    })
  })

  it('leave 0 when divided by 0', () => {
    expect(valuesOf(() => ({ x: month().plus(7).modulo(month()).toNum() }), { months: 1 })).toEqual({ x: same(0) })
    expect(valuesOf(() => ({ x: month().plus(7).modulo(month()).toNum() }), { months: 4 })).toEqual({ x: same(1) })
  })
})

describe('vectors', () => {
  it('have literal components and components computed from uniform whole numbers', () => {
    const values = valuesOf(() => {
      const w = only(world)
      w.v.set(month().modulo(3), lane().plus(month().toNum().times(10)))
      return { first: w.v.at(0), second: w.v.at(1), third: w.v.at(2), now: w.v.at(month().modulo(3)), set: w.v.set(2, w.v.at(2).plus(0)).times(1) }
    }, { months: 5 })
    expect(values).toEqual({ first: [30, 31, 32, 33], second: [40, 41, 42, 43], third: [20, 21, 22, 23], now: [40, 41, 42, 43], set: [20, 21, 22, 23] })
  })
})

describe('conditions on work', () => {
  it('do it for the lanes that satisfy them and leave the others alone', () => {
    expect(valuesOf(() => {
      const w = only(world)
      when(lane().isAtLeast(1), () => {
        w.x = lane()
        when(lane().isAtLeast(2), () => { w.y = w.x.times(10) })
        w.x = w.x.plus(100)
      })
      return { x: w.x, y: w.y }
    })).toEqual({ x: [0, 101, 102, 103], y: [0, 0, 20, 30] })
  })

  it('may be the same for all replications', () => {
    expect(valuesOf(() => {
      const w = only(world)
      when(month().equals(2), () => { w.x = num(5) })
      when(w.a.isBelow(2), () => { w.y = num(5) })
      return { x: w.x, y: w.y }
    }, { months: 4 })).toEqual({ x: same(5), y: same(0) })
  })

  it('choose between results of every kind', () => {
    expect(valuesOf(() => {
      const odd = replication().and(1).equals(1)
      const { n, b, w } = choose(odd, () => ({ n: lane(), b: lane().isAbove(2), w: replication() }), () => ({ n: num(-1), b: bool(true), w: whole(9) }))
      return { n, b, w: w.toNum(), one: chooseNum(odd.not(), () => 4, () => lane().negated()) }
    })).toEqual({ n: [-1, 1, -1, 3], b: [1, 0, 1, 1], w: [9, 1, 9, 3], one: [4, -1, 4, -3] })
  })

  it('decided while tracing leave one side only', () => {
    expect(valuesOf(() => ({ x: chooseNum(true, () => 1, () => { throw new Error('not traced') }) }))).toEqual({ x: same(1) })
  })
})

describe('repeat', () => {
  /** Steps of Collatz from `n` to 1. */
  const collatz = (n: Num, active: Bool | boolean) => repeat(active, { n, steps: num(0), bits: whole(1) }, ({ n: now, steps, bits }) => {
    const even = now.times(0.5).floor().times(2).equals(now)
    const next = where(even, now.times(0.5), now.times(3).plus(1))
    return { again: next.equals(1).not().and(steps.isBelow(200)), next: { n: next, steps: steps.plus(1), bits: bits.shiftedLeft(1) } }
  })

  it('goes on for each lane until it is done, and keeps what it has', () => {
    expect(valuesOf(() => {
      const { n, steps, bits } = collatz(lane().plus(2), true)
      return { n, steps, bits: bits.toNum() }
    })).toEqual({ n: same(1), steps: [1, 7, 2, 5], bits: [2, 128, 4, 32] })
  })

  it('does nothing for lanes that are not active, or outside a condition around it', () => {
    expect(valuesOf(() => ({ steps: collatz(lane().plus(2), lane().isBelow(2)).steps }))).toEqual({ steps: [1, 7, 0, 0] })
    expect(valuesOf(() => {
      const w = only(world)
      when(lane().isBelow(2), () => {
        const { steps } = repeat(true, { steps: num(0) }, ({ steps: before }) => {
          w.y = w.y.plus(1)
          return { again: before.isBelow(lane().plus(1)), next: { steps: before.plus(1) } }
        })
        w.x = steps
      })
      return { x: w.x, y: w.y }
    })).toEqual({ x: [2, 3, 0, 0], y: [2, 3, 0, 0] })
  })
})

describe('loops', () => {
  const groups = dimension('groups', 'groups', { code: structure({ unit: '1', meaning: 'a number' }), size: state({ unit: '1', meaning: 'members' }), order: state({ unit: '1', meaning: 'digits' }) })
  const members = dimension('members', 'members', { weight: parameter({ unit: '1', meaning: 'a weight' }), seen: state({ unit: '1', meaning: 'visits' }) })
  const membersOf = children('membersOf', groups, members)
  const friends = list('friends', groups, members)
  const groupOf = link('groupOf', members, groups)
  const model = { dimensions: [groups, members, world], relations: [membersOf, friends, groupOf] }
  const given = structured({
    counts: [[groups, 3], [members, 4], [world, 1]], values: [[groups.column.code, [7, 0, 1]]],
    relations: [[membersOf, [3, 0, 1]], [friends, [[3, 0, 3], [], [1]]], [groupOf, [0, 0, 0, 2]]],
  })
  const point = new Map([[members.column.weight, [1, 2, 3, 4]]])
  const start = () => {
    each(groups, (g) => { g.size = num(0); g.order = num(0) })
    each(members, (m) => { m.seen = num(0) })
  }
  const results = tableOf('results', groups, ['size', 'order'])
  const visits = tableOf('visits', members, ['seen'])
  const finish = () => {
    each(groups, (g) => recordRow(results, g, { size: g.size, order: g.order }))
    each(members, (m) => recordRow(visits, m, { seen: m.seen }))
  }
  const after = (monthOf: () => void) => {
    const instance = run(traceOf({ ...model, tables: [results, visits], start, month: monthOf, finish }), given, { point })
    const rows = (table: string, column: string, records: number) => Array.from(instance.output(table, column, { replications: 1 }).subarray(0, records))
    return { size: rows('results', 'size', 3), order: rows('results', 'order', 3), seen: rows('visits', 'seen', 4) }
  }

  it('visit runs of children in order or backwards, and empty ones not at all', () => {
    const digits = (backwards: boolean) => after(() => each(groups, (g) => {
      g.size = sum(membersOf(g), () => 1)
      each(membersOf(g), (m) => { g.order = g.order.times(10).plus(m.weight) }, { backwards })
    }))
    expect(digits(false)).toEqual({ size: [3, 0, 1], order: [123, 0, 4], seen: [0, 0, 0, 0] })
    expect(digits(true)).toEqual({ size: [3, 0, 1], order: [321, 0, 4], seen: [0, 0, 0, 0] })
  })

  it('visit lists in their order, records as often as they are listed', () => {
    expect(after(() => each(groups, (g) => {
      const { order } = fold<typeof members.declare.columns, { order: Num }>(friends(g), { order: 0 }, ({ order: before }, m) => {
        m.seen = m.seen.plus(1)
        return { order: before.times(10).plus(m.weight) }
      })
      g.order = order
    }))).toEqual({ size: [0, 0, 0], order: [414, 0, 2], seen: [1, 1, 0, 2] })
  })

  it('reduce to sums, the largest and the smallest', () => {
    expect(after(() => each(groups, (g) => {
      const { total, squares } = sums(membersOf(g), (m) => ({ total: m.weight, squares: m.weight.squared() }))
      g.size = squares.minus(total)
      g.order = maximum(membersOf(g), -1, (m) => m.weight).times(100).plus(minimum(membersOf(g), 9, (m) => m.weight))
    }))).toEqual({ size: [8, 0, 12], order: [301, -91, 404], seen: [0, 0, 0, 0] })
  })

  it('follow links, which several records may share', () => {
    expect(after(() => {
      each(members, (m) => { const g = groupOf(m); g.size = g.size.plus(m.weight) })
      each(members, (m) => { m.seen = groupOf(m).size })
    })).toEqual({ size: [6, 0, 4], order: [0, 0, 0], seen: [6, 6, 6, 4] })
  })

  it('reach a child by number, and know positions, counts and structure columns', () => {
    expect(after(() => each(groups, (g) => {
      g.size = indexOf(g).toNum().times(10).plus(count(members).toNum())
      g.order = g.code.toNum()
      each(membersOf(g), (m) => { m.seen = membersOf.at(g, month().plus(4).modulo(3)).weight.times(0).plus(indexOf(m).toNum()) })
    }))).toEqual({ size: [4, 14, 24], order: [7, 0, 1], seen: [0, 1, 2, 3] })
  })

  it('compile to the same bytes whatever the counts are', () => {
    const program = traceOf({ ...model, tables: [results, visits], start, month: () => each(groups, (g) => { g.size = sum(friends(g), (m) => m.weight) }), finish })
    const again = traceOf({ ...model, tables: [results, visits], start, month: () => each(groups, (g) => { g.size = sum(friends(g), (m) => m.weight) }), finish })
    expect(Buffer.compare(binaryOf(program), binaryOf(again))).toBe(0)
    const single = structured({ counts: [[groups, 1], [members, 1], [world, 1]], relations: [[membersOf, [1]], [friends, [[0, 0]]], [groupOf, [0]]], values: [[groups.column.code, [1]]] })
    const large = run(program, given, { point })
    const small = run(program, single, { point: new Map([[members.column.weight, [5]]]) })
    expect(Array.from(large.output('results', 'size', { replications: 1 }))).toEqual([9, 0, 2])
    expect(Array.from(small.output('results', 'size', { replications: 1 }))).toEqual([10])
  })
})

describe('a ring of children', () => {
  const plans = dimension('plans', 'prepaid plans', { term: structure({ unit: 'months', meaning: 'term' }), due: state({ unit: '1', meaning: 'expiring this month' }) })
  const cohorts = dimension('cohorts', 'customers by month of expiry', { customers: state({ unit: '1', meaning: 'customers' }) })
  const ring = children('ring', plans, cohorts)

  it('returns what was put in one term ago', () => {
    const table = tableOf('expired', plans, ['due'], true)
    const program = traceOf({
      dimensions: [plans, cohorts], relations: [ring], tables: [table],
      start: () => { each(plans, (p) => { p.due = num(0) }); each(cohorts, (c) => { c.customers = num(0) }) },
      month: () => each(plans, (p) => {
        const slot = ring.at(p, month().modulo(p.term))
        p.due = slot.customers
        slot.customers = month().toNum().plus(1)
        recordRow(table, p, { due: p.due })
      }),
    })
    const instance = run(program, structured({ counts: [[plans, 2], [cohorts, 4]], relations: [[ring, [3, 1]]], values: [[plans.column.term, [3, 1]]] }), { months: 5 })
    const rows = Array.from(instance.output('expired', 'due', { replications: 1 }))
    expect(rows.filter((_, i) => i % 2 === 0)).toEqual([0, 0, 0, 1, 2])
    expect(rows.filter((_, i) => i % 2 === 1)).toEqual([0, 1, 2, 3, 4])
  })
})

describe('routines', () => {
  const hypotenuse = routine('hypotenuse', ['num', 'num'], (a, b) => a.squared().plus(b.squared()).squareRoot())
  const inner = routine('inner', ['num'], (x) => chooseNum(x.isAbove(1), () => x.times(2), () => x.minus(5)), { inline: true })
  const outer = routine('outer', ['num'], (x) => inner(x).plus(inner(x.plus(1))), { inline: true })
  const many = routine('many', ['num', 'whole', 'bool'], (x, w, b) => [
    x, x.plus(1), x.plus(2), x.plus(3), x.plus(4), x.plus(5), x.plus(6), x.plus(7), x.plus(8), w.plus(1), b.not(),
  ] as (Num | Bool)[])

  it('are called with uniform and per-lane arguments', () => {
    expect(valuesOf(() => ({ mixed: hypotenuse(lane(), 4), uniform: hypotenuse(only(world).a.plus(0.5), 4) }))).toEqual({ mixed: [4, Math.sqrt(17), Math.sqrt(20), 5], uniform: same(5) })
  })

  it('may be inlined, also into one another', () => {
    // inner: x > 1 doubles, else subtracts 5.
    expect(valuesOf(() => ({ y: outer(lane()) }))).toEqual({ y: [-5 + -4, -4 + 4, 4 + 6, 6 + 8] })
  })

  it('return as many values as they like', () => {
    const values = valuesOf(() => {
      const results = many(lane(), replication(), lane().isBelow(1))
      return Object.fromEntries(results.map((result, i) => [`r${i}`, 'toNum' in result ? result.toNum() : result]))
    })
    expect(values.r8).toEqual([8, 9, 10, 11])
    expect(values.r9).toEqual([1, 2, 3, 4])
    expect(values.r10).toEqual([0, 1, 1, 1])
  })

  it('run outside a model too, with the same result on both back ends', () => {
    const mix = routine('mix', ['whole', 'whole'], (a, b) => [whereWhole(a.equals(b), a.times(3), a.minus(b).rotatedLeft(5)), a.xor(b)])
    withTracer(new Tracer({ laneParameters: new Set(), laneFlows: new Set(), written: new Set() }), () => {
      const plain = plainFunction(mix as never) as unknown as (...args: number[]) => number[]
      const pairs = [[4294967295, 4294967295], [0, 1], [2147483648, 7], [5, 2147483653]] as [number, number][]
      expect(plain(4294967295, 4294967295)).toEqual([4294967293, 0])
      const lanes = wasmRoutine(mix as never)([pairs.map(([a]) => a), pairs.map(([, b]) => b)])
      expect(pairs.map((pair) => plain(...pair))).toEqual(pairs.map((_, i) => lanes.map((values) => values[i])))
    })
  })
})

describe('flows', () => {
  const table = tableOf('result', world, ['x'])
  const result = (month_: SmallModel['month'] & object, { start = () => {}, finish = () => {} }: { start?: () => void; finish?: () => void } = {}): { program: Program; x: number[] } => {
    const program = traceOf({
      dimensions: [world], tables: [table], start: [() => { only(world).x = num(0) }, start], month: month_,
      finish: [finish, () => recordRow(table, only(world), { x: only(world).x })],
    })
    const instance = run(program, oneWorld, { months: 3, point: new Map([[world.column.a, [2.5]]]) })
    return { program, x: Array.from(instance.output('result', 'x', { replications: 4 })) }
  }
  const spaceOf = (program: Program) => layoutOf(program).columns.get(world.column.u)?.space
  const add = (amount: () => Num) => () => { const w = only(world); w.x = w.x.plus(amount()) }

  it('that never vary by replication are computed once per point and month', () => {
    const { program, x } = result([() => { only(world).u = only(world).a.times(month().toNum()) }, add(() => only(world).u)])
    expect(x).toEqual(same(2.5 * (0 + 1 + 2)))
    expect(spaceOf(program)).toBe('month')
    expect(program.prelude.map(({ name }) => name)).toEqual(['month 0'])
    expect(program.month.map(({ name }) => name)).toEqual(['month 1'])
    expect([...program.uniformFlows]).toEqual([world.column.u])
  })

  it('that vary anywhere are kept per lane', () => {
    const { program, x } = result([() => { only(world).u = num(1) }, () => { only(world).u = only(world).u.plus(lane()) }, add(() => only(world).u)])
    expect(x).toEqual([3, 6, 9, 12])
    expect(spaceOf(program)).toBe('lane')
    expect(program.prelude).toEqual([])
  })

  it('may be built up in several steps before they are read', () => {
    const { program, x } = result([() => { only(world).u = num(1) }, () => { only(world).u = only(world).u.plus(only(world).a) }, add(() => only(world).u)])
    expect(x).toEqual(same(10.5))
    expect(spaceOf(program)).toBe('month')
  })

  it('that are set again after they were read have at each place the value of that place', () => {
    const { program, x } = result([() => { only(world).u = num(1) }, add(() => only(world).u), () => { only(world).u = num(10) }, add(() => only(world).u)])
    expect(x).toEqual(same(33))
    expect(spaceOf(program)).toBe('lane')
  })

  it('of a start or finish step are not those of the month', () => {
    const use = add(() => only(world).u)
    expect(result(() => {}, { start: () => { only(world).u = num(7); use() } }).x).toEqual(same(7))
    expect(result([() => { only(world).u = num(1) }, use], { finish: () => { only(world).u = num(7); use() } }).x).toEqual(same(10))
    expect(result([() => { only(world).u = num(1) }, use], { finish: use }).x).toEqual(same(4))
  })

  const cells = dimension('cells', 'cells', { weight: parameter({ unit: '1', meaning: 'a weight' }), got: state({ unit: '1', meaning: 'a sum' }), share: flow({ unit: '1', meaning: 'a flow' }) })
  const cellRows = tableOf('cells', cells, ['got'])
  const ofCells = (work: () => void) => {
    const program = traceOf({
      dimensions: [world, cells], tables: [cellRows],
      start: () => { only(world).x = num(0); each(cells, (c) => { c.got = num(0) }) },
      month: work, finish: () => each(cells, (c) => recordRow(cellRows, c, { got: c.got })),
    })
    const instance = run(program, structured({ counts: [[world, 1], [cells, 3]] }), { point: new Map([[cells.column.weight, [1, 2, 3]]]) })
    return { space: layoutOf(program).columns.get(cells.column.share)?.space, got: Array.from(instance.output('cells', 'got', { replications: 1 })) }
  }

  it('set and read record by record in one loop stay uniform', () => {
    // The division between them is not known to the loop that reads, so it reads memory.
    expect(ofCells(() => {
      each(cells, (c) => { c.share = c.weight.over(2); each(cells, (other) => { other.got = other.got.plus(c.share) }) })
    })).toEqual({ space: 'month', got: [3, 3, 3] })
  })

  it('set in a loop for all and read for another record in the same pass are read as they stand', () => {
    const { space, got } = ofCells(() => {
      each(cells, (c) => { c.share = num(0) })
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
        each(cells, (c) => { c.share = outer.weight; each(cells, (other) => { other.got = other.got.plus(c.share) }) })
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
    dimensions: [world, lonely], relations: [toLonely], tables: [table],
    start: () => { const w = only(world); w.x = num(1); w.y = num(2); each(lonely, (l) => { l.z = num(1) }) },
    month: [
      () => { const w = only(world); w.y = w.y.times(w.a); toLonely(w).z = w.y; each(lonely, (l) => { l.z = l.z.plus(1) }) },
      () => { const w = only(world); w.x = w.x.plus(1) },
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
      dimensions: [world, lonely], relations: [toLonely], tables: [table], start: () => { only(world).x = num(1) },
      month: () => { const w = only(world); w.x = w.x.plus(1) }, finish: () => recordRow(table, only(world), { x: only(world).x }),
    })
    expect(Buffer.compare(binaryOf(program), binaryOf(without))).toBe(0)
  })

  it('need not be given', () => {
    const instance = run(program, structured({ counts: [[world, 1], [lonely, 2]], relations: [[toLonely, [0]]] }), { months: 4 })
    expect(Array.from(instance.output('result', 'x', { replications: 4 }))).toEqual(same(5))
  })
})

describe('recording', () => {
  const counts = structured({ counts: [[world, 1]] })
  const small = { name: 'small', dimension: world, everyMonth: false, columns: [{ name: 'i', type: 'i32' as const }, { name: 'u', type: 'u8' as const }] }

  it('cuts fractions off and holds whole numbers in the range of their type', () => {
    const cases: [number, number, number][] = [[1.9, 1, 1], [-1.9, -1, 255], [256, 256, 0], [3e9, 2147483647, 255], [-3e9, -2147483648, 0], [Infinity, 2147483647, 255]]
    for (const [given, i, u] of cases) {
      const program = traceOf({ dimensions: [world], tables: [small], finish: () => recordRow(small, only(world), { i: only(world).a, u: only(world).a }) })
      const instance = run(program, counts, { point: new Map([[world.column.a, [given]]]) })
      expect(Array.from(instance.output('small', 'i', { replications: 4 }))).toEqual(same(i))
      expect(Array.from(instance.output('small', 'u', { replications: 4 }))).toEqual(same(u))
    }
  })

  it('lays rows out by replication, month and record', () => {
    const cells = dimension('cells', 'cells', { a: parameter({ unit: '1', meaning: 'unused' }) })
    const table = tableOf('rows', cells, ['value'], true)
    const program = traceOf({
      dimensions: [cells], tables: [table],
      month: () => each(cells, (c) => recordRow(table, c, { value: lane().times(100).plus(month().toNum().times(10)).plus(indexOf(c).toNum()) })),
    })
    const instance = run(program, structured({ counts: [[cells, 2]] }), { months: 2 })
    expect(Array.from(instance.output('rows', 'value', { replications: 4 }))).toEqual([0, 1, 10, 11, 100, 101, 110, 111, 200, 201, 210, 211, 300, 301, 310, 311])
  })
})

describe('memory', () => {
  const pets = dimension('pets', 'pets', { fed: state({ unit: '1', meaning: 'meals' }) })
  const chosen = list('chosen', world, pets)
  const table = tableOf('meals', pets, ['fed'])
  const program = traceOf({
    dimensions: [world, pets], relations: [chosen], tables: [table],
    start: () => each(chosen(only(world)), (p) => { p.fed = num(1) }),
    month: () => each(pets, (p) => { p.fed = p.fed.plus(1) }),
    finish: () => each(pets, (p) => recordRow(table, p, { fed: p.fed })),
  })
  const given = structured({ counts: [[world, 1], [pets, 3]], relations: [[chosen, [[1]]]] })

  it('forgets the batch before: what a start step leaves out is 0', () => {
    const instance = run(program, given, { months: 2, rows: 8 })
    for (let i = 0; i < 2; i++) {
      instance.runReplications({ first: 0, count: 8 })
      expect(Array.from(instance.output('meals', 'fed', { replications: 8 }))).toEqual(Array.from({ length: 8 }, () => [2, 3, 2]).flat())
    }
  })

  it('keeps per-lane parameters from batch to batch', () => {
    const result = tableOf('result', world, ['x'])
    const perLane = traceOf({
      dimensions: [world], tables: [result], start: () => { only(world).x = num(0) },
      month: () => { const w = only(world); w.x = w.x.plus(w.a) }, finish: () => recordRow(result, only(world), { x: only(world).x }),
    }, { laneParameters: [world.column.a] })
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
    expect(Array.from(words.subarray((instance.blockAddress(0) + BLOCK.replications) >> 2, (instance.blockAddress(0) >> 2) + 4))).toEqual([0, 1, 2, 3])
  })
})

describe('steps one by one', () => {
  it('leave what a whole month leaves', () => {
    const table = tableOf('result', world, ['x'])
    const program = traceOf({
      dimensions: [world], tables: [table], start: () => { only(world).x = num(1) },
      month: [() => { const w = only(world); w.x = w.x.plus(w.a) }, () => { const w = only(world); w.x = w.x.times(lane()) }],
      finish: () => recordRow(table, only(world), { x: only(world).x }),
    })
    const expected = Array.from(run(program, oneWorld, { months: 3, point: new Map([[world.column.a, [2]]]) }).output('result', 'x', { replications: 4 }))
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
