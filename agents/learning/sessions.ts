/** Owns a study of learning: many sessions of one game, on all cores, and what is said about all of them. */
import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import type { PriceResponse } from './greedy-play.ts'
import { type SessionResult, learnSession } from './session.ts'
import { type LearningSettings, learningSettings, stateCountOf } from './settings.ts'
import { type StageGame, checkRange } from './stage-game.ts'

/** All that decides what sessions come to, but their number; plain data, because it crosses threads. */
export interface SessionSetup {
  readonly game: StageGame
  readonly settings: LearningSettings
  /** The key of the study's random words: four of them. */
  readonly key: readonly number[]
}

/** Which sessions, and who plays them. */
export interface SessionsOptions {
  /** How many; 100 by default. */
  readonly sessions?: number
  /** Number of the first: sessions 0 to 99 and 100 to 199 of a seed are different, and together one study. */
  readonly first?: number
  readonly seed?: string | number
  readonly settings?: Partial<LearningSettings>
  /** Threads; as many as there are cores by default. 1 stays in this thread. The results are the same. */
  readonly workers?: number
  /** Called after each session, in the order in which they end. */
  readonly onSession?: ((result: SessionResult) => void) | undefined
}

/** A mean over sessions. */
export interface Estimate {
  readonly mean: number
  /** Of the mean; `null` for a single session. */
  readonly standardError: number | null
  /** Over sessions, with n - 1; `null` for a single session. */
  readonly standardDeviation: number | null
}

/** What all sessions that have converged have in common. Shares are of these sessions. */
export interface SessionsSummary {
  readonly sessions: number
  /** Sessions that have converged. All below is of these. */
  readonly converged: number
  readonly profitGain: Estimate
  /** Periods until convergence, those in which nothing changed included. */
  readonly periods: Estimate
  /** Mean price of the startups over the cycle, currency a month. */
  readonly price: Estimate
  /** The same on a scale from 0, the Nash price, to 1, the joint-profit price, of the mean over startups. */
  readonly priceGain: Estimate
  /** Shares of sessions whose prices stay, alternate between two states, or take longer to come back. */
  readonly cycleShares: { readonly one: number; readonly two: number; readonly longer: number }
  /** Answers to deviations, means over the sessions in which there is something to gain by one in a period. */
  readonly response: {
    readonly sessions: number
    readonly unprofitableShare: number
    readonly punishedShare: number
    readonly forgottenShare: number
    readonly prices: PriceResponse
  }
}

/** Sessions in order, and their summary. */
export interface SessionsResult {
  readonly results: readonly SessionResult[]
  readonly summary: SessionsSummary
}

/**
 * Plays sessions `first` to `first + sessions - 1` of a seed.
 *
 * ```ts
 * const game = stageGame(loadScenario('duopoly'))
 * const { summary } = await learnSessions(game, { sessions: 100, seed: 1 })
 * ```
 *
 * @throws RivalryError `out-of-range` or `unknown-setting` before anything is played.
 */
export async function learnSessions(
  game: StageGame,
  {
    sessions = 100,
    first = 0,
    seed = 1,
    settings: given = {},
    workers = availableParallelism(),
    onSession,
  }: SessionsOptions = {},
): Promise<SessionsResult> {
  const settings = learningSettings(given)
  stateCountOf(game, settings.memoryPeriods)
  for (const [name, value] of Object.entries({ sessions, workers }))
    checkRange(name, value, {
      isFine: Number.isInteger(value) && value >= 1,
      hint: 'it must be a whole number from 1',
    })
  checkRange('first', first, {
    isFine: Number.isInteger(first) && first >= 0 && first + sessions <= 2 ** 32,
    hint: 'sessions are numbered from 0 to 2^32 - 1',
  })
  const setup: SessionSetup = { game, settings, key: seedKeyOf(seed) }
  const numbers = Array.from({ length: sessions }, (_, i) => first + i)
  const threads = Math.min(workers, sessions)
  const play = threads === 1 ? playHere : playOnThreads
  const results = await play(setup, { numbers, threads, onSession })
  return { results, summary: summarise(game, results) }
}

interface Plan {
  readonly numbers: readonly number[]
  readonly threads: number
  readonly onSession: SessionsOptions['onSession']
}

async function playHere(setup: SessionSetup, { numbers, onSession }: Plan): Promise<SessionResult[]> {
  return numbers.map((session) => {
    const result = learnSession(setup.game, setup.settings, { key: setup.key, session })
    onSession?.(result)
    return result
  })
}

const isSource = import.meta.url.endsWith('.ts')
const workerUrl = isSource
  ? new URL('./session-worker.ts', import.meta.url)
  : new URL('./session-worker.js', import.meta.url)

async function playOnThreads(
  setup: SessionSetup,
  { numbers, threads, onSession }: Plan,
): Promise<SessionResult[]> {
  const pool = new Piscina<number, SessionResult>({
    filename: workerUrl.href,
    minThreads: threads,
    maxThreads: threads,
    workerData: setup,
    maxQueue: Infinity,
    recordTiming: false,
    ...(isSource ? { execArgv: ['--import', import.meta.resolve('tsx')] } : {}),
  })
  try {
    // A thread that dies before it takes a session is an event of the pool and of no session.
    const failed = new Promise<never>((_, reject) => {
      pool.on('error', reject)
    })
    const played = numbers.map(async (session) => {
      const result = await pool.run(session)
      onSession?.(result)
      return result
    })
    return await Promise.race([Promise.all(played), failed])
  } finally {
    await pool.destroy()
  }
}

/** What sessions of a game have in common; those that have not converged are counted and left out. */
export function summarise(game: StageGame, results: readonly SessionResult[]): SessionsSummary {
  const converged = results.filter(({ hasConverged }) => hasConverged)
  const prices = converged.map((result) => meanOf(result.prices))
  const [nash, joint] = [meanOf(game.nash.prices), meanOf(game.joint.prices)]
  const shareOf = (has: (periods: number) => boolean): number =>
    meanOf(converged.map(({ cyclePeriods }) => (has(cyclePeriods) ? 1 : 0)))
  const responses = converged.map(({ response }) => response).filter(({ deviations }) => deviations > 0)
  const meanPath = (side: keyof PriceResponse): number[] =>
    (responses[0]?.prices[side] ?? []).map((_, period) =>
      meanOf(responses.map((response) => response.prices[side][period]!)),
    )
  return {
    sessions: results.length,
    converged: converged.length,
    profitGain: estimate(converged.map((result) => result.profitGain)),
    periods: estimate(converged.map(({ periods }) => periods)),
    price: estimate(prices),
    priceGain: estimate(prices.map((price) => (price - nash) / (joint - nash))),
    cycleShares: {
      one: shareOf((periods) => periods === 1),
      two: shareOf((periods) => periods === 2),
      longer: shareOf((periods) => periods > 2),
    },
    response: {
      sessions: responses.length,
      unprofitableShare: meanOf(responses.map(({ unprofitableShare }) => unprofitableShare)),
      punishedShare: meanOf(responses.map(({ punishedShare }) => punishedShare)),
      forgottenShare: meanOf(responses.map(({ forgottenShare }) => forgottenShare)),
      prices: { deviator: meanPath('deviator'), rivals: meanPath('rivals') },
    },
  }
}

/** Mean, standard deviation and standard error; NaN without values. */
function estimate(values: readonly number[]): Estimate {
  const mean = meanOf(values)
  if (values.length < 2) return { mean, standardError: null, standardDeviation: null }
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  const variance = squares / (values.length - 1)
  return {
    mean,
    standardError: Math.sqrt(variance / values.length),
    standardDeviation: Math.sqrt(variance),
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
