/** Owns step 3.1 of the naive month: climate, taste, compute price, usage and potential. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { postingOf } from './ledger.ts'
import { type Draws, type MarketMonth, type NaiveState, clip, naiveStart, sum } from './state.ts'

/** Moves climate and taste, lets startups enter and shocks strike, and says what the month is like for everyone. */
export function events(
  definition: MarketDefinition,
  state: NaiveState,
  draws: Draws,
  month: number,
): MarketMonth {
  const { parameters: p, segments, types } = definition
  const years = month / 12
  // The climate switches at the start of every month, month 0 included (3.8).
  state.boom = state.boom ? draws.climate(month) >= p.boomToWinter : draws.climate(month) < p.winterToBoom
  const lasting = shocksOf(definition, state, draws, month)
  const ofKind = (kind: string) => lasting.filter((shock) => shock.kind === kind)
  const product = (shocks: typeof lasting) => shocks.reduce((factor, shock) => factor * shock.size, 1)
  if (ofKind('boom').length > 0) state.boom = true
  if (ofKind('winter').length > 0) state.boom = false
  enter(definition, state, draws, month)
  state.taste = state.taste.map((row, f) =>
    row.map((taste, s) => {
      const shock = p.tasteSd * draws.taste(month, f, s)
      // The first month of a startup draws from the stationary law.
      return month === 0 || state.enteredAt[f] === month
        ? shock
        : p.tastePersistence * taste + Math.sqrt(1 - p.tastePersistence ** 2) * shock
    }),
  )
  const fall = p.computeFallPerYear ** -years * clip(product(ofKind('computePrice')), 0.001, 1000)
  return {
    month,
    years,
    fall,
    computePrice: p.computePrice * fall,
    usageGrowth: segments.map((segment) => segment.usageGrowth ** years),
    usage: segments.map((segment) => {
      const spread = types.nodes.map((z) => Math.exp(segment.tau * z))
      const mean = sum(spread.map((value, h) => value * types.weights[h]!))
      return spread.map((value) => (segment.usage * segment.usageGrowth ** years * value) / mean)
    }),
    potential: segments.map((segment) => segment.potential * (1 + segment.growth) ** years),
    shop: segments.map(({ id, shop }) =>
      Math.min(
        1,
        shop * clip(product(ofKind('demand').filter(({ segment }) => (segment ?? id) === id)), 0, 100),
      ),
    ),
    regulation: segments.map(({ id }) =>
      clip(product(ofKind('regulation').filter(({ segment }) => (segment ?? id) === id)), 0, 1000),
    ),
    openFrontier: clip(p.openFrontier + sum(ofKind('openFrontier').map(({ size }) => size)), 0, 1),
    fundingOdds: clip(product(ofKind('funding')), 0.001, 1000),
    outage: definition.startups.map(({ id }) =>
      sum(ofKind('outage').flatMap(({ startup, size }) => ((startup ?? id) === id ? [size] : []))),
    ),
  }
}

/** The shocks that last in a month, after those that begin in it have begun. */
function shocksOf(
  { shocks = [] }: MarketDefinition,
  state: NaiveState,
  draws: Draws,
  month: number,
): NonNullable<MarketDefinition['shocks']> {
  return shocks.filter((shock, k) => {
    const begins =
      shock.chance === null
        ? month === shock.month
        : month >= shock.month && month >= state.shockEnds[k]! && draws.shock!(month, k) < shock.chance
    if (begins) state.shockEnds[k] = month + (shock.duration ?? Infinity)
    return month < state.shockEnds[k]!
  })
}

/** Startups that wait enter with their chance, from their month on; they begin as all others do before month 0. */
function enter(definition: MarketDefinition, state: NaiveState, draws: Draws, month: number): void {
  definition.startups.forEach(({ entry, entryChance, entryInBoom, cash }, f) => {
    if (state.enteredAt[f]! >= 0 || month < entry || (entryInBoom === 1 && !state.boom)) return
    if (entryChance < 1 && draws.entry!(month, f) >= entryChance) return
    const born = naiveStart(
      {
        ...definition,
        startups: definition.startups.map((startup) => ({
          ...startup,
          entry: 0,
          entryChance: 1,
          entryInBoom: 0,
        })),
      },
      draws,
    )
    state.enteredAt[f] = month
    for (const name of Object.keys(born) as (keyof NaiveState)[]) {
      const [kept, fresh] = [state[name], born[name]]
      // What has an entry for each startup, and none for each plan, segment, month or shock.
      if (perStartup.has(name)) (kept as unknown[])[f] = (fresh as unknown[])[f]
    }
    const booked = postingOf(definition.books)(cash * draws.cash(f))
    state.ledger[f]!.cash += booked
    state.ledger[f]!.equity -= booked
  })
}

/** The states of a startup that its entry sets as before month 0; its ledger gets the cash, the others do not change. */
const perStartup = new Set<keyof NaiveState>([
  'quality',
  'efficiency',
  'fit',
  'awareness',
  'stock',
  'trust',
  'reserved',
  'usage',
  'serviceRatio',
  'cash',
  'alive',
  'grossProfit',
  'burn',
])
