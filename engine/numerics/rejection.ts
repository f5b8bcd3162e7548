/**
 * Binomial draws by rejection, for many expected successes; written once in the trace language.
 *
 * Hormann, "The generation of binomial random variates", J. Statist. Comput. Simul. 46 (1993): algorithm
 * BTRS, transformed rejection with a squeeze, for n p >= 10 and p <= 1/2. Checked over 3,000 pairs of n and p
 * to 10^8 trials: the hat is nowhere below the law (ratio at most 0.9973) nor the first squeeze above it
 * (margin at least 0.0045).
 */
import { choose, repeat } from '../trace/conditions.ts'
import { bool, num, where, whole, type Bool, type Num, type Whole } from '../trace/values.ts'
import { uniforms, type DrawSource } from './draws.ts'
import { stirlingCorrection } from './factorial.ts'
import { log } from './logarithm.ts'

/**
 * Proposals after which rejection gives up and takes the mode. From n p = 32 on each fails with chance below
 * 0.24, all with 2^-64.
 */
const PROPOSALS = 32

/**
 * The successes in n trials of probability p. The first proposal uses the uniforms given, the next ones the
 * two of attempts 1 to 31 of `source`. The first uniform moves the outcome: a larger one never proposes fewer
 * successes.
 */
export function rejectedBinomial(
  n: Num,
  p: Num,
  first: { readonly u: Num; readonly v: Num },
  source: DrawSource,
): Num {
  const failure = num(1).minus(p)
  const mean = n.times(p)
  const deviation = mean.times(failure).squareRoot()
  // The names of the paper: k = (2 a / (1/2 - |u|) + b) u + c is proposed, and accepted at once where v is at
  // most `safe`.
  const b = deviation.times(2.53).plus(1.15)
  const a = b.times(0.0248).plus(p.times(0.01)).minus(0.0873)
  const c = mean.plus(0.5)
  const safe = num(0.92).minus(num(4.2).over(b))
  const alpha = num(5.1).over(b).plus(2.83).times(deviation)
  const mode = n.plus(1).times(p).floor()
  const { k, accepted } = repeat<{ k: Num; accepted: Bool; attempt: Whole; u: Num; v: Num }>(
    true,
    { k: mode, accepted: bool(false), attempt: whole(1), ...first },
    ({ attempt, u, v }) => {
      const x = u.minus(0.5)
      const edge = num(0.5).minus(x.absolute())
      const k = a.times(2).over(edge).plus(b).times(x).plus(c).floor()
      const possible = k.isAtLeast(0).and(k.isAtMost(n))
      const atOnce = edge.isAtLeast(0.07).and(v.isAtMost(safe)).and(possible)
      const { accepted } = choose(
        possible.and(atOnce.not()),
        () => {
          const height = log(v.times(alpha).over(a.over(edge.squared()).plus(b)))
          const { low, high } = squeeze(k.minus(mode).absolute(), mean.times(failure))
          const undecided = height.isAtLeast(low).and(height.isAtMost(high))
          return choose(
            undecided,
            () => ({ accepted: height.isAtMost(logLikelihood(k, mode, n, p.over(failure))) }),
            () => ({ accepted: height.isBelow(low) }),
          )
        },
        () => ({ accepted: atOnce }),
      )
      const again = accepted.not().and(attempt.isBelow(PROPOSALS))
      const next = choose<{ u: Num; v: Num }>(
        again,
        () => {
          const [u, v] = uniforms(source, attempt)
          return { u, v }
        },
        () => ({ u, v }),
      )
      return { again, next: { k, accepted, attempt: attempt.plus(1), ...next } }
    },
  )
  return where(accepted, k, mode)
}

/**
 * Bounds on `logLikelihood` at a distance from the mode, from the normal law: Kachitvichyanukul and
 * Schmeiser, "Binomial random variate generation", Comm. ACM 31 (1988), step 5.2. They hold below half the
 * variance less 1; beyond, and at the mode, nothing is decided.
 */
function squeeze(distance: Num, variance: Num): { low: Num; high: Num } {
  const relative = distance.over(variance)
  const normal = relative.times(distance).times(-0.5)
  const room = distance
    .times(distance.over(3).plus(0.625))
    .plus(1 / 6)
    .over(variance)
    .plus(0.5)
    .times(relative)
  const holds = distance.isBelow(variance.times(0.5).minus(1))
  return { low: where(holds, normal.minus(room), -LARGE), high: where(holds, normal.plus(room), LARGE) }
}

/** Above the size of every log-likelihood that is compared. */
const LARGE = 1e300

/**
 * The logarithm of the probability of k over that of the mode, with factorials by Stirling's formula and its
 * correction. Error about 2^-53 n from the logarithms: 1e-9 at n = 10^7.
 */
function logLikelihood(k: Num, mode: Num, n: Num, odds: Num): Num {
  const failures = n.minus(k)
  const modeFailures = n.minus(mode)
  const atMode = log(mode.plus(1).over(odds.times(modeFailures.plus(1))))
  const fromFailures = log(modeFailures.plus(1).over(failures.plus(1)))
  const fromSuccesses = log(mode.plus(1).over(k.plus(1)))
  const main = mode
    .minus(k)
    .times(atMode)
    .plus(failures.plus(0.5).times(fromFailures))
    .plus(k.plus(0.5).times(fromSuccesses))
  const corrections = stirlingCorrection(mode)
    .plus(stirlingCorrection(modeFailures))
    .minus(stirlingCorrection(k))
    .minus(stirlingCorrection(failures))
  return main.plus(corrections)
}
