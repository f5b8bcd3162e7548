/**
 * Owns the command that measures the peers alone, without the engine:
 *
 *   npx tsx bench/peers/compare.ts --replications 2000 --rounds 5 --json bench/results/peers.json
 */

import { parseArgs } from 'node:util'

import { type Comparison, describeMachine, measureInterleaved, writeReport } from '../measure.ts'
import { comparisonTable, machineLine, skippedLines } from '../table.ts'
import { surveyPeers } from './contenders.ts'
import { checkMeasurement } from './measurement.ts'

const { values } = parseArgs({
  options: {
    replications: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '5' },
    sigma: { type: 'string', default: '0.05' },
    warmup: { type: 'string', default: '100' },
    json: { type: 'string' },
  },
})

const replications = numberOption('replications', 1)
const rounds = numberOption('rounds', 1)
const warmupReplications = numberOption('warmup', 0)
const sigma = numberOption('sigma', 0, Number.isFinite)

const { contenders, skipped } = await surveyPeers()
const comparisons: Comparison[] = []
for (const record of [false, true]) {
  const comparison = await measureInterleaved(contenders, {
    label: record ? 'recorded' : 'not recorded',
    rounds,
    options: { replications, sigma, record, warmupReplications },
    check: checkMeasurement,
    onRun: (name, round, { agentSteps, cpuSeconds }) =>
      console.error(`round ${round + 1}, ${name}: ${(agentSteps / cpuSeconds / 1e6).toFixed(2)}`),
  })
  comparisons.push(comparison)
}

const machine =
  values.json === undefined
    ? await describeMachine()
    : (await writeReport(values.json, { comparisons, skipped })).machine
console.log(`${machineLine(machine)}\n\n${comparisonTable(comparisons)}`)
if (skipped.length > 0) console.log(`\n${skippedLines(skipped)}`)

function numberOption(
  name: 'replications' | 'rounds' | 'warmup' | 'sigma',
  lowest: number,
  isAllowed: (value: number) => boolean = Number.isInteger,
): number {
  const value = Number(values[name])
  if (isAllowed(value) && value >= lowest) return value
  const kind = isAllowed === Number.isInteger ? 'an integer' : 'a number'
  console.error(`error[bad-option] --${name}: must be ${kind} of at least ${lowest}, not '${values[name]}'`)
  process.exit(2)
}
