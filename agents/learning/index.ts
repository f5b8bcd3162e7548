/** Tabular Q-learners that set prices against each other, and what comes of it. */
export { type PricePoint } from './equilibrium.ts'
export {
  type DeviationResponse,
  type GreedyPlay,
  type LimitCycle,
  type PriceResponse,
  deviationResponse,
  limitCycle,
} from './greedy-play.ts'
export { type Period, QLearners, type SessionAddress } from './q-learners.ts'
export { type SessionResult, learnSession } from './session.ts'
export {
  type Estimate,
  type SessionsOptions,
  type SessionsResult,
  type SessionsSummary,
  learnSessions,
} from './sessions.ts'
export { type LearningSettings, PUBLISHED_SETTINGS, learningSettings } from './settings.ts'
export {
  type StageGame,
  type StageGameOptions,
  profitGain,
  stageGame,
  withEqualStartups,
} from './stage-game.ts'
