/** Owns the order of the naive month and the loop over months. */
import type { MarketDefinition } from '../../engine/market/definition.ts'
import { type BooksFlow, books } from './books.ts'
import { type CapitalFlow, capital } from './capital.ts'
import { type ChoiceFlow, choice } from './choice.ts'
import { type Actions, type NaiveStrategy, decisions } from './decisions.ts'
import { events } from './events.ts'
import { learning } from './learning.ts'
import { type ServiceFlow, service } from './service.ts'
import { type Draws, type MarketMonth, type NaiveState, naiveStart, offersOf } from './state.ts'

/** The steps of a month, in order. */
export const steps = ['events', 'decisions', 'choice', 'service', 'books', 'capital', 'learning'] as const
export type Step = (typeof steps)[number]

/** What the steps of a month computed. */
export interface NaiveFlow {
  readonly events: MarketMonth
  readonly decisions: Actions
  readonly choice: ChoiceFlow
  readonly service: ServiceFlow
  readonly books: BooksFlow
  readonly capital: CapitalFlow
}

/** Sees the state right after a step, with the flows of the month so far. The state is live: copy what you keep. */
export type Watch = (step: Step, month: number, state: NaiveState, flow: Partial<NaiveFlow>) => void

/** A strategy in place of the default one, and a watcher of steps. */
export interface MonthOptions {
  readonly strategy?: NaiveStrategy | undefined
  readonly watch?: Watch | undefined
}

/** Runs month `month` on `state`, in place, and returns what it computed. */
export function naiveMonth(
  definition: MarketDefinition,
  state: NaiveState,
  draws: Draws,
  month: number,
  { strategy, watch }: MonthOptions = {},
): NaiveFlow {
  const offers = offersOf(definition)
  const flow: Partial<{ -readonly [step in keyof NaiveFlow]: NaiveFlow[step] }> = {}
  const seen = (step: Step) => watch?.(step, month, state, flow)

  const market = (flow.events = events(definition, state, draws, month))
  seen('events')
  const actions = (flow.decisions = decisions(definition, state, market, strategy))
  seen('decisions')
  const chosen = (flow.choice = choice(definition, offers, state, market, actions))
  seen('choice')
  const served = (flow.service = service(definition, offers, state, market, actions, chosen))
  seen('service')
  const booked = (flow.books = books(definition, offers, state, market, actions, chosen, served))
  seen('books')
  flow.capital = capital(definition, offers, state, market, draws, chosen, booked)
  seen('capital')
  learning(definition, offers, state, market, draws, actions, chosen)
  seen('learning')
  return flow as NaiveFlow
}

/** Simulates one replication from before month 0 and returns its last state and every month's flows. */
export function simulateNaive(
  definition: MarketDefinition,
  draws: Draws,
  { months = definition.months, ...options }: MonthOptions & { readonly months?: number } = {},
): { state: NaiveState; flows: NaiveFlow[] } {
  const state = naiveStart(definition, draws)
  const flows = Array.from({ length: months }, (_, month) =>
    naiveMonth(definition, state, draws, month, options),
  )
  return { state, flows }
}
