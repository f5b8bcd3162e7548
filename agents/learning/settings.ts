/** Owns what a learner may be told, its defaults, which are the published ones, and what is allowed. */
import { RivalryError } from '../../engine/errors.ts'
import { type StageGame, checkRange } from './stage-game.ts'

/** How learners learn and when a session ends. */
export interface LearningSettings {
  /** Share of the old value that an update replaces, alpha. */
  readonly learningRate: number
  /** Rate beta at which exploration fades: in period t a startup explores with probability e^(-beta t). */
  readonly explorationDecay: number
  /** Weight of the next period's value, delta. */
  readonly discountFactor: number
  /** Periods of everybody's prices that a learner remembers; 0 makes it see nothing. */
  readonly memoryPeriods: number
  /** A session has converged when no greedy price has changed in so many periods. */
  readonly convergencePeriods: number
  /** A session that has not converged by then ends. */
  readonly mostPeriods: number
}

/** The settings of Calvano et al. (2020), with the exploration of its representative experiment. */
export const PUBLISHED_SETTINGS: LearningSettings = {
  learningRate: 0.15,
  explorationDecay: 4e-6,
  discountFactor: 0.95,
  memoryPeriods: 1,
  convergencePeriods: 100_000,
  mostPeriods: 50_000_000,
}

/** Most values that the learners of one session hold: 256 MiB of them. Five startups with 15 prices have too many. */
const MOST_VALUES = 2 ** 25

/** Periods for which a session has random words of its own, however many startups there are. */
const LONGEST_SESSION = 500_000_000

/**
 * The published settings with those that are given instead.
 *
 * @throws RivalryError `out-of-range` naming the setting and its value; `unknown-setting` for one that does not exist.
 */
export function learningSettings(given: Partial<LearningSettings> = {}): LearningSettings {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(PUBLISHED_SETTINGS, name)) continue
    throw new RivalryError(`a learner has no setting called ${name}`, {
      code: 'unknown-setting',
      hint: `its settings: ${Object.keys(PUBLISHED_SETTINGS).join(', ')}`,
    })
  }
  const settings = { ...PUBLISHED_SETTINGS, ...given }
  const { learningRate, explorationDecay, discountFactor, memoryPeriods, convergencePeriods, mostPeriods } =
    settings
  checkRange('learningRate', learningRate, {
    isFine: learningRate > 0 && learningRate <= 1,
    hint: 'it must be above 0 and at most 1',
  })
  checkRange('explorationDecay', explorationDecay, {
    isFine: explorationDecay > 0 && explorationDecay <= 700,
    hint: 'it must be above 0: learners that never stop exploring do not converge',
  })
  checkRange('discountFactor', discountFactor, {
    isFine: discountFactor >= 0 && discountFactor <= 0.999,
    hint: 'it must be between 0 and .999',
  })
  checkRange('memoryPeriods', memoryPeriods, {
    isFine: Number.isInteger(memoryPeriods) && memoryPeriods >= 0,
    hint: 'it must be a whole number from 0',
  })
  for (const [name, value] of Object.entries({ convergencePeriods, mostPeriods }))
    checkRange(name, value, {
      isFine: Number.isInteger(value) && value >= 1 && value <= LONGEST_SESSION,
      hint: `it must be a whole number from 1 to ${LONGEST_SESSION}`,
    })
  return settings
}

/**
 * How many states a learner tells apart: every combination of prices of every remembered period.
 *
 * @throws RivalryError `out-of-range` when the learners' tables would not fit.
 */
export function stateCountOf({ startups, priceCount }: StageGame, memoryPeriods: number): number {
  let states = 1
  for (let digit = 0; digit < startups.length * memoryPeriods; digit++) states *= priceCount
  const values = startups.length * states * priceCount
  if (values <= MOST_VALUES) return states
  throw new RivalryError(
    `${startups.length} startups with ${priceCount} prices and memoryPeriods ${memoryPeriods} need ${values} values`,
    {
      code: 'out-of-range',
      hint: `at most ${MOST_VALUES} fit: use fewer startups, prices or remembered periods`,
    },
  )
}
