/** Owns one session: learners that know nothing play until their greedy prices stay, and what has come of it. */
import { type DeviationResponse, deviationResponse, limitCycle } from './greedy-play.ts'
import { QLearners, type SessionAddress } from './q-learners.ts'
import { type LearningSettings, learningSettings } from './settings.ts'
import { type StageGame, profitGain } from './stage-game.ts'

/** What came of a session. Plain data. */
export interface SessionResult {
  readonly session: number
  /** Whether greedy prices have stayed for `convergencePeriods`, before `mostPeriods` were over. */
  readonly hasConverged: boolean
  /** Periods played, those in which nothing changed any more included. */
  readonly periods: number
  /** Periods after which prices repeat once everybody follows the greedy prices. */
  readonly cyclePeriods: number
  /** Mean over the cycle by startup, currency a month. */
  readonly prices: readonly number[]
  /** Mean over the cycle by startup, currency a month. */
  readonly profits: readonly number[]
  /** 0 at Bertrand-Nash profits, 1 at the highest joint profit. */
  readonly profitGain: number
  readonly response: DeviationResponse
}

/**
 * Plays one session. It is a function of the game, the settings, the key and the number of the session alone.
 *
 * @throws RivalryError for settings that are not allowed.
 */
export function learnSession(
  game: StageGame,
  given: Partial<LearningSettings>,
  address: SessionAddress,
): SessionResult {
  const learners = new QLearners(game, learningSettings(given), address)
  learners.play()
  const cycle = limitCycle(learners)
  return {
    session: address.session,
    hasConverged: learners.hasConverged,
    periods: learners.period,
    cyclePeriods: cycle.states.length,
    prices: cycle.prices,
    profits: cycle.profits,
    profitGain: profitGain(game, cycle.profits),
    response: deviationResponse(learners, cycle),
  }
}
