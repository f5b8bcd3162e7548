/** What to say of a study that is not finished: what failed, what is missing, and what to do about it. */
import { printable } from '../engine/files/printable.ts'
import type { StudyStatus } from '../engine/study/study-result.ts'
import type { UnitFailure } from '../engine/study/units/unit-store.ts'
import type { Unit } from '../engine/study/units/units.ts'
import { count } from './count.ts'

/** Failures and units that are told one by one. */
const MOST_TOLD = 20

/** Every failure as an error of its own: where it happened, with which figures and which luck, what, and a hint. */
export function failureLines(study: string, failures: readonly UnitFailure[]): string[] {
  const rest = failures.length - MOST_TOLD
  return [
    ...failures.slice(0, MOST_TOLD).flatMap((failure) => failureOf(study, failure)),
    ...(rest > 0
      ? [`and ${count(rest, 'unit')} more that failed; rivalry status FOLDER --json lists them`]
      : []),
  ]
}

function failureOf(study: string, failure: UnitFailure): string[] {
  const { code = 'unit-failed', message, hint, variant, point, values, seed } = failure
  const where = [
    ...(variant === undefined ? [] : [`variant ${variant}`]),
    ...(point === undefined ? [] : [`point ${point}${valuesOf(values)}`]),
    replicationsOf(failure),
    `seed ${seed}`,
  ]
  return [
    `error[${code}] study ${study}, ${where.join(', ')}: ${message}`,
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
  ].map(printable)
}

function valuesOf(values: UnitFailure['values']): string {
  const told = Object.entries(values ?? {}).map(([path, value]) => `${path}=${String(value)}`)
  return told.length === 0 ? '' : ` (${told.join(', ')})`
}

function replicationsOf({ first, count }: { readonly first: number; readonly count: number }): string {
  return count === 1 ? `replication ${first}` : `replications ${first} to ${first + count - 1}`
}

/** A unit in words: its points and replications. */
export function unitText(unit: Unit): string {
  const { points, first, count } = unit
  const [least, most] = [points[0]!, points.at(-1)!]
  const isRow = most - least === points.length - 1
  const text =
    points.length === 1
      ? `point ${least}`
      : isRow
        ? `points ${least} to ${most}`
        : `${points.length} points from ${least} to ${most}`
  return `unit ${unit.ordinal}: ${text}, ${replicationsOf({ first, count })}`
}

/** The first of some units in words, and how many more there are. */
export function unitLines(units: readonly Unit[], most: number): string[] {
  const rest = units.length - most
  return [
    ...units.slice(0, most).map((unit) => `  ${unitText(unit)}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ]
}

/** Which parts of `of` the missing units belong to, ascending, with how many each lacks. */
export function missingByShard(
  missing: readonly Unit[],
  of: number,
): { readonly shard: number; readonly missing: number }[] {
  const counts = new Map<number, number>()
  for (const { ordinal } of missing) {
    const shard = (ordinal % of) + 1
    counts.set(shard, (counts.get(shard) ?? 0) + 1)
  }
  return [...counts]
    .map(([shard, missing]) => ({ shard, missing }))
    .toSorted((one, other) => one.shard - other.shard)
}

/** How many units of a study are done. */
export function doneText({
  units: { done, total },
  mayGrow,
}: Pick<StudyStatus, 'units' | 'mayGrow'>): string {
  return `${done} of ${count(total, 'unit')} ${done === 1 ? 'is' : 'are'} done${mayGrow ? ', and further looks may follow' : ''}`
}
