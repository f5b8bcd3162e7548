/** Random programs: both back ends and the direct executor must agree on every bit. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Instance } from '../../engine/simulation/instance.ts'
import { runDirect } from './direct.ts'
import { columns, dimensionNames, type DimensionName, type ProgramSource, type Scenario } from './language.ts'
import { Choices } from './random/choices.ts'
import { Generator } from './random/program.ts'
import { randomScenario } from './random/scenario.ts'
import { instanceOf, runReplications, setLaneParameters, traceSource, type Traced } from './traced.ts'

const RUNS = Number(process.env.RIVALRY_FUZZ ?? 160)
const SEED = process.env.RIVALRY_FUZZ_SEED === undefined ? undefined : Number(process.env.RIVALRY_FUZZ_SEED)
const PATH = process.env.RIVALRY_FUZZ_PATH
const KEY = [0x12345678, 0x9abcdef0 | 0, 7, -1]
const ROWS = 8

// Unbiased, because bias means short lists and small numbers, which are dull programs.
const numbers = (maxLength: number) => fc.noBias(fc.array(fc.nat(0x7fffffff), { maxLength, size: 'max' }))
const programs = fc
  .tuple(numbers(150), numbers(600))
  .map(([first, later]) => new Generator({ first: new Choices(first), later: new Choices(later) }).program())
const scenarios = numbers(200).map((list) => randomScenario(new Choices(list)))
interface Case {
  source: ProgramSource
  scenario: Scenario
  months: number
  first: number
}
const cases: fc.Arbitrary<Case> = fc.record({
  source: programs,
  scenario: scenarios,
  months: fc.integer({ min: 1, max: 4 }),
  first: fc.nat(1000),
})

/** Checks a property of random programs; a failure names the command that reruns it. */
function holds<T>(title: string, arbitrary: fc.Arbitrary<T>, share: number, check: (given: T) => void): void {
  it(
    title,
    () => {
      const property = fc.property(arbitrary, check)
      const found = fc.check(property, {
        numRuns: Math.max(5, Math.round(RUNS * share)),
        endOnFailure: true,
        ...(SEED === undefined ? {} : { seed: SEED }),
        ...(PATH === undefined ? {} : { path: PATH }),
      })
      if (!found.failed) return
      // Shrinking tries thousands of programs: half a minute makes most of them readable.
      const again = {
        seed: found.seed,
        path: found.counterexamplePath ?? '',
        interruptAfterTimeLimit: 30_000,
      }
      const shrunk = fc.check(property, again)
      const { seed, counterexamplePath, counterexample, errorInstance } = shrunk.counterexample
        ? shrunk
        : found
      const hidden = ['start', 'month', 'finish', 'tables']
      const text = JSON.stringify(counterexample, (key, value: unknown) =>
        hidden.includes(key) ? undefined : value,
      )
      throw new Error(`${String((errorInstance as Error | null)?.stack ?? errorInstance)}

rerun: RIVALRY_FUZZ_SEED=${seed} RIVALRY_FUZZ_PATH='${counterexamplePath}' npx vitest run test/backends/fuzz.test.ts -t '${title}'
${text.replaceAll('\\n', '\n')}`)
    },
    120_000 + RUNS * 1000,
  )
}

function ran(
  traced: Traced,
  scenario: Scenario,
  {
    backend,
    months,
    first,
    count = ROWS,
  }: { backend: 'wasm' | 'javascript'; months: number; first: number; count?: number },
): Instance {
  const instance = instanceOf(traced, scenario, { backend, months, key: KEY, rows: ROWS })
  runReplications(instance, scenario, { first, count })
  return instance
}

/** Outputs by `table.column`, one array per row of the batch. */
function outputsOf(source: ProgramSource, instance: Instance): Map<string, number[][]> {
  const found = new Map<string, number[][]>()
  for (const { name, byRecord, columns: list } of source.tables) {
    for (const column of list) {
      const perRow = instance.rowsOf(name)
      if (byRecord) {
        const records = Array.from({ length: perRow }, (_, record) =>
          instance.shared(name, column.name, record),
        )
        found.set(
          `${name}.${column.name}`,
          Array.from({ length: ROWS }, (_, row) => records.map((shared) => bits(shared[row] as number))),
        )
        continue
      }
      const all = instance.output(name, column.name, { replications: ROWS })
      found.set(
        `${name}.${column.name}`,
        Array.from({ length: ROWS }, (_, row) =>
          Array.from(all.subarray(row * perRow, (row + 1) * perRow), bits),
        ),
      )
    }
  }
  return found
}

/** Equal numbers and nothing else have equal bits: tells 0 from -0. */
function bits(value: number): number {
  return Object.is(value, -0) ? Number.MIN_VALUE : value
}

describe('random programs', () => {
  holds(
    'leave the same bytes of memory on both back ends, and mean what they say one replication at a time',
    cases,
    1,
    ({ source, scenario, months, first }) => {
      const traced = traceSource(source, { keep: first % 2 === 1 })
      const instance = ran(traced, scenario, { backend: 'javascript', months, first })
      const javascript = new Uint8Array(instance.memory.buffer)
      const wasm = new Uint8Array(ran(traced, scenario, { backend: 'wasm', months, first }).memory.buffer)
      const difference =
        Buffer.compare(wasm, javascript) === 0
          ? undefined
          : wasm.findIndex((byte, i) => byte !== javascript[i])
      expect(difference, 'the first byte that differs between back ends').toBe(undefined)

      const outputs = outputsOf(source, instance)
      for (let row = 0; row < ROWS; row++) {
        const direct = runDirect(source, scenario, { replication: first + row, months, key: KEY })
        for (const [name, expected] of direct.outputs)
          expect(outputs.get(name)?.[row], `${name} of row ${row}`).toEqual(
            expected.map(plainZero(name, source)),
          )
        if (row < ROWS - 4) continue
        for (const dimension of dimensionNames)
          compareState(traced, instance, dimension, direct.memory, row % 4)
      }
    },
  )

  holds(
    'give the same with their parameters per lane',
    cases,
    0.15,
    ({ source, scenario, months, first }) => {
      const point = ran(traceSource(source), scenario, { backend: 'wasm', months, first })
      const traced = traceSource(source, { laneParameters: true })
      const lane = instanceOf(traced, scenario, { backend: 'wasm', months, key: KEY, rows: ROWS })
      setLaneParameters(lane, traced.memory, [scenario, scenario, scenario, scenario])
      runReplications(lane, scenario, { first, count: ROWS })
      expect(outputsOf(source, lane)).toEqual(outputsOf(source, point))
    },
  )

  holds(
    'give each lane the results of its own parameters',
    fc.record({ given: cases, others: fc.tuple(numbers(200), numbers(200), numbers(200)) }),
    0.1,
    ({ given: { source, scenario, months, first }, others }) => {
      const lanes = [
        scenario,
        ...others.map((list) => ({
          ...scenario,
          values: randomScenario(new Choices(list), scenario).values,
        })),
      ]
      const traced = traceSource(source, { laneParameters: true })
      const together = instanceOf(traced, scenario, { backend: 'wasm', months, key: KEY, rows: ROWS })
      setLaneParameters(together, traced.memory, lanes)
      runReplications(together, scenario, { first, count: 4 })
      const outputs = outputsOf(source, together)
      const pointwise = traceSource(source)
      lanes.forEach((own, lane) => {
        const alone = outputsOf(source, ran(pointwise, own, { backend: 'wasm', months, first, count: 4 }))
        for (const [name, rows] of alone)
          expect(outputs.get(name)?.[lane], `${name} of lane ${lane}`).toEqual(rows[lane])
      })
    },
  )

  holds(
    'do not change when unused columns and steps are added, or when state is kept',
    cases,
    0.12,
    ({ source, scenario, months, first }) => {
      const plain = ran(traceSource(source), scenario, { backend: 'wasm', months, first })
      const padded = ran(traceSource(source, { padded: true }), scenario, { backend: 'wasm', months, first })
      const kept = ran(traceSource(source, { keep: true }), scenario, { backend: 'wasm', months, first })
      expect(outputsOf(source, kept)).toEqual(outputsOf(source, plain))
      expect(outputsOf(source, padded)).toEqual(outputsOf(source, plain))
      expect(padded.memory.buffer.byteLength).toBe(plain.memory.buffer.byteLength)
    },
  )

  holds(
    'do not change what they record when more is recorded',
    cases,
    0.12,
    ({ source, scenario, months, first }) => {
      const tables = dimensionNames.map((dimension) => ({
        name: `${dimension}Extra`,
        dimension,
        everyMonth: true,
        columns: (['x', 'y', 'live'] as const).map((name) => ({ name, type: 'f64' as const })),
      }))
      const step: ProgramSource['month'][number] = (language) =>
        tables.forEach(({ name, dimension }) =>
          language.each(
            language.all(dimension),
            (e) => language.recordRow(name, e, { x: e.x, y: e.y, live: e.live }),
            false,
          ),
        )
      const more = { ...source, tables: [...tables, ...source.tables], month: [...source.month, step] }
      const alone = outputsOf(source, ran(traceSource(source), scenario, { backend: 'wasm', months, first }))
      const all = outputsOf(more, ran(traceSource(more), scenario, { backend: 'wasm', months, first }))
      for (const [name, rows] of alone) expect(all.get(name), name).toEqual(rows)
    },
  )

  holds(
    'give a replication the same whichever lane and block it sits in',
    fc.record({ given: cases, shift: fc.integer({ min: 1, max: 7 }) }),
    0.15,
    ({ given: { source, scenario, months, first }, shift }) => {
      const traced = traceSource(source)
      const instance = instanceOf(traced, scenario, { backend: 'wasm', months, key: KEY, rows: ROWS })
      runReplications(instance, scenario, { first: first + shift, count: ROWS })
      const shifted = outputsOf(source, instance)
      runReplications(instance, scenario, { first, count: ROWS })
      const straight = outputsOf(source, instance)
      for (const [name, rows] of straight)
        expect(rows.slice(shift), name).toEqual(shifted.get(name)?.slice(0, ROWS - shift))
    },
  )
})

/** Small integer outputs know no -0. */
function plainZero(name: string, source: ProgramSource): (value: number) => number {
  const [table, column] = name.split('.')
  const types = source.tables
    .filter((t) => t.name === table)
    .flatMap((t) => t.columns.filter((c) => c.name === column))
  return (value) => (types[0]?.type === 'f64' ? bits(value) : value + 0)
}

function compareState(
  { memory }: Traced,
  instance: Instance,
  dimension: DimensionName,
  expected: ReadonlyMap<string, number[]>,
  lane: number,
): void {
  for (const [name, { role, length = 1 }] of columns) {
    const column = memory.dims[dimension].columns.find((c) => c.name === name)
    if (role !== 'state' || !column || !instance.keeps(column)) continue
    ;(expected.get(`${dimension}.${name}`) as number[]).forEach((value, i) => {
      const found = instance.read(column, { record: Math.floor(i / length), component: i % length, lane })
      expect(bits(found), `${dimension}.${name} ${i} of lane ${lane}`).toBe(bits(value))
    })
  }
}
