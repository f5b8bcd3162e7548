/** Owns the reading of the figures that `api-prices.yaml` carries in the `source` of each plan. */
import { loadScenario } from '../../scenarios/load.ts'

/** The scenario of real offers. */
export const market = loadScenario('api-prices')

/** The commit and date of the price table that the offers were taken from. */
export const snapshot = { commit: '59042a13a493', date: '2025-09-01' }

/** Tokens of a request, three of input to one of output: the assumption stated in the scenario. */
export const tokensPerRequest = 4000

/** A plan with the figures that its source states. */
export interface Offer {
  readonly startup: (typeof market.startups)[number]
  readonly plan: (typeof market.startups)[number]['plans'][number]
  /** Key in the price table. */
  readonly key: string
  /** USD per 1M tokens. */
  readonly input: number
  readonly output: number
  /** Tokens. */
  readonly context: number
  /** Name of the model in the Epoch Capabilities Index, and its score to two decimals. */
  readonly model: string
  readonly score: number
}

const figures =
  /^(\S+), (\S+) in and (\S+) out USD per 1M tokens, context (\d+): LiteLLM by way of tokencost (\w+), (\S+)\. (.+), ECI (\d+\.\d\d): Epoch AI\.$/

/** Every offer of the scenario; throws where a source does not state its figures. */
export const offers: readonly Offer[] = market.startups.flatMap((startup) =>
  startup.plans.map((plan) => {
    const match = figures.exec(plan.source ?? '')
    if (!match)
      throw new Error(`the source of ${startup.id}.${plan.id} does not state its figures: ${plan.source}`)
    const [, key = '', input, output, context, commit, date, model = '', score] = match
    if (commit !== snapshot.commit || date !== snapshot.date)
      throw new Error(`${key} is of ${commit}, ${date}`)
    const numbers = { input: Number(input), output: Number(output), context: Number(context) }
    return { startup, plan, key, ...numbers, model, score: Number(score) }
  }),
)

/** The score that counts as the state of the art: quality 1. */
export const frontierScore = 153.81

/** Quality of a score relative to the state of the art, for a slope in log points a point of ECI. */
export function qualityOf(score: number, slope = 0.055): number {
  return Math.exp(-slope * (frontierScore - score))
}
