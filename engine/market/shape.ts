/**
 * The shape of a market: which mechanisms a scenario uses. It decides what is compiled; everything else, from the
 * number of startups to every parameter, stands in memory. A mechanism that is off is compiled out and must equal
 * the same mechanism compiled in with neutral parameters, to the bit.
 */
import { mayEnterLate, type Books, type Demography, type MarketDefinition } from './definition.ts'

/** The mechanisms that are compiled in. */
export interface Shape {
  readonly demography: Demography
  readonly books: Books
  /** Whether some segment draws its customers one by one (integer demography only). */
  readonly individual: boolean
  /** Whether some segment rounds its flows (integer demography only). */
  readonly rounded: boolean
  /** Plans that open later or close. */
  readonly openings: boolean
  /** Plans with labour, hence a hiring limit. */
  readonly labour: boolean
  /** Licences, earned at the start. */
  readonly licences: boolean
  readonly advertising: boolean
  /** Third-party stock: take rates, payments to third parties, and what the stock gives. */
  readonly thirdParties: boolean
  readonly efficiency: boolean
  readonly trust: boolean
  readonly tax: boolean
  /** Segments that pay their bills later. */
  readonly credit: boolean
  /** Regulated segments, and third-party data whose privacy costs. */
  readonly compliance: boolean
  /** Startups that enter later, or never. */
  readonly entry: boolean
  readonly shocks: boolean
  /** Shocks that begin at random. */
  readonly randomShocks: boolean
  /** Decision rules in use, in order of name. */
  readonly strategies: readonly string[]
}

/** The name of the default decision rule. */
export const DEFAULT_STRATEGY = 'default'

/** The mechanisms that a market uses. */
export function shapeOf(market: MarketDefinition): Shape {
  const plans = market.startups.flatMap((startup) => startup.plans)
  const some = <T>(items: readonly T[], test: (item: T) => boolean): boolean => items.some(test)
  const integer = market.demography === 'integer'
  return {
    demography: market.demography,
    books: market.books,
    individual: integer && some(market.segments, (s) => s.potential < market.individualBelow),
    rounded: integer && some(market.segments, (s) => s.potential >= market.individualBelow),
    openings: some(plans, (p) => p.opens > 0 || p.closes !== null),
    labour: some(plans, (p) => p.labour > 0),
    licences: some(plans, (p) => p.recognition === 'start'),
    advertising: some(plans, (p) => p.adLoad > 0),
    thirdParties: some(
      market.startups,
      (f) => f.takeRate > 0 || f.outShare > 0 || f.ecoUtility > 0 || f.ecoAwareness > 0 || f.ecoQuality > 0,
    ),
    efficiency: some(market.startups, (f) => f.efficiencyShare > 0),
    trust: market.parameters.trustWeight > 0,
    tax: market.parameters.profitTax > 0,
    credit: some(market.segments, (s) => s.paymentDelay > 0),
    compliance:
      some(market.segments, (s) => s.compliance > 0) || some(market.startups, (f) => f.privacyCost > 0),
    entry: some(market.startups, mayEnterLate),
    shocks: some(market.shocks ?? [], () => true),
    randomShocks: some(market.shocks ?? [], ({ chance }) => chance !== null),
    strategies: [...new Set(market.startups.map((f) => f.strategy.name))].sort(),
  }
}

/** Every mechanism compiled in, for comparing with what is compiled out. */
export function everyMechanism(shape: Shape): Shape {
  return {
    ...shape,
    openings: true,
    labour: true,
    licences: true,
    advertising: true,
    thirdParties: true,
    efficiency: true,
    trust: true,
    tax: true,
    credit: true,
    compliance: true,
    entry: true,
    shocks: true,
    randomShocks: true,
  }
}
