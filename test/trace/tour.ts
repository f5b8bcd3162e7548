/** The code of docs/language.md: every block there is taken from here, and `tour.test.ts` runs it. */
import { drawSource, normal, uniform } from '../../engine/numerics/draws.ts'
import { exp } from '../../engine/numerics/exponential.ts'
import { Instance } from '../../engine/simulation/instance.ts'
import {
  children,
  choose,
  chooseNum,
  dimension,
  each,
  flow,
  fold,
  indexOf,
  link,
  list,
  max,
  maximum,
  month,
  num,
  only,
  parameter,
  recordRow,
  repeat,
  replication,
  routine,
  state,
  step,
  structure,
  sum,
  sums,
  traceProgram,
  when,
  where,
  whole,
  type Dimension,
  type Num,
  type RecordTable,
} from '../../engine/trace/index.ts'

/** The first program of the tour. */
export function first() {
  const shops = dimension('shops', 'shops in a street', {
    rent: parameter({ unit: 'money a month', meaning: 'rent' }),
    cash: state({ unit: 'money', meaning: 'cash at hand' }),
    sales: flow({ unit: 'money a month', meaning: 'sales of the month' }),
  })
  const months: RecordTable = {
    name: 'months',
    dimension: shops,
    everyMonth: true,
    columns: [{ name: 'cash', type: 'f64' }],
  }

  const program = traceProgram({
    name: 'street',
    dimensions: [shops],
    relations: [],
    tables: [months],
    start: [
      step('start', () =>
        each(shops, (shop) => {
          shop.cash = num(1000)
        }),
      ),
    ],
    month: [
      step('trade', () =>
        each(shops, (shop) => {
          shop.sales = max(
            0,
            normal(drawSource({ stream: 'sales', entity: indexOf(shop) }))
              .times(200)
              .plus(900),
          )
          shop.cash = shop.cash.plus(shop.sales).minus(shop.rent)
          recordRow(months, shop, { cash: shop.cash })
        }),
      ),
    ],
    finish: [],
  })

  const instance = new Instance(
    program,
    { counts: new Map<Dimension, number>([[shops, 3]]), relations: new Map(), values: new Map() },
    {
      backend: 'wasm',
      months: 12,
      key: [1, 2, 3, 4],
      rows: 1000,
    },
  )
  instance.setPoint(new Map([[shops.column.rent, [700, 800, 900]]]))
  instance.runReplications({ first: 0, count: 1000 })
  const cash = instance.output('months', 'cash', { replications: 1000 }) // [replication][month][shop]
  return { shops, program, instance, cash }
}

// ------------------------------------------------------------------------------------ columns and loops

export const town = dimension('town', 'the town as a whole', {
  wage: parameter({ unit: 'money a month', meaning: 'wage of a clerk' }),
  growth: parameter({ unit: 'share a month', meaning: 'growth of the town' }),
  people: flow({ unit: 'people', meaning: 'inhabitants this month' }),
  visits: state({ unit: 'people', meaning: 'visits by quarter of the year', length: 4 }),
})
export const shops = dimension('shops', 'shops', {
  fame: parameter({ unit: '1', meaning: 'how well known it is' }),
  open: state({ unit: '1', meaning: 'whether it is open', kind: 'bool' }),
  cash: state({ unit: 'money', meaning: 'cash' }),
  visitors: flow({ unit: 'people', meaning: 'visitors this month' }),
})
export const shelves = dimension('shelves', 'shelves of a shop', {
  termMonths: structure({ unit: 'months', meaning: 'months after which goods spoil' }),
  price: parameter({ unit: 'money', meaning: 'price' }),
  stock: state({ unit: 'pieces', meaning: 'pieces on the shelf' }),
})
export const batches = dimension('batches', 'goods on a shelf by month of arrival', {
  pieces: state({ unit: 'pieces', meaning: 'pieces left' }),
})
export const shelvesOf = children('shelvesOf', shops, shelves) // contiguous runs, any length, empty ones too
export const batchesOf = children('batchesOf', shelves, batches)
export const shopOf = link('shopOf', shelves, shops) // one record
export const rivalsOf = list('rivalsOf', shops, shops) // any records, in a given order

export const start = step('start', () => {
  for (const quarter of [0, 1, 2, 3]) only(town).visits.set(quarter, 0)
  each(shops, (shop) => {
    shop.open = shop.fame.isAbove(0)
    shop.cash = num(100)
  })
  each(shelves, (shelf) => {
    shelf.stock = num(10)
  })
  each(batches, (batch) => {
    batch.pieces = num(5)
  })
})

export const visits = step('visits', () => {
  const t = only(town)
  t.people = exp(t.growth.times(month().toNum())).times(1000) // the same in all replications
  const fame = sum(shops, (shop) => where(shop.open, shop.fame, 0))
  each(shops, (shop) => {
    const share = where(shop.open, shop.fame.over(max(fame, 1e-9)), 0)
    shop.visitors = t.people.times(share)
  })
  const quarter = month().modulo(12).toNum().over(3).floor()
  for (const q of [0, 1, 2, 3])
    t.visits.set(
      q,
      t.visits.at(q).plus(
        where(
          quarter.equals(q),
          sum(shops, (shop) => shop.visitors),
          0,
        ),
      ),
    )
})

export const sales = step('sales', () => {
  each(shops, (shop) => {
    const { pieces, worth } = sums(shelvesOf(shop), (shelf) => ({
      pieces: shelf.stock,
      worth: shelf.stock.times(shelf.price),
    }))
    const dearest = maximum(shelvesOf(shop), 0, (shelf) => shelf.price)
    shop.cash = shop.cash.plus(where(pieces.isAbove(0), worth.over(max(pieces, 1)), dearest))
  })
  each(shelves, (shelf) => {
    const shop = shopOf(shelf)
    shop.cash = shop.cash.minus(0.1)
  })
})

export const spoiling = step('spoiling', () => {
  each(shelves, (shelf) => {
    const oldest = batchesOf.at(shelf, month().modulo(shelf.termMonths)) // a ring: the slot of a month, one term ago
    shelf.stock = shelf.stock.minus(oldest.pieces)
    oldest.pieces = num(3)
    shelf.stock = shelf.stock.plus(3)
  })
})

export const serving = step('serving', () => {
  each(shops, (shop) => {
    const { left } = fold<typeof shelves.declare.columns, { left: Num }>(
      shelvesOf(shop),
      { left: shop.visitors },
      ({ left }, shelf) => {
        const sold = where(left.isBelow(shelf.stock), left, shelf.stock)
        shelf.stock = shelf.stock.minus(sold)
        return { left: left.minus(sold) }
      },
    )
    shop.cash = shop.cash.plus(left.times(0))
  })
})

// ------------------------------------------------------------------------------------------- conditions

export const closing = step('closing', () => {
  each(shops, (shop) => {
    const broke = shop.cash.isBelow(0).and(shop.open)
    when(broke, () => {
      // for the replications in which it is broke
      shop.open = whole(0).equals(1)
      each(rivalsOf(shop), (rival) => {
        rival.cash = rival.cash.plus(5)
      })
    })
    const { help } = choose(
      shop.cash.isBelow(20),
      () => ({ help: costlyHelp(shop.cash) }),
      () => ({ help: num(0) }),
    )
    shop.cash = shop.cash.plus(help)
  })
})

const costlyHelp = (cash: Num): Num => exp(cash.negated().over(50))

export const searching = step('searching', () => {
  each(shops, (shop) => {
    // Newton's square root, for each replication until it is close enough, ten rounds at most.
    const { root } = repeat(
      shop.cash.isAbove(0),
      { root: max(shop.cash, 1), rounds: whole(0) },
      ({ root: x, rounds }) => {
        const better = x.plus(shop.cash.over(x)).times(0.5)
        const done = better.minus(x).absolute().isBelow(1e-9)
        return { again: done.not().and(rounds.isBelow(10)), next: { root: better, rounds: rounds.plus(1) } }
      },
    )
    shop.cash = where(shop.cash.isAbove(0), root.squared(), shop.cash)
  })
})

// -------------------------------------------------------------------------------------- draws, routines

export const luck = step('luck', () => {
  each(shops, (shop) => {
    const source = drawSource({ stream: 'break-in', entity: indexOf(shop) })
    shop.cash = where(uniform(source).isBelow(0.01), shop.cash.times(0.5), shop.cash)
  })
  const evens = replication().and(1).equals(0) // antithetic pairs, say
  each(shops, (shop) => {
    shop.cash = where(evens, shop.cash, shop.cash.plus(0))
  })
})

export const mean = routine('mean', ['num', 'num'], (a, b) => a.plus(b).times(0.5))
export const logistic = routine('logistic', ['num'], (x) => num(1).over(exp(x.negated()).plus(1)), {
  inline: true,
})

export const advising = step('advising', () => {
  each(shops, (shop) => {
    shop.cash = shop.cash.plus(mean(shop.visitors, shop.fame).times(logistic(shop.fame)).times(0.001))
  })
})

// ------------------------------------------------------------------------------------------ recording

export const results: RecordTable = {
  name: 'results',
  dimension: shops,
  everyMonth: false,
  columns: [
    { name: 'cash', type: 'f64' },
    { name: 'open', type: 'u8' },
    { name: 'wholeCash', type: 'i32' },
  ],
}

export const finish = step('finish', () =>
  each(shops, (shop) => {
    recordRow(results, shop, { cash: shop.cash, open: shop.open, wholeCash: shop.cash })
  }),
)

/** The tour's town: every step above. */
export function tourProgram() {
  return traceProgram({
    name: 'town',
    dimensions: [town, shops, shelves, batches],
    relations: [shelvesOf, batchesOf, shopOf, rivalsOf],
    tables: [results],
    start: [start],
    month: [visits, sales, spoiling, serving, closing, searching, luck, advising],
    finish: [finish],
  })
}

/** One parameter that differs in each lane, all others per design point. */
export function tourWithFamePerLane() {
  return traceProgram(
    {
      name: 'town',
      dimensions: [town, shops, shelves, batches],
      relations: [shelvesOf, batchesOf, shopOf, rivalsOf],
      tables: [results],
      start: [start],
      month: [visits, sales, spoiling, serving, closing, searching, luck, advising],
      finish: [finish],
    },
    { laneParameters: [shops.column.fame] },
  )
}

export function tourInstance(program = tourProgram(), backend: 'wasm' | 'javascript' = 'wasm'): Instance {
  const instance = new Instance(
    program,
    {
      counts: new Map<Dimension, number>([
        [town, 1],
        [shops, 2],
        [shelves, 3],
        [batches, 5],
      ]),
      relations: new Map<(typeof shopOf)['relation'], readonly number[] | readonly (readonly number[])[]>([
        [shelvesOf.relation, [3, 0]], // three shelves for the first shop, none for the second
        [batchesOf.relation, [2, 2, 1]],
        [shopOf.relation, [0, 0, 0]],
        [rivalsOf.relation, [[1], [0]]],
      ]),
      values: new Map([[shelves.column.termMonths, [2, 2, 1]]]),
    },
    { backend, months: 6, key: [1, 2, 3, 4], rows: 8 },
  )
  instance.setPoint(
    new Map([
      [town.column.wage, [2]],
      [town.column.growth, [0.01]],
      [shops.column.fame, [1, 3]],
      [shelves.column.price, [2, 3, 4]],
    ]),
  )
  return instance
}

/** Decided while tracing: a mechanism that is off is not compiled. */
export const taxed = (profitTax: boolean) =>
  step('tax', () => {
    if (!profitTax) return // an ordinary boolean, known while tracing
    each(shops, (shop) => {
      shop.cash = chooseNum(
        shop.cash.isAbove(0),
        () => shop.cash.times(0.8),
        () => shop.cash,
      )
    })
  })
