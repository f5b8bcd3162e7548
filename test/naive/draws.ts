/** Owns the random numbers that are fed to the naive month in tests: given ones, and made-up ones. */
import type { MonthVectors } from '../reference/vectors.ts'
import type { Draws } from './state.ts'

/** The draws that the month vectors were made with, of one replication. */
export function vectorDraws({ draws }: MonthVectors, replication: number): Draws {
  return {
    ability: (f) => draws.ability[f]![replication]!,
    cash: (f) => draws.cash[f]![replication]!,
    readiness: () => draws.readiness[replication]!,
    taste: (month, f, s) => draws.taste[month]![f]![s]![replication]!,
    climate: (month) => draws.climate[month]![replication]!,
    funding: (month, f) => draws.funding[month]![f]![replication]!,
  }
}

/** No luck at all: factors of 1, no taste shocks, a climate that lasts, and by default no funding round. */
export function calmDraws(funding = 1): Draws {
  return {
    ability: () => 1,
    cash: () => 1,
    readiness: () => 1,
    taste: () => 0,
    climate: () => 0.999_999,
    funding: () => funding,
  }
}

/** Draws that vary with every index, the same for the same seed; for laws that must hold whatever the luck. */
export function seededDraws(seed: number): Draws {
  const uniform = (...index: number[]) => {
    let hash = seed | 0
    for (const i of [...index, 0x9e3779b9]) {
      hash = Math.imul(hash ^ i, 0x85ebca6b)
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
      hash ^= hash >>> 16
    }
    return (hash >>> 0) / 2 ** 32
  }
  const normal = (...index: number[]) =>
    Math.sqrt(-2 * Math.log(1 - uniform(1, ...index))) * Math.cos(2 * Math.PI * uniform(2, ...index))
  return {
    ability: (f) => Math.exp(0.5 * normal(10, f)),
    cash: (f) => Math.exp(0.4 * normal(11, f) - 0.08),
    readiness: () => Math.exp(0.4 * normal(12) - 0.08),
    taste: (month, f, s) => normal(13, month, f, s),
    climate: (month) => uniform(14, month),
    funding: (month, f) => uniform(15, month, f),
  }
}
