/** Owns small markets for tests of the naive month: one segment, and startups that differ only where a test says so. */
import type {
  MarketDefinition,
  PlanDefinition,
  SegmentDefinition,
  StartupDefinition,
} from '../../engine/market/definition.ts'
import type { Parameters } from '../../engine/market/parameters.ts'
import { readFlagship } from '../reference/vectors.ts'

/** What a test changes; all else is the flagship's consumer segment and a plain startup. */
export interface SmallMarket {
  readonly startups: Readonly<Record<string, Partial<StartupDefinition>>>
  readonly segment?: Partial<SegmentDefinition>
  readonly parameters?: Partial<Parameters>
  readonly books?: MarketDefinition['books']
}

const flagship = readFlagship()
const consumer = flagship.segments[0]!
const [plainStartup, plainPlan] = [flagship.startups[2]!, flagship.startups[2]!.plans[0]!]

/** A plan of the flagship's subscription startup for consumers, changed as told. */
export function smallPlan(id: string, changes: Partial<PlanDefinition> = {}): PlanDefinition {
  return { ...plainPlan, id, name: id, offeredTo: [consumer.id], ...changes }
}

/** A market of one segment in which everyone is ready and the named startups, by default with one plan, compete. */
export function smallMarket({ startups, segment, parameters, books }: SmallMarket): MarketDefinition {
  return {
    ...flagship,
    name: 'small',
    title: 'One segment',
    books: books ?? 'exact',
    segments: [{ ...consumer, ...segment }],
    parameters: { ...flagship.parameters, readinessStart: 1, tasteSd: 0, ...parameters },
    startups: Object.entries(startups).map(([id, changes]) => ({
      ...plainStartup,
      id,
      name: id,
      fit: { [consumer.id]: 0 },
      split: { [consumer.id]: 1 },
      plans: [smallPlan('only')],
      ...changes,
    })),
  }
}
