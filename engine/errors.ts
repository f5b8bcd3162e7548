/**
 * The two kinds of failure: a user's mistake, which is a `RivalryError`, and a programmer's mistake, which
 * fails an `assert`. Nothing else is thrown on purpose.
 */

/** What a user's error says beside its message. */
export interface RivalryErrorDetails {
  /** Stable, kebab-case name of the kind of error, for scripts and documentation. */
  code: string
  /** Where the mistake stands: `file:line:column` and the key, as far as they are known. */
  path?: string | undefined
  /** What to do about it, in one sentence. */
  hint?: string | undefined
  cause?: unknown
}

/** A user's mistake. The command line prints `error[code] path: message`, the hint, and exits with 2. */
export class RivalryError extends Error {
  readonly code: string
  readonly path: string | undefined
  readonly hint: string | undefined

  constructor(message: string, { code, path, hint, cause }: RivalryErrorDetails) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'RivalryError'
    this.code = code
    this.path = path
    this.hint = hint
  }
}

/** Several mistakes of a user found in one pass, reported together. */
export class RivalryErrors extends Error {
  readonly errors: readonly RivalryError[]

  constructor(errors: readonly RivalryError[]) {
    super(errors.map((error) => error.message).join('\n'))
    this.name = 'RivalryErrors'
    this.errors = errors
  }
}

/**
 * Fails with `message` and the state it saw when `condition` does not hold. Always on.
 *
 * @throws Error when the condition is false: a mistake in this program, not of its user.
 */
export function assert(condition: unknown, message: string, state?: unknown): asserts condition {
  if (condition) return
  const seen = state === undefined ? '' : `: ${JSON.stringify(state)}`
  throw new Error(`assertion failed: ${message}${seen}`)
}
