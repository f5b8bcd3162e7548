/** JSON whose bytes depend on the value only: keys in order of their code units, two spaces, a newline at the end. */
import { assert } from '../errors.ts'

/** The canonical text of plain data. Keys without a value are left out, as JSON does. */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(value, inOrder, 2)}\n`
}

function inOrder(key: string, value: unknown): unknown {
  if (typeof value === 'number') assert(Number.isFinite(value), 'JSON holds finite numbers', { key })
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value)
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)))
}
