/**
 * Owns a small market in which one startup is alone: enough of its customers know it and are ready, everyone lives
 * long enough, every segment trades, and the luck of taste, ability and cash is off.
 */
import type { BusinessModel } from '../../../agents/business-models/index.ts'
import { simulate } from '../../../index.ts'
import { parseScenario } from '../../../scenarios/parse.ts'

const scenario = (model: string): string => `
months: 40
currency: EUR
parameters: { tasteSd: 0, abilitySd: 0, readinessSd: 0, cashSd: 0, readinessStart: 0.5 }
segments:
  consumer: { kind: consumer, potential: 200000, trade: 3 }
  smallBusiness: { kind: smallBusiness, potential: 40000, trade: 150 }
  developer: { kind: developer, potential: 20000, trade: 50 }
  enterprise: { kind: enterprise, trade: 4000 }
startups:
  one: { model: ${model}, cash: 5e7, awarenessTargeted: 0.3, stockHalf: 1000 }
`

/** What a startup has received and paid over all months and replications together, in euros, by column of `months`. */
export type Books = Readonly<Record<(typeof columns)[number], number>>

const columns = [
  'subscriptions',
  'usage',
  'ads',
  'take',
  'revenue',
  'compute',
  'directCost',
  'operatingCost',
  'freeUsers',
  'paidUsers',
  'deferred',
] as const

/** The books of a business model that is alone in the small market. */
export async function booksOf(model: BusinessModel): Promise<Books> {
  const market = parseScenario(scenario(model.name), { models: [model] })
  const sums = Object.fromEntries(columns.map((name) => [name, 0])) as Record<keyof Books, number>
  await simulate(market, {
    replications: 4,
    workers: 0,
    recording: 'months',
    onBatch: (tables) => {
      const months = tables.get('months')!
      for (const name of columns) for (const value of months.getChild(name)!) sums[name] += Number(value)
    },
  })
  return sums
}
