/** Signals that ask to end: they abort what runs, and end the process where that takes too long. */
import { abortUnfinished } from '../engine/files/unfinished.ts'
import { Interrupted } from './failure.ts'

/** Signals that end a command, and their numbers: Ctrl-C, `kill`, and a terminal that goes away. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

/** How long what runs has to end by itself unless stated: files are already taken care of. */
const PATIENCE_MS = 700

/**
 * Aborts with `Interrupted` when a signal asks to end; a second one ends the process at once.
 *
 * @param options.last what to say before a process that took too long is ended
 * @param options.patienceMs how long what runs has to end by itself
 * @returns what stops listening
 */
export function interruptOn(
  interruption: AbortController,
  { last = () => undefined, patienceMs = PATIENCE_MS }: { last?: () => void; patienceMs?: number } = {},
): () => void {
  const listeners = (Object.entries(SIGNALS) as [keyof typeof SIGNALS, number][]).map(([signal, number]) => {
    const exitCode = 128 + number
    const end = (): void => {
      abortUnfinished()
      last()
      process.exit(exitCode)
    }
    const listener = (): void => {
      if (interruption.signal.aborted) return end()
      interruption.abort(new Interrupted(exitCode))
      setTimeout(end, patienceMs).unref()
    }
    process.on(signal, listener)
    return { signal, listener }
  })
  return () => listeners.forEach(({ signal, listener }) => process.off(signal, listener))
}
