/**
 * The connection to a queue, a Redis server: found at the start or an error says why not, found again by itself later.
 * Loads its client when it is needed: nothing else of a study does.
 */
import type { Redis } from 'ioredis'
import { RivalryError } from '../../errors.ts'
import { shown } from '../../run/options.ts'

/** A queue that was reached. */
export interface QueueConnection {
  readonly client: Redis
  /** Why the queue cannot be reached at the moment; `undefined` while it can. */
  readonly trouble: string | undefined
  /** Ends this connection and all copies of it at once; what waits for an answer fails. */
  close(): void
}

/** How long a queue is looked for at the start, in milliseconds. */
const SEARCH_MS = 6000
/** Between two tries to find it again. */
const MOST_PAUSE_MS = 1000
/** Oldest Redis whose commands BullMQ uses. */
const OLDEST: readonly [number, number] = [6, 2]

/**
 * Connects to a queue.
 *
 * @throws RivalryError `invalid-option` for what is no address; `queue-not-reachable` after some seconds, or at once where
 *   it refuses the password; `queue-too-old`; the signal's reason
 */
export async function connectToQueue(
  address: string,
  { searchMs = SEARCH_MS, signal }: { searchMs?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<QueueConnection> {
  const name = shownAddress(address)
  const { Redis } = await import('ioredis')
  signal?.throwIfAborted()
  const clients = new Set<Redis>()
  let trouble: string | undefined
  const track = (client: Redis): Redis => {
    clients.add(client)
    const duplicate = client.duplicate.bind(client)
    client.duplicate = (override) => track(duplicate(override))
    // Without a listener the client prints its errors.
    client.on('error', (error) => (trouble = reasonOf(error)))
    client.on('ready', () => (trouble = undefined))
    return client
  }
  const client = track(
    new Redis(address, {
      // BullMQ asks for it: commands wait until the queue is there again.
      maxRetriesPerRequest: null,
      retryStrategy: (tries) => Math.min(100 * tries, MOST_PAUSE_MS),
      connectTimeout: searchMs,
      // A server that is asked to wait does not see that nobody listens any more.
      disconnectTimeout: 100,
      lazyConnect: true,
    }),
  )
  const close = (): void => {
    for (const one of clients) one.disconnect()
  }
  try {
    await ready(client, { searchMs, signal })
    await checkVersion(client, name)
  } catch (error) {
    close()
    signal?.throwIfAborted()
    if (error instanceof RivalryError) throw error
    const why = trouble ?? reasonOf(error)
    throw new RivalryError(`the queue at ${name} cannot be reached: ${why}`, {
      code: 'queue-not-reachable',
      hint: REFUSED.test(why)
        ? 'the server wants another user or password: redis://:password@host:6379'
        : 'start a Redis server there (redis-server --appendonly yes), or correct the address',
      cause: error,
    })
  }
  return {
    client,
    get trouble() {
      return client.status === 'ready' ? undefined : (trouble ?? 'the connection was lost')
    },
    close,
  }
}

/** What a server says that does not know us. */
const REFUSED = /NOAUTH|WRONGPASS|NOPERM|invalid password|without any password/i

/** An address as it may be shown: without user and password. @throws RivalryError `invalid-option` */
export function shownAddress(address: string): string {
  if (!URL.canParse(address) || !/^rediss?:\/\/[^/]/.test(address)) {
    // It may hold a password even so.
    const what = address.includes('@') ? 'no address' : shown(address)
    throw new RivalryError(`queue is ${what}, not the address of a Redis server`, {
      code: 'invalid-option',
      path: 'queue',
      hint: 'write it as redis://host:6379, or redis://:password@host:6379',
    })
  }
  const { protocol, host, pathname } = new URL(address)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}

/** Waits until a client can be used; some errors do not go away by waiting. */
function ready(
  client: Redis,
  { searchMs, signal }: { searchMs: number; signal?: AbortSignal | undefined },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(new Error(`no answer for ${searchMs / 1000} s`)), searchMs)
    const settle = (error?: unknown): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', settle)
      client.off('ready', onReady)
      client.off('error', onError)
      if (error === undefined) resolve()
      else reject(error instanceof Error ? error : new Error('the search was ended'))
    }
    const onReady = (): void => settle()
    const onError = (error: Error): void => {
      if (REFUSED.test(error.message)) settle(error)
    }
    client.on('ready', onReady)
    client.on('error', onError)
    signal?.addEventListener('abort', settle)
    // Its own errors are those of the events, one for each try.
    client.connect().catch(() => undefined)
  })
}

async function checkVersion(client: Redis, name: string): Promise<void> {
  const [, version] = /^redis_version:(\S+)/m.exec(await client.info('server')) ?? []
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  const [oldMajor, oldMinor] = OLDEST
  if (version === undefined || major > oldMajor || (major === oldMajor && minor >= oldMinor)) return
  throw new RivalryError(`the queue at ${name} is Redis ${version}, older than ${OLDEST.join('.')}`, {
    code: 'queue-too-old',
    hint: `use Redis ${OLDEST.join('.')} or newer`,
  })
}

/** Why it failed; several tries at the addresses of one name come without a message of their own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  const { message, code } = error as NodeJS.ErrnoException
  return message || code || 'unknown'
}
