/** What goes wrong with files, in the words of the user. */
import { RivalryError } from '../errors.ts'

/**
 * The error to show for a failed file operation: `disk-full`, `output-not-writable`, or `output-failed` for what
 * is neither.
 */
export function fileError(cause: unknown, path: string): RivalryError {
  const code = errorCode(cause)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new RivalryError(`no space left on the disk for ${path}`, {
      code: 'disk-full',
      path,
      hint: 'free some space, or name a folder on another disk, and run it again',
      cause,
    })
  }
  if (NOT_WRITABLE.has(code)) {
    return new RivalryError(`cannot write ${path}: ${reason(cause)}`, {
      code: 'output-not-writable',
      path,
      hint: 'name a folder that exists or can be made, and that you may write to',
      cause,
    })
  }
  return new RivalryError(`writing ${path} failed: ${reason(cause)}`, { code: 'output-failed', path, cause })
}

const NOT_WRITABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'ENAMETOOLONG',
])

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'a folder of that name is in the way',
  ENAMETOOLONG: 'the name is too long',
}

/** Why a file operation failed. */
export function reason(cause: unknown): string {
  return REASONS[errorCode(cause)] ?? (cause instanceof Error ? cause.message : String(cause))
}

/** The system's name of an error, empty for what has none. */
export function errorCode(cause: unknown): string {
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? ''
}
