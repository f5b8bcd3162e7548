/** How many threads can compute at once here. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Files with quota and period of processor time, for both versions of Linux's control groups. */
const QUOTA_FILES = [
  ['/sys/fs/cgroup/cpu.max'],
  ['/sys/fs/cgroup/cpu/cpu.cfs_quota_us', '/sys/fs/cgroup/cpu/cpu.cfs_period_us'],
]

/**
 * Cores that this process may use: those that the system offers it, and no more than a container is allowed, which
 * Node leaves out of account.
 */
export function usableCores(): number {
  return Math.max(1, Math.min(availableParallelism(), quotaCores()))
}

/** Cores of a container's quota, rounded up; infinite without one. */
function quotaCores(): number {
  for (const files of QUOTA_FILES) {
    try {
      return coresOfQuota(files.map((file) => readFileSync(file, 'utf8')).join(' '))
    } catch {
      // Not this version, or no control groups at all.
    }
  }
  return Infinity
}

/** Cores of a quota and its period, in microseconds: `150000 100000` is one and a half, which needs two threads. */
export function coresOfQuota(text: string): number {
  const [quota = NaN, period = NaN] = text.trim().split(/\s+/).map(Number)
  return quota > 0 && period > 0 ? Math.ceil(quota / period) : Infinity
}
