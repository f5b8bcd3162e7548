/** Reads the errors of a scenario back into their parts, for tests. */
import { RivalryErrors } from '../../engine/errors.ts'

export interface FoundError {
  readonly code: string
  /** `line:column`, or '' where the error is not in a place of the file. */
  readonly at: string
  readonly key: string
  readonly message: string
  readonly hint: string
}

/** The errors that `attempt` throws, in order; fails when it throws nothing, or something else. */
export function errorsOf(attempt: () => unknown): FoundError[] {
  try {
    attempt()
  } catch (thrown) {
    if (!(thrown instanceof RivalryErrors)) throw thrown
    return thrown.errors.map(({ code, path = '', message, hint = '' }) => {
      const [, at = '', key = ''] = /^[^ ]*?:(\d+:\d+)(?: (.*))?$/s.exec(path) ?? [path, '', path]
      return { code, at, key, message, hint }
    })
  }
  throw new Error('no error was thrown')
}
