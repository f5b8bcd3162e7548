/** Reads the YAML files of users: scenarios and studies, which fail in the same ways. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { RivalryError, RivalryErrors } from '../engine/errors.ts'

/** What a file is meant to hold. */
export type FileKind = 'scenario' | 'study'

/** Longest text that is read, in bytes: 1 MiB, fifty times the longest packaged one. */
export const longestTextBytes = 2 ** 20

/**
 * The text of a file.
 *
 * @throws RivalryErrors `scenario-not-found`, `scenario-is-directory`, `scenario-unreadable` or `scenario-too-large` (for
 *   studies `study-...`), or `not-text`
 */
export function readTextFile(file: string, kind: FileKind): string {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    const status = fstatSync(descriptor)
    if (status.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' })
    if (!status.isFile() && !status.isFIFO()) throw new Error('not a regular file')
    if (status.size > longestTextBytes) throw new RivalryErrors([tooLarge(status.size, { kind, file })])
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(descriptor))
  } catch (cause) {
    throw cause instanceof RivalryErrors ? cause : new RivalryErrors([unreadable(cause, { kind, file })])
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/**
 * Refuses a text that is too long, or holds a NUL byte, which no text does.
 *
 * @throws RivalryErrors `scenario-too-large` or `study-too-large`, or `not-text`
 */
export function refuseUnreadable(text: string, { kind, file }: { kind: FileKind; file: string }): void {
  const bytes = new TextEncoder().encode(text).length
  if (bytes > longestTextBytes) throw new RivalryErrors([tooLarge(bytes, { kind, file })])
  const nul = text.indexOf('\0')
  if (nul < 0) return
  const line = text.slice(0, nul).split('\n').length
  const column = nul - text.lastIndexOf('\n', nul)
  throw new RivalryErrors([notText(`${file}:${line}:${column}`, kind)])
}

function tooLarge(bytes: number, { kind, file }: { kind: FileKind; file: string }): RivalryError {
  const message = `the ${kind} has ${bytes} bytes, more than the ${longestTextBytes} that are read`
  const hint = 'is it the right file?'
  return new RivalryError(message, { code: `${kind}-too-large`, path: `${file}:1:1`, hint })
}

function notText(path: string, kind: FileKind): RivalryError {
  const hint = `a ${kind} is YAML, saved as UTF-8`
  return new RivalryError(`the ${kind} is not UTF-8 text`, { code: 'not-text', path, hint })
}

function unreadable(cause: unknown, { kind, file: path }: { kind: FileKind; file: string }): RivalryError {
  if (cause instanceof TypeError) return notText(path, kind)
  const system = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (system === 'ENOENT' || system === 'ENOTDIR') {
    const hint = `give the path of a YAML file, or the name of a packaged ${kind}`
    return new RivalryError(`there is no file '${path}'`, { code: `${kind}-not-found`, path, hint, cause })
  }
  if (system === 'EISDIR') {
    const hint = 'name the YAML file in it'
    return new RivalryError(`'${path}' is a directory`, { code: `${kind}-is-directory`, path, hint, cause })
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  const hint = 'can you open it yourself?'
  return new RivalryError(`cannot read '${path}': ${reason}`, {
    code: `${kind}-unreadable`,
    path,
    hint,
    cause,
  })
}
