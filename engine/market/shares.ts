/** Weights as shares: what a startup's marketing goes to. */
import type { SegmentDefinition } from './definition.ts'

/**
 * Weights over all segments as shares that sum to one, in the order of the segments; all zero where they do.
 */
export function shares(
  weights: Readonly<Record<string, number>>,
  segments: readonly SegmentDefinition[],
): Record<string, number> {
  const values = segments.map(({ id }) => (Object.hasOwn(weights, id) ? weights[id]! : 0))
  const sum = values.reduce((total, value) => total + value, 0)
  return Object.fromEntries(segments.map(({ id }, i) => [id, sum > 0 ? values[i]! / sum : 0]))
}
