/** The micro-model of the benchmark, in the public trace language: eight startups, six segments, 120 months. */
import { children, clamp, dimension, each, flow, link, max, num, only, parameter, recordRow, state, step, sum, traceProgram, where } from '../engine/trace/index.ts'
import { exp } from '../engine/numerics/exponential.ts'

export const startups = dimension('startups', 'competing startups', {
  unitCost: parameter({ unit: 'money', meaning: 'cost of serving a customer for a month' }),
  initialPrice: parameter({ unit: 'money', meaning: 'price in month 0' }),
  initialQuality: parameter({ unit: '1', meaning: 'quality in month 0' }),
  initialAwareness: parameter({ unit: '1', meaning: 'awareness in month 0' }),
  rd: parameter({ unit: '1', meaning: 'research effort' }),
  ad: parameter({ unit: '1', meaning: 'advertising effort' }),
  price: state({ unit: 'money', meaning: 'price' }),
  quality: state({ unit: '1', meaning: 'quality' }),
  awareness: state({ unit: '1', meaning: 'awareness' }),
  direction: state({ unit: '1', meaning: 'direction of the price search, 1 or -1' }),
  profit: state({ unit: 'money', meaning: 'profit of the month' }),
  lastProfit: state({ unit: 'money', meaning: 'profit of the month before' }),
  cumulative: state({ unit: 'money', meaning: 'profit so far' }),
  units: state({ unit: 'customers', meaning: 'customers over all segments' }),
})

export const segments = dimension('segments', 'groups of customers', {
  size: parameter({ unit: 'customers', meaning: 'customers in the segment' }),
  alpha: parameter({ unit: '1/money', meaning: 'price sensitivity' }),
  beta: parameter({ unit: '1', meaning: 'weight of quality' }),
})

export const pairs = dimension('pairs', 'a startup in a segment', {
  customers: state({ unit: 'customers', meaning: 'customers' }),
  pull: flow({ unit: '1', meaning: 'attraction' }),
})

export const pairsOf = children('pairsOf', segments, pairs)
export const startupOf = link('startupOf', pairs, startups)

const month = { name: 'months', dimension: startups, everyMonth: true, columns: (['price', 'quality', 'awareness', 'units', 'profit'] as const).map((name) => ({ name, type: 'f64' as const })) }
const final = { name: 'final', dimension: startups, everyMonth: false, columns: (['price', 'units', 'cumulative'] as const).map((name) => ({ name, type: 'f64' as const })) }

export function microModel({ record, noise }: { record: boolean; noise?: (startup: never) => never }) {
  return traceProgram({
    name: 'micro', dimensions: [startups, segments, pairs], relations: [pairsOf, startupOf], tables: record ? [month, final] : [final],
    start: [step('start', () => {
      each(startups, (f) => {
        f.price = f.initialPrice
        f.quality = f.initialQuality
        f.awareness = f.initialAwareness
        f.direction = num(1)
        f.profit = num(0)
        f.lastProfit = num(0)
        f.cumulative = num(0)
        f.units = num(0)
      })
      each(pairs, (p) => { p.customers = num(0) })
    })],
    month: [
      step('startups', () => each(startups, (f) => {
        f.direction = where(f.profit.isBelow(f.lastProfit), f.direction.negated(), f.direction)
        f.lastProfit = f.profit
        f.price = clamp(f.price.times(num(1).plus(f.direction.times(0.02))), { low: f.unitCost.times(1.05), high: 150 })
        f.quality = max(0.05, f.quality.times(0.98).plus(f.rd.times(0.04)))
        f.awareness = clamp(f.awareness.plus(f.ad.times(0.1).times(num(1).minus(f.awareness))).minus(f.awareness.times(0.03)), { low: 0.001, high: 1 })
      })),
      step('segments', () => {
        each(startups, (f) => { f.units = num(0) })
        each(segments, (s) => {
          const total = sum(pairsOf(s), (p) => {
            const f = startupOf(p)
            p.pull = f.awareness.times(exp(s.beta.times(f.quality).minus(s.alpha.times(f.price))))
            return p.pull
          })
          const scale = s.size.times(0.15).over(total.plus(1))
          each(pairsOf(s), (p) => {
            p.customers = p.customers.times(0.85).plus(scale.times(p.pull))
            const f = startupOf(p)
            f.units = f.units.plus(p.customers)
          })
        })
      }),
      step('profit', () => each(startups, (f) => {
        f.profit = f.price.minus(f.unitCost).times(f.units).minus(f.rd.times(100)).minus(f.ad.times(100))
        f.cumulative = f.cumulative.plus(f.profit)
        if (record) recordRow(month, f, { price: f.price, quality: f.quality, awareness: f.awareness, units: f.units, profit: f.profit })
      })),
    ],
    finish: [step('final', () => each(startups, (f) => recordRow(final, f, { price: f.price, units: f.units, cumulative: f.cumulative })))],
  })
}
