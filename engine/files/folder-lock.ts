/**
 * The lock of a result folder: a file that says who writes there. Process numbers alone tell nobody apart, since
 * containers that share a folder have equal ones; each lock has a random id, and a process is only taken for dead
 * where it could be seen if it lived.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readFileSync, readlinkSync, rmSync, statSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { RivalryError } from '../errors.ts'
import { errorCode, fileError } from './file-error.ts'

/** Name of the lock in its folder. */
export const LOCK_NAME = '.rivalry-lock'

/** Who holds a lock, as the file says. */
interface Holder {
  /** Sixteen hexadecimal digits, different for each lock that was ever held; empty where the file says nothing. */
  readonly id: string
  readonly pid: number
  readonly host: string
  /** Where process numbers mean the same: boot of the machine and namespace; empty where that is not known. */
  readonly space: string
  /** When the process started, in ticks since the boot; empty where that is not known. */
  readonly start: string
}

/** Age from which a lock that says nothing was left by a process that died before it could write. */
const SILENT_SECONDS = 10

/** A folder held for one run, until `release`. */
export class FolderLock {
  readonly id = randomBytes(8).toString('hex')
  readonly #path: string

  /**
   * Takes the lock of a folder that exists, also that of a process which is gone.
   *
   * @throws RivalryError `folder-in-use`, `output-not-writable` or `disk-full`.
   */
  constructor(folder: string) {
    this.#path = join(folder, LOCK_NAME)
    acquire(this.#path, { ...thisProcess(), id: this.id }, folder)
  }

  /** Lets others write to the folder. Does nothing where the lock is not this one's any more. */
  release(): void {
    if (holderOf(this.#path)?.id === this.id) rmSync(this.#path, { force: true })
  }
}

function acquire(path: string, own: Holder, folder: string): void {
  // A lock that is given up again and again just as it is looked at: each time somebody else was faster.
  for (let tries = 0; tries < 100; tries++) {
    if (create(path, own)) return
    const holder = holderOf(path)
    if (holder === undefined) continue
    if (!isGone(holder, path)) throw inUse(holder, path, folder)
    removeStale(path, holder, own, folder)
  }
  throw inUse(undefined, path, folder)
}

/** Whether the lock was made; false where there is one. */
function create(path: string, own: Holder): boolean {
  let descriptor: number
  try {
    descriptor = openSync(path, 'wx')
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false
    throw fileError(cause, path)
  }
  try {
    writeSync(descriptor, `${JSON.stringify(own)}\n`)
  } catch (cause) {
    rmSync(path, { force: true })
    throw fileError(cause, path)
  } finally {
    closeSync(descriptor)
  }
  return true
}

/**
 * Removes the lock of a process that is gone. Several may find it at once: only who holds a second lock removes the
 * first, and only after seeing that it still is the same one.
 */
function removeStale(path: string, stale: Holder, own: Holder, folder: string): void {
  const guard = `${path}.takeover`
  acquire(guard, own, folder)
  try {
    if (holderOf(path)?.id === stale.id) rmSync(path, { force: true })
  } finally {
    rmSync(guard, { force: true })
  }
}

/** Who holds a lock; `undefined` where there is none. */
function holderOf(path: string): Holder | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw fileError(cause, path)
  }
  const silent = { id: '', pid: 0, host: '', space: '', start: '' }
  try {
    return { ...silent, ...(JSON.parse(text) as Partial<Holder>) }
  } catch {
    return silent
  }
}

/** Whether the process that made a lock is known to have ended. */
function isGone({ id, pid, host, space, start }: Holder, path: string): boolean {
  if (id === '') {
    const status = statSync(path, { throwIfNoEntry: false })
    return status === undefined || Date.now() - status.mtimeMs > SILENT_SECONDS * 1000
  }
  const own = thisProcess()
  if (host !== own.host || space !== own.space) return false
  try {
    process.kill(pid, 0)
  } catch (cause) {
    return errorCode(cause) === 'ESRCH'
  }
  // Somebody has that number: another process, if it started at another time.
  return start !== startOf(pid)
}

function thisProcess(): Omit<Holder, 'id'> {
  const space = [
    quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    quietly(() => readlinkSync('/proc/self/ns/pid')),
  ].join(' ')
  return { pid: process.pid, host: hostname(), space: space.trim(), start: startOf(process.pid) }
}

/** The 22nd field of `/proc/PID/stat`: the second is a name in brackets, which may hold blanks and brackets. */
function startOf(pid: number): string {
  return quietly(() => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  })
}

/** What `read` gives, or nothing where the system has no such thing. */
function quietly(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

function inUse(holder: Holder | undefined, path: string, folder: string): RivalryError {
  const who = holder === undefined || holder.id === '' ? '' : `: process ${holder.pid} on ${holder.host}`
  return new RivalryError(`another run writes to the folder ${folder}${who}`, {
    code: 'folder-in-use',
    path,
    hint: 'name another folder or wait for its end; if no such run exists any more, remove this file',
  })
}
