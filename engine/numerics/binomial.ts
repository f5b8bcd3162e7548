/**
 * Exact binomial draws, written once in the trace language: inversion where few successes are expected,
 * rejection elsewhere. Multinomial draws are made of them: each part is binomial among those left, at its
 * chance among the chances left. Work is done only if some lane of a block has a trial to draw.
 */
import { chooseNum } from '../trace/conditions.ts'
import { routine } from '../trace/routine.ts'
import { num, where, type Num, type NumLike } from '../trace/values.ts'
import { SOURCE, placeOf, sourceOf, uniform, uniforms, type DrawSource } from './draws.ts'
import { invertedBinomial } from './inversion.ts'
import { rejectedBinomial } from './rejection.ts'

/**
 * Expected successes (or failures, if fewer) from which rejection is used: it needs 10, and costs less from
 * here.
 */
const REJECTION_FROM = 32

/**
 * The number of successes in `n` trials of probability `p`: the binomial law at every whole n from 0 to 10^7
 * and every p. Inverted, its distribution function is exact to 1.5e-14; rejected, each outcome's probability
 * to a relative 1e-8. `p` outside [0, 1] counts as 0 or 1, so a ratio of sums may overshoot by rounding. Uses
 * attempts 0 to 31 of `source`, and none where n = 0.
 *
 * @public
 */
export function binomial(n: NumLike, p: NumLike, source: DrawSource): Num {
  const trials = num(n)
  return chooseNum(
    trials.isAbove(0),
    () => binomialRoutine(trials, p, ...placeOf(source)),
    () => 0,
  )
}

/**
 * `binomial` from a uniform that is at hand, so that one block of random words serves two draws, or three
 * (`uniformTriple`): for few trials a third cheaper. `source` serves rejection only and must not be where the
 * uniform comes from.
 */
export function binomialFromUniform(n: NumLike, p: NumLike, u: NumLike, source: DrawSource): Num {
  const trials = num(n)
  return chooseNum(
    trials.isAbove(0),
    () => binomialFromUniformRoutine(trials, p, u, ...placeOf(source)),
    () => 0,
  )
}

/** The routine behind `binomial`: n, p, then key words 0 to 3, replication, stream, entity and month. */
export const binomialRoutine = routine('binomial', ['num', 'num', ...SOURCE], (n, p, ...place) =>
  drawn(n, p, (trials, rarer) => {
    const source = sourceOf(place)
    const [u, v] = uniforms(source)
    return byEither(trials, rarer, u, () => v, source)
  }),
)

/** The routine behind `binomialFromUniform`: n, p, u, then as in `binomialRoutine`. */
export const binomialFromUniformRoutine = routine(
  'binomialFromUniform',
  ['num', 'num', 'num', ...SOURCE],
  (n, p, u, ...place) =>
    drawn(
      n,
      p,
      (trials, rarer) => {
        const source = sourceOf(place)
        return byEither(trials, rarer, u, () => uniform(source), source)
      },
      u,
    ),
)

/**
 * Counts whichever is rarer, successes or failures, and draws only where there is something to draw: there is none where
 * `u`, by which the count is found if it is given, lies below 1 - n p, since the chance of no success is no less
 * (Bernoulli's inequality). 2^-30 is more than the rounding of that chance.
 */
function drawn(n: Num, p: Num, draw: (trials: Num, rarer: Num) => Num, u?: Num): Num {
  const mostly = p.isAbove(0.5)
  const rarer = where(mostly, num(1).minus(p), p)
  const some = n.isAbove(0).and(rarer.isAbove(0))
  const count = chooseNum(
    u === undefined
      ? some
      : some.and(
          n
            .times(rarer)
            .plus(u)
            .isAtLeast(1 - 2 ** -30),
        ),
    () => draw(n, rarer),
    () => 0,
  )
  return where(mostly, n.minus(count), count)
}

function byEither(n: Num, p: Num, u: Num, v: () => Num, source: DrawSource): Num {
  return chooseNum(
    n.times(p).isBelow(REJECTION_FROM),
    () => invertedBinomial(n, p, u),
    () => rejectedBinomial(n, p, { u, v: v() }, source),
  )
}
