/** The module that worker threads run: sessions of the study that they are given when they start. */
import { workerData } from 'node:worker_threads'
import { type SessionResult, learnSession } from './session.ts'
import type { SessionSetup } from './sessions.ts'

/** Plays the session of a number. */
export default function playSession(session: number): SessionResult {
  const { game, settings, key } = workerData as SessionSetup
  return learnSession(game, settings, { key, session })
}
