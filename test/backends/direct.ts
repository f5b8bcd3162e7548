/**
 * A second meaning of the language, as naive as can be: every operation is carried out at once for one replication.
 * It shares nothing with the tracer, so it catches what both back ends would get wrong alike: sharing, hoisting,
 * dead code, uniform flows, the order of reads and writes.
 */
import { plainFunction } from '../../engine/backends/javascript.ts'
import { exp } from '../../engine/numerics/exponential.ts'
import { log } from '../../engine/numerics/logarithm.ts'
import { normalQuantile } from '../../engine/numerics/normal-quantile.ts'
import { streamId } from '../../engine/numerics/streams.ts'
import { threefryRoutine } from '../../engine/numerics/threefry.ts'
import { routine, type Routine } from '../../engine/trace/routine.ts'
import { Tracer, withTracer } from '../../engine/trace/tracer.ts'
import {
  columns,
  dimensionNames,
  inputFor,
  type Any,
  type B,
  type DimensionName,
  type E,
  type Language,
  type N,
  type ProgramSource,
  type Records,
  type Scenario,
  type W,
} from './language.ts'

class Real implements N {
  readonly value: number

  constructor(value: number) {
    if (Number.isNaN(value))
      throw new Error('a random program made a NaN: the generator must guard the operation')
    this.value = value
  }
  plus(other: N | number): N {
    return new Real(this.value + real(other))
  }
  minus(other: N | number): N {
    return new Real(this.value - real(other))
  }
  times(other: N | number): N {
    return new Real(this.value * real(other))
  }
  over(other: N | number): N {
    return new Real(this.value / real(other))
  }
  negated(): N {
    return new Real(-this.value)
  }
  absolute(): N {
    return new Real(Math.abs(this.value))
  }
  squareRoot(): N {
    return new Real(Math.sqrt(this.value))
  }
  floor(): N {
    return new Real(Math.floor(this.value))
  }
  isBelow(other: N | number): B {
    return new Truth(this.value < real(other))
  }
  isAtMost(other: N | number): B {
    return new Truth(this.value <= real(other))
  }
  isAbove(other: N | number): B {
    return new Truth(this.value > real(other))
  }
  isAtLeast(other: N | number): B {
    return new Truth(this.value >= real(other))
  }
  equals(other: N | number): B {
    return new Truth(this.value === real(other))
  }
}

class Truth implements B {
  readonly value: boolean

  constructor(value: boolean) {
    this.value = value
  }
  and(other: B | boolean): B {
    return new Truth(this.value && truth(other))
  }
  or(other: B | boolean): B {
    return new Truth(this.value || truth(other))
  }
  not(): B {
    return new Truth(!this.value)
  }
  toNum(): N {
    return new Real(this.value ? 1 : 0)
  }
}

/** Unsigned, as people think of it. */
class Natural implements W {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
  private static wrapped(value: bigint): W {
    return new Natural(Number(BigInt.asUintN(32, value)))
  }
  private get big(): bigint {
    return BigInt(this.value)
  }
  plus(other: W | number): W {
    return Natural.wrapped(this.big + BigInt(natural(other)))
  }
  minus(other: W | number): W {
    return Natural.wrapped(this.big - BigInt(natural(other)))
  }
  times(other: W | number): W {
    return Natural.wrapped(this.big * BigInt(natural(other)))
  }
  and(other: W | number): W {
    return Natural.wrapped(this.big & BigInt(natural(other)))
  }
  or(other: W | number): W {
    return Natural.wrapped(this.big | BigInt(natural(other)))
  }
  xor(other: W | number): W {
    return Natural.wrapped(this.big ^ BigInt(natural(other)))
  }
  shiftedLeft(bits: number): W {
    return Natural.wrapped(this.big << BigInt(bits))
  }
  shiftedRight(bits: number): W {
    return Natural.wrapped(this.big >> BigInt(bits))
  }
  rotatedLeft(bits: number): W {
    return Natural.wrapped((this.big << BigInt(bits)) | (this.big >> BigInt(32 - bits)))
  }
  modulo(other: W | number): W {
    return Natural.wrapped(natural(other) === 0 ? 0n : this.big % BigInt(natural(other)))
  }
  equals(other: W | number): B {
    return new Truth(this.value === natural(other))
  }
  isBelow(other: W | number): B {
    return new Truth(this.value < natural(other))
  }
  toNum(): N {
    return new Real(this.value)
  }
}

const real = (value: N | number): number => (typeof value === 'number' ? value : (value as Real).value)
const truth = (value: B | boolean): boolean => (typeof value === 'boolean' ? value : (value as Truth).value)
const natural = (value: W | number): number => (typeof value === 'number' ? value : (value as Natural).value)
const scratch = new DataView(new ArrayBuffer(8))

/** The numerics as plain functions: what they compute is checked elsewhere. */
const plain = withTracer(
  new Tracer({ laneParameters: new Set(), laneFlows: new Set(), written: new Set() }),
  () => {
    const unary = (
      name: string,
      body: Parameters<typeof routine<readonly ['num'], never>>[2],
    ): ((x: number) => number) => plainFunction(routine(name, ['num'], body) as unknown as Routine)
    return {
      exp: unary('exp', (x) => exp(x) as never),
      log: unary('log', (x) => log(x) as never),
      quantile: unary('quantile', (u) => normalQuantile(u) as never),
      threefry: plainFunction(threefryRoutine as never) as unknown as (...words: number[]) => number[],
    }
  },
)

/** Memory and outputs of one replication. */
export interface DirectRun {
  /** Columns by `dimension.column`: `[record * length + component]`; conditions as 0 and 1. */
  readonly memory: ReadonlyMap<string, number[]>
  /** Rows by `table.column`, `[month * records + record]`. */
  readonly outputs: ReadonlyMap<string, number[]>
}

/** Runs one replication of a random program. */
export function runDirect(
  source: ProgramSource,
  scenario: Scenario,
  { replication, months, key }: { replication: number; months: number; key: readonly number[] },
): DirectRun {
  const { counts } = scenario
  const memory = new Map<string, number[]>()
  for (const dimension of dimensionNames) {
    for (const [name, { length = 1 }] of columns) {
      const given = scenario.values[dimension][name]
      memory.set(
        `${dimension}.${name}`,
        given ? [...given] : Array.from({ length: counts[dimension] * length }, () => Number.NaN),
      )
    }
  }
  const outputs = new Map<string, number[]>()
  for (const { name, dimension, everyMonth, columns: list } of source.tables) {
    for (const column of list)
      outputs.set(
        `${name}.${column.name}`,
        Array.from({ length: counts[dimension] * (everyMonth ? months : 1) }, () => 0),
      )
  }
  let month = 0

  const wrap = (kind: string, value: number): Any => {
    if (Number.isNaN(value)) throw new Error('a random program reads what was never written')
    return kind === 'num'
      ? new Real(value)
      : kind === 'bool'
        ? new Truth(value !== 0)
        : new Natural(value >>> 0)
  }
  const unwrap = (value: Any): number => {
    const given = (value as Real | Truth | Natural).value
    return typeof given === 'boolean' ? (given ? 1 : 0) : given
  }
  class Entity {
    readonly dimension: DimensionName
    readonly index: number

    constructor(dimension: DimensionName, index: number) {
      this.dimension = dimension
      this.index = index
    }
  }
  for (const [name, { kind, length }] of columns) {
    const slot = (entity: Entity, component: number): { column: number[]; at: number } => {
      if (component >= (length ?? 1)) throw new Error('a random program leaves a vector')
      return {
        column: memory.get(`${entity.dimension}.${name}`) as number[],
        at: entity.index * (length ?? 1) + component,
      }
    }
    const read = (entity: Entity, component: number): Any => {
      const { column, at } = slot(entity, component)
      return wrap(kind, column[at] as number)
    }
    const write = (entity: Entity, component: number, value: Any): void => {
      const { column, at } = slot(entity, component)
      column[at] = unwrap(value)
    }
    Object.defineProperty(
      Entity.prototype,
      name,
      length === undefined
        ? {
            get(this: Entity) {
              return read(this, 0)
            },
            set(this: Entity, value: Any) {
              write(this, 0, value)
            },
          }
        : {
            get(this: Entity) {
              return {
                at: (i: W | number) => read(this, natural(i)),
                set: (i: W | number, value: Any) => {
                  write(this, natural(i), value)
                  return value
                },
              }
            },
          },
    )
  }
  const entity = (dimension: DimensionName, index: number): E => new Entity(dimension, index) as unknown as E
  const indexOf = (record: E): number => (record as unknown as Entity).index
  const listed = (dimension: DimensionName, indices: readonly number[]): Records =>
    indices.map((i) => entity(dimension, i)) as unknown as Records
  const run = (dimension: DimensionName, lengths: readonly number[], parent: E): Records => {
    const first = lengths.slice(0, indexOf(parent)).reduce((a, b) => a + b, 0)
    return listed(
      dimension,
      Array.from({ length: lengths[indexOf(parent)] as number }, (_, i) => first + i),
    )
  }
  const visited = (records: Records, backwards = false): E[] =>
    backwards ? [...(records as unknown as E[])].reverse() : (records as unknown as E[])
  const folded = (
    records: Records,
    first: number,
    combine: (sum: number, term: number) => number,
    term: (record: E) => N,
  ): N => new Real(visited(records).reduce((sum, record) => combine(sum, real(term(record))), first))

  const language: Language = {
    num: (value) => new Real(value),
    bool: (value) => new Truth(value),
    whole: (value) => new Natural(value),
    where: (c, yes, no) => (truth(c) ? yes : no),
    whereBool: (c, yes, no) => (truth(c) ? yes : no),
    whereWhole: (c, yes, no) => (truth(c) ? yes : no),
    min: (a, b) => new Real(real(b) < real(a) ? real(b) : real(a)),
    max: (a, b) => new Real(real(a) < real(b) ? real(b) : real(a)),
    clamp: (value, { low, high }) => language.min(language.max(value, low), high),
    powerOfTwo: (k) => {
      scratch.setBigUint64(0, BigInt(real(k) + 1023) << 52n)
      return new Real(scratch.getFloat64(0))
    },
    exponent: (x) => {
      scratch.setFloat64(0, real(x))
      return new Real(Number(scratch.getBigUint64(0) >> 52n) - 1023)
    },
    significand: (x) => {
      scratch.setFloat64(0, real(x))
      scratch.setUint16(0, (scratch.getUint16(0) & 0xf) | 0x3ff0)
      return new Real(scratch.getFloat64(0))
    },
    exp: (x) => new Real(plain.exp(real(x))),
    log: (x) => new Real(plain.log(real(x))),
    normal: (stream, of) => {
      const [a, b] = plain.threefry(...key, replication, streamId(stream), natural(of), month) as [
        number,
        number,
      ]
      return new Real(plain.quantile(((a >>> 6) * 2 ** 26 + ((b >>> 6) + 0.5)) * 2 ** -52))
    },
    month: () => new Natural(month),
    replication: () => new Natural(replication),
    key: (word) => new Natural((key[word] as number) >>> 0),
    world: () => entity('world', 0),
    all: (dimension) =>
      listed(
        dimension,
        Array.from({ length: counts[dimension] }, (_, i) => i),
      ),
    count: (dimension) => new Natural(counts[dimension]),
    indexOf: (record) => new Natural(indexOf(record)),
    pairsOf: (group) => run('pairs', scenario.pairsOf, group),
    cellsOf: (firm) => run('cells', scenario.cellsOf, firm),
    rivals: (group) => listed('firms', scenario.rivals[indexOf(group)] as readonly number[]),
    cellAt: (firm, index) => visited(run('cells', scenario.cellsOf, firm))[natural(index)] as E,
    input: (firm, column) => new Real(inputFor({ replication, record: indexOf(firm), column })),
    firmOf: (pair) => entity('firms', scenario.firmOf[indexOf(pair)] as number),
    groupOf: (pair) => entity('groups', scenario.groupOf[indexOf(pair)] as number),
    friendOf: (firm) => entity('firms', scenario.friendOf[indexOf(firm)] as number),
    each: (records, visit, backwards) => visited(records, backwards).forEach((record) => visit(record)),
    sum: (records, term) => folded(records, 0, (sum, x) => sum + x, term),
    maximum: (records, least, term) => folded(records, least, (most, x) => (most < x ? x : most), term),
    minimum: (records, most, term) => folded(records, most, (least, x) => (x < least ? x : least), term),
    sums: (records, terms) => {
      const totals: Record<string, N> = {}
      const list = visited(records)
      for (const record of list)
        for (const [name, term] of Object.entries(terms(record)))
          totals[name] = new Real((totals[name] ? real(totals[name]) : 0) + real(term))
      return list.length > 0 ? totals : new Proxy({}, { get: () => new Real(0) })
    },
    fold: (records, initial, step, backwards) => visited(records, backwards).reduce(step, initial),
    when: (condition, work) => {
      if (truth(condition)) work()
    },
    choose: (condition, yes, no) => (truth(condition) ? yes() : no()),
    repeat: (active, initial, body) => {
      let state = initial
      for (let going = truth(active); going;) {
        const { again, next } = body(state)
        state = next
        going = truth(again)
      }
      return state
    },
    call: (source_, args) => source_.body(language, args),
    recordRow: (table, record, values) => {
      const {
        dimension,
        everyMonth,
        columns: list,
      } = source.tables.find(({ name }) => name === table) as ProgramSource['tables'][number]
      for (const { name, type } of list) {
        const given = unwrap(values[name] as Any)
        const whole = Math.trunc(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, given)))
        const rows = outputs.get(`${table}.${name}`) as number[]
        rows[(everyMonth ? month * counts[dimension] : 0) + indexOf(record)] =
          type === 'f64' ? given : type === 'i32' ? whole : ((whole % 256) + 256) % 256
      }
    },
  }
  for (const step of source.start) step(language)
  for (month = 0; month < months; month++) for (const step of source.month) step(language)
  month = months - 1
  for (const step of source.finish) step(language)
  return { memory, outputs }
}
