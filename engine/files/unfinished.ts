/** What this process has begun and neither finished nor taken back: for the moment it is interrupted. */

/** Something half-done that can be taken back. */
export interface Unfinished {
  /** Takes everything back. Does nothing when it is finished, or taken back already. */
  abort(): void
}

const begun = new Set<Unfinished>()

/** Remembers what has begun, until it is forgotten. */
export function remember(unfinished: Unfinished): void {
  begun.add(unfinished)
}

/** Forgets what is finished or taken back, and says whether it was neither before. */
export function forget(unfinished: Unfinished): boolean {
  return begun.delete(unfinished)
}

/** Takes back everything that has begun: what came last goes first. */
export function abortUnfinished(): void {
  for (const unfinished of [...begun].toReversed()) unfinished.abort()
}
