/**
 * Owns the market of the limit cases: the packaged duopoly with one startup, one plan and no luck, so that whatever a
 * case adds is all that happens.
 */
import type {
  MarketDefinition,
  PlanDefinition,
  SegmentDefinition,
  StartupDefinition,
} from '../../engine/market/definition.ts'
import type { Parameters } from '../../engine/market/parameters.ts'
import { loadScenario } from '../../scenarios/index.ts'

/** What a limit case changes. */
export interface OneSeller extends Partial<
  Pick<MarketDefinition, 'months' | 'demography' | 'books' | 'types'>
> {
  readonly segment?: Partial<SegmentDefinition>
  readonly parameters?: Partial<Parameters>
  readonly startup?: Partial<Omit<StartupDefinition, 'plans'>>
  readonly plan?: Partial<PlanDefinition>
  /** In place of the one plan. */
  readonly plans?: readonly Partial<PlanDefinition>[]
}

const duopoly = loadScenario('duopoly')
const [buyers] = duopoly.segments
const [seller] = duopoly.startups
const [product] = seller!.plans

/**
 * One startup of quality 1 that everybody knows sells one plan to one segment: utility is 8 - 4 price against 0 for
 * doing without, everyone looks every month, and there are no costs but those that a case states.
 */
export function oneSeller({
  segment,
  parameters,
  startup,
  plan,
  plans = [{}],
  ...rest
}: OneSeller): MarketDefinition {
  return {
    ...duopoly,
    ...rest,
    parameters: { ...duopoly.parameters, ...parameters },
    segments: [{ ...buyers!, support: 0, ...segment }],
    startups: [
      {
        ...seller!,
        ...startup,
        plans: plans.map((each, k) => ({
          ...product!,
          ...(plans.length > 1 ? { id: `plan-${k}`, name: `plan-${k}` } : {}),
          ...plan,
          ...each,
        })),
      },
    ],
  }
}

/** Three types of customer in the shares 1/6, 2/3, 1/6, as scenarios have them unless they say otherwise. */
export const threeTypes: MarketDefinition['types'] = {
  nodes: [-Math.sqrt(3), 0, Math.sqrt(3)],
  weights: [1 / 6, 2 / 3, 1 / 6],
}

/** One type of customer: no spread of price sensitivity or usage. */
export const oneType: MarketDefinition['types'] = { nodes: [0, 0, 0], weights: [0, 1, 0] }
