/** What commands make of their options: text that is checked all at once, so that every mistake is named. */
import { Option } from 'commander'
import { RivalryError, RivalryErrors } from '../engine/errors.ts'
import { usableCores } from '../engine/run/cores.ts'
import { count } from './count.ts'

/** An option with a list of values, which are checked with all others instead of one at a time. */
export function choice(
  flags: string,
  description: string,
  { allowed, usual }: { allowed: readonly string[]; usual: string },
): Option {
  return new Option(flags, `${description} (${allowed.join(', ')})`).default(usual)
}

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

/** Collects the mistakes in the options of a command. */
export class FlagCheck {
  readonly #errors: RivalryError[] = []

  /** Notes a mistake of an option. */
  refuse(flag: string, what: string, hint?: string): void {
    const message = `${flag} ${what}`
    this.#errors.push(new RivalryError(message, { code: 'invalid-option', path: `--${flag}`, hint }))
  }

  /** A whole number within bounds; `undefined` where the option was not given, or is wrong. */
  whole(
    flag: string,
    text: string | undefined,
    { low, high }: { low: number; high: number },
  ): number | undefined {
    if (text === undefined) return undefined
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    if (value >= low && value <= high) return value
    this.refuse(flag, `is '${text}', not a whole number from ${low} to ${high}`)
    return undefined
  }

  /** One of a list of values. */
  oneOf<Allowed extends string>(flag: string, text: string, allowed: readonly Allowed[]): Allowed {
    const found = allowed.find((one) => one === text)
    if (found === undefined) this.refuse(flag, `is '${text}', not one of ${allowed.join(', ')}`)
    return found ?? allowed[0]!
  }

  /** What `action` returns; its mistakes are noted. */
  try<Value>(action: () => Value): Value | undefined {
    try {
      return action()
    } catch (error) {
      if (error instanceof RivalryErrors) this.#errors.push(...error.errors)
      else if (error instanceof RivalryError) this.#errors.push(error)
      else throw error
      return undefined
    }
  }

  /** @throws RivalryErrors with all mistakes, if there are any */
  done(): void {
    if (this.#errors.length > 0) throw new RivalryErrors(this.#errors)
  }
}

/** More threads than cores take turns, each with a memory of its own; a few do no harm. */
const WORKERS_PER_CORE = 4

/** Says on stderr that so many workers make nothing faster, where that is so. */
export function warnOfWorkers(workers: number): void {
  const cores = usableCores()
  if (workers <= WORKERS_PER_CORE * cores) return
  process.stderr.write(
    `warning: ${workers} workers share ${count(cores, 'core')}; more than ${cores} make nothing faster\n`,
  )
}
