/**
 * Owns markets of any size for measuring how cost grows with it: the flagship's startups and segments, over and over,
 * each copy with a name and luck of its own.
 */
import { assert } from '../engine/errors.ts'
import type { MarketDefinition, SegmentDefinition, StartupDefinition } from '../engine/market/definition.ts'

/**
 * A market with so many startups and segments, made of those of `market`. A copy of a segment has its original's
 * customers; a startup spreads its marketing as before, equally over copies, and equally over all segments when none
 * of its own is there. Plans are offered where they were, to every segment when that is nowhere.
 */
export function syntheticMarket(
  market: MarketDefinition,
  { startups, segments }: { startups: number; segments: number },
): MarketDefinition {
  assert(startups >= 1 && segments >= 1, 'a market has startups and segments', { startups, segments })
  const copies = Array.from({ length: segments }, (_, index) => {
    const original = market.segments[index % market.segments.length]!
    const copy = Math.floor(index / market.segments.length)
    return { original, segment: { ...original, ...named(original, copy) } }
  })
  return {
    ...market,
    name: `synthetic-${startups}-${segments}`,
    segments: copies.map(({ segment }) => segment),
    startups: Array.from({ length: startups }, (_, index) => {
      const original = market.startups[index % market.startups.length]!
      const copy = Math.floor(index / market.startups.length)
      return { ...original, ...named(original, copy), ...placed(original, copies) }
    }),
  }
}

interface SegmentCopy {
  readonly original: SegmentDefinition
  readonly segment: SegmentDefinition
}

/** What of a startup speaks of segments. */
function placed(
  startup: StartupDefinition,
  copies: readonly SegmentCopy[],
): Pick<StartupDefinition, 'fit' | 'split' | 'plans'> {
  const bySegment = (value: (originalId: string) => number): Record<string, number> =>
    Object.fromEntries(copies.map(({ original, segment }) => [segment.id, value(original.id)]))
  const targeted = copies.reduce((sum, { original }) => sum + startup.split[original.id]!, 0)
  return {
    fit: bySegment((segment) => startup.fit[segment]!),
    split: bySegment((segment) => (targeted > 0 ? startup.split[segment]! / targeted : 1 / copies.length)),
    plans: startup.plans.map((plan) => {
      const offered = copies.filter(({ original }) => plan.offeredTo.includes(original.id))
      return { ...plan, offeredTo: (offered.length > 0 ? offered : copies).map(({ segment }) => segment.id) }
    }),
  }
}

function named({ id, name }: { id: string; name: string }, copy: number): { id: string; name: string } {
  return copy === 0 ? { id, name } : { id: `${id}-${copy + 1}`, name: `${name} ${copy + 1}` }
}
