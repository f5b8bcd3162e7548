/**
 * Owns what the JavaScript peers of the micro-model "8x6x120" share and what is not under comparison: reading
 * the options, the clock, the columns that keep the recorded rows, the totals and the line of JSON.
 */

import process from 'node:process'

/** Startups of the micro-model. */
export const startupCount = 8
/** Segments of the micro-model. */
export const segmentCount = 6
/** Months of the micro-model. */
export const monthCount = 120
const firstSeed = 1000

/** The six segments: customers, price sensitivity (alpha) and quality weight (beta). */
export const segments = Array.from({ length: segmentCount }, (_, s) => ({
  size: 1000 * (s + 1),
  priceSensitivity: 0.03 + 0.01 * s,
  qualityWeight: 1.0 - 0.1 * s,
}))

/** The eight startups as they are founded. */
export const startups = Array.from({ length: startupCount }, (_, i) => ({
  cost: 10 + i,
  price: 30 + 2 * i,
  quality: 1 + 0.1 * i,
  awareness: 0.1 + 0.05 * i,
  research: 0.5 + 0.05 * i,
  advertising: 0.3 + 0.05 * i,
}))

/** All month x startup rows of all replications, one buffer per column, in order of replication and month. */
export class Columns {
  constructor(capacity) {
    this.rows = 0
    this.month = new Uint16Array(capacity)
    this.startup = new Uint8Array(capacity)
    this.price = new Float64Array(capacity)
    this.quality = new Float64Array(capacity)
    this.awareness = new Float64Array(capacity)
    this.units = new Float64Array(capacity)
    this.profit = new Float64Array(capacity)
  }

  push(month, startup, price, quality, awareness, units, profit) {
    const row = this.rows++
    this.month[row] = month
    this.startup[row] = startup
    this.price[row] = price
    this.quality[row] = quality
    this.awareness[row] = awareness
    this.units[row] = units
    this.profit[row] = profit
  }
}

/**
 * Runs a peer as the options of the command line say and prints its one line of JSON.
 *
 * `replicate(seed, sigma, columns)` sets up and runs one replication, pushes its rows unless `columns` is
 * null, and returns the final month's `{ units, price, cumulative }`, each an array over the startups.
 */
export function runPeer(name, replicate) {
  const replications = readOption('replications', 1000)
  const sigma = readOption('sigma', 0.05)
  const recording = readOption('record', 0) !== 0
  const warmup = readOption('warmup', 0)
  const rowsPerReplication = monthCount * startupCount
  if (warmup > 0)
    simulate(replicate, warmup, sigma, recording ? new Columns(warmup * rowsPerReplication) : null)

  const cpuStart = process.cpuUsage()
  const wallStart = performance.now()
  const columns = recording ? new Columns(replications * rowsPerReplication) : null
  const totals = simulate(replicate, replications, sigma, columns)
  const wallSeconds = (performance.now() - wallStart) / 1000
  const cpu = process.cpuUsage(cpuStart)

  const line = {
    name,
    agentSteps: replications * rowsPerReplication,
    wallSeconds,
    cpuSeconds: (cpu.user + cpu.system) * 1e-6,
    totals,
    recordedRows: columns?.rows ?? 0,
    recordedMeanUnits: columns === null ? 0 : unitsOfFinalMonth(columns) / replications,
  }
  console.log(JSON.stringify(line))
}

function simulate(replicate, replications, sigma, columns) {
  let units = 0
  let price = 0
  let cumulative = 0
  let concentration = 0
  for (let r = 0; r < replications; r++) {
    const final = replicate(firstSeed + r, sigma, columns)
    let unitsSum = 0
    let squares = 0
    for (let i = 0; i < startupCount; i++) {
      unitsSum += final.units[i]
      squares += final.units[i] * final.units[i]
      price += final.price[i] / startupCount
      cumulative += final.cumulative[i]
    }
    units += unitsSum
    concentration += squares / (unitsSum * unitsSum)
  }
  return {
    meanUnits: units / replications,
    meanPrice: price / replications,
    meanCum: cumulative / replications,
    hhiUnits: concentration / replications,
  }
}

/** Read back from the columns, so that a recording which did not happen is seen. */
function unitsOfFinalMonth(columns) {
  let sum = 0
  for (let row = 0; row < columns.rows; row++)
    if (columns.month[row] === monthCount) sum += columns.units[row]
  return sum
}

function readOption(name, fallback) {
  const at = process.argv.indexOf(`--${name}`)
  if (at === -1) return fallback
  const value = Number(process.argv[at + 1])
  if (Number.isFinite(value) && value >= 0) return value
  console.error(`--${name} must be a number of at least 0, not ${process.argv[at + 1]}`)
  process.exit(2)
}
