/**
 * How customers are counted when a group of them splits up: as expected fractions, or as whole customers, either
 * drawn one by one from the exact laws or rounded systematically, with one uniform per segment and type for each
 * round of splitting. The choice step is written once over these laws; totals are exact in both integer ones. All
 * three types of customer are split together.
 */
import { binomialFromUniform } from '../numerics/binomial.ts'
import { drawSource, uniformTriple } from '../numerics/draws.ts'
import { choose, max, min, num, whenAny, where, type Bool, type Num, type Whole } from '../trace/index.ts'
import { startupOf, type Pair, type Segment } from './model.ts'
import { byType, type ByType, type Type } from './types.ts'

/** Groups being split: how many are left to place, the running position among the expected counts, the chance spent. */
export interface Splitting {
  readonly left: ByType
  readonly position: ByType
}

/** Fractions; whole customers by systematic rounding; whole customers drawn one by one. */
export type FlowLaw = 'expected' | 'rounded' | 'individual'

/** One of the parts that groups split into. */
export interface Part {
  /** Customers of the whole group expected to go here. */
  readonly expected: (type: Type) => Num
  /** Chance to go here of those not yet placed. */
  readonly chance: (type: Type) => Num
  /** Where this holds, all who are left go here: the last of parts that make up the whole. */
  readonly takesRest?: (type: Type) => Bool
  /** Tells the draws of one month apart. */
  readonly draw: () => { readonly stream: string; readonly entity: Whole }
}

/** A law of flows: splits a group of each type, part by part. */
export interface Splitter {
  /** Whole customers for counts that are computed rather than split: the nearest, a random neighbour, or as they are. */
  whole(counts: ByType): ByType
  /** Begins to split a group of each type. */
  begin(totals: ByType): Splitting
  /** Places the next part of the groups. */
  next(splitting: Splitting, part: Part): { counts: ByType; splitting: Splitting }
}

/** Those who split groups one after another: each splits what the one before it has made whole. */
export interface Splitters {
  /** Shoppers over startups, and customers whose term ends into those who leave, stay or do not compare. */
  readonly choose: Splitter
  /** Those who stay over the startup's plans, and those who leave over its rivals. */
  readonly move: Splitter
  /** Those who arrive over the startup's plans. */
  readonly join: Splitter
}

/**
 * The law by which a segment's customers split. Rounding a part of a rounded group by the uniform that rounded the
 * group would favour some parts, so each round of splitting has a uniform of its own.
 */
export function splittersOf(law: FlowLaw, segment: Segment): Splitters {
  if (law === 'expected') return { choose: expected, move: expected, join: expected }
  if (law === 'individual') {
    const splitter = individualIn(segment)
    return { choose: splitter, move: splitter, join: splitter }
  }
  const roundedIn = (stream: string): Splitter =>
    roundedBy(uniformTriple(drawSource({ stream, entity: segment.word })))
  return {
    choose: roundedIn('rounding'),
    move: roundedIn('rounding moves'),
    join: roundedIn('rounding joins'),
  }
}

const zero = (): ByType => byType(() => num(0))

const expected: Splitter = {
  whole: (counts) => counts,
  begin: (totals) => ({ left: totals, position: zero() }),
  next: (splitting, part) => ({ counts: byType(part.expected), splitting }),
}

/** Part k of expected counts x is floor(X_k + u) - floor(X_(k-1) + u), X being the sums of x: unbiased, total exact. */
function roundedBy(offsets: ByType): Splitter {
  return {
    // Of thousands: half a customer more or less in either direction evens out.
    whole: (counts) => byType((h) => counts[h].plus(0.5).floor()),
    begin: (totals) => ({ left: totals, position: offsets }),
    next: ({ left, position }, { expected: expectedOf, takesRest }) => {
      const ends = byType((h) => position[h].plus(expectedOf(h)))
      const counts = byType((h) => {
        // Sums of fractions round, so a part may claim one customer too many or too few: it gets what is left.
        const share = min(ends[h].floor().minus(position[h].floor()), left[h])
        return takesRest ? where(takesRest(h), left[h], share) : share
      })
      return { counts, splitting: { left: byType((h) => left[h].minus(counts[h])), position: ends } }
    },
  }
}

/** Each part is a binomial draw among those left: together the parts are multinomial. */
const individualIn = (segment: Segment): Splitter => ({
  // Up as often as the fraction says: below half a customer the nearest whole number would be none for ever.
  whole: (counts) => {
    const uniforms = uniformTriple(drawSource({ stream: 'shoppers', entity: segment.word }))
    return byType((h) => counts[h].plus(uniforms[h]).floor())
  },
  begin: (totals) => ({ left: totals, position: zero() }),
  next: ({ left, position }, { chance, takesRest, draw }) => {
    const { n0, n1, n2 } = choose(
      max(max(left[0], left[1]), left[2]).isAbove(0),
      () => {
        const { stream, entity } = draw()
        const uniforms = uniformTriple(drawSource({ stream, entity }))
        const [n0, n1, n2] = byType((h) => {
          const share = takesRest ? where(takesRest(h), 1, chance(h)) : chance(h)
          return binomialFromUniform(
            left[h],
            share,
            uniforms[h],
            drawSource({ stream: `${stream} ${h}`, entity }),
          )
        })
        return { n0, n1, n2 }
      },
      () => ({ n0: num(0), n1: num(0), n2: num(0) }),
    )
    const counts = [n0, n1, n2] as const
    return { counts, splitting: { left: byType((h) => left[h].minus(counts[h])), position } }
  },
})

/** Does the work of a startup in a segment, if it is in business in some lane; in the others it leaves nothing. */
export function inBusiness(p: Pair, work: () => void): void {
  whenAny(startupOf(p).alive, work)
}

/** Below any weight or count that matters; keeps empty groups from dividing by zero. */
export const TINY = 1e-300
