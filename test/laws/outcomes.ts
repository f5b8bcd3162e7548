/** Owns what runs of a market are compared by: every recorded column, and every number that lasts between months. */
import { expect } from 'vitest'
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { MarketRun, type MarketRunOptions, everyColumn } from '../market/market-run.ts'

/** Recorded columns by `table.column`, as the kernel wrote them: `[(replication * months + month) * records + record]`. */
export type Recorded = ReadonlyMap<string, Float64Array | Int32Array | Uint8Array>

/** Simulates replications from 0 on and records every month. */
export function record(
  market: MarketDefinition,
  replications: number,
  options: MarketRunOptions = {},
): Recorded {
  const run = new MarketRun(market, {
    recording: 'months',
    keep: [],
    rows: Math.ceil(replications / 4) * 4,
    ...options,
  })
  const blocks: Recorded[] = []
  for (let row = 0; row < replications; row += 4) {
    run.instance.runBlock({ first: 0, row })
    blocks.push(recorded(run, Math.min(4, replications - row)))
  }
  return new Map(
    [...recorded(run, replications)].map(([name, values]) => [
      name,
      ofBlocks(run).has(name.split('.')[0]!) ? joined(blocks.map((block) => block.get(name)!)) : values,
    ]),
  )
}

/** Names of the tables that have rows for the blocks that are held only. */
function ofBlocks({ program }: MarketRun): Set<string> {
  return new Set(program.tables.flatMap(({ name, perBlock }) => (perBlock === true ? [name] : [])))
}

function joined(parts: readonly (Float64Array | Int32Array | Uint8Array)[]): Float64Array | Uint8Array {
  const all = parts.flatMap((part) => Array.from(part))
  return parts[0] instanceof Uint8Array ? Uint8Array.from(all) : Float64Array.from(all)
}

/** Copies what an instance has recorded. */
export function recorded(run: MarketRun, replications: number): Recorded {
  const { instance } = run
  const held = Math.min(replications, instance.options.blocks * 4)
  return new Map(
    instance.layout.outputs.map(({ table, column }) => [
      `${table}.${column}`,
      instance
        .output(table, column, { replications: ofBlocks(run).has(table) ? held : replications })
        .slice(),
    ]),
  )
}

/** Fails unless two runs have recorded the same bits, and says where they first differ. */
export function sameBits(actual: Recorded, expected: Recorded): void {
  expect([...actual.keys()]).toEqual([...expected.keys()])
  for (const [name, values] of expected) {
    const others = actual.get(name)!
    expect(others.length, name).toBe(values.length)
    values.forEach((value, i) => {
      if (!Object.is(value, others[i])) expect.fail(`${name}[${i}] is ${others[i]}, expected ${value}`)
    })
  }
}

/** Every number that a run keeps for each replication, with where it stands, of all lanes of a block. */
export function* memoryOf(run: MarketRun): Generator<readonly [where: string, value: number]> {
  for (const column of everyColumn) {
    if (!run.instance.keeps(column)) continue
    for (let record = 0; record < run.count(column.dimension); record++) {
      for (const lane of [0, 1, 2, 3]) {
        for (const value of run.readAll(column, record, lane))
          yield [`${column.dimension.name}[${record}].${column.name} in lane ${lane}`, value]
      }
    }
  }
}
