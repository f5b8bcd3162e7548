/**
 * Owns the micro-model "8x6x120" in the public trace language, and the numbers that go with it. Segments are few and
 * fixed, so they are components of columns; startups are records.
 *
 * Two choices are for speed, as the three passes of the C++ program are. Exponentials stand in loops of their own,
 * three segments at a time: V8 orders the instructions of such a loop so that six of them overlap, of one that also
 * adds up so that they wait for each other (24% slower), and of all six segments so that registers run out (15%).
 * And one call of the generator gives the noise of four months.
 */
import { boundedExp } from '../engine/numerics/exponential.ts'
import { drawSource, words } from '../engine/numerics/draws.ts'
import { normalPair } from '../engine/numerics/normal-pair.ts'
import { entityWords } from '../engine/numerics/streams.ts'
import type { PointValues, Structure } from '../engine/simulation/instance.ts'
import {
  clamp,
  dimension,
  each,
  flow,
  indexOf,
  max,
  month,
  num,
  only,
  parameter,
  recordRow,
  state,
  step,
  structure,
  sums,
  traceProgram,
  when,
  where,
} from '../engine/trace/index.ts'
import type { Dimension, Num, Program, RecordTable } from '../engine/trace/index.ts'
import { segmentCount, startupCount } from './peers/measurement.ts'

const startups = dimension('startups', 'competing startups', {
  word: structure({ unit: '1', meaning: 'tells its draws from those of the others' }),
  unitCost: parameter({ unit: 'money', meaning: 'cost of serving a customer for a month' }),
  initialPrice: parameter({ unit: 'money', meaning: 'price when founded' }),
  initialQuality: parameter({ unit: '1', meaning: 'quality when founded' }),
  initialAwareness: parameter({ unit: '1', meaning: 'awareness when founded' }),
  research: parameter({ unit: '1', meaning: 'effort in research' }),
  advertising: parameter({ unit: '1', meaning: 'effort in advertising' }),
  price: state({ unit: 'money', meaning: 'price' }),
  quality: state({ unit: '1', meaning: 'quality' }),
  awareness: state({ unit: '1', meaning: 'awareness' }),
  direction: state({ unit: '1', meaning: 'direction of the search for a price, 1 or -1' }),
  profit: state({ unit: 'money', meaning: 'profit of the month' }),
  lastProfit: state({ unit: 'money', meaning: 'profit of the month before' }),
  cumulative: state({ unit: 'money', meaning: 'profit so far' }),
  units: state({ unit: 'customers', meaning: 'customers in all segments' }),
  noise: state({ length: 4, unit: '1', meaning: 'standard normal draws of four months' }),
  attraction: flow({ length: segmentCount, unit: '1', meaning: 'attraction in each segment' }),
  customers: state({ length: segmentCount, unit: 'customers', meaning: 'customers in each segment' }),
})

const market = dimension('market', 'the market', {
  size: parameter({ length: segmentCount, unit: 'customers', meaning: 'customers of each segment' }),
  priceSensitivity: parameter({ length: segmentCount, unit: '1/money', meaning: 'of each segment' }),
  qualityWeight: parameter({ length: segmentCount, unit: '1', meaning: 'of each segment' }),
  sigma: parameter({ unit: '1', meaning: 'standard deviation of the monthly noise in quality' }),
})

const segments = Array.from({ length: segmentCount }, (_, s) => s)
const segmentsTogether = [segments.slice(0, 3), segments.slice(3)]

/** Every month of every startup: what the peers record, months from 1. */
const monthsTable: RecordTable = {
  name: 'months',
  dimension: startups,
  everyMonth: true,
  columns: [
    { name: 'month', type: 'i32' },
    { name: 'startup', type: 'u8' },
    ...['price', 'quality', 'awareness', 'units', 'profit'].map((name) => ({ name, type: 'f64' as const })),
  ],
}

const finalTable: RecordTable = {
  name: 'final',
  dimension: startups,
  everyMonth: false,
  columns: ['price', 'units', 'cumulative'].map((name) => ({ name, type: 'f64' as const })),
}

const found = step('found', () =>
  each(startups, (f) => {
    f.price = f.initialPrice
    f.quality = f.initialQuality
    f.awareness = f.initialAwareness
    f.direction = num(1)
    f.profit = num(0)
    f.lastProfit = num(0)
    f.cumulative = num(0)
    f.units = num(0)
    for (const s of segments) f.customers.set(s, 0)
    for (let later = 0; later < 4; later++) f.noise.set(later, 0)
  }),
)

const draw = step('draw', () =>
  when(month().and(3).equals(0), () =>
    each(startups, (f) => {
      const source = drawSource({ stream: 'quality', entity: f.word, at: month().shiftedRight(2) })
      const [u0, u1, u2, u3] = words(source).map((word) =>
        word
          .toNum()
          .plus(0.5)
          .times(2 ** -32),
      ) as [Num, Num, Num, Num]
      const normals = [...normalPair([u0, u1]), ...normalPair([u2, u3])]
      normals.forEach((normal, later) => f.noise.set(later, normal))
    }),
  ),
)

const decide = step('decide', () => {
  const { sigma } = only(market)
  each(startups, (f) => {
    f.direction = where(f.profit.isBelow(f.lastProfit), f.direction.negated(), f.direction)
    f.lastProfit = f.profit
    const wanted = f.price.times(num(1).plus(f.direction.times(0.02)))
    f.price = clamp(wanted, { low: f.unitCost.times(1.05), high: 150 })
    const noise = sigma.times(f.noise.at(month().and(3)))
    f.quality = max(0.05, f.quality.times(0.98).plus(f.research.times(0.04)).plus(noise))
    const gained = f.advertising.times(0.1).times(num(1).minus(f.awareness))
    f.awareness = clamp(f.awareness.plus(gained).minus(f.awareness.times(0.03)), { low: 0.001, high: 1 })
  })
})

const choose = step('choose', () => {
  const m = only(market)
  for (const together of segmentsTogether)
    each(startups, (f) => {
      for (const s of together) {
        // At least -12, and below 20 with any sigma up to 1: far from where exp would have to clamp.
        const utility = m.qualityWeight.at(s).times(f.quality).minus(m.priceSensitivity.at(s).times(f.price))
        f.attraction.set(s, f.awareness.times(boundedExp(utility)))
      }
    })
  const total = sums(startups, (f) => Object.fromEntries(segments.map((s) => [s, f.attraction.at(s)])))
  const arrivals = segments.map((s) => m.size.at(s).times(0.15).over(total[s]!.plus(1)))
  each(startups, (f) => {
    f.units = segments.reduce((units, s) => {
      const arrived = arrivals[s]!.times(f.attraction.at(s))
      return units.plus(f.customers.set(s, f.customers.at(s).times(0.85).plus(arrived)))
    }, num(0))
  })
})

const settle = (recording: boolean) =>
  step('settle', () =>
    each(startups, (f) => {
      const spent = f.research.times(100).plus(f.advertising.times(100))
      f.profit = f.price.minus(f.unitCost).times(f.units).minus(spent)
      f.cumulative = f.cumulative.plus(f.profit)
      if (!recording) return
      const { price, quality, awareness, units, profit } = f
      const key = { month: month().plus(1).toNum(), startup: indexOf(f).toNum() }
      recordRow(monthsTable, f, { ...key, price, quality, awareness, units, profit })
    }),
  )

const finish = step('finish', () =>
  each(startups, (f) =>
    recordRow(finalTable, f, { price: f.price, units: f.units, cumulative: f.cumulative }),
  ),
)

/** The micro-model as a program, with or without the table `months`; the table `final` is always recorded. */
export function microModelProgram({ recording }: { recording: boolean }): Program {
  return traceProgram({
    name: 'micro-model',
    dimensions: [startups, market],
    relations: [],
    tables: recording ? [monthsTable, finalTable] : [finalTable],
    start: [found],
    month: [draw, decide, choose, settle(recording)],
    finish: [finish],
  })
}

/** How many records there are, and what tells their draws apart. */
export function microModelStructure(): Structure {
  return {
    counts: new Map<Dimension, number>([
      [startups, startupCount],
      [market, 1],
    ]),
    relations: new Map(),
    values: new Map([[startups.column.word, [...entityWords(forEachStartup((i) => [i]))]]]),
  }
}

/** The numbers of the micro-model; `sigma` is 0.05, or 0 for totals that are known. */
export function microModelValues(sigma: number): PointValues {
  const s = startups.column
  const m = market.column
  return new Map([
    [s.unitCost, forEachStartup((i) => 10 + i)],
    [s.initialPrice, forEachStartup((i) => 30 + 2 * i)],
    [s.initialQuality, forEachStartup((i) => 1 + 0.1 * i)],
    [s.initialAwareness, forEachStartup((i) => 0.1 + 0.05 * i)],
    [s.research, forEachStartup((i) => 0.5 + 0.05 * i)],
    [s.advertising, forEachStartup((i) => 0.3 + 0.05 * i)],
    [m.size, segments.map((at) => 1000 * (at + 1))],
    [m.priceSensitivity, segments.map((at) => 0.03 + 0.01 * at)],
    [m.qualityWeight, segments.map((at) => 1 - 0.1 * at)],
    [m.sigma, [sigma]],
  ])
}

function forEachStartup<Value>(value: (index: number) => Value): Value[] {
  return Array.from({ length: startupCount }, (_, index) => value(index))
}
