/**
 * Owns what a program must do to count as the micro-model "8x6x120": its options, what it reports, and the
 * totals by which a wrong one is found out.
 */

import { assert } from '../../engine/errors.ts'
import type { Timing } from '../measure.ts'

/** Startups of the micro-model. */
export const startupCount = 8
/** Segments of the micro-model. */
export const segmentCount = 6
/** Months of the micro-model. */
export const monthCount = 120

/** What every contender is told. */
export interface MicroModelOptions {
  replications: number
  /** Standard deviation of the monthly noise in quality: 0.05 normally, 0 for the known totals. */
  sigma: number
  /** Whether all month x startup rows are kept in memory, one buffer for each of the seven columns. */
  record: boolean
  /** Replications run before the clock starts, for programs that compile while they run. */
  warmupReplications: number
}

/** Means over the replications in the final month; `hhiUnits` is the sum of squared shares of units, 0..1. */
export interface MicroModelTotals {
  meanUnits: number
  meanPrice: number
  meanCum: number
  hhiUnits: number
}

/** What every contender reports of one run. */
export interface Measurement extends Timing {
  totals: MicroModelTotals
  /** Rows in the columns after the run: 960 for each replication when recording, else 0. */
  recordedRows: number
  /** Sum of `units` over the recorded rows of the final month, by replications, read back after the run. */
  recordedMeanUnits: number
}

/** The totals with sigma 0, whatever the number of replications, to the digits they are known to. */
export const totalsWithoutNoise: MicroModelTotals = {
  meanUnits: 916.159679,
  meanPrice: 117.000333,
  meanCum: 21498217.6979,
  hhiUnits: 0.12525425,
}

/**
 * One unit in the last known digit of each total. Programs differ in the rounding of the exponential and the
 * order of sums, which moves the totals by 1e-12 of their value; a change of the model moves them far more.
 */
export const totalsTolerance: MicroModelTotals = {
  meanUnits: 1e-6,
  meanPrice: 1e-6,
  meanCum: 1e-4,
  hhiUnits: 1e-8,
}

/**
 * Checks that a run did the work asked for: the agent-steps, the recorded rows, and with sigma 0 the totals.
 *
 * @throws Error that names the contender and what it reported.
 */
export function checkMeasurement(
  measurement: Measurement,
  { replications, sigma, record }: MicroModelOptions,
  name: string,
): void {
  const { agentSteps, totals, recordedRows, recordedMeanUnits } = measurement
  const rows = replications * startupCount * monthCount
  assert(agentSteps === rows, `${name} counts one agent-step per startup and month`, { agentSteps, rows })
  assert(recordedRows === (record ? rows : 0), `${name} records what it was told`, { recordedRows, record })
  // The columns hold the same numbers, added up in another order.
  if (record)
    assert(
      Math.abs(recordedMeanUnits / totals.meanUnits - 1) < 1e-9,
      `${name} records the units that it reports`,
      { recordedMeanUnits, meanUnits: totals.meanUnits },
    )
  if (sigma !== 0) return
  for (const key of ['meanUnits', 'meanPrice', 'meanCum', 'hhiUnits'] as const) {
    const difference = Math.abs(totals[key] - totalsWithoutNoise[key])
    assert(difference <= totalsTolerance[key], `${name} reaches the known ${key} without noise`, {
      reported: totals[key],
      known: totalsWithoutNoise[key],
    })
  }
}
