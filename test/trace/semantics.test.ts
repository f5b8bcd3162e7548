/** What operations on values mean, worked out by hand; everything runs on both back ends. */
import { describe, expect, it } from 'vitest'
import {
  clamp,
  exponent,
  link,
  max,
  min,
  month,
  num,
  only,
  powerOfTwo,
  recordRow,
  replication,
  significand,
  where,
  whereBool,
  whereWhole,
} from '../../engine/trace/index.ts'
import { run, structured, tableOf, traceOf } from './helper.ts'
import { lane, same, valuesOf, world } from './one-world.ts'

describe('numbers', () => {
  it('follow IEEE 754', () => {
    expect(
      valuesOf(() => ({
        plus: lane().plus(0.1),
        minus: num(1).minus(lane()),
        times: lane().times(only(world).a),
        over: num(1).over(lane()),
        negated: lane().minus(1).negated(),
        absolute: lane().minus(2).absolute(),
        root: lane().squareRoot(),
        floor: lane().minus(1.5).floor(),
        squared: lane().plus(1).squared(),
      })),
    ).toEqual({
      plus: [0.1, 1.1, 2.1, 3.1],
      minus: [1, 0, -1, -2],
      times: [0, 2.5, 5, 7.5],
      over: [Infinity, 1, 0.5, 1 / 3],
      negated: [1, -0, -1, -2],
      absolute: [2, 1, 0, 1],
      root: [0, 1, Math.SQRT2, Math.sqrt(3)],
      floor: [-2, -1, 0, 1],
      squared: [1, 4, 9, 16],
    })
  })

  it('are compared and chosen', () => {
    expect(
      valuesOf(() => ({
        below: lane().isBelow(2),
        atMost: lane().isAtMost(2),
        above: lane().isAbove(2),
        atLeast: lane().isAtLeast(2),
        equals: lane().equals(2),
        min: min(lane(), 1.5),
        max: max(lane(), 1.5),
        clamp: clamp(lane(), { low: 1, high: 2 }),
        where: where(lane().isBelow(2), 10, lane()),
      })),
    ).toEqual({
      below: [1, 1, 0, 0],
      atMost: [1, 1, 1, 0],
      above: [0, 0, 0, 1],
      atLeast: [0, 0, 1, 1],
      equals: [0, 0, 1, 0],
      min: [0, 1, 1.5, 1.5],
      max: [1.5, 1.5, 2, 3],
      clamp: [1, 1, 2, 2],
      where: [10, 10, 2, 3],
    })
  })

  it('are taken apart and put together by their bits, in lanes and as uniform values', () => {
    const x = () => [where(lane().isBelow(2), 10, 0.75), num(1e-300).times(only(world).a)] as const
    expect(
      valuesOf(() => {
        const [perLane, uniform] = x()
        return {
          power: powerOfTwo(lane().minus(2)),
          exponent: exponent(perLane),
          significand: significand(perLane),
          uniformPower: powerOfTwo(only(world).a.floor()),
          uniformExponent: exponent(uniform),
          uniformSignificand: significand(only(world).a),
        }
      }),
    ).toEqual({
      power: [0.25, 0.5, 1, 2],
      exponent: [3, 3, -1, -1],
      significand: [1.25, 1.25, 1.5, 1.5],
      uniformPower: same(4),
      uniformExponent: same(Math.floor(Math.log2(2.5e-300))),
      uniformSignificand: same(1.25),
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
    expect(
      valuesOf(() => {
        const odd = replication().and(1).equals(1)
        const late = lane().isAtLeast(2)
        return {
          and: odd.and(late),
          or: odd.or(late),
          not: odd.not(),
          literal: odd.and(true),
          chosen: whereBool(odd, late, true),
          number: late.toNum().times(7),
        }
      }),
    ).toEqual({
      and: [0, 0, 0, 1],
      or: [0, 1, 1, 1],
      not: [1, 0, 1, 0],
      literal: [0, 1, 0, 1],
      chosen: [1, 0, 1, 1],
      number: [0, 0, 7, 7],
    })
  })
})

describe('whole numbers', () => {
  it('are unsigned and wrap around', () => {
    const r = () => replication()
    expect(
      valuesOf(() => ({
        minus: r().minus(1).toNum(),
        times: r().plus(0xffff_ffff).times(2).toNum(),
        xor: r().xor(0xf000_0000).toNum(),
        left: r().shiftedLeft(31).toNum(),
        right: r().minus(1).shiftedRight(28).toNum(),
        rotated: r().rotatedLeft(31).toNum(),
        kept: r().rotatedLeft(0).toNum(),
        or: r().or(8).toNum(),
        below: r().minus(2).isBelow(2),
        equals: r().minus(1).equals(0xffff_ffff),
        chosen: whereWhole(r().isBelow(2), 0x8000_0000, r()).toNum(),
      })),
    ).toEqual({
      minus: [4294967295, 0, 1, 2],
      times: [4294967294, 0, 2, 4],
      xor: [0, 1, 2, 3].map((i) => 0xf000_0000 + i),
      left: [0, 2147483648, 0, 2147483648],
      right: [15, 0, 0, 0],
      rotated: [0, 2147483648, 1, 2147483649],
      kept: [0, 1, 2, 3],
      or: [8, 9, 10, 11],
      below: [0, 0, 1, 1],
      equals: [1, 0, 0, 0],
      chosen: [2147483648, 2147483648, 2, 3],
    })
  })

  it('leave 0 when divided by 0', () => {
    expect(valuesOf(() => ({ x: month().plus(7).modulo(month()).toNum() }), { months: 1 })).toEqual({
      x: same(0),
    })
    expect(valuesOf(() => ({ x: month().plus(7).modulo(month()).toNum() }), { months: 4 })).toEqual({
      x: same(1),
    })
  })
})

describe('vectors', () => {
  it('have literal components and components computed from uniform whole numbers', () => {
    const values = valuesOf(
      () => {
        const w = only(world)
        w.v.set(month().modulo(3), lane().plus(month().toNum().times(10)))
        return {
          first: w.v.at(0),
          second: w.v.at(1),
          third: w.v.at(2),
          now: w.v.at(month().modulo(3)),
          set: w.v.set(2, w.v.at(2).plus(0)).times(1),
        }
      },
      { months: 5 },
    )
    expect(values).toEqual({
      first: [30, 31, 32, 33],
      second: [40, 41, 42, 43],
      third: [20, 21, 22, 23],
      now: [40, 41, 42, 43],
      set: [20, 21, 22, 23],
    })
  })
})

describe('reads', () => {
  it('see writes to components that only the run knows', () => {
    expect(
      valuesOf(() => {
        const w = only(world)
        for (const i of [0, 1, 2]) w.v.set(i, i)
        w.v.set(month().plus(1).modulo(3), 10)
        const before = w.v.at(2).plus(0)
        w.v.set(month().plus(2).modulo(3), 20)
        return { first: w.v.at(0), second: w.v.at(1), third: w.v.at(2), before }
      }),
    ).toEqual({ first: same(0), second: same(10), third: same(20), before: same(2) })
  })

  it('see writes through another name of the same record', () => {
    const self = link('self', world, world)
    const table = tableOf('names', world, ['sum', 'component'])
    const program = traceOf({
      dimensions: [world],
      relations: [self],
      tables: [table],
      finish: () => {
        const [w, alias] = [only(world), self(only(world))]
        w.x = lane()
        alias.x = num(7)
        w.v.set(0, 1)
        w.v.set(1, 2)
        alias.v.set(1, 5)
        recordRow(table, w, { sum: w.x, component: w.v.at(0).plus(w.v.at(1)) })
      },
    })
    const instance = run(program, structured({ counts: [[world, 1]], relations: [[self, [0]]] }))
    expect(Array.from(instance.output('names', 'sum', { replications: 4 }))).toEqual(same(7))
    expect(Array.from(instance.output('names', 'component', { replications: 4 }))).toEqual(same(6))
  })
})
