/** How the command line says that something went wrong, and with which exit code it ends. */
import { CommanderError } from 'commander'
import { RivalryError, RivalryErrors } from '../engine/errors.ts'
import { printable } from '../engine/files/printable.ts'

/** Exit codes: ours, the user's, a check that failed, interrupted (128 + SIGINT). */
export const exitCodes = { ours: 1, user: 2, check: 3, interrupted: 130 } as const

/** The reason of an abort when the user interrupts a run. */
export class Interrupted extends Error {
  readonly exitCode: number

  constructor(exitCode: number = exitCodes.interrupted) {
    super('interrupted')
    this.exitCode = exitCode
  }
}

/** What to print on stderr for anything that was thrown, and the exit code. */
export function failureOf(
  error: unknown,
  { verbose }: { verbose: boolean },
): { text: string; exitCode: number } {
  if (error instanceof Interrupted)
    return { text: 'interrupted: nothing was left behind\n', exitCode: error.exitCode }
  const errors = userErrors(error)
  if (errors !== undefined) {
    const stacks = verbose ? errors.map(({ stack }) => stack).filter((stack) => stack !== undefined) : []
    return {
      text: [...errors.map(describe), ...stacks].map((part) => `${part}\n`).join(''),
      exitCode: exitCodes.user,
    }
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const hint = 'hint: this is a mistake in rivalry, not yours; --verbose shows where'
  return {
    text: `error[internal]: ${message}\n  ${hint}\n${verbose ? `${stack}\n` : ''}`,
    exitCode: exitCodes.ours,
  }
}

function userErrors(error: unknown): readonly RivalryError[] | undefined {
  if (error instanceof RivalryErrors) return error.errors
  if (error instanceof RivalryError) return [error]
  return error instanceof CommanderError ? [usageError(error)] : undefined
}

/** `error[code] file:line:column key: message`, and the hint on a line of its own. */
function describe(error: RivalryError): string {
  const { code } = error
  const [path, message, hint] = [error.path, error.message, error.hint].map((text) => text && printable(text))
  const head = path === undefined ? `error[${code}]` : `error[${code}] ${path}`
  return hint === undefined ? `${head}: ${message}` : `${head}: ${message}\n  hint: ${hint}`
}

/** What commander found wrong with the command line, in the form of all errors. */
function usageError({ code, message }: CommanderError): RivalryError {
  const [, what = message, meant] = /^(?:error: )?(.*?)(?:\n\(Did you mean (.*)\?\))?$/s.exec(message) ?? []
  const codes: Readonly<Record<string, string>> = {
    'commander.unknownOption': 'unknown-option',
    'commander.unknownCommand': 'unknown-command',
    'commander.missingArgument': 'missing-argument',
    'commander.optionMissingArgument': 'missing-argument',
    'commander.excessArguments': 'too-many-arguments',
  }
  return new RivalryError(what, {
    code: codes[code] ?? 'usage',
    hint:
      meant === undefined
        ? 'rivalry --help lists commands, rivalry COMMAND --help their options'
        : `did you mean ${meant}?`,
  })
}
