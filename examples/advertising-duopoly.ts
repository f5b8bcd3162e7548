/**
 * A market of its own, whole: two firms compete by price and advertising for one group of customers. Advertising
 * builds goodwill that fades (Nerlove and Arrow, Economica 29, 1962), customers choose by a logit with the option
 * to buy nothing, and each firm climbs towards a better price by trial and error.
 *
 *   npx tsx examples/advertising-duopoly.ts
 */
import { pathToFileURL } from 'node:url'
import { drawSource, normal } from '../engine/numerics/draws.ts'
import { exp } from '../engine/numerics/exponential.ts'
import { seedKeyOf } from '../engine/numerics/seed.ts'
import { Instance } from '../engine/simulation/instance.ts'
import {
  dimension,
  each,
  flow,
  max,
  num,
  only,
  parameter,
  recordRow,
  state,
  step,
  sum,
  traceProgram,
  where,
  type Dimension,
} from '../engine/trace/index.ts'

export const market = dimension('market', 'the customers of the market', {
  size: parameter({ unit: 'customers', meaning: 'customers who look every month' }),
  sensitivity: parameter({ unit: '1/money', meaning: 'how much a higher price repels' }),
  swing: parameter({ unit: '1', meaning: 'standard deviation of the log of monthly demand' }),
  demand: flow({ unit: 'customers', meaning: 'customers who look this month' }),
})

export const firms = dimension('firms', 'competing firms', {
  cost: parameter({ unit: 'money', meaning: 'cost of a unit' }),
  firstPrice: parameter({ unit: 'money', meaning: 'price in month 0' }),
  advertising: parameter({ unit: 'money a month', meaning: 'advertising budget' }),
  price: state({ unit: 'money', meaning: 'price' }),
  direction: state({ unit: '1', meaning: '1 while the price rises, -1 while it falls' }),
  goodwill: state({ unit: '1', meaning: 'goodwill built by advertising' }),
  margin: state({ unit: 'money', meaning: 'margin per customer who looked, last month' }),
  profit: state({ unit: 'money', meaning: 'profit so far' }),
  pull: flow({ unit: '1', meaning: 'attraction: goodwill times the utility of buying at the price' }),
  share: flow({ unit: 'share', meaning: 'share of customers who buy here' }),
})

const numbers = (...names: string[]) => names.map((name) => ({ name, type: 'f64' as const }))
/** Months that the example simulates. */
export const months = {
  name: 'months',
  dimension: firms,
  everyMonth: true,
  columns: numbers('price', 'share'),
}
/** The table that the example records. */
export const results = { name: 'results', dimension: firms, everyMonth: false, columns: numbers('profit') }

/** The market as a program: traced once, compiled for any number of firms. */
export const duopoly = () =>
  traceProgram({
    name: 'advertising duopoly',
    dimensions: [market, firms],
    relations: [],
    tables: [months, results],
    start: [
      step('start', () =>
        each(firms, (f) => {
          f.price = f.firstPrice
          f.direction = num(1)
          f.goodwill = num(0)
          f.margin = num(0)
          f.profit = num(0)
        }),
      ),
    ],
    month: [
      step('goodwill', () =>
        each(firms, (f) => {
          f.goodwill = f.goodwill.times(0.9).plus(f.advertising.squareRoot().times(0.1))
        }),
      ),
      step('choice', () => {
        const m = only(market)
        const luck = normal(drawSource({ stream: 'demand' })).times(m.swing)
        m.demand = m.size.times(exp(luck.minus(m.swing.squared().over(2))))
        each(firms, (f) => {
          f.pull = f.goodwill.times(exp(f.price.times(m.sensitivity).negated()))
        })
        const everyone = num(1).plus(sum(firms, (f) => f.pull))
        each(firms, (f) => {
          f.share = f.pull.over(everyone)
        })
      }),
      step('books', () =>
        each(firms, (f) => {
          const margin = f.price.minus(f.cost).times(f.share)
          f.profit = f.profit.plus(margin.times(only(market).demand)).minus(f.advertising)
          recordRow(months, f, { price: f.price, share: f.share })
          f.direction = where(margin.isBelow(f.margin), f.direction.negated(), f.direction)
          f.margin = margin
          f.price = max(f.cost, f.price.times(f.direction.times(0.01).plus(1)))
        }),
      ),
    ],
    finish: [step('finish', () => each(firms, (f) => recordRow(results, f, { profit: f.profit })))],
  })

/** Profits by firm and replication, for firms that differ in what they spend on advertising only. */
export function profits({
  advertising,
  swing = 0.1,
  replications = 400,
  length = 60,
  backend = 'wasm' as 'wasm' | 'javascript',
}: {
  advertising: readonly number[]
  swing?: number
  replications?: number
  length?: number
  backend?: 'wasm' | 'javascript'
}) {
  const counts = new Map<Dimension, number>([
    [market, 1],
    [firms, advertising.length],
  ])
  const instance = new Instance(
    duopoly(),
    { counts, relations: new Map(), values: new Map() },
    { backend, months: length, key: seedKeyOf('duopoly'), rows: replications },
  )
  const same = (value: number): number[] => advertising.map(() => value)
  instance.setPoint(
    new Map([
      [market.column.size, [1000]],
      [market.column.sensitivity, [0.1]],
      [market.column.swing, [swing]],
      [firms.column.cost, same(10)],
      [firms.column.firstPrice, same(15)],
      [firms.column.advertising, advertising],
    ]),
  )
  instance.runReplications({ first: 0, count: replications })
  const given = instance.output('results', 'profit', { replications })
  return {
    instance,
    byFirm: advertising.map((_, firm) =>
      Array.from({ length: replications }, (_, row) => given[row * advertising.length + firm] as number),
    ),
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const budgets = [100, 900]
  const { byFirm } = profits({ advertising: budgets })
  for (const [i, values] of byFirm.entries()) {
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1))
    console.log(
      `advertising ${budgets[i]} a month: profit ${Math.round(mean)} +- ${Math.round(deviation)} over 60 months`,
    )
  }
}
