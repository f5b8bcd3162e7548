/**
 * Owns the process that runs the micro-model on the engine, with the options and the output of the peers:
 *
 *   node --import tsx bench/micro-model-entry.ts --replications 2000 --sigma 0.05 --record 1 --warmup 400
 *
 * Recorded rows go into buffers of one batch, which the next batch uses again, as in a run of a market; `--keep 1`
 * keeps all rows in memory instead, as the peers do. `--file` writes each batch to an Arrow file.
 */
import type { Backend } from '../engine/backends/kernel.ts'
import { assert } from '../engine/errors.ts'
import { seedKeyOf } from '../engine/numerics/seed.ts'
import { Instance } from '../engine/simulation/instance.ts'
import { OutputFile } from '../engine/files/output-file.ts'
import { recordBatch } from '../engine/tables/batch.ts'
import { CanonicalWriter } from '../engine/tables/canonical.ts'
import { type TableDeclaration } from '../engine/tables/declaration.ts'
import { tableLayout } from '../engine/tables/table-layout.ts'
import { startStopwatch, untilIdle } from './measure.ts'
import { microModelProgram, microModelStructure, microModelValues } from './micro-model.ts'
import { monthCount, startupCount, type Measurement } from './peers/measurement.ts'
import { readNumber, readOptions } from './programs.ts'

const firstSeed = 1000
/** Replications of a batch: 43 KB of rows each, so that the buffers stay in a core's second-level cache. */
const batchRows = 20

const table: TableDeclaration = {
  name: 'months',
  meaning: 'one row per replication, month and startup',
  columns: [
    { name: 'month', type: 'i32', unit: 'month', meaning: 'month, from 1' },
    { name: 'startup', type: 'u8', unit: '1', meaning: 'number of the startup' },
    { name: 'price', type: 'f64', unit: 'money', meaning: 'price' },
    { name: 'quality', type: 'f64', unit: '1', meaning: 'quality' },
    { name: 'awareness', type: 'f64', unit: '1', meaning: 'awareness' },
    { name: 'units', type: 'f64', unit: 'customers', meaning: 'customers' },
    { name: 'profit', type: 'f64', unit: 'money', meaning: 'profit of the month' },
  ],
}

const given = readOptions({
  replications: '1000',
  sigma: '0.05',
  record: '0',
  warmup: '0',
  keep: '0',
  backend: 'wasm',
  file: '',
})
const replications = readNumber('replications', given.replications, 1)
const warmup = readNumber('warmup', given.warmup, 0)
const sigma = readNumber('sigma', given.sigma, 0, Number.isFinite)
const recording = readNumber('record', given.record, 0) !== 0
const keeping = readNumber('keep', given.keep, 0) !== 0

const program = microModelProgram({ recording })
const structure = microModelStructure()
const values = microModelValues(sigma)

if (warmup > 0) {
  simulate(warmup, { rows: batchRows })
  await untilIdle()
}
const writing = given.file === '' ? undefined : openTable(given.file)
const read = startStopwatch()
const result = simulate(replications, { rows: keeping ? replications : batchRows, append: writing?.append })
const fileBytes = (await writing?.close()) ?? 0
const { wallSeconds, cpuSeconds } = read()
const agentSteps = replications * startupCount * monthCount
const measurement: Measurement = { agentSteps, wallSeconds, cpuSeconds, ...result }
console.log(JSON.stringify({ name: 'trace language', ...measurement, fileBytes }))

interface SimulateOptions {
  /** Replications whose rows are in memory at a time. */
  readonly rows: number
  /** Gets every batch. */
  readonly append?: ((instance: Instance, count: number) => void) | undefined
}

function simulate(
  total: number,
  { rows, append }: SimulateOptions,
): Pick<Measurement, 'totals' | 'recordedRows' | 'recordedMeanUnits'> {
  const batch = Math.ceil(rows / 4) * 4
  const key = seedKeyOf('micro-model')
  const instance = new Instance(program, structure, {
    backend: given.backend as Backend,
    months: monthCount,
    key,
    rows: batch,
  })
  instance.setPoint(values)
  const sums = { units: 0, price: 0, cumulative: 0, concentration: 0, recordedUnits: 0 }
  let recordedRows = 0
  for (let done = 0; done < total; done += batch) {
    const count = Math.min(batch, total - done)
    instance.runReplications({ first: firstSeed + done, count })
    addTotals(instance, count, sums)
    append?.(instance, count)
    if (!recording) continue
    recordedRows += instance.rowsOf('months') * count
    sums.recordedUnits += unitsOfFinalMonth(instance, count)
  }
  return {
    totals: {
      meanUnits: sums.units / total,
      meanPrice: sums.price / total,
      meanCum: sums.cumulative / total,
      hhiUnits: sums.concentration / total,
    },
    recordedRows,
    recordedMeanUnits: sums.recordedUnits / total,
  }
}

function addTotals(
  instance: Instance,
  count: number,
  sums: { units: number; price: number; cumulative: number; concentration: number },
): void {
  const [units, price, cumulative] = ['units', 'price', 'cumulative'].map((column) =>
    instance.output('final', column, { replications: count }),
  ) as [Float64Array, Float64Array, Float64Array]
  for (let start = 0; start < count * startupCount; start += startupCount) {
    let sum = 0
    let squares = 0
    for (let row = start; row < start + startupCount; row++) {
      sum += units[row]!
      squares += units[row]! ** 2
      sums.price += price[row]! / startupCount
      sums.cumulative += cumulative[row]!
    }
    sums.units += sum
    sums.concentration += squares / sum ** 2
  }
}

/** Read back from the recorded columns, so that a recording which did not happen is seen. */
function unitsOfFinalMonth(instance: Instance, count: number): number {
  const month = instance.output('months', 'month', { replications: count })
  const startup = instance.output('months', 'startup', { replications: count })
  const units = instance.output('months', 'units', { replications: count })
  const rowsEach = monthCount * startupCount
  let sum = 0
  for (let end = rowsEach; end <= count * rowsEach; end += rowsEach)
    for (let index = 0; index < startupCount; index++) {
      const row = end - startupCount + index
      if (month[row] === monthCount && startup[row] === index) sum += units[row]!
    }
  return sum
}

function openTable(path: string) {
  assert(recording, 'a file is written of recorded rows')
  const file = new OutputFile(path)
  const writer = new CanonicalWriter(table, file.write)
  const layout = tableLayout(table)
  return {
    append: (instance: Instance, count: number): void => {
      const columns = table.columns.map(({ name }) => ({
        values: instance.output('months', name, { replications: count }),
      }))
      // The sink writes at once, so the rows are read when this returns.
      void writer.append(recordBatch(layout, instance.rowsOf('months') * count, columns))
    },
    close: async (): Promise<number> => {
      await writer.close()
      return file.close().byteCount
    },
  }
}
