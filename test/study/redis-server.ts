/** A real Redis server for a test, on a free port, with its files in a temporary folder. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** Why there is no server for tests; `undefined` where there is one. */
export const noRedis: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'redis-server is not installed (apt-get install redis-server)'

/** A server that can be killed and started again. */
export class RedisServer {
  readonly port: number
  readonly address: string
  readonly client: Redis
  readonly #folder: string
  #process: ChildProcess

  private constructor(port: number, folder: string, process: ChildProcess) {
    this.port = port
    this.address = `redis://127.0.0.1:${port}`
    this.#folder = folder
    this.#process = process
    this.client = new Redis(this.address, { retryStrategy: () => 50, maxRetriesPerRequest: null })
    this.client.on('error', () => undefined)
  }

  /** Starts a server. */
  static async start(): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'rivalry-redis-'))
    const port = await freePort()
    return new RedisServer(port, folder, await launched(port, folder))
  }

  /** Ends it like a machine that fails. */
  async kill(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await ended
  }

  /** Starts it again, with what its append-only file holds. */
  async restart(): Promise<void> {
    this.#process = await launched(this.port, this.#folder)
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.client.disconnect()
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function launched(port: number, folder: string): Promise<ChildProcess> {
  const options = { port, dir: folder, bind: '127.0.0.1', appendonly: 'yes', save: '' }
  const server = spawn(
    'redis-server',
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: 'ignore' },
  )
  for (let tries = 0; tries < 200; tries++) {
    if (await answers(port)) return server
    await delay(50)
  }
  server.kill('SIGKILL')
  throw new Error(`redis-server did not start on port ${port}`)
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve(false))
    socket.on('data', (text) => {
      socket.destroy()
      // Not while it reads its file.
      resolve(String(text).startsWith('+PONG'))
    })
    socket.write('PING\r\n')
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
